"""Three redshifts or more: "the age at z = 2, 3 and 4" is three numbers."""

from __future__ import annotations

from dataclasses import replace

from core.literature.assistant.calculation.asked import Asked
from core.literature.assistant.calculation.calculation import Calculation
from core.literature.assistant.calculation.quantities import first
from core.literature.assistant.calculation.written_numbers import said

__all__ = ["for_each"]

_FEW, _MANY = 3, 10
"""Redshifts from and up to which each is computed by itself; of two, most quantities make a pair.
"""


def for_each(asked: Asked) -> Calculation | None:
    """What a question asks for, at each of its redshifts where it lists three or more."""
    if not _FEW <= len(asked.redshifts) <= _MANY:
        return first(asked)
    made = []
    for z in asked.redshifts:
        one = first(replace(asked, redshifts=(z,)))
        if one is None:
            return None
        made.append((z, one))
    start = made[0][1]
    further = "; ".join(f"at z = {z:g}: {said(one.value)} {one.unit}".strip()
                        for z, one in made[1:])
    return replace(start, text=f"{start.text} Likewise {further}.",
                   code="\n\n".join(one.code for _, one in made))
