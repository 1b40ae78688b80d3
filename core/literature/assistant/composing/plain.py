r"""How hard a sentence is to read, and the plainest ones that answer.

Effort counts formulas, symbols, digits, long words, abbreviations and length, in the manner of
readability scores (Flesch 1948), which know no formulas.

Example:
    >>> formulas(r"The age is $t_0 = \int_0^1 da/(aH)$, some 14 billion years.")
    1
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.literature.assistant.composing.selection import ROOM, gains_of, selected
from core.literature.assistant.manner.asked import Manner
from core.literature.assistant.retrieval import Source
from core.literature.library.stored_questions import Kind

__all__ = ["effort", "formulas", "plainest", "with_formulas"]

_TEX = re.compile(r"\$([^$]{1,500})\$")
_NUMBER = re.compile(
    r"(?:[\d.,+\-~<>()\s{}^%]|\\(?:pm|times|,|approx|simeq|sim|lesssim|gtrsim|%|circ|;|leq?|geq?)"
    r"|[zM]\s?(?=[=<>\\])|=|_\\odot|M_\\odot|\\odot)+")
_MEANS = re.compile(r"\b(?:means?|tells?|in words|in other words|amounts to)\b")
_LENGTH_UNIT = re.compile(r"\\?,?\s?h\^\{?-1\}?")
_FORMULA = re.compile(r"=|\^|\\(?:frac|int|sum|propto|langle|equiv|partial|dot|nabla|sqrt|ll|gg"
                      r"|simeq|ln|log)")
_LONG_WORD = re.compile(r"\b[A-Za-z]{12,}\b")
_ABBREVIATION = re.compile(r"\b[A-Z][A-Za-z]{0,4}[A-Z0-9]\w{0,5}\b")
_NEAR = 0.9
"""Relevance of a passage that may define plainer, as a fraction of the best one's."""
_PUT_PLAINLY = 0.5
"""Gain of a sentence that says what a formula means."""
_NEARER = 2.5
_WEIGHT = 0.22
"""Of the effort, against how well a sentence answers."""
_FACTS: tuple[Kind, ...] = ("value", "yes_no", "who_when")
_FORMULA_GAIN = 0.7
_HARD = 2.6
"""Effort of a sentence that nobody asked for in a plain answer."""


def formulas(sentence: str) -> int:
    """How many formulas a sentence has; a number with its error and a lone symbol are none."""
    return sum(1 for tex in _symbols(sentence) if _FORMULA.search(tex) or len(tex) > 16)


def _symbols(sentence: str) -> list[str]:
    """What of a sentence is in TeX and no number."""
    bare = (_LENGTH_UNIT.sub("", tex) for tex in _TEX.findall(sentence))
    return [tex for tex in bare if tex.strip() and not _NUMBER.fullmatch(tex)]


def effort(sentence: str) -> float:
    """How hard a sentence is to read, from 0; a plain one of 20 words has 1."""
    bare = _TEX.sub(" ", sentence)
    return (2.5 * formulas(sentence) + 0.5 * len(_symbols(sentence))
            + len(re.findall(r"\d", sentence)) / 8 + 0.4 * len(_LONG_WORD.findall(bare))
            + 0.3 * len(_ABBREVIATION.findall(bare)) + len(bare.split()) / 20)


def plainest(
    sources: Sequence[Source], kind: Kind, manner: Manner
) -> tuple[Source, tuple[int, ...]]:
    """The sentences of one source that answer, in few and plain words; what answers first comes
    first.

    Args:
        sources: the best first; at least one. Another than the best is taken if it is as near and
            plainer.
        kind: of the question.
        manner: how many sentences, and whether plain.
    """
    best = sources[0]
    if not manner.plain:
        return best, selected(best, kind, ROOM[kind])[: manner.most or 2]
    near = [source for source in sources if source.paper.is_primer == best.paper.is_primer
            and source.relevance >= _NEAR * best.relevance] if kind == "definition" else [best]
    worth = {
        (number, place): gains_of(source, kind)[place] - _WEIGHT * effort(source.sentences[place])
        + _NEARER * source.relevance / best.relevance
        for number, source in enumerate(near) for place in selected(source, kind, ROOM[kind])
    }
    if not worth:
        return best, ()
    opening = [at for at in worth if kind != "definition" or _defines(near[at[0]], at[1])]
    number, first = max(opening or worth, key=lambda at: worth[at] + (
        _PUT_PLAINLY if kind == "definition" and at[1] else 0.0))
    source = near[number]
    rest = [place for one, place in sorted(worth, key=lambda at: -worth[at])
            if one == number and place != first and _is_welcome(source.sentences[place])]
    most = (manner.most or 3) - 1 - (kind in _FACTS and manner.most != 1)
    return source, (first, *sorted(rest[:most]))


def _defines(source: Source, place: int) -> bool:
    """Whether a sentence says what the thing is: the first, or, where that has a formula, one
    without that says what it means."""
    text = source.sentences[place]
    return place == 0 or bool(
        formulas(source.sentences[0]) and not formulas(text) and _MEANS.search(text))


def _is_welcome(sentence: str) -> bool:
    return not formulas(sentence) and effort(sentence) <= _HARD


def with_formulas(source: Source, kind: Kind, most: int = 4) -> tuple[int, ...]:
    """The sentence that answers and those with formulas, in reading order."""
    gains = gains_of(source, kind)
    if not gains:
        return ()
    best = max(range(len(gains)), key=lambda i: gains[i])
    worth = [gain + _FORMULA_GAIN * min(formulas(text), 2)
             for gain, text in zip(gains, source.sentences, strict=True)]
    taken = sorted(range(len(worth)), key=lambda i: -worth[i])[: most - 1]
    return tuple(sorted({best, *taken}))
