"""What is in a downloaded file, read by the library that its readers would use."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits
from PIL import Image

__all__ = ["READERS", "bibtex", "check", "check_alike"]


def check(path: Path) -> Any:
    """What a file holds.

    Raises:
        AssertionError: if it is empty, or no file of its ending.
    """
    assert path.stat().st_size, f"{path.name} is empty"
    assert path.suffix in READERS, f"nothing here reads {path.suffix}; say in READERS how"
    return READERS[path.suffix](path.read_bytes())


def check_alike(found: Mapping[str, Any]) -> None:
    """The forms of one array (.npy, .npz, .fits) hold the same numbers and the same provenance.

    Args:
        found: what :func:`check` gave, by the name of the file.
    """
    for name, array in found.items():
        stem, dot, ending = name.rpartition(".")
        if ending != "npy":
            continue
        stored, image = found[f"{stem}{dot}npz"], found[f"{stem}{dot}fits"]
        arrays = [value for value in stored.values() if value.ndim > 1]
        assert len(arrays) == 1 and arrays[0].shape == array.shape
        np.testing.assert_array_equal(arrays[0], array)
        np.testing.assert_allclose(image.data, array, rtol=1e-6)
        assert str(stored["weights_sha256"]) == image.header["WEIGHTS"]
        assert found[f"{stem}{dot}png"]["weights_sha256"] == image.header["WEIGHTS"]


def _npy(content: bytes) -> np.ndarray:
    array = np.load(io.BytesIO(content), allow_pickle=False)
    assert array.ndim in (2, 3) and array.shape[-1] == array.shape[-2] > 1
    assert np.isfinite(array).all() and array.std() > 0
    return array


def _npz(content: bytes) -> dict[str, np.ndarray]:
    with np.load(io.BytesIO(content), allow_pickle=False) as stored:
        found = {name: stored[name] for name in stored.files}
    arrays = [array for array in found.values() if array.ndim]
    assert arrays and all(np.isfinite(array).all() for array in arrays if array.dtype.kind == "f")
    assert len(str(found["weights_sha256"])) == 64
    return found


def _fits(content: bytes) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # astropy only warns of a wrong checksum
        with fits.open(io.BytesIO(content), checksum=True, memmap=False) as opened:
            opened.verify("exception")
            image = opened[0].copy()
    assert image.data.ndim in (2, 3) and image.header["BUNIT"] and image.header["CDELT1"] > 0
    return image


def _png(content: bytes) -> dict[str, str]:
    image = Image.open(io.BytesIO(content))
    image.load()
    assert image.format == "PNG" and min(image.size) > 100
    assert np.asarray(image.convert("L")).std() > 5  # something is drawn
    return dict(image.text)  # type: ignore[attr-defined]


def _csv(content: bytes) -> list[dict[str, float]]:
    lines = [line for line in content.decode().splitlines() if not line.startswith("#")]
    rows = list(csv.DictReader(lines))
    assert rows and all(None not in row and None not in row.values() for row in rows)
    return [{name: float(value) for name, value in row.items()} for row in rows]


def _json(content: bytes) -> dict[str, Any]:
    found = json.loads(content)
    assert isinstance(found, dict) and found
    return found


def _jsonl(content: bytes) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in content.decode().splitlines()]
    assert found and all(isinstance(one, dict) and one for one in found)
    return found


def _markdown(content: bytes) -> str:
    text = content.decode()
    assert text.startswith("# ") and len(text.split()) > 20
    return text


def _python(content: bytes) -> str:
    text = content.decode()
    assert any(isinstance(line, ast.Import | ast.ImportFrom) for line in ast.parse(text).body)
    return text


_FIELD = re.compile(r"\s*(\w+)\s*=\s*\{(.*)\},?")


def bibtex(content: bytes) -> dict[str, dict[str, str]]:
    """Entries by key, each a dict of its fields; as BibTeX wants it: braces balanced, keys unique.

    Raises:
        AssertionError: if BibTeX would stumble.
    """
    text = content.decode()
    entries: dict[str, dict[str, str]] = {}
    for block in re.split(r"\n(?=@)", text):
        block = block.strip()
        head = re.match(r"@(\w+)\{([^\s,{}]+),\n", block)
        assert head and block.endswith("}"), block[:80]
        assert block.count("{") == block.count("}"), block[:80]
        fields = [_FIELD.fullmatch(line) for line in block[head.end() : -1].strip().split("\n")]
        assert all(fields), block
        assert head[2] not in entries
        entries[head[2]] = {field[1]: field[2] for field in fields if field}
    assert entries and all(entry.keys() >= {"author", "title", "year"} for entry in
                           entries.values())
    return entries


READERS: dict[str, Callable[[bytes], Any]] = {
    ".npy": _npy, ".npz": _npz, ".fits": _fits, ".png": _png, ".csv": _csv, ".json": _json,
    ".jsonl": _jsonl, ".md": _markdown, ".py": _python, ".bib": bibtex,
}
"""By the ending of the file."""
