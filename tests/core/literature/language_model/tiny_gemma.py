"""A Gemma of 0.7 million random weights in a GGUF file, and a random adapter for it.

Both llama.cpp and transformers open it in a moment, and in 32 bits they must agree closely. Its
tokens are words of the prompts and bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np
import pytest
import torch

from core.checksums import file_sha256
from core.literature.language_model import adapter, embedded_model
from core.literature.language_model.adapter import CosmoGemmaConfig
from core.literature.language_model.backends import Backend
from core.literature.language_model.embedded_model import EMBEDDED
from core.weights import save_model

HIDDEN, LAYERS, HEADS, INNER, WINDOW, CONTEXT = 64, 6, 2, 96, 64, 512
HEAD_SIZE = 256  # transformers reads no other scale of attention from such a file
WORDS = (
    *("Question", "Answer", "Yes", "No", "the", "dark", "energy", "matter", "halo", "is", "a"),
    *("of", "galaxies", "[", "]", "1", "2", ":", "?"),
)
TARGETS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
SHAPES = {  # outputs, inputs
    "self_attn.q_proj": (HEADS * HEAD_SIZE, HIDDEN),
    "self_attn.k_proj": (HEAD_SIZE, HIDDEN),
    "self_attn.v_proj": (HEAD_SIZE, HIDDEN),
    "self_attn.o_proj": (HIDDEN, HEADS * HEAD_SIZE),
    "mlp.gate_proj": (INNER, HIDDEN),
    "mlp.up_proj": (INNER, HIDDEN),
    "mlp.down_proj": (HIDDEN, INNER),
}


def tokens() -> tuple[list[str], list[float], list[int]]:
    """Pieces of the vocabulary, their scores and kinds, as SentencePiece has them."""
    special = ["<pad>", "<eos>", "<bos>", "<unk>"]
    letters = sorted({c for word in WORDS for c in word} | {"▁", "\n"})
    merged: list[str] = []
    for word in WORDS:  # every piece is a known one and a letter: any merge can be undone
        for piece in (word, "▁" + word):
            merged += [piece[:n] for n in range(2, len(piece) + 1) if piece[:n] not in merged]
    pieces = [*merged, *letters]
    kinds = [3, 3, 3, 2, *[6] * 256, *[1] * len(pieces)]
    names = [*special, *(f"<0x{byte:02X}>" for byte in range(256)), *pieces]
    return names, [-float(i) for i in range(len(names))], kinds


def write_gguf(path: Path, seed: int = 0) -> Path:
    """Write the model."""
    rng = np.random.default_rng(seed)
    names, scores, kinds = tokens()
    writer = gguf.GGUFWriter(path, "gemma3")
    writer.add_name("tiny")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(HIDDEN)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(1)
    writer.add_key_length(HEAD_SIZE)
    writer.add_value_length(HEAD_SIZE)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(1e6)
    writer.add_sliding_window(WINDOW)
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(names)
    writer.add_token_scores(scores)
    writer.add_token_types(kinds)
    writer.add_pad_token_id(0)
    writer.add_eos_token_id(1)
    writer.add_bos_token_id(2)
    writer.add_unk_token_id(3)
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)
    writer.add_add_space_prefix(False)

    def matrix(name: str, outputs: int, inputs: int, scale: float = 1.0) -> None:
        values = rng.standard_normal((outputs, inputs)) * scale / inputs**0.5
        writer.add_tensor(f"{name}.weight", values.astype(np.float32))

    def norm(name: str, size: int = HIDDEN) -> None:
        writer.add_tensor(f"{name}.weight", rng.uniform(0.8, 1.2, size).astype(np.float32))

    matrix("token_embd", len(names), HIDDEN, 2.0)
    norm("output_norm")
    for layer in range(LAYERS):
        block = f"blk.{layer}"
        for name in ("attn_norm", "post_attention_norm", "ffn_norm", "post_ffw_norm"):
            norm(f"{block}.{name}")
        norm(f"{block}.attn_q_norm", HEAD_SIZE)
        norm(f"{block}.attn_k_norm", HEAD_SIZE)
        for name, (outputs, inputs) in zip(
            ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"),
            SHAPES.values(), strict=True,
        ):  # fmt: skip
            matrix(f"{block}.{name}", outputs, inputs)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def random_adapter(
    folder: Path, sha256: str, *, seed: int = 0, size: float = 0.1, **changes: object
) -> Path:
    """Write a model folder of a random adapter, of rank 16, for the tiny model or another shape.

    Args:
        folder: to write.
        sha256: of the base.
        seed: of the numbers.
        size: of the entries of B; 0.1 changes every answer.
        changes: of the configuration.
    """
    generator = torch.Generator().manual_seed(seed)
    tensors: dict[str, torch.Tensor] = {}
    for layer in range(LAYERS):
        for name, (outputs, inputs) in SHAPES.items():
            stem = f"layers.{layer}.{name}"
            a = torch.randn(16, inputs, generator=generator) / inputs**0.5
            b = torch.randn(outputs, 16, generator=generator) * size
            tensors |= {f"{stem}.lora_A.weight": a.half(), f"{stem}.lora_B.weight": b.half()}
    fields = {"base": EMBEDDED, "base_sha256": sha256, "rank": 16, "alpha": 32.0,
              "targets": TARGETS} | changes  # fmt: skip
    return save_model(folder, tensors, CosmoGemmaConfig(**fields))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Tiny:
    """The tiny model in the place of the embedded one.

    Attributes:
        file: GGUF file of the base.
        adapter: model folder.
        backends: by kind, and with or without the adapter.
    """

    file: Path
    adapter: Path
    backends: dict[tuple[str, bool], Backend]


@contextmanager
def embedded_tiny(file: Path) -> Iterator[None]:
    """Let a file stand for the embedded model, with its folder as the cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COSMODESK_CACHE", str(file.parent))
        patch.setenv("COSMODESK_DEVICE", "cpu")
        for module in (embedded_model, adapter):
            for name, value in (("embedded_file", file), ("embedded_sha256", file_sha256(file))):
                if hasattr(module, name):
                    patch.setattr(module, name, lambda value=value: value)
        yield
