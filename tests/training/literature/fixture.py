"""A few abstracts and questions written for the tests."""

from __future__ import annotations

from training.literature.questions.pairs import Pair

__all__ = ["PAIRS", "VOIDS", "WAVES"]

VOIDS = (
    "We measure the density profiles of 1,200 cosmic voids in a survey of luminous red galaxies. "
    "Void centres are emptier than in the mocks by 4 percent. The difference vanishes when the "
    "survey mask is modelled. We conclude that the profiles agree with general relativity."
)
WAVES = (
    "Binary neutron stars are standard sirens. With the host galaxy known, one event gives the "
    "Hubble constant to 14 percent. Fifty events would reach 2 percent, enough to weigh in on the "
    "tension. The inclination of the orbit is the largest source of error."
)

PAIRS = [
    Pair("Do void profiles agree with general relativity?",
         "Yes, the profiles agree once the survey mask is modelled.", VOIDS,
         "We conclude that the profiles agree with general relativity.", "voids"),
    Pair("Are void centres denser than in the mocks?",
         "No, void centres are emptier by 4 percent.", VOIDS,
         "Void centres are emptier than in the mocks by 4 percent.", "voids"),
    Pair("Which galaxies trace the voids?", "Luminous red galaxies.", VOIDS,
         "We measure the density profiles of 1,200 cosmic voids in a survey of luminous red "
         "galaxies.", "voids"),
    Pair("What limits standard sirens most?", "The inclination of the orbit.", WAVES,
         "The inclination of the orbit is the largest source of error.", "waves"),
    Pair("Would fifty sirens bear on the Hubble tension?",
         "Yes, fifty events would reach 2 percent.", WAVES,
         "Fifty events would reach 2 percent, enough to weigh in on the tension.", "waves"),
    Pair("What is the cosmic web?", "Filaments, sheets and voids."),
]
