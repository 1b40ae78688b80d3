"""Messages in a page: one sentence, read out by screen readers, that stays until it is resolved."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.out_of_distribution import OutOfDistributionResult

__all__ = ["CSS", "empty", "error", "information", "unlike_training", "warning"]

CSS = """
.cd-note { border-left: 4px solid; border-radius: 4px; padding: 0.6em 0.9em; margin: 0.2em 0;
  line-height: 1.45; color: var(--body-text-color); overflow-wrap: anywhere; }
.cd-error { border-color: #dc2626; background: color-mix(in srgb, #dc2626 12%, transparent); }
.cd-warning { border-color: #d97706; background: color-mix(in srgb, #d97706 14%, transparent); }
.cd-information { border-color: #2563eb; background: color-mix(in srgb, #2563eb 10%, transparent); }
.cd-empty { border: 1px dashed var(--border-color-primary); border-radius: 8px; padding: 2.2em 1em;
  text-align: center; color: var(--body-text-color-subdued); line-height: 1.5; }
/* Gradio's own messages draw what they quote, such as the name of a file, as HTML */
[data-testid=toast-text] :is(img, picture, video, audio, svg, form, input, button, iframe, style) {
  display: none !important; }
[data-testid=toast-text] * { position: static !important; transform: none !important;
  background: none !important; font-size: inherit !important; margin: 0 !important;
  padding: 0 !important; color: inherit !important; pointer-events: none !important; }
"""


def error(sentence: str) -> str:
    """What is wrong and what would be right."""
    return _note("error", "alert", sentence)


def warning(sentence: str) -> str:
    """What to be careful about."""
    return _note("warning", "alert", sentence)


def information(sentence: str) -> str:
    """What is good to know."""
    return _note("information", "status", sentence)


def unlike_training(result: OutOfDistributionResult, what: str, answer: str = "result") -> str:
    """A warning that an answer means little, or nothing if what was read is like the training data.

    Args:
        result: of the check.
        what: was read, such as "map".
        answer: what stands below.
    """
    if not result.unlike_training:
        return ""
    return warning(
        f"This {what} is unlike the training data, so the {answer} below means nothing certain: "
        + result.reason
    )


def empty(sentence: str) -> str:
    """What will stand here, and how to get it."""
    return f'<div class="cd-empty">{html.escape(sentence)}</div>'


def _note(kind: str, role: str, sentence: str) -> str:
    return f'<div class="cd-note cd-{kind}" role="{role}">{html.escape(sentence)}</div>'
