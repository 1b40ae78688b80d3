"""requirements.txt of a Space: what the app imports and what that brings, in tested versions."""

from __future__ import annotations

from training.release.constraints import brought
from training.release.spaces.hardware import has_gpu
from training.release.spaces.needs import ROOT, Needs, pins

__all__ = ["requirements"]

HEADER = (
    "# What this app needs on a machine of its own, a Space; made from the root's requirements by\n"
    "# `python -m training.release.deploy --write-requirements`: change them, not this.\n"
)
BROUGHT = "# what these bring along, from constraints.txt\n"
GPU_TORCH = "2.10.0"
"""Newer ones are built for a newer driver than the Hub's GPUs have; ZeroGPU has 2.8 to 2.11."""

BITSANDBYTES = "0.50.2"
SPACES = "0.51.3"
"""Gradio asks for it on every Space; on ZeroGPU it lends the GPU."""


def requirements(needs: Needs, hardware: str = "cpu-basic") -> str:
    """The file's text for a machine.

    Args:
        needs: of the app.
        hardware: as the Hub names it; a GPU takes another torch, and what quantises.
    """
    packages = {**needs.packages, "spaces": SPACES}
    if has_gpu(hardware):
        packages["torch"] = GPU_TORCH
        if "transformers" in packages:
            packages["bitsandbytes"] = BITSANDBYTES
            packages["accelerate"] = pins(ROOT / "training" / "requirements.txt")["accelerate"]
    more = {name: version for name, version in brought(needs.packages).items()
            if name not in packages}
    return HEADER + _lines(packages) + BROUGHT + _lines(more)


def _lines(packages: dict[str, str]) -> str:
    return "".join(f"{name}=={packages[name]}\n" for name in sorted(packages))
