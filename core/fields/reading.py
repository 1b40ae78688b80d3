"""Read a map that somebody uploads: bounded in memory, never a pickle, one sentence when refused.

A header is read before any data and the zip directory before anything is expanded, because a few
bytes can claim 80 GB and a small archive can expand to gigabytes.
"""

from __future__ import annotations

import io
import math
import struct
import warnings
import zipfile
import zlib
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

__all__ = ["MAX_FILE_BYTES", "MAX_SIDE", "read_field"]

MAX_SIDE = 4096
"""Longest side of a map, pixels."""

MAX_FILE_BYTES = 256 * 2**20
"""Largest file, and largest array inside an archive."""

_MAX_HEADER = 65_536
_MAX_MEMBERS = 1_000
_FITS_HEAD = 2**20
_KINDS = "fiub"
_BROKEN_ARCHIVE = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, KeyError,
    UnicodeError, struct.error, OverflowError,
)


def read_field(path: str | Path, square: bool = True) -> NDArray[np.float64]:
    """Read one 2D map from a .npy, .npz or .fits file that nobody vouches for.

    The content decides the format, not the name. Of an .npz the first 2D array of numbers is taken,
    of a FITS file the first 2D image. Axes of length 1 in front are dropped.

    Args:
        path: the file; at most 256 MB.
        square: whether the map has to be square.

    Returns:
        (N, M) float64, finite, at most 4096 pixels a side.

    Raises:
        ValueError: one sentence that says what is wrong and what would be right.

    Example:
        >>> sigma = read_field("Maps_HI_one.npy")
    """
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"There is no file {path.name}; give a .npy, .npz or .fits file.")
    size = path.stat().st_size
    if size == 0:
        raise ValueError("The file is empty (0 bytes); give a .npy, .npz or .fits file with a map.")
    if size > MAX_FILE_BYTES:
        raise ValueError(
            f"The file has {size / 2**20:.0f} MB; the most is {MAX_FILE_BYTES // 2**20} MB."
        )
    with path.open("rb") as file:
        start = file.read(10)
        file.seek(0)
        if start.startswith(b"\x93NUMPY"):
            array = _read_npy(file, size)
        elif start.startswith(b"PK"):
            array = _read_npz(file)
        elif start.startswith(b"SIMPLE  ="):
            array = _read_fits(file, size)
        else:
            raise ValueError(
                "The file is neither a NumPy array nor a FITS image; save the map with numpy.save, "
                "numpy.savez or astropy.io.fits."
            )
    return _checked(array, square)


def _checked(array: NDArray[np.generic], square: bool) -> NDArray[np.float64]:
    values = np.ascontiguousarray(array.reshape(array.shape[-2:]), dtype=np.float64)
    if square and values.shape[0] != values.shape[1]:
        raise ValueError(
            f"The map has {values.shape[0]} x {values.shape[1]} pixels; a square map of a periodic "
            "box is needed."
        )
    bad = int(np.count_nonzero(~np.isfinite(values)))
    if bad:
        raise ValueError(
            f"The map holds {bad} of {values.size} values that are NaN or infinite; fill or mask "
            "them first."
        )
    return values


def _check_shape(shape: tuple[int, ...]) -> None:
    """Refuse a shape that is not one map of a sensible size, before any data is read."""
    if any(n == 0 for n in shape) or any(n < 0 for n in shape):
        raise ValueError(f"The array has shape {shape} and so no pixels; a 2D map is needed.")
    if len(shape) < 2 or math.prod(shape[:-2]) != 1:
        hint = "; save one of them, for example maps[0]" if len(shape) > 2 else ""
        raise ValueError(f"The array has shape {shape}; one 2D map is needed{hint}.")
    if max(shape) > MAX_SIDE:
        raise ValueError(
            f"The array claims {shape[-2]} x {shape[-1]} pixels; maps up to {MAX_SIDE} x "
            f"{MAX_SIDE} are read."
        )


def _check_dtype(dtype: np.dtype[np.generic]) -> None:
    if dtype.hasobject:
        raise ValueError(
            "The array holds pickled Python objects, which are never loaded; save plain numbers, "
            "for example map.astype('float32')."
        )
    if dtype.kind not in _KINDS:
        what = {"c": "complex numbers", "S": "text", "U": "text", "V": "records"}.get(
            dtype.kind, "no plain numbers"
        )
        raise ValueError(f"The array holds {what}; real numbers are needed.")


def _npy_header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[np.generic]]:
    """Shape, Fortran order and dtype; reads no more than a header may have."""
    start = file.read(8)
    version = tuple(start[6:8])
    if start[:6] != b"\x93NUMPY" or version not in ((1, 0), (2, 0), (3, 0)):
        raise ValueError("The NumPy header is damaged; save the map again with numpy.save.")
    width = 2 if version == (1, 0) else 4
    length_bytes = file.read(width)
    length = int.from_bytes(length_bytes, "little")
    text = file.read(min(length, _MAX_HEADER))
    if len(length_bytes) < width or len(text) < length:
        raise ValueError("The NumPy header is damaged or cut short; save the map again.")
    parse = np.lib.format.read_array_header_1_0 if width == 2 else (
        np.lib.format.read_array_header_2_0
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            shape, fortran, dtype = parse(io.BytesIO(length_bytes + text))
    except Exception as error:  # the parser evaluates a literal: anything may come of garbage
        raise ValueError("The NumPy header is damaged; save the map again with numpy.save."
                         ) from error
    return tuple(int(n) for n in shape), bool(fortran), dtype


def _npy_data(file: IO[bytes], shape: tuple[int, ...], fortran: bool, dtype: np.dtype[np.generic]
              ) -> NDArray[np.generic]:
    expected = math.prod(shape) * dtype.itemsize
    data = file.read(expected)
    if len(data) < expected:
        raise ValueError(
            f"The file is cut short: {len(data):,} of {expected:,} bytes of the map are there; "
            "copy it again."
        )
    return np.frombuffer(data, dtype=dtype).reshape(shape, order="F" if fortran else "C")


def _read_npy(file: IO[bytes], size: int) -> NDArray[np.generic]:
    shape, fortran, dtype = _npy_header(file)
    _check_dtype(dtype)
    _check_shape(shape)
    if math.prod(shape) * dtype.itemsize > size:
        raise ValueError(
            f"The header claims an array of shape {shape}, more than the {size:,} bytes of the "
            "file; it is cut short or damaged."
        )
    return _npy_data(file, shape, fortran, dtype)


def _read_npz(file: IO[bytes]) -> NDArray[np.generic]:
    try:
        with zipfile.ZipFile(file) as archive:
            members = [m for m in archive.infolist() if m.filename.endswith(".npy")]
            if len(archive.infolist()) > _MAX_MEMBERS:
                raise ValueError(f"The archive has over {_MAX_MEMBERS} members; save one map.")
            too_large = [m for m in members if m.file_size > MAX_FILE_BYTES]
            if too_large:
                raise ValueError(
                    f"The archive expands to {too_large[0].file_size / 2**20:,.0f} MB; the most is "
                    f"{MAX_FILE_BYTES // 2**20} MB."
                )
            return _first_map(archive, members)
    except _BROKEN_ARCHIVE as error:
        raise ValueError(
            "The archive is damaged, encrypted or no .npz file; save the map with numpy.savez."
        ) from error


def _first_map(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> NDArray[np.generic]:
    problem = ValueError("The archive holds no array; save the map with numpy.savez.")
    for member in members:
        with archive.open(member) as stream:
            try:
                shape, fortran, dtype = _npy_header(stream)
                _check_dtype(dtype)
                _check_shape(shape)
            except ValueError as error:
                if len(members) == 1 or "needed" not in str(problem):
                    problem = error
                continue
            return _npy_data(stream, shape, fortran, dtype)
    raise problem


def _read_fits(file: IO[bytes], size: int) -> NDArray[np.generic]:
    if b"END     " not in file.read(_FITS_HEAD):
        raise ValueError("The FITS header has no end; the file is damaged or cut short.")
    file.seek(0)
    try:
        return _first_image(file, size)
    except ValueError:
        raise
    except Exception as error:  # astropy raises a dozen types on a damaged file
        raise ValueError("The FITS file is damaged or cut short; copy or save it again.") from error


def _first_image(file: IO[bytes], size: int) -> NDArray[np.generic]:
    from astropy.io import fits  # slow to import, and few uploads are FITS

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with fits.open(file, memmap=False, lazy_load_hdus=True, disable_image_compression=True,
                       ignore_missing_simple=False) as hdus:
            shapes = []
            for index in range(20):
                try:
                    hdu = hdus[index]
                except IndexError:
                    break
                if not isinstance(hdu, (fits.PrimaryHDU, fits.ImageHDU)) or len(hdu.shape) < 2:
                    continue
                shapes.append(hdu.shape)
                if math.prod(hdu.shape[:-2]) == 1:
                    _check_shape(tuple(hdu.shape))
                    if math.prod(hdu.shape) * abs(int(hdu.header["BITPIX"])) // 8 > size:
                        raise ValueError(
                            f"The FITS header claims an image of shape {hdu.shape}, more than the "
                            f"{size:,} bytes of the file; it is cut short or damaged."
                        )
                    return np.asarray(hdu.data)
    if shapes:
        _check_shape(tuple(shapes[0]))
    raise ValueError("The FITS file holds no 2D image (compressed images are not read); save one.")
