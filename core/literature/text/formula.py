r"""A formula of TeX as a tree, for those who write it without TeX: as Unicode, or in words.

What a formula means to the eye is kept, what only shapes it (fonts, sizes, colours, spaces) is not.
Anything is understood: unknown commands are words, braces that do not balance are left out, and
nothing is nested deeper than :data:`DEPTH`.

Example:
    >>> parse(r"H_{\rm 0}")
    [Sign(text='H', kind='letter'), Script(below=[Sign(text='0', kind='digit')], above=[])]
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from core.literature.text import tex_signs as signs

__all__ = ["DEPTH", "Accent", "Fraction", "Node", "Root", "Script", "Sign", "parse"]

DEPTH = 32
"""How deep formulas are nested; what is deeper is taken for a part of its surroundings."""


@dataclass(frozen=True)
class Sign:
    """A letter, a number, an operator, a word or a space.

    Attributes:
        text: in Unicode.
        kind: "letter", "digit", "relation", "operator", "function", "word", "space" or "mark".
    """

    text: str
    kind: str


@dataclass(frozen=True)
class Script:
    """What stands below and above of what comes before it."""

    below: list[Node] = field(default_factory=list)
    above: list[Node] = field(default_factory=list)


@dataclass(frozen=True)
class Fraction:
    """One part over another."""

    top: list[Node]
    bottom: list[Node]


@dataclass(frozen=True)
class Root:
    """The root of an argument; its degree is empty for a square root."""

    argument: list[Node]
    degree: list[Node]


@dataclass(frozen=True)
class Accent:
    """A mark over (or a line under) an argument, by the name of its command."""

    name: str
    argument: list[Node]


Node = Sign | Script | Fraction | Root | Accent

_TOKEN = re.compile(r"\\(?:[A-Za-z]+\*?|.)|\s+|[^\\\s]|\\", re.DOTALL)


def parse(formula: str) -> list[Node]:
    """The tree of a formula without its delimiters, in time linear in its length."""
    return _Parser(_TOKEN.findall(formula)).row()


class _Parser:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def row(self, closing: str = "") -> list[Node]:
        """Nodes up to the closing sign, which is taken, or to the end."""
        nodes: list[Node] = []
        while self._at < len(self._tokens):
            token = self._next()
            if token == closing:
                break
            self._take(token, nodes)
        return nodes

    def _next(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1]

    def _peek(self) -> str:
        self._skip_spaces()
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _skip_spaces(self) -> None:
        while self._at < len(self._tokens) and self._tokens[self._at].isspace():
            self._at += 1

    def _take(self, token: str, nodes: list[Node]) -> None:
        if token == "{":
            nodes += self._group()
        elif token in ("_", "^", "'"):
            self._at -= 1
            nodes.append(self._script())
        elif token[0] == "\\" and len(token) > 1:
            self._command(token[1:].rstrip("*") or "*", nodes)
        elif token == "~":
            nodes.append(Sign(" ", "space"))
        elif token not in ("}", "$", "&", "\\") and not token.isspace():
            nodes.append(signs.plain_sign(token, Sign))

    def _group(self) -> list[Node]:
        """After an opening brace: what it holds; too deep a brace is left out."""
        if self._depth >= DEPTH:
            return []
        self._depth += 1
        nodes = self.row("}")
        self._depth -= 1
        return nodes

    def _argument(self) -> list[Node]:
        """A group, or the one sign or command that stands in its place."""
        token = self._peek()
        if not token or token == "}":
            return []
        self._at += 1
        if token == "{":
            return self._group()
        if self._depth >= DEPTH:
            return []
        nodes: list[Node] = []
        self._depth += 1
        self._take(token, nodes)
        self._depth -= 1
        return nodes

    def _script(self) -> Script:
        """All scripts in a row: one below and one above, in either order, and primes."""
        below: list[Node] = []
        above: list[Node] = []
        while (token := self._peek()) in ("_", "^", "'"):
            self._at += 1
            if token == "'":
                above.append(Sign("′", "mark"))
            elif token == "_":
                below += self._argument()
            else:
                above += self._argument()
        return Script(below, above)

    def _command(self, name: str, nodes: list[Node]) -> None:
        if name in signs.FRACTIONS:
            nodes.append(Fraction(self._argument(), self._argument()))
        elif name == "sqrt":
            degree = self._optional()
            nodes.append(Root(self._argument(), degree))
        elif name in signs.ACCENTS:
            nodes.append(Accent(name, self._argument()))
        elif name in signs.STACKS:
            nodes += self._stacked()
        elif name in signs.TEXTS:
            nodes += self._text()
        elif name in signs.DROPPED:
            self._drop(signs.DROPPED[name])
        elif name in signs.LENGTHS:
            self._drop_length()
            nodes.append(Sign(" ", "space"))
        elif name in ("left", "right", "middle"):
            if self._peek() == ".":
                self._at += 1
        elif name == "\\":
            self._optional()
            nodes.append(Sign(" ", "space"))
        elif name not in signs.STYLES:
            nodes.append(signs.command_sign(name, Sign))

    def _optional(self) -> list[Node]:
        """An argument in square brackets, if there is one."""
        if self._peek() != "[" or self._depth >= DEPTH:
            return []
        self._at += 1
        self._depth += 1
        nodes = self.row("]")
        self._depth -= 1
        return nodes

    def _stacked(self) -> list[Node]:
        """One sign over another: what both mean together, or the lower with the upper raised."""
        top, bottom = self._argument(), self._argument()
        pair = "".join(node.text for node in (*top, *bottom) if isinstance(node, Sign))
        if pair in signs.STACKED:
            return [Sign(signs.STACKED[pair], "relation")]
        return [*bottom, Script(above=top)] if top else bottom

    def _text(self) -> list[Node]:
        """Words between braces, with their spaces; mathematics inside of them is mathematics."""
        if self._peek() != "{" or self._depth >= DEPTH:
            return self._argument()
        self._depth += 1
        nodes: list[Node] = []
        self._at += 1
        depth = 0
        while self._at < len(self._tokens):
            token = self._next()
            if token == "}":
                if depth == 0:
                    break
                depth -= 1
            elif token == "{":
                depth += 1
            elif token.isspace():
                nodes.append(Sign(" ", "space"))
            elif token == "-":
                nodes.append(Sign("-", "mark"))
            else:
                self._take(token, nodes)
        self._depth -= 1
        return nodes

    def _drop(self, arguments: int) -> None:
        self._optional()
        for _ in range(arguments):
            self._argument()

    def _drop_length(self) -> None:
        """A length such as ``3em`` or ``{3em}`` behind a command."""
        if self._peek() == "{":
            self._argument()
            return
        at = self._at
        rest = "".join(self._tokens[at : at + 24])
        found = re.match(r"\s*[-+]?[\d.]*\s*(?:em|ex|pt|px|mu|cm|mm|in|pc|bp|sp)", rest)
        taken = 0
        while found and taken < found.end():
            taken += len(self._tokens[self._at])
            self._at += 1
