"""Maps a second: HI-CDM beside diffusers' DDPM at 1,000 steps and beside the simulation.

    python -m benchmarks.hydrogen [--maps 16] [--ddpm-steps 1000]

The peer is the scheduler of the diffusers library (DDPMScheduler, 1,000 ancestral steps) around the
same trained network, so that both draw from one model and only the sampling differs. P(k) errors
are against the simulations' median at that cosmology, over the same k; with few maps they share a
large sample variance, printed as the spread of HI-CDM over seeds. Ratios within one run.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray

from core.hydrogen.hi_cdm import HICDM
from core.hydrogen.parameters import scale_parameters
from core.hydrogen.reference import SimulationBand
from core.statistics import power_spectrum

COSMOLOGY = (0.3, 0.8)
Floats = NDArray[np.floating]


@torch.inference_mode()
def ddpm(model: HICDM, n: int, steps: int, seed: int) -> Floats:
    """Maps by diffusers' ancestral sampler around HI-CDM's denoiser."""
    from diffusers import DDPMScheduler

    scheduler = DDPMScheduler(1000, beta_schedule="squaredcos_cap_v2", clip_sample=False)
    scheduler.set_timesteps(steps)
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(n, 1, model.size, model.size, generator=generator)
    condition = scale_parameters(*COSMOLOGY).expand(n, 2)
    for t in scheduler.timesteps:
        signal = scheduler.alphas_cumprod[t].clamp(min=1e-6)
        sigma = ((1 - signal) / signal).sqrt().clamp(max=model.config.sigma_max)
        denoised = model.denoiser(x / signal.sqrt(), sigma.expand(n), condition)
        noise = (x - signal.sqrt() * denoised) / (1 - signal).sqrt()
        x = scheduler.step(noise, t, x, generator=generator).prev_sample
    log_sigma = x[:, 0].numpy() * model.config.std + model.config.mean
    return np.asarray(10.0 ** np.clip(log_sigma, model.config.lowest, model.config.highest))


def power_error(maps: Floats) -> float:
    """Median |P / P_simulations - 1| of the log field for k from 0.3 to 8 h/Mpc."""
    band = SimulationBand.load().power_spectrum(*COSMOLOGY)
    k, power = power_spectrum(np.log10(maps))
    expected = np.exp(np.interp(np.log(k), np.log(band.x), np.log(band.median)))
    inside = (k > 0.3) & (k < 8)
    return float(np.median(np.abs(np.median(power, axis=0) / expected - 1)[inside]))


def timed(draw: Callable[[], Floats]) -> tuple[Floats, float]:
    """Maps and seconds a map."""
    start = time.perf_counter()
    maps = draw()
    return maps, (time.perf_counter() - start) / len(maps)


def main() -> None:
    """Time, compare and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--maps", type=int, default=16)
    parser.add_argument("--ddpm-steps", type=int, default=1000)
    arguments = parser.parse_args()
    n = arguments.maps
    model = HICDM.load(device="cpu")
    model.sample(*COSMOLOGY, steps=2)
    base = None
    print("sampler                     s/map   maps/s   P(k) error   times HI-CDM")
    for steps in (10, 20, model.config.steps, 2 * model.config.steps):
        maps, seconds = timed(lambda steps=steps: model.sample(*COSMOLOGY, n, 1, steps=steps))
        if steps == model.config.steps:
            base = seconds
        print(
            f"HI-CDM, {steps:2d} steps      {seconds:11.3f} {1 / seconds:8.2f} "
            f"{power_error(maps):10.3f}"
        )
    assert base is not None
    spread = np.std([power_error(model.sample(*COSMOLOGY, n, s)) for s in (2, 3, 4)])
    print(f"  (spread of that error over seeds: {spread:.3f})")

    from training.hydrogen.simulation.sets import simulate_one

    parameters = np.array([*COSMOLOGY, 1.0, 1.0])
    simulate_one(parameters, 0, 24, 64)  # compile
    maps, seconds = timed(lambda: simulate_one(parameters, 1, 64, 64))
    print(
        f"simulation, one core     {seconds:9.3f} {1 / seconds:8.2f} {power_error(maps):10.3f} "
        f"{seconds / base:10.2f}   (15 maps of one box at a time)"
    )
    maps, seconds = timed(lambda: ddpm(model, n, arguments.ddpm_steps, 1))
    print(
        f"diffusers DDPM, {arguments.ddpm_steps:4d}     {seconds:9.3f} {1 / seconds:8.2f} "
        f"{power_error(maps):10.3f} {seconds / base:10.2f}"
    )

    def peak(count: int) -> float:
        model.sample(*COSMOLOGY, count, steps=2)
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    few, many = peak(16), peak(256)
    print(f"memory, 16 -> 256 maps: {few:.0f} -> {many:.0f} MB")


if __name__ == "__main__":
    main()
