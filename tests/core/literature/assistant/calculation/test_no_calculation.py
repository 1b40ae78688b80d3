"""Questions that only mention numbers: none of them is answered by a computation."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from core.literature.assistant.calculation import calculate

ROOT = Path(__file__).parents[5]
MENTIONED = (
    "Is w=-1 ruled out at 5 sigma by DESI?",
    "why is S8=0.76 lower than Planck's",
    "Planck found H0 = 67.4, what does this mean",
    "What is S8?",
    "How is S8 defined from sigma8?",
    "S8 = 0.76 from KiDS, is this in tension with Planck?",
    "KiDS-1000 finds S8 = 0.766, what does Planck find?",
    "what's the S8 value of DES Y3 and how does it compare with sigma8 = 0.81",
    "does sum m_nu < 0.12 eV rule out the inverted hierarchy",
    "what is the bound on the sum of the neutrino masses",
    "Is a neutrino mass of 0.06 eV the minimum?",
    "Which neutrino mass does DESI allow, 0.07 eV?",
    "what does sum m_nu = 0.06 eV do to the power spectrum at k=0.1 h/Mpc?",
    "What is the redshift of matter-radiation equality?",
    "When did the expansion begin to accelerate?",
    "when did dark energy begin to dominate",
    "What is the deceleration parameter?",
    "how large is the Hubble tension in sigma",
    "how many sigma is the S8 tension",
    "How significant is the Hubble tension?",
    "what is 5 sigma?",
    "Is 3 sigma enough for a discovery?",
    "what is the 4.2 sigma preference for w0wa in DESI DR2",
    "Is H0=73 +- 1 right?",
    "H0 = 73.04 ± 1.04 is whose result?",
    "Why do 67.4±0.5 and 73.0±1.0 disagree?",
    "how can the tension between 67.4±0.5 and 73.0±1.0 be solved",
    "what could explain the difference of 67.4 ± 0.5 and 73 ± 1?",
    "What does IllustrisTNG300 with 2500^3 particles resolve?",
    "what is a good box size for BAO simulations, 1 Gpc/h?",
    "Are 512^3 particles enough for a 100 Mpc/h box?",
    "What is the Nyquist frequency?",
    "CAMELS has 25 Mpc/h boxes with 256^3 particles. what is varied?",
    "which simulations have 1024^3 particles in a 500 Mpc/h box",
    "what's the resolution of Euclid",
    "what is the angular resolution of HERA at z=8",
    "what is the field of view of the 6.5 m JWST",
    "What baselines does SKA-Low have?",
    "how far away is Proxima, does parallax work?",
    "What is parallax?",
    "How does Gaia measure parallaxes of 0.02 mas?",
    "what is the distance modulus?",
    "LMC distance modulus 18.48 by whom?",
    "what is the baryon fraction of clusters",
    "what does omega_b h^2 = 0.0224 tell us about BBN",
    "BBN gives omega_b h^2 = 0.0222. does CMB agree?",
    "what is D_V/r_d measured by BOSS?",
    "What did DESI measure for D_M/r_d at z=0.51?",
    "what is r_d",
    "What is the Limber approximation?",
    "what is k=0.1 h/Mpc good for",
    "why do people use h/Mpc",
    "is k = 0.1 h/Mpc linear at z = 0?",
    "Does f sigma8 = 0.46 at z = 0.5 agree with GR?",
    "What is the growth rate?",
    "what's w0 = -0.83 +- 0.06 in DESI + CMB + Pantheon+, is lambda dead",
    "Explain a p-value of 0.01",
    "What does 2 sigma mean?",
    "are neutrinos of 0.1 eV hot dark matter",
    "What is the Schwarzschild radius?",
    "what does 95% confidence mean",
    "what would a 3 sigma detection of f_NL = 1 need",
    "what does SPHEREx promise for sigma(f_NL) = 1",
    "what percent is dark energy, 68%?",
    "is the age 13.8 Gyr with H0 = 73 ± 1 and 67.4 ± 0.5?",
    "how do 21 cm arrays with 100 m baselines see k_par",
    "which redshift does LOFAR's 21cm upper limit refer to",
    "at what redshift did DESI measure BAO with the Lyman alpha forest",
    "Which redshifts does the Lyman-alpha forest of DESI cover?",
    "We find S8 = 0.776 ± 0.017 and Omega_m = 0.305 ± 0.022 in a combined analysis. Which model?",
    "DES Y3: S8 = 0.776 ± 0.017, Omega_m = 0.339 ± 0.03, how many sigma is that from Planck?",
)


@pytest.mark.parametrize("question", MENTIONED)
def test_a_number_that_is_only_mentioned_is_not_computed_with(question: str) -> None:
    assert calculate(question) is None


def test_people_who_ask_for_no_number_get_none() -> None:
    path = ROOT / "training/literature/data/asked_questions.jsonl"
    others = [asked["question"] for line in path.read_text().splitlines()
              if (asked := json.loads(line))["kind"] != "calculation"]
    computed = [question for question in others if calculate(question) is not None]
    # today's critical density in a unit that is named may be computed as well as looked up
    assert len(others) > 100
    assert [question for question in computed if not re.search("critical density", question)] == []


def test_people_who_ask_for_a_number_get_one() -> None:
    path = ROOT / "training/literature/data/asked_questions.jsonl"
    asked = [question["question"] for line in path.read_text().splitlines()
             if (question := json.loads(line))["kind"] == "calculation"]
    assert len(asked) > 10 and [question for question in asked if calculate(question) is None] == []
