"""Figures that more than one evaluation draws."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from training.hydrogen.comparison.distances import FixedCosmology

__all__ = ["plot_maps"]


def plot_maps(
    generated: list[NDArray[np.floating]],
    simulated: list[FixedCosmology],
    model: str,
) -> Figure:
    """A map of the simulations above, one of the model below, at each cosmology.

    Args:
        generated: for each cosmology (n, N, N) linear maps of the model.
        simulated: the same cosmologies.
        model: what to call the model.
    """
    figure = Figure(figsize=(2.6 * len(simulated), 5.6), layout="constrained")
    axes = figure.subplots(2, len(simulated), squeeze=False)
    for column, (ours, c) in enumerate(zip(generated, simulated, strict=True)):
        for axis, image in zip(axes[:, column], (c.maps[0, 0], ours[0]), strict=True):
            shown = axis.imshow(
                np.log10(image), vmin=3.5, vmax=10.5, cmap="inferno", extent=(0, 25, 0, 25)
            )
            axis.set(xticks=[0, 25], yticks=[0, 25])
        axes[0, column].set_title(rf"$\Omega_m$={c.omega_m:g}, $\sigma_8$={c.sigma_8:g}")
    axes[0, 0].set_ylabel("simulation [Mpc/h]")
    axes[1, 0].set_ylabel(f"{model} [Mpc/h]")
    figure.colorbar(
        shown, ax=axes, shrink=0.7, label=r"log$_{10}\,\Sigma_{HI}$ [(M$_\odot$/h)/(Mpc/h)$^2$]"
    )
    return figure
