"""Hold core.reionization.observation against tools21cm, on the same input.

    python -m training.reionization.check_observation [--data DIR --write]
    python -m training.reionization.check_observation --write-table    # the table of baselines, too

Noise (rms and power spectrum) of both SKA-Low layouts at several redshifts, and the smoothing of
one box. Prints one JSON line last; --write publishes docs/figures/observation.png. Needs tools21cm:
training/reionization/requirements.txt.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

import core.reionization.observation as ours
from core.files import write_whole
from core.reionization.constants import BOX_SIZE_MPC, HUBBLE_KM_S_MPC, N_CELLS, OMEGA_M
from core.reionization.observation import Array, Observation, noise_rms, observe
from core.statistics import power_spectrum
from training.evaluation.report import publish, refuse_partial, run

__all__ = ["CheckConfig", "baseline_table", "their_noise", "their_smoothing"]

Floats = NDArray[np.floating]
LAYOUTS: dict[Array, str] = {"aa_star": "AA*", "aa4": "AA4"}
STATIONS = {"aa_star": 307, "aa4": 512}
LEAST_BASELINES = 0.01  # in a uv cell, on average; tools21cm takes fewer for none
HOURS_A_DAY, DECLINATION = 6.0, -30.0
TABLE_REDSHIFTS = (7.0, 8.0, 9.0, 10.0)


@dataclass(frozen=True)
class CheckConfig:
    """What to compare.

    Args:
        data: folder with set_a.h5, or such a file, whose half-neutral box nearest to z = 8 is
            smoothed and drawn; without it a Gaussian field is.
        redshifts: of the noise.
        int_time: seconds between the snapshots of a day that tools21cm grids (its default, 10,
            takes minutes).
        realizations: of the noise of each array and redshift, averaged in the spectra.
        write_table: make core/reionization/uv_coverage.csv anew first.
        write: publish the figure.
    """

    data: Path | None = None
    redshifts: tuple[float, ...] = (7.0, 8.0, 9.0, 10.0)
    int_time: float = 120.0
    realizations: int = 12
    write_table: bool = False
    write: bool = False


class Spectra(NamedTuple):
    """Smoothed noise: wavenumbers in 1/Mpc, spectra in mK^2 Mpc^2, boxes (m, n, n, n) in mK."""

    redshift: float
    k: Floats
    my_power: Floats
    their_power: Floats
    mine: Floats
    theirs: Floats


@cache
def tools21cm() -> Any:
    """tools21cm with our cosmology; its own is WMAP7's."""
    import tools21cm

    tools21cm.set_hubble_h(HUBBLE_KM_S_MPC / 100)
    tools21cm.set_omega_matter(OMEGA_M)
    tools21cm.set_omega_lambda(1 - OMEGA_M)
    return tools21cm


@cache
def uv_map(array: Array, redshift: float, int_time: float) -> Floats:
    """Baselines in each uv cell of a box of ours, averaged over a day."""
    counts, _ = tools21cm().get_uv_map(
        N_CELLS,
        redshift,
        subarray_type=LAYOUTS[array],
        total_int_time=HOURS_A_DAY,
        int_time=int_time,
        boxsize=BOX_SIZE_MPC,
        declination=DECLINATION,
        verbose=False,
    )
    return counts


def their_noise(
    array: Array, redshift: float, hours: float, int_time: float, seed: int = 0
) -> Floats:
    """Noise by tools21cm before smoothing, mK, (N_CELLS, N_CELLS, N_CELLS), line of sight first."""
    t2c = tools21cm()
    distance = t2c.cosmo.z_to_cdist(redshift)
    edges = t2c.cosmo.cdist_to_z(distance + np.array([-0.5, 0.5]) * BOX_SIZE_MPC)
    depth_mhz = -np.diff(t2c.cosmo.z_to_nu(edges))[0] / N_CELLS
    rng = np.random.default_rng(seed)
    slices = [
        t2c.noise_map(
            N_CELLS,
            redshift,
            depth_mhz,
            obs_time=hours,
            subarray_type=LAYOUTS[array],
            boxsize=BOX_SIZE_MPC,
            int_time=int_time,
            uv_map=uv_map(array, redshift, int_time),
            N_ant=STATIONS[array],
            verbose=False,
            seed=rng,
        )
        for _ in range(N_CELLS)
    ]
    return t2c.jansky_2_kelvin(np.stack(slices), redshift, boxsize=BOX_SIZE_MPC, ncells=N_CELLS)


def their_smoothing(cube: Floats, redshift: float) -> Floats:
    """tools21cm's smooth_coeval at 2 km; line of sight first."""
    turned = np.moveaxis(cube, 0, 2)
    smooth = tools21cm().smooth_coeval(
        turned, redshift, boxsize=BOX_SIZE_MPC, max_baseline=2.0, verbose=False
    )
    return np.moveaxis(smooth, 2, 0)


def baseline_table(array: Array, int_time: float = 120.0) -> tuple[Floats, Floats]:
    """Length in m and the density of baselines per m^2 of the uv plane that the noise feels.

    The density is the mean in rings; where cells of a ring are sampled unevenly, or not at all, the
    density that gives the ring's mean noise power.
    """
    from tools21cm.radio_telescope_layout import earth_rotation_effect, subarray_type_to_antxyz

    stations = subarray_type_to_antxyz(LAYOUTS[array], verbose=False)[0].to("m").value
    i, j = np.triu_indices(len(stations), 1)
    edges = np.concatenate([np.arange(0, 400, 20), np.arange(400, 2600, 50),
                            np.geomspace(2600, 9000, 16)])
    counts = np.zeros(len(edges) - 1)
    snapshots = int(HOURS_A_DAY * 3600 / int_time)
    for step in range(snapshots):
        tracks = earth_rotation_effect(
            stations[i] - stations[j], step + 1, int_time, HOURS_A_DAY, DECLINATION
        )
        counts += np.histogram(np.hypot(tracks[:, 0], tracks[:, 1]), edges)[0]
    density = counts / snapshots / (np.pi * np.diff(edges**2))
    radius = (edges[1:] + edges[:-1]) / 2
    return radius, density / _unevenness(array, radius, density, int_time)


def _unevenness(array: Array, radius: Floats, density: Floats, int_time: float) -> Floats:
    """Mean noise power of a ring over that of an even ring, beyond 1 km (else 1)."""
    total, cells = np.zeros((2, len(radius)))
    steps = np.fft.fftfreq(N_CELLS, 1 / N_CELLS)
    for redshift in TABLE_REDSHIFTS:
        counts = uv_map(array, redshift, int_time)
        wavelength = 0.211061 * (1 + redshift)
        cell_m = wavelength * tools21cm().cosmo.z_to_cdist(redshift) / BOX_SIZE_MPC
        distance = np.hypot(steps[:, None], steps[None]) * cell_m
        sampled = counts >= LEAST_BASELINES
        even = np.interp(distance, radius, density) * cell_m**2
        power = np.where(sampled, even / np.where(sampled, counts, 1), 0)
        for row in np.flatnonzero(radius > 1000):
            ring = np.abs(distance - radius[row]) < max(cell_m / 3, 0.03 * radius[row])
            total[row] += power[ring].sum()
            cells[row] += ring.sum()
    factor = np.where(cells > 0, total / np.maximum(cells, 1), 1)
    return np.maximum(factor, 1e-3)


def write_table(int_time: float) -> None:
    """Write core/reionization/uv_coverage.csv."""
    radius, aa_star = baseline_table("aa_star", int_time)
    _, aa4 = baseline_table("aa4", int_time)
    rows = "\n".join(
        f"{r:.1f},{a:.4g},{b:.4g}" for r, a, b in zip(radius, aa_star, aa4, strict=True)
    )
    text = (
        "# Baselines of SKA-Low per square metre of the uv plane, averaged over tracks of 6 h at\n"
        "# declination -30 deg; made by python -m training.reionization.check_observation\n"
        f"baseline_m,aa_star,aa4\n{rows}\n"
    )
    write_whole(ours._TABLE, text.encode())
    ours._baselines.cache_clear()
    ours._noise_rms.cache_clear()


def example_box(data: Path | None) -> tuple[Floats, float]:
    """A box in mK and its redshift."""
    if data is None:
        rng = np.random.default_rng(0)
        modes = np.fft.rfftn(rng.standard_normal((N_CELLS,) * 3))
        k = [np.fft.fftfreq(N_CELLS), np.fft.fftfreq(N_CELLS), np.fft.rfftfreq(N_CELLS)]
        modulus = np.sqrt(sum(np.square(g) for g in np.meshgrid(*k, indexing="ij")))
        modes *= np.maximum(modulus, 1 / N_CELLS) ** -1.2
        cube = np.fft.irfftn(modes, s=(N_CELLS,) * 3)
        return 8 * cube / cube.std(), 8.0
    import h5py

    with h5py.File(data / "set_a.h5" if data.is_dir() else data) as file:
        redshift = file["redshift"][:]
        row = int((np.abs(redshift - 8) + 5 * np.abs(file["x_hi_mean"][:] - 0.5)).argmin())
        return file["brightness_temp"][row].astype(float), float(redshift[row])


def compare_noise(config: CheckConfig) -> tuple[dict[str, float], dict[Array, Spectra]]:
    """How far our noise is from theirs, and the spectra at the second redshift.

    Ours goes through observe, theirs through smooth_coeval; the spectra are compared where they are
    above 2% of their maximum (beyond, smoothing has left nothing).
    """
    metrics: dict[str, float] = {}
    spectra: dict[Array, Spectra] = {}
    shown = config.redshifts[min(1, len(config.redshifts) - 1)]
    rms_errors, spectrum_errors = [], []
    for array in LAYOUTS:
        for redshift in config.redshifts:
            s = noise_spectra(array, redshift, config)
            name = f"noise_{array}_z{redshift:g}"
            metrics[name] = float(s.mine.std())
            metrics[f"{name}_computed"] = noise_rms(redshift, Observation(array, 1000.0))
            metrics[f"{name}_tools21cm"] = float(s.theirs.std())
            rms_errors += [
                abs(metrics[key] / metrics[f"{name}_tools21cm"] - 1)
                for key in (name, f"{name}_computed")
            ]
            keep = s.their_power > 0.02 * s.their_power.max()
            spectrum_errors.append(np.abs(s.my_power / s.their_power - 1)[keep].max())
            if redshift == shown:
                spectra[array] = s
    metrics["noise_rms_error"] = float(max(rms_errors))
    metrics["noise_spectrum_error"] = float(max(spectrum_errors))
    return metrics, spectra


def noise_spectra(array: Array, redshift: float, config: CheckConfig) -> Spectra:
    """Noise of 1,000 h, ours and theirs."""
    empty = np.zeros((N_CELLS,) * 3)
    mine, theirs = [], []
    for seed in range(config.realizations):
        noise = their_noise(array, redshift, 1000.0, config.int_time, seed)
        smooth = their_smoothing(noise, redshift)
        theirs.append(smooth - smooth.mean(axis=(1, 2), keepdims=True))
        mine.append(observe(empty, redshift, Observation(array, 1000.0), seed=seed))
    k, my_power = power_spectrum(np.concatenate(mine), BOX_SIZE_MPC, n_bins=9)
    _, their_power = power_spectrum(np.concatenate(theirs), BOX_SIZE_MPC, n_bins=9)
    return Spectra(
        redshift, k, my_power.mean(axis=0), their_power.mean(axis=0), np.stack(mine),
        np.stack(theirs),
    )


def compare_smoothing(cube: Floats, redshift: float) -> dict[str, float]:
    """Ours (noise subtracted) minus theirs over the smoothed signal's rms; CPU time of both."""
    observation = Observation("aa4", 10000.0)
    noise = observe(np.zeros_like(cube), redshift, observation)
    start = time.process_time()
    mine = observe(cube, redshift, observation) - noise
    middle = time.process_time()
    theirs = their_smoothing(cube, redshift)
    end = time.process_time()
    theirs -= theirs.mean(axis=(1, 2), keepdims=True)
    return {
        "seconds": middle - start,
        "smooth_coeval_seconds": end - middle,
        "signal_rms": float(mine.std()),
        "signal_rms_tools21cm": float(theirs.std()),
        "smoothing_error": float((mine - theirs).std() / theirs.std()),
    }


def draw(cube: Floats, redshift: float, spectra: dict[Array, Spectra]) -> Figure:
    """The box as simulated and as observed, above noise of ours and theirs."""
    figure = Figure(figsize=(13, 6.4), layout="constrained")
    axes = figure.subplots(2, 4)
    observations = [
        Observation(),
        Observation("aa4"),
        Observation("aa_star"),
        Observation("aa4", wedge=True),
    ]
    for axis, o in zip(axes[0], observations, strict=True):
        image = observe(cube, redshift, o)[N_CELLS // 2]
        _image(figure, axis, image, f"{o.describe()}\nz = {redshift:.2f}", "inferno")
    for axis, (array, s) in zip(axes[1], spectra.items(), strict=False):
        axis.loglog(s.k, s.their_power, "k-", label="tools21cm")
        axis.loglog(s.k, s.my_power, "C1--", lw=2, label="CosmoDesk")
        top = s.their_power.max()
        axis.set(xlabel="k [1/Mpc]", ylabel="P [mK$^2$ Mpc$^2$]", ylim=(top * 1e-5, top * 3))
        axis.set_title(f"noise, {LAYOUTS[array]}, 1,000 h, z = {s.redshift:g}", fontsize=9)
        axis.legend()
    s = spectra["aa4"]
    for axis, name, noise in zip(
        axes[1, 2:], ("CosmoDesk", "tools21cm"), (s.mine, s.theirs), strict=True
    ):
        _image(figure, axis, noise[0, 0], f"noise, AA4, {name}", "gray", 12.0)
    return figure


def _image(
    figure: Figure, axis: Any, image: Floats, title: str, cmap: str, limit: float | None = None
) -> None:
    low = None if limit is None else -limit
    side = (0, BOX_SIZE_MPC, 0, BOX_SIZE_MPC)
    drawn = axis.imshow(image, extent=side, origin="lower", cmap=cmap, vmin=low, vmax=limit)
    figure.colorbar(drawn, ax=axis, shrink=0.8, label="mK")
    axis.set_title(title, fontsize=9)
    axis.set(xlabel="Mpc", xticks=[0, 64, 128], yticks=[0, 64, 128])


def check(config: CheckConfig) -> dict[str, float]:
    """Compare and return the numbers; publish the figure if that is asked for."""
    partial = "" if config.data is not None else "without --data a Gaussian field is observed"
    refuse_partial(config.write, partial)
    if config.write_table:
        write_table(config.int_time)
    metrics, spectra = compare_noise(config)
    cube, redshift = example_box(config.data)
    metrics |= compare_smoothing(cube, redshift)
    publish(metrics, write=config.write, partial=partial,
            figures={"observation.png": lambda: draw(cube, redshift, spectra)})
    return metrics


if __name__ == "__main__":
    run(check, CheckConfig, __doc__)
