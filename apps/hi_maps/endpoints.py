"""The endpoints for gradio_client; names and arguments are a promise."""

from __future__ import annotations

from typing import Any

import numpy as np

from apps.hi_maps import inputs, models
from apps.hi_maps.models import PARAMETER_NAMES, Drawn
from apps.hi_maps.pages.compare import pair_of
from apps.hi_maps.pages.generate import walk_draws
from apps.hi_maps.pages.same_spectrum import largest_difference, phase_randomised_map
from apps.shared import checks, endpoints
from apps.shared.endpoints import ComputedValue, Endpoint
from apps.shared.page.intervals import intervals
from apps.shared.page.pages import MODEL_EVENT
from core.fields import BOX_SIZE_MPC_H, SIGMA_UNITS
from core.statistics import log_field, moments, overdensity, power_spectrum

__all__ = ["ENDPOINTS", "serve"]


def serve() -> None:
    """Offer the endpoints, inside the app that is open."""
    endpoints.serve(ENDPOINTS, **MODEL_EVENT)


def _answer(drawn: Drawn) -> dict[str, Any]:
    k, power_log = power_spectrum(log_field(drawn.maps))
    return {
        "model": drawn.model,
        "omega_m": drawn.omega_m,
        "sigma_8": drawn.sigma_8,
        "seed": drawn.seed,
        "units": SIGMA_UNITS,
        "box_size_mpc_h": BOX_SIZE_MPC_H,
        "maps": drawn.maps.astype(float).tolist(),
        "k_h_mpc": k.tolist(),
        "power_spectrum_log": power_log.tolist(),
    }


def api_generate(
    omega_m: float = 0.3, sigma_8: float = 0.8, model: str = "HI-CDM", n: int = 1, seed: int = 1
) -> dict:
    """Neutral-hydrogen maps at a cosmology.

    Args:
        omega_m: matter density, 0.1 to 0.5.
        sigma_8: amplitude of fluctuations, 0.6 to 1.0.
        model: "HI-CDM" or "HIGlow".
        n: number of maps, 1 to 16.
        seed: 0 to 2147483647; the same seed gives the same maps.

    Returns:
        maps (n, 64, 64), linear, with units, box size, k in h/Mpc and P(k) of log10 Sigma.
    """
    return _answer(models.draw(model, omega_m, sigma_8, n, seed))


def api_walk(
    parameter: str = "omega_m", omega_m: float = 0.3, sigma_8: float = 0.8, model: str = "HI-CDM",
    seed: int = 1,
) -> list:
    """Seven maps of one seed along a parameter.

    Args:
        parameter: "omega_m" or "sigma_8", the one that is walked.
        omega_m: is held at this value if sigma_8 is walked.
        sigma_8: is held at this value if omega_m is walked.
        model: "HI-CDM" or "HIGlow".
        seed: 0 to 2147483647.

    Returns:
        Seven objects like that of generate.
    """
    for name, value in (("omega_m", omega_m), ("sigma_8", sigma_8)):
        checks.number(name, value, *models.RANGES[name], why="outside the trained range")
    return [_answer(d) for d in walk_draws(parameter, model, omega_m, sigma_8, seed)]


def api_compare(
    omega_m_a: float = 0.2, sigma_8_a: float = 0.8, omega_m_b: float = 0.4, sigma_8_b: float = 0.8,
    model: str = "HI-CDM", n: int = 1, seed: int = 1,
) -> dict:
    """Two cosmologies at the same seed.

    Args:
        omega_m_a: matter density of cosmology A, 0.1 to 0.5.
        sigma_8_a: amplitude of fluctuations of cosmology A, 0.6 to 1.0.
        omega_m_b: matter density of cosmology B.
        sigma_8_b: amplitude of fluctuations of cosmology B.
        model: "HI-CDM" or "HIGlow".
        n: maps of each, 1 to 8.
        seed: 0 to 2147483647.

    Returns:
        maps_a and maps_b (n, 64, 64), k in h/Mpc, and the ratios B / A of the median P(k) of
        log10 Sigma and of the overdensity.
    """
    a, b = pair_of(((omega_m_a, sigma_8_a), (omega_m_b, sigma_8_b)), model, n, seed)
    k, log_a = power_spectrum(log_field(a.maps))
    log_b = power_spectrum(log_field(b.maps))[1]
    delta_a, delta_b = (power_spectrum(overdensity(d.maps))[1] for d in (a, b))
    ratio_log = np.median(log_b, axis=0) / np.median(log_a, axis=0)
    ratio_delta = np.median(delta_b, axis=0) / np.median(delta_a, axis=0)
    return {
        "units": SIGMA_UNITS,
        "maps_a": a.maps.astype(float).tolist(),
        "maps_b": b.maps.astype(float).tolist(),
        "k_h_mpc": k.tolist(),
        "ratio_power_log": ratio_log.tolist(),
        "ratio_power_delta": ratio_delta.tolist(),
    }


def api_infer(map: list, method: str = "field", seed: int = 0) -> dict:  # noqa: A002
    """p(Omega_m, sigma_8 | map).

    Args:
        map: 64 lists of 64 values (or a multiple of 64): linear HI surface density in
            (Msun/h)/(Mpc/h)^2 at z = 0, box 25 Mpc/h, slab 5 Mpc/h.
        method: "field", "power_spectrum" or "likelihood".
        seed: sampling seed of the posterior.

    Returns:
        omega_m and sigma_8 with mean, std, 68% and 95% intervals; samples (n, 2); and whether the
        map is unlike the training data, with the reason.
    """
    sigma = inputs.from_values(map)
    posterior = models.posterior(sigma, method, checks.seed(seed))
    check = models.out_of_distribution(sigma)
    return {
        "method": method,
        **intervals(posterior, list(PARAMETER_NAMES)),
        "samples": np.asarray(posterior.samples, dtype=float).round(6).tolist(),
        "unlike_training": bool(check.unlike_training),
        "reason": check.reason,
    }


def api_twin(map: list, seed: int = 1) -> dict:  # noqa: A002
    """A map with the same P(k) of log10 Sigma, mode by mode, and random phases.

    Args:
        map: 64 lists of 64 values (or a multiple of 64), linear and positive.
        seed: phase seed, 0 to 2147483647.

    Returns:
        twin (64, 64), the phase-randomised map, linear; the largest relative difference of the
        spectra; and for the map and the phase-randomised map the skewness of log10 Sigma and
        whether it is unlike the training data.
    """
    sigma = inputs.from_values(map)
    randomised = phase_randomised_map(sigma, checks.seed(seed))
    pair = np.stack([sigma, randomised])
    unlike = [bool(models.out_of_distribution(one).unlike_training) for one in pair]
    return {
        "twin": randomised.tolist(),
        "largest_power_difference": largest_difference(sigma, randomised),
        "skewness": moments(log_field(pair)).skewness.tolist(),
        "unlike_training": unlike,
    }


_MAP = ComputedValue("[[1e6 * (1 + (3 * i + 5 * j) % 7) for j in range(64)] for i in range(64)]")

ENDPOINTS = (
    Endpoint(api_generate, "generate",
            {"omega_m": 0.3, "sigma_8": 0.8, "model": "HIGlow", "n": 2, "seed": 1},
            'answer["power_spectrum_log"][0][:3]'),
    Endpoint(api_walk, "walk", {"parameter": "sigma_8", "omega_m": 0.3, "model": "HIGlow"},
            '[drawn["sigma_8"] for drawn in answer]'),
    Endpoint(api_compare, "compare", {"omega_m_a": 0.2, "omega_m_b": 0.4, "model": "HIGlow"},
            'answer["ratio_power_log"][:3]'),
    Endpoint(api_infer, "infer", {"map": _MAP, "method": "field"},
            'answer["omega_m"]["mean"], answer["unlike_training"]'),
    Endpoint(api_twin, "twin", {"map": _MAP, "seed": 1}, 'answer["largest_power_difference"]'),
)
