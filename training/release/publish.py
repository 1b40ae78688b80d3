"""Put one model folder on the Hugging Face Hub, with its card::

    python -m training.release.publish hi_cdm --repo-id OWNER/hi_cdm
    python -m training.release.publish hi_cdm --repo-id OWNER/hi_cdm --dry-run DIR

An app finds it there by COSMODESK_HUB_ID=OWNER, so the name has to be the folder's.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from core.weights import CARD_FILE, model_folder
from training.release.spaces.hub import HubRefusedError, api, check_repo_id, upload
from training.release.spaces.model_card import model_card

__all__ = ["main", "publish", "write_folder"]

FILES = ("model.safetensors", "config.json", "metrics.json")


def write_folder(model: str, target: Path, repo_id: str) -> Path:
    """Write what the Hub gets of a model: its files, and its card with complete front matter.

    Args:
        model: name or folder.
        target: an empty folder, or one to make; it is there whole or not at all.
        repo_id: OWNER/NAME.

    Raises:
        ValueError: if the weights are damaged, there is no card, or the target holds something.
        core.weights.ModelNotFoundError: if there is no such model.
    """
    folder = model_folder(model)
    _check_weights(folder)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ValueError(f"{target} is not empty; name another folder.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as place:
        made = Path(place) / "whole"
        made.mkdir()
        for name in FILES:
            if (folder / name).is_file():
                shutil.copyfile(folder / name, made / name)
        (made / CARD_FILE).write_text(model_card(folder, repo_id))
        made.replace(target)
    return target


def publish(model: str, repo_id: str, private: bool = False) -> str:
    """Upload a model folder in one commit; returns its address.

    Raises:
        HubRefusedError: in one sentence.
    """
    client = api()
    with tempfile.TemporaryDirectory() as place:
        folder = write_folder(model, Path(place) / "model", repo_id)
        return upload(client, repo_id, "model", folder, f"{Path(model).name} of CosmoDesk",
                      private=private)


def _check_weights(folder: Path) -> None:
    import hashlib

    config = json.loads((folder / "config.json").read_text())
    sha256 = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if config["_meta"]["sha256"] != sha256:
        raise ValueError(
            f"{folder / 'model.safetensors'} does not match its checksum and is not published."
        )


def main(given: Sequence[str] | None = None) -> int:
    """The command; the exit code is 1 if something is refused, and a sentence says what."""
    parser = argparse.ArgumentParser(
        prog="python -m training.release.publish", description="Put one model folder on the Hub."
    )
    parser.add_argument("model", help="name of a folder in core/weights, or its path")
    parser.add_argument("--repo-id", required=True, help="OWNER/NAME, made if it is not there")
    parser.add_argument("--dry-run", type=Path, metavar="DIR",
                        help="write the folder to DIR and upload nothing")
    parser.add_argument("--private", action="store_true", help="a new repository is not public")
    read = parser.parse_args(given)
    try:
        check_repo_id(read.repo_id)
        if read.repo_id.partition("/")[2] != Path(read.model).name:
            raise ValueError(
                f"The apps look for OWNER/{Path(read.model).name}, not for {read.repo_id}; give "
                "the repository the model's name."
            )
        if read.dry_run is not None:
            print(write_folder(read.model, read.dry_run, read.repo_id))
        else:
            print(publish(read.model, read.repo_id, read.private))
    except (ValueError, OSError, HubRefusedError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
