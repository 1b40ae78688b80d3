"""Many HI maps to a file: HDF5, or a folder in the CMD layout.

    python -m core.hydrogen.bulk --model HIGlow --n 10000 --output maps.h5
    python -m core.hydrogen.bulk --n 5000 --omega-m 0.3 --sigma-8 0.8 --output fiducial.h5
    python -m core.hydrogen.bulk --n 15000 --omega-m 0.2 0.4 --output data/higlow

A parameter is one value, or two for a range (the model's own by default), over which a Latin
hypercube is drawn. HDF5 has `maps` (n, 64, 64) float32 in (Msun/h)/(Mpc/h)^2 and `parameters`
(n, 2). A folder has Maps_HI_{model}_LH_z=0.00.npy and params_LH_{model}.txt, 15 maps a cosmology,
as training and core.fields.CamelsMaps read them. Memory does not grow with --n. A run that was
killed goes on where it was when the same command is given again, and ends with the same file.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from core.fields import MAPS_PER_SIMULATION, OMEGA_M_RANGE, SIGMA_8_RANGE
from core.hydrogen.bulk_file import MapFile, finished
from core.hydrogen.hi_cdm import HICDM
from core.hydrogen.higlow import HIGlow
from core.hydrogen.parameters import check_parameters
from core.weights import model_folder

__all__ = ["Bulk", "design", "main", "make"]

MODELS: dict[str, type[HIGlow] | type[HICDM]] = {"HIGlow": HIGlow, "HICDM": HICDM}
_SAVE_SECONDS = 2.0


@dataclass(frozen=True)
class Bulk:
    """What to make.

    Attributes:
        output: ending in .h5 for HDF5, else a folder in the CMD layout.
        n: number of maps.
        model: "HIGlow" or "HICDM".
        omega_m, sigma_8: one value, or the two ends of a range.
        seed: noise seed of the maps, and seed of the Latin hypercube; 0 or larger.
        batch_size: maps at a time.
        weights: folder of the model; the shipped one by default.
        device: torch device; by default COSMODESK_DEVICE, else "cuda" where there is one.
    """

    output: Path
    n: int
    model: str = "HIGlow"
    omega_m: tuple[float, ...] = OMEGA_M_RANGE
    sigma_8: tuple[float, ...] = SIGMA_8_RANGE
    seed: int = 0
    batch_size: int = 16
    weights: Path | None = None
    device: str | None = None

    @property
    def maps_a_row(self) -> int:
        """Maps that share a cosmology."""
        return 1 if self.output.suffix.lower() in (".h5", ".hdf5") else MAPS_PER_SIMULATION

    def check(self) -> None:
        """Refuse what cannot be made.

        Raises:
            ValueError: in one sentence.
        """
        if self.model not in MODELS:
            raise ValueError(f"The model {self.model} is not one of {', '.join(MODELS)}.")
        if self.n < 1 or self.seed < 0 or self.batch_size < 1:
            raise ValueError("--n and --batch-size must be 1 or more and --seed 0 or more.")
        if self.n % self.maps_a_row:
            raise ValueError(
                f"The CMD layout has {MAPS_PER_SIMULATION} maps a cosmology; --n must be a "
                f"multiple of that, or --output end in .h5."
            )
        for name, value in (("--omega-m", self.omega_m), ("--sigma-8", self.sigma_8)):
            if len(value) not in (1, 2) or list(value) != sorted(value):
                raise ValueError(f"{name} takes one value, or the lower and upper end of a range.")
        for omega_m in self.omega_m:
            for sigma_8 in self.sigma_8:
                check_parameters(omega_m, sigma_8)


def design(bulk: Bulk) -> NDArray[np.float64]:
    """(n, 2) Omega_m and sigma_8 of each map; maps of one cosmology stand together."""
    rows = bulk.n // bulk.maps_a_row
    cube = qmc.LatinHypercube(2, rng=np.random.default_rng([bulk.seed, 2])).random(rows)
    low, high = np.transpose([(v[0], v[-1]) for v in (bulk.omega_m, bulk.sigma_8)])
    # rounded as the text file of the CMD layout has them: maps and parameters agree to the digit
    return np.repeat(np.round(low + cube * (high - low), 6), bulk.maps_a_row, axis=0)


def make(bulk: Bulk, quiet: bool = False) -> int:
    """Make the maps, or those that are missing; return how many that were.

    Raises:
        ValueError: in one sentence.
        core.weights.ModelNotFoundError: if there is no such model.
    """
    bulk.check()
    kind = MODELS[bulk.model]
    folder = bulk.weights or kind.folder
    settings = _settings(bulk, model_folder(folder))
    if finished(bulk.output, settings):
        return 0
    model = kind.load(folder, device=bulk.device)
    parameters = design(bulk)
    file = MapFile(bulk.output, parameters, model.size, settings)
    begun = file.done
    progress = _Progress(bulk.n, begun, quiet)
    saved = time.monotonic()
    with contextlib.closing(file):
        for first in range(begun, bulk.n, bulk.batch_size):
            omega_m, sigma_8 = parameters[first : first + bulk.batch_size].T
            maps = model.sample_each(
                omega_m, sigma_8, bulk.seed, first=first, batch_size=bulk.batch_size
            )
            file.write(first, maps)
            progress(first + len(maps))
            # only between whole batches: after a kill they are cut as before, to the last bit
            if time.monotonic() - saved > _SAVE_SECONDS:
                file.save(first + len(maps))
                saved = time.monotonic()
        file.finish()
    return bulk.n - begun


def _settings(bulk: Bulk, folder: Path) -> dict[str, Any]:
    """What the maps follow from."""
    meta = json.loads((folder / "config.json").read_text())["_meta"]
    return {
        "suite": bulk.model, "weights_sha256": meta["sha256"], "n": bulk.n, "seed": bulk.seed,
        "omega_m": list(bulk.omega_m), "sigma_8": list(bulk.sigma_8),
        "batch_size": bulk.batch_size,
        "note": "Drawn by a model trained on stand-in simulations; these are not CAMELS data.",
    }  # fmt: skip


class _Progress:
    """A line that shows the progress about once a second."""

    def __init__(self, total: int, begun: int, quiet: bool) -> None:
        self.total, self.begun, self.quiet = total, begun, quiet
        self.start = self.shown = time.monotonic()

    def __call__(self, done: int) -> None:
        now = time.monotonic()
        if self.quiet or (now - self.shown < 1.0 and done < self.total):
            return
        self.shown = now
        rate = (done - self.begun) / max(now - self.start, 1e-9)
        left = (self.total - done) / rate
        line = f"{done:,} of {self.total:,} maps, {rate:.1f} a second, {left:.0f} s left"
        sys.stderr.write(f"\r{line:<70}" + ("\n" if done == self.total else ""))
        sys.stderr.flush()


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line; the last line printed is JSON."""
    options = _parser().parse_args(arguments)
    start = time.monotonic()
    try:
        if options.threads:
            import torch

            torch.set_num_threads(options.threads)
        made = make(Bulk(
            output=options.output, n=options.n, model=options.model,
            omega_m=tuple(options.omega_m), sigma_8=tuple(options.sigma_8), seed=options.seed,
            batch_size=options.batch_size, weights=options.weights, device=options.device,
        ))  # fmt: skip
    except (ValueError, OSError) as error:
        raise SystemExit(f"\n{error}") from error
    except KeyboardInterrupt:
        raise SystemExit("\nStopped; the same command goes on from here.") from None
    seconds = time.monotonic() - start
    print(json.dumps({
        "output": str(options.output), "maps": options.n, "made_now": made,
        "seconds": round(seconds, 1), "maps_per_second": round(made / seconds, 2),
        "peak_memory_mb": _peak_memory_mb(),
    }))  # fmt: skip


def _peak_memory_mb() -> int | None:
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (2**20 if sys.platform == "darwin" else 2**10))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m core.hydrogen.bulk", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--output", type=Path, required=True, help="a file ending in .h5, or a folder")
    add("--n", type=int, required=True, help="number of maps")
    add("--model", default="HIGlow", choices=list(MODELS))
    add("--omega-m", type=float, nargs="+", default=OMEGA_M_RANGE, help="a value, or a range")
    add("--sigma-8", type=float, nargs="+", default=SIGMA_8_RANGE, help="a value, or a range")
    add("--seed", type=int, default=0)
    add("--batch-size", type=int, default=16, help="maps at a time")
    add("--weights", type=Path, help="folder of the model")
    add("--device", help="torch device")
    add("--threads", type=int, default=0, help="CPU threads (0: torch's choice)")
    return parser


if __name__ == "__main__":
    main()
