"""Model folders: model.safetensors, config.json, metrics.json and a card.

The configuration is a frozen dataclass; config.json keeps beside it, under "_meta", the SHA-256 of
the weights and its own, which are checked at every load. Nothing here can run code from a file.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import re
import types
import typing
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from core.checksums import checksum
from core.files import sweep, write_whole
from core.settings import get_settings

if TYPE_CHECKING:
    import torch

T = TypeVar("T")

__all__ = [
    "CARD_FILE",
    "ModelNotFoundError",
    "coefficients_file",
    "load_model",
    "model_folder",
    "read_metrics",
    "save_model",
]

WEIGHTS_FILE = "model.safetensors"
CONFIG_FILE = "config.json"
METRICS_FILE = "metrics.json"
CARD_FILE = "README.md"
COEFFICIENTS_FILE = "coefficients.json"


class ModelNotFoundError(FileNotFoundError):
    """There is no such model folder, neither here nor on the Hub."""


def save_model(
    folder: str | Path,
    tensors: dict[str, torch.Tensor],
    config: Any,
    card: str | None = None,
) -> Path:
    """Write a model folder; a kill at any moment leaves the old model or the new one.

    The new weights lie beside the old ones until config.json, which has their checksum, is
    replaced; :func:`load_model` takes those that the checksum is of.

    Args:
        folder: made if it does not exist.
        tensors: name to tensor; views are copied.
        config: a dataclass of numbers, strings, booleans, None, tuples of those, or dataclasses.
        card: text of README.md.

    Returns:
        The folder.
    """
    from safetensors.torch import save

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    weights = save({name: t.detach().cpu().contiguous().clone() for name, t in tensors.items()})
    meta = {"class": type(config).__name__, "sha256": hashlib.sha256(weights).hexdigest()}
    stored = {**dataclasses.asdict(config), "_meta": meta}
    meta["config_sha256"] = checksum(stored)
    text = json.dumps(stored, indent=2) + "\n"
    new = _new_weights(folder, meta["sha256"])
    write_whole(new, weights)
    write_whole(folder / CONFIG_FILE, text.encode())
    os.replace(new, folder / WEIGHTS_FILE)
    if card is not None:
        write_whole(folder / CARD_FILE, card.encode())
    for left in folder.glob(_new_weights(folder, "*").name):  # of a save that was killed
        left.unlink(missing_ok=True)
    sweep(folder, _new_weights(folder, "*").name)
    return folder


def load_model(
    name_or_folder: str | Path, config_class: type[T]
) -> tuple[dict[str, torch.Tensor], T]:
    """Read a model folder and check it.

    Args:
        name_or_folder: a name such as "hi_cdm" (of the weights folder, or else of the Hub), or the
            path of a folder.
        config_class: the dataclass that was saved.

    Returns:
        (tensors on the CPU as they were saved, configuration).

    Raises:
        ModelNotFoundError: if there is no such model.
        ValueError: if a file is damaged, or the folder holds another kind of model.
    """
    from safetensors.torch import load

    folder = model_folder(name_or_folder)
    name, config_path = folder.name, folder / CONFIG_FILE  # no path of the server on a page
    try:
        stored = json.loads(config_path.read_bytes())
        whole = stored["_meta"].pop("config_sha256") == checksum(stored)
        meta = stored.pop("_meta")
        expected_class, expected_hash = meta["class"], meta["sha256"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"{name}/{CONFIG_FILE} is damaged; fetch the model again.") from error
    if not whole:
        raise ValueError(
            f"{name}/{CONFIG_FILE} does not match its checksum and is damaged; fetch the model "
            "again."
        )
    if expected_class != config_class.__name__:
        raise ValueError(
            f"{name} holds a {expected_class}, not a {config_class.__name__} as asked for."
        )
    weights = _read_weights(folder, str(expected_hash))
    if weights is None:
        raise ValueError(
            f"{name}/{WEIGHTS_FILE} does not match its checksum and is damaged or incomplete; "
            "fetch the model again."
        )
    return load(weights), _build(config_class, stored, config_path)


def coefficients_file(name: str, folder: str | Path | None = None) -> Path:
    """The coefficients of a linear model, which come with the code: JSON with its own checksum.

    Args:
        name: of the model.
        folder: that holds them; by default the model's own in core/weights.
    """
    own = Path(__file__).parent / "weights" / name
    return (own if folder is None else Path(folder)) / COEFFICIENTS_FILE


def model_folder(name_or_folder: str | Path) -> Path:
    """The folder of a model, fetched from the Hub if it is allowed and not here.

    Raises:
        ModelNotFoundError: if it is nowhere.
    """
    if isinstance(name_or_folder, Path) or not re.fullmatch(r"[A-Za-z0-9_-]+", name_or_folder):
        folder = Path(name_or_folder)
        if _is_model(folder):
            return folder
        raise ModelNotFoundError(
            f"{folder} holds no model: {WEIGHTS_FILE} and {CONFIG_FILE} are needed."
        )
    settings = get_settings()
    folder = settings.weights / name_or_folder
    if _is_model(folder):
        return folder
    if settings.hub_id and os.environ.get("HF_HUB_OFFLINE", "0").lower() not in ("1", "true"):
        return _fetch(f"{settings.hub_id}/{name_or_folder}")
    raise ModelNotFoundError(
        f"The model {name_or_folder} is not in {settings.weights}; train it, set "
        "COSMODESK_WEIGHTS to the folder that has it, or COSMODESK_HUB_ID to fetch it."
    )


def read_metrics(name: str) -> dict[str, Any] | None:
    """metrics.json of a model as evaluate wrote it, or None if there is none.

    Raises:
        ValueError: if the file is damaged.
    """
    path = get_settings().weights / name / METRICS_FILE
    if not path.is_file():
        return None
    try:
        return dict(json.loads(path.read_text()))
    except ValueError as error:
        raise ValueError(f"{path} is damaged; run the evaluation again.") from error


def _is_model(folder: Path) -> bool:
    if not (folder / CONFIG_FILE).is_file():
        return False
    return (folder / WEIGHTS_FILE).is_file() or any(folder.glob(_new_weights(folder, "*").name))


def _new_weights(folder: Path, sha256: str) -> Path:
    """Where weights lie while they take the place of others."""
    return folder / f".{WEIGHTS_FILE}.{sha256[:16]}.new"


def _read_weights(folder: Path, sha256: str) -> bytes | None:
    """The weights with a checksum, None if there are none such."""
    if not re.fullmatch("[0-9a-f]{64}", sha256):
        return None
    for path in (folder / WEIGHTS_FILE, _new_weights(folder, sha256)):
        with contextlib.suppress(FileNotFoundError):
            weights = path.read_bytes()
            if hashlib.sha256(weights).hexdigest() == sha256:
                return weights
    return None


def _fetch(repository: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        folder = Path(
            snapshot_download(
                repository, allow_patterns=[WEIGHTS_FILE, CONFIG_FILE, METRICS_FILE, CARD_FILE]
            )
        )
    except Exception as error:  # the network, the Hub, a wrong name: one answer to all
        raise ModelNotFoundError(f"The model {repository} could not be fetched: {error}") from error
    if not _is_model(folder):
        raise ModelNotFoundError(f"{repository} on the Hub holds no {WEIGHTS_FILE}.")
    return folder


def _build(kind: Any, value: Any, path: Path) -> Any:
    """A value of JSON as the annotated type: lists to tuples, objects to dataclasses."""
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        if value is None:
            return None
        kind = next(a for a in typing.get_args(kind) if a is not type(None))
    if dataclasses.is_dataclass(kind) and isinstance(kind, type) and isinstance(value, dict):
        hints = typing.get_type_hints(kind)
        unknown = sorted(set(value) - {f.name for f in dataclasses.fields(kind)})
        if unknown:
            raise ValueError(
                f"{path} has {', '.join(unknown)}, which {kind.__name__} does not know; the model "
                "and the code are of different versions."
            )
        try:
            return kind(**{name: _build(hints[name], v, path) for name, v in value.items()})
        except TypeError as error:
            raise ValueError(f"{path} is incomplete: {error}.") from error
    if isinstance(value, list):
        inner = [a for a in typing.get_args(kind) if a is not Ellipsis]
        kinds = inner if len(inner) == len(value) else [inner[0] if inner else Any] * len(value)
        items = [_build(k, v, path) for k, v in zip(kinds, value, strict=True)]
        return items if typing.get_origin(kind) is list else tuple(items)
    return value
