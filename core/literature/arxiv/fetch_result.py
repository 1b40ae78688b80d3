"""How asking arXiv for a day's papers ended, in one word and in one sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from core.literature.arxiv.announcement import Batch
from core.literature.arxiv.calendar import (
    in_words,
    is_holiday,
    is_weekend,
    next_announcement_day,
)

__all__ = [
    "FeedAnswer", "State", "TroubleError", "counted", "left_out", "no_papers", "trouble",
    "trouble_of_one",
]

State = Literal[
    "fresh", "weekend", "holiday", "empty", "stale", "partial", "offline", "timeout",
    "bad category", "refused", "busy", "server error", "truncated", "not a feed",
]
"""The first five are answers of a healthy arXiv; "partial" lacks a category or the end of the feed;
the others bring nothing."""

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
        batch: the papers; only if the state is "fresh", "stale" or "partial". Its categories are
            those of which all is here.
        by_category: the state of each category, where that is known.
        late: batches of earlier days that the feed still brings, as a stale category does.
        is_cut: whether the feed broke off, so that the batch lacks papers.
    """

    state: State
    sentence: str
    batch: Batch | None = None
    by_category: Mapping[str, State] = field(default_factory=dict)
    late: tuple[Batch, ...] = ()
    is_cut: bool = False


class TroubleError(Exception):
    """arXiv gave no papers.

    Attributes:
        state: why, one of the states after the sixth.
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


_OF_ONE: dict[State, str] = {
    "offline": "arXiv could not be reached for {}",
    "timeout": "arXiv did not answer in time for {}",
    "bad category": "arXiv does not know {} as a category",
    "busy": "arXiv asks for a pause before it gives {}",
    "server error": "arXiv has a fault of its own for {}",
    "stale": "the feed of {} looks stale, so its papers of an earlier day are left out",
    "empty": "arXiv announced nothing in {}",
}


def trouble_of_one(state: State, categories: Sequence[str]) -> str:
    """The same of some of several categories, as a part of a sentence."""
    names = " and ".join(filter(None, [", ".join(categories[:-1]), categories[-1]]))
    return _OF_ONE.get(state, "arXiv did not give the papers of {}").format(names)


def left_out(lost: Sequence[str]) -> str:
    """A sentence on entries that could not be read, by their arXiv ids; "" for none."""
    if not lost:
        return ""
    named = [id for id in dict.fromkeys(lost) if id][:5]
    rest = len(lost) - len(named)
    listed = [*named, *([f"{rest} more" if named else "it came without an id" if rest == 1 else
                         "they came without ids"] if rest else [])]
    noun = "entry" if len(lost) == 1 else "entries"
    return f"{len(lost)} {noun} could not be read: {', '.join(listed)}."


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


def counted(batch: Batch) -> str:
    kinds = [announcement.kind for announcement in batch.announcements]
    new, cross = kinds.count("new"), kinds.count("cross")
    parts = {"new": new, "cross-listed": cross, "replaced": len(kinds) - new - cross}
    counts = ", ".join(f"{count} {name}" for name, count in parts.items() if count)
    noun = "paper" if len(kinds) == 1 else "papers"
    return f"{len(kinds)} {noun} on {in_words(batch.day)}: {counts}."
