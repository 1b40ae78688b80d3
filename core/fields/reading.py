"""Read an uploaded map or stack: bounded in memory, never a pickle.

What is refused is refused in one sentence. A header is read before any data and the zip directory
before anything is expanded, because a few bytes can claim 80 GB and a small archive can expand to
gigabytes.
"""

from __future__ import annotations

import contextlib
import io
import math
import struct
import warnings
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from core.fields import fits, hdf5
from core.fields.wanted import (
    MAX_FILE_BYTES,
    MAX_SIDE,
    MAX_SLICES,
    MAX_VALUES,
    Wanted,
    shown_shape,
)

__all__ = ["MAX_FILE_BYTES", "MAX_SIDE", "MAX_SLICES", "MAX_VALUES", "chosen_array", "read_field",
           "read_stack"]

_MAX_HEADER = 65_536
_MAX_MEMBERS = 1_000
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # as NumPy writes; others want gigabytes
_BROKEN_ARCHIVE = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, KeyError,
    UnicodeError, struct.error, OverflowError,
)


def read_field(path: str | Path, square: bool = True) -> NDArray[np.float64]:
    """Read one 2D map from an untrusted .npy, .npz or .fits file.

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
    return _checked(_read(Path(path), Wanted()), square)


def read_stack(path: str | Path, names: Sequence[str] = ()) -> NDArray[np.float64]:
    """Read one square image, or a stack of them, from an untrusted .npy, .npz, .fits or .h5 file.

    The content decides the format, not the name. Of a file with several arrays the first of
    ``names`` that is there is taken, else the first with two or three axes. Axes of length 1 in
    front are dropped, so a stack of one slice comes back as an image.

    Args:
        path: the file; at most 256 MB.
        names: of the arrays to look at first in an .npz or .h5, such as ("brightness_temp",).

    Returns:
        (n, n), or (S, n, n) with the slices first; float64, finite, at most 256^3 values.

    Raises:
        ValueError: one sentence that says what is wrong and what would be right.

    Example:
        >>> stack = read_stack("lightcone.h5", names=("brightness_temp",))
    """
    return _checked(_read(Path(path), Wanted(stack=True, names=tuple(names))), square=True)


def chosen_array(path: str | Path, names: Sequence[str] = (), stack: bool = False) -> str | None:
    """Which array of an .npz :func:`read_field`, or :func:`read_stack`, takes if it has a choice.

    Args:
        path: a file that one of them has read.
        names: as for :func:`read_stack`.
        stack: whether it was that one.

    Returns:
        The name; None if there is one array alone that can be taken, or the file is no .npz.
    """
    wanted, usable = Wanted(stack=stack, names=tuple(names)), []
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if m.filename.endswith(".npy")]
            for member in sorted(members, key=lambda m: wanted.order(m.filename[:-4])):
                with archive.open(member) as stream, contextlib.suppress(ValueError):
                    shape, _, dtype = _npy_header(stream)
                    wanted.check_dtype(dtype)
                    wanted.check_shape(shape)
                    usable.append(member.filename[:-4])
    except _BROKEN_ARCHIVE:
        return None
    return usable[0] if len(usable) > 1 else None


def _read(path: Path, wanted: Wanted) -> NDArray[np.generic]:
    kinds = ".npy, .npz, .fits or .h5" if wanted.stack else ".npy, .npz or .fits"
    if not path.is_file():
        raise ValueError(f"There is no file {path.name}; give a {kinds} file.")
    size = path.stat().st_size
    if size == 0:
        raise ValueError(f"The file is empty (0 bytes); give a {kinds} file with a map.")
    if size > MAX_FILE_BYTES:
        raise ValueError(
            f"The file has {size / 2**20:.0f} MB; the most is {MAX_FILE_BYTES // 2**20} MB."
        )
    with path.open("rb") as file:
        start = file.read(10)
        file.seek(0)
        if start.startswith(b"\x93NUMPY"):
            return _read_npy(file, size, wanted)
        if start.startswith(b"PK"):
            return _read_npz(file, wanted)
        if start.startswith(fits.SIGNATURE):
            return fits.read_fits(file, size, wanted)
    if not wanted.stack:
        raise ValueError(
            "The file is neither a NumPy array nor a FITS image; save the map with numpy.save, "
            "numpy.savez or astropy.io.fits."
        )
    if not start.startswith(hdf5.SIGNATURE):
        raise ValueError(
            "The file is neither a NumPy array, a FITS image nor an HDF5 file; save the image with "
            "numpy.save, numpy.savez, astropy.io.fits or h5py."
        )
    return hdf5.read_hdf5(path, wanted)


def _checked(array: NDArray[np.generic], square: bool) -> NDArray[np.float64]:
    shape = array.shape[-2:] if math.prod(array.shape[:-2]) == 1 else array.shape[-3:]
    values = np.ascontiguousarray(array.reshape(shape), dtype=np.float64)
    if square and shape[-2] != shape[-1]:
        raise ValueError(
            f"The map has {shape[-2]} x {shape[-1]} pixels; a square map of a periodic box is "
            "needed."
        )
    bad = int(np.count_nonzero(~np.isfinite(values)))
    if bad:
        raise ValueError(
            f"The map holds {bad} of {values.size} values that are NaN or infinite; fill or mask "
            "them first."
        )
    return values


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


def _read_npy(file: IO[bytes], size: int, wanted: Wanted) -> NDArray[np.generic]:
    shape, fortran, dtype = _npy_header(file)
    wanted.check_dtype(dtype)
    wanted.check_shape(shape)
    if math.prod(shape) * dtype.itemsize > size:
        raise ValueError(
            f"The header claims an array of shape {shown_shape(shape)}, more than the {size:,} "
            "bytes of the file; it is cut short or damaged."
        )
    return _npy_data(file, shape, fortran, dtype)


def _read_npz(file: IO[bytes], wanted: Wanted) -> NDArray[np.generic]:
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
            if any(m.compress_type not in _PACKED for m in members):
                raise ValueError(
                    "The archive is packed in an unusual way; save the map with numpy.savez."
                )
            members.sort(key=lambda m: wanted.order(m.filename.removesuffix(".npy")))
            return _first_map(archive, members, wanted)
    except _BROKEN_ARCHIVE as error:
        raise ValueError(
            "The archive is damaged, encrypted or no .npz file; save the map with numpy.savez."
        ) from error


def _first_map(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], wanted: Wanted
) -> NDArray[np.generic]:
    problem = ValueError("The archive holds no array; save the map with numpy.savez.")
    for member in members:
        with archive.open(member) as stream:
            try:
                shape, fortran, dtype = _npy_header(stream)
                wanted.check_dtype(dtype)
                wanted.check_shape(shape)
            except ValueError as error:
                if len(members) == 1 or "needed" not in str(problem):
                    problem = error
                continue
            return _npy_data(stream, shape, fortran, dtype)
    raise problem
