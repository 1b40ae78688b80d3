"""The tree of a Space: exactly what the app needs, whole or not there, and the same every time."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from huggingface_hub import RepoCard

from core.weights import CONFIG_FILE
from training.release.spaces.card import FIELDS
from training.release.spaces.needs import ROOT, needs_of, pins
from training.release.spaces.requirements import requirements
from training.release.spaces.staging import APPS, MANIFEST, Staged, app_needs, check, stage

MODELS = {
    "hi_maps": {"hi_cdm", "higlow", "hi_inference", "hi_statistics"},
    "reionization": {"neutral_fraction", "reionization_sources", "radiation"},
    "cosmogemma": {"cosmogemma", "intent", "tldr", "yes_no_judge"},
    "skimarxiv": {"cosmogemma", "intent", "ranking", "tldr", "yes_no_judge"},
}


@pytest.mark.parametrize("app", APPS)
def test_a_tree_has_its_models_and_no_others(trees: dict[str, Path], app: str) -> None:
    tree = trees[app]
    assert {path.name for path in (tree / "core/weights").iterdir()} == MODELS[app]
    others = set(APPS) - {app}
    assert not any((tree / "apps" / other).exists() for other in others)
    assert not list(tree.rglob("*.pyc")) and not (tree / "training").exists()
    assert check(tree)["app"] == app


@pytest.mark.parametrize("app", APPS)
def test_the_front_matter_is_complete_and_the_example_calls_the_space(
    trees: dict[str, Path], app: str
) -> None:
    text = (trees[app] / "README.md").read_text()
    data = RepoCard(text).data.to_dict()
    assert not set(FIELDS) - {"models"} - set(data)
    assert data["sdk_version"] == pins(ROOT / "requirements.txt")["gradio"]
    assert data["app_file"] == "app.py" and (trees[app] / "app.py").is_file()
    assert len(data["short_description"]) <= 60  # the Hub refuses longer ones
    assert 'Client("someone/app")' in text and "127.0.0.1" not in re.sub("[^`]*`[^`]*`", "", text)


@pytest.mark.parametrize("app", APPS)
def test_requirements_are_those_of_the_root(app: str) -> None:
    """What is committed is what the command writes: no version drifts."""
    committed = ROOT / "apps" / app / "requirements.txt"
    assert committed.read_text() == requirements(app_needs(app)), (
        "run python -m training.release.deploy --write-requirements"
    )
    own = {name: version for name, version in pins(committed).items() if name != "spaces"}
    assert own.items() <= pins(ROOT / "constraints.txt").items()
    assert {"anyio", "starlette", "jinja2"} <= set(own)  # what gradio brings is pinned too
    assert RepoCard((ROOT / "apps" / app / "README.md").read_text()).data["sdk_version"] == pins(
        committed
    )["gradio"]


def test_a_gpu_brings_what_quantises_and_another_torch() -> None:
    cpu, gpu, zero = (requirements(app_needs("cosmogemma"), hardware)
                      for hardware in ("cpu-basic", "t4-small", "zero-a10g"))
    assert "bitsandbytes" not in cpu and "spaces==" in cpu and zero == gpu
    assert "bitsandbytes==" in gpu and "accelerate==" in gpu
    assert "torch==2.10" in gpu and "bitsandbytes" not in requirements(
        app_needs("hi_maps"), "zero-a10g"
    )


def test_weights_on_the_hub_stay_there(tmp_path: Path) -> None:
    tree = stage(Staged("skimarxiv", "zero-a10g", hub_id="someone"), tmp_path / "tree")
    assert not list(tree.rglob("core/weights/*/model.safetensors"))
    assert (tree / "core/weights/cosmogemma" / CONFIG_FILE).is_file()
    assert (tree / "core/weights/tldr/coefficients.json").is_file()
    data = RepoCard((tree / "README.md").read_text()).data.to_dict()
    assert data["preload_from_hub"] == [
        "someone/cosmogemma model.safetensors,config.json,metrics.json,README.md",
        "someone/yes_no_judge model.safetensors,config.json,metrics.json,README.md",
    ]
    assert {"someone/cosmogemma", "google/gemma-2-2b-it"} <= set(data["models"])
    app = (tree / "app.py").read_text()
    assert 'setdefault("COSMODESK_HUB_ID", "someone")' in app and "LLM_LARGE" in app
    # the package of ZeroGPU comes before torch
    assert app.index("apps.shared.compute.gpu") < app.index("apps.skimarxiv.app")


def test_the_same_commit_gives_the_same_tree_and_a_change_is_seen(
    trees: dict[str, Path], tmp_path: Path
) -> None:
    again = stage(Staged("cosmogemma", repo_id="someone/app"), tmp_path / "again")
    assert check(again)["files"] == check(trees["cosmogemma"])["files"]
    (again / "app.py").write_text("")
    with pytest.raises(ValueError, match=r"not whole: app\.py"):
        check(again)
    assert check(stage(Staged("cosmogemma"), again))["app"] == "cosmogemma"  # made anew
    (again / MANIFEST).unlink()
    with pytest.raises(ValueError, match="no staged tree"):
        check(again)
    with pytest.raises(ValueError, match="not staged"):
        stage(Staged("cosmogemma"), again)
    assert [path.name for path in tmp_path.iterdir()] == ["again"]


def test_a_kill_leaves_the_whole_tree_or_none(tmp_path: Path) -> None:
    folder = tmp_path / "tree"
    code = ("from pathlib import Path; from training.release.spaces.staging import Staged, stage\n"
            f"print('go', flush=True)\nstage(Staged('cosmogemma'), Path({str(folder)!r}))")
    for pause in (0.05, 0.3):
        process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE)
        assert process.stdout is not None and process.stdout.readline() == b"go\n"
        time.sleep(pause)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        if folder.exists():
            check(folder)
    check(stage(Staged("cosmogemma"), folder))
    assert [path.name for path in tmp_path.iterdir()] == ["tree"]  # what was left is swept


def test_needs_follow_imports_but_not_those_for_types(tmp_path: Path) -> None:
    files = {
        "core/__init__.py": "", "core/weights/small/config.json": "{}",
        "core/weights/other/config.json": "{}", "core/table.csv": "", "core/unused.csv": "",
        "core/a.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import torch\n"
                     "    from core import c\ndef f():\n    import numpy.linalg\n"
                     "    from core import b\n    return b, 'small', 'table.csv'\n",
        "core/b.py": "import json", "core/c.py": "import scipy",
        "requirements.txt": "numpy==2.0.0\nscipy==1.0.0  # words\ntorch==2.0.0\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    needs = needs_of("core.a", root=tmp_path)
    assert [str(p) for p in needs.modules] == ["core/__init__.py", "core/a.py", "core/b.py"]
    assert [str(p) for p in needs.data] == ["core/table.csv"]
    assert needs.models == ("small",) and needs.packages == {"numpy": "2.0.0"}
    with pytest.raises(ValueError, match=r"no module core\.d"):
        needs_of("core.d", root=tmp_path)


def test_the_manifest_names_every_file(trees: dict[str, Path]) -> None:
    tree = trees["hi_maps"]
    stored = json.loads((tree / MANIFEST).read_text())
    there = {str(path.relative_to(tree)) for path in tree.rglob("*") if path.is_file()}
    assert set(stored["files"]) | {MANIFEST} == there and stored["commit"] != ""
