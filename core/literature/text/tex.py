r"""TeX of titles, abstracts and names as Unicode; mathematics is left unchanged.

Example:
    >>> readable(r"Andr\'e \& Stra{\ss}e: \emph{voids} at $0<z<2$")
    'André & Straße: voids at $0<z<2$'
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from core.literature.text.tex_money import opens_no_formula
from core.literature.text.tex_names import (
    ACCENTS,
    DISPLAYED,
    LETTERS,
    SIGNS,
    SUBSCRIPTS,
    SUPERSCRIPTS,
    TEXT_SIGNS,
)

__all__ = ["CODE", "DOLLAR", "KNOWN_MACROS", "displayable", "mathematics", "readable"]

DOLLAR = "\N{FULLWIDTH DOLLAR SIGN}"
r"""What becomes of an escaped dollar (``\$3``) and of one without a partner, so that it never pairs
with one of mathematics."""

KNOWN_MACROS = DISPLAYED

_MACRO = re.compile(r"\\(" + "|".join(KNOWN_MACROS) + r")(?![A-Za-z])")


_ION = re.compile(r"\\ion\s*\{([A-Za-z]{1,3})\}\s*\{([A-Za-z0-9]{1,6})\}")


def displayable(formula: str) -> str:
    """A formula with the macros of :data:`KNOWN_MACROS` replaced, for display only."""
    formula = _ION.sub(lambda match: rf"\mathrm{{{match[1]}\,{match[2].upper()}}}", formula)
    return _MACRO.sub(_expanded, formula)


def _expanded(match: re.Match[str]) -> str:
    meaning = KNOWN_MACROS[match[1]]
    takes_argument = meaning in ("", r"\mathrm", r"\text", r"\textit", r"\tfrac")
    return meaning if takes_argument else f"{{{meaning}}}"


_OPENING = re.compile(
    r"\\.|\$\$?|(?<=\\begin)\{((?:equation|align|eqnarray|gather|displaymath|math)\*?)\}", re.S
)
_CLOSING = {r"\(": r"\)", r"\[": r"\]"}
_MARK, _SPACE = "\0", "\x01"  # a formula, and a space that ends no macro's name
_RESERVED = re.compile(f"[{_MARK}{_SPACE}]")


def mathematics(text: str) -> list[tuple[int, int]]:
    r"""Where mathematics is: ``$..$``, ``$$..$$``, ``\(..\)``, ``\[..\]`` and environments.

    Returns:
        Start and end of each, delimiters included, in order; in time linear in the text. A dollar
        without a partner, an escaped one and one of money is no mathematics.
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
        if closing == "$" and end > 0 and opens_no_formula(text, start, end - 1):
            continue
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

    Accents, also several on a letter (``\'e``, ``\v{c}``, ``{\~\^e}``), letters (``\ss``,
    ``{\aa}``), what only shapes text (``\emph{x}``, ``{\it x}``, ``~``, ``--``, ``\%``), Greek
    letters and astronomers' macros (``\HI``, ``\Msun``) are put as characters; a footnote is put
    in brackets, a citation without words is left out, and an unknown macro stays as it is. What
    stands between two backticks is code and stays too.
    """
    formulas, parts, at = [], [], 0
    for start, end in _kept(text):
        parts.append(_RESERVED.sub("", text[at:start]))
        formulas.append(text[start:end])
        at = end
    plain = _MARK.join([*parts, _RESERVED.sub("", text[at:])])
    if "\\" in plain or "{" in plain:
        plain = _without_macros(plain)
    rest = iter(formulas)
    return re.sub(_MARK, lambda _: next(rest), _shaped(plain.replace("$", DOLLAR)))


CODE = re.compile(r"(?<![`\w])`(?=[^\s`'])[^`$\n]{1,600}(?<=[^\s`'])`(?![`\w])")
"""What stands between two backticks."""


def _kept(text: str) -> Iterator[tuple[int, int]]:
    """Where formulas and the code between them are, in order; in time linear in the text."""
    at = 0
    for start, end in mathematics(text):
        yield from _code(text, at, start)
        yield start, end
        at = end
    yield from _code(text, at, len(text))


def _code(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    return (found.span() for found in CODE.finditer(text, start, end))


_BASE = r"[^\W\d_][\u0300-\u036f]*"
_NOT_ITS_ARGUMENT = r"(?<!\\[vuHckrdbthG'`^\"~=.])"  # \v{\'c}: the brace is the outer accent's
_ACCENT = re.compile(
    rf"({_NOT_ITS_ARGUMENT}\{{)?" r"\\(?:(['`^\"~=.])\s*|([vuHckrdbthG])(?:\s+|(?=[{\\]))"
    r"|(textcommabelow|textogonekcentered)\s*(?=\{))"
    rf"(?:\{{\s*(\{{)?({_BASE})(?(5)\}})([^{{}}\\\0]{{0,40}})\}}|({_BASE})(?:\{{\}})?)(?(1)\}})"
)
_BARE_ACCENT = re.compile(r"\\([\^~`'\"])\s?\{\s*\}")
_LETTER = re.compile(
    rf"({_NOT_ITS_ARGUMENT}\{{)?" r"\\(" + "|".join(LETTERS)
    + r")(?![A-Za-z])(?(1)\}|(?:\{\}|[ ]+(?=[a-z])|))"
)
_SIGN = re.compile(
    r"(\{)?\\(" + "|".join(SIGNS) + r")(?![A-Za-z])(?(1)\}|(?:\{\}|[ ]+(?=[A-Z])|))"
)
_TEXT_SIGN = re.compile(
    r"(?<=(\d))?(\{)?\\(" + "|".join(TEXT_SIGNS) + r")(?![A-Za-z])(?(2)\}|(?:\{\})?)"
)
_CLOSE_UP = frozenset("⊙⊕°′″≲≳")
_INNER = r"((?:[^{}\\]|\\[^{}])*)"
_BY_SIZE = (
    r"it|bf|em|sc|rm|tt|sl|sf|cal|itshape|bfseries|scshape|slshape|upshape|ttfamily|sffamily|"
    r"rmfamily|mdseries|normalfont|boldmath|unboldmath|tiny|scriptsize|footnotesize|small|"
    r"normalsize|large|Large|LARGE|huge|centering|raggedright"
)
_SHAPE = re.compile(
    r"\\(?:emph|text(?:it|bf|tt|sc|rm|sf|sl|up|md|normal|color\{[^{}\\]*\}|sub|superscript)?|mbox|"
    r"hbox|fbox|makebox|url|path|math(?:rm|bf|it|sf|tt|cal|bb|frak|normal)|underline|uline|overline|"
    r"ensuremath|operatorname\*?|boldsymbol|bm|textsubscript|uppercase|lowercase|MakeUppercase|"
    r"MakeLowercase|num|unit|si|ang|acs?|acf|acl|gls|nolinkurl|centerline|title|enquote|"
    rf"textquote|mathord|textnormal|textulc|texorpdfstring)\s*\{{{_INNER}\}}"
    rf"|\{{\\(?:{_BY_SIZE})(?![A-Za-z])\s*{_INNER}\}}"
    rf"|\\href\s*\{{[^{{}}]*\}}\s*\{{{_INNER}\}}"
)
_QUANTITY = re.compile(rf"\\(?:SI|qty)\s*\{{{_INNER}\}}\s*\{{{_INNER}\}}")
_NOTE = re.compile(rf"\s?\\(?:footnote|thanks|footnotetext|marginpar)\s*\{{{_INNER}\}}")
_SWITCH = re.compile(
    rf"\\(?:{_BY_SIZE}|protect|xspace|noindent|indent|smallskip|medskip|bigskip|relax|left|right|"
    r"displaystyle|textstyle|nobreak|allowbreak|leavevmode|null|maketitle|ignorespaces|"
    r"footnotemark|hfil|vfill|clearpage|newpage|par)(?![A-Za-z])(?:\{\})?[ ]?"
)
_DROPPED = re.compile(
    r"\\(?:label|color|vspace|hspace|vskip|hskip|index|begin|end|phantom|vphantom|hphantom)\*?\s*"
    r"\{[^{}\\]{0,80}\}[ ]?"
)
_CITED = re.compile(
    r"(?:\s|(?<!\\)~){0,2}\\(?:cite|citep|citealp|parencite|autocite|footcite|nocite|supercite)\*?"
    r"\s*(?:\[[^\[\]]{0,200}\]\s*){0,2}\{[^{}\\]{0,400}\}"
)
_NAMED = re.compile(
    r"\\(?:citet|citealt|citeauthor|citeyear|citeyearpar|textcite|Citet|ref|eqref|autoref|cref|"
    r"Cref|pageref|nameref)\*?\s*(?:\[[^\[\]]{0,200}\]\s*){0,2}\{([^{}\\]{0,400})\}"
)
_ESCAPE = re.compile(r"\\([^A-Za-z])")
_ESCAPED = {
    "$": DOLLAR, **dict.fromkeys("\\,;: ", _SPACE), **dict.fromkeys("!/-@", ""),
}
_RAISED = re.compile(r"\\text(super|sub)script\s*\{([-+0-9]{1,8})\}")
_GROUP = re.compile(r"(?:(?<=[\s(\[\"'-])|^)\{([\w .&'-]*)\}")
_JOINED = re.compile(r"\\([A-Za-z]+)(?=\\[A-Za-z])")
_CHARACTERS = frozenset(SIGNS) | frozenset(LETTERS) | frozenset(TEXT_SIGNS) | frozenset(ACCENTS)
_SPACES = re.compile(" {2,}")
_DEPTH = 6


def _without_macros(text: str) -> str:
    text = _JOINED.sub(lambda m: m[0] if m[1] in _CHARACTERS else f"{m[0]} ", text)
    text = _BARE_ACCENT.sub(r"\1", text)
    text = _ESCAPE.sub(lambda m: _ESCAPED.get(m[1], m[0]), text)
    text = _LETTER.sub(lambda m: LETTERS[m[2]], text)
    text = _until_settled(lambda t: _ACCENT.sub(_accented, t), text)
    text = _ION.sub(lambda m: f"{m[1]} {m[2].upper()}", text)
    text = _CITED.sub("", text)
    text = _NAMED.sub(r"[\1]", text)
    text = _DROPPED.sub("", text)
    text = _SIGN.sub(lambda m: SIGNS[m[2]], text)
    text = _TEXT_SIGN.sub(_text_sign, text)
    text = _RAISED.sub(_raised, text)
    text = _until_settled(_unshaped, text)
    text = _SWITCH.sub("", text)
    text = _GROUP.sub(r"\1", text)
    text = re.sub(r"\\([%&#_{}])", r"\1", text)
    return _SPACES.sub(" ", text.replace(_SPACE, " "))


def _until_settled(change: Callable[[str], str], text: str) -> str:
    """What is nested is done from the inside, so many times."""
    for _ in range(_DEPTH):
        before, text = text, change(text)
        if text == before:
            break
    return text


def _unshaped(text: str) -> str:
    text = _QUANTITY.sub(r"\1 \2", text)
    text = _SHAPE.sub(lambda m: m[1] or m[2] or m[3] or "", text)
    return _NOTE.sub(r" (\1)", text)


def _text_sign(match: re.Match[str]) -> str:
    sign = TEXT_SIGNS[match[3]]
    return sign if match[1] is None or sign[0] in _CLOSE_UP else f" {sign}"


def _raised(match: re.Match[str]) -> str:
    return match[2].translate(SUPERSCRIPTS if match[1] == "super" else SUBSCRIPTS)


def _accented(match: re.Match[str]) -> str:
    base, rest = match[6] or match[8], match[7] or ""
    mark = ACCENTS[match[2] or match[3] or match[4]]
    base = {"ı": "i", "ȷ": "j"}.get(base[0], base[0]) + base[1:]
    return unicodedata.normalize("NFC", base + mark) + rest


_TIE = re.compile(r"(?<=[.\w)\]\0])~(?=[^\W\d_])|(?:(?<=\.)|(?<=[^\W\d_]{3}))~(?=[\d\0(\[])")
_DASH = re.compile(r"(?<!-)(-{2,3})(?!-)")
_SINGLE = re.compile(r"(?<![\w`])`(?=[^\W\d_\0])")


def _shaped(text: str) -> str:
    text = _TIE.sub(" ", text)
    text = _DASH.sub(lambda m: "–" if len(m[1]) == 2 else "—", text)
    text = _SINGLE.sub("‘", text.replace("``", "“"))
    return re.sub(r"(?<![\d'])''(?!')", "”", text)
