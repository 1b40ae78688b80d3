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

from core.literature.tldr.spans import is_closed, may_end, may_start

__all__ = ["HARD", "MOST", "shortened", "words_in"]

MOST = 45
"""Words of a TL;DR, at most, where a cut allows it."""

HARD = 60
"""Words that a TL;DR never exceeds."""

_FEWEST = 6
_MEANS = re.compile(
    r"^(?:By|Using|With|From|Combining|Based on|Through|Via|Employing|Applying|Analy[sz]ing|Fitting|"
    r"Comparing|Exploiting|In order to|To|Here|Building on|Making use of|Utili[sz]ing|Adopting|"
    r"Leveraging|Thanks to|Drawing on|Following|Having|As part of|Motivated by|Inspired by)\b"
    r"[^.;]{8,600}?, (?=(?:we|I|our|the) )"
)
_RESULT = re.compile(
    r"(?:, (?:and|where|from which|with which)|;|:| and) (?=we (?:\w+ ){0,2}(?:find|found|show|conclude|"
    r"obtain|measure|detect|report|demonstrate|infer|constrain|confirm|rule out)\b)"
)
_CLAUSE = re.compile(
    r"(?:, (?:which|where|whose|and|with|in|as|thereby|thus|hence|leading|resulting|making|allowing|"
    r"enabling|providing|yielding|showing|demonstrating|suggesting|indicating|implying|using|such as|"
    r"including|e\.g\.|i\.e\.|for|by|from|so|corresponding|consistent|compared|a|an|the|obtained|"
    r"respectively)\b|;|:| –|--- | \()",
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
    cuts = [
        (a, b) for a in _starts(sentence, start, end) for b in _ends(sentence, a, end)
        if _FEWEST <= words_in(sentence[a:b]) and is_closed(sentence[a:b])
    ]  # fmt: skip
    fitting = [cut for cut in cuts if words_in(sentence[slice(*cut)]) <= most]
    if fitting:
        return max(fitting, key=lambda cut: (words_in(sentence[slice(*cut)]), -cut[0]))
    shortest = min([*cuts, span], key=lambda cut: words_in(sentence[slice(*cut)]))
    if words_in(sentence[slice(*shortest)]) <= HARD:
        return shortest
    return _forced(sentence, shortest[0], shortest[1])


def _starts(sentence: str, start: int, end: int) -> list[int]:
    text = sentence[start:end]
    found = [match.end() for pattern in (_MEANS, _RESULT) for match in pattern.finditer(text)]
    return [start, *(start + at for at in found if may_start(text[:at]))]


def _ends(sentence: str, start: int, end: int) -> list[int]:
    found = [start + match.start() for match in _CLAUSE.finditer(sentence[start:end])]
    return [end, *(at for at in found if may_end(sentence[:end], at))]


def _forced(sentence: str, start: int, end: int) -> tuple[int, int]:
    """The longest part from the front that is not too long; at a clause if there is one."""
    limit = start
    for match in re.finditer(r"\S+", sentence[start:end]):
        if words_in(sentence[start : start + match.end()]) > HARD:
            break
        limit = start + match.end()
    ends = [start + m.start() for m in _LAST_RESORT.finditer(sentence[start:limit])]
    good = [at for at in ends if is_closed(sentence[start:at])
            and words_in(sentence[start:at]) >= _FEWEST]
    return start, good[-1] if good else limit
