"""Training: packed examples cost less and mean the same, and a whole run works."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.nn import functional as F

from tests.training.literature.fixture import PAIRS, VOIDS, WAVES
from training.literature import train_cosmogemma as stage
from training.literature.questions.examples import PassageExtractor, TrainingExample, grounded
from training.literature.questions.pairs import write_pairs
from training.literature.train_cosmogemma import Adapter, Batches, Pack, Tail, collate, pack

VOCABULARY = 260


class ByteTokenizer:
    """One token a byte; 256 begins a text and 257 ends it."""

    eos_token_id = 257

    def __call__(self, text: str, add_special_tokens: bool = True) -> dict[str, list[int]]:
        return {"input_ids": [256] * add_special_tokens + list(text.encode())}


def tiny_base() -> Any:
    from transformers import Gemma3ForCausalLM, Gemma3TextConfig

    torch.manual_seed(0)
    return Gemma3ForCausalLM(
        Gemma3TextConfig(
            vocab_size=VOCABULARY, hidden_size=32, intermediate_size=48, num_hidden_layers=2,
            num_attention_heads=2, num_key_value_heads=1, head_dim=16, sliding_window=4096,
            layer_types=["sliding_attention", "full_attention"], pad_token_id=0,
            bos_token_id=256, eos_token_id=257,
        )
    )


@pytest.fixture
def adapter() -> Adapter:
    from peft import LoraConfig, get_peft_model

    lora = LoraConfig(r=4, target_modules=list(stage.TARGETS), task_type="CAUSAL_LM")
    adapter = Adapter(get_peft_model(tiny_base(), lora))
    with torch.no_grad():
        for parameter in adapter.parameters():
            parameter.normal_(std=0.2)
        adapter._whole[0].get_base_model().get_output_embeddings().weight.mul_(10.0)
    return adapter


@pytest.fixture(scope="module")
def packs() -> list[Pack]:
    extractor = PassageExtractor([VOIDS, WAVES])
    pairs = [pair for pair in PAIRS if pair.passage]
    examples = grounded(pairs, extractor, random.Random(0), alone=1.0, silent=0.0)
    return pack(examples, ByteTokenizer(), longest=10_000)


def log_probabilities(adapter: Adapter, packs: list[Pack]) -> torch.Tensor:
    batch = collate(packs)
    with torch.no_grad():
        logits = adapter(*batch.inputs)
    return -F.cross_entropy(logits, batch.targets, reduction="none")


def test_packed_examples_are_seen_as_if_alone(adapter: Adapter, packs: list[Pack]) -> None:
    alone = [
        Pack((), (Tail((*p.context, *tail.ids), tail.answer, tail.first),))
        for p in packs for tail in p.tails
    ]
    assert len(alone) > len(packs)
    together = log_probabilities(adapter, packs)
    apart = torch.cat([log_probabilities(adapter, [one]) for one in alone])
    spread = float(apart.std())
    assert spread > 0.5
    assert float((together - apart).abs().max()) < 0.2 * spread  # bfloat16 inside


def test_a_batch_asks_for_the_answers_and_nothing_else(packs: list[Pack]) -> None:
    batch = collate(packs)
    wanted = sum(tail.answer for p in packs for tail in p.tails)
    assert int(batch.wanted.sum()) == len(batch.targets) == len(batch.weights) == wanted
    text = bytes(int(t) for t in batch.targets if t < 256).decode()
    assert text.startswith(" Yes, the profiles agree") or " Luminous red galaxies." in text
    following = torch.roll(batch.ids, -1, dims=1)[batch.wanted]
    assert torch.equal(following, batch.targets)


def test_the_yes_or_no_that_is_read_counts_most(packs: list[Pack]) -> None:
    tails = [tail for p in packs for tail in p.tails]
    decisive = [t for t in tails if bytes(t.ids[-t.answer : -1]).startswith((b" Yes", b" No"))]
    assert decisive and all(t.first == 1.0 for t in decisive)
    (closed,) = pack([TrainingExample("Question: Is it?\nAnswer:", "Yes, it is.")], ByteTokenizer())
    assert closed.tails[0].first < 0.5


def test_batches_hold_everything_once_an_epoch_and_repeat_with_the_seed() -> None:
    rng = random.Random(1)
    packs = [Pack((), (Tail((i,) * rng.randint(5, 90), 2, 1.0),)) for i in range(300)]
    batches = Batches(packs, 256, seed=3)
    first = batches._shuffled(0)
    assert sorted(p.tails[0].ids[0] for b in first for p in b) == list(range(300))
    assert all(len(b) == 1 or max(len(p) for p in b) * len(b) <= 256 for b in first)
    later = [batches[i] for i in (len(first) + 2, 0, len(first) + 2)]
    assert later[0] == later[2] != later[1]
    assert Batches(packs, 256, seed=3)[len(first) + 2] == later[0]


def test_long_packs_are_left_out() -> None:
    assert pack([TrainingExample("Question: " + "x" * 950, "y")], ByteTokenizer()) == []


def test_a_run_trains_stops_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from safetensors.torch import load_file

    write_pairs(tmp_path / "pairs.jsonl", PAIRS)
    monkeypatch.setattr(stage, "load_base", lambda *a, **k: (tiny_base(), ByteTokenizer()))
    monkeypatch.setattr(stage, "pack", lambda e, t: pack(e, t, longest=4000))

    def config(steps: int) -> stage.TrainConfig:
        return stage.TrainConfig(
            data=(tmp_path / "pairs.jsonl",), base="tiny", output=tmp_path / "model",
            runs=tmp_path / "runs", rank=2, batch_tokens=2000, max_steps=steps, validation=0.5,
            closed_share=0.5, seed=1,
        )

    folder = stage.train(config(2))
    before = load_file(folder / "model.safetensors")
    assert set(before) == set(load_file(stage.train(config(4)) / "model.safetensors"))
    assert "layers.0.self_attn.q_proj.lora_A.weight" in before
    after = load_file(folder / "model.safetensors")
    changed = [k for k in after if not torch.equal(before[k], after[k])]
    assert changed and all("lora_" in name for name in after)
    lines = (tmp_path / "runs" / "log.jsonl").read_text()
    assert "held_loss" in lines and '"step": 4' in lines
