r"""Where sentences end: not after an abbreviation, an initial or a marker, nor inside a formula.

Example:
    >>> text = "See Vol. 4. The U.S. Survey (Smith et al. 2020) found 10 Mpc. It is so."
    >>> starts = [0, *sentence_starts(text)]
    >>> [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)])]
    ['See Vol. 4. ', 'The U.S. Survey (Smith et al. 2020) found 10 Mpc. ', 'It is so.']
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from core.literature.text.tex import mathematics

__all__ = ["sentence_starts"]

_STOP = re.compile(r"[.!?…](?P<quotes>[\"'”’»)\]}]*\$?[\"'”’»)\]}]*)\s+")
_TOKEN = re.compile(r"[^\s(\[{\"'“‘”’«»/–—~-]*$")
_NEXT = re.compile(r"[\"'“‘`«(\[{]*")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_LOOK = 80  # characters before a stop: no abbreviation, and no marker, is longer

_ALWAYS_WORDS = """
    approx ca cf dr e.g eg fig figs i.e ie mr mrs ms messrs prof profs st ste mt mts viz vs tab
    tabs vol vols ch chap chaps sect sects eq eqs eqn eqns ref refs resp incl esp pp
"""  # what they shorten goes on, whatever follows
_ALWAYS = frozenset(_ALWAYS_WORDS.split())
_NUMBERED_WORDS = """
    no nos nr nrs sec secs art pt app appx p pg pages ed v ver vers ser suppl para col lem thm
    prop def cor ex obj obs jan feb mar apr jun jul aug sep sept oct nov dec
"""  # before what is counted; else words or units
_NUMBERED = frozenset(_NUMBERED_WORDS.split())
_TITLES_WORDS = """
    Phys Rev Lett Astron Astrophys Mon Not Roy Soc Acad Sci Proc Natl Nat Suppl Ser Publ Conf
    Math Ann Bull Am Amer Astr Geophys Res Lect Class Quant Grav Gen Rel Mod Int Jour Inst Univ
    Dept Lab Obs Tech Rep Philos Trans Instrum Nucl Instr Eur Chem Cosmol Theor Comput Stat
    Appl Sov Opt Part Prog Rept Pac Symp Eds Col Gov Gen Sen Hon Rev Capt Lt Sgt Fr
"""  # of journals, books and people, as they are written
_TITLES = frozenset(_TITLES_WORDS.split())
_OFTEN_WORDS = """
    al etc jr sr inc ltd co corp ph.d m.sc b.sc
"""
_OFTEN = frozenset(_OFTEN_WORDS.split())
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]{1,2}")
_MARKER = re.compile(r"(?:^|[:;]\s)[(\[]?(?:\d{1,2}|[ivx]{1,4}|[a-hA-H])[)\]]?$")
_COUNTED = re.compile(r"[#$]?\d|[IVXLC]+\b|[A-Z]\b(?![.'’])|[a-z]\d")
_IN_BRACKETS = re.compile(r"(?<=[(\[])(?:(?:[a-h]|[ivx]{1,4})\)\s|abr|abbrev|shortened|truncated)")
_AMOUNT = re.compile(r"(?:[\d)}$%°′″]|[−+~∼]\d*)\s*$")
_NAMED_BY_A_LETTER = re.compile(
    r"\b(?:types?|class|bands?|populations?|pop|papers?|parts?|phases?|models?|cases?|fields?|"
    r"samples?|groups?|regions?|appendix|sections?|tables?|sets?|runs?|lines?|filters?|periods?|"
    r"stars?|objects?|planets?|components?|methods?|scenarios?|schemes?|options?|steps?|levels?|"
    r"centaurus|virgo|hydra|cygnus|sgr|sagittarius|fornax|hercules|cas|cyg|her|cen)[\s~]+$", re.I
)
_OPENERS_WORDS = """
    a about above according accordingly across additional additionally after all along also
    although among analysing analyzing and another any applying are as assuming at based
    because before below besides between beyond both but by can combined combining comparing
    compared consequently considering contrary conversely current data despite due during each
    either employing even every evidence existing extending few finally first firstly following
    for four from further furthermore future given has have he hence her here his how however
    if importantly in including indeed instead interestingly is it its last lastly like
    likewise many meanwhile measurements modern more moreover most motivated much my
    nevertheless new next no none nonetheless not notably now observations observational of on
    once one only or other others our over overall particularly perhaps possible preliminary
    previous previously published recent recently regarding remarkably results second secondly
    several she similar similarly simulations since specifically so some still studies
    subsequently such surprisingly taken taking that the their then theoretical there therefore
    these they third this those though three through throughout thus to today together two
    typically ultimately under unfortunately unlike until upcoming upon using various very was
    we were what when where whereas whether which while who why with within without yet you
    your
"""
_OPENERS = frozenset(_OPENERS_WORDS.split())
_FIRST_NAMES_TOO = frozenset({"an", "in", "he", "she", "so", "you", "her", "we"})
"""Surnames also: after an initial they open a sentence only before a word in small letters."""


def sentence_starts(text: str) -> Iterator[int]:
    """Where the second sentence and each later one start, in time linear in the text.

    Args:
        text: with single spaces.
    """
    spans = mathematics(text)
    begins = [start for start, _ in spans]
    start = 0
    for match in _STOP.finditer(text):
        if match.end() < len(text) and _is_end(text, start, match, spans, begins):
            start = match.end()
            yield start


def _is_end(
    text: str, start: int, match: re.Match[str], spans: Sequence[tuple[int, int]],
    begins: Sequence[int],
) -> bool:
    at = match.start()
    i = bisect_right(begins, at) - 1
    if i >= 0 and at < spans[i][1] and not _ends_with_formula(text, match, spans[i][1]):
        return False
    opening = _NEXT.match(text, match.end())
    after = opening.end() if opening else match.end()
    following = text[after : after + 1]
    if following in (".", ",", ";", ":", "?", "!", "") or _is_small(text, after):
        return False
    if text[at] != ".":
        return True
    before = text[max(start, at - _LOOK) : at]
    if _MARKER.search(before):
        return False
    return not _is_abbreviation(before, match, text, after)


def _ends_with_formula(text: str, match: re.Match[str], end: int) -> bool:
    """``$z = 3.$ We``: the stop stands before the dollar that closes."""
    return "$" in match["quotes"] and end <= match.end() and text[end - 1] == "$"


def _is_small(text: str, after: int) -> bool:
    """A word in small letters follows; "(b)", "[abridged]" and eROSITA may begin a sentence."""
    if _IN_BRACKETS.match(text, after):
        return False
    word = _WORD.match(text, after)
    if not word or not word[0][0].islower():
        return False
    return not re.match(r"[a-zα-ω]{1,2}[A-Z]", word[0])


def _is_abbreviation(before: str, match: re.Match[str], text: str, after: int) -> bool:
    found = _TOKEN.search(before)
    token = found[0].lstrip("$\\") if found else ""
    small = token.lower()
    closed = any(sign in ")]" for sign in match["quotes"])
    left = before[: len(before) - len(token)]
    if small in _ALWAYS:
        return True
    if small in _NUMBERED:
        return not closed and _goes_on(small, left, text, after)
    kind = token in _TITLES or small in _OFTEN or _DOTTED.fullmatch(token)
    if small == "etc":
        return False if not closed else not _opens(text, after)
    if kind:
        return not _opens(text, after) and not (closed and _DOTTED.fullmatch(token))
    return len(token) == 1 and token.isalpha() and not closed and _is_initial(
        token, left, text, after)


def _goes_on(small: str, left: str, text: str, after: int) -> bool:
    """Whether what is numbered follows: "No. 3", "Sec. IV", "Obs. Run", "Nov. 3"."""
    if small in ("sec", "p", "ed", "v") and _AMOUNT.search(left):
        return False  # of a time
    if small == "obs":
        return not _opens(text, after)
    return bool(_COUNTED.match(text, after)) and not _opens(text, after)


def _is_initial(token: str, left: str, text: str, after: int) -> bool:
    """Whether one letter shortens a name, and is no unit, variable or class."""
    if _AMOUNT.search(left) or _NAMED_BY_A_LETTER.search(left):
        return False
    if token.islower():
        return text[after].isdigit() or text[after] in "$("
    return not _opens(text, after, after_initial=True)


def _opens(text: str, after: int, after_initial: bool = False) -> bool:
    """Whether the word there begins sentences more often than it is part of a name."""
    word = _WORD.match(text, after)
    if not word or not word[0][0].isupper():
        return False
    small, rest = word[0].lower(), text[word.end() : word.end() + 2]
    if small not in _OPENERS or not rest[:1].isspace() and rest[:1] != ",":
        return False
    if small == "a" or (after_initial and small in _FIRST_NAMES_TOO):
        return rest[1:2].islower() or rest[1:2] in "$(" or small == "we"
    return True
