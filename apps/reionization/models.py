"""What the pages ask of core: models that load on first use, or a sentence if one is missing."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from apps.shared.compute.executor import queued
from apps.shared.compute.gpu import lend
from core.weights import ModelNotFoundError

if TYPE_CHECKING:
    from core.reionization.neutral_fraction import NeutralFraction
    from core.reionization.radiation import Radiation
    from core.reionization.sources import Sources

__all__ = [
    "FOLDERS",
    "MissingModelError",
    "is_loaded",
    "neutral_fraction",
    "radiation",
    "sources",
]

T = TypeVar("T")
Progress = Callable[[float], None]

FOLDERS = {
    "neutral_fraction": "The network for the neutral fraction",
    "reionization_sources": "The network for the sources",
    "radiation": "The model of the ionization",
}
"""Model folders, and what the page calls them."""


class MissingModelError(ValueError):
    """A model is not on this machine; the message is for the page."""


_loaded: set[str] = set()


def is_loaded(folder: str) -> bool:
    """Whether the model was used before; the first use takes some seconds longer."""
    return folder in _loaded


def _or_say_so(folder: str, load: Callable[[], T]) -> T:
    try:
        model = load()
    except ModelNotFoundError as error:
        raise MissingModelError(
            f"{FOLDERS[folder]} is not on this machine, so this answer is left out; train it, or "
            f"put its folder {folder} among the weights, and open the page again."
        ) from error
    _loaded.add(folder)
    return queued(model, folder)


@functools.cache
def _neutral_fraction() -> NeutralFraction:
    from core.reionization.neutral_fraction import NeutralFraction

    return NeutralFraction.load(device="cpu")


@functools.cache
def _sources() -> Sources:
    from core.reionization.sources import Sources

    return Sources.load(device="cpu")


@functools.cache
def _radiation() -> Radiation:
    from core.reionization.radiation import Radiation

    return Radiation.load()


_lent_radiation = lend(_radiation, ("sample", "denoise"), duration=60)
"""The other networks are small and stay on the CPU."""


def open_all() -> None:
    """Open every model that is here, on its device."""
    for folder, load in (
        ("neutral_fraction", _neutral_fraction), ("reionization_sources", _sources),
        ("radiation", _radiation),
    ):
        with contextlib.suppress(MissingModelError):
            _or_say_so(folder, load)  # type: ignore[operator]


def neutral_fraction() -> NeutralFraction:
    """p(x_HI | image).

    Raises:
        MissingModelError: one sentence.
    """
    return _or_say_so("neutral_fraction", _neutral_fraction)


def sources() -> Sources:
    """p(AGN | image).

    Raises:
        MissingModelError: one sentence.
    """
    return _or_say_so("reionization_sources", _sources)


def radiation() -> Radiation:
    """p(ionization | density).

    Raises:
        MissingModelError: one sentence.
    """
    return _or_say_so("radiation", _lent_radiation)
