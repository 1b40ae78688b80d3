"""Reionization boxes, from initial conditions to files.

    python -m training.reionization.simulate --output data/reionization
    python -m training.reionization.simulate --output data/reionization --scheduler tcp://host:8786

Six sets, each an HDF5 file (see :mod:`training.reionization.simulation.boxes`) with its manifest:

* set_a: 21cmFAST, 900 initial conditions x 2 (redshift, efficiency, minimum virial temperature and
  largest bubble radius drawn for each row, the mean neutral fraction about uniform);
* held_out: the same with other initial conditions, to measure on where set_a is not at hand;
* corner: the same simulator in a corner of the parameters that is never trained on;
* history: a few initial conditions at several redshifts with fixed parameters;
* set_b: galaxies or AGN, see :mod:`training.reionization.simulation.source_models`;
* held_out_b: the same with other initial conditions.

A killed run goes on where it was. 21cmFAST is needed here and nowhere else:
training/reionization/requirements.txt.
"""

from __future__ import annotations

import tyro

from training.reionization.simulation.sets import SimulateConfig, simulate

if __name__ == "__main__":
    simulate(tyro.cli(SimulateConfig, description=__doc__))
