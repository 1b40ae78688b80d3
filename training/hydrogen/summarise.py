"""Tabulate P(k) and the PDF of every training map: core/weights/hi_statistics.

python -m training.hydrogen.summarise --data DIR
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tyro

from core.fields import BOX_SIZE_MPC_H
from core.hydrogen.reference import SimulationBand, SimulationBandConfig
from core.statistics import overdensity, pdf, power_spectrum
from training.evaluation.report import WEIGHTS
from training.hydrogen.datasets.maps import load_maps

__all__ = ["SummariseConfig", "summarise"]


@dataclass(frozen=True)
class SummariseConfig:
    """What to tabulate.

    Args:
        data: folder of the maps (with LH, or an LH sub-folder).
        output: model folder to write.
        size: pixels a side.
        n_bins: of P(k).
    """

    data: Path
    output: Path = WEIGHTS / "hi_statistics"
    size: int = 64
    n_bins: int = 20


def summarise(config: SummariseConfig) -> SimulationBand:
    """Make and save the table."""
    maps = load_maps(config.data, "LH", size=config.size)
    per = int((maps.simulation == maps.simulation[0]).sum())
    log_sigma = maps.log_sigma.astype(np.float64)
    k, log_power = power_spectrum(log_sigma, BOX_SIZE_MPC_H, config.n_bins)
    _, delta_power = power_spectrum(overdensity(10.0**log_sigma), BOX_SIZE_MPC_H, config.n_bins)
    edges = np.linspace(log_sigma.min(), log_sigma.max(), 49)
    density = np.stack([pdf(one, edges) for one in log_sigma])
    tables = {
        "parameters": maps.parameters[::per],
        "k": k,
        "edges": edges,
        "log_power": np.log10(log_power),
        "delta_power": np.log10(delta_power),
        "density": density,
    }
    for name in ("log_power", "delta_power", "density"):
        tables[name] = tables[name].reshape(-1, per, tables[name].shape[-1])
    band = SimulationBand(SimulationBandConfig(maps.suite, len(tables["parameters"])), tables)
    band.save(config.output, card(maps.suite, len(tables["parameters"]), len(maps)))
    return band


def card(suite: str, simulations: int, maps: int) -> str:
    """The card of the table."""
    return f"""---
license: mit
tags: [cosmology, neutral-hydrogen, power-spectrum]
---
# HI statistics of the training simulations

P(k) of log10 Sigma_HI and of the overdensity, and the PDF of log10 Sigma_HI, of each of {maps} maps
of {simulations} simulations of the **{suite}** suite, 64 x 64 pixels. CosmoDeskPM is a stand-in
simulation, not CAMELS. Not a network: the app takes bands over the nearest simulations from it.
Made by `python -m training.hydrogen.summarise --data DIR`. MIT licence.
"""


if __name__ == "__main__":
    summarise(tyro.cli(SummariseConfig, description=__doc__))
