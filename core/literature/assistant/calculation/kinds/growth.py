"""Linear growth of structure: growth factor, growth rate, sigma_8(z), f sigma_8.

The growing mode of D'' + (2 + dlnH/dlna) D' = 1.5 Omega_m(a) D in ln a, for any expansion that
astropy has, from the Meszaros solution D = a + (2/3) a_eq (Meszaros 1974, A&A 37, 225).
"""

from __future__ import annotations

from core.literature.assistant.calculation.answer import answer, number, redshifts
from core.literature.assistant.calculation.asked import Asked
from core.literature.assistant.calculation.calculation import Calculation

__all__ = ["growth"]

_KINDS = (
    (r"(?<!\w)f ?[*×·]? ?\(?(?:redshift|z)?\)? ?(?:σ|sigma) ?_?8|fs8|\bfσ_?8|"
     r"fsigma_?8", "f sigma_8",
     "f * sigma8"),
    (r"growth[ -]rate|rate of growth|growth index|\bf (?:#|(?:at|for) redshift)|\bf\(z\)|"
     r"logarithmic growth|rate of structure", "growth rate", "f"),
    (r"(?:σ|sigma) ?_?8", "sigma_8", "sigma8"),
    (r"growth[ -](?:factor|function)|linear growth|\bd #|\bd\(z\)|"
     r"linear growth", "growth factor", "d"),
)
_BODY = (
    "a_eq = 1.68 * cosmo.Ogamma0 / cosmo.Om0",
    "def slope(x, y):  # x = ln a; y = D, dD/dx",
    "    dlnh = np.log(cosmo.efunc(np.exp(-x - 1e-4) - 1) / cosmo.efunc(np.exp(-x + 1e-4) - 1)) "
    "/ 2e-4",
    "    return [y[1], 1.5 * cosmo.Om(np.exp(-x) - 1) * y[0] - (2 + dlnh) * y[1]]",
    "start = [1e-4 + 2 / 3 * a_eq, 1e-4]",
    "solved = solve_ivp(slope, [np.log(1e-4), 0], start, dense_output=True, rtol=1e-7, atol=1e-12)",
)
_HIGHEST = 1000.0


def growth(asked: Asked) -> Calculation | None:
    """D(z) normalised to 1 today, f = dlnD/dlna, sigma_8(z) or f sigma_8."""
    kind = next((kind for kind in _KINDS if asked.says(kind[0])), None)
    if kind is None or not asked.redshifts or asked.amounts or asked.says("star|galaxy growth|"
                                                                          "black hole|bubble"):
        return None
    zs = redshifts(asked, highest=_HIGHEST, what="the linear growth")
    if len([z for z in zs if z]) > 1:
        return None
    z = max(zs)
    asked.cosmology.checked()
    sigma8 = asked.cosmology.sigma8
    body = [*_BODY, f"x = -np.log(1 + {number(z)})", "d = solved.sol(x)[0] / solved.sol(0)[0]"]
    if "f" in kind[2].split():
        body.append("f = solved.sol(x)[1] / solved.sol(x)[0]")
    if "sigma8" in kind[2]:
        body.append(f"sigma8 = {number(sigma8)} * d")
    return answer(asked, kind[1], body, kind[2], None, _TEXTS[kind[1]].format(
        z=f"{z:g}", s8=f"{sigma8:g}", value="{value}", cosmology="{cosmology}", d="{d}",
        f="{f}", approximate="{approximate}"),
        also={"d": "d", "f": "solved.sol(x)[1] / solved.sol(x)[0]",
              "approximate": f"cosmo.Om({number(z)})**0.55"})


_TEXTS = {
    "growth factor": "The linear growth factor at z = {z} is D = {value}, normalised to D = 1 "
    "today, in {cosmology}. It solves the linear growth equation; the growth rate there is "
    "f = {f}.",
    "growth rate": "The growth rate f = dlnD/dlna at z = {z} is {value} in {cosmology}. It solves "
    "the linear growth equation; the approximation Omega_m(z)^0.55 gives {approximate}.",
    "sigma_8": "Linear theory gives sigma_8 = {value} at z = {z} in {cosmology}, with "
    "sigma_8 = {s8} today. It falls as the growth factor, D = {d} there (1 today).",
    "f sigma_8": "f sigma_8 at z = {z} is {value} in {cosmology}, with sigma_8 = {s8} today. It is "
    "f = dlnD/dlna = {f} times sigma_8 D(z) with D = {d}, from the linear growth equation.",
}
