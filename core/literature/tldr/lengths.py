"""Sentences that are too long for a TL;DR, cut where that changes nothing they claim.

A cut falls between clauses, outside formulas and brackets. What is left off at the end holds no
condition, negation or limit; what is left off at the front only says by what means ("Using ...,
we find"). Only where no such cut exists and the sentence is beyond all measure, it is cut at the
last clause that fits.

Example:
    >>> text = "Using maps of the sky and of the ground, we find that the amplitude is low."
    >>> a, b = shortened(text, (0, len(text)), most=10)
    >>> text[a:b]
    'we find that the amplitude is low.'
"""

from __future__ import annotations

import re
from itertools import islice

from core.literature.tldr.spans import is_closed, may_end, may_start

__all__ = ["HARD", "MOST", "shortened", "words_in"]

MOST = 45
"""Words of a TL;DR, at most, where a cut allows it."""

HARD = 60
"""Words that a TL;DR never exceeds."""

_FEWEST = 6
_LONGEST = 2000  # characters; what is longer is no sentence
_MOST_STARTS, _MOST_ENDS = 4, 40
_MEANS = re.compile(
    r"^(?:By|Using|With|From|Combining|Based on|Through|Via|Employing|Applying|Analy[sz]ing|"
    r"Fitting|"
    r"Comparing|Exploiting|In order to|To|Here|Building on|Making use of|Utili[sz]ing|Adopting|"
    r"Leveraging|Thanks to|Drawing on|Following|Having|As part of|Motivated by|Inspired by)\b"
    r"(?:[^.;]|\.(?=\d)){8,900}?, (?=(?:we|I|our) )"
)
_RESULT = re.compile(
    r"(?:, (?:and|where|from which|with which)|;|:| and) (?=we (?:\w+ ){0,2}(?:find|found|show|"
    r"conclude|"
    r"obtain|measure|detect|report|demonstrate|infer|constrain|confirm|rule out)\b)"
)
_CLAUSE = re.compile(
    r"(?:, (?:which|where|whose|and|with|in|as|thereby|thus|hence|leading|resulting|making|"
    r"allowing|"
    r"enabling|providing|yielding|showing|demonstrating|suggesting|indicating|implying|using|such "
    r"as|"
    r"including|e\.g\.|i\.e\.|for|by|from|so|corresponding|consistent|compared|a|an|the|obtained|"
    r"respectively)\b|;|:| –|--- | \()",
)
_CONDITION = re.compile(
    r"\b(?:if|unless|only|assum\w+|without|except|provided|forecast\w*|mocks?|simulat\w+|not?)\b"
)
_LAST_RESORT = re.compile(r"[,;:](?= )")


def words_in(text: str) -> int:
    """Words as spaces part them."""
    return len(text.split())


def shortened(sentence: str, span: tuple[int, int], most: int = MOST) -> tuple[int, int]:
    """A part of a span of at most so many words, as much of it as can stay.

    Args:
        sentence: that the span is of.
        span: start and end of what would be shown.
        most: words wanted; up to ``HARD`` stay where only an unsafe cut would help.

    Returns:
        Start and end; the span itself if it is short enough.
    """
    start, end = span
    if words_in(sentence[start:end]) <= most:
        return span
    if end - start > _LONGEST:
        return _forced(sentence, start, end)
    cuts = [
        (a, b) for a in _starts(sentence, start, end) for b in _ends(sentence, a, end)
        if words_in(sentence[a:b]) >= _FEWEST and is_closed(sentence[a:b])
    ]  # fmt: skip
    fitting = [cut for cut in cuts if words_in(sentence[slice(*cut)]) <= most]
    if fitting:
        return max(fitting, key=lambda cut: (words_in(sentence[slice(*cut)]), -cut[0]))
    shortest = min([*cuts, span], key=lambda cut: words_in(sentence[slice(*cut)]))
    if words_in(sentence[slice(*shortest)]) <= HARD:
        return shortest
    return _without_means(sentence, span) or _forced(sentence, *shortest)


def _starts(sentence: str, start: int, end: int) -> list[int]:
    text = sentence[start:end]
    found = [match.end() for pattern in (_MEANS, _RESULT) for match in pattern.finditer(text)]
    return [start, *(start + at for at in found[:_MOST_STARTS] if may_start(text[:at]))]


def _ends(sentence: str, start: int, end: int) -> list[int]:
    found = [start + match.start() for match in _CLAUSE.finditer(sentence[start:end])]
    return [end, *(at for at in found[:_MOST_ENDS] if may_end(sentence[:end], at))]


def _without_means(sentence: str, span: tuple[int, int]) -> tuple[int, int] | None:
    """From "we find" to the end, whatever the method in front is, unless that is a condition."""
    start, end = span
    means = _MEANS.match(sentence[start:end])
    if means is None or _CONDITION.search(means[0]):
        return None
    rest = sentence[start + means.end() : end]
    if words_in(rest) > HARD or not is_closed(rest):
        return None
    return start + means.end(), end


def _forced(sentence: str, start: int, end: int) -> tuple[int, int]:
    """The longest part from the front that is not too long; at a clause if there is one."""
    words = list(islice(re.finditer(r"\S+", sentence[start:end]), HARD))
    limit = start + words[-1].end() if words else end
    ends = [start + m.start() for m in _LAST_RESORT.finditer(sentence[start:limit])]
    good = [at for at in ends if is_closed(sentence[start:at])
            and words_in(sentence[start:at]) >= _FEWEST]
    return start, good[-1] if good else limit
