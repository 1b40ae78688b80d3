"""Abbreviations written out, as the passages say them: an embedding knows no "EDE".

Example:
    >>> unabbreviated("can EDE fix the S8 tension?")
    'can early dark energy fix the S8 tension?'
"""

from __future__ import annotations

import re
from functools import lru_cache

from core.literature.assistant.questions.names import long_forms
from core.literature.library.primer import read_primer

__all__ = ["unabbreviated"]

_COMMON = {
    "EDE": "early dark energy", "EoR": "epoch of reionization", "EOR": "epoch of reionization",
    "IA": "intrinsic alignments", "IAs": "intrinsic alignments", "DM": "dark matter",
    "DE": "dark energy", "CDM": "cold dark matter", "WDM": "warm dark matter",
    "FDM": "fuzzy dark matter", "SIDM": "self-interacting dark matter",
    "PBH": "primordial black hole", "PBHs": "primordial black holes", "BH": "black hole",
    "BHs": "black holes", "SMBH": "supermassive black hole",
    "SMBHs": "supermassive black holes",
    "GW": "gravitational wave", "GWs": "gravitational waves", "NS": "neutron star",
    "SN": "supernova", "SNe": "supernovae", "SNIa": "type Ia supernovae",
    "GR": "general relativity",
    "LSS": "large-scale structure", "RSD": "redshift-space distortions", "WL": "weak lensing",
    "HMF": "halo mass function", "UVLF": "ultraviolet luminosity function",
    "SFR": "star formation rate", "MW": "Milky Way", "SBI": "simulation-based inference",
    "NN": "neural network", "NNs": "neural networks", "IM": "intensity mapping",
    "sims": "simulations", "hydro": "hydrodynamical", "photoz": "photometric redshift",
    "photo-z": "photometric redshift", "photo-zs": "photometric redshifts",
    "specz": "spectroscopic redshift", "spec-z": "spectroscopic redshift",
    "z-space": "redshift-space", "zspace": "redshift-space",
    "2pt": "two-point", "3pt": "three-point", "w0wa": "w0waCDM dark energy",
}
_WORD = re.compile(r"(?<![\w$\\-])[A-Za-z0-9][A-Za-z0-9-]{0,9}(?![\w$])")


def unabbreviated(question: str) -> str:
    """A question with the abbreviations written out that the library has a name for.

    Args:
        question: in English.
    """
    return _WORD.sub(lambda found: _long(found[0]), question)


def _long(word: str) -> str:
    if word in _COMMON:
        return _COMMON[word]
    if not (word[:2].isupper() or word[1:].isupper()):
        return word
    return _known().get(word.lower(), word)


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    """Of the library's passages, which write the long form about as often: they say DES, not its
    name, but "fuzzy dark matter" rather than FDM."""
    texts = " ".join(passage.text for passage in read_primer())
    low = texts.lower().replace("-", " ")
    found: dict[str, tuple[int, str]] = {}
    for short, long in long_forms():
        count = low.count(long)
        often = len(re.findall(rf"\b{re.escape(short.upper())}\b", texts))
        if count and 2 * count >= often:
            found[short] = max(found.get(short, (0, "")), (count, long))
    return {short: long for short, (_, long) in found.items()}
