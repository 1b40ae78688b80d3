r"""Text that a model or a stranger wrote, made safe to show: the one place for it.

Gradio's Markdown keeps remote pictures, forms and whole-page overlays even when it sanitises, and
draws ```mermaid blocks from raw HTML. Two ways round that:

- :func:`safe_markdown` for a chat: Markdown and LaTeX stay, tags, pictures and links do not.
- :func:`math_html` for HTML of our own inside ``gr.Markdown``: everything is escaped, LaTeX stays.

Both also take out what LaTeX could deface a page with (:mod:`apps.shared.page.bounded_math`), and
invisible characters that reorder text; a formula that cannot be drawn is shown as it was written.
:data:`LATEX` are the delimiters to give to the component.

Example:
    >>> safe_markdown("$x<y$ ![a](http://b.c/d) <img src=e>")
    '$x< y$ [a] (b.c/d) < img src=e>'
    >>> math_html("<b> at $z<3$ for $5")
    '&lt;b&gt; at <span>$z<3$</span> for <span>&#36;</span>5'
"""

from __future__ import annotations

import html
import re

from apps.shared.page.bounded_math import is_drawable, shallow, without_lengths
from core.literature.text.tex import CODE, DOLLAR, mathematics

__all__ = ["LATEX", "as_typed", "math_html", "plain_text", "safe_markdown", "typed_again"]

LATEX = [
    {"left": "$$", "right": "$$", "display": True},
    {"left": "$", "right": "$", "display": False},
    {"left": "\\(", "right": "\\)", "display": False},
    {"left": "\\[", "right": "\\]", "display": True},
]
"""Delimiters of mathematics, in the order in which the browser looks for them."""

# control characters but for tab and line break; marks that reorder or hide text
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_ADDRESS = re.compile(r"(?:https?|ftp)://|www\.", re.IGNORECASE)
_MAIL = re.compile(r"(?<=[\w.+-])@(?=\w)")
_PICTURE = re.compile(r"(?<!\\)!+\[")
_FENCE = re.compile(r"^```([\w+#-]{0,20})[ \t]*\n(.*?)(?:^```[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_ENDS_FENCE = re.compile(r"^ {0,3}(?:`{3,}|~{3,})", re.MULTILINE)
_FORMULA = re.compile(
    r"\\\$|\$\$([^$]+)\$\$|\$([^$]+)\$|\\\(((?:(?!\\\().)+?)\\\)|\\\[((?:(?!\\\[).)+?)\\\]"
)
_DOLLAR, _STROKE = "<span>&#36;</span>", "<span>&#92;</span>"
_SIGN = re.compile(r"[\\`*_\[\]<>&$~|@]|(?<=w)\.|:(?=//)")
_LINE = re.compile(r"^([ \t]*\d{0,9})([-+=#.)](?=[-=#\s]|$))", re.MULTILINE)
_INDENT = re.compile(r"^(?: {4}| {0,3}\t)[ \t]*", re.MULTILINE)
_LONGEST_SOURCE = 400  # characters of a formula that is shown as it was written
_LANGUAGES = ("bash", "c", "cpp", "fortran", "java", "javascript", "json", "latex", "python", "sql")


def plain_text(text: str) -> str:
    """The text without control characters and without marks that reorder or hide letters."""
    return _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def safe_markdown(text: str) -> str:
    """Markdown with LaTeX from a stranger, for a Chatbot or a Markdown component.

    Bold, lists, tables, code and LaTeX stay. A tag is shown as text ("<" gets a space behind it,
    which mathematics does not mind and copying keeps readable), a picture becomes its words, a
    link becomes its words and an address that cannot be clicked. Blocks of code stay to the letter
    if it is certain that the browser takes them for code.
    """
    text = plain_text(text)
    parts, blocks, end, length = [], [], 0, 0
    for fence in _FENCE.finditer(text):
        if _ENDS_FENCE.search(fence[2]):
            continue
        prose, code = _prose(text[end : fence.start()]), _code(fence)
        parts += [prose, code]
        blocks.append((length + len(prose), length + len(prose) + len(code)))
        length, end = blocks[-1][1], fence.end()
    shown = "".join([*parts, _prose(text[end:])])
    return _prose(text) if _in_formulas(shown, blocks) else shown


def as_typed(text: str) -> str:
    """A visitor's own words, for Markdown that is to show them as they were typed.

    Formulas alone are drawn: no sign makes a list, a link, a tag or emphasis, and money is money.
    """
    text = plain_text(text)
    parts, end = [], 0
    for start, stop in mathematics(text):
        parts += [_letters(text[end:start]), _prose(text[start:stop])]
        end = stop
    return "".join([*parts, _letters(text[end:])])


def _letters(text: str) -> str:
    """Text of which Markdown makes nothing: its signs as character references."""
    text = _SIGN.sub(lambda sign: _DOLLAR if sign[0] == "$" else f"&#{ord(sign[0])};", text)
    text = _INDENT.sub(lambda spaces: "&#160;" * len(spaces[0]), text)
    return _LINE.sub(lambda sign: f"{sign[1]}&#{ord(sign[2])};", text)


def typed_again(text: str) -> str:
    """The words that :func:`as_typed` made its text of, edited or not."""
    text = text.replace(_DOLLAR, "$").replace("&#160;", " ")
    return re.sub(r"&#(\d{2,3});", lambda sign: chr(int(sign[1])), text)


def math_html(text: str) -> str:
    """Text with LaTeX from a stranger as HTML, on one line, for HTML of our own in gr.Markdown.

    Mathematics stays between dollars, for the browser to draw; a lone dollar cannot pair with one
    that comes later on the page.
    """
    text = " ".join(plain_text(text).split())
    parts, end = [], 0
    for found in _FORMULA.finditer(text):
        parts += [_escaped(text[end : found.start()]), _formula(found)]
        end = found.end()
    return "".join([*parts, _escaped(text[end:])])


def _prose(text: str) -> str:
    """The same rules in and out of mathematics, so that it does not matter where that begins.

    What takes away comes first: the rules after it only put spaces in, which cannot make anything.
    """
    text = re.sub(r"`{3,}", "`", re.sub(r"~{3,}", "~", text))
    text = _sources_shown(_until_stable(_ADDRESS, text))
    text = _sources_shown(shallow(without_lengths(text)))  # what was taken out may have made one
    text = _PICTURE.sub("[", text).replace("](", "] (").replace("]:", "] :")
    return _TAG.sub("< ", _MAIL.sub(" at ", text))


def _sources_shown(text: str) -> str:
    """With the source of each formula that cannot be drawn in its place, as code, which no browser
    takes for mathematics. Formulas are found as the browser finds them."""
    for mark in LATEX:
        left, right = str(mark["left"]), str(mark["right"])
        if left in text:
            pattern = f"{re.escape(left)}([\\s\\S]+?){re.escape(right)}"
            text = re.sub(pattern, lambda found: found[0] if is_drawable(found[1]) else
                          _as_code(found[1]), text)
    return text


def _as_code(source: str) -> str:
    if "\\" not in source and source.count(" ") > len(source) / 12:  # words between two prices
        return f"{DOLLAR}{source}{DOLLAR}"
    words = _shortened(source).replace("`", "'").replace("$", DOLLAR)
    return "`" + re.sub(r"\\(?=[()\[\]])", r"\\ ", words) + "`"


def _shortened(source: str) -> str:
    source = " ".join(source.split())
    return source if len(source) <= _LONGEST_SOURCE else f"{source[:_LONGEST_SOURCE]}…"


def _until_stable(pattern: re.Pattern[str], text: str) -> str:
    """Take out every match, and those that taking out made."""
    count = 1
    while count:
        text, count = pattern.subn("", text)
    return text


def _code(fence: re.Match[str]) -> str:
    language = fence[1] if fence[1].lower() in _LANGUAGES else ""
    body = fence[2] if fence[2].endswith("\n") or not fence[2] else f"{fence[2]}\n"
    return f"\n```{language}\n{body}```\n"


def _in_formulas(text: str, blocks: list[tuple[int, int]]) -> bool:
    """Whether the browser, which looks for formulas before anything else, finds one in a block."""
    for mark in LATEX if blocks else []:
        left, right = re.escape(str(mark["left"])), re.escape(str(mark["right"]))
        for found in re.finditer(f"{left}[\\s\\S]+?{right}", text):
            if any(found.start() < end and start < found.end() for start, end in blocks):
                return True
            text = text[: found.start()] + "\0" * len(found[0]) + text[found.end() :]
    return False


def _escaped(text: str) -> str:
    """As HTML; a dollar or a stroke has an element of its own, where it begins no formula, and what
    stands between backticks is code."""
    parts, at = [], 0
    for code in CODE.finditer(text):
        parts += [_words(text[at : code.start()]), f"<code>{_in_code(code[0][1:-1])}</code>"]
        at = code.end()
    return "".join([*parts, _words(text[at:])])


def _words(text: str) -> str:
    return html.escape(text).replace("$", _DOLLAR).replace("\\", _STROKE)


def _in_code(source: str) -> str:
    """As HTML in an element of code, where no formula begins."""
    return html.escape(source).replace("$", "&#36;").replace("\\", "&#92;")


def _formula(found: re.Match[str]) -> str:
    body = next((group for group in found.groups() if group), "")
    if found[0] == "\\$":
        return _escaped("$")
    source, body = body, without_lengths(body).strip()
    if "$" in body or "\\(" in body or "\\[" in body:
        return _escaped(found[0])
    if not body or not is_drawable(source) or not is_drawable(body):
        return f'<code class="cd-source">{_in_code(_shortened(source))}</code>'
    mark = "$$" if found[1] or found[4] else "$"
    return f"<span>{mark}{body}{mark}</span>"
