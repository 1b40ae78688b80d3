r"""What a radio interferometer makes of a 21 cm image: noise, resolution, lost foreground modes.

NumPy only; checked against tools21cm (Giri et al. 2020) by ``training.reionization.
check_observation``, which also makes the table of baselines. The steps, for slices across the line
of sight:

* Thermal noise. A visibility cell at transverse wavenumber k is measured by baselines of length
  :math:`b = k D_M \lambda / 2\pi`; their density :math:`n_b` (per square metre of the uv plane,
  averaged over tracks of 6 h a day at declination -30 deg) comes from the SKA-Low layouts. Noise of
  the image then has the transverse spectrum

  .. math:: A(k) = \frac{T_{sys} D_M \lambda}{A_{eff}\, \Delta x}
            \frac{w(k)}{\sqrt{2\, n_b(b)\, \Delta\nu\, t}}

  for unit white noise in cells of :math:`\Delta x`, with
  :math:`T_{sys} = 100 + 60 (300/\nu)^{2.55}` K, stations of 40 m whose aperture falls as
  :math:`(110/\nu)^2` above 110 MHz, :math:`\Delta\nu` the depth of a cell and :math:`w` the
  Blackman-Harris taper of the uv plane.
* Resolution of a 2 km baseline, for signal and noise alike: a Gaussian of full width
  :math:`0.21 (1 + z) D_M / 2000` across the sky and a top-hat as long along the line of sight.
* An interferometer does not see the mean of a slice: it is subtracted, always.
* Foregrounds: modes with :math:`|k_\parallel| < k_\perp D_M(z) H(z) / c (1 + z)`, the wedge below
  the horizon (Morales et al. 2012; slope 3.5 at z = 8), are removed on request.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft, integrate

from core.draws import check_seed
from core.reionization.constants import (
    BOX_SIZE_MPC,
    CELL_MPC,
    HUBBLE_KM_S_MPC,
    OMEGA_M,
    REDSHIFT_RANGE,
)

__all__ = [
    "CLEAN",
    "HOURS_RANGE",
    "MIN_WEDGE_SLICES",
    "Array",
    "Observation",
    "noise_rms",
    "observe",
    "resolution_mpc",
    "wedge_slope",
]

Floats = NDArray[np.floating]
Array = Literal["none", "aa_star", "aa4"]

HOURS_RANGE = (100.0, 10000.0)
MAX_BASELINE_M = 2000.0
MIN_WEDGE_SLICES = 16
"""Contiguous slices needed to tell wavenumbers along the line of sight apart."""

_NAMES = {"aa_star": "SKA-Low AA*", "aa4": "SKA-Low AA4"}
_LIGHT_KM_S = 299792.458
_LINE_M, _LINE_MHZ = 0.211061, 1420.406
_STATION_AREA_M2 = np.pi * 20.0**2
_TAPER_CELL_MPC = CELL_MPC
_BLACKMAN_HARRIS = (0.35875, 0.48829, 0.14128, 0.01168)
_TABLE = Path(__file__).parent / "uv_coverage.csv"


@dataclass(frozen=True)
class Observation:
    """How an image was observed.

    Attributes:
        array: "none" (no telescope: neither noise nor smoothing), "aa_star" or "aa4" (the stages
            of SKA-Low with 307 and 512 stations).
        hours: of integration, 100 to 10,000; plays no part without a telescope.
        wedge: whether the modes of the foreground wedge are removed.

    Raises:
        ValueError: for an array that is not known, or hours outside the range.

    Example:
        >>> Observation("aa4", hours=1000, wedge=True).describe()
        'SKA-Low AA4, 1,000 h, wedge removed'
    """

    array: Array = "none"
    hours: float = 1000.0
    wedge: bool = False

    def __post_init__(self) -> None:
        if self.array not in get_args(Array):
            raise ValueError(
                f'The array is {self.array!r}; choose "none", "aa_star" or "aa4".'
            )
        low, high = HOURS_RANGE
        if not low <= self.hours <= high:  # also catches NaN
            raise ValueError(
                f"{self.hours:g} hours of integration are outside the range; choose from "
                f"{low:g} to {high:,.0f}."
            )

    def describe(self) -> str:
        """In words, for labels."""
        words = (
            "no telescope"
            if self.array == "none"
            else f"{_NAMES[self.array]}, {self.hours:,.0f} h"
        )
        return f"{words}, wedge removed" if self.wedge else words


CLEAN = Observation()


def observe(
    stack: ArrayLike,
    redshift: float,
    observation: Observation = CLEAN,
    *,
    seed: int = 0,
    cell_mpc: float = CELL_MPC,
) -> NDArray[np.float32]:
    """What is left of a 21 cm image after an observation.

    The sky axes are periodic; so is the line of sight if there are 16 slices or more. Fewer are
    continued by their first and last slice, and one image as if it were constant in depth: its
    noise is that of a slab as thick as the resolution. The noise of a seed falls exactly as
    1 / sqrt(hours).

    As in tools21cm's ``smooth_coeval``, whose images these are meant to match, the top-hat is a
    square of an odd number of cells: it acts along the line of sight and along the last axis. So
    flips and shifts are symmetries of observed images, and transposes only nearly.

    Args:
        stack: brightness temperature in mK, (S, n, n) contiguous slices across the line of sight
            ``cell_mpc`` apart, or one image (n, n).
        redshift: 7 to 10.
        observation: array, hours and wedge.
        seed: noise seed, 0 or larger.
        cell_mpc: comoving size of a cell in Mpc.

    Returns:
        float32 mK of the same shape; every slice has mean zero.

    Raises:
        ValueError: for another shape, values that are not finite, a redshift outside the range, or
            a wedge to be cut from fewer than 16 slices.

    Example:
        >>> image = observe(brightness_temp, 8.0, Observation("aa4", hours=1000), seed=1)
    """
    image = _check_stack(stack)
    _check_numbers(redshift, cell_mpc, seed)
    slices = image if image.ndim == 3 else image[None]
    if observation.wedge and len(slices) < MIN_WEDGE_SLICES:
        raise ValueError(
            f"Removing the wedge needs at least {MIN_WEDGE_SLICES} contiguous slices; "
            f"{'one image' if len(slices) == 1 else f'{len(slices)} slices'} came."
        )
    modes = fft.rfft2(slices, workers=1)
    if observation.array != "none":
        modes = _through_telescope(modes, slices.shape, redshift, observation, seed, cell_mpc)
    elif observation.wedge:
        kept = _outside_wedge(slices.shape, redshift, cell_mpc)
        modes = fft.ifft(fft.fft(modes, axis=0, workers=1) * kept, axis=0, workers=1)
    modes[:, 0, 0] = 0
    seen = fft.irfft2(modes, s=slices.shape[1:], workers=1)
    # the mean of float32 images is zero only to rounding; taken off twice it is as zero as it gets
    seen -= seen.mean(axis=(1, 2), keepdims=True)
    return seen.reshape(image.shape)


def noise_rms(
    redshift: float, observation: Observation, cell_mpc: float = CELL_MPC
) -> float:
    """Standard deviation of the noise in a pixel of an observed image, in mK.

    Computed, not drawn: for a box of 128 Mpc, after smoothing and, if asked for, the wedge cut.
    Zero without a telescope.

    Raises:
        ValueError: for a redshift outside 7 to 10, or a cell that is not between 0.1 and 16 Mpc.
    """
    _check_numbers(redshift, cell_mpc, 0)
    return _noise_rms(float(redshift), observation, float(cell_mpc))


@lru_cache(maxsize=4096)
def _noise_rms(redshift: float, observation: Observation, cell_mpc: float) -> float:
    if observation.array == "none":
        return 0.0
    n = 2 * max(MIN_WEDGE_SLICES // 2, round(BOX_SIZE_MPC / cell_mpc / 2))
    across = _noise_amplitude(n, redshift, observation, cell_mpc) * _beam(n, redshift, cell_mpc)
    weight = np.full(n // 2 + 1, 2.0)
    weight[[0, -1]] = 1.0
    along = _top_hat(n, redshift, cell_mpc) ** 2
    power = along[:, None, None] * across.astype(float) ** 2
    if observation.wedge:
        power = power * _outside_wedge((n, n, n), redshift, cell_mpc)
    return float(np.sqrt((power * weight).sum() / n**3))


def wedge_slope(redshift: float) -> float:
    """k_parallel over k_perp of the horizon: D_M(z) H(z) / (c (1 + z)); 3.5 at z = 8."""
    return _distance_mpc(float(redshift)) * _hubble(redshift) / (_LIGHT_KM_S * (1 + redshift))


def resolution_mpc(redshift: float) -> float:
    """Full width at half maximum of the beam of a 2 km baseline in comoving Mpc; 8.7 at z = 8."""
    return 0.21 * (1 + redshift) / MAX_BASELINE_M * _distance_mpc(float(redshift))


def _through_telescope(
    modes: NDArray[np.complexfloating],
    shape: tuple[int, ...],
    redshift: float,
    observation: Observation,
    seed: int,
    cell_mpc: float,
) -> NDArray[np.complexfloating]:
    """Noise and smoothing, and the wedge cut: rfft2 of slices to rfft2 of slices."""
    n_slices, n = shape[:2]
    depth = _odd_width(redshift, cell_mpc)
    periodic = n_slices >= MIN_WEDGE_SLICES
    extra = 0 if periodic else depth - 1
    if extra:  # slices beyond both ends
        modes = np.pad(modes, ((depth // 2, depth // 2), (0, 0), (0, 0)), mode="edge")
    white = np.random.default_rng(seed).standard_normal((n_slices + extra, n, n), np.float32)
    amplitude = _noise_amplitude(n, redshift, observation, cell_mpc)
    modes = (modes + fft.rfft2(white, workers=1) * amplitude) * _beam(n, redshift, cell_mpc)
    if not periodic:
        return np.stack([modes[i : i + depth].mean(axis=0) for i in range(n_slices)])
    along = _top_hat(n_slices, redshift, cell_mpc)[:, None, None]
    if observation.wedge:
        along = along * _outside_wedge(shape, redshift, cell_mpc)
    return fft.ifft(fft.fft(modes, axis=0, workers=1) * along, axis=0, workers=1)


def _noise_amplitude(
    n: int, redshift: float, observation: Observation, cell_mpc: float
) -> NDArray[np.float32]:
    """Factor from unit white noise to noise in mK for each mode of rfft2, (n, n // 2 + 1)."""
    ky, kx = _wavenumbers(n, cell_mpc)
    distance = _distance_mpc(float(redshift))
    wavelength, frequency = _LINE_M * (1 + redshift), _LINE_MHZ / (1 + redshift)
    baseline = np.hypot(ky, kx) * distance * wavelength / (2 * np.pi)
    radius, density = _baselines(observation.array)
    per_m2 = np.interp(baseline, radius, density, right=0.0)
    sampled = per_m2 > 0
    sampled[0, 0] = False
    depth_hz = 1e6 * _LINE_MHZ * _hubble(redshift) * cell_mpc / (_LIGHT_KM_S * (1 + redshift) ** 2)
    system_k = 100.0 + 60.0 * (300.0 / frequency) ** 2.55
    area_m2 = _STATION_AREA_M2 * min(1.0, (110.0 / frequency) ** 2)
    scale_mk = 1e3 * system_k * distance * wavelength / (area_m2 * cell_mpc)
    scale_mk /= np.sqrt(2 * depth_hz * 3600.0 * observation.hours)
    noise = np.where(sampled, scale_mk / np.sqrt(np.where(sampled, per_m2, 1.0)), 0.0)
    return (noise * _taper(ky) * _taper(kx)).astype(np.float32)


def _taper(k: Floats) -> Floats:
    """tools21cm's taper of the uv plane: 1 at the centre, 0 at the Nyquist frequency of its grid.

    Here that of the 2 Mpc grid whatever the cell, so that noise does not depend on pixels.
    """
    phase = np.minimum(np.abs(k) * _TAPER_CELL_MPC, np.pi)
    a, b, c, d = _BLACKMAN_HARRIS
    return a + b * np.cos(phase) + c * np.cos(2 * phase) + d * np.cos(3 * phase)


def _beam(n: int, redshift: float, cell_mpc: float) -> NDArray[np.float32]:
    """Transfer function across the sky, (n, n // 2 + 1)."""
    ky, kx = _wavenumbers(n, cell_mpc)
    sigma = resolution_mpc(redshift) / np.sqrt(8 * np.log(2))
    top_hat = _top_hat(n, redshift, cell_mpc)[: n // 2 + 1]
    return (np.exp(-(ky**2 + kx**2) * sigma**2 / 2) * top_hat).astype(np.float32)


def _odd_width(redshift: float, cell_mpc: float) -> int:
    """Cells of the top-hat: the odd number that tools21cm takes for the resolution."""
    return 2 * int(resolution_mpc(redshift) / cell_mpc / 2) + 1


def _top_hat(n: int, redshift: float, cell_mpc: float) -> NDArray[np.float32]:
    """Transfer function of the top-hat along one axis, (n,) in the order of fft."""
    half = _odd_width(redshift, cell_mpc) // 2
    phase = 2 * np.pi * np.arange(1, half + 1) * np.arange(n)[:, None] / n
    return ((1 + 2 * np.cos(phase).sum(axis=1)) / (2 * half + 1)).astype(np.float32)


def _outside_wedge(shape: tuple[int, ...], redshift: float, cell_mpc: float) -> NDArray[np.bool_]:
    """The modes that are kept, (S, n, n // 2 + 1): fft along the line of sight, rfft2 across."""
    ky, kx = _wavenumbers(shape[1], cell_mpc)
    along = np.abs(2 * np.pi * fft.fftfreq(shape[0], cell_mpc)).astype(np.float32)
    horizon = (wedge_slope(redshift) * np.hypot(ky, kx)).astype(np.float32)
    return along[:, None, None] >= horizon


def _wavenumbers(n: int, cell_mpc: float) -> tuple[Floats, Floats]:
    """Transverse wavenumbers of rfft2 in 1/Mpc, (n, 1) and (1, n // 2 + 1)."""
    unit = 2 * np.pi
    return unit * fft.fftfreq(n, cell_mpc)[:, None], unit * fft.rfftfreq(n, cell_mpc)[None]


def _hubble(redshift: float) -> float:
    """H(z) in km/s/Mpc."""
    return HUBBLE_KM_S_MPC * float(np.sqrt(OMEGA_M * (1 + redshift) ** 3 + 1 - OMEGA_M))


@lru_cache(maxsize=4096)
def _distance_mpc(redshift: float) -> float:
    """Comoving distance in Mpc."""
    return _LIGHT_KM_S * integrate.quad(lambda z: 1 / _hubble(z), 0, redshift)[0]


@lru_cache(maxsize=2)
def _baselines(array: str) -> tuple[Floats, Floats]:
    """Length in m and density per m^2 of the uv plane of the baselines of an array."""
    table = np.loadtxt(_TABLE, delimiter=",", skiprows=3)
    return table[:, 0], table[:, 1 if array == "aa_star" else 2]


def _check_stack(stack: ArrayLike) -> NDArray[np.float32]:
    array = np.asarray(stack)
    if array.ndim not in (2, 3) or array.shape[-1] != array.shape[-2] or array.shape[-1] < 8:
        raise ValueError(
            f"The image has shape {array.shape}; one square image (n, n) or slices (S, n, n) of at "
            "least 8 cells a side are needed."
        )
    if array.dtype.kind not in "fiu" or array.size == 0:
        raise ValueError("The image has to hold real numbers, the brightness temperature in mK.")
    values = array.astype(np.float32)
    if not np.isfinite(values).all():
        raise ValueError("The image holds values that are not finite; mask or fill them first.")
    return values


def _check_numbers(redshift: float, cell_mpc: float, seed: int) -> None:
    low, high = REDSHIFT_RANGE
    if not low <= redshift <= high:  # also catches NaN
        raise ValueError(f"The redshift is {redshift:g}; choose from {low:g} to {high:g}.")
    if not 0.1 <= cell_mpc <= 16:
        raise ValueError(f"The cells are {cell_mpc:g} Mpc; choose from 0.1 to 16 Mpc.")
    check_seed(seed)
