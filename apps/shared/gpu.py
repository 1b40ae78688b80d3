"""A GPU for one call: ``spaces.GPU`` on a ZeroGPU Space, nothing anywhere else."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["on_gpu"]

F = TypeVar("F", bound=Callable[..., Any])


def on_gpu(duration: int = 60) -> Callable[[F], F]:
    """Decorate a synchronous function or generator that calls a model.

    On a ZeroGPU Space a GPU is lent for at most ``duration`` seconds a call, in a forked worker:
    the function has to return arrays of the CPU and cannot change globals. Elsewhere it is left as
    it is.

    Example:
        >>> @on_gpu(duration=30)
        ... def draw(seed: int) -> int:
        ...     return seed
    """
    if os.environ.get("SPACES_ZERO_GPU", "").lower() in ("1", "t", "true"):
        import spaces  # only there; it has to come before torch

        return spaces.GPU(duration=duration)
    return lambda function: function
