"""One array of an untrusted HDF5 file.

The HDF5 library is a large parser in C, and a crafted file can crash it or keep it busy for ever.
So a child process reads the file, with bounded memory and time: a hostile file ends the child, not
the server. Links to other files, data kept in other files and unusual filters are never followed.
"""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.fields.wanted import MAX_FILE_BYTES, Wanted

__all__ = ["SIGNATURE", "read_hdf5"]

SIGNATURE = b"\x89HDF\r\n\x1a\n"
"""The first bytes of a file."""

_SECONDS = 30
_CPU_SECONDS = 10  # a sound file of the largest size takes three
_MEMORY = 4 * 2**30
_MAX_OBJECTS = 1000
_FILTERS = {1, 2, 3, 32000}  # deflate, shuffle, checksum, LZF: those that h5py writes
_REFUSED = 3
_CHILD = "import sys; sys.path.insert(0, sys.argv[1]); from core.fields.hdf5 import child; child()"
_DAMAGED = "The HDF5 file is damaged or cut short; copy or save it again."


def read_hdf5(path: Path, wanted: Wanted) -> NDArray[np.generic]:
    """The wanted array: of the named ones the first that is there, else the first that fits.

    Args:
        path: of the file.
        wanted: what fits.

    Raises:
        ValueError: one sentence that says what is wrong and what would be right.
    """
    command = [sys.executable, "-I", "-c", _CHILD, str(Path(__file__).parents[2]),
               str(path.resolve()), str(int(wanted.stack)), *wanted.names]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "HDF5_PLUGIN_PRELOAD": "::"}
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, env=environment,
                              stdin=subprocess.DEVNULL, check=False)
    except subprocess.TimeoutExpired as error:
        raise ValueError(
            f"The HDF5 file could not be read within {_SECONDS} s; save the one array alone."
        ) from error
    if done.returncode == _REFUSED:
        raise ValueError(done.stderr.decode(errors="replace").strip())
    if done.returncode != 0:
        raise ValueError(_DAMAGED)
    return _array(done.stdout, wanted)


def _array(data: bytes, wanted: Wanted) -> NDArray[np.generic]:
    try:
        array = np.lib.format.read_array(io.BytesIO(data), allow_pickle=False)
    except ValueError as error:
        raise ValueError(_DAMAGED) from error
    wanted.check_shape(array.shape)
    wanted.check_dtype(array.dtype)
    return array


def child() -> None:
    """What the child process does: the array to standard output, or a sentence and exit code 3."""
    _bound()
    path, stack, names = sys.argv[2], bool(int(sys.argv[3])), tuple(sys.argv[4:])
    try:
        array = _read(path, Wanted(stack, names))
    except ValueError as error:
        sys.stderr.write(str(error))
        sys.exit(_REFUSED)
    buffer = io.BytesIO()  # an array is not written to a pipe
    np.lib.format.write_array(buffer, array, allow_pickle=False)
    sys.stdout.buffer.write(buffer.getbuffer())


def _bound() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has no such limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read(path: str, wanted: Wanted) -> NDArray[np.generic]:
    import h5py  # here alone: few uploads are HDF5

    try:
        with h5py.File(path, "r") as file:
            found = _datasets(file)
            problem = ValueError("The HDF5 file holds no dataset; save one image or stack.")
            for _, dataset in sorted(found, key=lambda pair: wanted.order(_last(pair[0]))):
                try:
                    _check(dataset, wanted)
                except ValueError as error:
                    if len(found) == 1 or "needed" not in str(problem):
                        problem = error
                    continue
                return np.ascontiguousarray(dataset[()])
            raise problem
    except ValueError:
        raise
    except Exception as error:  # h5py raises half a dozen types on a damaged file
        raise ValueError(_DAMAGED) from error


def _last(name: str) -> str:
    return name.rsplit("/", 1)[-1]


def _datasets(file: Any) -> list[tuple[str, Any]]:
    """Datasets by name; soft and external links are not followed."""
    import h5py

    found: list[tuple[str, Any]] = []
    seen = 0

    def visit(name: str, thing: Any) -> bool | None:
        nonlocal seen
        seen += 1
        if isinstance(thing, h5py.Dataset):
            found.append((name, thing))
        return True if seen > _MAX_OBJECTS else None

    if file.visititems(visit):
        raise ValueError(f"The HDF5 file holds over {_MAX_OBJECTS} objects; save one array alone.")
    return found


def _check(dataset: Any, wanted: Wanted) -> None:
    shape = dataset.shape
    if shape is None:
        raise ValueError(f"The dataset is empty; {wanted.words} is needed.")
    wanted.check_dtype(dataset.dtype)
    wanted.check_shape(tuple(int(n) for n in shape))
    properties = dataset.id.get_create_plist()
    filters = {properties.get_filter(i)[0] for i in range(properties.get_nfilters())}
    if dataset.is_virtual or dataset.external:
        raise ValueError("The dataset lies in another file, which is not read; save the data.")
    if not filters <= _FILTERS:
        raise ValueError("The dataset is packed in an unusual way; save it with gzip or unpacked.")
    chunk = int(np.prod(dataset.chunks or (1,), dtype=object)) * dataset.dtype.itemsize
    if chunk > MAX_FILE_BYTES or int(np.prod(shape)) * dataset.dtype.itemsize > MAX_FILE_BYTES:
        raise ValueError(
            f"The dataset is kept in pieces of {chunk / 2**20:,.0f} MB; the most is "
            f"{MAX_FILE_BYTES // 2**20} MB."
        )
