"""Where an image comes from and how it is observed: good ones are read, bad ones are a sentence."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl

import numpy as np
import pytest

from apps.reionization import images, models
from apps.reionization.pages import history, ionize, neutral_fraction, sources
from apps.reionization.pages.about import metrics_table
from apps.reionization.state import PARAMETERS
from apps.shared.page import links
from core.reionization.constants import X_HI_RANGE
from core.reionization.observation import Observation
from tests.apps.bad_files import BAD_FILES, write_bad_file

FINE_AS_A_STACK = {"cube.npy", "odd.npy", "negative.npy"}
WORDS = {"line.npy": "2D image", "text.npy": "HDF5", "pickle.npy": "HDF5"}


def _read(path: Path) -> images.InputImage:
    return neutral_fraction.choose("file", 1, str(path), 8.0, 2.0, "clean")


# -- the shipped simulations -----------------------------------------------------------------------


def test_examples_are_small_and_complete() -> None:
    files = list(images.EXAMPLES.glob("*.npz"))
    assert sum(file.stat().st_size for file in files) < 4 * 2**20
    assert len(images.examples("box_")) == 4 and len(images.examples("history_")) >= 5
    assert images.examples("sources_") == ["sources_agn", "sources_galaxies"]
    for file in files:
        content = images.example(file.stem)
        assert content["brightness_temp"].shape == (64, 64, 64)
        assert X_HI_RANGE[0] <= content["x_hi_mean"] <= X_HI_RANGE[1]
        assert 7 <= content["redshift"] <= 10 and "21cmFAST" in content["simulator"]


def test_examples_were_held_out() -> None:
    dataset = pytest.importorskip("training.reionization.datasets.box_set")
    seeds = [images.example(n)["seed"] for n in images.examples("box_") + images.examples("sou")]
    assert set(dataset.split_of_seed(np.array(seeds, dtype=int))) == {"test"}
    assert len({images.example(n)["seed"] for n in images.examples("history_")}) == 1


def test_the_pair_differs_in_its_sources_alone() -> None:
    galaxies, agn = (images.example(f"sources_{kind}") for kind in ("galaxies", "agn"))
    assert (galaxies["is_agn"], agn["is_agn"]) == (0, 1)
    assert galaxies["seed"] == agn["seed"] and galaxies["redshift"] == agn["redshift"]
    assert galaxies["x_hi_mean"] == pytest.approx(agn["x_hi_mean"], abs=0.02)


# -- uploads ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(set(BAD_FILES) - FINE_AS_A_STACK))
def test_a_bad_file_is_one_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError) as caught:
        _read(write_bad_file(tmp_path, name))
    sentence = str(caught.value)
    assert WORDS.get(name, BAD_FILES[name][1]) in sentence
    assert sentence.endswith(".") and len(sentence) < 300 and "\n" not in sentence


def test_a_file_says_what_it_shows(tmp_path: Path) -> None:
    path = tmp_path / "stack.npz"
    np.savez(path, density=np.zeros((4, 64, 64)), brightness_temp=np.ones((20, 64, 64)),
             redshift=7.4, cell_mpc=1.5, x_hi_mean=0.3)
    subject = neutral_fraction.choose("file", 1, str(path), 7.4, 1.5, "observed")
    assert subject.image.shape == (20, 64, 64) and subject.image.max() == 1
    assert subject.truth == 0.3 and not subject.clean
    assert images._fill(str(path), 8.0, 2.0) == [7.4, 1.5]
    assert images._fill_redshifts([str(path)] * 2, "8") == "7.4, 7.4"
    np.save(tmp_path / "bare.npy", np.ones((64, 64)))
    assert images._fill(str(tmp_path / "bare.npy"), 8.0, 2.0) == [8.0, 2.0]
    assert images._fill_redshifts([str(tmp_path / "bare.npy")], "8") == "8"


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("example", 99, None, 8, 2, "clean"), "no simulation 99"),
        (("file", 1, None, 8, 2, "clean"), "No file"),
        (("elsewhere", 1, None, 8, 2, "clean"), "no source"),
        (("file", 1, "x", 12, 2, "clean"), "7 to 10"),
        (("file", 1, "x", None, 2, "clean"), "redshift"),
        (("file", 1, "x", 8, 0, "clean"), "size in Mpc"),
    ],
)
def test_an_image_that_is_not_there_is_one_sentence(arguments: tuple, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        neutral_fraction.choose(*arguments)


@pytest.mark.parametrize(
    ("text", "count", "word"),
    [("7, 8", 3, "3 files came and 2 redshifts"), ("", 1, "1 file came and 0 redshifts"),
     ("7, x", 2, "redshift is x"), ("7; 12", 2, "7 to 10"), (None, 2, "type one a file")],
)
def test_redshifts_that_do_not_fit_are_one_sentence(text: str, count: int, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        history.parse_redshifts(text, count)
    assert history.parse_redshifts("7, 8.5;9 ", 3) == [7, 8.5, 9]


@pytest.mark.parametrize(
    "values", [[[1.0, 2.0], [3.0]], "text", [[1.0] * 64] * 63, [], [[float("nan")] * 64] * 64, None]
)
def test_a_bad_list_is_one_sentence(values: object) -> None:
    with pytest.raises(ValueError):
        images.from_values(values, 8.0, 2.0, "clean")


# -- observing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("slices", [1, 4, 16, 64])
def test_slices_are_spread_and_hold_the_middle_one(slices: int) -> None:
    subject = neutral_fraction.example_subject(1)
    seen = images.look(subject, Observation(), slices=slices)
    assert seen.image.shape == (slices, 64, 64)
    middle = subject.image[32] - subject.image[32].mean()
    np.testing.assert_allclose(seen.middle(seen.image), middle, atol=1e-4)
    assert not seen.changed


def test_a_clean_image_is_observed_and_an_observed_one_is_left_alone() -> None:
    subject = neutral_fraction.example_subject(2)
    observation = Observation("aa4", 1000, wedge=True)
    seen = images.look(subject, observation, seed=3)
    assert seen.changed and not np.allclose(seen.image, seen.original)
    again = images.InputImage(seen.image, subject.redshift, 2.0, False, None, "again")
    kept = images.look(again, observation)
    assert not kept.changed and "observed before" in kept.how()
    np.testing.assert_allclose(kept.image, seen.image, atol=1e-4)


def test_what_cannot_be_observed_is_one_sentence() -> None:
    single = images.InputImage(
        np.random.default_rng(0).normal(size=(64, 64)), 8, 2.0, True, None, ""
    )
    with pytest.raises(ValueError, match="16"):
        images.look(single, Observation(wedge=True))
    assert images.look(single, Observation("aa4")).slices == 1
    with pytest.raises(ValueError, match="Hours"):
        images.observation_of("aa4", 5, False)
    with pytest.raises(ValueError, match="aa_star"):
        images.observation_of("vla", 1000, False)


def test_neighbours_of_a_density_slice() -> None:
    stack = np.arange(20.0)[:, None, None] * np.ones((20, 4, 4))
    assert ionize._with_neighbours(stack, 3)[:, 0, 0].tolist() == [7, 8, 9, 10, 11, 12, 13]
    assert ionize._with_neighbours(stack, 12).shape == (4, 4)
    assert ionize._with_neighbours(stack[0], 3).shape == (4, 4)


# -- words and states ------------------------------------------------------------------------------


def test_trust_is_said_from_the_bin_of_the_probability() -> None:
    edges = np.linspace(0, 1, 11)
    table = (edges, edges[:-1] + 0.05, np.linspace(0, 0.9, 10), np.r_[0, np.arange(11, 20)])
    assert "No held-out image" in sources.trust(0.05, table)
    assert "Of 19 held-out images" in sources.trust(1.0, table)
    assert "between 90% and 100%" in sources.trust(1.0, table)


@pytest.mark.parametrize("load", [models.neutral_fraction, models.sources, models.radiation])
def test_a_missing_model_is_one_sentence(
    load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch  # type: ignore[no-untyped-def]
) -> None:
    monkeypatch.setenv("COSMODESK_WEIGHTS", str(tmp_path))
    for cache in (models._neutral_fraction, models._sources, models._radiation):
        cache.cache_clear()
    try:
        with pytest.raises(models.MissingModelError) as caught:
            load()
        assert "not on this machine" in str(caught.value) and str(tmp_path) not in str(caught.value)
        assert "Not measured" in metrics_table("neutral_fraction")
    finally:
        for cache in (models._neutral_fraction, models._sources, models._radiation):
            cache.cache_clear()


@pytest.mark.parametrize("page", PARAMETERS)
def test_defaults_of_every_page_survive_a_link(page: str) -> None:
    defaults = {p.name: p.default for p in PARAMETERS[page]}
    query = links.query(page, PARAMETERS[page], list(defaults.values()))
    assert query.startswith(f"tab={page}&")
    assert links.read(PARAMETERS[page], dict(parse_qsl(query))) == (defaults, [])
