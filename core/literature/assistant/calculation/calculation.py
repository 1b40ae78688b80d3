"""What a computed answer holds."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Calculation"]


@dataclass(frozen=True)
class Calculation:
    """A number that was asked for, and how to get it again.

    Attributes:
        text: one to three sentences, twice that for two quantities: the number, a second
            useful unit, the cosmology with its H0 and Om,
            which kind of distance, size or velocity it is.
        value: the number, in ``unit``.
        unit: as people write it; empty for a pure number.
        code: a few lines of Python with astropy that print ``value`` (then a second number,
            where two were asked for); they are what was run.
        quantity: what was computed, for example "comoving distance".
        cosmology: its name and parameters; empty where none was needed.
    """

    text: str
    value: float
    unit: str
    code: str
    quantity: str
    cosmology: str
