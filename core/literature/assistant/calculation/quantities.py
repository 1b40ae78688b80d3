"""What can be computed, in the order in which it is tried."""

from __future__ import annotations

from collections.abc import Callable

from core.literature.assistant.calculation.asked import Asked
from core.literature.assistant.calculation.calculation import Calculation
from core.literature.assistant.calculation.kinds import (
    arithmetic,
    bao,
    black_holes,
    conversions,
    distances,
    epochs,
    expansion,
    gas,
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
    lensing,
    magnitudes,
    measurements,
    resolution,
    spectral,
)

__all__ = ["first", "sure"]

KINDS: tuple[Callable[[Asked], Calculation | None], ...] = (
    arithmetic.arithmetic, gas.jeans, gas.free_fall_time, gas.escape_velocity,
    parameters.amplitude, parameters.density_and_h, parameters.little_h_of_densities,
    parameters.baryon_fraction, parameters.baryon_to_photon_ratio, neutrinos.neutrino_density,
    neutrinos.mass_of_density, neutrinos.free_streaming, epochs.radiation_equality,
    epochs.dark_energy_equality, epochs.acceleration, epochs.deceleration,
    simulations.particle_mass, simulations.particle_number, simulations.box_wavenumber,
    simulations.cell_size, simulations.box_volume, measurements.probability_of_sigma,
    lensing.critical_surface_density, lensing.einstein_radius,
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
    times.crossing_time, times.way_of_light, times.travel,
    times.share_of_age,
    times.time_between, times.redshift_at_time, times.look_back_time,
    velocities.redshift_of_velocity, velocities.velocity_by_hubbles_law,
    velocities.velocity_of_redshift, expansion.density_ratio, expansion.scale_factor,
    distances.redshift_at_distance,
    distances.distance, times.age, spectral.rest_or_observed, scales.wavenumber,
    conversions.conversion, distances.distance_in_a_unit, times.age_in_a_unit,
)
"""Tried in order: what has a name of its own before what only has a number."""

_SURE = (measurements.weighted_mean, measurements.number_of_sigma)
"""So plain that any words may stand around them: two numbers with errors."""


def first(asked: Asked) -> Calculation | None:
    """The first quantity whose question this is."""
    return next((found for kind in KINDS if (found := kind(asked)) is not None), None)


def sure(asked: Asked) -> Calculation | None:
    """The same, of those that any words may stand around."""
    return next((found for kind in _SURE if (found := kind(asked)) is not None), None)
