"""Every trained model is loaded alike, and refuses alike to draw nothing."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from core.hydrogen.hi_cdm import HICDM
from core.hydrogen.higlow import HIGlow
from core.hydrogen.inference import HIInference
from core.hydrogen.reference import SimulationBand
from core.literature.assistant.intent import IntentModel
from core.literature.ranking.relevance import RelevanceModel
from core.literature.tldr.ranker import SummaryModel
from core.posterior import Posterior
from core.reionization.history import reionization_history
from core.reionization.neutral_fraction import NeutralFraction
from core.reionization.radiation import Radiation
from core.reionization.sources import Sources

MODELS = (HICDM, HIGlow, HIInference, IntentModel, NeutralFraction, Radiation, RelevanceModel,
          SimulationBand, Sources, SummaryModel)  # fmt: skip


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_model_loads_from_a_folder_onto_a_device(model: Any) -> None:
    names = inspect.signature(model.load).parameters
    assert list(names)[:2] == ["folder", "device"]
    assert names["folder"].default is names["device"].default is None
    assert isinstance(model.load(device="cpu"), model)


def _draws() -> dict[str, Callable[..., object]]:
    """Whatever draws a number of samples with a noise seed."""
    at_8 = Posterior(np.full((10, 1), 0.5), ("x_HI",))
    image = np.random.default_rng(0).normal(size=(64, 64))
    return {
        "HICDM": lambda **how: HICDM.load(device="cpu").sample(0.3, 0.8, **how),
        "HIGlow": lambda **how: HIGlow.load(device="cpu").sample(0.3, 0.8, **how),
        "Radiation": lambda **how: Radiation.load(device="cpu").sample(
            np.zeros((64, 64)), 0.5, 8.0, **how
        ),
        "HIInference": lambda **how: HIInference.load(device="cpu").posterior(
            np.exp(image), **how
        ),
        "HIInference.sample": lambda **how: HIInference.load(device="cpu").sample(
            image[None], "field", **how
        ),
        "HIInference.sample_grid": lambda **how: HIInference.load(device="cpu").sample_grid(
            image, **how
        ),
        "NeutralFraction": lambda **how: NeutralFraction.load(device="cpu").posterior(
            image, 8.0, **how
        ),
        "history": lambda **how: reionization_history([8.0], [at_8], **how),
    }


@pytest.mark.parametrize("name", _draws())
def test_no_samples_and_a_negative_seed_are_refused_in_one_sentence(name: str) -> None:
    draw = _draws()[name]
    with pytest.raises(ValueError, match=r"^n is 0; at least 1 is needed\.$"):
        draw(n=0)
    with pytest.raises(ValueError, match=r"^The seed is -1; it has to be 0 or more\.$"):
        draw(n=1, seed=-1)


@pytest.mark.parametrize("model", [HICDM, HIGlow], ids=lambda model: model.__name__)
def test_no_row_of_cosmologies_is_refused_as_no_maps_are(model: Any) -> None:
    with pytest.raises(ValueError, match="n is 0; at least 1"):
        model.load(device="cpu").sample_each([], [])
