"""Figures of the radiation emulators."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from core.reionization.constants import BOX_SIZE_MPC
from training.reionization.comparison.distances import Comparison
from training.reionization.datasets.slices import Slices

__all__ = ["plot_fields", "plot_statistics"]

Floats = NDArray[np.floating]
WANTED = (0.2, 0.4, 0.6, 0.8)
LABELS = {
    "": "diffusion", "threshold_": "threshold", "unet_density_": "U-Net: density",
    "unet_noise_": "U-Net: with noise", "unet_map_": "U-Net: with noisy map",
}


def plot_fields(slices: Slices, fields: dict[str, Floats]) -> Figure:
    """Density, the simulator's field and every kind of ours, a row for each of four x_HI.

    Args:
        slices: held out.
        fields: kind -> (m, n, n) of x_HI.
    """
    figure = Figure(figsize=(2.3 * (2 + len(fields)), 9.2), layout="constrained")
    axes = figure.subplots(len(WANTED), 2 + len(fields), sharex=True, sharey=True)
    extent = (0.0, BOX_SIZE_MPC, 0.0, BOX_SIZE_MPC)
    for row, x_hi in zip(axes, WANTED, strict=True):
        i = int(np.abs(slices.mean - x_hi).argmin())
        density = slices.take(np.array([i])).overdensity()[0]
        row[0].imshow(np.log1p(density), cmap="magma", extent=extent, origin="lower")
        row[0].set_ylabel(f"x_HI {slices.mean[i]:.2f}, z {slices.redshift[i]:.1f}   [Mpc]")
        for axis, field in zip(
            row[1:], (slices.x_hi[i], *(f[i] for f in fields.values())), strict=True
        ):
            shown = axis.imshow(
                field.astype(np.float32), vmin=0, vmax=1, cmap="viridis", extent=extent,
                origin="lower",
            )
    for axis, title in zip(axes[0], ("density", "21cmFAST", *fields), strict=True):
        axis.set_title(title)
    figure.colorbar(shown, ax=axes, shrink=0.5, label="neutral fraction")
    return figure


def plot_statistics(kinds: dict[str, Comparison], x_edges: Floats) -> Figure:
    """Ratio of P(k), r(k) and bubble sizes in each bin of the mean neutral fraction."""
    columns = len(x_edges) - 1
    figure = Figure(figsize=(3.2 * columns, 8.4), layout="constrained")
    axes = figure.subplots(3, columns, sharey="row", squeeze=False)
    bins = np.geomspace(0.99, 1.01 * BOX_SIZE_MPC, 13)
    centres = np.sqrt(bins[1:] * bins[:-1])

    def sizes(paths: Floats) -> Floats:
        counts = np.histogram(paths, bins)[0] / max(len(paths), 1)
        return counts / np.diff(np.log(bins))

    for i in range(columns):
        axes[0, i].axhspan(0.9, 1.1, color="0.88")
        axes[0, i].set_title(f"x_HI {x_edges[i]:.2f} to {x_edges[i + 1]:.2f}")
        for kind, comparison in kinds.items():
            label = LABELS.get(kind, kind)
            width = 2.2 if not kind else 1.1
            (line,) = axes[0, i].plot(comparison.k, comparison.ratio[i], lw=width, label=label)
            style = {"color": line.get_color(), "lw": width}
            axes[1, i].plot(comparison.k, comparison.r[i], **style)
            axes[2, i].plot(centres, sizes(comparison.paths[i]), **style)
        axes[2, i].plot(
            centres, sizes(kinds[""].paths_true[i]), color="k", ls="--", label="21cmFAST"
        )
        axes[0, i].set(xscale="log", ylim=(0, 2.5))
        axes[1, i].set(xscale="log", xlabel="k [1/Mpc]", ylim=(-0.1, 1.05))
        axes[2, i].set(xscale="log", xlabel="free path R [Mpc]")
    axes[0, 0].set_ylabel("P(k) / 21cmFAST")
    axes[1, 0].set_ylabel("r(k) with 21cmFAST")
    axes[2, 0].set_ylabel("dp / d ln R")
    axes[0, 0].legend(fontsize=8)
    axes[2, -1].legend(fontsize=8)
    return figure
