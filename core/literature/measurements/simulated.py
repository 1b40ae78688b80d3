"""Whether an abstract's own data are mock or simulated ones, in flat notation.

A value that was recovered from mock data says how well a method works, and nothing about the sky.
Mocks that only check, train or weigh an analysis of real data do not count.

Example:
    >>> from_mocks("We stack 400 voids in mock catalogues and find A = 1.2 ± 0.4.")
    True
    >>> from_mocks("We stack 400 voids of BOSS. Mock catalogues give the covariance.")
    False
"""

from __future__ import annotations

import re

from core.literature.facets.named import used_names
from core.literature.text.text import sentences

__all__ = ["MOCK", "from_mocks"]

MOCK = re.compile(
    r"\b(?:[Mm]ocks?|[Ss]imulated|[Ss]ynthetic|[Aa]rtificial|[Ss]imulations?|[Ww]e simulate"
    r"|(?:model|toy) (?:streams?|galaxies|catalog\w+)"
    r"|[Ii]nject(?:ed)? (?:an? )?(?:signals?|events?))\b"
)
"""Words for data that were made."""

_WE_USE = re.compile(
    r"\b(?:[Ww]e|I|[Tt]his (?:paper|work|study|letter|article))\b(?: \w+){0,2}? "
    r"(?:measur|stack|cross|comput|calculat|analy[sz]|appl[yi]|buil[dt]|f[io]u?n?[dt]\b|follow"
    r"|compar|replac|calibrat|test|inject|describ|confirm|stud[yi]|select|combin|us(?:e|es|ed)\b"
    r"|model|infer|constrain|simulat|recover|estimat|detect|predict|investigat|explor|examin"
    r"|consider|generat|creat|produc|populat|forecast|r[ua]n\b|observ|track|identif|reconstruct)"
)
_HELP = re.compile(
    r"\b(?:covarianc\w+|validat\w+|verif(?:y|ied)\w*|cross-check\w*|robust\w*|debias\w*|blind(?:ed|ing)"
    r"|train\w*|emulat\w+|corrected? for|(?:check|calibrat|tun|test)\w* (?!whether|how|if)"
    r"(?:[^.;,]{0,60} )?(?:on|with|using|against|by|in|from) [^.;,]{0,25}$)"
)
_FOR_HELP = re.compile(r"\b(?:covarianc|validat|to (?:test|check|train|verify)\b)")
_NEW_CLAUSE = re.compile(r"[;,] (?:and|which|validated|calibrated|tested|trained)\b")
_OWN_MOCKS = re.compile(
    r"\b(?:our|the same|these|this|all|present) (?:\w+ )?(?:mock|simulated|synthetic) "
    r"(?:[\w-]+ ){0,2}?(?:data|catalog\w*|analys[ie]s|samples?|observations?|surveys?|maps?|images?"
    r"|spectra)|\bdata of the kind that we simulate"
)
_REAL = re.compile(
    r"\b(?:real|actual|archival|public|observational|observed) (?:[\w-]+ ){0,2}?"
    r"(?:data(?:set)?s?|samples?|catalog\w*|maps?|spectra|images?|observations?)\b"
    r"|\b[Dd]ata [Rr]elease\b|\bDR ?\d\b|\b[Ww]e (?:\w+ )?observed?\b"
)


def from_mocks(text: str) -> bool:
    """Whether the values that an abstract finds come from data that were made.

    They do where the paper works on such data and names no real ones that it uses.
    """
    parts = sentences(text)
    if any(_REAL.search(part) or (used_names(part) and not MOCK.search(part)) for part in parts):
        return False
    return any(_works_on_mocks(part) for part in parts)


def _works_on_mocks(sentence: str) -> bool:
    if _OWN_MOCKS.search(sentence) and not _HELP.search(sentence):
        return True
    deed = _WE_USE.search(sentence)
    made = MOCK.search(sentence, deed.start()) if deed else None
    if deed is None or made is None:
        return False
    clause = _NEW_CLAUSE.split(sentence)[0]
    behind = sentence[made.end() : max(made.end(), min(len(clause), made.end() + 60))]
    before = sentence[deed.start() : made.start()]
    return not _HELP.search(before) and not _FOR_HELP.search(behind)
