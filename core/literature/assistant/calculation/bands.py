"""Where instruments and surveys look: the band of each that people name without its numbers.

From the instruments' own pages: LOFAR (van Haarlem et al. 2013, arXiv:1305.3550), HERA (DeBoer et
al. 2017, arXiv:1606.07473), SKA (Braun et al. 2019, arXiv:1912.12699), MWA (Tingay et al. 2013,
arXiv:1206.6945), CHIME (arXiv:2201.07869), MeerKAT (MeerKLASS, arXiv:1709.06099), Euclid
(Mellier et al. 2024, arXiv:2405.13491), DESI (arXiv:1611.00037), JWST/NIRSpec (Jakobsen et al.
2022, arXiv:2202.03305), MUSE (Bacon et al. 2010), HETDEX (arXiv:2110.04298), SPHEREx
(arXiv:1412.4872), Roman (arXiv:1503.03757), PFS (arXiv:1206.0737).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["BANDS", "Band", "band_in"]


@dataclass(frozen=True)
class Band:
    """An instrument's band, in a unit (MHz, Å, μm)."""

    name: str
    low: float
    high: float
    unit: str
    pattern: str


BANDS = (
    Band("LOFAR's low band", 10, 80, "MHz", r"LOFAR[- ]?(?:LBA|low[- ]band)|NenuFAR"),
    Band("LOFAR's high band", 110, 240, "MHz", r"LOFAR(?:[- ]?(?:HBA|high[- ]band))?"),
    Band("HERA", 50, 250, "MHz", r"HERA"),
    Band("SKA-Low", 50, 350, "MHz", r"SKA[- ]?1?[- ]?Low|SKA-?L"),
    Band("SKA-Mid band 1", 350, 1050, "MHz", r"SKA[- ]?1?[- ]?Mid(?: band[- ]1)?"),
    Band("MWA", 80, 300, "MHz", r"MWA|Murchison Widefield Array"),
    Band("CHIME", 400, 800, "MHz", r"CHIME|HIRAX"),
    Band("MeerKAT's UHF band", 544, 1088, "MHz", r"MeerKAT(?:'s)?[- ]?UHF(?:[- ]band)?"),
    Band("MeerKAT's L band", 856, 1712, "MHz", r"MeerKAT(?:(?:'s)?[- ]?L[- ]band)?"),
    Band("EDGES's low band", 50, 100, "MHz", r"EDGES(?: low(?:-band)?)?"),
    Band("Euclid's red grism", 1.206, 1.892, "μm",
         r"Euclid(?:'s)?(?:[ /-]?NISP)?(?: (?:red )?grisms?)?"),
    Band("Roman's grism", 1.0, 1.93, "μm", r"(?:Nancy Grace )?Roman(?: Space Telescope)?"
                                           r"(?:'s)?(?: grism)?"),
    Band("SPHEREx", 0.75, 5.0, "μm", r"SPHEREx"),
    Band("JWST/NIRSpec", 0.6, 5.3, "μm", r"(?:JWST(?:'s)?[ /-]?)?NIRSpec"),
    Band("DESI", 3600, 9800, "Å", r"DESI"),
    Band("MUSE", 4750, 9350, "Å", r"(?:VLT[ /-]?)?MUSE"),
    Band("HETDEX", 3500, 5500, "Å", r"HETDEX"),
    Band("PFS", 3800, 12600, "Å", r"(?:Subaru[ /-]?)?PFS|Prime Focus Spectrograph"),
)
"""More particular names first."""

_LIGHT = (
    Band("Visible light", 3800, 7500, "Å", r"(?:the )?(?:visible|optical)(?: (?:light|band|range|"
         r"window|spectrum))?(?=[ ?.!]{0,3}$)"),
    Band("The near infrared", 0.75, 2.5, "μm", r"(?:the )?(?:near[- ]?infra-?red|near[- ]?IR|NIR)"
         r"(?=[ ?.!]{0,3}$)"),
)
"""Bands that no instrument names; a question that ends with one asks for it."""

_COMPILED = tuple((band, re.compile(rf"(?<![\w-])(?:{band.pattern})(?![\w-])"))
                  for band in (*BANDS, *_LIGHT))


def band_in(text: str) -> Band | None:
    """The first instrument that a text names."""
    return next((band for band, pattern in _COMPILED if pattern.search(text)), None)
