"""A copy of the embedded model that transformers opens in seconds.

Reading the GGUF file takes transformers most of a minute: it goes through the vocabulary's 262,144
entries number by number, once for the tokenizer, once for the configuration and once for the
weights, and pieces the merges of the tokenizer together anew. So that is done once; the copy in the
cache has the weights in half precision (finer than their 4 to 8 bits) and tokenizer.json.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from core.checksums import matches_checksum, record_checksum
from core.literature.language_model.base_model import EMBEDDED, embedded_file, embedded_sha256
from core.settings import get_settings
from core.weights import WEIGHTS_FILE

__all__ = ["embedded_copy"]


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
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{EMBEDDED}.") as made:
        whole = Path(made) / "whole"
        _convert(file, whole)
        record_checksum(whole / WEIGHTS_FILE)
        try:
            os.replace(whole, target)
        except OSError:  # another process was faster
            if not target.is_dir():
                raise
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
