"""Bring the pixel distribution of HI-CDM's maps to that of the training simulations.

    python -m training.hydrogen.calibrate_hi_cdm --data DIR

A diffusion model trained for a finite time spreads the far tails of the pixel distribution: a tenth
of a dex in the brightest pixels, which rule the power of the linear field. Quantile matching undoes
it: a rising function of log10 Sigma, piecewise linear and linear in (Omega_m, sigma_8), fitted
on maps drawn at the cosmologies of training simulations. It moves no structure, and held-out
simulations play no part. evaluate_hi_cdm prints the numbers without it too (plain_).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import tyro
from numpy.typing import NDArray
from tqdm import tqdm

from core.hydrogen.hi_cdm import HICDM
from core.hydrogen.parameters import scale_parameters
from core.weights import CARD_FILE
from training.evaluation.report import WEIGHTS
from training.hydrogen.datasets.maps import MapSet, load_maps

__all__ = ["HICDMCalibrateConfig", "calibrate", "fit_shifts"]

Floats = NDArray[np.floating]
LEVELS: Floats = np.array(
    [
        1e-4,
        1e-3,
        0.01,
        0.05,
        0.16,
        0.3,
        0.5,
        0.65,
        0.75,
        0.82,
        0.87,
        0.9,
        0.92,
        0.94,
        0.96,
        0.975,
        0.985,
        0.992,
        0.996,
        0.998,
        0.999,
        0.9995,
        0.9999,
    ]
)
CELLS = 4  # a side of the parameter box
TOGETHER = 8  # maps of one cosmology, drawn as a batch


@dataclass(frozen=True)
class HICDMCalibrateConfig:
    """What to calibrate.

    Args:
        data: folder of the maps (with LH, or an LH sub-folder).
        model: model folder; rewritten.
        maps: drawn in each of the 16 cells of the parameter box.
        seed: random seed of the draws.
    """

    data: Path
    model: Path = WEIGHTS / "hi_cdm"
    maps: int = 24
    seed: int = 77


def fit_shifts(
    generated: list[Floats], simulated: list[Floats], centres: Floats
) -> tuple[Floats, Floats]:
    """Knots (K,) and shifts (K, 3) from pixels of cells of the parameter box.

    Args:
        generated: per cell the pixels of the model, log10 Sigma.
        simulated: per cell those of the simulations.
        centres: (cells, 2) scaled parameters.
    """
    knots = np.quantile(np.concatenate(generated), LEVELS)
    wanted = []
    for ours, theirs in zip(generated, simulated, strict=True):
        rank = np.searchsorted(np.sort(ours), knots) / len(ours)
        # a rank beyond the last pixel says nothing about the quantile there: keep the last known
        edge = 2 / len(ours)
        wanted.append(np.quantile(theirs, np.clip(rank, edge, 1 - edge)) - knots)
    design = np.column_stack([np.ones(len(centres)), centres])
    shifts, *_ = np.linalg.lstsq(design, np.array(wanted), rcond=None)
    return knots, shifts.T


def calibrate(model: HICDM, maps: MapSet, n: int, seed: int = 77) -> HICDM:
    """The model with knots and shifts fitted afresh.

    Args:
        model: any calibration it has is dropped first.
        maps: of the training simulations.
        n: maps drawn in each cell, a multiple of 8.
        seed: random seed of the draws.
    """
    plain = HICDM(replace(model.config, knots=(), shifts=()), model.denoiser)
    scaled = scale_parameters(maps.parameters[:, 0], maps.parameters[:, 1]).numpy()
    cell = np.minimum(((scaled + 1) / 2 * CELLS).astype(int), CELLS - 1) @ np.array([CELLS, 1])
    rng = np.random.default_rng(seed)
    generated, simulated, centres = [], [], []
    for index in tqdm(np.unique(cell), desc="calibrating", unit="cell"):
        members = np.flatnonzero(cell == index)
        chosen = rng.choice(members, max(1, n // TOGETHER))
        ours = [
            plain.sample(
                float(maps.parameters[row, 0]),
                float(maps.parameters[row, 1]),
                TOGETHER,
                int(rng.integers(2**31)),
            )
            for row in chosen
        ]
        generated.append(np.log10(np.concatenate(ours)).ravel())
        simulated.append(maps.log_sigma[members].ravel())
        centres.append(scaled[chosen].mean(axis=0))
    knots, shifts = fit_shifts(generated, simulated, np.array(centres))
    config = replace(
        model.config,
        knots=tuple(float(f"{k:.5g}") for k in knots),
        shifts=tuple(tuple(float(f"{x:.4g}") for x in row) for row in shifts),
    )
    return HICDM(config, model.denoiser)


def main(config: HICDMCalibrateConfig) -> None:
    """Calibrate a model folder in place."""
    model = HICDM.load(config.model)
    maps = load_maps(config.data, "LH", size=model.size, split="train")
    card = config.model / CARD_FILE
    text = card.read_text() if card.exists() else None
    calibrate(model, maps, config.maps, config.seed).save(config.model, text)


if __name__ == "__main__":
    main(tyro.cli(HICDMCalibrateConfig, description=__doc__))
