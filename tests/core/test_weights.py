"""Model folders: saved, read back, and refused when anything is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import types
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import torch

from core.checksums import checksum
from core.settings import get_settings
from core.weights import ModelNotFoundError, load_model, read_metrics, save_model


@dataclass(frozen=True)
class Inner:
    scale: float = 1.0


@dataclass(frozen=True)
class Config:
    width: int = 8
    mean: float = 0.5
    lowest: float = float("-inf")
    widths: tuple[int, ...] = (1, 2)
    pairs: tuple[tuple[float, float], ...] = ((0.0, 1.0),)
    name: str | None = None
    inner: Inner = field(default_factory=Inner)


@dataclass(frozen=True)
class Other:
    width: int = 8


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COSMODESK_WEIGHTS", str(tmp_path))
    return tmp_path


def tensors() -> dict[str, torch.Tensor]:
    a = torch.randn(3, 4)
    return {"a": a, "view": a[:, 1], "half": a.half(), "flag": torch.tensor(True)}


def test_round_trip(home: Path) -> None:
    saved = tensors()
    config = Config(width=16, widths=(4, 5, 6), name="x", inner=Inner(2.0))
    save_model(home / "model", saved, config, card="# A card\n")
    loaded, read = load_model("model", Config)
    assert read == config
    assert set(loaded) == set(saved)
    assert all(torch.equal(loaded[k], saved[k]) and loaded[k].dtype == saved[k].dtype
               for k in saved)
    assert (home / "model" / "README.md").read_text() == "# A card\n"
    assert not [p for p in (home / "model").iterdir() if p.name.startswith(".")]
    assert load_model(home / "model", Config)[1] == config
    assert load_model(str(home / "model"), Config)[1] == config


def test_a_kill_while_saving_leaves_the_old_model_or_the_new(home: Path) -> None:
    code = """
import os, signal, sys
import torch
from core import weights
from tests.core.test_weights import Config

def dying(name, number):
    real, calls = getattr(os, name), iter(range(100))
    def deadly(*values, **options):
        if next(calls) == number: os.kill(os.getpid(), signal.SIGKILL)
        return real(*values, **options)
    setattr(os, name, deadly)

there = False
for name, number in [(n, i) for n in ("fsync", "replace") for i in range(4)]:
    if not os.fork():
        dying(name, number)
        tensors = {"a": torch.full((3,), float(number)), "b": torch.zeros(2000)}
        weights.save_model(sys.argv[1], tensors, Config(width=number), card="# New")
        os._exit(0)
    os.wait()
    try:
        tensors, config = weights.load_model(sys.argv[1], Config)
        assert (tensors["a"] == config.width).all()
        there = True
    except weights.ModelNotFoundError:
        assert not there  # killed before the first was whole
assert there
"""
    folder = home / "model"
    subprocess.run([sys.executable, "-c", code, str(folder)], check=True,
                   cwd=Path(__file__).parents[2], env=os.environ)
    save_model(folder, tensors(), Config(), card="# A card\n")
    assert sorted(p.name for p in folder.iterdir()) == [
        "README.md", "config.json", "model.safetensors"
    ]


def test_saving_again_replaces(home: Path) -> None:
    save_model(home / "model", tensors(), Config())
    save_model(home / "model", {"b": torch.ones(2)}, Config(width=1))
    loaded, read = load_model("model", Config)
    assert list(loaded) == ["b"] and read.width == 1


@pytest.mark.parametrize("damage", ["flip", "cut"])
def test_damage_is_named(home: Path, damage: str) -> None:
    path = save_model(home / "model", tensors(), Config()) / "model.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data if damage == "flip" else data[:-4])
    with pytest.raises(ValueError, match=r"model\.safetensors does not match its checksum"):
        load_model("model", Config)


def test_wrong_class_unknown_and_missing_fields(home: Path) -> None:
    folder = save_model(home / "model", tensors(), Config())
    with pytest.raises(ValueError, match="holds a Config, not a Other"):
        load_model("model", Other)
    path = folder / "config.json"
    stored = json.loads(path.read_text())
    stored["_meta"].pop("config_sha256")
    stored |= {"added_later": 1}
    stored["_meta"]["config_sha256"] = checksum(stored)
    path.write_text(json.dumps(stored))
    with pytest.raises(ValueError, match="added_later"):
        load_model("model", Config)
    path.write_text("{")
    with pytest.raises(ValueError, match="damaged"):
        load_model("model", Config)


def test_a_model_that_is_nowhere(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COSMODESK_HUB_ID", raising=False)
    with pytest.raises(ModelNotFoundError, match="COSMODESK_WEIGHTS"):
        load_model("nothing", Config)
    with pytest.raises(ModelNotFoundError, match="holds no model"):
        load_model(home / "nothing", Config)
    with pytest.raises(ModelNotFoundError):
        load_model("../outside", Config)


def test_fetched_from_the_hub_only_when_allowed(
    home: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote = tmp_path_factory.mktemp("hub")
    save_model(remote, tensors(), Config(width=3))
    asked = []

    def snapshot_download(repository: str, **_: object) -> str:
        asked.append(repository)
        return str(remote)

    hub = types.SimpleNamespace(snapshot_download=snapshot_download)
    monkeypatch.setitem(sys.modules, "huggingface_hub", hub)  # type: ignore[arg-type]
    monkeypatch.setenv("COSMODESK_HUB_ID", "someone")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelNotFoundError):
        load_model("model", Config)
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    assert load_model("model", Config)[1].width == 3
    assert asked == ["someone/model"]
    save_model(home / "model", tensors(), Config(width=4))  # local comes first
    assert load_model("model", Config)[1].width == 4


def test_metrics(home: Path) -> None:
    assert read_metrics("model") is None
    (home / "model").mkdir()
    (home / "model" / "metrics.json").write_text('{"metrics": {"a": 1}}')
    assert read_metrics("model") == {"metrics": {"a": 1}}
    (home / "model" / "metrics.json").write_text("{")
    with pytest.raises(ValueError, match="damaged"):
        read_metrics("model")


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COSMODESK_PORT", "8123")
    assert get_settings().port == 8123
    monkeypatch.setenv("COSMODESK_PORT", "nonsense")
    with pytest.raises(ValueError):
        get_settings()
