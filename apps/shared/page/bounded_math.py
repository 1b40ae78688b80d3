r"""Formulas of strangers that stay within their line: no lengths, no colours, no depth without end.

The browser draws a formula as large as it says: ``\\[500em]`` makes a card 16,000 px tall, 2,000
braces are more than it can follow. So what gives a length, a size, a colour, a link or a macro is
taken out, and a formula that is too long, too deep or does not balance is not drawn: its source is
shown instead.

Example:
    >>> without_lengths(r"a \\[500em] b \rule{9em}{9em} \textcolor{red}{c}")
    'a \\\\  b    {c}'
    >>> is_drawable("{" * 2000 + "x" + "}" * 2000)
    False
"""

from __future__ import annotations

import re

__all__ = ["LONGEST", "is_drawable", "shallow", "without_lengths"]

LONGEST = 2000
"""Characters of a formula that is drawn."""

_DEEPEST = 20  # braces, brackets that grow and environments inside of one another
_MOST_COMMANDS = 400
_MOST_ROWS = 40

_UNIT = r"(?:true)?\s*(?:em|ex|pt|px|mu|cm|mm|in|pc|bp|dd|cc|nd|nc|sp)"
_LENGTH = rf"[-+\s]*[\d.,]*\s*{_UNIT}"
_BRACES = r"\s*\{[^{}]{0,80}\}"
_TAKES_ROOM = re.compile(
    rf"(?<=\\\\)\s*\*?\s*\[\s*{_LENGTH}\s*\]"  # after the two strokes that end a row
    rf"|(?<!\\)(?:\\(?:cr|newline)\s*\[\s*{_LENGTH}\s*\]"
    rf"|\\rule\*?\s*(?:\[[^\]]{{0,80}}\])?(?:{_BRACES}){{0,2}}"
    rf"|\\[hv]space\*?{_BRACES}"
    rf"|\\[mhv]?(?:kern|skip)(?![A-Za-z])\s*(?:{_LENGTH}|{_BRACES})?"
    rf"|\\(?:raisebox|raise|lower)(?![A-Za-z])(?:{_BRACES}|\s*{_LENGTH})?"
    rf"|\\fcolorbox(?:{_BRACES}){{0,2}}|\\(?:color|textcolor|colorbox)(?![A-Za-z])(?:{_BRACES})?"
    rf"|\\includegraphics\*?\s*(?:\[[^\]]{{0,200}}\])?\s*(?:\{{[^{{}}]*\}})?"
    rf"|\\(?:href|html(?:Style|Class|Id|Data)|class|style|cssId)\s*(?:\{{[^{{}}]*\}})?"
    rf"|\\(?:tag\*?|label|fontsize|arraystretch)(?![A-Za-z])(?:{_BRACES})?"
    r"|\\(?:[hH]uge|LARGE|[lL]arge|smash|[hv]?phantom|(?:math)?[clr]lap)(?![A-Za-z]))"
)
_COMMAND = re.compile(
    r"\\(?=(?:href|url|includegraphics|html\w*|rule|[hmv]?kern|[hmv]?skip|[hv]space|raisebox|"
    r"(?:math)?[clr]lap|smash|[hv]?phantom|raise|lower|[gex]?def|let|futurelet|global|long|"
    r"newcommand|renewcommand|providecommand|DeclareMathOperator|char|unicode|verb|[hH]uge|LARGE|"
    r"[lL]arge|genfrac|above\w*|class|style|cssId|color|textcolor|f?colorbox|tag|expandafter|"
    r"noexpand|arraystretch|fontsize|vcenter|includegraphics|mathchoice|require)(?![A-Za-z]))"
)
_DEFINES = re.compile(
    r"\\(?:[gex]?def|let|futurelet|(?:re)?newcommand|providecommand|DeclareMathOperator)(?![A-Za-z])"
)
_OPENS = re.compile(r"\\[{}\\]|([{}])|\\(left|right|begin|end)(?![A-Za-z])")
_NAMED = re.compile(r"\\[A-Za-z]+")
_ROW = re.compile(r"\\\\|\\cr(?![A-Za-z])")


def without_lengths(text: str) -> str:
    """Text without the commands, in formulas or around them, that could deface a page."""
    return _until_stable(_COMMAND, "", _until_stable(_TAKES_ROOM, " ", text))


def is_drawable(formula: str) -> bool:
    """Whether the browser can be given a formula, which stands here without its delimiters."""
    return (
        len(formula) <= LONGEST
        and not _DEFINES.search(formula)
        and len(_NAMED.findall(formula)) <= _MOST_COMMANDS
        and len(_ROW.findall(formula)) <= _MOST_ROWS
        and _balances(formula)
    )


def shallow(text: str) -> str:
    """Text without the braces that are nested too deep, wherever formulas begin in it."""
    depth, parts, end = 0, [], 0
    for found in _OPENS.finditer(text):
        if not found[1]:
            continue
        depth += 1 if found[1] == "{" else -1
        if depth > _DEEPEST or (found[1] == "}" and depth >= _DEEPEST):
            parts.append(text[end : found.start()])
            end = found.end()
        depth = max(depth, 0)
    return "".join([*parts, text[end:]])


def _balances(formula: str) -> bool:
    """Whether what opens is closed, and not too deep."""
    open_: list[str] = []
    pairs = {"}": "{", "right": "left", "end": "begin"}
    for found in _OPENS.finditer(formula):
        sign = found[1] or found[2]
        if not sign:
            continue
        if sign not in pairs:
            open_.append(sign)
        elif not open_ or open_.pop() != pairs[sign]:
            return False
        if len(open_) > _DEEPEST:
            return False
    return not open_


def _until_stable(pattern: re.Pattern[str], instead: str, text: str) -> str:
    """Replace every match, and those that replacing made."""
    count = 1
    while count:
        text, count = pattern.subn(instead, text)
    return text
