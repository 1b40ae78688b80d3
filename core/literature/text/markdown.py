r"""Titles and abstracts as safe Markdown and BibTeX; mathematics is left unchanged.

Titles and abstracts are written by strangers. In Markdown nothing of them may become a tag, a link,
an image or a heading; in BibTeX nothing may end the entry early or be a command that reads files.

Example:
    >>> markdown(r"<b>$0<z<2$</b> and [a](b)")
    '&lt;b&gt;$0<z<2$&lt;/b&gt; and \\[a\\](b)'
    >>> bibtex_text(r"50% of $\alpha_{1}$ & \input{x}")
    '50\\% of $\\alpha_{1}$ \\& \\textbackslash{}input\\textbraceleft{}x\\textbraceright{}'
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.literature.text.tex import DOLLAR, mathematics
from core.literature.text.text import clean

__all__ = ["bibtex_text", "markdown", "pieces", "typed"]

_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_SPECIAL = re.compile(r"[\\`*_\[\]#|~$]")
_LINE_START = re.compile(r"^(?:[-+=]|\d+(?=[.)]))")
_OPENING = re.compile(r"<(?=[A-Za-z/!?])")
_AMPERSAND = re.compile(r"&(?=#?\w{1,31};)")
_LISTED = re.compile(r"^(\d*)([-+=.)>])")
_TAG = re.compile(r"<(?=[!?])|<(?=[A-Za-z/](?:[^<>]*>|(?:[^<>\"']|\"[^\"]*\"|'[^']*')*+>))")

_IN_BIBTEX = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}",
    DOLLAR: r"\$", **{sign: "\\" + sign for sign in "#$%&_"},
}  # fmt: skip
_ESCAPED = re.compile(r"\\([#$%&_])")
_COMMAND = re.compile(r"\\([A-Za-z]+|.)")
_SAFE_WORDS = """
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi
    rho sigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi
    Psi Omega sim simeq approx cong equiv propto pm mp times cdot ll gg le ge leq geq lesssim
    gtrsim ne neq in to rightarrow leftarrow infty partial nabla sum prod int sqrt frac odot oplus
    star ast ell hbar prime circ dagger bar hat tilde dot ddot vec overline mathrm mathbf mathcal
    mathit mathsf mathbb rm bf it cal text textrm log ln exp sin cos tan lim min max langle rangle
    left right big Big quad qquad
"""
_SAFE = frozenset(_SAFE_WORDS.split()) | frozenset(" ,;:!%#&_|-()")


def pieces(text: str) -> Iterator[tuple[bool, str]]:
    """Split into (is mathematics, piece); joined they are the text."""
    at = 0
    for start, end in mathematics(text):
        if start > at:
            yield False, text[at:start]
        yield True, text[start:end]
        at = end
    if at < len(text):
        yield False, text[at:]


def markdown(text: str) -> str:
    r"""One line of Markdown that shows a text as it stands.

    Mathematics is unchanged, except that a space comes between the signs of what would be an HTML
    tag (``$a<b>c$``) or a link (``$[x](y)$``); to TeX it is nothing.
    """
    shown = "".join(
        piece.replace("](", "] (") if is_formula else _in_markdown(piece)
        for is_formula, piece in pieces(_one_line(text))
    )
    return _LINE_START.sub(lambda match: _line_start(match[0]), _TAG.sub("< ", shown))


def typed(text: str) -> str:
    """One line of Markdown with what a reader typed: no sign is replaced, those that Markdown would
    take for something else have a stroke in front.

    Example:
        >>> typed("A & B: <b>5 < 6</b>")
        'A & B: \\\\<b>5 < 6\\\\</b>'
    """
    return "".join(
        _TAG.sub("< ", piece.replace("](", "] (")) if is_formula
        else _AMPERSAND.sub(r"\\&", _OPENING.sub(r"\\<", _escaped(piece)))
        for is_formula, piece in pieces(_one_line(text))
    )


def _escaped(text: str) -> str:
    text = _SPECIAL.sub(lambda match: "\\" + match[0], text.replace(DOLLAR, "$"))
    return _LISTED.sub(r"\1\\\2", text)


def _line_start(sign: str) -> str:
    return f"&#{ord(sign[0])};{sign[1:]}"


def _in_markdown(text: str) -> str:
    text = text.replace(r"\$", "$").replace(DOLLAR, "$")
    text = _SPECIAL.sub(lambda match: "\\" + match[0], text.replace("&", "&amp;"))
    return text.replace("<", "&lt;").replace(">", "&gt;")


def bibtex_text(text: str) -> str:
    """A text for a BibTeX field in braces; braces balance and only known formulas stay formulas."""
    return "".join(
        piece if is_formula and _is_harmless(piece) else _in_bibtex(piece)
        for is_formula, piece in pieces(_one_line(text))
    )


def _in_bibtex(text: str) -> str:
    text = _ESCAPED.sub(r"\1", text)
    return "".join(_IN_BIBTEX.get(sign, sign) for sign in text)


def _is_harmless(formula: str) -> bool:
    """Whether a formula has known commands only, and braces that balance as BibTeX counts them."""
    if "^^" in formula or re.search(r"(?<!\\)[%#&]", formula):
        return False
    depth = 0
    for sign in formula:
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    return depth == 0 and all(found[1] in _SAFE for found in _COMMAND.finditer(formula))


def _one_line(text: str) -> str:
    return clean(_INVISIBLE.sub(" ", text))
