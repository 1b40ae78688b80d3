"""Where a map comes from: every bad file is one sentence, every good one is a map."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from apps.hi_maps import inputs, models
from tests.apps.bad_files import BAD_FILES, write_bad_file


@pytest.mark.parametrize("name", list(BAD_FILES))
def test_a_bad_file_is_one_sentence(tmp_path: Path, name: str) -> None:
    path = write_bad_file(tmp_path, name)
    with pytest.raises(ValueError) as caught:
        inputs.choose({"source": "file", "file": str(path)})
    sentence = str(caught.value)
    assert BAD_FILES[name][1] in sentence
    assert sentence.endswith(".") and len(sentence) < 300 and "Traceback" not in sentence


def test_a_finer_map_is_averaged_to_64_pixels(tmp_path: Path) -> None:
    fine = 10 ** np.random.default_rng(0).normal(5, 1, (256, 256))
    np.save(tmp_path / "fine.npy", fine)
    found = inputs.choose({"source": "file", "file": str(tmp_path / "fine.npy")})
    assert found.sigma.shape == (64, 64)
    assert found.sigma.mean() == pytest.approx(fine.mean())
    assert found.truth is None and "256" in found.label


def test_examples_are_maps_with_their_truth() -> None:
    assert len(models.example_files()) >= 3
    for number in range(1, len(models.example_files()) + 1):
        found = inputs.choose({"source": "example", "example": number})
        assert found.sigma.shape == (64, 64) and found.truth is not None


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("shown", "shows no map"), ("example", "no simulation 99"), ("file", "No file"),
        ("elsewhere", "no source elsewhere; choose shown, example or file"),
    ],
)
def test_a_map_that_is_not_there_is_one_sentence(source: str, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        inputs.choose({"source": source, "shown": None, "map": 1, "example": 99, "file": None})


@pytest.mark.parametrize(("number", "word"), [(0, "Map 0"), (3, "shows 2; choose a number up to")])
def test_a_map_beyond_those_that_are_shown_is_one_sentence(number: int, word: str) -> None:
    shown = models.Drawn(np.ones((2, 64, 64)), "HIGlow", 0.3, 0.8, 1)
    assert "map 2" in inputs.choose({"source": "shown", "shown": shown, "map": 2}).label
    with pytest.raises(ValueError, match=word):
        inputs.choose({"source": "shown", "shown": shown, "map": number})


@pytest.mark.parametrize(
    "values", [[[1.0, 2.0], [3.0]], "text", [[1.0] * 64] * 63, [], [[float("nan")] * 64] * 64, None]
)
def test_a_bad_list_is_one_sentence(values: object) -> None:
    with pytest.raises(ValueError):
        inputs.from_values(values)


def test_of_two_arrays_the_label_says_which_was_read(tmp_path: Path) -> None:
    one = np.full((64, 64), 2.0)
    for arrays, said in (({"a": one, "b": one}, "x.npz, array a"), ({"a": one, "n": 3}, "x.npz")):
        np.savez(tmp_path / "x.npz", **arrays)
        chosen = inputs.choose({"source": "file", "file": str(tmp_path / "x.npz")})
        assert chosen.label == said
