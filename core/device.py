"""Where models run."""

from __future__ import annotations

from core.settings import get_settings

__all__ = ["chosen_device"]


def chosen_device(device: str | None = None) -> str:
    """The torch device: the one named, else COSMODESK_DEVICE, else "cuda" where there is one."""
    import torch

    return device or get_settings().device or ("cuda" if torch.cuda.is_available() else "cpu")
