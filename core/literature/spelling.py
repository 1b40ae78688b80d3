"""Words as the full-text index of SQLite (FTS5) should look for them.

Example:
    >>> spellings("sigma8")
    '("sigma8" OR "sigma 8")'
"""

from __future__ import annotations

import re

__all__ = ["spellings"]

_JOINT = re.compile(r"(?<=[a-z])(?=[0-9])|(?<=[0-9])(?=[a-z])")
_BRITISH = re.compile(r"is(ations?|e|ed|ing)$")
_AMERICAN = re.compile(r"iz(ations?|e|ed|ing)$")
_ALSO = {
    "agn": "active galactic nuclei", "bao": "baryon acoustic oscillations",
    "bbn": "big bang nucleosynthesis", "cdm": "cold dark matter",
    "cmb": "cosmic microwave background", "eor": "epoch of reionization",
    "frb": "fast radio bursts", "gw": "gravitational waves", "h0": "hubble constant",
    "hod": "halo occupation", "hsc": "hyper suprime cam", "igm": "intergalactic medium",
    "isw": "integrated sachs wolfe", "lambdacdm": "lambda cdm", "lcdm": "lambda cdm",
    "lss": "large scale structure", "lya": "ly alpha", "lyman": "ly",
    "pbh": "primordial black holes", "png": "primordial non gaussianity",
    "rsd": "redshift space distortions", "sbi": "simulation based inference",
    "sn": "supernovae", "sne": "supernovae", "sz": "sunyaev zeldovich",
    "trgb": "tip of the red giant branch", "wdm": "warm dark matter",
}


def spellings(word: str) -> str:
    """A word, lower-case, as FTS5 looks for it: in every spelling, each quoted.

    "sigma8" is also "sigma 8", "polarisation" also "polarization", "bao" also what it stands for.
    """
    found = {word: None, _BRITISH.sub(r"iz\1", word): None, _AMERICAN.sub(r"is\1", word): None}
    found |= {_JOINT.sub(" ", word): None, _ALSO.get(word, word): None}
    quoted = ['"' + spelling.replace('"', '""') + '"' for spelling in found]
    return f"({' OR '.join(quoted)})"
