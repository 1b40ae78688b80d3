"""Which array of a file is wanted, and the sentences that refuse the others.

All of it is asked of a header, before any data is read.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

__all__ = ["MAX_FILE_BYTES", "MAX_SIDE", "MAX_SLICES", "MAX_VALUES", "Wanted", "shown_shape"]

MAX_SIDE = 4096
"""Longest side of a map, pixels."""

MAX_SLICES = 1024
"""Most slices of a stack."""

MAX_VALUES = 256**3
"""Most values of a stack: 256 slices of 256 x 256 pixels, or one map of 4096 x 4096."""

MAX_FILE_BYTES = 256 * 2**20
"""Largest file, and largest array inside an archive."""

_KINDS = "fiub"
_MOST_AXES = 6  # of a shape, in a sentence
_LONGEST = 10**12
_ARRAY_AXES = 32
"""Most axes of an array; NumPy allows more, which no map has."""


def shown_shape(shape: Sequence[int]) -> str:
    """A shape for a sentence, which stays one whatever a header claims: "(2, 64, 64)"."""
    lengths = [str(n) if abs(n) < _LONGEST else f"10^{int(math.log10(abs(n)))}"
               for n in shape[:_MOST_AXES]]
    if len(shape) > _MOST_AXES:
        return f"({', '.join(lengths)}, ...) of {len(shape)} axes"
    return f"({', '.join(lengths)}{',' if len(lengths) == 1 else ''})"


@dataclass(frozen=True)
class Wanted:
    """One 2D map, or also a stack of them.

    Attributes:
        stack: whether a 3D array is welcome.
        names: of a file with several named arrays, these are looked at first, in this order.
    """

    stack: bool = False
    names: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What is needed."""
        return "one 2D image or one 3D stack of slices" if self.stack else "one 2D map"

    def order(self, name: str) -> int:
        """Where a named array comes: the wanted names first, the others as they stand."""
        return self.names.index(name) if name in self.names else len(self.names)

    def fits(self, shape: tuple[int, ...]) -> bool:
        """Whether the number of axes is right; axes of length 1 in front do not count."""
        kept = 3 if self.stack else 2
        return 2 <= len(shape) <= _ARRAY_AXES and math.prod(shape[:-kept]) == 1

    def check_shape(self, shape: tuple[int, ...]) -> None:
        """Refuse a shape that is not of a sensible size.

        Raises:
            ValueError: one sentence.
        """
        if any(n == 0 for n in shape) or any(n < 0 for n in shape):
            raise ValueError(
                f"The array has shape {shown_shape(shape)} and so no pixels; "
                + ("a 2D image or a stack is needed." if self.stack else "a 2D map is needed.")
            )
        if not self.fits(shape):
            one = "cubes[0]" if self.stack else "maps[0]"
            hint = f"; save one of them, for example {one}" if len(shape) > 2 else ""
            raise ValueError(
                f"The array has shape {shown_shape(shape)}; {self.words} is needed{hint}."
            )
        if max(shape[-2:]) > MAX_SIDE:
            raise ValueError(
                f"The array claims maps of {shown_shape(shape[-2:])} pixels; maps up to "
                f"{MAX_SIDE} x {MAX_SIDE} are read."
            )
        slices = math.prod(shape[:-2])
        if self.stack and (slices > MAX_SLICES or math.prod(shape) > MAX_VALUES):
            raise ValueError(
                f"The array claims {shown_shape(shape[-3:])} values; stacks up to 256 x "
                "256 x 256 are read."
            )

    def check_dtype(self, dtype: np.dtype[np.generic]) -> None:
        """Refuse anything but real numbers.

        Raises:
            ValueError: one sentence.
        """
        if dtype.hasobject:
            raise ValueError(
                "The array holds pickled Python objects, which are never loaded; save plain "
                "numbers, for example map.astype('float32')."
            )
        if dtype.kind not in _KINDS:
            what = {"c": "complex numbers", "S": "text", "U": "text", "V": "records"}.get(
                dtype.kind, "no plain numbers"
            )
            raise ValueError(f"The array holds {what}; real numbers are needed.")
