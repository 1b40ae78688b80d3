"""What is asked of one paper is answered in its own words; no verdict disagrees with them."""

from __future__ import annotations

import re

import numpy as np
import pytest

from core.literature.assistant.abstract_answers import answer_in_quotation, verdict
from core.literature.assistant.counts import counts, same_noun
from core.literature.assistant.paper_numbers import NOT_SAID, answer_from_numbers
from core.literature.assistant.retrieval import Retriever
from core.literature.library.library import Library
from core.literature.skim.sample import sample_batch
from core.literature.text.text import sentences

SAMPLE = {a.paper.id[-2:]: a.paper for a in sample_batch().announcements}


def answer(library: Library, id: str, question: str) -> str:
    paper = SAMPLE[id]
    found = answer_from_numbers(question, paper)
    if found is None:
        scores = np.array(Retriever(library).read(question, paper).scores)
        found = answer_in_quotation(question, sentences(paper.abstract), scores, paper.title)
    return found.text if found is not None else ""


@pytest.mark.parametrize(("id", "question", "said"), [
    ("05", "is the limit robust to dark energy?", "The limit is robust to a free equation"),
    ("05", "is the inverted hierarchy ruled out?", "stays allowed"),
    ("05", "do they use the optical depth?", "does not use the optical depth"),
    ("14", "is the posterior calibrated?", "too narrow by a quarter"),
    ("14", "are the intervals too narrow?", "too narrow by a quarter"),
    ("02", "what area do they use?", "deg$^2$"),
    ("04", "is w consistent with -1?", r"A cosmological constant lies $1.6\sigma$ away"),
    ("22", "what is the hydrostatic mass bias?", "1 − b = 0.74 ± 0.05"),
    ("22", "does the bias depend on redshift?", "No trend of the bias with redshift"),
    ("13", "how much does it cost?", "million"),
    ("13", "how large is the telescope?", "4 m telescope"),
    ("21", "does the gas fall in?", "does not fall in"),
    ("07", "is magnification negligible?", "cannot be neglected"),
    ("10", "what is the limit on non-Gaussianity?", "|fNL| < 0.02"),
    ("06", "what is A_ISW?", "A_ISW = 1.2 ± 0.4"),
    ("01", "how many galaxies?", "The abstract gives no number of galaxies; it has 31 lenses."),
    ("02", "how many galaxies?", "no number of galaxies; it has four tomographic bins"),
    ("14", "how many galaxies?", "no number of galaxies; it has 400 simulated events"),
    ("01", "how many lenses?", "31 lenses"), ("02", "how many redshift bins?", "four tomographic"),
    ("24", "is the code public?", NOT_SAID),
])
def test_the_abstract_answers(library: Library, id: str, question: str, said: str) -> None:
    found = answer(library, id, question)
    assert said in found
    assert not re.match(r"(?:Yes|No)\b", found)


def test_one_of_several_values_is_told_by_its_data() -> None:
    both = answer_from_numbers("what is S8?", SAMPLE["02"])
    assert both and "(power spectrum)" in both.text and "(power spectrum + peaks)" in both.text
    joint = answer_from_numbers("what S8 with peaks and power spectrum together?", SAMPLE["02"])
    assert joint and "The abstract gives S₈ = 0.762 ± 0.018 (power spectrum + peaks)." in joint.text
    alone = answer_from_numbers("what is S8 from the power spectrum alone?", SAMPLE["02"])
    assert alone and "gives S₈ = 0.771 ± 0.027 (power spectrum)." in alone.text


@pytest.mark.parametrize("id", ["02", "04", "22"])
def test_values_from_mocks_decide_nothing_about_the_sky(id: str) -> None:
    found = answer_from_numbers("Is there tension with Planck?", SAMPLE[id])
    assert found and not re.match(r"(?:Yes|No)\b", found.text)
    assert "mock or simulated data" in found.text


@pytest.mark.parametrize(("question", "sentence", "word"), [
    ("Is the limit robust to dark energy?", "The limit is robust to dark energy.", "Yes"),
    ("Is the limit robust to dark energy?", "The limit is not robust to dark energy.", "No"),
    ("Is the limit robust to dark energy?", "The limit is robust only if dark energy is.", ""),
    ("Is the limit robust to dust?", "The limit is robust to dark energy.", ""),
    ("Are posteriors calibrated?", "We test whether posteriors are calibrated.", ""),
    ("Is magnesium detected?", r"Magnesium is detected at $9\sigma$.", "Yes"),
    ("Is magnesium not detected?", r"Magnesium is detected at $9\sigma$.", ""),
    ("Are masses biased?", "The masses would be biased without it.", ""),
    ("Do they use the optical depth?", "Limits depend on the optical depth.", ""),
])
def test_a_verdict_needs_all_that_was_asked(question: str, sentence: str, word: str) -> None:
    assert verdict(question, sentence) == word


def test_things_are_counted_with_their_own_nouns() -> None:
    text = (r"We stack 1,200 quasars and four groups at $z = 0.5$ in 31 lenses of $1{,}500$ "
            r"clusters, over 40 deg$^2$, at $3\sigma$, in 20 hours with two-point functions.")
    assert [str(one) for one in counts(text)] == [
        "1,200 quasars", "four groups", "31 lenses", "1,500 clusters"]
    assert same_noun("galaxies", "massive galaxies") and same_noun("halos", "haloes")
    assert not same_noun("galaxies", "lenses") and not same_noun("dwarf galaxies", "galaxies")
