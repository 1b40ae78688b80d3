"""Commands of TeX's mathematics and what they look like without TeX."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import TypeVar

__all__ = ["ACCENTS", "DROPPED", "FRACTIONS", "LENGTHS", "STACKED", "STACKS", "STYLES", "TEXTS",
           "command_sign", "plain_sign"]

_STYLE_NAMES = """
    rm it bf sf tt sc cal em mit displaystyle textstyle scriptstyle scriptscriptstyle tiny
    scriptsize footnotesize small normalsize large Large LARGE huge Huge limits nolimits big Big
    bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm protect ensuremath mathrm mathit
    mathbf mathsf mathtt mathcal mathscr mathfrak mathbb mathnormal boldsymbol bm pmb mathord mathop
    mathbin mathrel mathopen mathclose mathpunct mathinner operatorname underbrace overbrace smash
    mathstrut strut noindent relax nonumber notag xspace upshape itshape bfseries left right raise
    cancel boxed fbox hfill null uppercase lowercase rlap llap clap mathrlap mathllap mathclap
"""
STYLES = frozenset(_STYLE_NAMES.split())
"""What shapes its argument, or what follows, and leaves it as it is."""

TEXTS = frozenset({"text", "textrm", "textit", "textbf", "texttt", "textsc", "textsf", "textup",
                   "textmd", "textnormal", "mbox", "hbox", "emph", "unit", "si"})
"""What has words for an argument."""

FRACTIONS = frozenset({"frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac"})
STACKS = frozenset({"stackrel", "overset"})
STACKED = {"<~": "≲", ">~": "≳", "=?": "≟", "Δ=": "≜", "def=": "≝"}
"""What two signs over one another mean."""

DROPPED = {"label": 1, "tag": 1, "ref": 0, "color": 1, "textcolor": 1, "colorbox": 1, "hspace": 1,
           "vspace": 1, "rule": 2, "phantom": 1, "hphantom": 1, "vphantom": 1, "raisebox": 1,
           "href": 1, "includegraphics": 1, "begin": 1, "end": 1, "htmlStyle": 1, "htmlClass": 1,
           "htmlId": 1, "htmlData": 1, "class": 1, "style": 1, "cssId": 1, "fontsize": 2}
"""What is not seen, and how many of its arguments are not seen either."""

LENGTHS = frozenset({"kern", "mkern", "hskip", "mskip", "vskip"})
"""What has a length without braces behind it."""

ACCENTS = {"bar": "\u0304", "overline": "\u0305", "hat": "\u0302", "widehat": "\u0302",
           "tilde": "\u0303", "widetilde": "\u0303", "dot": "\u0307", "ddot": "\u0308",
           "vec": "\u20d7", "overrightarrow": "\u20d7", "check": "\u030c", "breve": "\u0306",
           "acute": "\u0301", "grave": "\u0300", "mathring": "\u030a", "underline": "\u0332",
           "not": "\u0338"}
"""Marks at a letter, as characters that combine with it."""

_RELATIONS = {
    "le": "≤", "leq": "≤", "leqslant": "≤", "ge": "≥", "geq": "≥", "geqslant": "≥", "lt": "<",
    "gt": ">", "ll": "≪", "gg": "≫", "lesssim": "≲", "la": "≲", "lsim": "≲", "gtrsim": "≳",
    "ga": "≳", "gsim": "≳", "sim": "~", "simeq": "≃", "approx": "≈", "approxeq": "≊", "cong": "≅",
    "equiv": "≡", "ne": "≠", "neq": "≠", "propto": "∝", "in": "∈", "notin": "∉", "ni": "∋",
    "subset": "⊂", "subseteq": "⊆", "supset": "⊃", "supseteq": "⊇", "to": "→", "rightarrow": "→",
    "longrightarrow": "→", "leftarrow": "←", "leftrightarrow": "↔", "Rightarrow": "⇒",
    "Leftarrow": "⇐", "Leftrightarrow": "⇔", "mapsto": "↦", "implies": "⇒", "iff": "⇔", "mid": "|",
    "parallel": "∥", "perp": "⊥", "lessgtr": "≶", "gtrless": "≷", "prec": "≺", "succ": "≻",
    "asymp": "≍", "doteq": "≐", "coloneqq": "≔", "models": "⊨", "lessapprox": "⪅",
    "gtrapprox": "⪆", "leqq": "≦", "geqq": "≧", "uparrow": "↑", "downarrow": "↓",
}
_OPERATORS = {
    "pm": "±", "mp": "∓", "times": "×", "cdot": "·", "div": "÷", "oplus": "⊕", "otimes": "⊗",
    "ominus": "⊖", "wedge": "∧", "vee": "∨", "cap": "∩", "cup": "∪", "setminus": "∖",
}
_MARKS = {
    "odot": "⊙", "sun": "⊙", "earth": "⊕", "infty": "∞", "partial": "∂", "nabla": "∇", "sum": "∑",
    "prod": "∏", "int": "∫", "iint": "∬", "iiint": "∭", "oint": "∮", "ell": "ℓ", "hbar": "ℏ",
    "prime": "′", "circ": "°", "degree": "°", "deg": "°", "dagger": "†", "dag": "†",
    "ddagger": "‡", "star": "*", "ast": "*", "bullet": "•", "langle": "⟨", "rangle": "⟩",
    "lvert": "|", "rvert": "|", "vert": "|", "Vert": "‖", "lVert": "‖", "rVert": "‖", "|": "‖",
    "lbrace": "{", "rbrace": "}", "{": "{", "}": "}", "%": "%", "$": "$", "&": "&", "#": "#",
    "_": "_", "percent": "%", "dots": "…", "ldots": "…", "cdots": "⋯", "vdots": "⋮", "ddots": "⋱",
    "square": "□", "Box": "□", "triangle": "△", "angle": "∠", "forall": "∀", "exists": "∃",
    "neg": "¬", "emptyset": "∅", "Re": "ℜ", "Im": "ℑ", "aleph": "ℵ", "S": "§", "P": "¶",
    "surd": "√", "AA": "Å", "ang": "Å", "angstrom": "Å", "arcsec": "″", "arcmin": "′",
    "imath": "ı", "jmath": "ȷ", "diamond": "⋄", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈",
    "rceil": "⌉", "backslash": "∖", "slash": "/", "colon": ":", "lbrack": "[", "rbrack": "]",
    "textasciitilde": "~", "ss": "ß", "ae": "æ", "oe": "œ", "o": "ø", "l": "ł", "aa": "å",
    "textdegree": "°", "micron": "μm", "pounds": "£", "copyright": "©",
}
_SPACES = {",", ";", ":", ">", " ", "quad", "qquad", "enspace", "enskip", "thinspace", "space",
           "medspace", "thickspace", "hfil", "newline", "par", "\n", "\t"}
_NOTHING = {"!", "/", "-", "(", ")", "[", "]", "negthinspace", "@"}
_FUNCTION_NAMES = """
    log ln exp sin cos tan cot sec csc sinh cosh tanh arcsin arccos arctan min max sup inf lim det
    dim ker arg gcd Pr hom lg limsup liminf argmin argmax
"""
_FUNCTIONS = frozenset(_FUNCTION_NAMES.split())
_GREEK_NAMES = """
    alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma
    tau upsilon phi chi psi omega
"""
_GREEK = frozenset(_GREEK_NAMES.split())
_VARIANTS = {"varepsilon": "ε", "vartheta": "ϑ", "varpi": "ϖ", "varrho": "ϱ", "varsigma": "ς",
             "varphi": "φ", "digamma": "ϝ"}

_PLAIN_RELATIONS = {"<": "<", ">": ">", "=": "=", "≤": "≤", "≥": "≥", "≲": "≲", "≳": "≳", "≈": "≈",
                    "∼": "~", "≃": "≃", "→": "→", "∈": "∈", "∝": "∝", "≠": "≠", "≡": "≡"}
_PLAIN_OPERATORS = {"+": "+", "-": "−", "−": "−", "±": "±", "×": "×", "·": "·", "∓": "∓"}

Made = TypeVar("Made")


def plain_sign(character: str, make: Callable[[str, str], Made]) -> Made:
    """What a character other than a command means."""
    if character in _PLAIN_RELATIONS:
        return make(_PLAIN_RELATIONS[character], "relation")
    if character in _PLAIN_OPERATORS:
        return make(_PLAIN_OPERATORS[character], "operator")
    if character == "*":
        return make("*", "mark")
    kind = "digit" if character.isdigit() else "letter" if character.isalpha() else "mark"
    return make(character, kind)


def command_sign(name: str, make: Callable[[str, str], Made]) -> Made:
    """What a command without arguments means; one that nobody knows is a word."""
    for table, kind in ((_RELATIONS, "relation"), (_OPERATORS, "operator"), (_MARKS, "mark"),
                        (_VARIANTS, "letter")):
        if name in table:
            return make(table[name], kind)
    if name in _SPACES or name.isspace():
        return make(" ", "space")
    if name in _NOTHING or not (name.isalpha() and name.isascii()):
        return make("", "mark") if name in _NOTHING else plain_sign(name, make)
    if name in _FUNCTIONS:
        return make(name, "function")
    if name.lower() in _GREEK and re.fullmatch("[A-Za-z][a-z]+", name):
        return make(_greek(name), "letter")
    return make(name, "word")


def _greek(name: str) -> str:
    letter = "lamda" if name.lower() == "lambda" else name
    return unicodedata.lookup(f"GREEK {'SMALL' if name[0].islower() else 'CAPITAL'} LETTER "
                              f"{letter.upper()}")
