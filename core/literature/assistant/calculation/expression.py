"""Arithmetic with units and constants, read without eval: "20 km/s/Mpc times 50 Mpc".

A text is an expression only if every character of it is part of a number, a unit, a constant, a
function or an operator; what is read is written anew as Python of this package's own words.

Example:
    >>> expression("20 km/s/Mpc times 50 Mpc").code
    '(20 * (u.km / u.s / u.Mpc)) * (50 * u.Mpc)'
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

from core.literature.assistant.calculation.units import Unit, unit_at, unit_of
from core.literature.assistant.calculation.written_numbers import NUMBER, python_number, said

__all__ = ["Expression", "expression"]

_MOST = 40
"""Numbers, constants and operators of an expression."""
_DEEPEST = 8
_NUMBER = re.compile(NUMBER.removeprefix("[-+]?"), re.I)
_OPERATORS = (
    (re.compile(r"\^|\*\*|to the power (?:of )?", re.I), "**"),
    (re.compile(r"[*×·⋅]|(?:x|times|multiplied by)(?![\w^])", re.I), "*"),
    (re.compile(r"[/÷]|(?:over|divided by)\b", re.I), "/"),
    (re.compile(r"\+|plus\b", re.I), "+"), (re.compile(r"[-−]|minus\b", re.I), "-"),
    (re.compile(r"squared\b|²", re.I), "**2"), (re.compile(r"cubed\b|³", re.I), "**3"),
)
_FUNCTIONS = (
    (re.compile(r"(?:sqrt|(?:the )?square root)(?: of)?(?: the)?(?![a-z])|√", re.I), "sqrt"),
    (re.compile(r"(?:the )?(?:log_?10|log)(?: of)?(?: the)?(?![a-z\d])", re.I), "log10"),
    (re.compile(r"(?:the )?(?:ln|natural log(?:arithm)?)(?: of)?(?: the)?(?![a-z])", re.I), "log"),
)
_PLANCK = {"time": "(hbar * G / c**5)**0.5", "length": "(hbar * G / c**3)**0.5",
           "mass": "(hbar * c / G)**0.5", "energy": "(hbar * c**5 / G)**0.5",
           "temperature": "(hbar * c**5 / G)**0.5 / k_B"}
_CONSTANTS = (
    *((re.compile(rf"(?:the )?planck {name}\b", re.I), f"({code})", f"the Planck {name}")
      for name, code in _PLANCK.items()),
    (re.compile(r"(?:the )?speed of light\b|(?-i:c)(?![\w])", re.I), "c", "c"),
    (re.compile(r"(?:the )?(?:newton'?s |gravitational )constant\b|(?-i:G)(?![\w])", re.I), "G",
     "G"),
    (re.compile(r"(?:the )?boltzmann(?:'s)? constant\b|k_?B(?!\w)", re.I), "k_B", "k_B"),
    (re.compile(r"(?:the )?reduced planck(?:'s)? constant\b|h-?bar\b|ħ", re.I), "hbar", "hbar"),
    (re.compile(r"(?:the )?planck(?:'s)? constant\b", re.I), "h", "h"),
    (re.compile(r"(?:the )?proton mass\b|m_?p(?!\w)", re.I), "m_p", "m_p"),
    (re.compile(r"(?:the )?thomson cross[- ]section\b|(?:sigma|σ)_?T(?!\w)", re.I), "sigma_T",
     "sigma_T"),
    (re.compile(r"(?:the )?hubble constant\b|H_?0(?!\w)", re.I), "cosmo.H0", "H0"),
    (re.compile(r"pi\b|π", re.I), "np.pi", "pi"),
)
_SPACE = re.compile(r"[\s,]{0,4}")
_UNIT_NAME = re.compile(r"[A-Za-zμÅ_]{1,10}(?=\^|\*\*|[-\d]|$|\W)")
_UNIT_POWER = re.compile(r"(?:\^|\*\*)? ?(-?[1-6])(?![\d.])")
_AS_FUNCTION = {"sqrt": "np.sqrt", "log10": "np.log10", "log": "np.log"}


@dataclass(frozen=True)
class Expression:
    """An expression that was read.

    Attributes:
        code: as Python, with ``u``, astropy's constants and ``cosmo``.
        shown: as an answer writes it.
        function: "log10", "log" or "" of what stands around all of it, which is left out of
            the code: the unit is to be chosen.
        operators: how many.
        units: of its amounts, in order.
        constants: how many.
    """

    code: str
    shown: str
    function: str = ""
    operators: int = 0
    units: tuple[Unit, ...] = ()
    constants: int = 0


class _Unread(Exception):
    """The text is no expression."""


@dataclass
class _Reader:
    """Recursive descent: sums of products of signed powers."""

    text: str
    at: int = 0
    depth: int = 0
    count: int = 0
    operators: int = 0
    constants: int = 0
    units: list[Unit] = field(default_factory=list)

    def _skip(self) -> None:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def _matched(self, pattern: re.Pattern[str]) -> str | None:
        self._skip()
        found = pattern.match(self.text, self.at)
        if found is None or not found[0]:
            return None
        self.at = found.end()
        self.count += 1
        if self.count > _MOST:
            raise _Unread
        return found[0]

    def _operator(self, *wanted: str) -> str | None:
        for pattern, operator in _OPERATORS:
            before = self.at
            if operator in wanted and self._matched(pattern):
                if operator == "*" and self.text.startswith("*", self.at):  # "**" is a power
                    self.at = before
                    continue
                self.operators += 1
                return operator
        return None

    def sum(self) -> tuple[str, str]:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _Unread
        code, shown = self._product()
        while operator := self._operator("+", "-"):
            more, more_shown = self._product()
            code, shown = f"{code} {operator} {more}", f"{shown} {operator} {more_shown}"
        self.depth -= 1
        return code, shown

    def _product(self) -> tuple[str, str]:
        code, shown = self._power()
        while True:
            operator = self._operator("*", "/")
            if operator is None:
                before, counted = self.at, self.count
                try:  # "2 G M_sun": side by side is a product, but not "3 4"
                    more, more_shown = self._power(no_number=True)
                except _Unread:
                    self.at, self.count = before, counted
                    return code, shown
                operator = "*"
                self.operators += 1
            else:
                more, more_shown = self._power()
            code = f"{code} {operator} {more}"
            shown = f"{shown} {'×' if operator == '*' else operator} {more_shown}"

    def _power(self, *, no_number: bool = False) -> tuple[str, str]:
        operators = self.operators
        sign = "" if no_number else ("-" if self._operator("-") else "")
        self.operators = operators  # a sign is none
        code, shown = self._atom(no_number=no_number)
        operator = self._operator("**2", "**3")
        if operator is None and self._operator("**"):
            minus = "-" if self._operator("-") else ""
            digits = self._matched(_NUMBER)
            if digits is None or float(digits) > 10:
                raise _Unread
            operator = f"**{minus}{python_number(float(digits))}"
        if operator:
            code, shown = f"({code}){operator}", f"{shown}^{operator[2:]}"
        return f"{sign}{code}", f"{sign}{shown}"

    def _atom(self, *, no_number: bool) -> tuple[str, str]:
        self._skip()
        if self.text.startswith("(", self.at):
            self.at += 1
            code, shown = self.sum()
            self._skip()
            if not self.text.startswith(")", self.at):
                raise _Unread
            self.at += 1
            return f"({code})", f"({shown})"
        for pattern, name in _FUNCTIONS:
            if self._matched(pattern):
                self.depth += 1
                if self.depth > _DEEPEST:
                    raise _Unread
                code, shown = self._power()
                self.depth -= 1
                self.operators += 1
                return f"{_AS_FUNCTION[name]}({code})", f"{name}({shown.strip('()')})"
        for pattern, code, shown in _CONSTANTS:
            if self._matched(pattern):
                self.constants += code != "np.pi"
                return code, shown
        digits = None if no_number else self._matched(_NUMBER)
        if digits is None:
            return self._bare_unit()
        value = float(digits)
        if not math.isfinite(value):
            raise _Unread
        unit = self._unit()
        if unit is None:
            return number_code(value), said(value, digits=6)
        self.units.append(unit)
        return f"({number_code(value)} * {_bracketed(unit.code)})", (
            f"{said(value, digits=6)} {unit.shown}")

    def _bare_unit(self) -> tuple[str, str]:
        """A unit without a number that is a thing of its own: "M_sun"."""
        unit = self._unit()
        if unit is None or unit.kind not in ("mass", "length") or len(unit.shown) < 2:
            raise _Unread
        self.units.append(unit)
        return f"(1 * {unit.code})", unit.shown

    def _unit(self) -> Unit | None:
        """The unit that stands next, "Mpc^2" too."""
        at = self.at + len(self.text[self.at : self.at + 2]) - len(
            self.text[self.at : self.at + 2].lstrip(" -"))
        if any(pattern.match(self.text, at) for pattern, _ in _OPERATORS):
            return None
        found = unit_at(self.text, at)
        if found is not None:
            if "littleh" in found[0].code or found[0].kind == "magnitude":
                raise _Unread
            self.at = found[1]
            return found[0]
        name = _UNIT_NAME.match(self.text, at)
        unit = unit_of(name[0]) if name else None
        power = _UNIT_POWER.match(self.text, name.end()) if name and unit else None
        if unit is None or power is None or "littleh" in unit.code:
            return None
        self.at = power.end()
        return Unit(f"({unit.code})**{power[1]}", f"{unit.shown}^{power[1]}", "compound")


def number_code(value: float) -> str:
    """A number as Python."""
    return python_number(value)


def _bracketed(code: str) -> str:
    return f"({code})" if re.search(r"[ /*]", code) else code


def expression(text: str) -> Expression | None:
    """The expression that a text is, all of it; None for any other text."""
    text = text.strip(" ?!.=:")
    outer = next(((name, found.end()) for pattern, name in _FUNCTIONS[1:]
                  if (found := pattern.match(text))), None)
    reader = _Reader(text, outer[1] if outer else 0)
    try:
        code, shown = reader.sum()
    except _Unread:
        return None
    reader._skip()
    if reader.at < len(text):
        return None
    if shown.startswith("(") and shown.find(")") == len(shown) - 1:
        shown = shown[1:-1]
    return Expression(code, f"{shown[0].upper()}{shown[1:]}" if shown.startswith("the ") else shown,
                      outer[0] if outer else "", reader.operators, tuple(reader.units),
                      reader.constants)
