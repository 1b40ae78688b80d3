"""The two parameters every model here is conditioned on: their range and their scaling."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from core.fields import OMEGA_M_RANGE, SIGMA_8_RANGE

__all__ = ["check_parameters", "scale_parameters"]


def scale_parameters(omega_m: ArrayLike, sigma_8: ArrayLike) -> Tensor:
    """(Omega_m, sigma_8) mapped from the prior's box to [-1, 1]; (n, 2) float32."""
    values = np.stack(np.broadcast_arrays(np.atleast_1d(omega_m), np.atleast_1d(sigma_8)), axis=-1)
    low, high = np.transpose([OMEGA_M_RANGE, SIGMA_8_RANGE])
    return torch.from_numpy(((values - low) / (high - low) * 2 - 1).astype(np.float32))


def check_parameters(omega_m: ArrayLike, sigma_8: ArrayLike) -> None:
    """Refuse parameters outside the range of the training simulations.

    Raises:
        ValueError: naming the parameter and the range.
    """
    for name, value, (low, high) in (
        ("omega_m", omega_m, OMEGA_M_RANGE),
        ("sigma_8", sigma_8, SIGMA_8_RANGE),
    ):
        array = np.asarray(value, dtype=float)
        if not np.all((array >= low) & (array <= high)):  # also catches NaN
            raise ValueError(
                f"{name} = {np.array2string(array.ravel()[:3], separator=', ')} is outside the "
                f"trained range; choose a value from {low} to {high}."
            )
