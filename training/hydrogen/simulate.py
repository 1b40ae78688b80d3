"""Make HI maps: from a Latin hypercube of cosmologies to files in the CMD layout.

    python -m training.hydrogen.simulate --output data/hydrogen
    python -m training.hydrogen.simulate --output data/hydrogen --scheduler tcp://host:8786

Three sets, each a folder: LH (training, 1,000 simulations), TEST (held out, 150, same ranges) and
FIX (five cosmologies with the same 24 initial conditions and nuisance parameters each). A set is
Maps_HI_CosmoDeskPM_{set}_z=0.00.npy (15 n, 256, 256) float32 in (Msun/h)/(Mpc/h)^2, with
params_{set}_CosmoDeskPM.txt (Omega_m, sigma_8, A_SN1, A_AGN1, A_SN2, A_AGN2; the last two are
fixed at 1) and manifest.json, which has the seeds. A killed run goes on where it was.
"""

from __future__ import annotations

import tyro

from training.hydrogen.simulation.sets import SimulateConfig, simulate

if __name__ == "__main__":
    simulate(tyro.cli(SimulateConfig, description=__doc__))
