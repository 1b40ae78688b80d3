"""From the image somebody has to the stack that the networks see."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

from core.reionization.constants import BOX_SIZE_MPC, CELL_MPC, N_CELLS, REDSHIFT_RANGE
from core.reionization.observation import Observation, noise_rms

__all__ = [
    "CONDITIONS",
    "MAX_SLICES",
    "condition_vector",
    "image_scale",
    "interleaved",
    "prepare_images",
    "remove_means",
]

MAX_SLICES = 64
"""Most slices of a stack."""

NETWORK_SLICES = 16
"""Slices that a network pools; of a deeper stack every 2nd, 3rd or 4th is taken, in turn."""

CONDITIONS = ("redshift", "log noise", "has noise", "wedge", "log slices")
"""What the networks are given beside the images."""

_SIGNAL_MK = 5.0  # a typical rms of the signal at these cells
_SIGNAL_OUTSIDE_WEDGE_MK = 0.8


def prepare_images(image: ArrayLike, cell_mpc: float = CELL_MPC) -> NDArray[np.float32]:
    """One image or a stack, at any pixel scale -> (S, 64, 64) of 2 Mpc cells, slice means removed.

    A larger image is cut to its central 128 Mpc; finer cells are averaged, coarser ones (up to
    4 Mpc) interpolated.

    Args:
        image: (n, n) or (S, n, n) in mK, at most 64 slices across the line of sight.
        cell_mpc: side of a pixel in comoving Mpc.

    Raises:
        ValueError: one sentence that says what is wrong and what would be right.
    """
    stack = np.asarray(image, dtype=np.float64)
    if stack.ndim == 2:
        stack = stack[None]
    if stack.ndim != 3 or stack.shape[1] != stack.shape[2]:
        raise ValueError(
            f"The image has shape {np.shape(image)}; one square image (n, n) or a stack of them "
            "(slices, n, n) is needed."
        )
    if not 1 <= len(stack) <= MAX_SLICES:
        raise ValueError(f"The stack has {len(stack)} slices; 1 to {MAX_SLICES} are read.")
    if not 0 < cell_mpc <= 2 * CELL_MPC:
        raise ValueError(
            f"A pixel of {cell_mpc:g} Mpc is outside what the networks know; up to "
            f"{2 * CELL_MPC:g} Mpc can be used."
        )
    size = stack.shape[1] * cell_mpc
    if size < BOX_SIZE_MPC * 0.995:
        raise ValueError(
            f"The image covers {size:.0f} Mpc; at least {BOX_SIZE_MPC:.0f} Mpc a side are needed "
            "(check the pixel scale)."
        )
    if not np.all(np.isfinite(stack)):
        raise ValueError("The image holds NaN or infinite values; fill or remove them.")
    if abs(cell_mpc / CELL_MPC - 1) > 0.005:
        stack = _resample(stack, cell_mpc)
    start = (stack.shape[1] - N_CELLS) // 2
    stack = stack[:, start : start + N_CELLS, start : start + N_CELLS]
    return remove_means(stack)


def remove_means(stack: NDArray[np.floating]) -> NDArray[np.float32]:
    """A stack (S, n, n) as an interferometer has it, which sees no mean of a slice."""
    means = stack.mean(axis=(1, 2), keepdims=True, dtype=np.float64)
    return (stack - means).astype(np.float32)


def _resample(stack: NDArray[np.float64], cell_mpc: float) -> NDArray[np.float64]:
    ratio = cell_mpc / CELL_MPC
    if ratio < 1:  # average over the area of the new cell before sampling it
        stack = ndimage.uniform_filter1d(stack, max(1, round(1 / ratio)), axis=1, mode="wrap")
        stack = ndimage.uniform_filter1d(stack, max(1, round(1 / ratio)), axis=2, mode="wrap")
    count = max(N_CELLS, int(stack.shape[1] * ratio))
    places = (np.arange(count) + 0.5) / ratio - 0.5
    grid = np.meshgrid(places, places, indexing="ij")
    return np.stack([ndimage.map_coordinates(s, grid, order=1, mode="grid-wrap") for s in stack])


def interleaved(stack: NDArray[np.float32]) -> NDArray[np.float32]:
    """(S, n, n) -> (m, at most 16, n, n): up to four stacks that together see every slice."""
    step = min(4, max(1, len(stack) // NETWORK_SLICES))
    depth = min(NETWORK_SLICES, len(stack) // step)
    return np.stack([stack[i::step][:depth] for i in range(step)])


def image_scale(redshift: float, observation: Observation) -> float:
    """What an image is divided by before a network sees it: typical signal and noise, mK."""
    typical = _SIGNAL_OUTSIDE_WEDGE_MK if observation.wedge else _SIGNAL_MK
    signal = typical * np.sqrt((1 + redshift) / 9)
    return float(np.hypot(signal, noise_rms(redshift, observation)))


def condition_vector(
    redshift: float, observation: Observation, slices: int
) -> NDArray[np.float32]:
    """:data:`CONDITIONS` of a stack, about in [-1, 1].

    Raises:
        ValueError: for a redshift outside 7 to 10.
    """
    low, high = REDSHIFT_RANGE
    if not low <= redshift <= high:
        raise ValueError(
            f"The redshift is {redshift:g}; the networks were trained from {low:g} to {high:g}."
        )
    noise = noise_rms(redshift, observation)
    return np.array(
        [
            2 * (redshift - low) / (high - low) - 1,
            0.5 * np.log(noise / _SIGNAL_MK) if noise > 0 else -2.0,
            float(noise > 0),
            float(observation.wedge),
            np.log2(slices) / 3 - 1,
        ],
        dtype=np.float32,
    )
