"""The names that an answer has to be about: experiments, objects, acronyms, people, years.

An answer on DES does not answer a question on KiDS, nor one of 2021 a question on 2027.

Example:
    >>> names_in("What S8 does KiDS-Legacy find, and the 2027 Rubin paper?")
    ('kids-legacy', '2027', 'rubin')
    >>> names_lacking("Did DESI DR3 see it?", "DESI DR2 prefers evolving dark energy.")
    ('dr3',)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from core.literature.assistant.questions.known_words import known_words
from core.literature.library.primer import read_primer
from core.literature.text.normal_form import tokens
from core.literature.text.stop_words import STOP_WORDS
from core.literature.text.vocabulary import TERMS

__all__ = ["FoundName", "found_names", "long_forms", "names_in", "names_lacking"]

_LONGEST = 6000
_TEX = re.compile(r"\$[^$]{0,400}\$|\\[A-Za-z]{1,40}(?:\{[^{}]{0,80}\})?")
_TOKEN = re.compile(
    r"(?P<year>(?<![\w.])(?:1[4-9]|20|21)\d\d(?![\w%]|[.,]\d))"
    r"|(?P<release>\b(?i:data release|year|release|dr|pr|stage|version|phase|run|part)[ -]?"
    r"(?:\d{1,2}(?:\.\d)?|I{1,3}|IV|V)\b(?!\.?\d))"
    r"|(?P<ordinal>\b(?i:first|second|third|fourth|fifth) (?i:data release))\b"
    r"|(?P<object>\b(?:NGC|IC|UGC|Abell|ACT-CL|SDSS|RX|PSR|3C|Arp|Messier|M|HD|HE|SN|GRB|FRB"
    r"|GW|AT|S)"
    r" ?\d{2,8}[A-Za-z+.\d-]{0,12}\*?)"
    r"|(?P<star>\b(?i:sgr) ?A\b\*?)"
    r"|(?P<word>[^\W_][^\W_]*(?:['’.&][^\W_]+)?(?:-[^\W_]+){0,3}(?:\+(?![\w\d]))?)")
_MEASURE = re.compile(
    r"^\W{0,2}(?:gala|quasar|star|supernova|deg|sq|square|Mpc|kpc|pc|km|MHz|GHz|K\b|h\b|clusters?"
    r"|light|"
    r"objects|sources|spectra|lenses|events|simulations|runs|mocks|years|yr|Myr|Gyr|particles"
    r"|nights|"
    r"fib(?:er|re)s|\^)", re.IGNORECASE)
_UNITS_TEXT = """
    mpc kpc gpc pc gyr myr kyr yr mhz ghz khz thz kev mev gev tev ev mjy km/s k kg cgs si hz au
    mm cm nm rms snr s/n cl cls pdf pdfs phd msc bsc ok usa uk tldr tl dr eli5 faq id vs am pm et al
    i'm i'd i've i'll i ii iii iv v vi a lcdm ΛCDM cdm-like 1d 2d 3d 4d ascii html pls wtf lol thx
    eq fig sec ref refs arxiv doi url api q a qa
"""
_UNITS = frozenset(_UNITS_TEXT.split())
_SYMBOL = re.compile(
    r"^(?:[A-Za-z]{1,2}\d{0,2}|[A-Za-z]_\{?\w{1,6}\}?|(?:[Ss]igma|[Oo]mega|[Ss]um)_?\w{0,3}"
    r"|[Nn]_?eff|f_?NL"
    r"|g_?NL|w0wa\w*|fsigma8|[rmcRMC]_?[25]00[cm]?|\d+x\d+pt)$")
_SPECTRA = re.compile(r"[TEB]{2,8}|E[dD]S")
"""Names of spectra, and of a model, that every text means whether it says so or not."""
_KEPT = re.compile(r"^(?:M\d{1,3}|[DPR]R\d{1,2}|Y\d|S[45]|SO|3C)$")
_GENERAL_TEXT = """
    observatory telescope survey array collaboration universe cluster galaxy space university
    institute mission satellite experiment instrument project team group law theory model effect
    paper
    planet sun earth moon cosmos way nobel prize big hi
"""
_GENERAL = frozenset(_GENERAL_TEXT.split())
_ADJECTIVE = re.compile(r"(?:ian|ean|esque)s?$")
_SAME = (
    ("rubin", "lsst"), ("webb", "jwst"), ("hst", "hubble space telescope"), ("roman", "wfirst"),
    ("planck 2018", "pr3"), ("sgr a*", "sagittarius a*"), ("milky way", "mw"),
    ("spt", "south pole telescope"), ("act", "atacama cosmology telescope"),
    ("so", "simons observatory"),
    ("sh0es", "riess"), ("kids", "kilo-degree survey"),
    ("hubble", "h0"), ("lyman", "lya"), ("lyman", "lyaforest"), ("planck18", "planck"),
    ("des", "dark energy survey"),
)
_COUNTED = ("first", "second", "third", "fourth", "fifth")
_ORDINAL = {"y1": "first year", "y3": "three years", "y6": "six years", "y5": "five year"}
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}


@dataclass(frozen=True)
class FoundName:
    """A name in a text: where it stands, its normal form and its sort."""

    start: int
    end: int
    name: str
    sort: str


def names_in(text: str) -> tuple[str, ...]:
    """The proper names, acronyms, objects, years and versions in a text, each once.

    Args:
        text: a question or an answer; TeX is passed over.

    Returns:
        In small letters without accents, as the text orders them; versions in short ("dr2", "y3").
        Units, quantities (H0, S8) and LCDM, which every answer is about, are none.
    """
    return tuple(dict.fromkeys(found.name for found in found_names(text)))


def found_names(text: str) -> Iterator[FoundName]:
    """The names in a text and where they stand."""
    blank = _TEX.sub(lambda m: " " * len(m[0]), text[:_LONGEST])
    opens = True
    for token in _TOKEN.finditer(blank):
        sort = token.lastgroup or "word"
        name = _normal(token, blank, opens)
        if name:
            yield FoundName(token.start(), token.end(), name, sort)
        opens = blank[token.end() : token.end() + 2].strip() in {".", "?", "!", ":"}


def _normal(token: re.Match[str], text: str, opens: bool) -> str:
    written, sort = token[0], token.lastgroup
    if sort == "year":
        return "" if _MEASURE.match(text[token.end() : token.end() + 14].lstrip()) else written
    if sort == "release":
        return _release(written)
    if sort == "ordinal":
        return f"dr{1 + _COUNTED.index(written.split()[0].lower())}"
    if sort in ("object", "star"):
        return written.replace(" ", "").lower().rstrip(".-") if sort == "object" else "sgra*"
    name = _plain(written) if _is_name(written, opens) else ""
    return "" if name in _UNITS else name


def _release(written: str) -> str:
    kind = re.sub(r"[ -]?(?:\d[\d.]*|[IVX]+)$", "", written)
    number = written[len(kind) :].strip(" -")
    short = {"data release": "dr", "release": "dr", "year": "y", "version": "v", "stage": "s"}
    low = kind.lower()
    if low in ("part", "phase", "run") and not kind[:1].isupper() or not number:
        return ""
    return f"{short.get(low, low)}{_ROMAN.get(number.lower(), number)}"


def _plain(written: str) -> str:
    """A word's normal form: one spelling for an acronym, its plural, and its accents."""
    name = re.sub(r"(?:['’]s|(?<=[A-Z]{2})s)$", "", written)
    decomposed = unicodedata.normalize("NFKD", name)
    low = "".join(c for c in decomposed if not unicodedata.combining(c)).lower()
    term = tokens(name)
    return term[0] if len(term) == 1 and term[0] in TERMS else low


def _is_name(written: str, opens: bool) -> bool:
    bare = re.sub(r"['’]s$", "", written)
    low = bare.lower()
    if low in _UNITS or low in _GENERAL or bare.isdigit():
        return False
    if low in STOP_WORDS and not bare[1:].isupper():
        return False
    if _KEPT.match(bare):
        return True
    if _SYMBOL.match(bare) or _SPECTRA.fullmatch(bare) or re.fullmatch(r"[\d.,]+[a-z]*", low):
        return False
    if re.search(r"[A-Z].*[A-Z]|[A-Za-z]\d|\d[A-Za-z]{2}", bare):  # an acronym
        return not re.fullmatch(r"\d+(?:pt|cm|d|th|st|nd|rd|sigma|x\d+pt|yr|k|m|ghz|mhz|mpc)", low)
    words = known_words()
    parts = re.split(r"[-+]", bare.rstrip("+"))
    if bare[:1].islower() or opens and low in words.english and not words.is_name(parts[0]):
        return all(words.is_name(part) and words.written[part.lower()] > 2 for part in parts) and (
            len(low) > 2 and not _ADJECTIVE.search(low))
    if _ADJECTIVE.search(low) or not bare[:1].isupper():
        return False
    return any(_mostly_capital(part) for part in parts if part)


def _mostly_capital(part: str) -> bool:
    """A word with a capital that the library does not write without one."""
    words, low = known_words(), part.lower()
    written, capital = words.inner.get(low, 0), words.capital.get(low, 0)
    return part[:1].isupper() and (written == 0 and low not in words.asked or capital > written / 2)


def names_lacking(question: str, answer: str) -> tuple[str, ...]:
    """The names of a question that an answer does not hold under any name.

    Args:
        question: as typed.
        answer: with the titles of its sources, so that what these name counts.
    """
    there = {variant for name in names_in(answer) for variant in _variants(name)}
    plain = " ".join(re.findall(r"[^\W_]+", answer.lower()))
    flat = f" {plain} "
    normal = set(tokens(answer))
    return tuple(name for name in names_in(question) if not any(
        variant in there or variant in normal or f" {variant.replace('-', ' ')} " in flat
        for variant in _variants(name)))


@lru_cache(maxsize=4096)
def _variants(name: str) -> tuple[str, ...]:
    """What else says the same: the long form of an acronym, the other spelling of a version."""
    same = {other for pair in (*_SAME, *long_forms()) if name in pair for other in pair}
    ordinal = {_ORDINAL[name]} if name in _ORDINAL else set()
    year = re.fullmatch(r"y(\d)", name)
    apart = {f"year {year[1]}"} if year else set()
    return tuple({name, name.replace("-", ""), *same, *ordinal, *apart})


@lru_cache(maxsize=1)
def long_forms() -> tuple[tuple[str, str], ...]:
    """Acronyms of the library and what they stand for: two aliases of one passage, one of which has
    the initials of the other."""
    found = set()
    for passage in read_primer():
        names = (passage.title, *passage.aliases)
        for short in names:
            letters = re.sub(r"\W", "", short)
            if not (3 <= len(letters) <= 8 and letters[:2].isupper()):
                continue
            for long in names:
                initials = "".join(word[0] for word in re.findall(r"[^\W_]+", long))
                if len(initials) > 2 and initials.lower() == letters.lower():
                    found.add((_plain(short), long.lower().replace("-", " ")))
    return tuple(sorted(found))
