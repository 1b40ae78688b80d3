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

from core.literature.base_model import EMBEDDED, embedded_file, file_sha256, load_base
from core.settings import get_settings

__all__ = ["embedded_copy"]


def embedded_copy() -> Path:
    """Folder of the copy, for :func:`core.literature.base_model.load_base`; made at first use.

    Raises:
        RuntimeError: if the package is missing or damaged.
    """
    import torch

    file = embedded_file()
    target = get_settings().cache / f"{EMBEDDED}-{file_sha256(file)[:16]}"
    if target.is_dir():
        return target
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{EMBEDDED}.") as made:
        model, tokenizer = load_base(EMBEDDED, dtype=torch.float16)
        whole = Path(made) / "whole"
        model.save_pretrained(whole)
        tokenizer.save_pretrained(whole)
        try:
            os.replace(whole, target)
        except OSError:  # another process was faster
            if not target.is_dir():
                raise
            shutil.rmtree(whole, ignore_errors=True)
    return target
