"""A stored question on another thing answers nothing, however alike it sounds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.literature.assistant.composing.same_subject import of_a_sibling, other_subject
from core.literature.assistant.retrieval import Source
from tests.core.literature.assistant.composing.found import source

ASKED = ("Is {} decaying?", "Can {} be measured today?", "Does {} cluster on small scales?")


@pytest.mark.parametrize("question", ASKED)
@pytest.mark.parametrize(("one", "other"), [
    ("dark energy", "dark matter"), ("the Hubble constant", "the Hubble radius"),
])
def test_siblings_are_other_subjects_both_ways(question: str, one: str, other: str) -> None:
    a, b = question.format(one), question.format(other)
    assert other_subject(a, b) and other_subject(b, a)
    assert not other_subject(a, a)


@pytest.mark.parametrize("question", ASKED)
@pytest.mark.parametrize(("one", "other"), [("the CMB", "the cosmic microwave background"),
                                            ("BAO", "baryon acoustic oscillations")])
def test_two_names_of_one_thing_are_one_subject(question: str, one: str, other: str) -> None:
    assert not other_subject(question.format(one), question.format(other))


def test_a_passage_speaks_of_what_it_names() -> None:
    def passage(text: str) -> Source:
        told = replace(source(1), sentences=(text,))
        return replace(told, paper=replace(told.paper, title="Decaying dark matter"))

    asked = "Is dark energy decaying?"
    assert not of_a_sibling(asked, passage("Dark energy does not decay."))
    assert of_a_sibling(asked, passage("Decaying dark matter loses energy."))
