"""The interface of all backends of the language model, and what they share."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from core.literature.language_model.prompts import STOPS

__all__ = ["TOP_K", "TOP_P", "Backend", "check_room", "cpu_threads"]

TOP_K, TOP_P = 40, 0.95
"""Of a drawn token (temperature above 0): among the likeliest ``TOP_K`` that hold ``TOP_P``."""


class Backend(Protocol):
    """A language model that writes on from a prompt, and weighs what others wrote.

    All methods may be called from many threads at once. Token counts are the model's own.

    Attributes:
        name: "llama.cpp", "transformers", "quantised" or "server".
        context: tokens that prompt and answer may have together.
    """

    name: str
    context: int

    def stream(
        self, prompt: str, *, max_tokens: int, temperature: float = 0.0, seed: int = 0,
        stop: Sequence[str] = STOPS, cancelled: Callable[[], bool] | None = None,
    ) -> Iterator[str]:  # fmt: skip
        """Write on from a prompt, piece by piece.

        Args:
            prompt: as :mod:`core.literature.language_model.prompts` forms it.
            max_tokens: of the answer.
            temperature: 0 takes the likeliest token each time.
            seed: Sampling seed; the same seed writes the same text.
            stop: texts before which the answer ends; none of them appears in it.
            cancelled: asked many times a second; true ends the answer soon after.

        Raises:
            ValueError: if prompt and answer do not fit in the context.
            RuntimeError: if the model cannot answer, in one sentence.
        """
        ...

    def log_likelihoods(
        self, prompt: str, continuations: Sequence[str]
    ) -> list[tuple[float, int]]:
        """How likely each continuation is after a prompt.

        Returns:
            For each the sum of ln p of its tokens, nats, and how many tokens it has.

        Raises:
            ValueError: if a continuation is empty or does not fit in the context.
            RuntimeError: if the model cannot answer, in one sentence.
        """
        ...

    def first_token(self, prompt: str, words: Sequence[str]) -> list[float]:
        """Probability that the text goes on with each word; words begin with their space."""
        return [math.exp(value) for value, _ in self.log_likelihoods(prompt, words)]

    def count_tokens(self, text: str) -> int:
        """Tokens of a text, the mark of its beginning included."""
        ...


def check_room(prompt: int, answer: int, context: int) -> None:
    """Raise if a prompt of so many tokens leaves no room for the answer's.

    Raises:
        ValueError: saying how long the prompt may be.
    """
    if answer < 1:
        raise ValueError(f"An answer of {answer} tokens was asked for; ask for 1 or more.")
    if prompt + answer > context:
        raise ValueError(
            f"The prompt has {prompt} tokens; for an answer of {answer} it may have at most "
            f"{max(context - answer, 0)}."
        )


def cpu_threads() -> int:
    """Cores that this process may use, at most 8: more do not help so small a model."""
    if hasattr(os, "sched_getaffinity"):
        return min(len(os.sched_getaffinity(0)), 8)
    return min(os.cpu_count() or 1, 8)
