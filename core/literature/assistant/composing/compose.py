r"""An answer from what was found: the sentences that answer, in the library's own words.

Nothing is written here: every sentence is one of a passage. A definition opens with the sentence
that defines; a yes or no, where a stored question that points the same way has one, goes with its
reason; a comparison has a part for each side; an answer is as long as its kind needs.

Example:
    >>> answer = compose("How old is the Universe?", "value", retriever.search(question))
    >>> answer.text, [part.number for part in answer.parts]
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from core.literature.assistant.composing.plain import plainest, with_formulas
from core.literature.assistant.composing.selection import ROOM, among, closest, selected
from core.literature.assistant.composing.verdicts import Judging, Verdict, verdict_of
from core.literature.assistant.manner.asked import AS_USUAL, Manner
from core.literature.assistant.questions.follow_ups import Wants
from core.literature.assistant.questions.library_names import names_of
from core.literature.assistant.retrieval import Source
from core.literature.library.stored_questions import Kind
from core.literature.text.text import words

__all__ = ["Composed", "Part", "Side", "compose", "named_for_all", "told_besides"]

_SAME = 1.0
"""Least score of a stored comparison that makes the one asked for."""
_SIDE_ROOM = 80
_MORE_ROOM = 50
_PLAIN_MOST = 3
_MORE_WORDS = 180
_SECOND_ROOM = 60
_FACTS: tuple[Kind, ...] = ("value", "yes_no", "who_when")
_ALMOST = 0.75
"""Relevance of a second source from which it is read too, as a fraction of the first's."""


@dataclass(frozen=True)
class Side:
    """One side of a comparison.

    Attributes:
        name: as it was asked for.
        source: found for it.
    """

    name: str
    source: Source


@dataclass(frozen=True)
class Part:
    """Some sentences of one source.

    Attributes:
        number: of the source.
        sentences: their indices, in reading order.
        text: of them, joined.
        side: what of a comparison they are about, or "".
    """

    number: int
    sentences: tuple[int, ...]
    text: str
    side: str = ""


@dataclass(frozen=True)
class Composed:
    """An answer.

    Attributes:
        verdict: "yes", "no" or "".
        parts: in reading order.
    """

    verdict: Verdict
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The answer in plain words, with the verdict in front and the numbers of the sources."""
        between = "\n\n" if any(part.side for part in self.parts) else " "
        said = between.join(map(_said, self.parts))
        return f"{self.verdict.capitalize()}. {said}" if self.verdict else said


def _said(part: Part) -> str:
    text = f"{part.text} [{part.number}]"
    return f"**{part.side[:1].upper()}{part.side[1:]}**: {text}" if part.side else text


def compose(
    question: str, kind: Kind, sources: Sequence[Source], sides: Sequence[Side] = (), *,
    wants: Wants = "", judging: Judging | None = None, shown: str = "",
    manner: Manner = AS_USUAL,
) -> Composed:
    """An answer.

    Args:
        question: standing alone.
        kind: of it.
        sources: the best first; at least one.
        sides: of a comparison, each with its source.
        wants: "more" gives the whole passage and the beginning of the next, "simpler" few
            plain sentences.
        judging: what passages say to a yes/no question, where the stored ones do not tell.
        shown: the answer before, which "more" does not repeat.
        manner: in which it is wanted.
    """
    best = sources[0]
    if wants == "more":
        return Composed("", _more(sources, shown))
    if wants == "simpler" or manner.plain or manner.most:
        return _plainly(question, kind, sources, sides, judging,
                        manner or Manner(plain=True, most=_PLAIN_MOST))
    if manner.steps:
        return Composed("", (_quoted(best, tuple(range(len(best.sentences)))),))
    if manner.formulas:
        return Composed("", (_quoted(best, with_formulas(best, kind)),))
    if kind == "comparison" and len({side.source.number for side in sides}) > 1:
        both = _of_all_sides(sources, [side.name for side in sides])
        if both is None and not _compares(best):
            return Composed("", tuple(_part(one.source, "definition", _SIDE_ROOM, one.name)
                                      for one in sides))
        sources = sources if both is None else (
            both, *(source for source in sources if source.number != both.number))
    if kind == "yes_no":
        verdict, best = verdict_of(question, sources, judging)
        others = [source for source in sources if source.number != best.number]
        return Composed(verdict, _parts(kind, [best, *others]))
    return Composed("", _parts(kind, sources))


def _plainly(
    question: str, kind: Kind, sources: Sequence[Source], sides: Sequence[Side],
    judging: Judging | None, manner: Manner,
) -> Composed:
    """Few and plain sentences; of a comparison one of each side."""
    if kind == "comparison" and len({side.source.number for side in sides}) > 1:
        one = replace(manner, most=1)
        return Composed("", tuple(
            _quoted(*plainest([side.source], "definition", one), side.name) for side in sides))
    if kind == "yes_no":
        verdict, best = verdict_of(question, sources, judging)
        if verdict:
            return Composed(verdict, (_quoted(*plainest([best], kind, manner)),))
    return Composed("", (_quoted(*plainest(sources, kind, manner)),))


def _more(sources: Sequence[Source], shown: str) -> tuple[Part, ...]:
    """What the best sources say beyond what was shown; () where that is nothing."""
    parts: list[Part] = []
    room = _MORE_WORDS
    for source in sources:
        left = [place for place, text in enumerate(source.sentences) if text not in shown]
        taken = []
        for place in left:
            if room > 0:
                taken.append(place)
                room -= len(source.sentences[place].split())
        if taken:
            parts.append(_quoted(source, tuple(taken)))
    return tuple(parts)


def told_besides(source: Source, kind: Kind, told: Collection[int]) -> Part | None:
    """The sentences that answer another question, without those that were told; None if no one."""
    places = tuple(place for place in selected(source, kind, _SECOND_ROOM) if place not in told)
    return _quoted(source, places[:2]) if places else None


def _parts(kind: Kind, sources: Sequence[Source]) -> tuple[Part, ...]:
    """A fact is told by the sentences that hold it, of whichever source; a matter is told by the
    best source, and another adds to it."""
    if kind in _FACTS:
        return tuple(_quoted(source, places) for source, places in among(sources, kind, ROOM[kind]))
    parts = [_part(sources[0], kind, ROOM[kind])]
    parts += [_part(other, kind, _MORE_ROOM) for other in sources[1:2]
              if other.relevance >= _ALMOST * sources[0].relevance]
    return tuple(parts)


def _of_all_sides(sources: Sequence[Source], sides: Sequence[str]) -> Source | None:
    """The first source that is on all sides together: by its name, or, if there is none, by a
    stored comparison."""
    compared = ((source, [match.question.text for match in source.matches
                          if match.question.kind == "comparison"]) for source in sources)
    return named_for_all(sources, sides) or next(
        (source for source, texts in compared if _hold_all(texts, sides)), None)


def named_for_all(sources: Sequence[Source], sides: Sequence[str]) -> Source | None:
    """The first source whose title, or another name of it, names all sides of a comparison."""
    return next((source for source in sources if _hold_all(names_of(source.paper), sides)), None)


def _hold_all(texts: Sequence[str], sides: Sequence[str]) -> bool:
    wanted = [frozenset(words(side)) for side in sides]
    return any(all(side <= set(words(text)) for side in wanted) for text in texts)


def _compares(source: Source) -> bool:
    """Whether a stored comparison of the passage is much like what was asked."""
    near = closest(source.matches, "comparison")
    return bool(near) and near[0].question.kind == "comparison" and near[0].score >= _SAME


def _part(source: Source, kind: Kind, room: int, side: str = "") -> Part:
    return _quoted(source, selected(source, kind, room), side)


def _quoted(source: Source, places: tuple[int, ...], side: str = "") -> Part:
    return Part(source.number, places, " ".join(source.sentences[i] for i in places), side)
