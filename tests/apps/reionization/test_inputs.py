"""Where an image comes from and how it is observed: good ones are read, bad ones are a sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from apps.reionization import inputs, models, observing
from apps.reionization.inputs import InputImage
from apps.reionization.observing import observe_image
from apps.reionization.pages import history, ionize, sources
from apps.reionization.pages.about import metrics_table
from core.reionization.constants import X_HI_RANGE
from core.reionization.observation import Observation
from tests.apps.bad_files import BAD_FILES, write_bad_file

FINE_AS_A_STACK = {"cube.npy", "odd.npy", "negative.npy"}
WORDS = {"line.npy": "2D image", "text.npy": "HDF5", "pickle.npy": "HDF5"}


VALUES = {"source": "file", "example": 1, "file": None, "z": 8.0, "cell": 2.0, "kind": "clean"}


def _read(path: Path) -> InputImage:
    return inputs.choose({**VALUES, "file": str(path)})


# -- the shipped simulations -----------------------------------------------------------------------


def test_examples_are_small_and_complete() -> None:
    files = list(inputs.EXAMPLES.glob("*.npz"))
    assert sum(file.stat().st_size for file in files) < 4 * 2**20
    assert len(inputs.examples("box_")) == 4 and len(inputs.examples("history_")) >= 5
    assert inputs.examples("sources_") == ["sources_agn", "sources_galaxies"]
    for file in files:
        content = inputs.example(file.stem)
        assert content["brightness_temp"].shape == (64, 64, 64)
        assert X_HI_RANGE[0] <= content["x_hi_mean"] <= X_HI_RANGE[1]
        assert 7 <= content["redshift"] <= 10 and "21cmFAST" in content["simulator"]


def test_examples_were_held_out() -> None:
    dataset = pytest.importorskip("training.reionization.datasets.box_set")
    seeds = [inputs.example(n)["seed"] for n in inputs.examples("box_") + inputs.examples("sou")]
    assert set(dataset.split_of_seed(np.array(seeds, dtype=int))) == {"test"}
    assert len({inputs.example(n)["seed"] for n in inputs.examples("history_")}) == 1


def test_the_pair_differs_in_its_sources_alone() -> None:
    galaxies, agn = (inputs.example(f"sources_{kind}") for kind in ("galaxies", "agn"))
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
    image = inputs.choose({**VALUES, "file": str(path), "z": 7.4, "cell": 1.5, "kind": "observed"})
    assert image.image.shape == (20, 64, 64) and image.image.max() == 1
    assert image.truth == 0.3 and not image.clean
    typed = {"z": 8.0, "cell": 2.0}
    assert inputs.fill_from_file({**typed, "file": str(path)}) == {"z": 7.4, "cell": 1.5}
    both = {"files": [str(path)] * 2, "redshifts": "8"}
    assert inputs.fill_from_files(both) == {"redshifts": "7.4, 7.4"}
    bare = str(tmp_path / "bare.npy")
    np.save(bare, np.ones((64, 64)))
    assert inputs.fill_from_file({**typed, "file": bare}) == typed
    assert inputs.fill_from_files({"files": [bare], "redshifts": "8"}) == {"redshifts": "8"}


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"source": "example", "example": 99}, "no simulation 99"),
        ({"source": "example", "example": None}, "no simulation None"),
        ({"file": None}, "No file"),
        ({"source": "elsewhere"}, "no source"),
        ({"file": "x", "z": 12}, "7 to 10"),
        ({"file": "x", "z": None}, "redshift"),
        ({"file": "x", "cell": 0}, "size in Mpc"),
    ],
)
def test_an_image_that_is_not_there_is_one_sentence(changed: dict, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        inputs.choose({**VALUES, **changed})


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
        inputs.from_values(values, 8.0, 2.0, "clean")


# -- observing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("slices", [1, 4, 16, 64])
def test_slices_are_spread_and_hold_the_middle_one(slices: int) -> None:
    image = inputs.example_image(1)
    observed = observe_image(image, Observation(), slices=slices)
    assert observed.image.shape == (slices, 64, 64)
    middle = image.image[32] - image.image[32].mean()
    np.testing.assert_allclose(observed.middle(observed.image), middle, atol=1e-4)
    assert not observed.changed


def test_a_clean_image_is_observed_and_an_observed_one_is_left_alone() -> None:
    image = inputs.example_image(2)
    observation = Observation("aa4", 1000, wedge=True)
    observed = observe_image(image, observation, seed=3)
    assert observed.changed and not np.allclose(observed.image, observed.original)
    again = InputImage(observed.image, image.redshift, 2.0, False, None, "again")
    kept = observe_image(again, observation)
    assert not kept.changed and "observed before" in kept.how()
    np.testing.assert_allclose(kept.image, observed.image, atol=1e-4)


def test_images_of_a_series_have_noise_of_their_own() -> None:
    values = {"array": "aa4", "hours": 1000, "wedge": False, "seed": 3, "slices": "4"}
    image = inputs.example_image(2)
    first, second = (observing.observe_as(values, image, later) for later in (0, 1))
    np.testing.assert_array_equal(
        second.image, observe_image(image, second.observation, 4, 4).image)
    assert not np.allclose(first.image, second.image)


def test_what_cannot_be_observed_is_one_sentence() -> None:
    single = InputImage(np.random.default_rng(0).normal(size=(64, 64)), 8, 2.0, True, None, "")
    with pytest.raises(ValueError, match="16"):
        observe_image(single, Observation(wedge=True))
    assert observe_image(single, Observation("aa4")).slices == 1
    with pytest.raises(ValueError, match="Hours"):
        observing.observation_of("aa4", 5, False)
    with pytest.raises(ValueError, match="aa_star"):
        observing.observation_of("vla", 1000, False)


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


def test_of_two_arrays_the_label_says_which_was_read(tmp_path: Path) -> None:
    image = np.random.default_rng(0).normal(size=(64, 64))
    np.savez(tmp_path / "x.npz", other=image, brightness_temp=image)
    found = inputs.from_file(str(tmp_path / "x.npz"), 8.0, 2.0, "clean")
    assert found.label == "x.npz, array brightness_temp (64 × 64), z = 8"
