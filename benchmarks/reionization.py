"""Reionization: a telescope's view of a box, and radiation transport, beside the usual tools.

    python -m benchmarks.reionization

Observing a box of 64^3 cells beside tools21cm's noise and smooth_coeval, and the 64 slices of a box
from the radiation emulators beside 21cmFAST's ionization step. tools21cm and 21cmFAST are timed if
they are installed (training/reionization/requirements.txt). Ratios within one run, on one thread.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
import torch

from core.reionization.constants import N_CELLS
from core.reionization.observation import Observation, observe
from core.weights import ModelNotFoundError

REDSHIFT = 8.0


def seconds_of(work: Callable[[], object], repeats: int = 5) -> float:
    """Median CPU time."""
    work()
    times = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return float(np.median(times))


def observation() -> None:
    """Observe one box, ours and with tools21cm (its map of baselines made before)."""
    cube = np.random.default_rng(0).standard_normal((N_CELLS,) * 3).astype(np.float32)
    aa4 = Observation("aa4", 1000.0)
    ours = seconds_of(lambda: observe(cube, REDSHIFT, aa4))
    print(f"observe, one box               {1e3 * ours:9.1f} ms")
    if find_spec("tools21cm") is None:
        print("tools21cm is not installed")
        return
    from training.reionization.check_observation import their_noise, their_smoothing

    theirs = seconds_of(
        lambda: their_smoothing(cube + their_noise("aa4", REDSHIFT, 1000.0, 600.0), REDSHIFT)
    )
    print(f"tools21cm, the same            {1e3 * theirs:9.1f} ms   {theirs / ours:.1f} times ours")


def radiation() -> None:
    """A box of ionization fields, by diffusion and in one pass, and 21cmFAST's own step."""
    from core.reionization.radiation import Radiation
    from training.reionization.evaluate_radiation import simulator_seconds

    try:
        model = Radiation.load()
    except ModelNotFoundError as error:
        print(error)
        return
    density = np.random.default_rng(0).normal(0, 0.3, (N_CELLS, N_CELLS)).clip(-0.9)
    slice_seconds = seconds_of(lambda: model.sample(density, 0.5, REDSHIFT), 3)
    pass_seconds = seconds_of(lambda: model.denoise(density, 0.5, REDSHIFT), 3)
    print(f"diffusion, one slice           {1e3 * slice_seconds:9.1f} ms")
    print(f"U-Net in one pass, one slice   {1e3 * pass_seconds:9.1f} ms")
    simulator = simulator_seconds()
    if simulator is None:
        print("21cmFAST is not installed")
        return
    print(
        f"21cmFAST's step, one box       {1e3 * simulator:9.1f} ms   64 slices by diffusion take "
        f"{N_CELLS * slice_seconds / simulator:.1f} times as long, in one pass "
        f"{N_CELLS * pass_seconds / simulator:.1f} times"
    )


def main() -> None:
    """Both."""
    torch.set_num_threads(1)
    observation()
    radiation()


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()  # it takes nothing but --help
    main()
