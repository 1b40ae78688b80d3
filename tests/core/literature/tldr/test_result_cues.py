"""What tells a stated result, and an abstract of astronomy."""

from __future__ import annotations

import time

import pytest

from core.literature.skim.sample import sample_batch
from core.literature.text.paper import Paper
from core.literature.text.text import sentences
from core.literature.tldr.features import SENTENCE_FEATURES, Outline
from core.literature.tldr.result_cues import RESULT_CUES, is_about_the_sky
from core.literature.tldr.tldr import tldr

LENSES = (
    "The Hubble constant is the expansion rate of the Universe today. We model 31 gravitational "
    "lenses with six different mass profiles and a blinded pipeline. We find $H_0 = 73.4 \\pm 1.1$ "
    "km/s/Mpc, in $3.1\\sigma$ tension with Planck. Future surveys will discover more lenses."
)
NETWORKS = (
    "Deep networks need much memory. We propose a pruning method for transformers. Experiments "
    "show that it is twice as fast on three benchmarks."
)


@pytest.mark.parametrize(
    ("cue", "text"),
    [
        ("finds", "Combining both, we therefore find a lower amplitude."),
        ("is found", "A signal was clearly detected."),
        ("errors", r"It is $0.81^{+0.02}_{-0.03}$."),
        ("sigmas", r"This is a $5.6\sigma$ detection."),
        ("value", r"The bias is $b \approx 1.2$."),
        ("did", "We then apply the method to mocks."),
    ],
)
def test_a_cue_is_seen_where_it_is_and_not_in_another_sentence(cue: str, text: str) -> None:
    assert RESULT_CUES[cue].search(text)
    assert not RESULT_CUES[cue].search("Voids are the emptiest regions.")


def test_the_sample_of_astronomy_is_about_the_sky_and_machine_learning_is_not() -> None:
    abstracts = [a.paper.abstract for a in sample_batch().announcements if a.paper.abstract]
    told = [is_about_the_sky(sentences(text)) for text in abstracts]
    assert sum(told) > 0.9 * len(told)
    assert not is_about_the_sky(sentences(NETWORKS))


def test_the_number_measured_is_chosen_over_what_was_done_whatever_the_title() -> None:
    for title in ("", "Modelling 31 gravitational lenses with six mass profiles"):
        assert tldr(Paper("1", title, LENSES)).sentence == 2


def test_no_two_features_share_a_name() -> None:
    assert len(set(SENTENCE_FEATURES)) == len(SENTENCE_FEATURES)


def test_the_title_is_read_only_where_the_ranker_learnt_with_titles() -> None:
    assert Outline.of("A title", LENSES).title == ""
    assert Outline.of("A title", NETWORKS).title == "A title"


@pytest.mark.parametrize("text", ["x" * 20_000, "we " * 7000, "1 " * 9000, "=" * 20_000,
                                  "gravitational " * 1500, "our " + "a" * 20_000, "^{ " * 6000])
def test_hostile_text_takes_no_time(text: str) -> None:
    start = time.perf_counter()
    for cue in RESULT_CUES.values():
        cue.search(text)
    is_about_the_sky([text])
    assert time.perf_counter() - start < 1.0
