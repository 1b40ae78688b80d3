"""From the lines of a program to a sentence with its number."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.literature.assistant.calculation.asked import Amount, Asked
from core.literature.assistant.calculation.calculation import Calculation
from core.literature.assistant.calculation.cosmologies import RADIATION_FROM, Cosmology
from core.literature.assistant.calculation.program import program, run
from core.literature.assistant.calculation.units import Unit
from core.literature.assistant.calculation.written_numbers import python_number, said

__all__ = ["amount_code", "amount_said", "answer", "number", "redshift", "redshifts", "unit"]

HIGHEST = 1e5
"""Redshift beyond which the ingredients (neutrinos, electrons) are not those of astropy."""

number = python_number


def answer(
    asked: Asked, quantity: str, body: Sequence[str], result: str, unit: Unit | None, text: str, *,
    also: Mapping[str, str] | None = None, cosmology: bool = True, digits: int = 4,
    impossible: str = "There is no such value in this cosmology; please give other numbers.",
) -> Calculation:
    """Run the lines and write the sentences.

    Args:
        asked: the question.
        quantity: what is computed.
        body: lines of Python; ``cosmo`` is the cosmology, ``u`` astropy's units.
        result: an expression of the body's variables; in ``unit``, if that is given.
        unit: None for a pure number.
        text: sentences, behind which the cosmology's warning is put, with
            {value} (with its unit), {cosmology} and the names of ``also``.
        also: further pure numbers for the text.
        cosmology: whether one is used.
        digits: of the value that are said.
        impossible: what to say where the numbers have no answer.

    Raises:
        ValueError: with ``impossible``, or about the cosmology.
    """
    used = prepared(asked) if cosmology else None
    shown_unit = unit.shown if unit else ""
    if unit is not None:
        little_h = "littleh" in unit.code
        if little_h:
            used = used or prepared(asked)
        result = f"({result}).to_value({unit.code}{', cu.with_H0(cosmo.H0)' if little_h else ''})"
    code = program(used, body, result)
    try:
        value, more = run(code, also or {}, used)
    except ArithmeticError as error:
        raise ValueError(impossible) from error
    if not math.isfinite(value):
        raise ValueError(impossible)
    value_said = (f"{round(value, 2) + 0.0:.2f}" if quantity.endswith("magnitude")
                  else said(value, digits))
    numbers = {name: said(other) for name, other in more.items()}
    shown = used.shown if used else ""
    sentence = text.format(value=f"{value_said} {shown_unit}".strip(), cosmology=shown, **numbers)
    if used and used.warning and "cosmo" in code:
        sentence = f"{sentence} {used.warning}"
    return Calculation(sentence, value, shown_unit, code, quantity, shown)


def prepared(asked: Asked) -> Cosmology:
    """The question's cosmology, with radiation where its redshifts need it.

    Raises:
        ValueError: if it is unknown or impossible.
    """
    asked.cosmology.checked()
    high = max(asked.redshifts, default=0.0) > RADIATION_FROM
    return replace(asked.cosmology, radiation=high or asked.cosmology.radiation
                   or asked.cosmology.is_negative)


def redshift(asked: Asked, *, lowest: float = 0.0, highest: float = HIGHEST,
             what: str = "this") -> float:
    """The question's first redshift, checked."""
    return redshifts(asked, lowest=lowest, highest=highest, what=what)[0]


def redshifts(asked: Asked, *, lowest: float = 0.0, highest: float = HIGHEST,
              what: str = "this") -> tuple[float, ...]:
    """The question's redshifts, checked.

    Raises:
        ValueError: if one is out of range.
    """
    for z in asked.redshifts:
        if z <= -1:
            raise ValueError(f"A redshift is always above -1; z = {z:g} does not exist.")
        if z < lowest:
            raise ValueError(f"For {what} the redshift must be {lowest:g} or more, not {z:g}.")
        if z > highest:
            raise ValueError(f"For {what} the redshift must be at most {highest:,.0f}; at "
                             f"z = {z:g} the cosmologies used here do not hold.")
    return asked.redshifts


def positive(amount: Amount, what: str) -> Amount:
    """The amount.

    Raises:
        ValueError: if it is not above zero.
    """
    if not 0 < amount.value < math.inf:
        raise ValueError(f"{what} must be above zero, not {amount.value:g} {amount.unit.shown}.")
    return amount


def amount_code(amount: Amount) -> str:
    """As Python: "10 * u.arcsec"; with little h, converted by the cosmology's H0."""
    code = f"{number(amount.value)} * {amount.unit.code}"
    if "littleh" not in amount.unit.code:
        return code
    bare = amount.unit.code.replace(" / cu.littleh", "").replace("cu.littleh / ", "1 / ")
    bare = bare.replace("cu.littleh**2 * ", "")
    return f"({code}).to({bare}, cu.with_H0(cosmo.H0))"


def amount_said(amount: Amount) -> str:
    """As people write it: "10 arcsec"."""
    value, shown = amount.value, amount.unit.shown
    if shown in ("yr", "ly") and value >= 1e8:
        value, shown = value / 1e9, f"G{shown}"
    return f"{said(value, digits=6)} {shown}"


def unit(code: str, shown: str, kind: str) -> Unit:
    """A unit of an answer."""
    return Unit(code, shown, kind)
