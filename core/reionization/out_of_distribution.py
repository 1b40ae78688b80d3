"""Is a 21 cm image like those the networks were trained on? See :mod:`core.out_of_distribution`.

What is usual depends on redshift and noise. The summaries are therefore compared with what a
regression on the conditions expects of them; clean images, noisy images and images without the
wedge have a check each, and so have single slices and stacks.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from core.out_of_distribution import OutOfDistributionCheck, OutOfDistributionResult, named_columns
from core.reionization.images import condition_vector
from core.reionization.network_inputs import PreparedImage
from core.reionization.scaling import OBSERVATION_KINDS, expectation_terms, observation_kind
from core.reionization.summaries import (
    BASELINE_NAMES,
    MOMENT_NAMES,
    SUMMARY_NAMES,
    stack_summaries,
)

__all__ = ["StackOutOfDistributionCheck"]

Floats = NDArray[np.floating]

_DEPTHS = ("slice", "stack")


class ImageOutOfDistributionCheck(OutOfDistributionCheck):
    """The check with the summaries of 21 cm images, for one kind of observation."""

    groups: Mapping[str, list[int]] = {
        "contrast": named_columns(SUMMARY_NAMES, "log variance"),
        "distribution of brightness": named_columns(SUMMARY_NAMES, *MOMENT_NAMES, "quantile"),
        "power spectrum": named_columns(SUMMARY_NAMES, "log P"),
        "small-scale power": [SUMMARY_NAMES.index(n) for n in BASELINE_NAMES[-4:]],
        "everything": list(range(len(SUMMARY_NAMES))),
    }
    least_spread = 0.05  # powers behind the beam are all but constant
    in_distribution_sentence = "The image looks like the training images."

    def _reason(self, summaries: Floats, ratios: Floats) -> str:
        """One sentence on what is off: ``summaries`` are residuals from what is expected."""
        excess = float(np.exp(np.clip(summaries[0] / 2, -9, 9)))
        if self._far(summaries[0], 0):
            return (
                f"The contrast is off: the image varies {excess:.2g} times as much as training "
                "images at this redshift and noise; check that it is in mK and how it was observed."
            )
        group = list(self.groups)[int(np.argmax(ratios))]
        if group == "everything":
            return "The image combines features in a way that no training image shows."
        return f"The {group} of the image is unlike that of any training image."

    def _far(self, value: float, column: int) -> bool:
        low, _, high = self.typical[:, column]
        return not low - 0.5 * (high - low) <= value <= high + 0.5 * (high - low)


def _residuals(conditions: Floats, summaries: Floats, fit: Floats) -> Floats:
    """Summaries less what is expected of them; those that a slice does not have count as usual."""
    known = np.nan_to_num(np.asarray(summaries, dtype=float))
    return known - expectation_terms(conditions) @ fit


class StackOutOfDistributionCheck:
    """Checks for every kind of observation and depth. Made by :meth:`fit`.

    Args:
        expected: for each key "kind.depth" the regression (terms, summaries).
        checks: for each key the check of the residuals.
    """

    def __init__(
        self, expected: dict[str, Floats], checks: dict[str, ImageOutOfDistributionCheck]
    ) -> None:
        self.expected, self.checks = expected, checks

    @classmethod
    def fit(
        cls,
        training: Mapping[str, tuple[Floats, Floats]],
        validation: Mapping[str, tuple[Floats, Floats]],
        false_alarms: float = 0.01,
    ) -> StackOutOfDistributionCheck:
        """From (conditions, summaries) of training and of held-out boxes.

        Args:
            training: for each depth, "slice" and "stack".
            validation: the same of other initial conditions.
            false_alarms: fraction of the validation images that will be flagged.
        """
        expected, checks = {}, {}
        for depth in _DEPTHS:
            c, s = training[depth]
            c_held_out, s_held_out = validation[depth]
            for kind, name in enumerate(OBSERVATION_KINDS):
                rows, held_out = observation_kind(c) == kind, observation_kind(c_held_out) == kind
                terms, known = expectation_terms(c[rows]), np.nan_to_num(s[rows])
                fit = np.linalg.lstsq(terms, known, rcond=None)[0]
                expected[f"{name}.{depth}"] = fit
                checks[f"{name}.{depth}"] = ImageOutOfDistributionCheck.fit(
                    _residuals(c[rows], s[rows], fit),
                    _residuals(c_held_out[held_out], s_held_out[held_out], fit),
                    false_alarms,
                )
        return cls(expected, checks)

    def __call__(
        self, conditions: Floats, summaries: Floats, depth: str
    ) -> OutOfDistributionResult:
        """Judge one image by its conditions (C,) and summaries (S,)."""
        key = f"{OBSERVATION_KINDS[int(observation_kind(conditions)[0])]}.{depth}"
        return self.checks[key](_residuals(conditions, summaries[None], self.expected[key])[0])

    def of_image(self, prepared: PreparedImage) -> OutOfDistributionResult:
        """Judge a prepared image; less than a whole box is judged by its first slice."""
        inputs = prepared.inputs
        if float(inputs.images.std()) < 1e-6:
            reason = "The image is constant; there is no structure to judge by."
            return OutOfDistributionResult(float("inf"), 1.0, True, reason)
        if prepared.is_box:
            return self(inputs.conditions[0], inputs.summaries[0], "stack")
        condition = condition_vector(prepared.redshift, prepared.observation, 1)
        return self(condition, stack_summaries(prepared.stack[:1]), "slice")

    def scores(self, conditions: Floats, summaries: Floats, depth: str) -> Floats:
        """(n,) scores of many images; above 1 is unlike the training images."""
        out = np.empty(len(conditions))
        kinds = observation_kind(conditions)
        for kind, name in enumerate(OBSERVATION_KINDS):
            rows = kinds == kind
            if rows.any():
                key = f"{name}.{depth}"
                residuals = _residuals(conditions[rows], summaries[rows], self.expected[key])
                out[rows] = self.checks[key].scores(residuals)
        return out

    def state(self) -> dict[str, Floats]:
        """Arrays to save; :meth:`from_state` reads them back."""
        arrays = {f"{key}.expected": value for key, value in self.expected.items()}
        for key, check in self.checks.items():
            arrays |= {f"{key}.{name}": value for name, value in check.state().items()}
        return arrays

    @classmethod
    def from_state(cls, state: Mapping[str, Floats]) -> StackOutOfDistributionCheck:
        """The checks that :meth:`state` described."""
        keys = [f"{kind}.{depth}" for kind in OBSERVATION_KINDS for depth in _DEPTHS]
        checks = {}
        for key in keys:
            own = {k.removeprefix(f"{key}."): v for k, v in state.items() if k.startswith(key)}
            checks[key] = ImageOutOfDistributionCheck.from_state(own)
        return cls({key: state[f"{key}.expected"] for key in keys}, checks)
