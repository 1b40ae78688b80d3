"""The comoving sound horizon: at the drag epoch by a fit, at any redshift by its integral."""

from __future__ import annotations

from dataclasses import replace

from core.literature.assistant.calculation.answer import answer, number, prepared, redshifts
from core.literature.assistant.calculation.asked import Asked
from core.literature.assistant.calculation.calculation import Calculation
from core.literature.assistant.calculation.units import UNITS

__all__ = ["FIT", "fit_of_r_d", "sound_horizon"]

FIT = "the fit of Aubourg et al. (2015, arXiv:1411.1074)"

_ASKED = r"sound horizon|(?<!/)(?<!/ )\br_?d(?:rag)?\b|" \
         r"\br_?s\b|bao (?:scale|length|ruler|peak)|acoustic scale"
_LOWEST = 500.0
_OMEGA_NU = 0.00064  # of 0.06 eV


def sound_horizon(asked: Asked) -> Calculation | None:
    """r_d of a cosmology that the question names, r_s at a redshift, or the angle of r_d there."""
    if not asked.says(_ASKED) or asked.amounts or asked.says("measure|according to|require|shrink"):
        return None
    if not asked.redshifts and not asked.cosmology.explicit:
        return None
    unit = asked.wanted("length") or UNITS["Mpc"]
    second = UNITS["Mpc/h" if unit.shown == "Mpc" else "Mpc"]
    angular = asked.redshifts and asked.says(r"angle|angular|subtend|degree|on the sky")
    if asked.redshifts and not angular and max(asked.redshifts) >= _LOWEST:
        return _at(replace(asked, target=unit), redshifts(asked, what="the sound horizon")[0])
    prepared(asked)
    body, how = fit_of_r_d(asked), f"{FIT}, with 0.06 eV of neutrinos"
    if angular:
        z = redshifts(asked, what="an angle")[0]
        if z == 0:
            raise ValueError("At z = 0 the sound horizon has no angle; please give a redshift "
                             "above 0.")
        return answer(asked, "angle of the sound horizon",
                      [*body, f"ratio = r_d / cosmo.comoving_transverse_distance({number(z)})",
                       "angle = ratio.to_value(u.one) * u.rad"], "angle",
                      asked.wanted("angle") or UNITS["deg"],
                      f"The comoving sound horizon at the drag epoch, {{rd}} Mpc by {how}, "
                      f"subtends {{value}} at z = {z:g} in {{cosmology}}.",
                      also={"rd": "r_d.to_value(u.Mpc)"})
    return answer(asked, "sound horizon at the drag epoch", body, "r_d", unit,
                  f"The comoving sound horizon at the drag epoch is {{value}} ({{h}} "
                  f"{second.shown}) in {{cosmology}}, by {how}. Omega_b h^2 = {{ob}} was used.",
                  also={"h": "r_d.to_value(u.Mpc)" + " * cosmo.h" * (second.shown != "Mpc"),
                        "ob": "omega_b"})


def fit_of_r_d(asked: Asked) -> list[str]:
    """Lines of Python for the sound horizon at the drag epoch, ``r_d``."""
    return [f"omega_b = {number(asked.cosmology.omega_b)} * cosmo.h**2",
            "omega_cb = cosmo.Om0 * cosmo.h**2",
            f"r_d = 55.154 * np.exp(-72.3 * ({_OMEGA_NU} + 0.0006)**2)"
            " / (omega_cb**0.25351 * omega_b**0.12807) * u.Mpc"]


def _at(asked: Asked, z: float) -> Calculation:
    body = [f"omega_b = {number(asked.cosmology.omega_b)} * cosmo.h**2",
            "def step(a):  # dr/da",
            "    speed = c / (3 * (1 + 31500 * omega_b * (2.7255 / 2.7)**-4 * a))**0.5",
            "    return (speed / (a**2 * cosmo.H(1 / a - 1))).to_value(u.Mpc)",
            f"r = quad(step, 1e-8, 1 / (1 + {number(z)}), epsrel=1e-5)[0] * u.Mpc"]
    return answer(asked, "sound horizon", body, "r", asked.target,
                  f"The comoving sound horizon at z = {z:g} is {{value}} in {{cosmology}}. It is "
                  "the integral of c_s/H with the baryon loading of Eisenstein & Hu (1998), "
                  "Omega_b h^2 = {ob}.", also={"ob": "omega_b"})
