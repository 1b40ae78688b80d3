"""Summaries in units of what is usual for an observation.

The power of a clean box and of one that is all noise differ by orders of magnitude, and what says
something about x_HI may be a percent. So each summary is compared with what a regression on the
conditions expects of it for its kind of observation, in units of the scatter about that.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from core.reionization.images import CONDITIONS

__all__ = ["OBSERVATION_KINDS", "SummaryScaler", "expectation_terms", "observation_kind"]

Floats = NDArray[np.floating]

OBSERVATION_KINDS = ("clean", "observed", "wedge")
"""Kinds of observation: neither noise nor wedge cut, noise, and the wedge cut (noise or not)."""

_LIMIT = 6.0


def observation_kind(conditions: Floats) -> NDArray[np.int_]:
    """Index into :data:`OBSERVATION_KINDS` for conditions (n, C)."""
    named = dict(zip(CONDITIONS, np.atleast_2d(conditions).T, strict=True))
    return np.where(named["wedge"] > 0, 2, (named["has noise"] > 0).astype(int))


def expectation_terms(conditions: Floats) -> Floats:
    """What summaries are regressed on: polynomials of redshift, noise and depth, (n, terms)."""
    c = np.atleast_2d(conditions).astype(float)
    z, noise, noisy, depth = c[:, 0], c[:, 1] * c[:, 2], c[:, 2], c[:, 4]
    one = np.ones_like(z)
    return np.stack([one, z, z**2, noise, noise**2, noise * z, noisy, depth, depth**2], axis=1)


class SummaryScaler:
    """Standard scores of summaries, given the conditions. Made by :meth:`fit`.

    Args:
        expected: (2 kinds of depth x 3 of observation, terms, summaries).
        spread: (6, summaries).
    """

    def __init__(self, expected: Floats, spread: Floats) -> None:
        self.expected, self.spread = expected, spread

    @classmethod
    def fit(cls, conditions: Floats, summaries: Floats) -> SummaryScaler:
        """From training inputs, whole boxes and fewer slices together."""
        terms, known = expectation_terms(conditions), np.nan_to_num(summaries.astype(float))
        groups = _group(conditions, summaries)
        expected = np.zeros((2 * len(OBSERVATION_KINDS), terms.shape[1], summaries.shape[1]))
        spread = np.ones((2 * len(OBSERVATION_KINDS), summaries.shape[1]))
        for group in np.unique(groups):
            rows = groups == group
            expected[group] = np.linalg.lstsq(terms[rows], known[rows], rcond=None)[0]
            scatter = (known[rows] - terms[rows] @ expected[group]).std(axis=0)
            spread[group] = np.where(scatter > 1e-6, scatter, 1.0)
        return cls(expected, spread)

    def __call__(self, conditions: Floats, summaries: Floats) -> NDArray[np.float32]:
        """Scores (n, summaries) within 6; 0 for a summary that the input does not have."""
        terms, groups = expectation_terms(conditions), _group(conditions, summaries)
        scores = np.zeros(summaries.shape, dtype=np.float32)
        for group in np.unique(groups):
            rows = groups == group
            excess = np.asarray(summaries[rows], dtype=float) - terms[rows] @ self.expected[group]
            scores[rows] = np.clip(np.nan_to_num(excess / self.spread[group]), -_LIMIT, _LIMIT)
        return scores

    def state(self) -> dict[str, Floats]:
        """Arrays to save; :meth:`from_state` reads them back."""
        return {"expected": self.expected, "spread": self.spread}

    @classmethod
    def from_state(cls, state: Mapping[str, Floats]) -> SummaryScaler:
        """The scaler that :meth:`state` described."""
        return cls(state["expected"], state["spread"])


def _group(conditions: Floats, summaries: Floats) -> NDArray[np.int_]:
    return observation_kind(conditions) + len(OBSERVATION_KINDS) * np.isnan(summaries).any(axis=1)
