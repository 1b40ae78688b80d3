"""Messages in a page: one sentence, read out by screen readers, that stays until it is resolved."""

from __future__ import annotations

from apps.shared.static_files import Html, markup, static

__all__ = ["CSS", "empty", "error", "information", "warning"]

CSS = static("page/notes.css")


def error(sentence: str) -> Html:
    """What is wrong and what would be right."""
    return _note("error", "alert", sentence)


def warning(sentence: str) -> Html:
    """What to be careful about."""
    return _note("warning", "alert", sentence)


def information(sentence: str) -> Html:
    """What is good to know."""
    return _note("information", "status", sentence)


def empty(sentence: str) -> Html:
    """What will stand here, and how to get it."""
    return markup('<div class="cd-empty">$sentence</div>', sentence=sentence)


def _note(kind: str, role: str, sentence: str) -> Html:
    return markup('<div class="cd-note cd-$kind" role="$role">$sentence</div>',
                  kind=kind, role=role, sentence=sentence)
