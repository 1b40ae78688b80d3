"""Fine-tune Gemma by LoRA to answer questions on cosmology, from memory and from passages.

    python -m training.literature.train_cosmogemma --data pairs.json more.jsonl
    accelerate launch -m training.literature.train_cosmogemma --base google/gemma-2-2b-it \\
        --four-bit --data ... --output runs/gemma2

Two kinds of example in one run (:mod:`training.literature.questions.examples`): closed-book, for
every pair of the files, and with passages, for the pairs that come with theirs. Only answers count
in the loss, and only their positions go through the language-model head, whose 262,144 outputs
would otherwise take most of the time and memory. Pairs of a few passages are held out; the loss and
the yes/no accuracy on them are logged, and they are written to held_out.jsonl beside the log, for
:mod:`training.literature.calibrate_cosmogemma`. Goes on from its checkpoint after a kill; writes
core/weights/cosmogemma.

Papers: Hu et al. 2021 (2106.09685) for LoRA; Gemma Team 2025 (2503.19786).
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import torch
import tyro
from torch import Tensor, nn
from torch.nn import functional as F

from core.literature.language_model.adapter import PREFIX, TARGETS
from core.literature.language_model.base_model import load_base
from core.literature.language_model.embedded_model import EMBEDDED, embedded_sha256
from training.evaluation.report import WEIGHTS
from training.literature.card import training_card
from training.literature.questions.examples import (
    PassageExtractor,
    TrainingExample,
    closed_book,
    grounded,
    ideas,
)
from training.literature.questions.pairs import (
    Pair,
    kind_of,
    passages_by_source,
    read_pairs,
    split_by_passage,
    write_pairs,
)
from training.loop import LoopConfig, run
from training.processes import Processes

__all__ = [
    "Adapter",
    "TokenBatch",
    "Batches",
    "Pack",
    "TrainConfig",
    "build_examples",
    "collate",
    "pack",
    "train",
]


@dataclass(frozen=True)
class TrainConfig:
    """Command line.

    Attributes:
        data: files of pairs (:mod:`training.literature.questions.pairs`) whose questions are learnt
            closed-book, and from their passages where they have them.
        reading: files of pairs that are learnt from their passages alone.
        ideas: file of project ideas, JSON lines of {"sources", "sentences", "idea"}
            (:func:`training.literature.questions.examples.ideas`).
        base: Gemma 3 270M by default; a local folder or an id on the Hub for another model.
        four_bit: quantise a base of the Hub by bitsandbytes (CUDA).
        output: model folder to write.
        runs: checkpoint and log.
        minutes: wall-clock budget.
        rank: of the adapter; alpha is twice that.
        learning_rate: peak.
        weight_decay: of AdamW.
        batch_tokens: padded tokens in a step of all processes together, at most.
        closed_share: fraction of the steps that are closed-book.
        validation: fraction of the passages held out.
        threads: CPU threads (0: as many as torch likes).
        max_steps: stop after so many.
        evaluate_minutes: between looks at the held-out pairs.
        seed: Random seed of initialisation, order and passages.
    """

    data: tuple[Path, ...]
    reading: tuple[Path, ...] = ()
    ideas: Path | None = None
    base: str = EMBEDDED
    four_bit: bool = False
    output: Path = WEIGHTS / "cosmogemma"
    runs: Path = Path("runs/cosmogemma")
    minutes: float = 75.0
    rank: int = 16
    learning_rate: float = 3e-4
    weight_decay: float = 0.01
    batch_tokens: int = 1536
    closed_share: float = 0.25
    validation: float = 0.06
    threads: int = 0
    max_steps: int | None = None
    evaluate_minutes: float = 10.0
    seed: int = 0


class Adapter(nn.Module):
    """The trainable part of a peft model, as a module of its own.

    Averages and checkpoints then hold 4 million numbers instead of 270 million. Calling it runs
    the whole model.

    Args:
        model: a peft model.
    """

    def __init__(self, model: Any) -> None:
        super().__init__()
        self._whole = [model]  # in a list, so that the frozen weights are not a submodule
        self.adapter = nn.ParameterDict(
            {name.replace(".", "/"): p for name, p in model.named_parameters() if p.requires_grad}
        )

    def __deepcopy__(self, memo: dict) -> Adapter:
        copied = Adapter.__new__(Adapter)
        nn.Module.__init__(copied)
        copied._whole = []
        copied.adapter = nn.ParameterDict(
            {name: nn.Parameter(p.detach().clone()) for name, p in self.adapter.items()}
        )
        return copied

    @contextmanager
    def holding(self, other: Adapter) -> Iterator[None]:
        """The numbers of another one within a block, in eval mode and without gradients."""
        kept = {name: value.clone() for name, value in self.state_dict().items()}
        self.load_state_dict(other.state_dict())
        self.eval()
        try:
            with torch.no_grad():
                yield
        finally:
            self.load_state_dict(kept)
            self.train()

    def tensors(self) -> dict[str, Tensor]:
        """The numbers in half precision, by the names that a model folder has."""
        return {name.replace("/", ".").split(PREFIX)[-1].replace(".default", ""): value.half()
                for name, value in self.adapter.items()}

    def hidden(self, ids: Tensor, positions: Tensor, mask: Tensor) -> Tensor:
        """The last layer's states, (batch, length, width), of the arguments of :meth:`forward`."""
        base = self._whole[0].get_base_model()
        seen = {kind: mask for kind in set(getattr(base.config, "layer_types", None) or ())}
        states: Tensor = base.get_decoder()(
            input_ids=ids, position_ids=positions, attention_mask=seen or mask, use_cache=False,
        ).last_hidden_state
        return states

    def forward(self, ids: Tensor, positions: Tensor, mask: Tensor, wanted: Tensor) -> Tensor:
        """Logits at the positions that predict an answer's tokens.

        Args:
            ids, positions: of the tokens, (batch, length).
            mask: which tokens each one sees, (batch, 1, length, length), boolean.
            wanted: where the next token is an answer's, (batch, length), boolean.

        Returns:
            (wanted.sum(), vocabulary), float32.
        """
        base = self._whole[0].get_base_model()
        with torch.autocast(ids.device.type, torch.bfloat16):
            hidden = self.hidden(ids, positions, mask)
            logits = base.get_output_embeddings()(hidden[wanted]).float()
        cap = getattr(base.config, "final_logit_softcapping", None)
        return cap * torch.tanh(logits / cap) if cap else logits


@dataclass(frozen=True)
class Tail:
    """Token ids of a prompt and its answer.

    Attributes:
        ids: all of them.
        answer: how many of the last are the answer's.
        first: weight of the answer's first token in the loss.
    """

    ids: tuple[int, ...]
    answer: int
    first: float


@dataclass(frozen=True)
class Pack:
    """Token ids of examples that share a context: it is read once.

    Attributes:
        context: its ids, with the token that begins every text.
        tails: prompt and answer of each example.
    """

    context: tuple[int, ...]
    tails: tuple[Tail, ...]

    def __len__(self) -> int:
        return len(self.context) + sum(len(tail.ids) for tail in self.tails)


def pack(examples: Sequence[TrainingExample], tokenizer: Any, longest: int = 900) -> list[Pack]:
    """Tokens of examples, neighbours of the same context together.

    Packs longer than ``longest`` are left out.
    """
    packs = []
    for context, group in groupby(examples, key=lambda e: e.context):
        found = list(group)
        if not context:
            packs += [Pack((), (_tail(e, tokenizer, begins=True),)) for e in found]
            continue
        ids = tuple(tokenizer(context)["input_ids"])
        packs.append(Pack(ids, tuple(_tail(e, tokenizer, begins=False) for e in found)))
    return [p for p in packs if len(p) <= longest]


def _tail(example: TrainingExample, tokenizer: Any, begins: bool) -> Tail:
    prompt = tokenizer(example.prompt, add_special_tokens=begins)["input_ids"]
    answer = tokenizer(" " + example.answer, add_special_tokens=False)["input_ids"]
    length = len(answer) + 1
    decides = bool(example.context) and kind_of(example.answer) != "open"
    ids = (*prompt, *answer, tokenizer.eos_token_id)
    return Tail(ids, length, 1.0 if decides else length**-0.5)


class Batches:
    """Batches of about equal cost, shuffled anew every epoch, the same for the same seed.

    Args:
        packs: what to learn.
        tokens: padded tokens a batch, at most.
        seed: Random seed of the order.
    """

    def __init__(self, packs: Sequence[Pack], tokens: int, seed: int) -> None:
        self.packs, self.tokens, self.seed = list(packs), tokens, seed
        self._epoch, self._start, self._batches = -1, 0, list[list[Pack]]()

    def __getitem__(self, index: int) -> list[Pack]:
        if index < self._start:
            self._epoch, self._start, self._batches = -1, 0, []
        while index >= self._start + len(self._batches):
            self._start += len(self._batches)
            self._epoch += 1
            self._batches = self._shuffled(self._epoch)
        return self._batches[index - self._start]

    def _shuffled(self, epoch: int) -> list[list[Pack]]:
        rng = random.Random(self.seed * 1000 + epoch)
        order = rng.sample(self.packs, len(self.packs))
        batches: list[list[Pack]] = []
        for start in range(0, len(order), 128):
            batch: list[Pack] = []
            for item in sorted(order[start : start + 128], key=len):
                if batch and len(item) * (len(batch) + 1) > self.tokens:
                    batches.append(batch)
                    batch = []
                batch.append(item)
            batches.append(batch)
        rng.shuffle(batches)
        return batches


@dataclass(frozen=True)
class TokenBatch:
    """What the network is given (see :meth:`Adapter.forward`) and what it is asked for.

    ``targets`` (n,) are the answers' tokens in order, ``weights`` (n,) theirs in the loss: one over
    the square root of the answer's length, so that a long answer counts more than a short one, but
    not in proportion; and one where it is the yes or no that must be read off the passages, the
    hardest word of all.
    """

    ids: Tensor
    positions: Tensor
    mask: Tensor
    wanted: Tensor
    targets: Tensor
    weights: Tensor

    @property
    def inputs(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Arguments of the network."""
        return self.ids, self.positions, self.mask, self.wanted


def collate(batch: Sequence[Pack], device: torch.device | str = "cpu") -> TokenBatch:
    """Tensors of some packs: a token sees its context and its own example, never another."""
    length = max(len(item) for item in batch)
    ids = torch.zeros(len(batch), length, dtype=torch.long)
    positions, part = torch.zeros_like(ids), torch.full_like(ids, -1)
    wanted = torch.zeros_like(ids, dtype=torch.bool)
    targets: list[int] = []
    weights: list[float] = []
    for row, item in enumerate(batch):
        start = len(item.context)
        ids[row, :start] = torch.tensor(item.context, dtype=torch.long)
        positions[row, :start] = torch.arange(start)
        part[row, :start] = 0
        for number, tail in enumerate(item.tails, 1):
            end = start + len(tail.ids)
            ids[row, start:end] = torch.tensor(tail.ids)
            positions[row, start:end] = len(item.context) + torch.arange(len(tail.ids))
            part[row, start:end] = number
            wanted[row, end - tail.answer - 1 : end - 1] = True
            targets += tail.ids[-tail.answer :]
            weights += [tail.first, *[tail.answer**-0.5] * (tail.answer - 1)]
            start = end
    same = (part[:, None, :] == part[:, :, None]) | (part[:, None, :] == 0)
    mask = torch.ones(length, length, dtype=torch.bool).tril() & same
    tensors = (ids, positions, mask[:, None], wanted, torch.tensor(targets), torch.tensor(weights))
    return TokenBatch(*(t.to(device) for t in tensors))


def build_examples(
    config: TrainConfig,
) -> tuple[list[TrainingExample], list[TrainingExample], list[TrainingExample], list[Pair]]:
    """Closed-book, with passages, and held out (with passages), and the pairs held out."""
    pairs = read_pairs([*config.data, *config.reading])
    both = pairs[: len(read_pairs(config.data))]
    training, held = split_by_passage(pairs, config.validation, config.seed)
    of_held = {pair.passage for pair in held}
    extractor = PassageExtractor(sorted({pair.passage for pair in pairs if pair.passage}))
    rng = random.Random(config.seed)
    closed = closed_book([pair for pair in both if pair.passage not in of_held])
    with_passage = grounded([pair for pair in training if pair.passage], extractor, rng)
    if config.ideas is not None:
        lines = config.ideas.read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines if line.strip()]
        with_passage += ideas(rows, passages_by_source(pairs))
    return closed, with_passage, grounded(held, extractor, rng, alone=1.0, silent=0.0), held


def train(config: TrainConfig) -> Path:
    """Train and write the model folder; return it."""
    from peft import LoraConfig, get_peft_model, prepare_model_for_kbit_training

    if config.threads:
        torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    processes = Processes.start("cuda" if torch.cuda.is_available() else "cpu")
    device, tokens = processes.device, config.batch_tokens // processes.count
    closed, reading, held, pairs = build_examples(config)
    with processes.main_first():  # it may have to be unpacked or fetched
        base, tokenizer = load_base(config.base, dtype=torch.bfloat16, four_bit=config.four_bit)
    if config.four_bit:
        base = prepare_model_for_kbit_training(base)
    lora = LoraConfig(
        r=config.rank, lora_alpha=2 * config.rank, target_modules=list(TARGETS),
        task_type="CAUSAL_LM",
    )
    adapter = Adapter(get_peft_model(base.to(device), lora))
    model_batches = [
        Batches(pack(found, tokenizer), tokens, config.seed) for found in (closed, reading)
    ]
    held_batches = Batches(pack(held, tokenizer), config.batch_tokens, 0)._shuffled(0)
    counts = {"closed-book examples": len(closed), "examples with passages": len(reading)}
    if processes.is_main:
        config.runs.mkdir(parents=True, exist_ok=True)
        write_pairs(config.runs / "held_out.jsonl", pairs)
        kinds = [pair.kind for pair in pairs]
        print(f"{len(closed)} closed-book examples, {len(reading)} with passages")
        print("held out: " + ", ".join(f"{kinds.count(k)} {k}" for k in ("yes", "no", "open")))
    words = [tokenizer(w, add_special_tokens=False)["input_ids"][0] for w in (" Yes", " No")]

    def loss(net: Any, step: int, generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        share = config.closed_share
        before, here = int(step * share), int((step + 1) * share)
        is_closed = here > before and bool(closed)
        index = before if is_closed else step - here
        index = index * processes.count + processes.rank
        batch = collate(model_batches[0 if is_closed else 1][index], device)
        each = F.cross_entropy(net(*batch.inputs), batch.targets, reduction="none")
        value = (each * batch.weights).sum() / batch.weights.sum()
        return value, {"tokens": float(batch.ids.numel())}

    def evaluate(average: Adapter) -> dict[str, float]:
        with adapter.holding(average):
            return judged()

    def judged() -> dict[str, float]:
        total = count = 0.0
        right: dict[int, list[float]] = {word: [] for word in words}
        for packs in held_batches:
            batch = collate(packs, device)
            logits = adapter(*batch.inputs)
            each = F.cross_entropy(logits, batch.targets, reduction="none")
            total += float((each * batch.weights).sum())
            count += float(batch.weights.sum())
            position = 0
            for answer in (tail.answer for item in packs for tail in item.tails):
                first = int(batch.targets[position])
                if first in right:
                    other = words[1] if first == words[0] else words[0]
                    right[first].append(float(logits[position, first] > logits[position, other]))
                position += answer
        yes, no = (sum(right[w]) / max(len(right[w]), 1) for w in words)
        return {"held_loss": total / count, "yes_right": yes, "no_right": no,
                "balanced": 0.5 * (yes + no)}

    parameters = list(adapter.parameters())
    average = run(
        adapter, loss,
        LoopConfig(
            minutes=config.minutes, learning_rate=config.learning_rate, warm_up=0.03,
            weight_decay=config.weight_decay, betas=(0.9, 0.98), log_steps=20,
            max_steps=config.max_steps, evaluate_seconds=60.0 * config.evaluate_minutes,
            seed=config.seed,
        ),
        config.runs, evaluate=evaluate if held else None,
        optimizer=torch.optim.AdamW(
            parameters, config.learning_rate, (0.9, 0.98), weight_decay=config.weight_decay
        ),
        processes=processes,
    )
    if not processes.is_main:
        return config.output
    from core.literature.language_model.adapter import CosmoGemmaConfig
    from core.weights import save_model

    sha = embedded_sha256() if config.base == EMBEDDED else ""
    assert isinstance(average.model, Adapter)
    gemma = config.base == EMBEDDED or "gemma" in config.base.lower()
    return save_model(
        config.output, average.model.tensors(),
        CosmoGemmaConfig(config.base, sha, config.rank, 2.0 * config.rank, TARGETS),
        training_card(config.base, counts, config.rank, config.minutes, gemma),
    )


if __name__ == "__main__":
    print(train(tyro.cli(TrainConfig, description=__doc__)))
