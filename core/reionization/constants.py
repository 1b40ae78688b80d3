"""The boxes every reionization model here works at, and their cosmology.

Lengths are comoving Mpc without h and wavenumbers 1/Mpc, as in the 21 cm literature.
"""

from __future__ import annotations

__all__ = [
    "BOX_SIZE_MPC",
    "CELL_MPC",
    "HUBBLE_KM_S_MPC",
    "N_CELLS",
    "OMEGA_B",
    "OMEGA_M",
    "REDSHIFT_RANGE",
    "X_HI_RANGE",
]

BOX_SIZE_MPC = 128.0
"""Side of a box."""

N_CELLS = 64
"""Cells a side."""

CELL_MPC = BOX_SIZE_MPC / N_CELLS
"""Side of a cell."""

REDSHIFT_RANGE = (7.0, 10.0)
"""Redshifts of the training boxes."""

X_HI_RANGE = (0.02, 0.98)
"""Mean neutral fractions asked of the training boxes; those measured scatter a little around."""

# Planck 2018 as 21cmFAST has it by default
HUBBLE_KM_S_MPC = 67.66
OMEGA_M = 0.30964
OMEGA_B = 0.04897
