r"""TeX of titles, abstracts and names as Unicode; mathematics is left unchanged.

Example:
    >>> readable(r"Andr\'e \& Stra{\ss}e: \emph{voids} at $0<z<2$")
    'André & Straße: voids at $0<z<2$'
"""

from __future__ import annotations

import re
import unicodedata
from itertools import islice

__all__ = ["DOLLAR", "KNOWN_MACROS", "displayable", "mathematics", "readable"]

DOLLAR = "\N{FULLWIDTH DOLLAR SIGN}"
r"""What becomes of an escaped dollar (``\$3``) and of one without a partner, so that it never pairs
with one of mathematics."""

KNOWN_MACROS = {
    "AA": r"\text{Å}", "HI": r"\mathrm{H\,I}", "HII": r"\mathrm{H\,II}",
    "LCDM": r"\Lambda\mathrm{CDM}",
    "Lsun": r"L_\odot", "Lya": r"\mathrm{Ly}\alpha", "Mpc": r"\mathrm{Mpc}", "Msol": r"M_\odot",
    "Msun": r"M_\odot", "Neff": r"N_\mathrm{eff}", "Rsun": r"R_\odot", "Zsun": r"Z_\odot",
    "ang": r"\text{Å}", "angstrom": r"\text{Å}", "arcdeg": r"^{\circ}", "arcmin": r"^{\prime}",
    "arcsec": r"^{\prime\prime}", "deg": r"^{\circ}", "degr": r"^{\circ}", "earth": r"\oplus",
    "ensuremath": "", "ergs": r"\mathrm{erg\,s^{-1}}", "fdg": r".\!\!^{\circ}",
    "farcm": r".\!\!^{\prime}", "farcs": r".\!\!^{\prime\prime}", "fnl": r"f_\mathrm{NL}",
    "fNL": r"f_\mathrm{NL}", "ga": r"\gtrsim", "gsim": r"\gtrsim", "halpha": r"\mathrm{H}\alpha",
    "hMpc": r"h^{-1}\,\mathrm{Mpc}", "kms": r"\mathrm{km\,s^{-1}}",
    "kpc": r"\mathrm{kpc}", "la": r"\lesssim", "lcdm": r"\Lambda\mathrm{CDM}", "lsim": r"\lesssim",
    "lsun": r"L_\odot", "lya": r"\mathrm{Ly}\alpha", "micron": r"\mu\mathrm{m}",
    "msol": r"M_\odot", "msun": r"M_\odot", "num": "", "rsun": r"R_\odot", "si": r"\mathrm",
    "solar": r"\odot", "sun": r"\odot", "unit": r"\mathrm", "xspace": "", "zsun": r"Z_\odot",
}
r"""Macros that authors use without KaTeX or MathJax knowing them, and what they stand for; an empty
one leaves its argument."""

_MACRO = re.compile(r"\\(" + "|".join(KNOWN_MACROS) + r")(?![A-Za-z])")


def displayable(formula: str) -> str:
    """A formula with the macros of :data:`KNOWN_MACROS` replaced, for display only."""
    return _MACRO.sub(_expanded, formula)


def _expanded(match: re.Match[str]) -> str:
    meaning = KNOWN_MACROS[match[1]]
    takes_argument = meaning in ("", r"\mathrm")
    return meaning if takes_argument else f"{{{meaning}}}"


_OPENING = re.compile(
    r"\\.|\$\$?|(?<=\\begin)\{((?:equation|align|eqnarray|gather|displaymath|math)\*?)\}", re.S
)
_CLOSING = {r"\(": r"\)", r"\[": r"\]"}
_MARK = "\0"


def mathematics(text: str) -> list[tuple[int, int]]:
    r"""Where mathematics is: ``$..$``, ``$$..$$``, ``\(..\)``, ``\[..\]`` and environments.

    Returns:
        Start and end of each, delimiters included, in order; in time linear in the text. A dollar
        without a partner, and an escaped one, is no mathematics.
    """
    spans: list[tuple[int, int]] = []
    missing: set[str] = set()
    at = 0
    while opening := _OPENING.search(text, at):
        at = opening.end()
        start, closing = _pair(opening)
        if not closing or closing in missing:
            continue
        end = _closed(text, at, closing)
        if end < 0:
            missing.add(closing)
        else:
            spans.append((start, end))
            at = end
    return spans


def _pair(opening: re.Match[str]) -> tuple[int, str]:
    if opening[1]:
        return opening.start() - len(r"\begin"), rf"\end{{{opening[1]}}}"
    if opening[0].startswith("$"):
        return opening.start(), opening[0]
    return opening.start(), _CLOSING.get(opening[0], "")


_DOLLARS = {mark: re.compile(r"\\.|" + re.escape(mark), re.S) for mark in ("$", "$$")}


def _closed(text: str, at: int, closing: str) -> int:
    """Just after the closing delimiter, or -1."""
    if closing not in _DOLLARS:
        found = text.find(closing, at)
        return found + len(closing) if found >= 0 else -1
    while match := _DOLLARS[closing].search(text, at):
        at = match.end()
        if match[0] == closing:
            return at
    return -1


def readable(text: str) -> str:
    r"""TeX outside mathematics as Unicode; mathematics byte for byte as it was.

    Accents (``\'e``, ``\"{o}``, ``\v{c}``), letters (``\ss``, ``{\aa}``), what only shapes text
    (``\emph{x}``, ``{\it x}``, ``~``, ``--``, ``\%``) and Greek letters are put as characters; an
    unknown macro stays as it is.
    """
    formulas, parts, at = [], [], 0
    for start, end in mathematics(text):
        parts.append(text[at:start].replace(_MARK, ""))
        formulas.append(text[start:end])
        at = end
    plain = _MARK.join([*parts, text[at:].replace(_MARK, "")])
    if "\\" in plain or "{" in plain:
        plain = _without_macros(plain)
    rest = iter(formulas)
    return re.sub(_MARK, lambda _: next(rest), _shaped(plain.replace("$", DOLLAR)))


_ACCENTS = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304",
    ".": "\u0307", "v": "\u030c", "u": "\u0306", "H": "\u030b", "c": "\u0327", "k": "\u0328",
    "r": "\u030a", "d": "\u0323", "b": "\u0331",
}
_BASE = r"(?:\\([ij])(?![A-Za-z])|([^\W\d_]))"
_ACCENT = re.compile(
    r"(\{)?\\(?:(['`^\"~=.])\s*|([vuHckrdb])(?:\s+|(?=[{\\])))"
    rf"(?:\{{\s*{_BASE}\s*\}}|{_BASE}(?:\{{\}})?)(?(1)\}})"
)
_LETTERS = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł",
    "aa": "å", "AA": "Å", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ",
    "dj": "đ", "DJ": "Đ",
}
_SIGNS = {
    "LaTeX": "LaTeX", "TeX": "TeX", "S": "§", "P": "¶", "copyright": "©", "pounds": "£",
    "dag": "†", "dots": "…", "ldots": "…", "textendash": "–", "textemdash": "—",
    "textquoteright": "’", "textquoteleft": "‘", "textasciitilde": "~",
    "textdegree": "°", "degree": "°", "times": "×", "pm": "±", "sim": "∼", "simeq": "≃",
    "approx": "≈", "lesssim": "≲", "gtrsim": "≳", "leq": "≤", "geq": "≥", "le": "≤", "ge": "≥",
    "ll": "≪", "gg": "≫", "infty": "∞", "propto": "∝", "to": "→", "rightarrow": "→",
    "odot": "⊙", "sun": "⊙",
}
_GREEK = """
    alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau
    upsilon phi chi psi omega
"""


def _greek(name: str) -> str:
    letter = "lamda" if name.lower() == "lambda" else name
    size = "SMALL" if name.islower() else "CAPITAL"
    return unicodedata.lookup(f"GREEK {size} LETTER {letter.upper()}")


_SIGNS |= {name: _greek(name) for base in _GREEK.split() for name in (base, base.capitalize())}
_LETTER = re.compile(
    r"(\{)?\\(" + "|".join(_LETTERS) + r")(?![A-Za-z])(?(1)\}|(?:\{\}|[ ]+(?=[a-z])|))"
)
_SIGN = re.compile(
    r"(\{)?\\(" + "|".join(_SIGNS) + r")(?![A-Za-z])(?(1)\}|(?:\{\}|[ ]+(?=[A-Z])|))"
)
_INNER = r"((?:[^{}\\]|\\[^{}])*)"
_SHAPE = re.compile(
    r"\\(?:emph|text(?:it|bf|tt|sc|rm|sf|sl|up|md|normal)?|mbox|hbox|url|mathrm|underline)\s*"
    rf"\{{{_INNER}\}}|\{{\\(?:it|bf|em|sc|rm|tt|sl|sf)(?![A-Za-z])\s*{_INNER}\}}"
    rf"|\\href\{{[^{{}}]*\}}\{{{_INNER}\}}"
)
_ESCAPE = re.compile(r"\\([^A-Za-z])")
_ESCAPED = {
    "$": DOLLAR, "\\": " ", ",": " ", ";": " ", ":": " ", " ": " ", "!": "", "/": "", "-": "",
}
_RAISED = re.compile(r"\\textsuperscript\{([-+0-9]{1,8})\}")
_SUPERSCRIPTS = str.maketrans("-+0123456789", "⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹")
_GROUP = re.compile(r"(?:(?<=[\s(\[\"'-])|^)\{([\w .&'-]*)\}")
_DEPTH = 6


def _without_macros(text: str) -> str:
    text = _ESCAPE.sub(lambda m: _ESCAPED.get(m[1], m[0]), text)
    text = _ACCENT.sub(_accented, text)
    text = _LETTER.sub(lambda m: _LETTERS[m[2]], text)
    text = _SIGN.sub(lambda m: _SIGNS[m[2]], text)
    text = _RAISED.sub(lambda m: m[1].translate(_SUPERSCRIPTS), text)
    for _ in range(_DEPTH):
        before = text
        text = _SHAPE.sub(lambda m: m[1] or m[2] or m[3] or "", text)
        if text == before:
            break
    text = _GROUP.sub(r"\1", text)
    return re.sub(r"\\([%&#_{}])", r"\1", text)


def _accented(match: re.Match[str]) -> str:
    base = next(letter for letter in islice(match.groups(), 3, None) if letter)
    mark = _ACCENTS[match[2] or match[3]]
    return unicodedata.normalize("NFC", base + mark)


_TIE = re.compile(r"(?<=[.\w)\]\0])~(?=[^\W\d_])|(?:(?<=\.)|(?<=[^\W\d_]{3}))~(?=[\d\0(])")
_DASH = re.compile(r"(?<!-)(-{2,3})(?!-)")


def _shaped(text: str) -> str:
    text = _TIE.sub(" ", text)
    text = _DASH.sub(lambda m: "–" if len(m[1]) == 2 else "—", text)
    text = text.replace("``", "“")
    return re.sub(r"(?<![\d'])''(?!')", "”", text)
