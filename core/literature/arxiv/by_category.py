"""Which categories of a feed are today's, and which papers are.

A feed of several categories is one list, in which the papers of yesterday of one category stand
between today's of another, under today's date. So each category is compared with its own batch of
the day before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from core.literature.arxiv.announcement import Announcement, Batch
from core.literature.arxiv.calendar import (
    in_words,
    is_holiday,
    is_weekend,
    last_announcement_day,
)
from core.literature.arxiv.categories import is_in
from core.literature.arxiv.fetch_result import (
    FeedAnswer,
    State,
    counted,
    left_out,
    no_papers,
    trouble_of_one,
)

__all__ = ["Known", "judged", "listed_in"]

Known = Mapping[str, Collection[tuple[str, int]]] | Collection[tuple[str, int]]
"""(arXiv id, version) of the batch of an earlier day, by category or of all."""

_SELDOM_EMPTY = 5  # papers on the day before: a category with so many has seldom none


@dataclass(frozen=True)
class _Category:
    """What a feed has of a category; ``telling`` are its papers that are in no other one."""

    name: str
    own: tuple[Announcement, ...]
    telling: tuple[Announcement, ...]
    known: frozenset[tuple[str, int]]

    @property
    def was_there(self) -> bool:
        """Whether all of it was there on an earlier day, and most of that day is in it."""
        telling, own = _ids(self.telling), _ids(self.own)
        return bool(telling) and telling <= self.known and 2 * len(own & self.known) >= len(
            self.known)

    def state(self, day: date) -> State:
        """As on a day of announcements."""
        if not self.own:
            return "empty"
        late = all(item.day < day for item in self.telling)
        return "stale" if self.was_there or late else "fresh"


def judged(
    batch: Batch, known: Known, today: date, *, troubles: Mapping[str, State] | None = None,
    lost: Sequence[str] = (), is_cut: bool = False,
) -> FeedAnswer:
    """Which of a feed's papers are today's.

    Args:
        batch: not empty; each announcement has the day of its entry.
        known: of an earlier day; what comes again is stale.
        today: in arXiv's time zone.
        troubles: categories that arXiv did not give, and why.
        lost: ids of entries that could not be read.
        is_cut: whether the feed broke off.
    """
    troubles = dict(troubles or {})
    day = last_announcement_day(today)
    asked = [name for name in batch.categories if name not in troubles]
    split = [_category(name, batch.announcements, asked, known) for name in asked]
    states: dict[str, State] = {part.name: part.state(day) for part in split} | troubles
    if all(state in ("stale", "empty") for state in states.values()):
        return _none_fresh(batch, split, states, today)
    items = tuple(item for item in batch.announcements if _is_of_today(item, split, states, day))
    late = [part for part in split if not part.own and isinstance(known, Mapping)
            and len(part.known) >= _SELDOM_EMPTY]
    whole = tuple(n for n in asked if states[n] != "stale" and n not in [p.name for p in late])
    shown = max(day, batch.day)
    todays = replace(batch, day=shown, categories=whole,
                     announcements=tuple(replace(item, day=shown) for item in items))
    in_part = is_cut or bool(late) or any(s not in ("fresh", "empty") for s in states.values())
    return FeedAnswer(
        "partial" if in_part else "fresh", _sentence(todays, states, lost, is_cut), todays, states,
        tuple(_late(batch, split, states, day)), is_cut,
    )


def listed_in(item: Announcement, asked: Collection[str]) -> list[str]:
    """Those of the categories asked for that a paper is in, by themselves or by their archive."""
    return [name for name in asked if any(is_in(one, (name,)) for one in item.paper.categories)]


def _category(
    name: str, items: Iterable[Announcement], asked: Sequence[str], known: Known
) -> _Category:
    listed = [(item, listed_in(item, asked) or list(asked)) for item in items]
    own = tuple(item for item, names in listed if name in names)
    alone = tuple(item for item, names in listed if names == [name])
    earlier = known.get(name, ()) if isinstance(known, Mapping) else known
    return _Category(name, own, alone or own, frozenset(earlier))


def _ids(items: Iterable[Announcement]) -> set[tuple[str, int]]:
    return {(item.paper.id, item.version) for item in items}


def _is_of_today(
    item: Announcement, split: Sequence[_Category], states: Mapping[str, State], day: date
) -> bool:
    """Not one that a stale category brings again, even if a fresh one lists it too."""
    key = (item.paper.id, item.version)
    own = [part for part in split if item in part.own]
    if item.day < day or not any(states[part.name] == "fresh" for part in own):
        return False
    stale = any(states[part.name] == "stale" and key in part.known for part in own)
    again = all(key in part.known for part in own if states[part.name] == "fresh")
    return not (stale and again)


def _none_fresh(
    batch: Batch, split: Sequence[_Category], states: Mapping[str, State], today: date
) -> FeedAnswer:
    again = all(part.was_there for part in split if part.own)
    if again and (is_weekend(today) or is_holiday(today)):
        return no_papers(today, batch.categories)
    sentence = (
        f"arXiv's feed looks stale: these are not the papers of {in_words(today)} but those "
        "of an earlier day."
    )
    return FeedAnswer("stale", sentence, batch, states)


def _late(
    batch: Batch, split: Sequence[_Category], states: Mapping[str, State], day: date
) -> Iterable[Batch]:
    """What a stale category brings of a day before, if it says of which."""
    for part in split:
        days = {item.day for item in part.telling}
        if states[part.name] == "stale" and len(days) == 1 and max(days) < day:
            yield replace(batch, day=max(days), categories=(part.name,), announcements=part.own)


def _sentence(
    batch: Batch, states: Mapping[str, State], lost: Sequence[str], is_cut: bool
) -> str:
    """Counts, what each category lacks, and what could not be read."""
    by_state: dict[State, list[str]] = {}
    for name, state in states.items():
        by_state.setdefault(state, []).append(name)
    parts = [trouble_of_one(state, names) for state, names in by_state.items() if state != "fresh"]
    more = f" {_capital('; '.join(parts))}." if parts else ""
    cut = " The list broke off, so papers are missing; it is asked for again." if is_cut else ""
    return f"{counted(batch)}{more}{cut} {left_out(lost)}".strip()


def _capital(text: str) -> str:
    return text if text.startswith("arXiv") else text[0].upper() + text[1:]
