"""FITS images as astropy writes them, read without trusting a number of the header."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits as astropy_fits

from core.fields import read_field, read_stack
from core.fields.fits import header_numbers

TYPES = ("u1", "i2", "i4", "i8", "f4", "f8", "u2", "u4", "i1")


def _image(kind: str) -> np.ndarray:
    rng = np.random.default_rng(0)
    return rng.integers(1, 100, (3, 8, 8)).astype(kind)


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("place", ["primary", "behind a table"])
def test_values_are_those_of_astropy(tmp_path: Path, kind: str, place: str) -> None:
    path, image = tmp_path / "a.fits", _image(kind)
    table = astropy_fits.BinTableHDU.from_columns(
        [astropy_fits.Column("a", "PD()", array=np.array([[1.0], [2.0, 3.0]], dtype=object))]
    )
    hdus = [astropy_fits.PrimaryHDU(image)] if place == "primary" else [
        astropy_fits.PrimaryHDU(), table, astropy_fits.CompImageHDU(image.astype("f4")),
        astropy_fits.ImageHDU(image),
    ]
    astropy_fits.HDUList(hdus).writeto(path, checksum=True)
    np.testing.assert_array_equal(read_stack(path), image.astype(float))


def test_scale_zero_and_missing_values(tmp_path: Path) -> None:
    path, image = tmp_path / "a.fits", _image("i2")[0]
    hdu = astropy_fits.PrimaryHDU(image)
    hdu.header["BSCALE"], hdu.header["BZERO"] = 0.5, -3.0
    hdu.writeto(path)
    np.testing.assert_array_equal(read_field(path), astropy_fits.getdata(path))
    hdu.header["BLANK"] = int(image[2, 3])
    hdu.writeto(path, overwrite=True)
    with pytest.raises(ValueError, match="NaN"):
        read_field(path)


def test_numbers_of_the_header(tmp_path: Path) -> None:
    path = tmp_path / "a.fits"
    hdu = astropy_fits.PrimaryHDU(np.ones((4, 4)))
    hdu.header["OMEGA_M"] = (0.3, "matter / all")
    hdu.header["HIERARCH x_hi_mean"] = 1.5e-3
    hdu.header["NAME"] = "it's 5"
    hdu.writeto(path)
    assert header_numbers(path, ["omega_m", "x_hi_mean"]) == [0.3, 1.5e-3]
    assert header_numbers(path, ["name"]) is None
    assert header_numbers(path, ["omega_m", "sigma_8"]) is None


@pytest.mark.parametrize("name", ["NAXIS", "NAXIS1", "NAXIS2", "PCOUNT", "GCOUNT", "BITPIX"])
@pytest.mark.parametrize("value", ["4294967295", "9223372036854775807", "-1", "1E9", "'a'", ""])
def test_what_a_header_claims_is_looked_at_first(tmp_path: Path, name: str, value: str) -> None:
    path = tmp_path / "a.fits"
    astropy_fits.PrimaryHDU(np.ones((4, 4))).writeto(path)
    data = path.read_bytes()
    card = f"{name:8s}= {value:>20s}".ljust(80).encode()
    cards = [data[i : i + 80] for i in range(0, 2880, 80)]
    place = next((i for i, old in enumerate(cards) if old[:8] == card[:8]), 5)
    if cards[place].startswith(b"END"):
        cards.insert(place, card)
    else:
        cards[place] = card
    path.write_bytes(b"".join(cards[:36]) + data[2880:])
    start = time.monotonic()
    with pytest.raises(ValueError, match="FITS|pixels|claims|2D"):
        read_field(path)
    assert time.monotonic() - start < 2


def test_a_table_of_very_many_columns_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.fits"
    table = astropy_fits.BinTableHDU.from_columns([astropy_fits.Column("a", "D", array=[1.0])])
    image = astropy_fits.ImageHDU(np.ones((4, 4)))
    astropy_fits.HDUList([astropy_fits.PrimaryHDU(), table, image]).writeto(path)
    data = path.read_bytes().replace(
        b"TFIELDS =                    1", b"TFIELDS =           4294967295"
    )
    path.write_bytes(data)
    assert read_field(path).shape == (4, 4)
