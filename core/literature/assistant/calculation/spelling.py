"""Words of a question as they are meant: "lum. dist." is luminosity distance, "angualr" angular.

Example:
    >>> as_meant("ang. diam. distnace at redshfit 2")
    'angular diameter distance at redshift 2'
"""

from __future__ import annotations

import re

__all__ = ["as_meant"]

_SHORT = {
    "ang": "angular", "diam": "diameter", "dist": "distance", "lum": "luminosity",
    "comov": "comoving", "param": "parameter", "temp": "temperature", "freq": "frequency",
    "univ": "universe", "vol": "volume", "dens": "density", "schwarzchild": "schwarzschild",
    "crit": "critical",
}
_TERMS = (
    "distance comoving luminosity angular diameter redshift universe lookback volume density "
    "critical hubble temperature frequency wavelength velocity radius virial growth factor "
    "parameter magnitude apparent absolute schwarzschild eddington multipole convert megaparsec "
    "parsec lightyear arcsecond arcminute modulus transverse horizon between subtend lyman "
    "cosmology bang"
)
_KNOWN = frozenset(_TERMS.split())
_ABBREVIATION = re.compile(rf"(?<![\w_])({'|'.join(_SHORT)})(?![\w_])\.?", re.I)
_PLANK = re.compile(r"\bplank(?='?s? (?:time|length|mass|energy|temperature|constant|cosmology|"
                    r"20\d\d|\d\d)\b)", re.I)
_WORD = re.compile(r"(?<![\w^])[A-Za-z]{6,16}(?!\w)")


def as_meant(text: str) -> str:
    """The text with abbreviations written out and terms with one slip of the keys put right."""
    text = _PLANK.sub("Planck", text)
    text = _ABBREVIATION.sub(lambda found: _SHORT[found[1].lower()], text)
    return _WORD.sub(lambda found: _corrected(found[0]), text)


def _corrected(word: str) -> str:
    low = word.lower()
    if low in _KNOWN or low.rstrip("s") in _KNOWN:
        return word
    meant = (form for term in _KNOWN if len(term) > 5 for form in (term, f"{term}s"))
    return next((form for form in meant if _one_slip(low, form)), word)


def _one_slip(typed: str, meant: str) -> bool:
    """Whether two words differ by a letter too many, too few, wrong, or two exchanged."""
    if typed[0] != meant[0] or abs(len(typed) - len(meant)) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b),
              min(len(typed), len(meant)))
    rest, right = typed[at:], meant[at:]
    return (rest[1:] == right[1:] or rest[1:] == right or rest == right[1:]
            or (rest[:2] == right[:2][::-1] and rest[2:] == right[2:]))
