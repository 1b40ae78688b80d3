"""Calibrate CosmoGemma: its bias towards yes, and its confidence in multiple choice.

    python -m training.literature.calibrate_cosmogemma --data runs/cosmogemma/held_out.jsonl

On pairs that it was not trained on, with retrieval from their passages: a logistic curve is fitted
to p(yes) against ln p("Yes") - ln p("No"), both classes weighing the same, and the model's leaning
is what must be added for even odds (Platt 1999; as contextual calibration does for few-shot
prompts, Zhao et al. 2021, 2102.09690). A temperature (Guo et al. 2017, 1706.04599) is fitted to
multiple-choice questions made of the pairs. Both go into the adapter's config.json.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import tyro
from scipy.optimize import minimize, minimize_scalar
from scipy.special import log_softmax
from tqdm import tqdm

from core.literature.assistant.cosmogemma import CosmoGemma
from core.literature.assistant.quiz import answer_quiz
from core.literature.language_model.adapter import load_adapter
from core.literature.language_model.prompts import grounded_prompt, plain_prompt
from core.weights import CARD_FILE, save_model
from training.evaluation.report import WEIGHTS, print_metrics
from training.literature.evaluate_cosmogemma import library_of, make_quizzes
from training.literature.questions.pairs import Pair, read_pairs

__all__ = ["CalibrateConfig", "calibrate", "fit_bias", "fit_temperature"]


@dataclass(frozen=True)
class CalibrateConfig:
    """Command line.

    Attributes:
        data: pairs with passages that were not trained on.
        corpus: further files whose passages are searched too.
        model: adapter folder; its config.json is written anew.
        choices: multiple-choice questions of each kind.
    """

    data: tuple[Path, ...]
    corpus: tuple[Path, ...] = ()
    model: Path = WEIGHTS / "cosmogemma"
    choices: int = 40


def fit_bias(log_odds: np.ndarray, is_yes: np.ndarray) -> float:
    """What to add to log-odds (n,) of yes over no so that zero parts the two classes (n,)."""
    weights = np.where(is_yes, 0.5 / max(is_yes.sum(), 1), 0.5 / max((~is_yes).sum(), 1))
    signs = np.where(is_yes, 1.0, -1.0)

    def loss(line: np.ndarray) -> float:
        margin = signs * (np.exp(line[0]) * log_odds + line[1])
        return float(np.sum(weights * np.logaddexp(0.0, -margin)) + 1e-3 * line[0] ** 2)

    slope, offset = minimize(loss, np.zeros(2)).x
    return float(offset / np.exp(slope))


def fit_temperature(scores: Sequence[np.ndarray], right: Sequence[int]) -> float:
    """The temperature at which softmax(scores / temperature) names the right ones likeliest."""

    def loss(log_temperature: float) -> float:
        found = [
            log_softmax(s / np.exp(log_temperature))[i] for s, i in zip(scores, right, strict=True)
        ]
        return -float(np.mean(found))

    return float(np.exp(minimize_scalar(loss, bounds=(-4.0, 4.0), method="bounded").x))


def _log_odds(model: CosmoGemma, pairs: Sequence[Pair]) -> np.ndarray:
    found = []
    for pair in tqdm(pairs, desc="yes or no", disable=None):
        sources = model.retriever.search(pair.question)
        prompt = grounded_prompt(pair.question, [source.excerpt for source in sources] or ["-"])
        odds, _ = model.log_odds(prompt)
        prior, _ = model.log_odds(plain_prompt(pair.question))
        found.append(odds - model.prior_weight * prior)
    return np.array(found)


def calibrate(config: CalibrateConfig) -> dict[str, float]:
    """Measure both numbers, write them, and return them with what they change."""
    pairs = [p for p in read_pairs(config.data) if p.passage]
    decided = [p for p in pairs if p.kind != "open"]
    with tempfile.TemporaryDirectory() as folder:
        library, _ = library_of(folder, [*pairs, *read_pairs(config.corpus)])
        model = CosmoGemma.load(config.model, library=library)
        odds = _log_odds(model, decided)
        quizzes = [
            q for hard in (False, True) for q in make_quizzes(pairs, config.choices, hard, seed=7)
        ]
        scores = [
            np.log(answer_quiz(quiz, model.backend).probabilities)
            for quiz, _ in tqdm(quizzes, desc="multiple choice", disable=None)
        ]
        library.close()
    is_yes = np.array([p.kind == "yes" for p in decided])
    right = [truth for _, truth in quizzes]
    bias, temperature = fit_bias(odds, is_yes), fit_temperature(scores, right)
    tensors, old = load_adapter(config.model)
    new = replace(old, yes_bias=round(bias, 3), quiz_temperature=round(temperature, 4))
    card = config.model / CARD_FILE
    save_model(config.model, tensors, new, card.read_text() if card.exists() else None)
    return {
        "pairs": len(decided),
        "yes_bias": new.yes_bias,
        "balanced_before": _balanced(odds, is_yes),
        "balanced": _balanced(odds + bias, is_yes),
        "quiz_temperature": new.quiz_temperature,
        "quiz_accuracy": float(np.mean([np.argmax(s) for s in scores] == np.array(right))),
        "quiz_confidence": float(
            np.mean([np.exp(log_softmax(s / temperature)).max() for s in scores])
        ),
    }


def _balanced(log_odds: np.ndarray, is_yes: np.ndarray) -> float:
    return 0.5 * float((log_odds[is_yes] > 0).mean() + (log_odds[~is_yes] <= 0).mean())


if __name__ == "__main__":
    print_metrics(calibrate(tyro.cli(CalibrateConfig, description=__doc__)))
