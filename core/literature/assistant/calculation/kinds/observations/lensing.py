"""Strength of a gravitational lens: critical surface density and Einstein radius (Bartelmann and
Schneider 2001, arXiv:astro-ph/9912508)."""

from __future__ import annotations

from core.literature.assistant.calculation.answer import (
    amount_code,
    amount_said,
    answer,
    number,
    positive,
    redshifts,
    unit,
)
from core.literature.assistant.calculation.asked import Asked
from core.literature.assistant.calculation.calculation import Calculation
from core.literature.assistant.calculation.units import UNITS

__all__ = ["critical_surface_density", "einstein_radius"]

_CRITICAL = (r"critical (?:surface|lensing|projected) (?:mass )?density|\bsigma[ _-]?cr(?:it\w*)?\b"
             r"|σ_?cr(?:it\w*)?\b|lensing critical density")
_EINSTEIN = r"einstein (?:radius|angle|ring)|\btheta_?e\b|θ_?e\b"
_PER_AREA = unit("(u.Msun / u.pc**2)", "Msun/pc^2", "surface density")


def critical_surface_density(asked: Asked) -> Calculation | None:
    """c^2/(4 pi G) D_s/(D_d D_ds) of a lens and a source."""
    if len(asked.redshifts) != 2 or asked.amounts or not asked.says(_CRITICAL):
        return None
    near, far = _lens_and_source(asked)
    body = [*_distances(near, far), "sigma = c**2 / (4 * np.pi * G) * ds / (dd * dds)"]
    return answer(
        asked, "critical surface density", body, "sigma", _PER_AREA,
        f"The critical surface density of a lens at z = {near:g} for a source at z = {far:g} is "
        "{value} ({cgs} g/cm^2, proper) in {cosmology}. The angular diameter distances are "
        "D_d = {dd}, D_s = {ds} and D_ds = {dds} Mpc.",
        also={"cgs": "sigma.to_value(u.g / u.cm**2)",
              **{name: f"{name}.to_value(u.Mpc)" for name in ("dd", "ds", "dds")}})


def einstein_radius(asked: Asked) -> Calculation | None:
    """Of a point mass, or of a singular isothermal sphere of a velocity dispersion."""
    masses, speeds = asked.of("mass"), asked.of("speed")
    if len(asked.redshifts) != 2 or not asked.says(_EINSTEIN) or len(asked.amounts) != 1:
        return None
    if not masses and not speeds:
        return None
    near, far = _lens_and_source(asked)
    given = positive((masses or speeds)[0], "A mass" if masses else "A velocity dispersion")
    if masses:
        lens = f"point lens of {amount_said(given)}"
        theta = "np.sqrt(4 * G * lens / c**2 * dds / (dd * ds))"
    else:
        lens = f"singular isothermal sphere of {amount_said(given)}"
        theta = "4 * np.pi * (lens / c)**2 * dds / ds"
    body = [*_distances(near, far), f"lens = {amount_code(given)}",
            f"theta = ({theta}).to_value(u.one) * u.rad"]
    return answer(
        asked, "Einstein radius", body, "theta", asked.wanted("angle") or UNITS["arcsec"],
        f"The Einstein radius of a {lens} at z = {near:g} for a source at z = {far:g} is {{value}} "
        "in {cosmology}, a proper radius of {kpc} kpc at the lens.",
        also={"kpc": "(theta.to_value(u.rad) * dd).to_value(u.kpc)"})


def _lens_and_source(asked: Asked) -> tuple[float, float]:
    """Their redshifts; the lens is in front.

    Raises:
        ValueError: if there is no distance between them or to the lens.
    """
    near, far = sorted(redshifts(asked, what="a lens"))
    if near == far or near == 0:
        raise ValueError("A lens needs a redshift above 0 and below that of its source.")
    return near, far


def _distances(near: float, far: float) -> list[str]:
    lens, source = number(near), number(far)
    return [f"dd = cosmo.angular_diameter_distance({lens})",
            f"ds = cosmo.angular_diameter_distance({source})",
            f"dds = cosmo.angular_diameter_distance({lens}, {source})"]
