"""Where models run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.settings import get_settings

if TYPE_CHECKING:
    import torch

__all__ = ["check_device", "chosen_device"]


def chosen_device(device: str | torch.device | None = None) -> str:
    """The torch device: the one named, else COSMODESK_DEVICE, else "cuda" where there is one."""
    import torch

    named = device or get_settings().device
    return str(named) if named else ("cuda" if torch.cuda.is_available() else "cpu")


def check_device(device: str | None) -> None:
    """Look whether torch can compute on a device that was named; without a name there is one.

    Raises:
        ValueError: one sentence.
    """
    if device is None or device == "cpu":
        return
    import torch

    try:
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise ValueError(
            f"COSMODESK_DEVICE is {device[:40]}, and torch cannot compute there; set it to cpu, or "
            "leave it out."
        ) from error
