"""Slices of density and ionization for training and measuring the radiation emulators."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.reionization.constants import X_HI_RANGE
from core.reionization.radiation_inputs import RadiationConfig, SliceConditions
from training.reionization.datasets.box_set import ReionizationSet

__all__ = ["Slices", "load_slices", "normalisation"]

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Slices:
    """Slices across boxes, along any of the three axes.

    Attributes:
        channels: (m, 1 + shells, n, n) float16, what the networks see of the density.
        x_hi: (m, n, n) float16.
        mean: (m,) mean of x_hi of the slice.
        redshift: (m,).
        row: (m,) of the set.
        config: that made the channels.
    """

    channels: NDArray[np.float16]
    x_hi: NDArray[np.float16]
    mean: Floats
    redshift: Floats
    row: NDArray[np.int_]
    config: RadiationConfig

    def __len__(self) -> int:
        return len(self.x_hi)

    def take(self, index: NDArray[np.int_]) -> Slices:
        """Some of the slices."""
        kept = ("channels", "x_hi", "mean", "redshift", "row")
        return replace(self, **{name: getattr(self, name)[index] for name in kept})

    def given(self, context: bool) -> SliceConditions:
        """The inputs of the networks; without context the neighbours are hidden."""
        channels = torch.from_numpy(self.channels.astype(np.float32))
        if not context:
            channels[:, 1:] = 0
        return SliceConditions.of(channels, float(context), self.mean, self.redshift, self.config)

    def overdensity(self) -> Floats:
        """(m, n, n), the density of the slices themselves."""
        scaled = self.channels[:, 0].astype(np.float64)
        return np.expm1(scaled * self.config.density_std + self.config.density_mean)

    def batch(
        self, size: int, known: float, generator: torch.Generator
    ) -> tuple[Tensor, SliceConditions]:
        """Random slices (size, 1, n, n), each flipped, turned and shifted, and what is given.

        Args:
            size: of the batch.
            known: probability that the neighbours are seen.
            generator: of the draw.
        """
        index = torch.randint(len(self), (size,), generator=generator).numpy()
        fields = np.concatenate([self.x_hi[index, None], self.channels[index]], axis=1)
        fields = _augment(fields.astype(np.float32), generator)
        seen = (torch.rand(size, generator=generator) < known).numpy().astype(np.float32)
        fields[:, 2:] *= seen[:, None, None, None]
        given = SliceConditions.of(
            torch.from_numpy(fields[:, 1:]), seen, self.mean[index], self.redshift[index],
            self.config,
        )
        return torch.from_numpy(fields[:, :1].copy()), given


def _augment(fields: Floats, generator: torch.Generator) -> Floats:
    """The symmetries of a periodic square, one drawn for each (c, n, n) of (b, c, n, n)."""
    b, n = len(fields), fields.shape[-1]
    draws = torch.randint(8 * n * n, (b,), generator=generator).tolist()
    out = np.empty_like(fields)
    for i, draw in enumerate(draws):
        shifts, kind = divmod(draw, 8)
        field = np.rot90(fields[i], kind % 4, axes=(1, 2))
        field = field[:, ::-1] if kind >= 4 else field
        out[i] = np.roll(field, divmod(shifts, n), axis=(1, 2))
    return out


def normalisation(
    data: ReionizationSet, rows: NDArray[np.int_], context: tuple[tuple[int, ...], ...]
) -> RadiationConfig:
    """Mean and spread of ln(1 + overdensity), and the spread of x_HI at each mean."""
    logs, means, spreads = [], [], []
    for row in rows:
        density = data.cube("density", int(row))[::8]
        logs.append(np.log1p(np.maximum(density, -0.98)))
        x_hi = data.cube("x_hi", int(row))[::4]
        means.append(x_hi.mean(axis=(1, 2)))
        spreads.append(x_hi.var(axis=(1, 2)))
    log, mean, var = np.stack(logs), np.concatenate(means), np.concatenate(spreads)
    # variance over that of a binary field, smooth in the mean
    inside = (mean > 0.01) & (mean < 0.99)
    mean, var = mean[inside], var[inside]
    ratio = np.polynomial.Polynomial.fit(
        mean, var / (mean * (1 - mean)), min(3, len(mean) - 1), domain=[0, 1]
    )
    grid = np.linspace(0, 1, 41)
    spread = np.sqrt(np.clip(ratio(grid), 0.05, 1.0) * grid * (1 - grid))
    return RadiationConfig(
        size=log.shape[-1],
        density_mean=float(log.mean(dtype=np.float64)),
        density_std=float(log.std(dtype=np.float64)),
        spread=tuple(round(float(s), 5) for s in spread),
        context=context,
    )


def load_slices(
    data: ReionizationSet,
    rows: NDArray[np.int_],
    per_row: int,
    config: RadiationConfig,
    seed: int = 0,
) -> Slices:
    """Slices of the boxes ``rows``, drawn along the three axes in turn.

    Slices whose mean neutral fraction is outside 0.02 to 0.98 are left out: there is nothing to
    predict in them.

    Args:
        data: the set.
        rows: of it.
        per_row: slices of each box.
        config: normalisation and context.
        seed: random seed of the draw.
    """
    size, shells = config.size, len(config.context)
    channels = np.empty((len(rows) * per_row, 1 + shells, size, size), np.float16)
    x_hi = np.empty((len(rows) * per_row, size, size), np.float16)
    origin = np.empty(len(x_hi), int)
    count = 0
    for row in rows:
        rng = np.random.default_rng([seed, int(data.seed[row]), int(row)])
        density = np.log1p(np.maximum(data.cube("density", int(row)), -0.98))
        density = (density - config.density_mean) / config.density_std
        neutral = data.cube("x_hi", int(row))
        for axis in range(3):
            number = (per_row + 2 - axis) // 3
            picks = rng.permutation(size)[:number]
            along, field = np.moveaxis(density, axis, 0), np.moveaxis(neutral, axis, 0)
            for i in picks:
                if not X_HI_RANGE[0] <= field[i].mean() <= X_HI_RANGE[1]:
                    continue
                channels[count, 0] = along[i]
                for s, shell in enumerate(config.context):
                    beside = [(i + sign * o) % size for o in shell for sign in (-1, 1)]
                    channels[count, 1 + s] = along[beside].mean(axis=0)
                x_hi[count] = field[i]
                origin[count] = row
                count += 1
    return Slices(
        channels[:count],
        x_hi[:count],
        x_hi[:count].mean(axis=(1, 2), dtype=np.float64),
        np.asarray(data.redshift, dtype=np.float64)[origin[:count]],
        origin[:count],
        config,
    )
