"""Deploying and publishing from the command line, against a Hub that only writes down."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import ModelCard

from core.weights import load_model, model_folder
from training.release import deploy, publish
from training.release.spaces import hub
from training.release.spaces.model_card import FIELDS
from training.release.spaces.staging import MANIFEST


class WritesDown:
    """A client of the Hub; it keeps what it was asked for, and the names of uploaded files."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.made: list[tuple[str, dict[str, Any]]] = []
        self.uploaded: dict[str, Any] = {}
        self.files: set[str] = set()
        self.fault = fault

    def create_repo(self, repo_id: str, **options: Any) -> str:
        self.made.append((repo_id, options))
        return f"https://hub/{repo_id}"

    def upload_folder(self, **options: Any) -> None:
        if self.fault is not None:
            raise self.fault
        folder = Path(options["folder_path"])
        self.uploaded = options
        self.files = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> WritesDown:
    client = WritesDown()
    for module in (deploy, publish):
        monkeypatch.setattr(module, "api", lambda: client)
    return client


def test_a_space_is_one_commit_that_replaces_everything(
    client: WritesDown, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["cosmogemma", "--repo-id", "me/ask", "--hardware", "t4-small", "--private"]
    assert deploy.main(given) == 0
    [(repo_id, options)] = client.made
    assert repo_id == "me/ask" and options["repo_type"] == "space" and options["private"]
    assert options["space_sdk"] == "gradio" and options["space_hardware"] == "t4-small"
    assert client.uploaded["delete_patterns"] == "*" and client.uploaded["repo_type"] == "space"
    assert {"app.py", "README.md", "requirements.txt", MANIFEST} <= client.files
    assert "https://hub/me/ask" in capsys.readouterr().out
    assert not Path(client.uploaded["folder_path"]).exists()  # nothing stays on the disk


def test_a_dry_run_uploads_nothing_and_writes_the_same_tree(
    client: WritesDown, tmp_path: Path
) -> None:
    assert deploy.main(["cosmogemma", "--repo-id", "me/ask", "--hardware", "t4-small"]) == 0
    uploaded, client.made = client.files, []
    given = ["cosmogemma", "--dry-run", str(tmp_path / "tree"), "--hardware", "t4-small"]
    assert deploy.main(given) == 0 and not client.made
    there = {str(p.relative_to(tmp_path / "tree")) for p in (tmp_path / "tree").rglob("*.*")}
    assert uploaded - {"LICENSE"} <= there


@pytest.mark.parametrize(("given", "told"), [
    (["maps", "--repo-id", "me/x"], "no app maps"),
    (["hi_maps"], "--repo-id OWNER/NAME"),
    (["hi_maps", "--repo-id", "x"], "write OWNER/NAME"),
    (["hi_maps", "--repo-id", "me/x", "--hardware", "cpu"], "no hardware cpu"),
    ([], "Name an app"),
])
def test_what_is_wrong_is_said_in_a_sentence(
    client: WritesDown, capsys: pytest.CaptureFixture[str], given: list[str], told: str
) -> None:
    assert deploy.main(given) == 1 and not client.made
    error = capsys.readouterr().err
    assert told in error and error.count("\n") == 1


def test_without_token_or_offline_nothing_is_tried(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setattr("huggingface_hub.get_token", lambda: None)
    assert deploy.main(["hi_maps", "--repo-id", "me/x"]) == 1
    assert "no token" in capsys.readouterr().err
    monkeypatch.setattr("huggingface_hub.get_token", lambda: "hf_secret")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert publish.main(["hi_cdm", "--repo-id", "me/hi_cdm"]) == 1
    told = capsys.readouterr().err
    assert "HF_HUB_OFFLINE" in told and "hf_secret" not in told
    monkeypatch.delenv("HF_HUB_OFFLINE")
    assert hub.api().token == "hf_secret"


def test_a_hub_that_refuses_is_one_sentence(
    client: WritesDown, capsys: pytest.CaptureFixture[str]
) -> None:
    client.fault = OSError("403 Forbidden: you may not write here.\nRequest ID: 7")
    assert publish.main(["tiny/x", "--repo-id", "me/x"]) == 1  # no such model: before the Hub
    assert deploy.main(["hi_maps", "--repo-id", "me/x"]) == 1
    told = capsys.readouterr().err.splitlines()
    assert told[-1] == "The Hub did not take me/x: 403 Forbidden: you may not write here."


def test_a_model_is_published_with_a_complete_card(client: WritesDown, tmp_path: Path) -> None:
    assert publish.main(["higlow", "--repo-id", "me/higlow"]) == 0
    assert client.files == {"model.safetensors", "config.json", "metrics.json", "README.md"}
    folder = publish.write_folder("higlow", tmp_path / "higlow", "me/higlow")
    card = ModelCard((folder / "README.md").read_text())
    assert not set(FIELDS) - set(card.data.to_dict())
    measured = json.loads((folder / "metrics.json").read_text())["metrics"]
    shown = {r.metric_type: r.metric_value for r in card.data.eval_results or []}
    assert shown and all(measured[name] == value for name, value in shown.items())
    assert "COSMODESK_HUB_ID is me" in card.text
    from core.hydrogen.higlow import HIGlowConfig

    load_model(folder, HIGlowConfig)  # what the Hub has can be loaded


def test_every_model_folder_can_be_published(tmp_path: Path) -> None:
    for folder in model_folder("higlow").parent.iterdir():
        if (folder / "model.safetensors").is_file():
            publish.write_folder(folder.name, tmp_path / folder.name, f"me/{folder.name}")


def test_damaged_weights_and_other_names_are_not_published(
    client: WritesDown, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = shutil.copytree(model_folder("higlow"), tmp_path / "higlow")
    weights = copy / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"?")
    assert publish.main([str(copy), "--repo-id", "me/higlow"]) == 1
    assert "does not match its checksum" in capsys.readouterr().err
    assert publish.main(["higlow", "--repo-id", "me/other"]) == 1
    assert "the model's name" in capsys.readouterr().err and not client.made
