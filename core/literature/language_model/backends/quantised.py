"""A larger model in 4 bits on a GPU: Gemma of 2 billion parameters or more, from the Hub.

COSMODESK_LLM_LARGE names it. Its weights are quantised by bitsandbytes while they are read, to
4-bit NormalFloat with the scales quantised once more, and computed with in bfloat16. It answers as
it is, without an adapter, because CosmoGemma's fits the embedded model alone.

Paper: Dettmers et al. 2023 (2305.14314).
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from core.device import chosen_device
from core.literature.language_model.backends.transformers_backend import Transformers

__all__ = ["LargeModelError", "Quantised"]

ETAG_SECONDS = 10.0
FILES = ["*.json", "*.safetensors", "*.model", "*.jinja"]  # no pickled weights


class LargeModelError(RuntimeError):
    """The larger model cannot be used here; the message is one sentence that says why."""


class Quantised(Transformers):
    """A causal model in 4 bits. See :class:`core.literature.language_model.backends.Backend`.

    Attributes:
        model_name: as it was asked for.
    """

    name = "quantised"
    model_name = ""

    @classmethod
    def open(cls, model: str, device: str | None = None) -> Quantised:
        """Fetch a model if it is not here, and quantise it.

        Args:
            model: a folder, or an id on the Hub, such as google/gemma-2-2b-it.
            device: of torch; by default as the settings say.

        Raises:
            LargeModelError: without CUDA, bitsandbytes, the Hub or the right to read the model
                there, or if its files are no model.
        """
        device = chosen_device(device)
        if not device.startswith("cuda"):
            raise LargeModelError(f"{model} needs a CUDA device, and there is none.")
        return cls.on_device(model, device)

    @classmethod
    def on_device(cls, model: str, device: str) -> Quantised:
        """As :meth:`open`, on a device that is given."""
        from core.literature.language_model.base_model import load_base

        if find_spec("bitsandbytes") is None:
            raise LargeModelError(f"{model} needs the package bitsandbytes, which is missing.")
        folder = _fetched(model)
        try:
            opened, tokenizer = load_base(str(folder), four_bit=True, device=device)
        except (OSError, ValueError, RuntimeError, ImportError) as error:
            raise LargeModelError(f"{model} cannot be opened: {_first_line(error)}") from error
        backend = cls(opened, tokenizer)
        backend.model_name = model
        return backend


def _fetched(model: str) -> Path:
    """The folder of a model; from the Hub, or from what was fetched from there before."""
    if Path(model).is_dir():
        return Path(model)
    from huggingface_hub import snapshot_download

    try:
        return Path(
            snapshot_download(model, allow_patterns=FILES, etag_timeout=ETAG_SECONDS)
        )
    except Exception as error:  # no network, no such model, no right to read it: one answer to all
        raise LargeModelError(
            f"{model} cannot be fetched from the Hub: {_first_line(error)}"
        ) from error


def _first_line(error: Any) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].rstrip(".:") + "."
