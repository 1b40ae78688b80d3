"""What is shown for a sentence: it alone, or with the neighbour without which it would mislead.

A claim that the next sentence takes back goes with that sentence; one that begins with "This" goes
with the sentence it points to. Where both are too long together the sentence stands alone, and is
chosen only if nothing better is there. Each sentence gets a correction of its score for that, for
what it announces (a conclusion) and for what it is not (a result).

Example:
    >>> parts = ("We detect a dipole at high significance.", "However, it vanishes with a mask.")
    >>> unit(parts, 0, (0, 40)).text
    'We detect a dipole at high significance. However, it vanishes with a mask.'
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.literature.tldr.claims import is_check, is_nuisance, is_warning, shares_quantity
from core.literature.tldr.lengths import HARD, shortened, words_in
from core.literature.tldr.links import (
    dangles,
    hangs_loosely,
    is_aside,
    is_background,
    is_deed,
    is_motive,
    is_question,
    reverses,
    takes_back,
    weight_of_conclusion,
)

__all__ = ["RULES", "Unit", "corrections", "unit"]

RULES = "3"
"""Changes with the rules, so that sentences chosen by older ones are chosen anew."""

_OF_CONCLUSION = (0.0, 0.8, 5.0)
_OF_QUESTION = -6.0
_OF_MOTIVE = -2.5
_OF_ASIDE = -1.5
_OF_DEED = -1.2
_OF_WITHDRAWAL = 2.0
_OF_HALF = -2.5
_OF_LOOSE_HALF = -1.0
_OF_PAIR = -0.5
_OF_LENGTH = -1.0
_OF_TITLE = 1.5
_OF_QUANTITY = 1.5
_OF_NUISANCE = -1.5
_OF_CHECK = -4.0
_OF_WARNING = 2.5
_OF_BACKGROUND = -2.0


@dataclass(frozen=True)
class Unit:
    """What is shown for a sentence.

    Attributes:
        text: contiguous in the abstract.
        first, last: indexes of the sentences that it is of.
        whole: it needs no neighbour that it lacks.
    """

    text: str
    first: int
    last: int
    whole: bool = True


def unit(sentences: Sequence[str], place: int, span: tuple[int, int]) -> Unit:
    """What to show for a sentence.

    Args:
        sentences: of the abstract.
        place: index of the sentence.
        span: start and end of the piece of it that the ranker likes best.
    """
    following = place + 1 < len(sentences) and reverses(sentences[place + 1])
    if following and (pair := _pair(sentences, place)):
        return Unit(pair, place, place + 1)
    hangs = place > 0 and dangles(sentences[place])
    if hangs and not following and (pair := _pair(sentences, place - 1)):
        return Unit(pair, place - 1, place, place < 2 or not dangles(sentences[place - 1]))
    lacks = following or hangs
    start, end = shortened(sentences[place], span)
    return Unit(sentences[place][start:end], place, place, not lacks)


def _pair(sentences: Sequence[str], first: int) -> str:
    """Two sentences in a row, of which only the front and the end may be cut; "" if too long."""
    one, other = sentences[first], sentences[first + 1]
    room = HARD - words_in(other)
    if words_in(one) > room:
        start, end = shortened(one, (0, len(one)), max(room, 1))
        one = one[start:] if end == len(one) else one
    if words_in(one) + words_in(other) > HARD:
        start, end = shortened(other, (0, len(other)), max(HARD - words_in(one), 1))
        other = other[:end] if start == 0 else other
    pair = f"{one} {other}"
    return pair if words_in(pair) <= HARD else ""


def corrections(
    sentences: Sequence[str], units: Sequence[Unit], sky: bool, title: str = "",
    overlaps: Sequence[float] = (),
) -> list[float]:  # fmt: skip
    """What to add to the score of each sentence.

    Args:
        sentences: of the abstract.
        units: what would be shown for each.
        sky: the abstract is about astronomy, where a reader wants what was found.
        title: of the paper, whose claim a sentence should bear out.
        overlaps: share of the title's words in each sentence; none without a title.
    """
    found = [_correction(text, shown, sentences, sky)
             for text, shown in zip(sentences, units, strict=True)]
    if not sky:
        return found
    shares = [0.0, *overlaps[1:]] if overlaps else [0.0] * len(found)  # the first sets the scene
    return [added + _of_claim(text, title) + _OF_TITLE * share
            for added, text, share in zip(found, sentences, shares, strict=True)]


def _is_reversed(shown: Unit, sentences: Sequence[str]) -> bool:
    """Whether the next sentence, which is not shown, takes it back."""
    return shown.last + 1 < len(sentences) and reverses(sentences[shown.last + 1])


def _of_claim(text: str, title: str) -> float:
    """What a sentence gains by what it has to do with the claim of its paper."""
    check = is_check(text)
    added = _OF_CHECK * check + _OF_WARNING * is_warning(text)
    added += _OF_NUISANCE * is_nuisance(text, title) + _OF_BACKGROUND * is_background(text)
    return added + _OF_QUANTITY * (not check and shares_quantity(title, text))


def _correction(text: str, shown: Unit, sentences: Sequence[str], sky: bool) -> float:
    loose = shown.first == shown.last and hangs_loosely(text) and not _is_reversed(shown, sentences)
    added = 0.0 if shown.whole else _OF_LOOSE_HALF if loose else _OF_HALF
    added += _OF_QUESTION * is_question(text)
    if not sky:
        return added
    said = sentences[shown.first : shown.last + 1]
    added += _OF_CONCLUSION[int(max(map(weight_of_conclusion, said)))]
    added += _OF_MOTIVE * is_motive(text) + _OF_ASIDE * is_aside(text)
    added += _OF_DEED * all(map(is_deed, said)) + _OF_WITHDRAWAL * any(map(takes_back, said))
    added += _OF_PAIR * (len(said) > 1 and not (hangs_loosely(text) and dangles(text)))
    return added + _OF_LENGTH * max(0, words_in(shown.text) - 45) / 15
