"""Names and papers that the library has never heard of, so that this is said first.

A name is unknown if neither the passages nor the stored questions, references and values have it,
no text of the library does, and it is not nearly spelt like one of them.

Example:
    >>> unknown_names("What is the Zhang-Kowalski relation?")
    ('Zhang-Kowalski',)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from core.literature.assistant.questions.known_words import known_words
from core.literature.assistant.questions.library_names import library_names
from core.literature.assistant.questions.names import FoundName, found_names
from core.literature.library.primer import read_primer, read_references
from core.literature.library.stored_questions import read_questions
from core.literature.library.values import read_values

__all__ = ["names_a_finding", "unknown_names", "unknown_papers"]

_PIECE = re.compile(r"[^\W_]+")
_NEAR = 0.84
_SHORT = 3
_SPECTRA = re.compile(r"[TEBP]{2,8}", re.IGNORECASE)
_VERSION = re.compile(r"(?:dr|pr|y|v)\d{1,2}(?:\.\d)?|year\d|release\d")
_MOST = 3
_MADE = re.compile(
    r"(?:['’]s)? (?:relation|law|effect|theorem|equation|model|mechanism|theory|formula|limit"
    r"|conjecture|mission|telescope|survey|satellite|experiment|probe|observatory|instrument"
    r"|parameter|constant|anomaly|paradox|method|test|statistic)s?\b", re.IGNORECASE)
"""What somebody's name is given to."""
_NAME = r"[A-ZÀ-Þ][^\W\d_]{1,30}(?:-[A-ZÀ-Þ][^\W\d_]{1,30})?"
_PAPER = re.compile(
    rf"\b(?P<first>{_NAME})(?:(?:,? (?:and|&) (?P<second>{_NAME}))|,? et al\.?)"
    r"(?:['’]s)?,? {0,2}\(?(?P<year>(?:19|20|21)\d\d)[a-z]?\)?")


@dataclass(frozen=True)
class _Held:
    """What the library that comes with the code holds: words, the whole text, that of the passages,
    the last year."""

    words: frozenset[str]
    text: str
    told: str
    last_year: int
    authors: frozenset[tuple[str, int]]


def _nobody(word: str) -> int:
    return 0


def unknown_names(
    question: str, frequency: Callable[[str], int] = _nobody
) -> tuple[str, ...]:
    """The names in a question that the library does not know, as they are written; at most three.

    Args:
        question: standing alone.
        frequency: how many texts of the reader's library hold a word.
    """
    if question.isupper():  # all in capitals: they tell nothing
        return ()
    papers = [found.span("year") for found in _PAPER.finditer(question[:2000])]
    names = [name for name in found_names(question) if not any(
        start <= name.start < end for start, end in papers)]
    found = [question[name.start : name.end] for name in names
             if name.sort in ("word", "year") and _is_unknown(name, question, frequency)]
    for one, two in zip(names, names[1:], strict=False):
        if _is_version(two) and not _is_version(one) and one.sort == "word" and not question[
                one.end : two.start].strip(" -'’s"):
            written = question[one.start : two.end]
            if not _together(one.name, two.name) and question[one.start : one.end] not in found:
                found.append(written)
    return tuple(dict.fromkeys(found))[:_MOST]


def names_a_finding(question: str, names: Iterable[str]) -> bool:
    """Whether one of the names is given to a law, a mission or the like."""
    return any(_MADE.match(question, found.end()) is not None for name in names
               for found in re.finditer(re.escape(name), question))


def unknown_papers(question: str, held: Iterable[tuple[str, int]] = ()) -> tuple[str, ...]:
    """Papers named by authors and year that the library does not have, as they are written.

    Args:
        question: as typed.
        held: surname in small letters and year of other papers that are there.
    """
    known = _held().authors | set(held)
    return tuple(dict.fromkeys(
        " ".join(found[0].split()) for found in _PAPER.finditer(question[:2000])
        if not any((name.lower(), int(found["year"])) in known
                   for name in (found["first"], found["second"]) if name)
        and not _in_text(found)))


def _in_text(found: re.Match[str]) -> bool:
    """Whether a passage names the author and the year near one another."""
    text, name = _held().text, found["first"].lower()
    near = rf" {re.escape(name)} (?:\S{{1,20}} ){{0,4}}{found['year']} "
    return re.search(near, text) is not None


def _is_unknown(name: FoundName, question: str, frequency: Callable[[str], int]) -> bool:
    written = question[name.start : name.end]
    if name.sort == "year":
        return (int(written) > _held().last_year and frequency(written) == 0
                and int(written).bit_count() > 1)  # 2048 cells are no year
    if _SPECTRA.fullmatch(written) or written in library_names():
        return False
    pieces = [piece for piece in _PIECE.findall(written) if len(piece) >= _SHORT
              and not piece.isdigit()]
    made = _MADE.match(question, name.end) is not None
    if any(not _known(piece, frequency, made) for piece in pieces):
        return True
    return made and _is_unknown_pair(written)


def _known(piece: str, frequency: Callable[[str], int], made: bool) -> bool:
    low = piece.lower()
    held, words = _held().words, known_words()
    if any(form in held for form in (low, low.removesuffix("s"), low.removesuffix("es"))):
        return True
    if frequency(low) > 0 or re.search(r"\d", piece) and _split_known(low):
        return True
    if words.knows(piece) and not (made and low not in words.counts and low in words.english):
        return True
    return not (piece.isupper() or len(piece) < 6) and bool(get_close_matches(
        low, [word for word in held if word[:1] == low[:1] and abs(len(word) - len(low)) < 3],
        1, _NEAR))


def _split_known(low: str) -> bool:
    """Whether a name with a number in it is a known name with its number: "TNG1000"."""
    letters = re.sub(r"[\d.]+", " ", low).split()
    return all(part in _held().words or len(part) < _SHORT for part in letters)


def _is_unknown_pair(written: str) -> bool:
    """Whether two people are joined that the library never joins: "Zhang-Kowalski"."""
    pair = re.fullmatch(r"([A-Z][a-z]{2,30})[-–]([A-Z][a-z]{2,30})", written)
    if pair is None:
        return False
    one, two = pair[1].lower(), pair[2].lower()
    words = known_words()
    if any(words.inner.get(word, 0) > words.capital.get(word, 0) or word in library_names()
           for word in (one, two)):
        return False
    text = _held().text
    return f" {one} {two} " not in text and f" {two} {one} " not in text


def _is_version(name: FoundName) -> bool:
    return name.sort == "release" or _VERSION.fullmatch(name.name) is not None


def _together(name: str, version: str) -> bool:
    text = _held().told
    number = re.sub(r"\D", "", version)
    words = (f"{name} {version}", f"{name} data release {number}", f"{name}{version}",
             f"{name} year {number}")
    return any(f" {said} " in text for said in words)


@lru_cache(maxsize=1)
def _held() -> _Held:
    passages = read_primer()
    references = read_references().values()
    values = read_values().values()
    parts = [f"{p.title} . {' . '.join(p.aliases)} . {p.text}" for p in passages]
    told = " ".join(_PIECE.findall(" ".join(parts).lower()))
    parts += [question.text for question in read_questions()]
    parts += [f"{one.authors} {one.year} . {one.title}" for one in references]
    parts += [f"{value.experiment} {value.year} {value.model}" for value in values]
    flat = " ".join(_PIECE.findall(" ".join(parts).lower()))
    authors = {(word.lower(), one.year) for one in references
               for word in re.findall(_NAME, one.authors)}
    last = max([one.year for one in references] + [value.year for value in values])
    return _Held(frozenset(flat.split()), f" {flat} ", f" {told} ", last, frozenset(authors))
