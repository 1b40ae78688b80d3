"""What a sentence has to do with the claim of its paper: its title's quantity, a nuisance, a test.

Example:
    >>> shares_quantity("The growth of structure from groups", r"We find $f\\sigma_8 = 0.45$.")
    True
    >>> is_nuisance("We constrain the alignment amplitude to $A_{\\rm IA} = 0.6$.", "Cosmic shear")
    True
"""

from __future__ import annotations

import re

from core.literature.text.flat_math import flatten

__all__ = ["is_check", "is_nuisance", "is_warning", "shares_quantity", "without_samples"]

_QUANTITIES = (
    (r"hubble (?:constant|tension|parameter)|h_?0|expansion rate|distance ladder|sirens?",
     r"H_?0\b|Hubble constant"),
    (r"amplitude of (?:structure|fluctuations)|s_?8|sigma_?8|σ_?8|cosmic shear|weak[- ]lensing"
     r"|3x2pt",
     r"S_?8\b|σ_?8\b"),
    (r"growth|redshift-space distortion|gravity test", r"f ?σ_?8|growth (?:rate|index)"),
    (r"dark energy|equation of state"
     r"|quintessence", r"\bw(?:_0|_a|_DE)?\b ?[=<>~]|w_0|cosmological constant"),
    (r"neutrino mass|masses of neutrinos|sum of neutrino", r"m_ν|neutrino mass"),
    (r"tensor|gravitational[- ]wave background|b-mode", r"\br ?[<=]|r_\d|tensor-to-scalar"),
    (r"optical depth|reioni[sz]ation history", r"\bτ\b"),
    (r"non-?gaussian|f_?nl", r"f_NL"), (r"curvature", r"Ω_[kK]|curvature"),
    (r"matter density", r"Ω_m"), (r"\bbias\b", r"\bbias\b|\bb(?:_\w)? ?="),
    (r"mass bias|cluster mass", r"1 ?- ?b\b"), (r"spectral index|tilt", r"n_s\b"),
    (r"\b(?:limits?|bounds?)\b",
     r"\b(?:limit|bound)\w* [^.]*[<>] ?-?\d|[<>] ?-?[\d.^-]+[^.]{0,20} at \d+ ?%|\(\d+% C"),
    (r"isw|sachs", r"A_ISW"), (r"sound horizon", r"\br_(?:d|s)\b|sound horizon"),
)  # fmt: skip
_PATTERNS = tuple(
    (re.compile(title, re.IGNORECASE), re.compile(text)) for title, text in _QUANTITIES
)
_VALUE = re.compile(r"[=<>~±]\s?-?\d|\d ?(?:%|σ|per ?cent)|\bfrom \d")

_NUISANCE = re.compile(
    r"\b(?:intrinsic alignments?|alignment amplitude|A_IA|nuisance"
    r"|photometric[- ]redshift (?:error|bias)"
    r"|miscentring|foreground contamination|shear calibration"
    r"|calibration parameter)\b", re.IGNORECASE)
_CHECK = re.compile(
    r"\bfrom (?:an? |the )?(?:input|true|fiducial)(?: value)? of\b|\b(?:input|true"
    r"|injected) value\b"
    r"|\bin (?:our|the|a) fiducial (?:model|cosmology|simulation)\b[.,]?$")
_WARNING = re.compile(
    r"\b(?:is|are|be|were|was) (?:\w+ )?too (?:narrow|wide|small|large|low|high|optimistic|tight"
    r"|loose)\b"
    r"|\b(?:under|over)estimat\w+ (?:by|the)\b|\bbiased (?:low|high|by)\b")
_SAMPLES = re.compile(
    r"[\d.]+ ?<? ?\bz ?[<=~>]+ ?[\d.]+|\bz ?[<=~>] ?[\d.]+|\bredshifts? (?:of )?[\d.]+"
    r"|(?:10\^\d+|[\d.]+ ?× ?10\^\d+)(?: (?:to|and|-) 10\^\d+)? ?(?:h\^-1 )?M_⊙"
    r"|(?<![=<>±~.\d] )(?<![=<>±~.\d])\b\d[\d,]*(?= (?:[a-zA-Z-]+ ){0,3}[a-z-]+s\b)"
    r"|\b\d[\d,.]* ?deg\^2|\bk ?[<>] ?[\d.]+")


def without_samples(text: str) -> str:
    """A sentence in flat notation without the numbers that say what was looked at."""
    return _SAMPLES.sub("", flatten(text).text)


def shares_quantity(title: str, text: str) -> bool:
    """Whether a sentence gives a value of what the title is about."""
    flat = flatten(text).text
    return bool(_VALUE.search(flat)) and any(
        named.search(title) and symbol.search(flat) for named, symbol in _PATTERNS
    )


def is_nuisance(text: str, title: str) -> bool:
    """Whether it is about what has to be fitted besides, and the title is not."""
    found = _NUISANCE.search(flatten(text).text)
    return found is not None and _NUISANCE.search(flatten(title).text) is None


def is_check(text: str) -> bool:
    """Whether it gives back what was put in: "from an input of 70", "in our fiducial model"."""
    return _CHECK.search(text) is not None


def is_warning(text: str) -> bool:
    """Whether it says that errors are wrong or a value is biased, which a reader must know."""
    return _WARNING.search(text) is not None
