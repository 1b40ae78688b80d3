"""The card of a model folder for the Hub: the folder's own, its front matter completed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.weights import CARD_FILE
from training.evaluation.metric_names import HEADLINES, meaning

__all__ = ["FIELDS", "model_card"]

FIELDS = ("license", "library_name", "pipeline_tag", "tags", "language", "model-index")
GEMMA = "https://ai.google.dev/gemma/terms"


@dataclass(frozen=True)
class _Task:
    """What the Hub calls a model's task, and what measured it."""

    name: str
    tag: str
    data: str


_TASKS = {
    "hi_cdm": _Task("maps from parameters", "unconditional-image-generation", "CosmoDeskPM"),
    "higlow": _Task("maps from parameters", "unconditional-image-generation", "CosmoDeskPM"),
    "hi_inference": _Task("parameters from maps", "other", "CosmoDeskPM"),
    "hi_statistics": _Task("statistics of maps", "other", "CosmoDeskPM"),
    "neutral_fraction": _Task("neutral fraction from images", "other", "21cmFAST boxes"),
    "reionization_sources": _Task("sources from images", "image-classification", "21cmFAST boxes"),
    "radiation": _Task("ionization from density", "image-to-image", "21cmFAST boxes"),
    "cosmogemma": _Task("questions on abstracts", "text-generation", "astro-ph.CO abstracts"),
    "yes_no_judge": _Task("yes or no from a passage", "text-classification", "our own passages"),
}
_OTHER = _Task("as its card says", "other", "as its card says")


def model_card(folder: Path, repo_id: str) -> str:
    """The text of README.md on the Hub.

    Args:
        folder: of the model, with its card and, if it was evaluated, metrics.json.
        repo_id: OWNER/NAME; a section says how to load the model from there.

    Raises:
        ValueError: if there is no card, or it names no licence.
    """
    from huggingface_hub import ModelCard

    path = folder / CARD_FILE
    if not path.is_file():
        raise ValueError(f"{folder} has no {CARD_FILE}; a model is published with its card.")
    card = ModelCard(path.read_text(), ignore_metadata_errors=True)
    data = card.data
    if not data.get("license"):
        raise ValueError(f"{path} names no licence in its front matter.")
    task = _TASKS.get(folder.name, _OTHER)
    data["library_name"] = data.get("library_name") or "pytorch"
    data["pipeline_tag"] = data.get("pipeline_tag") or task.tag
    data["language"] = data.get("language") or "en"
    data["tags"] = sorted({*(data.get("tags") or []), "cosmology", "cosmodesk"})
    if data["license"] == "gemma":
        data["license_link"] = GEMMA
    numbers = _numbers(folder)
    if numbers:
        data["model-index"] = [{
            "name": folder.name,
            "results": [{
                "task": {"type": task.tag, "name": task.name},
                "dataset": {"type": "other", "name": task.data},
                "metrics": [
                    {"type": key, "name": meaning(folder.name, key), "value": value}
                    for key, value in numbers.items()
                ],
            }],
        }]
    return f"{card}\n{_usage(repo_id)}"


def _numbers(folder: Path) -> dict[str, float]:
    """The measured numbers that stand in the repository's README, as evaluate wrote them."""
    path = folder / "metrics.json"
    if not path.is_file():
        return {}
    stored: dict[str, Any] = json.loads(path.read_text())["metrics"]
    wanted = HEADLINES.get(folder.name, ())
    return {key: stored[key] for key in wanted if isinstance(stored.get(key), int | float)}


def _usage(repo_id: str) -> str:
    owner, _, name = repo_id.partition("/")
    return (
        "## From the Hub\n"
        f"CosmoDesk fetches this folder when COSMODESK_HUB_ID is {owner} and core/weights has no "
        f"{name}; the weights are checked against the SHA-256 in config.json. They are "
        "safetensors: loading them runs no code of theirs.\n"
    )
