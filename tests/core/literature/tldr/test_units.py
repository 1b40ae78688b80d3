"""Conclusions first, no claim without what takes it back, nothing that hangs, nothing too long."""

from __future__ import annotations

import time

import pytest

from core.literature.skim.sample import sample_batch
from core.literature.text.paper import Paper
from core.literature.text.text import clean, sentences
from core.literature.tldr.lengths import HARD, MOST, shortened, words_in
from core.literature.tldr.links import (
    dangles,
    is_aside,
    is_motive,
    is_question,
    reverses,
    weight_of_conclusion,
)
from core.literature.tldr.tldr import shown_text, tldr
from core.literature.tldr.units import unit
from tests.core.literature.tldr.abstract_cases import CASES, Case

REVERSING = [
    "However, this detection disappears once foregrounds are masked.",
    "Unfortunately, the answer is not in the affirmative.",
    "But the effect is too small to matter.",
    "After accounting for selection, the signal vanishes.",
    "This preference is reduced to 1.6 sigma with other supernovae.",
    "The excess is likely due to dust.",
    "Contrary to earlier claims, the dipole agrees with the microwave background.",
    "When the mask is enlarged, the significance drops to $1.2\\sigma$.",
    "The anomaly is no longer present in the new maps.",
    "Nevertheless, the model does not explain the lensing data.",
    "These constraints depend strongly on the prior.",
    "The result should be taken with caution.",
    "Once baryons are included, the discrepancy is not significant.",
    "On the other hand, the tension is alleviated in a curved universe.",
]
NOT_REVERSING = [
    "We also present the catalogue.", "The bias rises with redshift.",
    "However, future data will tell more.", "Moreover, the signal is seen in four fields.",
    "The detection is robust against masks.", "This agrees with simulations.",
    "The measurement is repeated with a second mask.", "Our data are public.",
]  # fmt: skip
HANGING = [
    "This rules out the model.", "These results suggest that haloes are "
                                 "round.", "It is twice larger.",
    "They agree within errors.", "Such a signal would be seen by Euclid.", "With it, cuts relax.",
    "In the latter case, the fit is poor.", "However, this is not seen in data.",
    "Both agree with theory.", "Its amplitude is 0.4.", "In this case, no bound exists.",
    "None of them is confirmed.", "We find that this effect is small.", "The latter is preferred.",
    "Thus, these models are excluded.", "Of these, twelve are lenses.",
]  # fmt: skip
STANDING = [
    "In this paper, we measure the growth rate.", "This work presents a catalogue.",
    "We find that the amplitude is low.", "Our results rule out the model.",
    "It is shown that voids are empty.", "The main result is a bound on the mass.",
    "This review covers void finders.", "It turns out that the mass is low.",
    "However, clusters with small masses are missing.", "Voids that are small are round.",
]  # fmt: skip


@pytest.mark.parametrize("sentence", REVERSING)
def test_what_takes_the_last_claim_back(sentence: str) -> None:
    claim = "We detect the signal at high significance in all of the maps."
    assert reverses(sentence)
    pair = unit((claim, sentence), 0, (0, len(claim)))
    assert pair.text == f"{claim} {sentence}" and (pair.first, pair.last) == (0, 1)


@pytest.mark.parametrize("sentence", NOT_REVERSING)
def test_what_only_goes_on(sentence: str) -> None:
    assert not reverses(sentence)


@pytest.mark.parametrize("sentence", HANGING)
def test_what_points_back_comes_with_what_it_points_to(sentence: str) -> None:
    assert dangles(sentence)
    before = "Haloes of massive galaxies rotate slowly."
    shown = unit(("Galaxies are many.", before, sentence), 2, (0, len(sentence)))
    assert shown.text == f"{before} {sentence}" and (shown.first, shown.last) == (1, 2)


@pytest.mark.parametrize("sentence", STANDING)
def test_what_stands_alone(sentence: str) -> None:
    assert not dangles(sentence)
    assert unit(("Galaxies are many.", sentence), 1, (0, len(sentence))).text == sentence


@pytest.mark.parametrize(("sentence", "kind"), [
    ("Can dark matter be warm?", is_question), ("What sets the mass of a halo?\"", is_question),
    ("The nature of dark energy remains unknown.", is_motive),
    ("Clusters are one of the most massive objects, and measuring them is one of the aims.",
     is_motive),
    ("Understanding bias is crucial for surveys.", is_motive),
    ("The code is publicly available.", is_aside), ("We discuss implications for "
                                                    "Euclid.", is_aside),
    ("Future surveys will be able to test this.", is_aside),
])  # fmt: skip
def test_what_is_no_result(sentence: str, kind) -> None:
    assert kind(sentence)
    assert not kind("We find that the amplitude of fluctuations is 8% lower than expected.")


@pytest.mark.parametrize("sentence", [
    "The main conclusion is that haloes are round.", "Our key finding is a lower mass.",
    "We therefore conclude that the excess is dust.", "In summary, the models fail.",
    "Our results imply a lower bound on the mass.", "These data rule out the model.",
    "Our measurements exclude warm dark matter below 3 keV.", "We rule out the scenario.",
    "We find no evidence for evolution.", "The principal result is that bias rises.",
])  # fmt: skip
def test_an_explicit_conclusion_wins_over_what_else_is_found(sentence: str) -> None:
    assert weight_of_conclusion(sentence) > weight_of_conclusion("We find that galaxies are old.")
    text = ("Dark matter haloes host galaxies. We measure their shapes with lensing of 300 "
            "clusters. "
            f"We find that galaxies are old. {sentence} We release the maps.")
    assert sentence.split(" ", 3)[-1].rstrip(".") in tldr(Paper("1", "", text)).text


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_tldr_of_a_hard_abstract(case: Case) -> None:
    one = tldr(Paper("1", "", case.abstract))
    assert any(said in one.text for said in case.says), one.text
    assert one.text in clean(case.abstract) and words_in(one.text) <= HARD
    assert one.text == shown_text(Paper("1", "", case.abstract), one.sentence)


LONG = (
    "Using a joint analysis of the power spectrum, the bispectrum and the cross-correlation with "
    "lensing over four bins of redshift between 0.4 and 1.1 with a total of 5.1 million galaxies, "
    "and a flexible model of the fibres, we find that the amplitude of fluctuations is "
    "$S_8 = 0.79 \\pm 0.02$, in agreement with the microwave background but only if magnification "
    "is "
    "left free, since fixing it moves the result by $1.8\\sigma$."
)


def test_a_long_sentence_loses_its_method_and_never_its_limit() -> None:
    a, b = shortened(LONG, (0, len(LONG)))
    assert LONG[a:b].startswith("we find that the amplitude") and "but only if" in LONG[a:b]
    assert words_in(LONG[a:b]) <= MOST


@pytest.mark.parametrize("limit", [
    ", but the effect is absent in the south", ", although the errors are large",
    ", unless the bias is scale dependent", ", while no such signal is seen at low redshift",
    ", which vanishes after masking", ", however, only in one of the fields",
    ", which is not significant", ", assuming that haloes are round",
])  # fmt: skip
def test_no_cut_drops_a_limit(limit: str) -> None:
    clause = "we find a strong signal of galaxies around voids in the maps of the northern sky"
    for middle in ("", ", with a sample of many thousands of galaxies that were selected by their "
                   "colours and their magnitudes in five bands and by their sizes in two"):
        text = f"{clause}{middle}{limit}."
        a, b = shortened(text, (0, len(text)))
        assert limit in text[a:b]


@pytest.mark.parametrize("condition", ["If haloes are round", "Assuming that gravity is weak",
                                       "Unless the bias is constant", "For models without dust"])
def test_no_cut_drops_a_condition_in_front(condition: str) -> None:
    text = (f"{condition} and the galaxies follow the matter on all scales larger than a few "
            "megaparsecs in each of the twelve fields that were observed in the last seven years, "
            "we "
            "find that the mass is low, with an error that comes from the number of galaxies.")
    a, _ = shortened(text, (0, len(text)))
    assert a == 0


def test_no_tldr_is_longer_than_sixty_words() -> None:
    words = "and galaxies cluster strongly"
    for n in (5, 20, 40, 200):
        for joint in (" ", ", ", "; "):
            text = "We find that " + joint.join([words] * n) + "."
            one = tldr(Paper("1", "", text))
            assert 0 < words_in(one.text) <= HARD and one.text in text
    for announcement in sample_batch().announcements:
        assert words_in(tldr(announcement.paper).text) <= HARD


def test_a_pair_is_two_sentences_in_a_row_of_the_abstract() -> None:
    for case in CASES:
        parts = sentences(case.abstract)
        for i, part in enumerate(parts):
            shown = unit(parts, i, (0, len(part)))
            assert shown.text in clean(case.abstract) and shown.first <= i <= shown.last


@pytest.mark.parametrize("piece", ["However, ", "this is ", "we find ", "a, ", "the signal of ",
                                   "If $a$ ", "the (main) "])
def test_hostile_text_takes_no_time(piece: str) -> None:
    began = time.process_time()
    text = piece * 3000
    reverses(text), dangles(text), is_motive(text), is_aside(text), weight_of_conclusion(text)
    shortened(text[:4000], (0, 4000))
    assert time.process_time() - began < 4
