"""Files that nobody should have to suffer from, and a word each refusal has to hold."""

from __future__ import annotations

import io
import pickle
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

__all__ = ["BAD_FILES", "write_bad_file"]


def _npy(array: np.ndarray, allow_pickle: bool = False) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=allow_pickle)
    return buffer.getvalue()


def _header(shape: str) -> bytes:
    text = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}"
    text = text.ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode()


def _bomb() -> bytes:
    """An archive of a few hundred kB that expands to 300 MB."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive, \
            archive.open("sigma.npy", "w", force_zip64=True) as member:
        member.write(_header("(6000, 6250)"))
        block = bytes(6000 * 8)
        for _ in range(6250):
            member.write(block)
    return buffer.getvalue()


def _nan() -> bytes:
    array = np.ones((64, 64))
    array[3, 4] = np.nan
    return _npy(array)


def _objects() -> bytes:
    return _npy(np.array([[1, "a"], [None, 2]], dtype=object), allow_pickle=True)


BAD_FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "nan.npy": (_nan, "NaN"),
    "infinite.npy": (lambda: _npy(np.full((64, 64), np.inf)), "infinite"),
    "line.npy": (lambda: _npy(np.ones(64)), "2D map"),
    "oblong.npy": (lambda: _npy(np.ones((64, 32))), "square"),
    "cube.npy": (lambda: _npy(np.ones((3, 64, 64))), "2D map"),
    "odd.npy": (lambda: _npy(np.ones((50, 50))), "multiple"),
    "negative.npy": (lambda: _npy(-np.ones((64, 64))), "above zero"),
    "objects.npy": (_objects, ""),
    "pickle.npy": (lambda: pickle.dumps({"a": 1}), "neither"),
    "bomb.npz": (_bomb, "MB"),
    "header.npy": (lambda: _header("(100000, 100000)"), "claim"),
    "text.npy": (lambda: b"not a map at all\n" * 20, "neither"),
    "empty.npy": (lambda: b"", "empty"),
    "broken.npz": (lambda: b"PK\x03\x04" + zlib.compress(b"x"), "archive"),
    "broken.fits": (lambda: b"SIMPLE  =                    T" + b" " * 100, "FITS"),
}


def write_bad_file(folder: Path, name: str) -> Path:
    """Write one of :data:`BAD_FILES`."""
    path = folder / name
    path.write_bytes(BAD_FILES[name][0]())
    return path
