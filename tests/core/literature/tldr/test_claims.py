"""A TL;DR tells the claim of its title, and not a check, a nuisance or what was done."""

from __future__ import annotations

import pytest

from core.literature.skim.sample import sample_batch
from core.literature.tldr.claims import is_check, is_nuisance, is_warning, shares_quantity
from core.literature.tldr.links import dangles, is_deed
from core.literature.tldr.tldr import tldr

SAMPLE = {a.paper.id[-2:]: a.paper for a in sample_batch().announcements}


@pytest.mark.parametrize(("id", "said"), [
    ("02", "S_8 = 0.762"), ("08", "0.35"), ("09", "since galaxy bias absorbs"),
    ("11", r"f\sigma_8 = 0.452"), ("14", "too narrow by a quarter"), ("17", "f_{R0}| < 10^{-5.4}"),
    ("01", "73.4"), ("05", "0.11"), ("22", "0.74"), ("13", "design of a 400-fibre"),
])
def test_the_sample_is_told_by_its_results(id: str, said: str) -> None:
    assert said in tldr(SAMPLE[id]).text


def test_no_demonstrative_of_the_sample_is_left_without_what_it_points_to() -> None:
    found = {id: tldr(paper).text for id, paper in SAMPLE.items()}
    assert "this fraction" not in found["24"]
    assert found["09"].index("The limit") < found["09"].index("this degeneracy")


@pytest.mark.parametrize(("sentence", "hangs"), [
    ("Adding lensing breaks this degeneracy and gives a fraction below 0.04.", True),
    ("A prior on this fraction removes four fifths of the uncertainty.", True),
    ("On a 4 m telescope it classifies supernovae in an hour.", True),
    ("We show that the ratio of radii is free of it.", True),
    ("We measure the ratio of both radii, and this ratio is free of dust.", False),
    ("We find a dipole that these models cannot explain in 40 galaxies.", True),
    ("The bias of quasars rises with redshift.", False),
    ("In this paper we measure the bias of quasars.", False),
])
def test_a_noun_that_points_back_dangles(sentence: str, hangs: bool) -> None:
    assert dangles(sentence) is hangs


@pytest.mark.parametrize(("sentence", "deed"), [
    ("We measure the effect in simulations of 90 clusters at $z<0.6$.", True),
    (r"We measured the profiles of 461 clusters of $10^{14}\,M_\odot$.", True),
    (r"We measure $H_0 = 70 \pm 2$ km/s/Mpc with 40 lenses.", False),
    ("We investigate trends with mass, finding no evolution.", False),
    ("We present the design of a spectrograph for supernovae.", False),
])
def test_numbers_of_the_sample_are_no_result(sentence: str, deed: bool) -> None:
    assert is_deed(sentence) is deed


def test_what_has_to_do_with_the_claim() -> None:
    assert shares_quantity("A lower amplitude of structure", "We find $S_8 = 0.76$.")
    assert not shares_quantity("Voids in mocks", "We find $S_8 = 0.76$.")
    assert is_nuisance(r"They constrain $A_{\rm IA} = 0.6$.", "Cosmic shear")
    assert not is_nuisance(r"They constrain $A_{\rm IA} = 0.6$.", "Intrinsic alignments in KiDS")
    assert is_check("We obtain 69 from an input of 70.") and not is_check("We obtain 69.")
    assert is_check(r"It implies $\tau = 0.05$ in our fiducial model.")
    assert is_warning("The intervals are too narrow by a quarter.")
