"""Where a map comes from: every bad file is one sentence, every good one is a map."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from apps.hi_maps import map_input, models
from tests.apps.bad_files import BAD_FILES, write_bad_file


@pytest.mark.parametrize("name", list(BAD_FILES))
def test_a_bad_file_is_one_sentence(tmp_path: Path, name: str) -> None:
    path = write_bad_file(tmp_path, name)
    with pytest.raises(ValueError) as caught:
        map_input.choose(None, "file", 1, 1, str(path))
    sentence = str(caught.value)
    assert BAD_FILES[name][1] in sentence
    assert sentence.endswith(".") and len(sentence) < 300 and "Traceback" not in sentence


def test_a_finer_map_is_averaged_to_64_pixels(tmp_path: Path) -> None:
    fine = 10 ** np.random.default_rng(0).normal(5, 1, (256, 256))
    np.save(tmp_path / "fine.npy", fine)
    subject = map_input.choose(None, "file", 1, 1, str(tmp_path / "fine.npy"))
    assert subject.sigma.shape == (64, 64)
    assert subject.sigma.mean() == pytest.approx(fine.mean())
    assert subject.truth is None and "256" in subject.label


def test_examples_are_maps_with_their_truth() -> None:
    assert len(models.example_files()) >= 3
    for number in range(1, len(models.example_files()) + 1):
        subject = map_input.choose(None, "example", 1, number, None)
        assert subject.sigma.shape == (64, 64) and subject.truth is not None


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ((None, "shown", 1, 1, None), "still being drawn"),
        ((None, "example", 1, 99, None), "no simulation 99"),
        ((None, "file", 1, 1, None), "No file"),
        ((None, "elsewhere", 1, 1, None), "no source"),
    ],
)
def test_a_map_that_is_not_there_is_one_sentence(arguments: tuple, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        map_input.choose(*arguments)


@pytest.mark.parametrize(
    "values", [[[1.0, 2.0], [3.0]], "text", [[1.0] * 64] * 63, [], [[float("nan")] * 64] * 64, None]
)
def test_a_bad_list_is_one_sentence(values: object) -> None:
    with pytest.raises(ValueError):
        map_input.from_values(values)
