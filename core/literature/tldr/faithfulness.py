r"""Faithfulness: what a sentence about a paper says that the abstract does not.

Checked are numbers with their signs and units, names of surveys and simulations, and other names
that are written in capitals; the wording is free. Formulas are read in flat notation, so that
``$z \sim 2$`` and ``z ~ 2`` are the same.

Example:
    >>> unsupported("DESI finds w = -0.9 at z < 2.", "We find $w=-0.9$ from BAO at $z<2$.")
    ['DESI']
"""

from __future__ import annotations

import re
import unicodedata

from core.literature.facets.facets import names_in
from core.literature.text.flat_math import flatten

__all__ = ["unsupported"]

_LONGEST = 20_000
_SUPERSCRIPTS = {ord(c): f"^{d}" for c, d in zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True)}
_LAMBDA = re.compile(r"(?:Λ|\\bLambda)[- ]?(?=CDM)")
_NUMBER = re.compile(
    r"(?<![\w.])(?P<sign>[-+±]?) ?(?P<digits>\d+(?:,\d{3})+(?!\d)|\d+)(?P<rest>\.\d+)?"
    r"(?P<power>[eE][-+]?\d+)?"
)
_UNIT = re.compile(
    r" ?-?(?P<unit>%|per ?cent|percent|σ|sigma|[munkMGT]?(?:eV|pc|Hz|K|m|s|yr|Jy|as|erg|W|g)\b"
    r"|h\^-1|km|cm|years?|days?|hours?|minutes?|seconds?|arcsec\w*|arcmin\w*|deg(?:rees?)?\b|°"
    r"|M⊙|L⊙|R⊙|mag\b|dex\b|times\b|solar masses|million|billion|trillion|thousand)"
)
_UNIT_WORDS = {
    "percent": "%", "per cent": "%", "sigma": "σ", "solar masses": "M⊙", "degrees": "deg",
    "degree": "deg", "°": "deg", "years": "yr", "year": "yr", "seconds": "s", "second": "s",
}  # fmt: skip
_NAME = re.compile(r"(?<![\w\\])(?:[A-Z][A-Za-z]*[A-Z][A-Za-z]*|[A-Z]+)(?:-?\d+)?(?![\w])")
_SPELLED = {
    "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "eleven": "11", "twelve": "12",
}
_SPELLED_WORD = re.compile(rf"\b(?:{'|'.join(_SPELLED)})\b", re.IGNORECASE)
_FREE = frozenset({"A", "I", "AI", "TLDR"})


def unsupported(text: str, abstract: str, title: str = "") -> list[str]:
    """Numbers with their units and names in a text that its source does not have.

    A number counts as the same if it is written with another number of digits only where nothing
    but zeros differ; its sign and its unit have to be the same; "two" is 2. An expansion of a name
    ("Dark Energy Survey" for "DES") counts as the name.

    Args:
        text: about the paper; what is beyond 20,000 characters is not read, in all three.
        abstract: what it may say.
        title: which counts as a part of the source.

    Returns:
        What is not supported, in the order of the text, as it is written there; [] is faithful.
    """
    said = _flat(text)
    source = f"{_flat(title)}\n{_flat(abstract)}"
    numbers = _numbers(source)
    wrong = [(at, shown) for shown, at, keys in _said_numbers(said) if not keys <= numbers]
    wrong += [(said.find(name), name) for name in sorted(names_in(said) - names_in(source))]
    known = _names(source)
    for match in _NAME.finditer(said):
        if _is_name(match[0]) and match[0].lower() not in known and not names_in(match[0]):
            wrong.append((match.start(), match[0]))
    return list(dict.fromkeys(shown for _, shown in sorted(wrong)))


def _flat(text: str) -> str:
    text = unicodedata.normalize("NFC", text[:_LONGEST]).translate(_SUPERSCRIPTS)
    flat = flatten(text).text.replace("’", "'").replace("_", "")
    return _LAMBDA.sub("L", flat)


def _is_name(word: str) -> bool:
    return len(word) > 1 and word not in _FREE


def _names(source: str) -> set[str]:
    """Everything that stands in capitals there, and the words' initials: "CMB" may be spelt out."""
    found = set(re.findall(r"[A-Za-z]+(?:-?\d+)?", source.lower()))
    words = re.findall(r"[A-Za-z]+", source)
    for size in (2, 3, 4, 5):
        runs = zip(*(words[i:] for i in range(size)), strict=False)
        found.update("".join(word[0] for word in run).lower() for run in runs)
    return found | {f"{name}s" for name in found} | {name.removesuffix("s") for name in found}


def _said_numbers(text: str) -> list[tuple[str, int, set[str]]]:
    """Every number: as written, where, and what the source must have for it."""
    found = []
    for match in _NUMBER.finditer(text):
        value = _value(match, sign=not _is_dash(text, match))
        unit = _unit(text, match.end())
        found.append((f"{match[0].strip()}{unit and ' ' + unit}", match.start(), {value + unit}))
    for match in _SPELLED_WORD.finditer(text):
        found.append((match[0], match.start(), {_SPELLED[match[0].lower()]}))
    return found


def _numbers(source: str) -> set[str]:
    """Every number of the source with and without its unit; a range's unit belongs to both ends."""
    keys: set[str] = set()
    units: list[str] = []
    for match in reversed(list(_NUMBER.finditer(source))):
        unit = _unit(source, match.end())
        following = source[match.end() : match.end() + 8]
        if not unit and units and re.match(r" ?(?:-|–|to|and|±|\+|\^|_|,|or) ?", following):
            unit = units[-1]
        units.append(unit)
        value = _value(match, sign=not _is_dash(source, match))
        keys.update((value, value + unit))
    keys.update(_SPELLED[word.lower()] for word in _SPELLED_WORD.findall(source))
    return keys


def _is_dash(text: str, match: re.Match[str]) -> bool:
    """Whether what stands before a number joins it to a word or a number, and is no sign."""
    before = text[max(match.start() - 1, 0) : match.start()]
    return before.isalnum() or (before == " " and match[0][1:2] == " ")


def _value(match: re.Match[str], sign: bool) -> str:
    digits = match["digits"].replace(",", "").lstrip("0") or "0"
    rest = (match["rest"] or "").rstrip("0").rstrip(".")
    minus = "-" if sign and match["sign"] == "-" else ""
    return f"{minus}{digits}{rest}{(match['power'] or '').lower()}"


def _unit(text: str, end: int) -> str:
    match = _UNIT.match(text, end)
    if not match:
        return ""
    unit = match["unit"]
    return _UNIT_WORDS.get(unit, unit)
