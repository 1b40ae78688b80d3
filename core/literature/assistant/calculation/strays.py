"""Words that no calculation needs: three of them make a question about something else.

"What is the expansion rate at z = 1.26 from VANDELS cosmic chronometers?" asks for a measurement.
A plain demand ("convert", "how old was the universe") is one whatever stands around it.
"""

from __future__ import annotations

import re

__all__ = ["about_something_else"]

_EXPECTED = (
    "about absolute adopting after again age ages alpha amount angle angles angular answer "
    "apparent appear appears approximate approximately area arrive assuming atomic away back "
    "background band bang baryon baryonic been before being beta between beyond billion "
    "billions black blackbody both box break bright bubble bubbles calculate called circular "
    "circumference classical closed cluster clusters code come comes comoving compute "
    "concordance constant convert cooling correspond corresponding corresponds cosmic "
    "cosmological cosmology could critical cross cubic current currently curvature dark degrees "
    "density diameter differential dimensionless disc distance distances distant does dominated "
    "doppler drag early earth eddington einstein ell emission emit emitted energy epoch equal "
    "equals equivalence event exactly expand expanded expanding expansion express expressed "
    "factor fall falls fast field filament find flat flux follow following fraction frame "
    "frequencies frequency from full function galaxies galaxy gamma give given gives going grow "
    "growth halo halos happen have height hold hole horizon hot hubble hydrogen inverse ionised "
    "ionized just know lambda large larger last law lcdm leave left length light like line "
    "linear little local located long look lookback looking luminosity lyman magnitude "
    "magnitudes many mass massive matter maximum mean means metres million minimum modulus "
    "moment much multipole name named nearest need neutral neutrino normalised normalization "
    "normalized object observable observe observed observer older open over parameter parsec "
    "parsecs past perturbation photon photons physical planck plate please point predicted "
    "present primordial probe proper python quasar quasars radial radiation radii radius rate "
    "ratio reach receded recedes receding recession recombination redshift redshifted redshifts "
    "region regions relative relativistic respect rest rotation roughly ruler same scale "
    "scattering schwarzschild second seconds seen separation shell shift show sigma simulation "
    "since sitter size sizes sky slice small smaller solar some sound source space speed sphere "
    "spherical spin standard star stars start subtend subtended subtends such supermassive "
    "supernova surface survey telescope tell temperature than that their them then theory there "
    "these they thing think this thousand time times today told total transverse travel "
    "travelled travelling under unit units universe universes until using vacuum value velocity "
    "very virial visible void voids volume want wave wavelength wavenumber were what whats when "
    "where which whole wide will with within wmap would write year years young younger your "
    "accelerate accelerating acceleration antenna aperture baseline baselines beam begin cell "
    "cells cold combined consistent contrast deceleration diffraction dish eta free fundamental "
    "grid interferometer limit masses mesh mirror mode modes neutrinos nyquist onset parallax "
    "particle particles resolve resolved resolution sigmas simulation simulations smallest "
    "streaming structure sum summed transition voxel voxels weighs limber dominate "
    "bandwidth channel depth "
    "pixel pixels side map omega ombh ommh omch omnuh lambda tension versus predict "
    "critical lens lenses lensing einstein ring isothermal sphere dispersion point source "
    "sources sis "
    "zero observing expect should target supervisor homework asked "
)
_KNOWN = frozenset(_EXPECTED.split())
_MOST = 2
_DEMANDS = re.compile(
    r"\b(?:convert|compute|calculate|work out|how old (?:was|is|would|will) the universe|"
    r"age of the "
    r"universe|after the big bang|how (?:far|long ago|big|large)|(?:what|which) (?:angle|redshift|"
    r"frequency|wavelength)|"
    r"(?:luminosity|comoving|diameter) distance|look-?back)\b")
_WORD = re.compile(r"(?<![#\w])[a-zäöüß-]{4,30}")


def about_something_else(words: str) -> bool:
    """Whether a question's words (numbers and units out) hold too many strange ones."""
    strange = {word for found in _WORD.findall(words) for word in found.split("-")
               if len(word) > 3 and word not in _KNOWN and word.rstrip("s") not in _KNOWN}
    return len(strange) > _MOST + 3 * bool(_DEMANDS.search(words))
