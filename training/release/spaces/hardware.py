"""The machines that a Space can run on."""

from __future__ import annotations

__all__ = ["ZERO", "check_hardware", "has_gpu"]

ZERO = "zero-a10g"
"""ZeroGPU, as the Hub still names it: a GPU that is lent for the length of a call."""


def check_hardware(name: str) -> None:
    """Raise unless the Hub has such a machine.

    Raises:
        ValueError: that lists those there are.
    """
    from huggingface_hub import SpaceHardware

    known = [hardware.value for hardware in SpaceHardware]
    if name not in known:
        raise ValueError(f"The Hub has no hardware {name}; choose one of {', '.join(known)}.")


def has_gpu(name: str) -> bool:
    """Whether a machine has a GPU."""
    return not name.startswith("cpu-")
