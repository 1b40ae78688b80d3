"""Maps to take away: .npy, .npz, FITS and PNG, each with where it comes from.

Provenance is a list of :class:`MetadataEntry`. A FITS file has them as header cards, an .npz as
arrays of one value each, a PNG as text chunks; an .npy can hold nothing but the array.
"""

from __future__ import annotations

import contextlib
import functools
import io
import json
import shutil
import tempfile
import time
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.shared.server.bounds.files import folder as temporary_folder
from core.fields.fits import SIGNATURE, header_numbers
from core.weights import model_folder

__all__ = [
    "MetadataEntry",
    "fits_bytes",
    "map_files",
    "npy_bytes",
    "npz_bytes",
    "read_truth",
    "text_chunks",
    "to_files",
    "weights_checksum",
    "weights_entry",
]

Floats = NDArray[np.floating]
_KEEP_SECONDS = 900
_TRUTH_LIMIT = 64


@dataclass(frozen=True)
class MetadataEntry:
    """One line of provenance.

    Attributes:
        name: in an .npz and a PNG.
        keyword: in a FITS header, at most 8 characters.
        value: text or a number.
        comment: what it is, with units.
    """

    name: str
    keyword: str
    value: str | int | float
    comment: str


def weights_entry(model: str) -> MetadataEntry:
    """Which weights made it.

    Args:
        model: name of the model's folder.
    """
    return MetadataEntry("weights_sha256", "WEIGHTS", weights_checksum(model), "")


@functools.cache
def weights_checksum(model: str) -> str:
    """SHA-256 of a model's weights, as the config.json of its folder has it."""
    config = json.loads((model_folder(model) / "config.json").read_text())
    return str(config["_meta"]["sha256"])


def npy_bytes(maps: Floats) -> bytes:
    """The array alone."""
    buffer = io.BytesIO()
    np.save(buffer, maps, allow_pickle=False)
    return buffer.getvalue()


def npz_bytes(maps: Floats, facts: Sequence[MetadataEntry], name: str = "sigma") -> bytes:
    """``name`` is the array; every fact stands beside it under its own name."""
    buffer = io.BytesIO()
    values = {fact.name: np.asarray(fact.value) for fact in facts}
    np.savez_compressed(buffer, **{name: maps}, **values)  # type: ignore[arg-type]
    return buffer.getvalue()


def fits_bytes(
    maps: Floats,
    facts: Sequence[MetadataEntry],
    unit: str,
    pixel_size: float,
    pixel_unit: str = "Mpc/h",
    *,
    what: str = "linear surface density",
    third: tuple[str, str] = ("MAP", "maps of one seed, counted from 1"),
) -> bytes:
    """A primary image (a cube for several maps), linear pixel axes, and the facts as cards.

    Args:
        maps: (N, N) or (n, N, N).
        facts: provenance.
        unit: of the values (BUNIT).
        pixel_size: side of a pixel in ``pixel_unit``.
        pixel_unit: of the axes (CUNIT).
        what: the values are.
        third: name (CTYPE3) and meaning of a cube's third axis.
    """
    from astropy.io import fits  # slow to import, and not every visit downloads

    hdu = fits.PrimaryHDU(np.asarray(maps, dtype=np.float32))
    header = hdu.header
    header["BUNIT"] = (unit, what)
    for axis, name in ((1, "X"), (2, "Y")):
        header[f"CTYPE{axis}"] = (name, "position in the periodic box")
        header[f"CUNIT{axis}"] = pixel_unit
        header[f"CRPIX{axis}"] = (0.5, "the box begins at the edge of the first pixel")
        header[f"CRVAL{axis}"] = 0.0
        header[f"CDELT{axis}"] = pixel_size
    if maps.ndim == 3:
        header["CTYPE3"] = third
    for fact in facts:
        header[fact.keyword] = (fact.value, fact.comment)
    buffer = io.BytesIO()
    hdu.writeto(buffer, checksum=True)
    return buffer.getvalue()


def map_files(
    name: str, maps: Floats, facts: Sequence[MetadataEntry], png: bytes, *, array: str = "sigma",
    unit: str, pixel_size: float, **fits: Any,
) -> dict[str, bytes]:
    """The files of a map or of several: .npy, .npz, .fits and .png, content by file name.

    Args:
        name: of the files, without the ending.
        maps: (N, N) or (n, N, N).
        facts: provenance.
        png: the picture, with its provenance in it.
        array: what the array is called in the .npz.
        unit, pixel_size, fits: see :func:`fits_bytes`.
    """
    return {
        f"{name}.npy": npy_bytes(maps),
        f"{name}.npz": npz_bytes(maps, facts, array),
        f"{name}.fits": fits_bytes(maps, facts, unit, pixel_size, **fits),
        f"{name}.png": png,
    }


def text_chunks(facts: Sequence[MetadataEntry]) -> dict[str, str]:
    """Provenance of a PNG."""
    return {"Title": "CosmoDesk", **{fact.name: str(fact.value) for fact in facts}}


def read_truth(path: str | Path, names: Sequence[str] = ("omega_m", "sigma_8")) -> tuple | None:
    """The true parameters that a file carries, if it carries them all: .npz keys or FITS cards.

    Call it after the map itself was read and found sound.

    Args:
        path: of the file.
        names: .npz keys; the FITS keywords are the same in capitals.

    Returns:
        One float a name, or None.
    """
    path = Path(path)
    with path.open("rb") as file:
        start = file.read(10)
    try:
        if start.startswith(b"PK"):
            values = _npz_scalars(path, names)
        elif start.startswith(SIGNATURE):
            values = header_numbers(path, names) or [float("nan")]
        else:
            return None
    except Exception:  # a file without truth, or with nonsense in its place: there is no truth
        return None
    return tuple(values) if all(np.isfinite(values)) else None


def _npz_scalars(path: Path, names: Sequence[str]) -> list[float]:
    values: list[float] = []
    with zipfile.ZipFile(path) as archive:
        for name in names:
            member = archive.getinfo(f"{name}.npy")
            if member.file_size > _TRUTH_LIMIT + 512:
                raise ValueError("not a single number")
            with archive.open(member) as stream:
                array = np.lib.format.read_array(
                    io.BytesIO(stream.read(_TRUTH_LIMIT + 512)), allow_pickle=False
                )
            values.append(float(array.reshape(()) if array.size == 1 else "nan"))
    return values


def to_files(files: dict[str, bytes]) -> list[str]:
    """Write files for download buttons; they are gone after a quarter of an hour, or within one.

    Gradio copies what a button points at into its own cache, so these need not live long.
    """
    root = temporary_folder("downloads")
    for old in root.iterdir():
        with contextlib.suppress(FileNotFoundError):  # somebody else was faster
            if time.time() - old.stat().st_mtime > _KEEP_SECONDS:
                shutil.rmtree(old, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(dir=root))
    paths = []
    for name, content in files.items():
        (folder / name).write_bytes(content)
        paths.append(str(folder / name))
    return paths
