"""How many of what an abstract has: "31 lenses", "five bins of redshift".

Example:
    >>> [str(one) for one in counts("We model 31 lenses and four haloes at z = 0.5.")]
    ['31 lenses', 'four haloes']
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.literature.text.text import clean

__all__ = ["Count", "asked_for", "counts", "listed", "same_noun"]

_SPELT = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
          "twelve", "twenty", "thirty", "hundred")
_NUMBER = (
    r"(?<![\w.^\\{=<>±-])(?<![=<>±~] )\$?~?"
    r"(?P<number>\d{1,3}(?:(?:,|\{,\}|\\,)\d{3})+|\d+(?:\.\d+)?"
    rf"(?= (?:million|billion|thousand))|\d+(?![\d.,]*\d)|(?i:{'|'.join(_SPELT)}))\$?"
    r"(?: (?P<scale>million|billion|thousand))?(?!\s*[%^=<>]|\.\d)"
)
_NO_NOUN = (
    r"(?:deg|sigma|per|times|percent|of|to|and|or|at|in|for|with|by|from|the|is|are|on|than|as|but"
    r"|that|which|yr|years?|hours?|days?|ms|s|km|cm|nm|m|mm|kpc|Mpc|Gpc|pc|eV|keV|GeV|MeV|TeV|meV|K|mK"
    r"|Hz|MHz|GHz|kHz|dex|mag|arcmin\w*|arcsec\w*|degrees?|million|billion|thousand|digits?|orders?"
    r"|factors?|square|cubic|Myr|Gyr|cent|parts?|thirds?|fifths?|quarters?|if|when|while|because|only"
    r"|we|it|this|these|spectra a|without|within|between|under|over|above|below)"
)
_PHRASE = re.compile(
    _NUMBER + rf" (?P<noun>(?:(?!{_NO_NOUN}\b)[A-Za-z$\\'’–-]+ ){{0,4}}?(?!{_NO_NOUN}\b)"
    r"(?![A-Za-z-]+(?:ous|ss|ics|sis)\b)[A-Za-z-]+(?:s|ae|ei|ra|ies|SNe|data)\b"
    r"(?: of (?:redshift|galaxies|data|haloes))?)"
)
_OF_THEM = re.compile(r"of them\b")
_ASKED = re.compile(
    r"\bhow many (?P<noun>[\w -]+?)(?: (?:are|is|were|was|do|does|did|have|has|had|in|of|they|there"
    r"|can|will|would|used|went|without|with|at|on|to|from|that|which|make|makes?|need(?:ed)?|be)\b|\W*$)"
    r"|\bnumber of (?P<other>[\w -]+?)(?: (?:are|is|were|used|in|that|they)\b|\W*$)"
)
_ALIKE = (
    {"supernova", "supernovae", "sne", "sn"}, {"halo", "haloes", "halos"},
    {"simulation", "simulations", "realisation", "realization", "realisations", "realizations",
     "run", "runs", "mock", "mocks"},
    {"lens", "lenses"}, {"quasar", "quasars", "qso", "qsos"},
    {"galaxy", "galaxies"}, {"spectrum", "spectra"}, {"nucleus", "nuclei"},
)  # fmt: skip


@dataclass(frozen=True)
class Count:
    """A number of things.

    Attributes:
        number: as written, without the signs of TeX.
        noun: with its adjectives.
        sentence: index of the sentence that has it.
    """

    number: str
    noun: str
    sentence: int = 0

    def __str__(self) -> str:
        return f"{self.number} {self.noun}"


def counts(*sentences: str) -> list[Count]:
    """What the sentences count, in order."""
    return [one for place, text in enumerate(sentences) for one in _in(clean(text), place)]


def _in(text: str, place: int) -> Iterator[Count]:
    for match in _PHRASE.finditer(text):
        number = re.sub(r"\{,\}|\\,", ",", match["number"])
        scale = f" {match['scale']}" if match["scale"] else ""
        yield Count(number + scale, match["noun"].replace("$", ""), place)


def asked_for(question: str) -> str:
    """The noun that a question asks the number of; "" if it asks for none.

    Args:
        question: in lower case.
    """
    found = _ASKED.search(question)
    return (found["noun"] or found["other"] or "").strip() if found else ""


def same_noun(wanted: str, noun: str) -> bool:
    """Whether a counted noun is what was asked for: the head, and each adjective asked with it."""
    asked, had = wanted.lower().split(), noun.lower().replace("-", " ").split()
    if not asked or not had:
        return False
    heads = had[-1:] + (had[: had.index("of")][-1:] if "of" in had else [])
    return any(_same(asked[-1], head) for head in heads) and all(
        any(_same(word, other) for other in had) for word in asked[:-1]
    )


def _same(one: str, other: str) -> bool:
    if one == other or any(one in words and other in words for words in _ALIKE):
        return True
    return _singular(one) == _singular(other)


def _singular(word: str) -> str:
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("s", "")):
        if word.endswith(ending) and len(word) > len(ending) + 2 and not word.endswith("ss"):
            return word[: -len(ending)] + instead
    return word


def listed(found: Sequence[Count], most: int = 3) -> str:
    """Some of them, joined."""
    *rest, last = list(dict.fromkeys(map(str, found)))[:most]
    return f"{', '.join(rest)} and {last}" if rest else last
