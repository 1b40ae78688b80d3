"""Questions for two numbers at once: "comoving and luminosity distance to z = 2"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from core.literature.assistant.calculation.asked import LONGEST
from core.literature.assistant.calculation.calculation import Calculation
from core.literature.assistant.calculation.guard import without_politeness
from core.literature.assistant.calculation.written_numbers import said

__all__ = ["with_second"]

_PARTS = re.compile(
    r"\? ?(?:(?:and|also|plus)\b)?,? ?|; ?|,? and (?:also )?(?=(?:what|which|how|at what|its|the|"
    r"in which)\b)", re.I)
_LIST = re.compile(
    r"^(?:(?:what(?:'s| is| are| was| were)|compute|calculate) )?(?:the )?"
    r"(?P<one>[\w() -]{3,40}?),? and (?:the )?(?P<two>[\w() -]{3,40}?)"
    r"(?P<rest> (?:at|to|for|of|out to|between) .{3,120})$", re.I)
_LAST = re.compile(r"^(?P<one>.{10,300}) and (?P<two>[\w ()/-]{3,40}\??)$", re.S)


def with_second(
    question: str, found: Calculation, alone: Callable[..., Calculation | None]
) -> Calculation:
    """The calculation with that of a second quantity behind it, where a question asks for two.

    Args:
        question: the whole question.
        found: what was computed for it.
        alone: computes a question, given what was asked before it.
    """
    for one, two, before in _pairs(question):
        try:
            first, second = alone(one), alone(two, before)
        except ValueError:
            continue
        if first is None or second is None or first.quantity == second.quantity or (
                found.quantity not in (first.quantity, second.quantity)):
            continue
        if all(said(part.value) in found.text for part in (first, second)):
            return found
        code = f"{first.code}\n\n{second.code}"
        return replace(first, text=f"{first.text} {second.text}", code=code)
    return found


def _pairs(question: str) -> Iterator[tuple[str, str, str]]:
    """(first question, second question, what the second goes on with), the likeliest first."""
    text = without_politeness(question[:LONGEST])
    parts = [part for part in _PARTS.split(text) if part.strip(" ?.!")]
    if len(parts) == 2:  # "age at z = 6? and the luminosity distance?"
        yield parts[0], f"and {parts[1]}", parts[0]
    if found := _LIST.search(text):  # "comoving and luminosity distance to z = 2"
        one, two, rest = found["one"], found["two"], found["rest"]
        yield f"{one}{rest}", f"{two}{rest}", ""
        yield f"{one} {two.rpartition(' ')[2]}{rest}", f"{two}{rest}", ""
    if found := _LAST.search(text):  # "a box of ...: particle mass and Nyquist wavenumber?"
        yield found["one"], f"and {found['two']}", found["one"]
