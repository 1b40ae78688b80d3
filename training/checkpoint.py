"""Checkpoints of a training: one safetensors file, its numbers and names as JSON in the header.

Nothing in such a file can run code, and it appears whole or not at all (:mod:`core.files`): a kill
or a power cut leaves the one before.

Example:
    >>> save_checkpoint(path, {"step": 3, "model": net.state_dict()})
    >>> load_checkpoint(path)["step"]
    3
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from core.files import write_whole

__all__ = ["decode", "encode", "load_checkpoint", "save_checkpoint"]

_KEY = "checkpoint"


def encode(state: Mapping[Any, Any]) -> bytes:
    """A checkpoint as bytes.

    Args:
        state: dictionaries (keys text or whole numbers) and lists of tensors, numbers, text,
            booleans and None, nested as a ``state_dict`` is. Tuples come back as lists.
    """
    tensors: dict[str, Tensor] = {}
    tree = _pack(state, "", tensors)
    return save(tensors, {_KEY: json.dumps(tree)})


def decode(data: bytes) -> dict[Any, Any]:
    """What :func:`encode` was given, tensors on the CPU.

    Raises:
        ValueError: if these are not the bytes of a checkpoint.
    """
    try:
        tensors = load(data)
        length = int.from_bytes(data[:8], "little")
        tree = json.loads(data[8 : 8 + length])["__metadata__"][_KEY]
        return dict(_unpack(json.loads(tree), tensors))
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise ValueError("these are not the bytes of a checkpoint") from error


def save_checkpoint(path: Path, state: Mapping[Any, Any]) -> None:
    """Write a checkpoint: the old file or the new one is there at any moment, never half of one."""
    write_whole(path, encode(state))


def load_checkpoint(path: Path) -> dict[Any, Any]:
    """Read a checkpoint.

    Raises:
        ValueError: if the file is damaged.
    """
    try:
        return decode(path.read_bytes())
    except ValueError as error:
        raise ValueError(f"{path} is damaged; delete it to begin the training anew.") from error


def _pack(value: Any, name: str, tensors: dict[str, Tensor]) -> Any:
    """JSON in place of a value; its tensors go into ``tensors`` by the path that leads to them."""
    if isinstance(value, Tensor):
        name = f"{len(tensors)} {name}"  # paths of odd keys may coincide
        tensors[name] = value.detach().cpu().contiguous().clone()
        return {"tensor": name}
    if isinstance(value, Mapping):
        # pairs, since JSON's own keys are text alone and an optimiser counts its parameters
        return {"dict": [[k, _pack(v, f"{name}/{k}", tensors)] for k, v in value.items()]}
    if isinstance(value, list | tuple):
        return [_pack(item, f"{name}/{i}", tensors) for i, item in enumerate(value)]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{name or 'The state'} is a {type(value).__name__}; a checkpoint cannot keep.")


def _unpack(value: Any, tensors: dict[str, Tensor]) -> Any:
    if isinstance(value, dict):
        if "tensor" in value:
            return tensors[value["tensor"]]
        return {key: _unpack(item, tensors) for key, item in value["dict"]}
    if isinstance(value, list):
        return [_unpack(item, tensors) for item in value]
    return value
