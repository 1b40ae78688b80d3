"""Queries for the full-text index of SQLite (FTS5).

Example:
    >>> spellings("sigma8")
    '("sigma8" OR "sigma 8")'
"""

from __future__ import annotations

import re
import unicodedata

from core.literature.text.text import STOP_WORDS

__all__ = ["full_text_query", "spelled_out", "spellings"]

_GREEK = re.compile(r"[α-ωΑ-Ω]")
_PHRASE = re.compile(r'"([^"]*)"|([^\s"]+)')
_TOKEN = re.compile(r"[^\W_]+(?:\.[0-9]+)?")
_LONGEST = 1000

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


def full_text_query(text: str) -> str:
    """What a person types into a search box, as a query of FTS5 for texts with all of the words.

    Args:
        text: any; "words in quotes" stand together; very common words count only in quotes or where
            there are no others. What comes after 1,000 characters is left out.

    Returns:
        The query; empty where there is nothing to look for.
    """
    parts: list[str] = []
    common: list[str] = []
    for quoted, loose in _PHRASE.findall(text[:_LONGEST]):
        tokens = _TOKEN.findall(spelled_out(quoted or loose).lower())
        if quoted and tokens:
            parts.append('"' + " ".join(tokens) + '"')
        else:
            for token in tokens:
                (common if token in STOP_WORDS else parts).append(spellings(token))
    return " AND ".join(dict.fromkeys(parts or common))


def spelled_out(text: str) -> str:
    """Greek letters by name, as LaTeX names them: σ8 is sigma8, ΛCDM is Lambda CDM."""
    return _GREEK.sub(_name_of, unicodedata.normalize("NFKC", text))


def _name_of(letter: re.Match[str]) -> str:
    name = unicodedata.name(letter[0]).split("LETTER ")[-1].split(" ")[0].lower()
    name = {"lamda": "lambda", "final": "sigma"}.get(name, name)
    following = letter.string[letter.end() : letter.end() + 1]
    return name + (" " if following.isalpha() else "")
