"""Downloads hold the same numbers and say where they come from; read_field takes them back."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from PIL import Image

from apps.hi_maps.figures import maps_figure
from apps.shared import downloads
from apps.shared.downloads import MetadataEntry
from apps.shared.figures import plots
from core.fields import read_field

FACTS = [
    MetadataEntry("omega_m", "OMEGA_M", 0.31, "matter density parameter"),
    MetadataEntry("sigma_8", "SIGMA_8", 0.82, "amplitude of fluctuations"),
    MetadataEntry("model", "MODEL", "HI-CDM", "generative model"),
    MetadataEntry("weights_sha256", "WEIGHTS", "a" * 64, ""),
    MetadataEntry("seed", "SEED", 5, "seed of the draw"),
]


@pytest.fixture
def sigma() -> np.ndarray:
    return (10 ** np.random.default_rng(0).normal(5, 1, (64, 64))).astype(np.float32)


def _contents(sigma: np.ndarray) -> dict[str, bytes]:
    return {
        "map.npy": downloads.npy_bytes(sigma),
        "map.npz": downloads.npz_bytes(sigma, FACTS),
        "map.fits": downloads.fits_bytes(sigma, FACTS, "(Msun/h)/(Mpc/h)^2", 25 / 64),
    }


@pytest.mark.parametrize("name", ["map.npy", "map.npz", "map.fits"])
def test_a_download_can_be_uploaded(tmp_path: Path, sigma: np.ndarray, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(_contents(sigma)[name])
    np.testing.assert_array_equal(read_field(path), sigma.astype(float))
    assert downloads.read_truth(path) == (None if name == "map.npy" else (0.31, 0.82))


def test_fits_header_has_the_provenance(sigma: np.ndarray) -> None:
    header = fits.open(io.BytesIO(_contents(sigma)["map.fits"]), checksum=True)[0].header
    assert (header["OMEGA_M"], header["SIGMA_8"], header["SEED"]) == (0.31, 0.82, 5)
    assert header["MODEL"] == "HI-CDM" and header["WEIGHTS"] == "a" * 64
    assert header["BUNIT"] == "(Msun/h)/(Mpc/h)^2" and header["CDELT1"] == pytest.approx(25 / 64)


def test_several_maps_are_a_cube(sigma: np.ndarray) -> None:
    content = downloads.fits_bytes(np.stack([sigma, sigma]), FACTS, "u", 25 / 64)
    hdu = fits.open(io.BytesIO(content))[0]
    assert hdu.data.shape == (2, 64, 64) and hdu.header["CTYPE3"] == "MAP"


def test_png_has_the_provenance(sigma: np.ndarray) -> None:
    image = Image.open(io.BytesIO(
        plots.png(maps_figure(sigma[None]), downloads.text_chunks(FACTS), dpi=60)
    ))
    assert image.text["model"] == "HI-CDM" and image.text["seed"] == "5"  # type: ignore[attr-defined]


@pytest.mark.parametrize("truth", [np.zeros(10_000), np.array("x"), np.array(np.nan)])
def test_nonsense_in_place_of_the_truth_is_no_truth(
    tmp_path: Path, sigma: np.ndarray, truth: np.ndarray
) -> None:
    path = tmp_path / "map.npz"
    np.savez(path, sigma=sigma, omega_m=truth, sigma_8=0.8)
    assert downloads.read_truth(path) is None


def test_old_files_go(monkeypatch: pytest.MonkeyPatch) -> None:
    first = Path(downloads.to_files({"a.npy": b"x"})[0])
    monkeypatch.setattr(downloads, "_KEEP_SECONDS", -1)
    second = Path(downloads.to_files({"a.npy": b"y"})[0])
    assert not first.exists() and second.read_bytes() == b"y"
