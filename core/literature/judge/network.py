"""The judge's network: the first layers of Gemma with an adapter, and a head of three outputs.

It reads a passage and then a question; the hidden state at the question's end says whether the
passage answers it by yes, by no, or not at all. A middle layer of a language model tells what is
true better than its last, which is about the next word (Azaria & Mitchell 2023, 2304.13734).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from core.literature.language_model.adapter import (
    TARGETS,
    CosmoGemmaConfig,
    attach,
    check_base,
)
from core.literature.language_model.base_model import load_base
from core.literature.text.text import clean

__all__ = ["LABELS", "JudgeConfig", "JudgeHead", "context_of", "judging_model", "prompt_of"]

LABELS = ("yes", "no", "unsaid")
"""What the head's outputs stand for."""


@dataclass(frozen=True)
class JudgeConfig:
    """What a judge is made of.

    Attributes:
        base: name of the language model, as :func:`load_base` takes it.
        base_sha256: of the embedded model's file; empty for any other base.
        layers: how many of its first layers are run.
        rank: of the adapter.
        alpha: what it adds is scaled by alpha / rank.
        temperature: divides the head's outputs, so that the probabilities are honest.
        held_out: ids of the primer's passages that it was not trained on.
    """

    base: str
    base_sha256: str
    layers: int = 12
    rank: int = 16
    alpha: float = 32.0
    temperature: float = 1.0
    held_out: tuple[str, ...] = ()


class JudgeHead(nn.Module):
    """From hidden states (n, width) to the logits of yes, no and unsaid (n, 3).

    Args:
        width: of the hidden states.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.out = nn.Linear(width, len(LABELS))
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, hidden: Tensor) -> Tensor:
        """Logits in float32."""
        logits: Tensor = self.out(self.norm(hidden.float()))
        return logits


def judging_model(
    config: JudgeConfig, tensors: dict[str, Tensor] | None = None, *, trainable: bool = False
) -> tuple[Any, Any]:
    """The base's first layers with the adapter on them, in bfloat16.

    Args:
        config: of the judge.
        tensors: of the adapter; None for a fresh one.
        trainable: keep the adapter in float32 with gradients.

    Returns:
        (peft model, tokenizer).

    Raises:
        ValueError: if the base is not the one that the adapter was trained on, or does not fit it.
    """
    adapter = CosmoGemmaConfig(
        config.base, config.base_sha256, config.rank, config.alpha, TARGETS)
    if tensors is not None:
        check_base(adapter)
    base, tokenizer = load_base(config.base, dtype=torch.bfloat16)
    decoder = base.get_decoder()
    decoder.layers = decoder.layers[: config.layers]
    decoder.config.num_hidden_layers = len(decoder.layers)
    return attach(base, adapter, tensors, trainable=trainable), tokenizer


def context_of(title: str, text: str) -> str:
    """What is read first: a passage."""
    return clean(f"{title}. {text}" if title else text)


def prompt_of(question: str) -> str:
    """What is read after it: the question that is to be judged."""
    return f" Question: {clean(question)} Answer:"
