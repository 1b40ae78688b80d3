"""From a question to its number, or to None."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from core.literature.assistant.calculation.asked import (
    LONGEST,
    Asked,
    read_question,
    with_before,
)
from core.literature.assistant.calculation.calculation import Calculation
from core.literature.assistant.calculation.guard import (
    asks_for_no_calculation,
    without_politeness,
)
from core.literature.assistant.calculation.kinds import (
    bao,
    black_holes,
    conversions,
    distances,
    epochs,
    expansion,
    growth,
    halos,
    neutrinos,
    parameters,
    scales,
    simulations,
    sound_horizon,
    times,
    velocities,
    volumes,
)
from core.literature.assistant.calculation.kinds.observations import (
    angles,
    magnitudes,
    measurements,
    resolution,
    spectral,
)
from core.literature.assistant.calculation.strays import about_something_else
from core.literature.assistant.calculation.two_parts import with_second

__all__ = ["calculate"]

KINDS: tuple[Callable[[Asked], Calculation | None], ...] = (
    parameters.amplitude, parameters.density_and_h, parameters.little_h_of_densities,
    parameters.baryon_fraction, parameters.baryon_to_photon_ratio, neutrinos.neutrino_density,
    neutrinos.mass_of_density, neutrinos.free_streaming, epochs.radiation_equality,
    epochs.dark_energy_equality, epochs.acceleration, epochs.deceleration,
    simulations.particle_mass, simulations.particle_number, simulations.box_wavenumber,
    simulations.cell_size, simulations.box_volume, measurements.probability_of_sigma,
    black_holes.schwarzschild_radius, black_holes.eddington, halos.halo,
    bao.distance_over_sound_horizon, bao.alcock_paczynski, angles.parallax,
    resolution.baseline_wavenumber, resolution.baseline_for, resolution.bandwidth_depth,
    resolution.resolution, magnitudes.modulus_of_distance, magnitudes.distance_of_modulus,
    magnitudes.absolute_or_apparent, magnitudes.ab_magnitude, magnitudes.flux_or_luminosity,
    expansion.cmb_temperature, sound_horizon.sound_horizon, scales.multipole, growth.growth,
    spectral.line_in_band, spectral.redshift_of_line, spectral.observed_line, volumes.volume,
    angles.angle_of_length, angles.length_of_angle, expansion.hubble_time,
    expansion.hubble_distance, expansion.density, expansion.density_parameter,
    expansion.hubble_rate, velocities.distance_by_hubbles_law,
    times.crossing_time, times.time_between, times.redshift_at_time, times.look_back_time,
    velocities.redshift_of_velocity, velocities.velocity_by_hubbles_law,
    velocities.velocity_of_redshift, expansion.scale_factor, distances.redshift_at_distance,
    distances.distance, times.age, spectral.rest_or_observed, scales.wavenumber,
    conversions.conversion, distances.distance_in_a_unit, times.age_in_a_unit,
)
"""Tried in order: what has a name of its own before what only has a number."""

_SURE = (measurements.weighted_mean, measurements.number_of_sigma)
"""So plain that any words may stand around them: two numbers with errors."""

_FOLLOWS = re.compile(
    r"^\W{0,4}(?:and|what about|how about|what if|now|then|same|also|or|but|with|for|at|in|using|"
    r"z\b|redshift|convert (?:that|this|it)|(?:and )?(?:that|this|it) (?:in|to)|express|"
    r"as)\b", re.I)
_LEADS = re.compile(r"^\W{0,4}(?:and|what about|how about|also|then|now)\b", re.I)
_FILLING = (
    "and what about how if now then same also or but with for at in using use the a an of is it "
    "that this there to i s one do compute calculate please would be instead cosmology assuming "
    "redshift redshifts thing question was were you can could me give tell number again units "
    "unit on convert express as different value scale factor universe mass halo by did when z "
    "ok we go # § "
)
_FILLERS = frozenset(_FILLING.split())
"""Words that a follow-up may have beside what it changes."""


def calculate(question: str, before: str = "") -> Calculation | None:
    """What a question asks to compute, computed with astropy.

    Args:
        question: as typed in a chat.
        before: the question before it, which a follow-up such as "and at z = 8?" goes on with.

    Returns:
        The calculation, None where the question asks for none.

    Raises:
        ValueError: with one sentence, if it asks for what cannot be computed: a redshift below -1,
            a negative mass, an unknown cosmology.

    Example:
        >>> calculate("how old was the universe at redshift six?").text  # doctest: +ELLIPSIS
        'The age of the Universe at z = 6 is 0.9293 Gyr ...'
    """
    if not question.strip() or asks_for_no_calculation(question):
        return None
    asked = read_question(without_politeness(question))
    found = _single(question, asked, before)
    return found and with_second(question, found, _alone)


def _alone(question: str, before: str = "") -> Calculation | None:
    if asks_for_no_calculation(question):
        return None
    return _single(question, read_question(without_politeness(question)), before)


def _single(question: str, asked: Asked, before: str) -> Calculation | None:
    """The one quantity that a question asks for."""
    sure = next((found for kind in _SURE if (found := kind(asked)) is not None), None)
    if sure is not None:
        return sure
    found = None if about_something_else(asked.words) else _first(asked)
    if found is None and before and _follows(question, asked):
        found = _follow_up(asked, before)
    return found


def _first(asked: Asked) -> Calculation | None:
    return next((found for kind in KINDS if (found := kind(asked)) is not None), None)


def _follows(question: str, asked: Asked) -> bool:
    """Whether a question goes on with the one before it."""
    given = asked.redshifts or asked.amounts or asked.numbers or asked.cosmology.explicit or (
        asked.target or asked.scale_factors or asked.line)
    if given and _only_fills_in(asked):
        return True
    return bool(_LEADS.search(question) or re.search(r"\b(?:there|that redshift|then|that z|its)\b",
                                                     question, re.I))


def _only_fills_in(asked: Asked) -> bool:
    words = re.findall(r"[a-z§]{1,30}", re.sub(r"#\w+", "#", asked.words))
    units = {word for unit in asked.mentioned for word in re.findall(r"[a-z]+", unit.shown.lower())}
    others = [w for w in words if w not in _FILLERS | units and not w.endswith("years")]
    return len(others) <= 2 and len(words) <= 12


def _follow_up(asked: Asked, before: str) -> Calculation | None:
    earlier = read_question(without_politeness(before[:LONGEST]))
    given = asked.redshifts or asked.amounts or asked.numbers or asked.cosmology.explicit or (
        asked.target or asked.scale_factors or asked.line)
    own = with_before(asked, earlier, words=asked.words)
    if _LEADS.search(asked.text) or not given or asked.target:
        found = _first(own) if not _only_fills_in(asked) or not given else None
        if found is not None:
            return found
    both = f"{earlier.words} {asked.words}"  # "in comoving units" belongs to what was asked
    return _first(replace(own, words=both)) if given else None
