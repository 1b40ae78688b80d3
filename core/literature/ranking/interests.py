"""Interests as a reader wrote them, read as terms of the field and widened by what belongs to them.

"21cm" becomes 21 cm, and with less weight HI, the reionization signal, cosmic dawn and intensity
mapping. A paper counts as near an interest only where it says one of these words: a meaning alone
is near to too much.

Example:
    >>> interest, = read_interests("21cm")
    >>> in_words(interest)
    '21cm → 21 cm, HI, reionization signal, cosmic dawn, intensity mapping'
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from core.literature.ranking.relevance import EncodedText, RelevanceModel, terms_of
from core.literature.text.normal_form import shown, tokens
from core.literature.text.text import clean, words
from core.literature.text.vocabulary import TERMS

__all__ = ["Interest", "encoded", "evidence_in", "in_words", "meant", "read_interests",
           "share_said"]

_BREAK = re.compile(r"[\n;]+|,\s")
_LEAD = re.compile(
    r"^\W*(?:(?:i(?:'?m| am)?|we|my|papers?|work(?:ing|s)?|interest(?:ed|s)?|anything|everything|"
    r"mostly|mainly|like|study|studying|research(?:es)?|and|also|is|are|in|on|about|with|for|to|"
    r"do|the|of)\b[\s:]*)+", re.IGNORECASE)
_RELATED = 0.5
"""Weight of what is related beside what was written, of lengths of one."""
_MOST_RELATED = 6
_COMMON = 0.15
"""Share of texts from which a single word is no evidence where there is a rarer one."""
_MOST = 40


@dataclass(frozen=True)
class Interest:
    """One interest of a reader.

    Attributes:
        written: by the reader.
        terms: its words in normal form.
        related: what widens it, as a page shows it; the most telling first.
    """

    written: str
    terms: tuple[str, ...]
    related: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """Its words as they are usually written; those without a usual form as the reader did."""
        known = [shown(term) for term in self.terms if term in TERMS]
        return " ".join(shown(term) for term in self.terms) if known else self.written


def read_interests(text: str) -> tuple[Interest, ...]:
    """The interests in a text: one a line, or between commas and semicolons; at most forty."""
    found: dict[tuple[str, ...], Interest] = {}
    for part in _BREAK.split(text):
        written = clean(_LEAD.sub("", clean(part)) or part).strip(" .")
        terms = tuple(words(written))
        if terms and terms not in found:
            found[terms] = Interest(written, terms, _related(terms))
    return tuple(found.values())[:_MOST]


def _related(terms: tuple[str, ...]) -> tuple[str, ...]:
    """Of the first term first; none that says what is there already."""
    told = {terms, *((term,) for term in terms)}
    found: list[str] = []
    for phrase in (phrase for term in terms if term in TERMS for phrase in TERMS[term].related):
        key = tuple(words(phrase))
        if key not in told:
            told.add(key)
            found.append(phrase)
    return tuple(found[:_MOST_RELATED])


def in_words(interest: Interest) -> str:
    """What an interest became: "21cm → 21 cm, HI, ..."; as it was written if it stayed the same."""
    became = ", ".join(dict.fromkeys((interest.shown, *interest.related)))
    return interest.written if became == interest.written else f"{interest.written} → {became}"


def meant(interest: Interest) -> str:
    """The text whose meaning is compared with a paper's."""
    return ", ".join(dict.fromkeys((interest.shown, *interest.related)))


def encoded(
    interest: Interest, relevance: RelevanceModel, vector: np.ndarray | None
) -> EncodedText:
    """An interest as the relevance model reads it, what is related with less weight.

    Args:
        interest: to encode.
        relevance: the model.
        vector: of :func:`meant`, (384,), if it is known.
    """
    own = relevance.encode_interests(interest.written, vector)
    if not interest.related:
        return own
    beside = relevance.encode(". ".join(interest.related))
    weights = dict(zip(beside.terms, _RELATED * beside.weights, strict=True))
    columns = dict(zip(beside.terms, beside.columns, strict=True))
    for term, weight, column in zip(own.terms, own.weights, own.columns, strict=True):
        weights[term] = max(weights.get(term, 0.0), weight)
        columns[term] = column
    values = np.array(list(weights.values()), np.float32)
    return replace(own, terms=tuple(weights), weights=values / np.linalg.norm(values),
                   columns=np.array(list(columns.values()), np.int32))


def evidence_in(
    texts: Iterable[EncodedText], interest: Interest, relevance: RelevanceModel
) -> np.ndarray:
    """(len(texts),) whether each says a word of an interest or of what is related to it."""
    wanted = _evidence(interest, relevance)
    return np.array([not wanted.isdisjoint(text.terms) for text in texts], bool)


def share_said(
    texts: Iterable[EncodedText], interest: Interest, relevance: RelevanceModel
) -> np.ndarray:
    """(len(texts),) the share of the words of an interest that each says, rare ones weighing more:
    "cluster masses from lensing" says all of "cluster lensing", "clusters behind screens" a part.
    """
    weights = {term: np.log((relevance.texts + 1) / (relevance.frequency.get(term, 1) + 0.5))
               for term in interest.terms}
    total = max(sum(weights.values()), 1e-6)
    return np.array([sum(weights[t] for t in weights if t in set(text.terms)) / total
                     for text in texts])


def _evidence(interest: Interest, relevance: RelevanceModel) -> set[str]:
    rare = _COMMON * relevance.texts
    found = set()
    for phrase in (interest.written, *interest.related):
        own = terms_of(phrase)
        most = {term: 2 * rare if term in TERMS else rare for term in own}
        telling = {
            term for term in own if " " in term or relevance.frequency.get(term, 0) < most[term]
        }
        if phrase is not interest.written and len(tokens(phrase)) > 1:
            telling = {term for term in own if " " in term} or telling
        found |= telling or set(own)
    return found
