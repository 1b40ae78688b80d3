"""What the evaluations of both models of maps do with their numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from training.evaluation.errors import print_beside_card
from training.evaluation.report import EvaluationConfig, publish
from training.hydrogen.comparison.distances import FixedCosmology, FixedSet, matched_errors
from training.hydrogen.comparison.figures import plot_maps

__all__ = ["MapComparison"]

Maps = list[NDArray[np.floating]]


@dataclass(frozen=True)
class MapComparison:
    """Maps of a model beside those of simulations.

    Attributes:
        model: name of the model.
        folder: of the model.
        fixed: the simulations.
        generated: for each cosmology (n, N, N) linear maps of the model.
    """

    model: str
    folder: Path
    fixed: FixedSet
    generated: Maps

    def publish(
        self,
        config: EvaluationConfig,
        metrics: dict[str, float],
        distances: Callable[[Maps, list[FixedCosmology]], dict[str, float]],
        *,
        targets: dict[str, float],
        measured: Callable[[dict[str, float], str], str],
        plot_spectra: Callable[[Maps, list[FixedCosmology]], Figure],
    ) -> None:
        """Publish the numbers if that is asked for; of a quick run, print their errors.

        Args:
            config: of the evaluation.
            metrics: what was measured.
            distances: those of the metrics that compare maps with maps.
            targets: of some of the metrics.
            measured: the card's section, from the metrics and the data in words.
            plot_spectra: draws P(k) of both.
        """
        both = (self.generated, self.fixed.cosmologies)
        if config.quick:
            print_beside_card(metrics, matched_errors(distances, *both), self.folder)
        words = self.fixed.describe(len(self.generated[0]))
        publish(
            metrics, write=config.write, partial=self.fixed.partial, folder=self.folder,
            model=self.model, data=words, targets=targets,
            measured=lambda: measured(metrics, words),
            figures={
                f"{self.folder.name}_spectra.png": lambda: plot_spectra(*both),
                f"{self.folder.name}_maps.png": lambda: plot_maps(*both, self.model),
            },
        )
