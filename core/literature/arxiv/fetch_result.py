"""How asking arXiv for a day's papers ended, in one word and in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from core.literature.arxiv.announcement import Batch
from core.literature.arxiv.calendar import (
    in_words,
    is_holiday,
    is_weekend,
    last_announcement_day,
    next_announcement_day,
)

__all__ = ["FeedAnswer", "State", "TroubleError", "judged", "no_papers", "trouble"]

State = Literal[
    "fresh", "weekend", "holiday", "empty", "stale", "offline", "timeout", "bad category",
    "refused", "busy", "server error", "truncated", "not a feed",
]
"""The first five are answers of a healthy arXiv; the others bring nothing."""

_TROUBLES: dict[State, str] = {
    "offline": "arXiv cannot be reached; look whether this computer is online.",
    "timeout": "arXiv did not answer in time; try again in a few minutes.",
    "bad category": "arXiv does not know {} as a category; one is astro-ph.CO.",
    "refused": "arXiv refused to give the papers of {}; try again later.",
    "busy": "arXiv asks for a pause; try again in {}.",
    "server error": "arXiv has a fault of its own at the moment; try again later.",
    "truncated": "arXiv's list of papers arrived damaged, so none of it is shown; try again.",
    "not a feed": "arXiv answered with something that is no list of papers, as it does in "
    "maintenance; try again later.",
}


@dataclass(frozen=True)
class FeedAnswer:
    """What came of asking arXiv.

    Attributes:
        state: in one word.
        sentence: the same for a person.
        batch: the papers; only if the state is "fresh" or "stale".
    """

    state: State
    sentence: str
    batch: Batch | None = None


class TroubleError(Exception):
    """arXiv gave no papers.

    Attributes:
        state: why, one of the states after the fifth.
        seconds: of the pause that it asks for; 0 if it did not say.
    """

    def __init__(self, state: State, seconds: float = 0.0) -> None:
        super().__init__(_TROUBLES[state])
        self.state: State = state
        self.seconds = seconds


def trouble(error: TroubleError, categories: Sequence[str]) -> FeedAnswer:
    """The answer where arXiv gave nothing."""
    about = _duration(error.seconds) if error.state == "busy" else ", ".join(categories)
    return FeedAnswer(error.state, _TROUBLES[error.state].format(about))


def _duration(seconds: float) -> str:
    if seconds >= 90:
        return f"{round(seconds / 60)} minutes"
    return "a minute" if seconds > 45 or seconds <= 0 else f"{max(round(seconds), 2)} seconds"


def no_papers(day: date, categories: Sequence[str]) -> FeedAnswer:
    """The answer for an empty day: a weekend, a holiday, or a quiet day."""
    following = f"the next papers come on {in_words(next_announcement_day(day))}."
    if is_weekend(day):
        return FeedAnswer("weekend", f"arXiv announces nothing at weekends; {following}")
    if is_holiday(day) or is_holiday(day - timedelta(days=1)):
        return FeedAnswer("holiday", f"arXiv keeps a holiday on {in_words(day)}; {following}")
    return FeedAnswer(
        "empty",
        f"arXiv announced nothing in {', '.join(categories)} on {in_words(day)}: a quiet day or "
        "a holiday.",
    )


def judged(batch: Batch, known: set[tuple[str, int]], today: date) -> FeedAnswer:
    """Whether a batch is today's; one that was there before, or is dated earlier, is stale.

    Args:
        batch: not empty.
        known: (arXiv id, version) of the batch of an earlier day.
        today: in arXiv's time zone.
    """
    ids = {(a.paper.id, a.version) for a in batch.announcements}
    again = ids <= known and 2 * len(ids) >= len(known)
    if again and (is_weekend(today) or is_holiday(today)):
        return no_papers(today, batch.categories)
    if again or batch.day < last_announcement_day(today):
        sentence = (
            f"arXiv's feed looks stale: these are not the papers of {in_words(today)} but those "
            "of an earlier day."
        )
        return FeedAnswer("stale", sentence, batch)
    return FeedAnswer("fresh", _counted(batch), batch)


def _counted(batch: Batch) -> str:
    kinds = [announcement.kind for announcement in batch.announcements]
    new, cross = kinds.count("new"), kinds.count("cross")
    parts = {"new": new, "cross-listed": cross, "replaced": len(kinds) - new - cross}
    counts = ", ".join(f"{count} {name}" for name, count in parts.items() if count)
    noun = "paper" if len(kinds) == 1 else "papers"
    return f"{len(kinds)} {noun} on {in_words(batch.day)}: {counts}."
