"""A tiny set of maps in the CMD layout whose statistics depend on two parameters."""

from pathlib import Path

import numpy as np


def write_maps(folder: Path, dataset: str, simulations: int, seed: int = 0,
               fixed: tuple[tuple[float, float], ...] = ()) -> None:
    """Log-normal maps of 64 pixels: Omega_m sets the level, sigma_8 the contrast.

    Args:
        folder: of the set.
        dataset: "LH", "TEST" or "FIX".
        simulations: in all, or at each of ``fixed``.
        seed: random seed of everything.
        fixed: cosmologies to repeat; a uniform draw otherwise.
    """
    rng = np.random.default_rng(seed)
    if fixed:
        parameters = np.repeat(np.array(fixed), simulations, axis=0)
    else:
        parameters = rng.uniform([0.1, 0.6], [0.5, 1.0], size=(simulations, 2))
    k = np.hypot(np.fft.fftfreq(64)[:, None], np.fft.rfftfreq(64)[None]) + 1 / 64
    noise = rng.standard_normal((len(parameters), 15, 64, 64))
    g = np.fft.irfft2(np.fft.rfft2(noise) * k**-0.8, s=(64, 64))
    g /= g.std(axis=(2, 3), keepdims=True)
    level = 4.2 + 1.5 * parameters[:, 0]
    log = level[:, None, None, None] + 0.6 * parameters[:, 1, None, None, None] * g
    log += 0.8 * np.maximum(g - 1, 0)
    folder.mkdir(parents=True, exist_ok=True)
    maps = (10**log).astype(np.float32).reshape(-1, 64, 64)
    np.save(folder / f"Maps_HI_Toy_{dataset}_z=0.00.npy", maps)
    table = np.hstack([parameters, np.ones((len(parameters), 4))])
    np.savetxt(folder / f"params_{dataset}_Toy.txt", table, "%.6f")
