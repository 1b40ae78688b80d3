"""README.md of a Space: the app's own card, its front matter completed for where it will run."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from training.release.spaces.needs import ROOT, pins

__all__ = ["FIELDS", "space_card"]

FIELDS = (
    "title", "emoji", "colorFrom", "colorTo", "sdk", "sdk_version", "python_version", "app_file",
    "short_description", "models", "tags", "license", "suggested_hardware",
)
"""What the front matter has to say; ``preload_from_hub`` beside it where weights are on the Hub."""


def space_card(
    readme: Path, hardware: str, repo_id: str | None = None,
    from_hub: Mapping[str, Sequence[str]] | None = None, asked_for: Sequence[str] = (),
) -> str:
    """The text of README.md.

    Args:
        readme: the app's own.
        hardware: of the Space.
        repo_id: OWNER/NAME, which the examples then call; None leaves them at this machine.
        from_hub: model folders on the Hub and their files, fetched while the Space is built.
        asked_for: other models on the Hub that the app uses, fetched when it starts.

    Raises:
        ValueError: if a field of the front matter is missing.
    """
    from huggingface_hub import RepoCard

    card = RepoCard(readme.read_text())
    data = card.data.to_dict()
    data["sdk_version"] = pins(ROOT / "requirements.txt")["gradio"]
    data["suggested_hardware"] = hardware
    data["models"] = [*data.get("models", []), *(from_hub or {}), *asked_for]
    if from_hub:
        data["preload_from_hub"] = [f"{name} {','.join(files)}" for name, files in from_hub.items()]
    missing = [field for field in FIELDS if not data.get(field) and field != "models"]
    if missing:
        raise ValueError(f"{readme} does not say {', '.join(missing)} in its front matter.")
    if not data["models"]:
        del data["models"]
    text = card.text
    if repo_id:
        text = re.sub(r'Client\("[^"]*"\)', f'Client("{repo_id}")', text)
    front = RepoCard(f"---\ntitle: x\n---\n{text}")
    for name in list(front.data.to_dict()):
        front.data.pop(name)
    for name in [*FIELDS, *sorted(set(data) - set(FIELDS))]:
        if name in data:
            front.data[name] = data[name]
    return str(front)
