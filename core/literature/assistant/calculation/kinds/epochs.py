"""Epochs of the expansion: equality of two components, the onset of acceleration, q(z)."""

from __future__ import annotations

from core.literature.assistant.calculation.answer import answer, number, redshifts
from core.literature.assistant.calculation.asked import Asked
from core.literature.assistant.calculation.calculation import Calculation
from core.literature.assistant.calculation.symbols import physical, value_of

__all__ = ["acceleration", "dark_energy_equality", "deceleration", "radiation_equality"]

_RADIATION = (r"matter[- –/]*(?:and |to )?radiation equality|radiation[- –/]*(?:and |to )?matter "
              r"equality|\bz_?eq\b|equality of matter and radiation|matter and radiation .{0,30}"
              r"equal|equality redshift|redshift of equality|equality")
_DARK = (r"(?:matter|dark[- ]energy|λ|lambda|cosmological[- ]constant|de)[- –/]*(?:and |to )?"
         r"(?:matter|dark[- ]energy|λ|lambda|cosmological[- ]constant|de) (?:equality|equal)|"
         r"dark energy .{0,40}(?:dominat|overt|take over|took over|exceed)|equality .{0,30}"
         r"(?:dark energy|λ|lambda)|(?:λ|lambda) .{0,20}dominat|"
         r"(?:ω|omega)_?m\b ?(?:=|equals?|and) ?(?:ω|omega)_?(?:λ|lambda|de|l)\b|"
         r"(?:matter and dark energy|dark energy and matter|matter and (?:λ|lambda)) .{0,30}equal|"
         r"\bz_?(?:λ|de|Λ)\b")
_ONSET = (r"(?:expansion|universe|acceleration|it) .{0,30}(?:accelerat|began|begin|start|set in|"
          r"onset)|onset of (?:cosmic )?accelerat|(?:deceleration|acceleration)[- ](?:to[- ]"
          r"(?:acceleration|deceleration) )?(?:transition|onset|redshift)|\bq ?= ?#|q\(z\) ?= ?#|"
          r"\bz_?(?:acc|t|tr)\b|start\w* (?:to )?accelerat|transition redshift|q vanish")
_DEMAND = r"\b(?:compute|calculate|work out|\bq ?= ?#)"
_Q = ("def q(z, step=1e-4):  # q = (1 + z) dlnH/dz - 1",
      "    e = cosmo.efunc",
      "    return (1 + z) * (e(z + step) - e(z - step)) / (2 * step) / e(z) - 1")


def _is_computed(asked: Asked) -> bool:
    """Whether a cosmology is named or a computation demanded: the measured value is looked up."""
    return not asked.redshifts and not asked.amounts and (
        asked.cosmology.explicit or asked.says(_DEMAND))


def radiation_equality(asked: Asked) -> Calculation | None:
    """1 + z_eq = Omega_m h^2 / Omega_r h^2 with three light neutrinos."""
    if not asked.says(_RADIATION) or asked.says(_DARK) or asked.redshifts or asked.amounts:
        return None
    light = "2.4728e-5 * (1 + 0.2271 * 3.046)"
    matter = value_of(asked.whole, physical("m"))
    if matter is None and not _is_computed(asked):
        return None
    if matter is not None and not 0 < matter < 2:
        raise ValueError(f"Omega_m h^2 must lie between 0 and 2, not {matter:g}.")
    body = [f"matter = {'cosmo.Om0 * cosmo.h**2' if matter is None else number(matter)}",
            f"radiation = {light}  # photons of 2.7255 K, neutrinos", "z = matter / radiation - 1"]
    where = "in {cosmology}" if matter is None else f"for Omega_m h^2 = {matter:g}"
    time = ("" if matter is not None else " The wavenumber that enters the horizon then is {k} "
            "1/Mpc.")
    return answer(asked, "redshift of matter-radiation equality", body, "float(z)", None,
                  f"Matter and radiation had equal densities at z = {{value}} {where}. The "
                  f"radiation is photons of 2.7255 K and 3.046 light neutrinos.{time}",
                  also={} if matter is not None else {
                      "k": "(2 * matter * (1 + z))**0.5 * 100 / 299792.458"},
                  cosmology=matter is None)


def dark_energy_equality(asked: Asked) -> Calculation | None:
    """Where Omega_m(z) = Omega_DE(z)."""
    if not asked.says(_DARK) or not _is_computed(asked):
        return None
    body = ["def excess(z):", "    return cosmo.Ode(z) - cosmo.Om(z)",
            "z = brentq(excess, -0.9, 20)"]
    return answer(asked, "redshift of matter-dark energy equality", body, "float(z)", None,
                  "Dark energy and matter have equal densities at z = {value} in {cosmology}, "
                  "{ago} Gyr ago. The expansion accelerates from somewhat earlier on.",
                  also={"ago": "cosmo.lookback_time(z).to_value(u.Gyr) if z > 0 else 0.0"},
                  impossible="In this cosmology matter and dark energy are never equal between "
                             "z = 20 and z = -0.9.")


def acceleration(asked: Asked) -> Calculation | None:
    """Where q(z) turns negative for the first time."""
    if not asked.says(_ONSET) or not _is_computed(asked):
        return None
    body = [*_Q, "zs = np.linspace(-0.5, 20, 8201)",
            "last = np.flatnonzero((q(zs[:-1]) < 0) & (q(zs[1:]) >= 0))[-1]",
            "z = brentq(q, zs[last], zs[last + 1])"]
    return answer(asked, "redshift of the onset of acceleration", body, "float(z)", None,
                  "The expansion began to accelerate (q = 0) at z = {value} in {cosmology}, {ago} "
                  "Gyr ago. Today q = {now}.",
                  also={"ago": "cosmo.lookback_time(max(z, 0)).to_value(u.Gyr)", "now": "q(0.0)"},
                  impossible="In this cosmology the expansion does not begin to accelerate "
                             "between z = 20 and z = -0.5.")


def deceleration(asked: Asked) -> Calculation | None:
    """q(z) = (1 + z) dlnH/dz - 1."""
    if not asked.says(r"deceleration parameter|\bq_?0\b|\bq #|\bq\(z\)|accelerat.{0,20}parameter"):
        return None
    if asked.amounts or not (asked.redshifts or asked.cosmology.explicit):
        return None
    z = redshifts(asked, lowest=-0.99, what="q")[0] if asked.redshifts else 0.0
    return answer(asked, "deceleration parameter", [*_Q, f"value = q({number(z)})"],
                  "float(value)", None,
                  f"The deceleration parameter at z = {z:g} is q = {{value}} in {{cosmology}}. "
                  "Below zero the expansion accelerates.")
