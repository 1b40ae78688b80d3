"""Two-dimensional fields: units, geometry, splits, safe reading, and the CMD layout.

One import for all of it; the pieces live in :mod:`core.fields.geometry` (box, units, coarsening,
splits), :mod:`core.fields.reading` (an uploaded map or stack) and
:mod:`core.fields.camels` (the files of the CAMELS Multifield Dataset).
"""

from core.fields.camels import CamelsMaps
from core.fields.geometry import (
    BOX_SIZE_MPC_H,
    MAPS_PER_SIMULATION,
    OMEGA_M_RANGE,
    SIGMA_8_RANGE,
    SIGMA_UNITS,
    SLAB_MPC_H,
    coarsen,
    column_density,
    split_of,
)
from core.fields.reading import chosen_array, read_field, read_stack
from core.fields.wanted import MAX_FILE_BYTES, MAX_SIDE

__all__ = [
    "BOX_SIZE_MPC_H",
    "MAPS_PER_SIMULATION",
    "MAX_FILE_BYTES",
    "MAX_SIDE",
    "OMEGA_M_RANGE",
    "SIGMA_8_RANGE",
    "SIGMA_UNITS",
    "SLAB_MPC_H",
    "CamelsMaps",
    "chosen_array",
    "coarsen",
    "column_density",
    "read_field",
    "read_stack",
    "split_of",
]
