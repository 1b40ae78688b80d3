r"""Text with TeX as one line of Unicode, for wherever there is no TeX: excerpts, titles, labels.

No formula is left out, and no command, dollar or brace of TeX is left over. Sub- and superscripts
are those of Unicode where it has them, and otherwise stand behind a sign as in an e-mail.

Example:
    >>> unicode_text(r"$H_0 = 73.4 \pm 1.1$ km s$^{-1}$ Mpc$^{-1}$ in flat $\Lambda$CDM")
    'H₀ = 73.4 ± 1.1 km s⁻¹ Mpc⁻¹ in flat ΛCDM'
    >>> unicode_text(r"$A_{\rm IA}$ at $z\lesssim1$, $10^{14.5}\,M_\odot$")
    'A_IA at z ≲ 1, 10^14.5 M⊙'
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from core.literature.text import formula, tex_signs
from core.literature.text.formula import Accent, Fraction, Node, Root, Script, Sign
from core.literature.text.tex import CODE, DOLLAR, displayable, mathematics, readable
from core.literature.text.text import clean

__all__ = ["body_of", "unicode_formula", "unicode_text"]

_ABOVE = {
    **dict(zip("0123456789+−=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾", strict=True)),
    **dict(zip("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True)),
    **dict(zip("ABDEGHIJKLMNOPRTUVW", "ᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ", strict=True)),
    **dict(zip("βγδθφχ", "ᵝᵞᵟᶿᵠᵡ", strict=True)), **{sign: sign for sign in "′″*°†⊙"},
}
_BELOW = {
    **dict(zip("0123456789+−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True)),
    **dict(zip("aehijklmnoprstuvx", "ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)),
    **dict(zip("βγρφχ", "ᵦᵧᵨᵩᵪ", strict=True)), **{sign: sign for sign in "⊙⊕*"},
}
_SCRIPT_SPACES = str.maketrans("", "", " ")
_NEAR_ITS_NUMBER = "<>≤≥≲≳~≈≃≪≫"
_SIGNED = re.compile(r"[+−±]\S+")
_DELIMITERS = re.compile(
    r"^(?:\$\$?|\\[(\[]|\\begin\{[a-z*]+\})|(?:\$\$?|\\[)\]]|\\end\{[a-z*]+\})$"
)
_RUNS_ON = re.compile(r"[^\W_][\w.,]*|[+−]?[^\W_.]*[.]?[^\W_.]+|[∞∥⊥]")


def unicode_text(text: str) -> str:
    """Text with TeX in one line of Unicode; it is not escaped for any markup."""
    text = readable(text)
    shown, at = "", 0
    for start, end in mathematics(text):
        shown += _words(text[at:start])
        body = body_of(text[start:end]).lstrip()
        # an exponent belongs to the unit before it, as in "km s $^{-1}$"
        shown = (shown.rstrip() if body[:1] in ("^", "_") else shown) + _row(formula.parse(body))
        at = end
    return clean(shown + _words(text[at:]))


def body_of(formula_: str) -> str:
    """A formula without its delimiters, with the macros that authors take for granted replaced."""
    return displayable(_DELIMITERS.sub("", formula_))


def unicode_formula(body: str) -> str:
    """A formula without delimiters in one line of Unicode."""
    return clean(_row(formula.parse(body)))


_IN_WORDS = re.compile(r"\\[A-Za-z]+(\{?)|[{}]|\\(.)|\\", re.DOTALL)
_LONE = re.compile(rf"{DOLLAR}(?!\d)")
_RAISED = re.compile(r"(?<=[\w)\]])\s?\^\s?(?:\{([^{}]{1,24})\}|([-+−]?\d+))")
_SUNK = re.compile(r"(?<![\w\\])([^\W\d_]{1,2})\s?_\s?(?:\{([^{}]{1,24})\}|([^\W_]{1,6})(?!\w))")


def _words(text: str) -> str:
    """Words between the formulas; code among them stays as it is."""
    shown, at = "", 0
    for code in CODE.finditer(text):
        shown += _prose(text[at : code.start()]) + code[0]
        at = code.end()
    return shown + _prose(text[at:])


def _prose(text: str) -> str:
    """Where people type mathematics too."""
    text = _LONE.sub("", text).replace(DOLLAR, "$")  # a formula that was cut off has one dollar
    if "^" in text:
        text = _RAISED.sub(lambda m: _script(unicode_formula(m[1] or m[2]), _ABOVE, "^"), text)
    if "_" in text:
        text = _SUNK.sub(lambda m: m[1] + _script(unicode_formula(m[2] or m[3]), _BELOW, "_"), text)
    return _IN_WORDS.sub(_bare, text) if re.search(r"[\\{}]", text) else text


def _bare(found: re.Match[str]) -> str:
    token = found[0]
    if token in ("{", "}", "\\"):
        return ""
    if found[2]:
        return found[2] if found[2] in "%$&#_{}" else " " if found[2] in " ,;:\\" else ""
    name = token[1:].removesuffix("{")
    if name in tex_signs.STYLES or name in tex_signs.TEXTS or name in tex_signs.DROPPED:
        return ""
    return tex_signs.command_sign(name, Sign).text + (" " if found[1] else "")


def _row(nodes: Sequence[Node]) -> str:
    parts: list[str] = []
    for index, node in enumerate(nodes):
        before = parts[-1] if parts else ""
        parts.append(_node(node, before, nodes[index + 1 :index + 5]))
    return re.sub(r" {2,}", " ", "".join(parts)).replace("′′", "″")


def _inner(nodes: Sequence[Node]) -> str:
    return _row(nodes).strip(" ")


def _node(node: Node, before: str, following: Sequence[Node]) -> str:
    if isinstance(node, Sign):
        return _sign(node, before, following)
    if isinstance(node, Script):
        return _scripts(node, following, before)
    if isinstance(node, Fraction):
        return _fraction(node, before, following)
    if isinstance(node, Root):
        degree = _script(_inner(node.degree), _ABOVE, "^") if node.degree else ""
        return f"{degree}√{_grouped(_inner(node.argument))}"
    return _accented(node)


def _fraction(node: Fraction, before: str, following: Sequence[Node]) -> str:
    written = f"{_grouped(_inner(node.top))}/{_grouped(_inner(node.bottom))}"
    if following and (_is_wordlike(following[0]) or following[0] == Sign("(", "mark")
                      or isinstance(following[0], Script)):
        written = f"({written})"
    return f" {written}" if before[-1:].isalnum() or before.endswith(")") else written


def _sign(sign: Sign, before: str, following: Sequence[Node]) -> str:
    if sign.kind == "relation":
        if before.strip() and before[-1] not in "([":
            return f" {sign.text} "
        return sign.text if sign.text in _NEAR_ITS_NUMBER else f"{sign.text} "
    if sign.kind == "operator":
        binary = before.strip() and before.rstrip(" ")[-1] not in "([=<>≤≥≲≳≈~≃→,;∈∝≠±/"
        return f" {sign.text} " if binary and following else sign.text
    if sign.kind == "function":
        return sign.text + (" " if following and _is_wordlike(following[0]) else "")
    if sign.kind == "word":
        return sign.text + (" " if following and _is_letter(following[0]) else "")
    if sign.text == "," and not _is_thousands(following):
        return ", " if following else ","
    return sign.text


def _is_letter(node: Node) -> bool:
    return isinstance(node, Sign) and node.kind in ("letter", "word", "function")


def _is_wordlike(node: Node) -> bool:
    return not isinstance(node, (Script, Sign)) or (
        isinstance(node, Sign) and node.kind in ("letter", "digit", "word", "function"))


def _is_thousands(following: Sequence[Node]) -> bool:
    digits = [isinstance(node, Sign) and node.kind == "digit" for node in following[:4]]
    return digits[:3] == [True] * 3 and digits[3:] != [True]


def _scripts(script: Script, following: Sequence[Node], before: str) -> str:
    below, above = _inner(script.below), _inner(script.above)
    if _SIGNED.fullmatch(below) and _SIGNED.fullmatch(above):  # two errors of a number
        written = f" {above}/{below}" if above[0] != "−" else f" {below}/{above}"
        return written + (" " if following and _is_wordlike(following[0]) else "")
    written = (_script(below, _BELOW, "_") if below else "") + (
        _script(above, _ABOVE, "^") if above else "")
    function = before.rstrip() in ("log", "ln", "exp", "sin", "cos", "tan", "min", "max", "lim")
    runs_on = written[-1:].isalnum() and written.strip("".join(_ABOVE.values()))[:1] in ("_", "^")
    more = bool(following) and _is_wordlike(following[0])
    return written + (" " if more and (function or runs_on) else "")


def _script(content: str, table: dict[str, str], mark: str) -> str:
    """Content raised or lowered."""
    if not content:
        return ""
    tight = content.translate(_SCRIPT_SPACES)
    content = content.replace(", ", ",")
    if all(character in table for character in tight):
        return "".join(table[character] for character in tight)
    if content[0] in "⊙⊕°′″†*" and len(content) == 1:
        return content
    if "_" not in content and _RUNS_ON.fullmatch(content):
        return mark + content
    return f"{mark}({content})"


def _grouped(content: str) -> str:
    """In parentheses if it is more than a number, a name or what stands in some already."""
    if re.fullmatch(r"[^\s+−/±×·]*|\([^()]*\)", content):
        return content
    return f"({content})"


def _accented(node: Accent) -> str:
    content = _inner(node.argument)
    if len(content) == 1 and (content.isalpha() or node.name == "not"):
        return unicodedata.normalize("NFC", content + tex_signs.ACCENTS[node.name])
    return content
