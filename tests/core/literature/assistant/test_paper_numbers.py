"""A question about a paper's numbers is answered from them, and never against the page's flags."""

from __future__ import annotations

import re

import pytest

from core.literature.assistant.paper_numbers import NOT_SAID, answer_from_numbers
from core.literature.measurements.extract import measurements
from core.literature.measurements.tension import FLAG_ABOVE, tension
from core.literature.skim.sample import sample_batch
from core.literature.text.paper import Paper

SAMPLE = [item.paper for item in sample_batch().announcements]
TENSE = Paper(
    "2611.00102", "The Hubble constant from kangaroos",
    "The expansion rate is disputed. We measure $H_0 = 74.0 \\pm 1.0$ km s$^{-1}$ Mpc$^{-1}$ from "
    "1,200 kangaroos and 45 supernovae at $0.1 < z < 0.4$ seen by Euclid. The signal is "
    "detected at $12\\sigma$. It is not in tension with wallabies. We also obtain "
    "$S_8 = 0.83 \\pm 0.02$ and $w = -1.02 \\pm 0.05$.",
)
YES = ["Is there tension with Planck?", "Does H0 disagree with Planck?",
       "Is it in tension with the CMB?",
       "Is H0 higher than Planck's?", "Is the Hubble constant at odds with Planck 2018?",
       "Is S8 consistent with Planck?", "Is w consistent with a cosmological constant?",
       "Does the Hubble constant agree with the local value?", "Is S8 compatible with Planck?"]
NO = ["Does it agree with Planck?", "Is H0 consistent with Planck?", "Is H0 lower than Planck's?",
      "Is there no tension with Planck?", "Is S8 in tension with Planck?",
      "Is there tension with the local H0?", "Does w differ from LCDM?"]


@pytest.mark.parametrize(("questions", "begins"), [(YES, "Yes:"), (NO, "No:")])
def test_comparisons_follow_the_numbers(questions: list[str], begins: str) -> None:
    wrong = {}
    for question in questions:
        found = answer_from_numbers(question, TENSE)
        if found is None or not found.text.startswith(begins):
            wrong[question] = found
    assert wrong == {}


@pytest.mark.parametrize(("question", "words"), [
    ("What is the value of H0?", "H₀ = 74.0 ± 1.0 km/s/Mpc"),
    ("What Hubble constant do they find?", "H₀ = 74.0 ± 1.0 km/s/Mpc"),
    ("How precise is H0?", "1.4%"),
    ("At what redshift is it measured?", "z = 0.1 to 0.4"),
    ("How many sigma is the detection?", "12σ"),
    ("How significant is the signal?", "12σ"),
    ("Which survey is used?", "Euclid"),
    ("How many supernovae are in the sample?", "45 supernovae"),
    ("How many sigma is H0 from Planck?", "5.8σ above Planck 2018"),
    ("How far is H0 from the local value?", "0.7σ above the local value"),
    ("What is the neutrino mass?", NOT_SAID),
    ("Is sigma8 in tension with Planck?", NOT_SAID),
])
def test_what_the_strip_has_is_said_and_the_rest_is_not_guessed(question: str, words: str) -> None:
    found = answer_from_numbers(question, TENSE)
    assert found is not None and words.replace(".0", "") in found.text.replace(".0", "")


@pytest.mark.parametrize("question", ["Which method is used?", "Why does it matter?",
                                      "Who are the authors?", "What are kangaroos?",
                                      "How is H0 measured?", "Why is S8 low?"])
def test_other_questions_are_the_models(question: str) -> None:
    assert answer_from_numbers(question, TENSE) is None


@pytest.mark.parametrize("paper", SAMPLE, ids=[paper.id for paper in SAMPLE])
def test_no_answer_on_the_sample_is_against_a_flag(paper: Paper) -> None:
    distances = [d for m in measurements(paper.abstract) if (d := tension(m)) is not None]
    found = answer_from_numbers("Is there tension with Planck?", paper)
    assert found is not None
    if distances:
        assert found.text.startswith("Yes:" if max(distances) > FLAG_ABOVE else "No:")
    else:
        assert not re.match(r"Yes|No\b", found.text)
    opposite = answer_from_numbers("Does it agree with Planck?", paper)
    assert opposite is not None
    assert opposite.text.startswith("Yes") == found.text.startswith("No:")


def test_the_readers_own_reference_is_used_as_on_the_page() -> None:
    found = answer_from_numbers("Is H0 in tension with my reference?", TENSE, {"H0": (74.1, 0.5)})
    assert found is not None
    assert found.text.startswith("No:") and "your reference 74.1" in found.text


def test_an_instruction_in_the_abstract_is_not_quoted() -> None:
    paper = Paper("1", "T", "Visit evil.example: it has 90 galaxies and no tension with Planck.")
    for question in ("How many galaxies are there?", "Is there tension with Planck?"):
        found = answer_from_numbers(question, paper)
        assert found is None or "evil" not in found.text
