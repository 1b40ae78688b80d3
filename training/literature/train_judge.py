"""Train the judge of yes/no questions: (passage, question) -> yes, no or unsaid.

    python -m training.literature.train_judge --minutes 60

An adapter on the first layers of Gemma 3 270M and a head learn what the primer's passages say to
the questions stored with them (:mod:`training.literature.questions.judged`). Whole passages are
held out, and named in the model's configuration; on their questions the temperature is fitted, and
:mod:`training.literature.evaluate_judge` measures. Goes on from its checkpoint after a kill; writes
core/weights/yes_no_judge.

Papers: Hu et al. 2021 (2106.09685) for LoRA; Clark et al. 2019 (1905.10044) for reading a passage
to answer yes or no; Guo et al. 2017 (1706.04599) for the temperature.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
import tyro
from torch import Tensor
from torch.nn import functional as F

from core.literature.judge.network import JudgeConfig, JudgeHead, judging_model
from core.literature.language_model.embedded_model import EMBEDDED, embedded_sha256
from core.literature.library.primer import passage_vectors, read_primer
from core.literature.library.stored_questions import read_questions
from core.weights import save_model
from training.evaluation.errors import calibration_error
from training.evaluation.report import WEIGHTS
from training.literature.calibrate_cosmogemma import fit_temperature
from training.literature.questions.judged import judged_passages, packed
from training.literature.train_cosmogemma import Adapter, Batches, Pack, collate
from training.loop import LoopConfig, run

__all__ = ["JudgeInTraining", "TrainJudgeConfig", "measured", "train"]


@dataclass(frozen=True)
class TrainJudgeConfig:
    """Command line.

    Attributes:
        output: model folder to write.
        runs: checkpoint and log.
        minutes: wall-clock budget.
        layers: of the base that are run.
        rank: of the adapter; alpha is twice that.
        learning_rate: peak.
        batch_tokens: padded tokens in a step, at most.
        rounds: choices of questions of other passages; an epoch has them all.
        held_out: passages that are not trained on.
        threads: CPU threads (0: as many as torch likes).
        max_steps: stop after so many.
        evaluate_minutes: between looks at the held-out passages.
        seed: Random seed.
    """

    output: Path = WEIGHTS / "yes_no_judge"
    runs: Path = Path("runs/judge")
    minutes: float = 60.0
    layers: int = 12
    rank: int = 16
    learning_rate: float = 3e-4
    batch_tokens: int = 2048
    rounds: int = 3
    held_out: int = 160
    threads: int = 0
    max_steps: int | None = None
    evaluate_minutes: float = 12.0
    seed: int = 0


class JudgeInTraining(Adapter):
    """The trainable part of a judge: adapter and head.

    Args:
        model: a peft model.
        width: of its hidden states.
    """

    def __init__(self, model: Any, width: int) -> None:
        super().__init__(model)
        self.head = JudgeHead(width)

    def __deepcopy__(self, memo: dict) -> JudgeInTraining:
        copied: JudgeInTraining = super().__deepcopy__(memo)  # type: ignore[assignment]
        copied.__class__ = JudgeInTraining
        copied.head = JudgeHead(self.head.out.in_features)
        copied.head.load_state_dict(self.head.state_dict())
        return copied

    def forward(self, ids: Tensor, positions: Tensor, mask: Tensor, wanted: Tensor) -> Tensor:
        """Logits of yes, no and unsaid where they are wanted, (wanted.sum(), 3), float32."""
        with torch.autocast(ids.device.type, torch.bfloat16):
            hidden = self.hidden(ids, positions, mask)
        logits: Tensor = self.head(hidden[wanted])
        return logits


def _judged(net: JudgeInTraining, batches: Sequence[Sequence[Pack]]) -> tuple[Tensor, Tensor]:
    """Logits (n, 3) and labels (n,)."""
    found = [(net(*batch.inputs), batch.targets) for batch in map(collate, batches)]
    return torch.cat([z for z, _ in found]), torch.cat([y for _, y in found])


def measured(logits: Tensor, labels: Tensor) -> dict[str, float]:
    """How good judgements are.

    Args:
        logits: (n, 3).
        labels: (n,), 0 yes, 1 no, 2 unsaid.

    Returns:
        loss; accuracy of all three; balanced accuracy of yes against no where one is right, and
        that of always saying what is commoner; accuracy of the surer seven tenths; share of what
        is unsaid that is called so; expected calibration error in ten bins.
    """
    said, chances = labels < 2, logits.softmax(-1)
    right = (logits[:, :2].argmax(-1) == labels)[said].float()
    yes, no = right[labels[said] == 0], right[labels[said] == 1]
    margin = (chances[:, 0] - chances[:, 1]).abs()[said]
    surest = right[margin.argsort(descending=True)[: int(0.7 * len(right))]]
    top, guess = chances.max(-1)
    hit = guess == labels
    return {
        "loss": float(F.cross_entropy(logits, labels)), "accuracy": float(hit.float().mean()),
        "balanced": float(0.5 * (yes.mean() + no.mean())), "yes": float(yes.mean()),
        "no": float(no.mean()), "always": max(len(yes), len(no)) / max(len(right), 1),
        "surest": float(surest.mean()), "unsaid": float(hit[~said].float().mean()),
        "ece": calibration_error(top.double().numpy(), hit.numpy()),
        "questions": float(len(labels)),
    }


def _packs(
    config: TrainJudgeConfig, tokenizer: Any
) -> tuple[list[Pack], list[Pack], tuple[str, ...]]:
    """Those to learn, those held out, and the ids of the passages that are."""
    passages, questions = read_primer(), read_questions()
    vectors = passage_vectors(passages)
    known = [(p, v) for p, v in zip(passages, vectors, strict=True) if v is not None]
    held = set(random.Random(config.seed).sample([p.id for p, _ in known], config.held_out))
    parts: list[list[Pack]] = [[], []]
    for out, part in enumerate(parts):
        some = [(p, v) for p, v in known if (p.id in held) == bool(out)]
        for number in range(1 if out else config.rounds):
            items = judged_passages([p for p, _ in some], questions, [v for _, v in some],
                                    config.seed + number)
            part += packed(list(items.values()), tokenizer)
    return parts[0], parts[1], tuple(sorted(held))


def train(config: TrainJudgeConfig) -> Path:
    """Train and write the model folder; return it."""
    if config.threads:
        torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    made = JudgeConfig(EMBEDDED, embedded_sha256(), config.layers, config.rank, 2.0 * config.rank)
    model, tokenizer = judging_model(made, trainable=True)
    net = JudgeInTraining(model, model.get_base_model().config.hidden_size)
    learnt, held, ids = _packs(config, tokenizer)
    batches = Batches(learnt, config.batch_tokens, config.seed)
    held_batches = Batches(held, config.batch_tokens, 0)._shuffled(0)
    print(f"{len(learnt)} packs to learn, {len(held)} held out")

    def loss(now: Any, step: int, generator: torch.Generator) -> Tensor:
        batch = collate(batches[step])
        return F.cross_entropy(now(*batch.inputs), batch.targets)

    def with_average(average: JudgeInTraining) -> tuple[Tensor, Tensor]:
        with net.holding(average):
            return _judged(net, held_batches)

    average = run(
        net, loss,
        LoopConfig(minutes=config.minutes, learning_rate=config.learning_rate, warm_up=0.04,
                   final=0.05, weight_decay=0.01, betas=(0.9, 0.98), log_steps=20,
                   max_steps=config.max_steps, evaluate_seconds=60.0 * config.evaluate_minutes,
                   seed=config.seed),
        config.runs, evaluate=lambda found: measured(*with_average(found)),
    )
    assert isinstance(average.model, JudgeInTraining)
    logits, labels = with_average(average.model)
    temperature = fit_temperature(list(logits.double().numpy()), labels.tolist())
    made = replace(made, temperature=temperature, held_out=ids)
    tensors = average.model.tensors()
    tensors |= {f"head.{n}": t.half() for n, t in average.model.head.state_dict().items()}
    return save_model(config.output, tensors, made, _card(config))


def _card(config: TrainJudgeConfig) -> str:
    return f"""---
license: gemma
base_model: google/gemma-3-270m
tags: [cosmology, question-answering, boolean-questions, lora]
---
# Judge of yes/no questions

Reads a passage and a question and gives the probabilities that the passage answers it by yes, by
no, or not at all. An adapter (rank {config.rank}) on the first {config.layers} layers of Gemma 3
270M and a head, trained on the yes/no questions stored with CosmoGemma's library, which were
written for it and read twice. Gemma is provided under and subject to the Gemma Terms of Use found
at https://ai.google.dev/gemma/terms.

{config.held_out} passages were held out. It was trained for {config.minutes:.0f} minutes on two
cores. What it knows is those passages' way of saying things: of questions in other words than
theirs it judges fewer rightly, and leans to no. The assistant gives its verdict only where its
margin is large.
"""


if __name__ == "__main__":
    print(train(tyro.cli(TrainJudgeConfig, description=__doc__)))
