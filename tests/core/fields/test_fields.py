"""Geometry, splits, the safe reader under fuzz, and the CMD loader on files in its exact format."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from core.fields import (
    MAPS_PER_SIMULATION,
    CamelsMaps,
    coarsen,
    column_density,
    read_field,
    split_of,
)

RNG = np.random.default_rng(0)
MAP = RNG.lognormal(10, 2, (32, 32)).astype(np.float32)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("size", [1, 8, 16, 32])
def test_coarsen_keeps_the_mean(dtype: type, size: int) -> None:
    maps = RNG.lognormal(10, 2, (3, 2, 32, 32)).astype(dtype)
    out = coarsen(maps, size)
    assert out.shape == (3, 2, size, size) and out.dtype == dtype
    np.testing.assert_allclose(out.mean((-2, -1), dtype=float), maps.mean((-2, -1), dtype=float),
                               rtol=1e-6)


def test_coarsen_averages_blocks() -> None:
    maps = np.arange(16.0).reshape(4, 4)
    np.testing.assert_array_equal(coarsen(maps, 2), [[2.5, 4.5], [10.5, 12.5]])


@pytest.mark.parametrize(
    ("shape", "size"), [((32, 32), 12), ((32, 16), 8), ((32,), 8), ((8, 8), 0)]
)
def test_coarsen_refuses(shape: tuple[int, ...], size: int) -> None:
    with pytest.raises(ValueError):
        coarsen(np.ones(shape), size)


def test_column_density() -> None:
    assert column_density(1e4) == pytest.approx(11.92)
    assert column_density(1e4, redshift=1) == pytest.approx(11.92 + 2 * np.log10(2))
    # the constant from first principles: Msun h / Mpc^2 in hydrogen atoms per cm^2
    unit = 1.98841e33 * 0.6711 / (3.0856776e24**2) / 1.6735e-24
    assert column_density(1.0) == pytest.approx(np.log10(unit), abs=0.01)
    with pytest.raises(ValueError):
        column_density(-1.0)


def test_split_is_a_function_of_the_seed() -> None:
    seeds = np.arange(20_000)
    split = split_of(seeds)
    assert set(split) == {"train", "validation"}
    assert np.mean(split == "validation") == pytest.approx(0.05, abs=0.005)
    order = RNG.permutation(len(seeds))
    np.testing.assert_array_equal(split_of(seeds[order]), split[order])
    assert split_of(7) == split[7]
    # pinned: a change here would move simulations between splits of trained models
    assert list(seeds[split == "validation"][:4]) == [10, 21, 48, 68]


# -- uploads -----------------------------------------------------------------------------------


def _npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def _npz(**arrays: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()


def _fits(*arrays: np.ndarray | None) -> bytes:
    buffer = io.BytesIO()
    first, *rest = arrays
    fits.HDUList([fits.PrimaryHDU(first), *map(fits.ImageHDU, rest)]).writeto(buffer)
    return buffer.getvalue()


def _claiming(shape: tuple[int, ...], dtype: str = "<f8", body: bytes = b"") -> bytes:
    """A header that claims more than follows."""
    header = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + body


def _zip(name: str, content: bytes, **options: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, **options) as archive:  # type: ignore[arg-type]
        archive.writestr(name, content)
    return buffer.getvalue()


def _zip_of_lzma() -> bytes:
    """Unpacking begins with a dictionary of 4 GB."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.npy", _npy(MAP))
    data = bytearray(buffer.getvalue())
    at = data.index(b"a.npy") + len("a.npy") + 5
    data[at : at + 4] = b"\xff\xff\xff\xff"
    return bytes(data)


def _fits_claiming(side: int) -> bytes:
    cards = ["SIMPLE  =                    T", "BITPIX  =                  -64",
             "NAXIS   =                    2", f"NAXIS1  = {side:20d}",
             f"NAXIS2  = {side:20d}", "END"]
    return "".join(card.ljust(80) for card in cards).ljust(2880).encode()


@pytest.mark.parametrize(
    "content",
    [
        _npy(MAP),
        _npy(np.asfortranarray(MAP)),
        _npy(MAP.astype(">f8")),
        _npy(MAP[None]),
        _npz(sigma=MAP),
        _npz(note=np.array("made by hand"), seeds=np.arange(4), sigma=MAP, other=2 * MAP),
        _fits(MAP),
        _fits(MAP[None]),
        _fits(None, MAP),
    ],
)
def test_reads_a_map(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "map.bin"  # the content decides, not the name
    path.write_bytes(content)
    array = read_field(path)
    assert array.dtype == np.float64 and array.flags.writeable in (True, False)
    np.testing.assert_array_equal(array, MAP.astype(float))


def test_reads_integers_and_booleans(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.eye(8, dtype=bool))
    np.testing.assert_array_equal(read_field(tmp_path / "a.npy"), np.eye(8))


PICKLED = np.empty((4, 4), dtype=object)
NAN = MAP.copy()
NAN[3, 5] = np.nan
BAD = {
    "empty": (b"", "0 bytes"),
    "text": (b"Sigma of a map\n1 2 3\n", "neither"),
    "pickle": (b"\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00\x8c\x07payload\x94.", "neither"),
    "pickled npy": (_npy(PICKLED), "pickled"),
    "pickled npz": (_npz(a=PICKLED), "pickled"),
    "80 GB npy": (_claiming((100_000, 100_000)), "4096"),
    "80 GB one map of many": (_claiming((100, 10_000, 10_000)), "one 2D map"),
    "claims more than it has": (_claiming((4000, 4000), body=b"\0" * 99), "cut short"),
    "negative shape": (_claiming((-5, 5)), "no pixels"),
    "huge negative": (_claiming((-(2**62), 4)), "no pixels"),
    "80 GB npz": (_zip("a.npy", _claiming((100_000, 100_000))), "4096"),
    "80 GB fits": (_fits_claiming(100_000), "4096"),
    "short fits": (_fits_claiming(4000), "cut short"),
    "bomb": (_zip("a.npy", b"\0" * (300 * 2**20)), "MB"),
    "header bomb": (
        _zip("a.npy", b"\x93NUMPY\x02\x00" + struct.pack("<I", 2**31) + b" " * (50 * 2**20)),
        "header",
    ),
    "broken zip": (_npz(a=MAP)[:200], "damaged"),
    "zip of lzma": (_zip_of_lzma(), "packed"),
    "zip of text": (_zip("a.txt", b"hello"), "no array"),
    "truncated npy": (_npy(MAP)[:-100], "cut short"),
    "truncated header": (_npy(MAP)[:40], "header"),
    "truncated fits": (_fits(MAP)[:2000], "FITS"),
    "nan": (_npy(NAN), "NaN"),
    "inf": (_npz(a=np.full((8, 8), np.inf)), "infinite"),
    "complex": (_npy(MAP.astype(complex)), "complex"),
    "strings": (_npy(np.full((4, 4), "abc")), "text"),
    "records": (_npy(np.zeros((4, 4), dtype=[("a", "f4")])), "records"),
    "several maps": (_npy(np.ones((15, 8, 8))), "maps[0]"),
    "several in fits": (_fits(np.ones((3, 8, 8))), "maps[0]"),
    "one row": (_npy(np.ones(100)), "2D"),
    "a number": (_npy(np.array(1.0)), "2D"),
    "no pixels": (_npy(np.ones((0, 0))), "no pixels"),
    "not square": (_npy(np.ones((8, 16))), "square"),
    "fits without image": (_fits(None), "no 2D image"),
}


@pytest.mark.parametrize("name", BAD)
def test_refuses_in_one_sentence(name: str, tmp_path: Path) -> None:
    content, word = BAD[name]
    path = tmp_path / "secret-folder" / "upload.npy"
    path.parent.mkdir()
    path.write_bytes(content)
    tracemalloc.start()
    try:
        with pytest.raises(ValueError) as caught:
            read_field(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    message = str(caught.value)
    assert word in message
    assert "\n" not in message and message.endswith(".") and len(message) < 250
    assert "secret-folder" not in message  # a server's paths are nobody's business
    assert peak < 64 * 2**20


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no file"):
        read_field(tmp_path / "nothing.npy")


def test_fuzz_never_raises_anything_else(tmp_path: Path) -> None:
    """Good files with random bytes flipped, cut or doubled: a map or a ValueError."""
    rng = np.random.default_rng(1)
    path = tmp_path / "fuzz"
    good = [_npy(MAP), _npz(a=MAP), _fits(MAP)]
    for i in range(150):
        data = bytearray(good[i % 3])
        reach = len(data) if rng.random() < 0.3 else min(len(data), 400)
        for _ in range(rng.integers(1, 8)):
            data[rng.integers(reach)] = rng.integers(256)
        if rng.random() < 0.3:
            data = data[: rng.integers(len(data))]
        path.write_bytes(bytes(data))
        try:
            assert read_field(path).ndim == 2
        except ValueError as error:
            assert "\n" not in str(error)


# -- CMD ---------------------------------------------------------------------------------------


def _write_cmd(folder: Path, simulations: int = 4, suite: str = "IllustrisTNG", dataset: str = "LH",
               size: int = 32, older: bool = False) -> np.ndarray:
    """A set in the format of the CMD, down to dtype, file names and parameter columns."""
    rng = np.random.default_rng(5)
    maps = 10 ** rng.normal(4.8, 1.0, (simulations * MAPS_PER_SIMULATION, size, size))
    maps = maps.astype(np.float32)
    np.save(folder / f"Maps_HI_{suite}_{dataset}_z=0.00.npy", maps)
    rows = rng.uniform([0.1, 0.6, 0.25, 0.25, 0.5, 0.5], [0.5, 1, 4, 4, 2, 2], (simulations, 6))
    name = f"params_{suite}.txt" if older else f"params_{dataset}_{suite}.txt"
    np.savetxt(folder / name, rows, "%.5f")
    return maps


@pytest.mark.parametrize("suite", ["IllustrisTNG", "SIMBA", "Astrid", "CosmoDeskPM"])
@pytest.mark.parametrize("dataset", ["LH", "CV", "1P", "EX"])
def test_opens_every_suite_and_set(suite: str, dataset: str, tmp_path: Path) -> None:
    maps = _write_cmd(tmp_path, suite=suite, dataset=dataset)
    opened = CamelsMaps.open(tmp_path, dataset=dataset)
    assert isinstance(opened.maps, np.memmap)
    assert (opened.suite, opened.dataset, opened.n_simulations) == (suite, dataset, 4)
    assert opened.names[:2] == ("Omega_m", "sigma_8") and opened.parameters.shape == (4, 6)
    assert [int(opened.simulation_of(i)) for i in (0, 14, 15, 59)] == [0, 0, 1, 3]
    np.testing.assert_allclose(opened.at_size(8, [3, 50]), coarsen(maps[[3, 50]], 8), rtol=1e-6)
    assert opened.at_size(16).shape == (60, 16, 16)


def test_older_parameter_name_and_header(tmp_path: Path) -> None:
    _write_cmd(tmp_path, older=True)
    assert CamelsMaps.open(tmp_path).n_simulations == 4
    rows = np.loadtxt(tmp_path / "params_IllustrisTNG.txt")[:, :3]
    np.savetxt(tmp_path / "params_LH_IllustrisTNG.txt", rows, header="Omega_m sigma_8 A_new")
    assert CamelsMaps.open(tmp_path).names == ("Omega_m", "sigma_8", "A_new")


def test_a_set_that_is_still_being_made_opens(tmp_path: Path) -> None:
    maps = _write_cmd(tmp_path)
    maps[15:] = 0
    np.save(tmp_path / "Maps_HI_IllustrisTNG_LH_z=0.00.npy", maps)
    assert len(CamelsMaps.open(tmp_path)) == 60
    np.save(tmp_path / "Maps_HI_IllustrisTNG_LH_z=0.00.npy", 0 * maps)
    assert len(CamelsMaps.open(tmp_path)) == 60


def _parameters(folder: Path, change: str) -> None:
    path = folder / "params_LH_IllustrisTNG.txt"
    lines = path.read_text().splitlines()
    {
        "gone": path.unlink,
        "short": lambda: path.write_text("\n".join(lines[:3])),
        "text": lambda: path.write_text("not a table at all\n"),
        "empty": lambda: path.write_text(""),
        "nan": lambda: path.write_text("\n".join(["nan " * 6] * 4)),
        "narrow": lambda: path.write_text("\n".join(line.split()[0] for line in lines)),
    }[change]()


@pytest.mark.filterwarnings("ignore:loadtxt")
@pytest.mark.parametrize(
    ("change", "word"),
    [("gone", "lacks the parameters"), ("short", "3 rows"), ("text", "table of numbers"),
     ("empty", "Omega_m and sigma_8"), ("nan", "finite"), ("narrow", "1 columns")],
)
def test_parameters_that_do_not_fit(change: str, word: str, tmp_path: Path) -> None:
    _write_cmd(tmp_path)
    _parameters(tmp_path, change)
    with pytest.raises(ValueError, match=word) as caught:
        CamelsMaps.open(tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda m: np.log10(m), "logarithmic"),
        (lambda m: (m - m.mean()) / m.std(), "logarithmic"),
        (lambda m: m[:, :, :16], "shape"),
        (lambda m: m[0], "shape"),
        (lambda m: m[:-1], "59 maps"),
        (lambda m: m.astype(int), "float32"),
        (lambda m: np.where(m > 0, np.nan, m), "NaN"),
        (lambda m: m.astype(object), "damaged"),
    ],
)
def test_maps_that_do_not_fit(change, word: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    maps = change(_write_cmd(tmp_path))
    np.save(tmp_path / "Maps_HI_IllustrisTNG_LH_z=0.00.npy", maps)
    with pytest.raises(ValueError, match=word) as caught:
        CamelsMaps.open(tmp_path)
    assert "\n" not in str(caught.value)


def test_missing_and_ambiguous_files(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="holds no Maps_HI_<suite>_LH"):
        CamelsMaps.open(tmp_path)
    _write_cmd(tmp_path)
    _write_cmd(tmp_path, suite="SIMBA")
    with pytest.raises(ValueError, match="suite="):
        CamelsMaps.open(tmp_path)
    assert CamelsMaps.open(tmp_path, suite="SIMBA").suite == "SIMBA"
    with pytest.raises(ValueError, match="Astrid"):
        CamelsMaps.open(tmp_path, suite="Astrid")
    with pytest.raises(ValueError, match="maps 0 to 59"):
        CamelsMaps.open(tmp_path, suite="SIMBA").at_size(8, [60])
