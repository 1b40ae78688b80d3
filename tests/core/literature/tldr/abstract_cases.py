"""Short abstracts, written for the tests, with what their TL;DR has to say and must not say."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CASES", "Case"]


@dataclass(frozen=True)
class Case:
    """An abstract; the TL;DR has one of ``says``, and none of ``never`` without ``unless``."""

    name: str
    abstract: str
    says: tuple[str, ...]
    never: tuple[str, ...] = ()


CASES: tuple[Case, ...] = (
    Case("a hint that is gone",
         "Dark photons could heat the intergalactic medium. We search for excess heating in "
         "Lyman-alpha spectra of 120 quasars at $z<4$. A hint at $2.6\\sigma$ appears in the "
         "uncorrected spectra. However, this hint disappears once metal lines are masked. The gas "
         "temperature then agrees with photoheating.", ("disappears", "agrees with photoheating")),
    Case("the answer is no",
         "Can primordial magnetic fields relieve the Hubble tension? We test baryon clumping with "
         "Planck, ACT and DESI. Unfortunately, the answer is no: the clumping factor is below 0.3 "
         "at 95% confidence and $H_0$ rises by only 0.2 km/s/Mpc.", ("the answer is no",)),
    Case("the main conclusion",
         "The bispectrum of galaxies carries information on neutrino masses. We compute it for "
         "2,000 simulations. First, the monopole tightens the bound by 20%. Second, the quadrupole "
         "adds another 10%. The main conclusion is that redshift errors larger than 0.005 erase "
         "the "
         "gain entirely. We release the code.", ("erase the gain",)),
    Case("a forecast with its condition",
         "The Square Kilometre Array will map neutral hydrogen. We forecast baryon acoustic "
         "oscillations with a Fisher matrix including foregrounds. The expansion rate can be "
         "measured to 1.2% at $z=1.5$, provided that calibration errors stay below $10^{-4}$. "
         "Without this calibration the forecast degrades by a factor of five.", ("provided that",)),
    Case("a comment",
         "A recent paper claimed anisotropic expansion at $3.9\\sigma$ in supernovae. We repeat "
         "their analysis with the full covariance matrix. Contrary to their claim, the "
         "significance "
         "drops to $1.4\\sigma$, and we show that the peculiar-velocity covariance was neglected. "
         "We "
         "conclude that present supernovae are consistent with isotropy.",
         ("drops to", "consistent with isotropy")),
    Case("an erratum",
         "In the published version of this paper a sign error affected the lensing convergence. We "
         "correct it here. The corrected amplitude of matter fluctuations is $S_8 = 0.80 \\pm "
         "0.03$ "
         "instead of $0.74 \\pm 0.03$, so that the tension with Planck that we reported is no "
         "longer "
         "present. All other conclusions are unchanged.", ("no longer present",)),
    Case("these results, with what they are",
         "Little red dots are compact sources found by JWST. We model the spectra of 43 of them "
         "with "
         "black-hole and stellar components. Stars alone need masses that exceed the baryon budget "
         "of their haloes. These results suggest that accreting black holes dominate the light.",
         ("exceed the baryon budget of their haloes. These results suggest",
          "Stars alone need masses")),
    Case("after accounting for",
         "Satellites of the Milky Way lie in a thin plane. We measure the flattening of the "
         "satellites of 340 hosts and detect coherent rotation at $4\\sigma$. After accounting for "
         "interlopers and selection, the rotation signal vanishes.", ("vanishes",)),
    Case("a limit that follows",
         "We present the Hubble constant from a single bright siren. The posterior peaks at 71 "
         "km/s/Mpc. However, the inclination is degenerate with distance and the uncertainty of "
         "18% "
         "is too large to discriminate between Planck and SH0ES.", ("too large to discriminate",)),
    Case("none of them",
         "Axion stars could explain the 511 keV line. It has been proposed that they collide with "
         "neutron stars. We simulate 200 collisions in general relativity. None of them produces a "
         "signal brighter than $10^{-3}$ of the observed flux. Thus axion stars are not the origin "
         "of the line in our models.", ("None of them", "not the origin")),
    Case("in summary",
         "The dipole of radio galaxies exceeds that of the microwave background. We count 1.2 "
         "million radio sources in three surveys. Each survey has its own flux calibration. In "
         "summary, the excess is real in one survey only, and calibration explains it in the "
         "others.", ("real in one survey only",)),
    Case("a preference that weakens",
         "Dynamical dark energy fits supernovae and acoustic oscillations. With DESI and DES we "
         "find "
         "a preference of $4.1\\sigma$ for evolving dark energy. This preference is reduced to "
         "$1.6\\sigma$ when low-redshift supernovae are recalibrated.", ("reduced to",)),
    Case("however, motive",
         "Galaxy clusters are powerful probes of cosmology. However, their masses are hard to "
         "measure. We calibrate masses with lensing of 210 clusters. We find a hydrostatic bias of "
         "$0.74\\pm0.05$.", ("hydrostatic bias of",)),
    Case("rules out",
         "Primordial black holes of asteroid mass may be the dark matter. We observed M31 for "
         "seven "
         "nights with Subaru HSC. One candidate event was found. Our results rule out black holes "
         "of "
         "$10^{-10}$ solar masses as more than 1% of dark matter.", ("rule out",)),
    Case("not confirmed",
         "A periodicity of 5.2 years was reported in a quasar at redshift 0.4. We monitor it with "
         "ZTF for "
         "six years. We do not confirm the periodicity; red noise explains the light curve.",
         ("do not confirm",)),
    Case("a review",
         "Cosmic voids have become a probe of gravity. This review summarises void finders and the "
         "theory of their profiles. Recent constraints from BOSS agree with general relativity at "
         "the 10% level. Open problems include the definition of voids.",
         ("This review summarises", "agree with general relativity")),
    Case("a result before its outlook",
         "The 21 cm signal traces reionization. With HERA data we find that the intergalactic "
         "medium "
         "was heated above 15 K by $z=8$. Future observations will map the heating. Further work "
         "is "
         "needed to include polarization.", ("heated above 15 K",)),
    Case("a method and its failure",
         "Emulators speed up cosmology. We train one on 500 simulations of massive neutrinos. The "
         "emulator reproduces power spectra to 1%. Unfortunately, the accuracy does not hold "
         "beyond "
         "$k=3$, where errors reach 20%.", ("does not hold",)),
)
