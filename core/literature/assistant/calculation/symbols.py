"""Parameters by their symbols in a question: the value that it gives, and whether it asks for one.

Example:
    >>> text = "S_8 = 0.83 and Ω_m = 0.3, what is σ_8?"
    >>> value_of(text, S8), asks_for(text, S8), asks_for(text, SIGMA8)
    (0.83, False, True)
"""

from __future__ import annotations

import re
from functools import lru_cache

from core.literature.assistant.calculation.written_numbers import NUMBER

__all__ = ["H", "S8", "SIGMA8", "asks_for", "omega", "physical", "value_of"]

S8 = r"S_?8"
SIGMA8 = r"(?:σ|sigma)_?8"
H = r"(?:little h|hubble constant|H_?0|h)(?![\w^/²])"

_INDEX = {"m": r"(?:m(?:at(?:ter)?)?|M)(?:,?_?0)?", "b": r"b(?:ar(?:yons?)?)?(?:,?_?0)?",
          "c": r"c(?:dm)?|dm|CDM|DM", "nu": r"(?:ν|nu|neutrinos?)", "r": r"r(?:ad)?",
          "de": r"(?:Λ|lambda|Lambda|de|DE)"}
_CAMB = {"m": "ommh2|omh2", "b": "ombh2", "c": "omch2|omdmh2", "nu": "omnuh2|omnu_h2", "r": "omrh2",
         "de": "omdeh2"}  # as the inputs of CAMB and CLASS are called
_IS = r"(?: ?(?:=|:|~|≈|of|is|as|equal to|equals|was) ?| )"
_WANTS = (r"(?:what(?:'?s| is| are| was| would| will| does| value of| about)?|which|how (?:large|"
          r"big|much|high) is|compute|calculate|derive|work out|find|get|gives?|convert|converted|"
          r"into|to|in|and|->|→|=>|yields?|implies|need|for|then|the|is) ?(?:\w+ ){0,1}?"
          r"(?:the |corresponding |resulting |value |of |implied |be |parameter |its |my )*")


def omega(part: str) -> str:
    """The pattern of a density parameter: "Ω_m", "Omega_b"; part is m, b, c, nu, r or de."""
    return rf"(?:(?-i:Ω)|omega) ?_?(?:{_INDEX[part]})(?!\w| ?h ?\^? ?2|h)"


def physical(part: str) -> str:
    """The pattern of a physical density: "Ω_m h^2", "omega_b h2", "ω_b"."""
    name = rf"_?(?:{_INDEX[part]})"
    return (rf"(?:(?:Ω|omega) ?{name} ?[*×·]? ?(?-i:h) ?\^? ?2(?!\d)|(?-i:ω) ?{name}(?!\w| ?h)|"
            rf"(?:Ω|omega) ?{name}h2(?!\d)|(?-i:{_CAMB[part]})(?!\w))")


@lru_cache(maxsize=64)
def _value(symbol: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{symbol}){_IS}({NUMBER})(?!\w|\.\d|\^)", re.I)


@lru_cache(maxsize=64)
def _asked(symbol: str) -> re.Pattern[str]:
    free = rf"(?<!\w)(?:{symbol})(?!{_IS}{NUMBER}|\w)"
    ends = r"(?: ?(?:be|then|here|today|now|is))? ?(?:= ?|: ?)?(?:\?|$)"
    return re.compile(rf"\b{_WANTS}{free}|(?:->|→|=>) ?{free}|{free}{ends}|"
                      rf"(?:^|[?.;:] ){free} (?:for|with|from|if|of|given|when|in|assuming|and)\b",
                      re.I)


def value_of(text: str, symbol: str) -> float | None:
    """The number that a text gives a symbol, None if it gives none."""
    found = _value(symbol).search(text)
    return float(found[1]) if found else None


def asks_for(text: str, symbol: str) -> bool:
    """Whether a text asks for the number of a symbol that it gives none."""
    return value_of(text, symbol) is None and _asked(symbol).search(text) is not None
