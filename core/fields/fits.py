"""One image of an untrusted FITS file, and the numbers of its header.

The format is that of Pence et al. 2010 (A&A 524, A42): blocks of 2,880 bytes, cards of 80. General
readers build what a header claims before they look whether it can be so, and a header of one block
can claim four thousand million axes. Here every number is looked at first, and what is no plain
image (tables, compressed images, random groups) is passed over.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from core.fields.wanted import Wanted, shown_shape

__all__ = ["SIGNATURE", "header_numbers", "read_fits"]

SIGNATURE = b"SIMPLE  ="
"""The first bytes of a file."""

_BLOCK, _CARD = 2880, 80
_MOST_BLOCKS = 400
_MOST_PARTS = 20
_MOST_AXES = 999
_LARGEST = 2**62
_DTYPES = {8: "u1", 16: ">i2", 32: ">i4", 64: ">i8", -32: ">f4", -64: ">f8"}
_VALUE = re.compile(
    r"(?:HIERARCH +)?([A-Z0-9_-]+) *= *(?:'([^']*)'|([^ /]+))? *(?:/.*)?", re.ASCII | re.IGNORECASE
)
_DAMAGED = "The FITS file is damaged or cut short; copy or save it again."


@dataclass(frozen=True)
class _Part:
    """A header and where its data begin.

    Attributes:
        cards: keyword -> value as it stands; of a repeated one the first.
        shape: slowest axis first, as NumPy has it; empty without data.
        bitpix: kind of number.
        start: of the data.
        length: of the data, bytes.
    """

    cards: dict[str, str]
    shape: tuple[int, ...]
    bitpix: int
    start: int
    length: int

    @property
    def is_image(self) -> bool:
        """Whether its data are one array."""
        kind = self.cards.get("XTENSION", "IMAGE").strip()
        return kind == "IMAGE" and self.cards.get("GROUPS") != "T" and len(self.shape) >= 2


def read_fits(file: IO[bytes], size: int, wanted: Wanted) -> NDArray[np.generic]:
    """The first image of a file that fits.

    Args:
        file: at its beginning.
        size: of the file, bytes.
        wanted: what fits.

    Raises:
        ValueError: one sentence that says what is wrong and what would be right.
    """
    shapes = []
    for part in _parts(file, size):
        if not part.is_image:
            continue
        shapes.append(part.shape)
        if wanted.fits(part.shape):
            wanted.check_shape(part.shape)
            if part.start + part.length > size:
                raise ValueError(
                    f"The FITS header claims an image of shape {shown_shape(part.shape)}, more "
                    f"than the {size:,} bytes of the file; it is cut short or damaged."
                )
            return _scaled(file, part)
    if shapes:
        wanted.check_shape(shapes[0])
    raise ValueError("The FITS file holds no 2D image (compressed images are not read); save one.")


def header_numbers(path: Path, names: Sequence[str]) -> list[float] | None:
    """Numbers of the first header by keyword; None if one is not there or is no number."""
    size = path.stat().st_size
    with path.open("rb") as file:
        cards = next(_parts(file, size)).cards
    try:
        return [_number(cards[name.upper()]) for name in names]
    except (KeyError, ValueError):
        return None


def _parts(file: IO[bytes], size: int) -> Iterator[_Part]:
    """The headers of a file, one after another."""
    start = 0
    for index in range(_MOST_PARTS):
        file.seek(start)
        if index and (start >= size or not file.read(_CARD).startswith(b"XTENSION=")):
            return
        file.seek(start)
        cards = _cards(file)
        part = _part(cards, file.tell())
        yield part
        start = part.start + -(-part.length // _BLOCK) * _BLOCK


def _cards(file: IO[bytes]) -> dict[str, str]:
    cards: dict[str, str] = {}
    for _ in range(_MOST_BLOCKS):
        block = file.read(_BLOCK)
        if len(block) < _BLOCK:
            break
        for at in range(0, _BLOCK, _CARD):
            text = block[at : at + _CARD].decode("latin1")
            if text.rstrip() == "END":
                return cards
            if found := _VALUE.match(text):
                cards.setdefault(found[1].upper(), (found[2] or found[3] or "").strip())
    raise ValueError("The FITS header has no end; the file is damaged or cut short.")


def _part(cards: dict[str, str], start: int) -> _Part:
    axes = _whole(cards, "NAXIS", None, _MOST_AXES)
    shape = tuple(_whole(cards, f"NAXIS{axis}", None, _LARGEST) for axis in range(axes, 0, -1))
    bitpix = int(cards["BITPIX"]) if cards.get("BITPIX", "") in map(str, _DTYPES) else 0
    if not bitpix:
        raise ValueError(_DAMAGED)
    groups = _whole(cards, "GCOUNT", 1, _LARGEST)
    more = _whole(cards, "PCOUNT", 0, _LARGEST)
    sizes = shape[:-1] if cards.get("GROUPS") == "T" and shape[-1:] == (0,) else shape
    values = groups * (more + math.prod(sizes)) if axes else 0
    length = values * abs(bitpix) // 8
    if length > _LARGEST:
        raise ValueError(_DAMAGED)
    return _Part(cards, shape, bitpix, start, length)


def _whole(cards: dict[str, str], name: str, default: int | None, most: int) -> int:
    text = cards.get(name, "" if default is None else str(default))
    if not re.fullmatch(r"\+?\d{1,19}", text) or int(text) > most:
        raise ValueError(_DAMAGED)
    return int(text)


def _number(text: str) -> float:
    if len(text) > 70:
        raise ValueError("no number")
    return float(text.replace("D", "E").replace("d", "e"))


def _scaled(file: IO[bytes], part: _Part) -> NDArray[np.generic]:
    """The values: zero + scale * what is stored, missing ones NaN."""
    file.seek(part.start)
    dtype = np.dtype(_DTYPES[part.bitpix])
    stored = np.frombuffer(file.read(math.prod(part.shape) * dtype.itemsize), dtype)
    stored = stored.reshape(part.shape)
    try:
        scale, zero = (_number(part.cards.get(name, default))
                       for name, default in (("BSCALE", "1"), ("BZERO", "0")))
        blank = int(part.cards["BLANK"]) if "BLANK" in part.cards and part.bitpix > 0 else None
    except ValueError as error:
        raise ValueError(_DAMAGED) from error
    if (scale, zero, blank) == (1, 0, None):
        return stored
    with np.errstate(all="ignore"):  # what comes of a senseless scale is refused as not finite
        values = zero + scale * stored.astype(np.float64)
    if blank is not None:
        values[stored == blank] = np.nan
    return values
