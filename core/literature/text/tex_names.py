r"""What TeX's names stand for: accents, letters, signs, and macros of astronomers.

``DISPLAYED`` is for mathematics, which the browser draws; the others are for text.
"""

from __future__ import annotations

import unicodedata

__all__ = ["ACCENTS", "DISPLAYED", "LETTERS", "SIGNS", "SUBSCRIPTS", "SUPERSCRIPTS", "TEXT_SIGNS"]

DISPLAYED = {
    "AA": r"\text{Å}", "Gpc": r"\mathrm{Gpc}", "Gyr": r"\mathrm{Gyr}", "HI": r"\mathrm{H\,I}",
    "HII": r"\mathrm{H\,II}", "Ha": r"\mathrm{H}\alpha", "Halpha": r"\mathrm{H}\alpha",
    "LCDM": r"\Lambda\mathrm{CDM}", "Lsol": r"L_\odot",
    "Lsun": r"L_\odot", "Lya": r"\mathrm{Ly}\alpha", "Mpc": r"\mathrm{Mpc}", "Msol": r"M_\odot",
    "Msun": r"M_\odot", "Myr": r"\mathrm{Myr}", "Neff": r"N_\mathrm{eff}", "Rsun": r"R_\odot",
    "Sun": r"\odot", "Zsun": r"Z_\odot",
    "ang": r"\text{Å}", "angstrom": r"\text{Å}", "arcdeg": r"^{\circ}", "arcmin": r"^{\prime}",
    "arcsec": r"^{\prime\prime}", "boldmath": "", "deg": r"^{\circ}", "degr": r"^{\circ}",
    "earth": r"\oplus", "emph": r"\textit",
    "ensuremath": "", "ergs": r"\mathrm{erg\,s^{-1}}", "fdg": r".\!\!^{\circ}",
    "farcm": r".\!\!^{\prime}", "farcs": r".\!\!^{\prime\prime}", "fnl": r"f_\mathrm{NL}",
    "fNL": r"f_\mathrm{NL}", "ga": r"\gtrsim", "gsim": r"\gtrsim", "halpha": r"\mathrm{H}\alpha",
    "hMpc": r"h^{-1}\,\mathrm{Mpc}", "kms": r"\mathrm{km\,s^{-1}}",
    "kpc": r"\mathrm{kpc}", "la": r"\lesssim", "lcdm": r"\Lambda\mathrm{CDM}", "lsim": r"\lesssim",
    "lsun": r"L_\odot", "lya": r"\mathrm{Ly}\alpha", "micron": r"\mu\mathrm{m}",
    "msol": r"M_\odot", "msun": r"M_\odot", "nicefrac": r"\tfrac", "num": "", "protect": "",
    "rsun": r"R_\odot", "sc": "", "sfrac": r"\tfrac", "si": r"\mathrm",
    "solar": r"\odot", "sun": r"\odot", "textsc": r"\text", "textsl": r"\textit",
    "unit": r"\mathrm", "xspace": "", "zsun": r"Z_\odot",
}
r"""Macros that authors use without KaTeX or MathJax knowing them, and what they stand for; an empty
one leaves its argument, and one without braces takes it."""

TEXT_SIGNS = {
    "HI": "HI", "HII": "HII", "Ha": "Hα", "Halpha": "Hα", "halpha": "Hα", "Hbeta": "Hβ",
    "LCDM": "ΛCDM", "lcdm": "ΛCDM", "Lya": "Lyα", "lya": "Lyα", "Lsun": "L⊙", "lsun": "L⊙",
    "Lsol": "L⊙", "Msun": "M⊙", "msun": "M⊙", "Msol": "M⊙", "msol": "M⊙", "Rsun": "R⊙",
    "rsun": "R⊙", "Zsun": "Z⊙", "zsun": "Z⊙", "sun": "⊙", "Sun": "⊙", "solar": "⊙", "odot": "⊙",
    "earth": "⊕", "oplus": "⊕", "Mpc": "Mpc", "Gpc": "Gpc", "kpc": "kpc", "hMpc": "Mpc/h",
    "Gyr": "Gyr", "Myr": "Myr", "kms": "km/s", "ergs": "erg/s", "micron": "µm", "ang": "Å",
    "angstrom": "Å", "arcsec": "″", "arcmin": "′", "arcdeg": "°", "deg": "°", "degr": "°",
    "fdg": "°.", "farcm": "′.", "farcs": "″.", "Neff": "N_eff", "fnl": "f_NL", "fNL": "f_NL",
    "la": "≲", "ga": "≳", "lsim": "≲", "gsim": "≳", "item": "•", "quad": " ", "qquad": " ",
    "newline": " ", "linebreak": " ", "par": " ", "hfill": " ", "thinspace": " ", "space": " ",
    "slash": "/", "textbackslash": "∖", "ell": "ℓ", "star": "⋆", "ast": "*", "prime": "′",
    "circ": "°", "cdot": "·", "cdots": "…", "mp": "∓", "neq": "≠", "ne": "≠", "equiv": "≡",
    "in": "∈", "partial": "∂", "nabla": "∇", "sum": "∑", "hbar": "ħ",
}
"""Macros that, outside mathematics, stand for some characters."""

ACCENTS = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304",
    ".": "\u0307", "v": "\u030c", "u": "\u0306", "H": "\u030b", "c": "\u0327", "k": "\u0328",
    "r": "\u030a", "d": "\u0323", "b": "\u0331", "t": "\u0361", "h": "\u0309", "G": "\u030f",
    "textcommabelow": "\u0326", "textogonekcentered": "\u0328",
}
LETTERS = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł",
    "aa": "å", "AA": "Å", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ",
    "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ", "SS": "ẞ", "imath": "ı", "jmath": "ȷ",
}
SIGNS = {
    "LaTeX": "LaTeX", "TeX": "TeX", "S": "§", "P": "¶", "copyright": "©", "pounds": "£",
    "dag": "†", "ddag": "‡", "dots": "…", "ldots": "…", "textellipsis": "…", "textendash": "–",
    "textemdash": "—", "textquoteright": "’", "textquoteleft": "‘", "textquotedblleft": "“",
    "textquotedblright": "”", "textquotedbl": '"', "lq": "‘", "rq": "’", "guillemotleft": "«",
    "guillemotright": "»", "textasciitilde": "~", "textasciicircum": "^", "textbar": "|",
    "textless": "<", "textgreater": ">", "textbullet": "•", "textmu": "µ", "textohm": "Ω",
    "textregistered": "®", "texttrademark": "™", "textcopyright": "©", "texteuro": "€",
    "euro": "€", "textsterling": "£", "textunderscore": "_", "textminus": "−", "textpm": "±",
    "texttimes": "×",
    "textdegree": "°", "degree": "°", "times": "×", "pm": "±", "sim": "∼", "simeq": "≃",
    "approx": "≈", "lesssim": "≲", "gtrsim": "≳", "leq": "≤", "geq": "≥", "le": "≤", "ge": "≥",
    "ll": "≪", "gg": "≫", "infty": "∞", "propto": "∝", "to": "→", "rightarrow": "→",
    "ohm": "Ω",
}
_GREEK = """
    alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau
    upsilon phi chi psi omega
"""


def _greek(name: str) -> str:
    letter = "lamda" if name.lower() == "lambda" else name
    size = "SMALL" if name.islower() else "CAPITAL"
    return unicodedata.lookup(f"GREEK {size} LETTER {letter.upper()}")


SIGNS |= {name: _greek(name) for base in _GREEK.split() for name in (base, base.capitalize())}
SIGNS |= {f"var{name}": _greek(name) for name in ["epsilon", "theta", "rho", "sigma", "phi"]}
SIGNS |= {f"text{name}": _greek(name) for name in ["alpha", "beta", "gamma", "sigma"]}
SUPERSCRIPTS = str.maketrans("-+0123456789", "⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹")
SUBSCRIPTS = str.maketrans("-+0123456789", "₋₊₀₁₂₃₄₅₆₇₈₉")
