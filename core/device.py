"""Where models run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.settings import get_settings

if TYPE_CHECKING:
    import torch

__all__ = ["chosen_device"]


def chosen_device(device: str | torch.device | None = None) -> str:
    """The torch device: the one named, else COSMODESK_DEVICE, else "cuda" where there is one."""
    import torch

    named = device or get_settings().device
    return str(named) if named else ("cuda" if torch.cuda.is_available() else "cpu")
