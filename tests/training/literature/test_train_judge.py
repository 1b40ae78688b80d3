"""The judge's examples, its numbers, and a run that stops and goes on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from core.literature.judge import network
from core.literature.judge.network import LABELS, JudgeConfig
from core.literature.library.primer import Passage
from core.literature.library.stored_questions import StoredQuestion
from core.weights import load_model
from tests.training.literature.test_train_cosmogemma import ByteTokenizer, tiny_base
from training.literature import train_judge as stage
from training.literature.questions.judged import judged_passages, packed
from training.literature.train_cosmogemma import collate
from training.literature.train_judge import TrainJudgeConfig, measured

PASSAGES = [Passage(f"p{i}", "basics", f"Thing {i}", f"Thing {i} is large. It is not red.", (), ())
            for i in range(30)]
QUESTIONS = [
    StoredQuestion(f"p{i}", text, kind, (0,), answer) for i in range(30)  # type: ignore[arg-type]
    for text, kind, answer in ((f"Is thing {i} large?", "yes_no", "yes"),
                               (f"Is thing {i} red?", "yes_no", "no"),
                               (f"What is thing {i}?", "definition", ""))]
VECTORS = [np.random.default_rng(i).normal(size=(3, 384)) for i in range(30)]


def test_a_passage_answers_its_own_questions_and_no_others() -> None:
    for seed in range(3):
        found = judged_passages(PASSAGES, QUESTIONS, VECTORS, seed)
        assert set(found) == {passage.id for passage in PASSAGES}
        labels = [LABELS[label] for item in found.values() for _, label in item.asked]
        assert labels.count("unsaid") > 0.8 * len(PASSAGES)
        for passage in PASSAGES:
            asked = found[passage.id].asked
            assert {LABELS[label] for _, label in asked} >= {"yes", "no"}
            for text, label in asked:
                own = text in {q.text for q in QUESTIONS if q.passage == passage.id}
                assert own == (LABELS[label] != "unsaid")


def test_the_label_is_asked_for_where_the_question_ends() -> None:
    found = judged_passages(PASSAGES, QUESTIONS, VECTORS)
    packs = packed(list(found.values()), ByteTokenizer())
    batch = collate(packs)
    assert batch.targets.tolist() == [label for item in found.values() for _, label in item.asked]
    assert (batch.ids[batch.wanted] == ord(":")).all()


def test_numbers_of_perfect_and_of_ignorant_judgements() -> None:
    labels = torch.tensor([0, 1, 2] * 40)
    perfect = measured(20.0 * torch.nn.functional.one_hot(labels, 3).float(), labels)
    assert perfect["accuracy"] == perfect["balanced"] == perfect["unsaid"] == 1.0
    assert perfect["ece"] < 1e-3 and perfect["loss"] < 1e-3
    ignorant = measured(torch.tensor([[0.1, 0.0, 0.0]]).repeat(120, 1), labels)
    assert ignorant["balanced"] == 0.5 and ignorant["yes"] == 1.0 and ignorant["no"] == 0.0


def test_a_run_trains_stops_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from safetensors.torch import load_file

    monkeypatch.setattr(network, "load_base", lambda *a, **k: (tiny_base(), ByteTokenizer()))
    monkeypatch.setattr(stage, "read_primer", lambda: PASSAGES)
    monkeypatch.setattr(stage, "read_questions", lambda: QUESTIONS)
    monkeypatch.setattr(stage, "passage_vectors", lambda passages: VECTORS)

    def config(steps: int) -> TrainJudgeConfig:
        return TrainJudgeConfig(
            output=tmp_path / "judge", runs=tmp_path / "runs", layers=1, rank=2, held_out=6,
            rounds=1, batch_tokens=2000, max_steps=steps)

    before = load_file(stage.train(config(2)) / "model.safetensors")
    after = load_file(stage.train(config(4)) / "model.safetensors")
    assert set(before) == set(after) and any(not torch.equal(before[n], after[n]) for n in after)
    assert {n.split(".")[0] for n in after} == {"head", "layers"}
    assert not any(name.startswith("layers.1.") for name in after)  # one layer is run
    _, config_ = load_model(tmp_path / "judge", JudgeConfig)
    assert len(config_.held_out) == 6 and config_.layers == 1
