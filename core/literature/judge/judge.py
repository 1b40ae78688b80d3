"""What passages say to a yes/no question: yes, no, or nothing.

Example:
    >>> judge = Judge.load()
    >>> judge("Does dark matter emit light?", ["Dark matter neither emits nor absorbs light."])
    [Judgement(yes=0.02, no=0.95, unsaid=0.03)]
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.literature.judge.network import (
    JudgeConfig,
    JudgeHead,
    context_of,
    judging_model,
    prompt_of,
)
from core.weights import load_model, model_folder

__all__ = ["Judge", "Judgement", "judge", "judged_by_default"]

_HEAD = "head."
_LONGEST = 700
"""Tokens of a passage that are read."""


@dataclass(frozen=True)
class Judgement:
    """Probabilities, which add up to one.

    Attributes:
        yes: that the passage answers by yes.
        no: that it answers by no.
        unsaid: that it does not answer.
    """

    yes: float
    no: float
    unsaid: float


class Judge:
    """Reads passages and judges what they say to a question. Safe from many threads.

    Args:
        model: of transformers, in eval mode.
        tokenizer: of it.
        head: from its hidden states.
        config: of the judge.
    """

    def __init__(self, model: Any, tokenizer: Any, head: JudgeHead, config: JudgeConfig) -> None:
        self._decoder = model.get_decoder()
        self._tokenizer, self._head, self.config = tokenizer, head, config
        self._lock = threading.Lock()

    @classmethod
    def load(cls, name_or_folder: str | Path = "yes_no_judge") -> Judge:
        """Open a judge.

        Raises:
            ModelNotFoundError: if there is none.
            ValueError: if a file is damaged, or the installed base is another.
        """
        tensors, config = load_model(model_folder(name_or_folder), JudgeConfig)
        own = {n.removeprefix(_HEAD): t.float() for n, t in tensors.items() if n.startswith(_HEAD)}
        adapter = {n: t for n, t in tensors.items() if not n.startswith(_HEAD)}
        model, tokenizer = judging_model(config, adapter)
        head = JudgeHead(own["norm.weight"].numel())
        head.load_state_dict(own)
        return cls(model.merge_and_unload(), tokenizer, head.eval(), config)

    def __call__(self, question: str, passages: Sequence[str]) -> list[Judgement]:
        """What each passage says to a question.

        Args:
            question: one that yes or no answers, standing alone.
            passages: up to some hundred words each.
        """
        import torch

        if not passages:
            return []
        tail = self._tokenizer(prompt_of(question), add_special_tokens=False)["input_ids"]
        rows = [[*self._tokenizer(context_of("", text))["input_ids"][:_LONGEST], *tail]
                for text in passages]
        length = max(map(len, rows))
        ids = torch.zeros(len(rows), length, dtype=torch.long)
        for number, row in enumerate(rows):  # what is behind a row's end is not seen from it
            ids[number, : len(row)] = torch.tensor(row)
        ends = torch.tensor([len(row) - 1 for row in rows])
        with self._lock, torch.inference_mode():
            hidden = self._decoder(input_ids=ids, use_cache=False).last_hidden_state
            logits = self._head(hidden[torch.arange(len(rows)), ends]) / self.config.temperature
        return [Judgement(*row) for row in logits.softmax(-1).tolist()]


_opening = threading.Lock()


@lru_cache(maxsize=1)
def _opened() -> Judge:
    return Judge.load()


def judge() -> Judge:
    """The one that comes with the code, opened once."""
    with _opening:
        return _opened()


def judged_by_default(question: str, passages: Sequence[str]) -> list[Judgement]:
    """As :class:`Judge`, by the one that comes with the code, which is opened when it is needed."""
    return judge()(question, passages)
