"""The judge reads a passage and says what it says to a question; the same alone and in company."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.literature.judge.judge import Judge, Judgement, judge
from core.weights import model_folder

NEUTRINOS = (
    "Massive neutrinos suppress the growth of structure on small scales, because they stream out "
    "of small overdensities. The suppression grows with the sum of their masses."
)
LIGHT = "Dark matter neither emits nor absorbs light, and is known only through its gravity."
EDGES = (
    "EDGES reported an absorption at 78 MHz in 2018. SARAS 3 did not find it in 2022, so that the "
    "signal is not confirmed."
)
TOLD = [
    (NEUTRINOS, "Do massive neutrinos suppress the growth of structure?", "yes"),
    (NEUTRINOS, "Do massive neutrinos make structure grow faster?", "no"),
    (NEUTRINOS, "Does a larger sum of masses suppress structure more?", "yes"),
    (LIGHT, "Does dark matter emit light?", "no"),
    (LIGHT, "Is dark matter known through its gravity?", "yes"),
    (EDGES, "Has the EDGES signal been confirmed?", "no"),
    (EDGES, "Did EDGES report an absorption signal?", "yes"),
    (EDGES, "Did SARAS 3 see the signal?", "no"),
]


def _said(found: Judgement) -> str:
    return "yes" if found.yes > found.no else "no"


def test_it_reads_what_a_passage_says() -> None:
    found = [_said(judge()(question, [passage])[0]) for passage, question, _ in TOLD]
    assert sum(said == answer for said, (_, _, answer) in zip(found, TOLD, strict=True)) >= 6


def test_what_a_passage_does_not_speak_of_is_unsaid() -> None:
    asked = ["Is the Hubble constant 73 km/s/Mpc?", "Was Vera Rubin born in 1928?",
             "Is Euclid in orbit around the Earth?"]
    assert all(found.unsaid > 0.5 for question in asked
               for found in judge()(question, [NEUTRINOS, LIGHT]))


def test_probabilities_add_up_and_company_changes_nothing() -> None:
    question = "Do massive neutrinos suppress the growth of structure?"
    together = judge()(question, [NEUTRINOS, LIGHT, EDGES])
    for passage, found in zip([NEUTRINOS, LIGHT, EDGES], together, strict=True):
        (alone,) = judge()(question, [passage])
        assert found.yes + found.no + found.unsaid == pytest.approx(1.0, abs=1e-5)
        assert found.yes == pytest.approx(alone.yes, abs=0.03)
    assert judge()(question, []) == []


def test_a_damaged_judge_is_refused(tmp_path: Path) -> None:
    folder = model_folder("yes_no_judge")
    for name in ("model.safetensors", "config.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    stored = json.loads((tmp_path / "config.json").read_text())
    stored["layers"] += 1
    (tmp_path / "config.json").write_text(json.dumps(stored))
    with pytest.raises(ValueError, match="checksum"):
        Judge.load(tmp_path)
