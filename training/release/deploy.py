"""Put one app on the Hugging Face Hub as a Space, with what it needs and nothing else::

    python -m training.release.deploy hi_maps --repo-id OWNER/NAME
    python -m training.release.deploy cosmogemma --dry-run DIR --hardware zero-a10g

The first needs a token that may write (HF_TOKEN); the second writes the same tree into a folder.
docs/deploy.md says what comes before and after.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from training.release.spaces.hardware import ZERO, has_gpu
from training.release.spaces.hub import HubRefusedError, api, check_repo_id, upload
from training.release.spaces.needs import ROOT
from training.release.spaces.requirements import requirements
from training.release.spaces.staging import APPS, Staged, app_needs, check, stage

__all__ = ["deploy", "main", "write_requirements"]


def deploy(what: Staged, private: bool = False) -> str:
    """Stage an app and upload it, in one commit.

    Args:
        what: with ``repo_id``, of a Space that is made if it is not there.
        private: a new Space is seen by its owner alone.

    Returns:
        The Space's address.

    Raises:
        HubRefusedError: in one sentence.
    """
    assert what.repo_id is not None
    client = api()
    with tempfile.TemporaryDirectory() as place:
        folder = stage(what, Path(place) / what.app)
        commit = check(folder)["commit"]
        return upload(
            client, what.repo_id, "space", folder, f"{what.app} of CosmoDesk, {commit}",
            space_sdk="gradio", space_hardware=what.hardware, private=private,
        )


def write_requirements(folder: Path = ROOT / "apps") -> None:
    """Write every app's requirements.txt anew."""
    for app in APPS:
        (folder / app / "requirements.txt").write_text(requirements(app_needs(app)))


def main(given: Sequence[str] | None = None) -> int:
    """The command; the exit code is 1 if something is refused, and a sentence says what."""
    read = _parser().parse_args(given)
    try:
        if read.write_requirements:
            write_requirements()
            return 0
        if read.app is None:
            raise ValueError(f"Name an app: {', '.join(APPS)}.")
        if read.repo_id is None and read.dry_run is None:
            raise ValueError("Name a Space with --repo-id OWNER/NAME, or a folder with --dry-run.")
        if read.repo_id is not None:
            check_repo_id(read.repo_id)
        what = Staged(read.app, read.hardware, read.repo_id, read.hub_id)
        if read.dry_run is not None:
            _tell(stage(what, read.dry_run), what)
        else:
            print(f"{deploy(what, read.private)} is being built there.")
    except (ValueError, HubRefusedError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training.release.deploy", description="Put one app on the Hub as a Space."
    )
    parser.add_argument("app", nargs="?", help=", ".join(APPS))
    parser.add_argument("--repo-id", help="OWNER/NAME of the Space, made if it is not there")
    parser.add_argument("--dry-run", type=Path, metavar="DIR",
                        help="write the tree into DIR and upload nothing")
    parser.add_argument("--hardware", default="cpu-basic",
                        help=f"of the Space: cpu-basic (free), {ZERO} (ZeroGPU), t4-small ...")
    parser.add_argument("--hub-id", metavar="OWNER",
                        help="whose models on the Hub (training.release.publish) hold the weights")
    parser.add_argument("--private", action="store_true", help="a new Space is not public")
    parser.add_argument("--write-requirements", action="store_true",
                        help="write apps/*/requirements.txt from the root's, and stop")
    return parser


def _tell(folder: Path, what: Staged) -> None:
    files = [path for path in folder.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files) / 2**20
    gpu = ", with a GPU" if has_gpu(what.hardware) else ""
    print(f"{folder}: {len(files)} files, {size:.1f} MiB, for {what.hardware}{gpu}; start it "
          f"there with `python app.py`.")


if __name__ == "__main__":
    sys.exit(main())
