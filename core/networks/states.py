"""The tensors of a model folder, sorted by how their names begin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

__all__ = ["part", "prefixed", "to_arrays", "to_tensors"]

T = TypeVar("T")


def part(named: Mapping[str, T], prefix: str) -> dict[str, T]:
    """What is named with a prefix, without it."""
    return {k.removeprefix(prefix): v for k, v in named.items() if k.startswith(prefix)}


def prefixed(named: Mapping[str, T], prefix: str) -> dict[str, T]:
    """The inverse of :func:`part`."""
    return {f"{prefix}{k}": v for k, v in named.items()}


def to_arrays(named: Mapping[str, Tensor]) -> dict[str, NDArray[np.floating]]:
    """Tensors as they were saved -> arrays to calculate with."""
    return {k: v.double().numpy() for k, v in named.items()}


def to_tensors(named: Mapping[str, NDArray[np.floating]]) -> dict[str, Tensor]:
    """Arrays -> tensors to save; :func:`to_arrays` reads them back."""
    return {k: torch.from_numpy(np.ascontiguousarray(v)).float() for k, v in named.items()}
