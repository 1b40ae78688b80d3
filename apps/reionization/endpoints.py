"""The endpoints for gradio_client; names and arguments are a promise."""

from __future__ import annotations

import re
from collections.abc import Callable
from textwrap import indent
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from apps.reionization import inputs, models
from apps.reionization.observing import ObservedImage, observation_of, observe_image
from apps.reionization.pages.history import MAX_FILES, reconstruct, table_of
from apps.reionization.pages.ionize import Slice, draw
from apps.reionization.pages.neutral_fraction import answer, read
from apps.reionization.pages.same_spectrum import largest_difference, phase_randomised_image
from apps.reionization.pages.sources import judge, trust
from apps.shared import checks, endpoints
from apps.shared.endpoints import ComputedValue, Endpoint
from apps.shared.page.pages import MODEL_EVENT
from core.reionization.constants import CELL_MPC

__all__ = ["ENDPOINTS", "serve"]


def serve() -> None:
    """Offer the endpoints, inside the app that is open."""
    endpoints.serve(ENDPOINTS, **MODEL_EVENT)


def _rounded(values: NDArray[Any]) -> list:
    """Numbers as JSON has them, to five decimals."""
    return values.astype(float).round(5).tolist()


_OBSERVED = """\
array: "none", "aa_star" or "aa4" of SKA-Low.
hours: of integration, 100 to 10000.
wedge: whether the foreground wedge is, or was, removed.
observed: true for what was observed that way already; false to observe it first.
cell_mpc: comoving side of a pixel, Mpc.
seed: noise seed, if it is observed first."""

_IMAGE = f"""\
image: (n, n) or (slices, n, n) nested lists: brightness temperature in mK.
redshift: 7 to 10.
{_OBSERVED}"""

_Function = TypeVar("_Function", bound=Callable[..., Any])


def _described(function: _Function) -> _Function:
    """Put the arguments of an image, or of how it was observed, into the docstring that names
    them: what a program and the API page read is whole."""
    doc = function.__doc__ or ""
    for name, words in (("{an image}", _IMAGE), ("{how it was observed}", _OBSERVED)):
        if line := re.search(rf"(?m)^( *){re.escape(name)}$", doc):
            doc = doc.replace(line[0], indent(words, line[1]))
    function.__doc__ = doc
    return function


def _observed(
    image: list, redshift: float, *, array: str, hours: float, wedge: bool, observed: bool,
    cell_mpc: float, seed: int,
) -> ObservedImage:
    """An image that came with the arguments of :data:`_IMAGE`."""
    kind = "observed" if observed else "clean"
    input_image = inputs.from_values(image, redshift, cell_mpc, kind)
    return observe_image(input_image, observation_of(array, hours, wedge), seed)


@_described
def api_neutral_fraction(
    image: list, redshift: float, array: str = "none", hours: float = 1000.0, wedge: bool = False,
    observed: bool = True, cell_mpc: float = 2.0, seed: int = 1,
) -> dict:
    """p(x_HI | image): the mean neutral fraction of a 21 cm image.

    Args:
        {an image}

    Returns:
        x_hi with mean, std, 68% and 95% intervals; the posterior on a grid, and that from moments
        and power spectrum alone; and whether the image is unlike the training data, with the
        reason.
    """
    return answer(read(_observed(
        image, redshift, array=array, hours=hours, wedge=wedge, observed=observed,
        cell_mpc=cell_mpc, seed=seed,
    )))


def api_observe(
    image: list, redshift: float, array: str = "aa4", hours: float = 1000.0, wedge: bool = False,
    cell_mpc: float = 2.0, seed: int = 1,
) -> dict:
    """What SKA-Low leaves of a simulated 21 cm image.

    Args:
        image: (n, n) or (slices, n, n) nested lists: brightness temperature in mK; the wedge needs
            16 neighbouring slices or more.
        redshift: 7 to 10.
        array: "none", "aa_star" or "aa4".
        hours: of integration, 100 to 10000.
        wedge: whether to remove the foreground wedge.
        cell_mpc: comoving side of a pixel, Mpc.
        seed: noise seed.

    Returns:
        image of the same shape in mK, slice means removed, and the observation in words.
    """
    observed = _observed(
        image, redshift, array=array, hours=hours, wedge=wedge, observed=False, cell_mpc=cell_mpc,
        seed=seed,
    )
    return {"image": _rounded(observed.image), "units": "mK",
            "observation": observed.observation.describe()}


@_described
def api_sources(
    image: list, redshift: float, array: str = "none", hours: float = 1000.0, wedge: bool = False,
    observed: bool = True, cell_mpc: float = 2.0, seed: int = 1,
) -> dict:
    """Probability that AGN, not galaxies, made the bubbles of a 21 cm image.

    Args:
        {an image}

    Returns:
        probability_agn, and the same from the power spectrum alone; how often held-out images with
        such a probability were lit by AGN, in words; and whether the image is unlike the training
        data, with the reason.
    """
    input_image = _observed(
        image, redshift, array=array, hours=hours, wedge=wedge, observed=observed,
        cell_mpc=cell_mpc, seed=seed,
    )
    verdict = judge(input_image)
    return {
        "probability_agn": verdict.p_agn,
        "probability_agn_power_spectrum": verdict.p_spectrum,
        "reliability": trust(verdict.p_agn, models.sources().reliability(input_image.observation)),
        "unlike_training": bool(verdict.out_of_distribution.unlike_training),
        "reason": verdict.out_of_distribution.reason,
    }


def api_ionize(density: list, x_hi: float, redshift: float, n: int = 1, seed: int = 1) -> dict:
    """Ionization fields of a slice of the density.

    Args:
        density: 64 lists of 64 values: overdensity of a slice with cells of 2 Mpc; or an odd stack
            of neighbouring slices with that slice in the middle.
        x_hi: mean neutral fraction of the slice, 0.02 to 0.98.
        redshift: 7 to 10.
        n: number of samples, 1 to 6.
        seed: 0 to 2147483647; sample i of a seed does not depend on n.

    Returns:
        x_hi (n, 64, 64), the neutral fraction of every cell, and expected (64, 64), the one-pass
        network's answer.
    """
    field = inputs.from_values(density, redshift, CELL_MPC, "clean").image
    drawn = draw(Slice(field, inputs.redshift_of(redshift), None, "density"), x_hi, n, seed)
    return {
        "x_hi": _rounded(drawn.samples), "expected": _rounded(drawn.expected),
        "x_hi_asked": drawn.x_hi, "redshift": float(drawn.given.redshift), "seed": drawn.seed,
    }


@_described
def api_history(
    images_at: list, redshifts: list, array: str = "none", hours: float = 1000.0,
    wedge: bool = False, observed: bool = True, cell_mpc: float = 2.0, seed: int = 1,
) -> dict:
    """The reionization history and the optical depth from images at several redshifts.

    Args:
        images_at: one image (n, n) or stack (slices, n, n) for each redshift, in mK.
        redshifts: of the images, 7 to 10.
        {how it was observed}

    Returns:
        redshift grid with median and bands of x_HI, tau with mean and std, the midpoint of
        reionization, and x_hi of each image.
    """
    if not 0 < len(images_at) == len(redshifts) <= MAX_FILES:
        raise ValueError(f"Give as many redshifts as images, 1 to {MAX_FILES} of each.")
    observation = observation_of(array, hours, wedge)
    kind = "observed" if observed else "clean"
    chosen = [inputs.from_values(image, z, cell_mpc, kind)
              for image, z in zip(images_at, redshifts, strict=True)]
    in_order = sorted(chosen, key=lambda image: image.redshift)
    observed_images = [observe_image(image, observation, checks.seed(seed) + i)
                       for i, image in enumerate(in_order)]
    series = reconstruct(observed_images, [read(image) for image in observed_images])
    history = series.history
    return {
        **{name: _rounded(values) for name, values in table_of(series).items()},
        "tau": {"mean": float(history.tau.mean()), "std": float(history.tau.std())},
        "midpoint": float(np.median(history.midpoint)),
        "images": [{"redshift": float(image.redshift), **reading.found["x_HI"]}
                   for image, reading in zip(series.observed, series.readings, strict=True)],
    }


@_described
def api_twin(
    image: list, redshift: float, array: str = "none", hours: float = 1000.0, wedge: bool = False,
    observed: bool = True, cell_mpc: float = 2.0, seed: int = 1, phases: int = 1,
) -> dict:
    """A 21 cm image with the same P(k), mode by mode, and random phases.

    Args:
        {an image}
        phases: phase seed.

    Returns:
        twin, the phase-randomised image, of the image's shape; the largest relative difference of
        the spectra; and what the network says of the image (image) and of the phase-randomised one
        (of_twin).
    """
    original = _observed(
        image, redshift, array=array, hours=hours, wedge=wedge, observed=observed,
        cell_mpc=cell_mpc, seed=seed,
    )
    randomised = phase_randomised_image(original, phases)
    return {
        "twin": _rounded(randomised.image),
        "largest_power_difference": largest_difference(original.image, randomised.image),
        "image": answer(read(original)),
        "of_twin": answer(read(randomised)),
    }


_EXAMPLE = ComputedValue("[[20.0 * (i // 8 + j // 8 < 8) for j in range(64)] for i in range(64)]")

ENDPOINTS = (
    Endpoint(api_neutral_fraction, "neutral_fraction", {"image": _EXAMPLE, "redshift": 8.0},
            'answer["x_hi"]["mean"], answer["unlike_training"]'),
    Endpoint(api_observe, "observe", {"image": _EXAMPLE, "redshift": 8.0, "array": "aa4",
                                     "hours": 1000.0}, 'answer["observation"]'),
    Endpoint(api_sources, "sources", {"image": _EXAMPLE, "redshift": 8.0},
            'answer["probability_agn"]'),
    Endpoint(api_ionize, "ionize", {
        "density": ComputedValue("[[0.3 * ((i + j) % 16 - 7.5) / 7.5 for j in range(64)] "
                        "for i in range(64)]"),
        "x_hi": 0.5, "redshift": 8.0, "n": 1,
    }, 'answer["x_hi"][0][0][:3]'),
    Endpoint(api_history, "history", {
        "images_at": ComputedValue("[[[20.0 * (i // 8 + j // 8 < n) for j in range(64)] "
                          "for i in range(64)] for n in (5, 9)]"),
        "redshifts": [7.5, 9.0],
    }, 'answer["tau"], answer["midpoint"]'),
    Endpoint(api_twin, "twin", {"image": _EXAMPLE, "redshift": 8.0, "phases": 1},
            'answer["largest_power_difference"]'),
)
