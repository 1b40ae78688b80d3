"""The tree of a Space: one app, what it needs, and the files that a Space is started from.

A tree is whole or not there: it is written beside its place, described file by file in
:data:`MANIFEST`, and renamed. The same commit gives the same tree.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from training.release.spaces.card import space_card
from training.release.spaces.hardware import check_hardware
from training.release.spaces.needs import ROOT, WEIGHTS, Needs, needs_of
from training.release.spaces.requirements import requirements

__all__ = ["APPS", "MANIFEST", "Staged", "app_needs", "check", "stage"]

APPS = ("hi_maps", "reionization", "cosmogemma", "skimarxiv")
OPENERS = dict.fromkeys(("cosmogemma", "skimarxiv"), "apps.shared.assistant.models")
"""The module whose ``open_all`` opens an app's models on the device, if it is not its own."""

MANIFEST = "staged.json"
LARGE = "google/gemma-2-2b-it"
WEIGHTS_FILE = "model.safetensors"
PUBLISHED = (WEIGHTS_FILE, "config.json", "metrics.json", "README.md")

_APP = '''"""{title} as a Space, made by training/release/deploy.py: change that, not this."""

{settings}from apps.shared.compute.gpu import open_at_start  # first: spaces comes before torch
from apps.{app}.app import build
from {opener} import open_all
from apps.shared.server.launch import launch

open_at_start(open_all)
demo = build()

if __name__ == "__main__":
    launch(demo)
'''


@dataclass(frozen=True)
class Staged:
    """What to stage.

    Attributes:
        app: one of :data:`APPS`.
        hardware: of the Space, as the Hub names it.
        repo_id: OWNER/NAME of the Space, for the examples on its card; or None.
        hub_id: owner on the Hub of the model folders; None stages the weights themselves.
    """

    app: str
    hardware: str = "cpu-basic"
    repo_id: str | None = None
    hub_id: str | None = None

    def __post_init__(self) -> None:
        if self.app not in APPS:
            raise ValueError(f"There is no app {self.app}; choose one of {', '.join(APPS)}.")
        check_hardware(self.hardware)

    @property
    def opener(self) -> str:
        """The module whose ``open_all`` opens the models."""
        return OPENERS.get(self.app, f"apps.{self.app}.models")


def app_needs(app: str) -> Needs:
    """What an app needs to be served alone."""
    return needs_of(f"apps.{app}.app", f"apps.{app}.__main__", Staged(app).opener)


def stage(what: Staged, folder: Path) -> Path:
    """Write the tree of a Space.

    Args:
        what: app and where it will run.
        folder: to make; one that :func:`stage` made before is replaced, as is an empty one.

    Returns:
        The folder.

    Raises:
        ValueError: if the folder holds something else.
    """
    folder = Path(folder)
    if folder.exists() and not _replaceable(folder):
        raise ValueError(f"{folder} holds something that was not staged; name another folder.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.{os.getpid()}."))
    try:
        made.chmod(0o755)
        _fill(made, what)
        before = made.with_name(f"{made.name}.before")
        if folder.exists():
            os.rename(folder, before)
        os.rename(made, folder)
        shutil.rmtree(before, ignore_errors=True)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return folder


def check(folder: Path) -> dict[str, object]:
    """What a staged tree says of itself.

    Returns:
        app, hardware, commit, and the SHA-256 of every file.

    Raises:
        ValueError: if it is not whole: a file is missing, changed, or not of it.
    """
    try:
        manifest: dict[str, object] = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError) as error:
        raise ValueError(f"{folder} is no staged tree: {MANIFEST} cannot be read.") from error
    expected = manifest["files"]
    found = _sums(folder)
    if found != expected:
        wrong = sorted(set(found.items()) ^ set(dict(expected).items()))[0][0]  # type: ignore[call-overload]
        raise ValueError(f"{folder} is not whole: {wrong} is missing, changed, or not of it.")
    return manifest


def _fill(folder: Path, what: Staged) -> None:
    needs = app_needs(what.app)
    for path in (*needs.modules, *needs.data, *_model_files(needs, what.hub_id)):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, target)
    shutil.copyfile(ROOT / "LICENSE", folder / "LICENSE")
    card = space_card(
        ROOT / "apps" / what.app / "README.md", what.hardware, what.repo_id,
        {f"{what.hub_id}/{name}": files for name, files in _from_hub(needs).items()}
        if what.hub_id else None,
        [LARGE] if _large(needs, what) else [],
    )
    (folder / "README.md").write_text(card)
    (folder / "requirements.txt").write_text(requirements(needs, what.hardware))
    (folder / "app.py").write_text(_app(needs, what))
    manifest = {
        "app": what.app, "hardware": what.hardware, "commit": _commit(), "files": _sums(folder)
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n")
    for path in folder.rglob("*"):
        _to_disk(path)


def _model_files(needs: Needs, hub_id: str | None) -> Iterator[Path]:
    """Paths of the model folders' files; weights that the Hub has stay there."""
    for name in needs.models:
        for path in sorted((ROOT / WEIGHTS / name).iterdir()):
            if path.name.startswith(".") or (hub_id and path.name == WEIGHTS_FILE):
                continue
            yield path.relative_to(ROOT)


def _from_hub(needs: Needs) -> dict[str, list[str]]:
    """Models whose weights training.release.publish puts on the Hub, and their files there."""
    return {
        name: [file for file in PUBLISHED if (ROOT / WEIGHTS / name / file).is_file()]
        for name in needs.models if (ROOT / WEIGHTS / name / WEIGHTS_FILE).is_file()
    }


def _large(needs: Needs, what: Staged) -> bool:
    return "transformers" in needs.packages and not what.hardware.startswith("cpu")


def _app(needs: Needs, what: Staged) -> str:
    settings = {}
    if what.hub_id:
        settings["COSMODESK_HUB_ID"] = what.hub_id
    if _large(needs, what):
        settings["COSMODESK_LLM_LARGE"] = LARGE
    lines = [f'os.environ.setdefault("{k}", "{v}")\n' for k, v in settings.items()]
    title = re.search(r"^title: (.+)$", (ROOT / "apps" / what.app / "README.md").read_text(),
                      re.MULTILINE)
    return _APP.format(
        title=title[1] if title else what.app, app=what.app, opener=what.opener,
        settings="import os\n\n" + "".join(lines) + "\n" if lines else "",
    )


def _sums(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / MANIFEST and "__pycache__" not in path.parts
    }


def _commit() -> str:
    """The commit that the tree is of, with a mark if files differ from it."""
    command = ["git", "-C", str(ROOT), "describe", "--always", "--abbrev=40", "--dirty"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _replaceable(folder: Path) -> bool:
    return folder.is_dir() and ((folder / MANIFEST).is_file() or not any(folder.iterdir()))


def _sweep(folder: Path) -> None:
    """Remove what runs that were killed left beside the folder."""
    for path in folder.parent.glob(f".{folder.name}.*.*"):
        number = path.name.removeprefix(f".{folder.name}.").partition(".")[0]
        if number.isdigit() and not _alive(int(number)):
            shutil.rmtree(path, ignore_errors=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _to_disk(path: Path) -> None:
    with contextlib.suppress(OSError):  # a folder cannot be opened everywhere
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
