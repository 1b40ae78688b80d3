"""Quantities as they are written for people.

Example:
    >>> name_of("f_sigma_8")
    'fσ₈'
"""

from __future__ import annotations

__all__ = ["NAMES", "name_of"]

NAMES = {
    "H0": "H₀", "sigma_8": "σ₈", "S8": "S₈", "Omega_m": "Ωm", "Omega_b": "Ωb", "Omega_k": "Ωk",
    "Omega_Lambda": "ΩΛ", "Omega_b h2": "Ωb h²", "Omega_c h2": "Ωc h²", "Omega_m h2": "Ωm h²",
    "ln10^10As": "ln(10¹⁰ Aₛ)", "10^9As": "10⁹ Aₛ", "w0": "w₀", "wa": "wₐ", "n_s": "nₛ",
    "sum_mnu": "Σmν", "N_eff": "Neff", "f_NL": "fNL", "tau": "τ", "z_re": "z of reionization",
    "r_d": "r_d", "f_sigma_8": "fσ₈", "f_NL equilateral": "fNL (equilateral)",
    "f_NL orthogonal": "fNL (orthogonal)", "q0": "q₀", "M_B": "M_B", "1-b": "1 − b",
}
"""Quantities as they are written; others by their own name."""


def name_of(quantity: str) -> str:
    """A quantity as it is written."""
    return NAMES.get(quantity, quantity)
