"""Good files of every kind that a page or a training reads, and how each kind is spoiled."""

from __future__ import annotations

import io
import lzma
import random
import struct
import tempfile
import zipfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.fuzzing.mutations import EVIL_NUMBERS, spoil_bytes

__all__ = ["MAKERS", "spoiled"]

Array = NDArray[Any]
QUOTED = "'x': 1"


def _maps() -> list[Array]:
    rng = np.random.default_rng(0)
    one = rng.lognormal(12, 1, (64, 64)).astype(np.float32)
    return [
        one, one.astype(np.float64), one.astype(">f8"), np.asfortranarray(one), one[None],
        rng.lognormal(12, 1, (128, 128)).astype(np.float32), one.astype(np.int64),
        rng.normal(0, 5, (64, 64)).astype(np.float16), rng.normal(0, 5, (4, 64, 64)),
        rng.normal(0, 5, (70, 64, 64)).astype(np.float32), one > one.mean(),
        one.astype(float) * 1e300, one.astype(complex), one[:, :3], np.ones((64, 64)),
        np.full((64, 64), 5e-324),
    ]


def _npy(array: Array, version: tuple[int, int] | None = None) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, version, allow_pickle=False)
    return buffer.getvalue()


@lru_cache(maxsize=1)
def npy_files() -> list[bytes]:
    return [*map(_npy, _maps()), _npy(_maps()[0], (2, 0)), _npy(_maps()[0], (3, 0))]


@lru_cache(maxsize=1)
def npz_files() -> list[bytes]:
    found = []
    for array, name in zip(_maps()[:11], ("sigma", "brightness_temp", "image", "density") * 3,
                           strict=False):
        buffer = io.BytesIO()
        save = np.savez if len(found) % 2 else np.savez_compressed
        save(buffer, **{name: array, "omega_m": 0.3, "sigma_8": 0.8, "redshift": 8.2,  # type: ignore[arg-type]
                        "cell_mpc": 2.0, "x_hi_mean": 0.5, "note": "text"})
        found.append(buffer.getvalue())
    return found


@lru_cache(maxsize=1)
def fits_files() -> list[bytes]:
    from astropy.io import fits

    one, cube = _maps()[0], _maps()[8].astype(np.float32)
    primary, scaled = fits.PrimaryHDU(one), fits.PrimaryHDU(one.astype(np.int32))
    for name, value in (("OMEGA_M", 0.3), ("SIGMA_8", 0.8), ("REDSHIFT", 8.0), ("CELL_MPC", 2.0),
                        ("X_HI_MEA", 0.5), ("LONGSTRN", "x" * 200)):
        primary.header[name] = value
    scaled.header["BSCALE"], scaled.header["BZERO"], scaled.header["BLANK"] = 2.0, 10.0, -1
    table = fits.BinTableHDU.from_columns([fits.Column("a", "D", array=np.arange(5.0))])
    lists = [
        [primary], [fits.PrimaryHDU(cube)], [fits.PrimaryHDU(), fits.ImageHDU(one)], [scaled],
        [fits.PrimaryHDU(), table, fits.ImageHDU(one.astype(np.int16))],
        [fits.PrimaryHDU(), fits.CompImageHDU(one)],
    ]
    found = []
    for hdus in lists:
        buffer = io.BytesIO()
        fits.HDUList(hdus).writeto(buffer, checksum=len(found) % 2 == 0, output_verify="ignore")
        found.append(buffer.getvalue())
    return found


@lru_cache(maxsize=1)
def h5_files() -> list[bytes]:
    import h5py

    one, cube = _maps()[0], _maps()[8]

    def plain(file: Any) -> None:
        file["brightness_temp"] = cube

    def packed(file: Any) -> None:
        file.create_dataset("a/image", data=one, chunks=(16, 16), compression="gzip", shuffle=True)
        file["note"] = "text"

    def linked(file: Any) -> None:
        file["image"] = h5py.SoftLink("/elsewhere")
        file["other"] = h5py.ExternalLink("/etc/passwd", "/x")
        file["real"] = one

    def odd(file: Any) -> None:
        file["records"] = np.zeros(4, [("a", "f8"), ("b", "i4")])
        file["texts"] = np.array([b"a", b"b"], dtype=object).astype("S3")
        file["scalar"] = 3.0
        file["empty"] = h5py.Empty("f8")
        file.create_dataset("grown", data=one, maxshape=(None, None), chunks=(8, 8),
                            fletcher32=True)

    def virtual(file: Any) -> None:
        layout = h5py.VirtualLayout((64, 64), "f4")
        layout[:] = h5py.VirtualSource("other.h5", "image", (64, 64))
        file.create_virtual_dataset("image", layout)

    found = []
    with tempfile.TemporaryDirectory() as folder:
        for fill in (plain, packed, linked, odd, virtual):
            path = Path(folder) / f"{fill.__name__}.h5"
            with h5py.File(path, "w") as file:
                fill(file)
            found.append(path.read_bytes())
    return found


# -- spoiled, knowing the format ----------------------------------------------------------------


def _spoil_npy(data: bytes, chance: random.Random) -> bytes:
    """Another header that is well formed by its length."""
    shapes = ("(64, 64)", "()", "(0, 64)", "(-1, 64)", "(64,)", "(4294967296, 4294967296)",
              "(100000, 100000)", "(1,)*64", "(64, 64.0)", "(1, 1, 1, 1, 64, 64)", "64", "[64, 64]",
              "(True, 64)", "None", "(64, 64" + ", 1" * 3000 + ")", "(" * 3000, "(9" + "9" * 4400 +
              ", 1)", "(2**62, 4)", "(4097, 1)", "(1, 4096)")
    descriptions = ("'<f8'", "'|O'", "'<U1000000'", "'|V0'", "'|S0'", "'<f16'", "'<c8'",
                    "'<M8[ns]'", "[('a', '<f8')]", "[('a', '|O')]", "('<f8', (2, 2))", "'f4,f4'",
                    "[]", "{}",
                    "'<i1000'", "[('a', [('b', '<f8', (1000000, 1000000))])]", "'<f4'", "'|b1'",
                    "'>i8'", "'" + "x" * 9000 + "'", "'<m8'", "float", "1", "b'<f8'")
    text = (f"{{'descr': {chance.choice(descriptions)}, 'fortran_order': "
            f"{chance.choice(('False', 'True', '1', 'None', '[]'))}, 'shape': "
            f"{chance.choice(shapes)}, {chance.choice(('', '', QUOTED))}}}")
    encoded = text.encode("latin1").ljust(118) + b"\n"
    return b"\x93NUMPY\x02\x00" + struct.pack("<I", len(encoded)) + encoded + data[128:]


@lru_cache(maxsize=1)
def _bomb() -> bytes:
    text = b"{'descr': '<f8', 'fortran_order': False, 'shape': (4000, 4000), }".ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + bytes(122 * 2**20)


def _spoil_npz(data: bytes, chance: random.Random) -> bytes:
    """An archive packed anew: sound by its checksums, strange in its members."""
    packing = chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2,
                             zipfile.ZIP_LZMA))
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", packing) as new:
        for name in old.namelist():
            content = old.read(name)
            way = chance.randrange(8)
            if way == 0:
                content = _spoil_npy(content, chance)
            elif way == 1:
                content = spoil_bytes(content, chance, npy_files())
            elif way == 2:
                name = chance.choice(("../../x.npy", "/etc/x.npy", "a\x00.npy", "é" * 300 + ".npy",
                                      ".npy", "sigma.npy", "sigma.npy/", "A" * 60_000 + ".npy"))
            elif way == 3:
                content = chance.choice((b"", b"\x93NUMPY", bytes(300)))
            elif way == 4 and chance.random() < 0.1:
                content = _bomb()
            new.writestr(name, content)
        for number in range(chance.choice((0, 0, 0, 5, 1200))):
            new.writestr(f"{number}.npy", b"x")
    raw = bytearray(buffer.getvalue())
    if chance.random() < 0.3:  # flags, packing, sizes in the directory
        at = raw.rfind(b"PK\x01\x02")
        place = at + chance.choice((6, 8, 10, 16, 20, 24, 28, 30, 42))
        raw[place : place + 2] = chance.choice((b"\x01\x00", b"\xff\xff", b"\x0e\x00", b"\x63\x00"))
    if packing == zipfile.ZIP_LZMA and chance.random() < 0.5:  # a dictionary of 4 GB
        filters = lzma._encode_filter_properties({"id": lzma.FILTER_LZMA1})  # type: ignore[attr-defined]
        raw[:] = raw.replace(filters, filters[:1] + b"\xff\xff\xff\xff")
    return bytes(raw)


_CARDS = ("NAXIS", "NAXIS1", "NAXIS2", "NAXIS3", "BITPIX", "BSCALE", "BZERO", "BLANK", "PCOUNT",
          "GCOUNT", "GROUPS", "EXTEND", "XTENSION", "SIMPLE", "CHECKSUM", "DATASUM", "CONTINUE",
          "HIERARCH x", "ZIMAGE", "TFIELDS", "INHERIT", "REDSHIFT", "CELL_MPC", "OMEGA_M", "END")


def _spoil_fits(data: bytes, chance: random.Random) -> bytes:
    """Cards changed, doubled, put in and taken out, the blocks still of 2,880 bytes."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4))):
        cards = [i for i in range(0, min(len(changed), 8640), 80) if changed[i : i + 8].strip()]
        at = chance.choice(cards)
        name = chance.choice(_CARDS)
        values = (*EVIL_NUMBERS, "T", "F", "'text'", "'unclosed", "(1, 2)", "8", "16", "32", "64",
                  "-32", "-64", "3", "999", "4096", "5000")
        card = f"{name:8s}= {chance.choice(values):>20s}"[:80].ljust(80).encode("latin1")
        same = next((i for i in cards if changed[i : i + 8] == f"{name:8s}".encode()), at)
        changed[same : same + 80] = card if chance.random() < 0.85 else chance.randbytes(80)
    return bytes(changed)


def _spoil_h5(data: bytes, chance: random.Random) -> bytes:
    """The library's own numbers lie everywhere: more and smaller changes."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 3, 10, 40))):
        changed[chance.randrange(min(len(changed), 6000))] = chance.choice((0, 1, 255, 128, 16))
    return bytes(changed)


MAKERS: dict[str, tuple[Callable[[], list[bytes]], Callable[[bytes, random.Random], bytes]]] = {
    "npy": (npy_files, _spoil_npy),
    "npz": (npz_files, _spoil_npz),
    "fits": (fits_files, _spoil_fits),
    "h5": (h5_files, _spoil_h5),
}


def spoiled(kind: str, chance: random.Random) -> bytes:
    """A spoiled file of a kind; one in fifty stays good."""
    make, spoil = MAKERS[kind]
    files = make()
    data = chance.choice(files)
    way = chance.random()
    if way < 0.02:
        return data
    if way < 0.45:
        data = spoil(data, chance)
    if way > 0.35:
        data = spoil_bytes(data, chance, files)
    return data
