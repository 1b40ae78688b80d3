"""Messages in a page: one sentence, read out by screen readers, that stays until it is resolved."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from apps.shared.compute.requests import RequestCancelledError
from apps.shared.paths import without_paths
from apps.shared.static_files import Html, markup, static

if TYPE_CHECKING:
    from core.out_of_distribution import OutOfDistributionResult

__all__ = ["CSS", "NotYetError", "empty", "error", "failure", "information", "unlike_training",
           "warning"]

CSS = static("page/notes.css")


def error(sentence: str) -> Html:
    """What is wrong and what would be right."""
    if not isinstance(sentence, Html):
        sentence = without_paths(sentence)
    return _note("error", "alert", sentence)


class NotYetError(ValueError):
    """What is asked for is on its way: a sentence that says so, and no fault of anybody."""


def failure(error_: BaseException, otherwise: str, log: logging.Logger) -> Html:
    """What to say of an error: a ValueError is made of one sentence, anything else is not for here.

    Of a request that was called off there is nothing to say, nor anybody to read it.

    Args:
        error_: that was caught.
        otherwise: said of an unexpected one, which goes to the server log.
        log: of the page.
    """
    if isinstance(error_, NotYetError):
        return information(str(error_))
    if isinstance(error_, ValueError):
        return error(str(error_))
    if isinstance(error_, RequestCancelledError):
        return Html()
    log.error("%s", otherwise, exc_info=error_)
    return error(otherwise)


def warning(sentence: str) -> Html:
    """What to be careful about."""
    return _note("warning", "alert", sentence)


def information(sentence: str) -> Html:
    """What is good to know."""
    return _note("information", "status", sentence)


def unlike_training(result: OutOfDistributionResult, what: str, answer: str = "result") -> Html:
    """A warning that an answer means little, or nothing if what was read is like the training data.

    Args:
        result: of the check.
        what: was read, such as "map".
        answer: what stands below.
    """
    if not result.unlike_training:
        return Html()
    return warning(
        f"This {what} is unlike the training data, so the {answer} below is not reliable: "
        + result.reason
    )


def empty(sentence: str) -> Html:
    """What will stand here, and how to get it."""
    return markup('<div class="cd-empty">$sentence</div>', sentence=sentence)


def _note(kind: str, role: str, sentence: str) -> Html:
    return markup('<div class="cd-note cd-$kind" role="$role">$sentence</div>',
                  kind=kind, role=role, sentence=sentence)
