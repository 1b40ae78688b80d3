"""Names and papers that the library does not know."""

from __future__ import annotations

import time

import pytest

from core.literature.assistant.conversation.unknown import unknown_names, unknown_papers
from core.literature.library.primer import read_references
from core.literature.library.stored_questions import read_questions


def test_the_librarys_own_questions_name_nothing_unknown() -> None:
    asked = [question.text for question in read_questions()[::7]]
    assert [text for text in asked if unknown_names(text) or unknown_papers(text)] == []


@pytest.mark.parametrize("first", ["Vorbraxon", "Quillmark", "Tzelnov"])
@pytest.mark.parametrize("frame", ["What is the {} relation?", "What H0 does the {} survey give?"])
def test_a_name_that_nobody_bears_is_unknown(frame: str, first: str) -> None:
    assert unknown_names(frame.format(first)) == (first,)
    assert unknown_names(frame.format(first), frequency=lambda word: 1) == ()


def test_two_people_that_are_never_joined_are_unknown_and_joined_ones_are_not() -> None:
    assert unknown_names("What is the Zhang-Kowalski relation?") == ("Zhang-Kowalski",)
    for known in ("Faber-Jackson", "Tully-Fisher", "Press-Schechter"):
        assert unknown_names(f"What is the {known} relation?") == ()


@pytest.mark.parametrize("text", ["ttteee", "TTTEEE", "eds", "WHAT IS ZORBLAX", "hte hubble", ""])
def test_trifles_and_shouts_are_not_complained_of(text: str) -> None:
    assert unknown_names(text) == ()


def test_papers_of_the_references_are_known_and_others_are_not() -> None:
    for one in list(read_references().values())[:200]:
        assert unknown_papers(f"What did {one.authors} {one.year} find?") == ()
    assert unknown_papers("What did Smith & Zhang 2031 find?") == ("Smith & Zhang 2031",)
    assert unknown_papers("Smith & Zhang 2031", {("zhang", 2031)}) == ()


def test_hostile_texts_take_no_time() -> None:
    start = time.perf_counter()
    for text in ("A" * 2000, "Aa-" * 700, "Aa and " * 300, "Zz 20" * 400):
        unknown_names(text)
        unknown_papers(text)
    assert time.perf_counter() - start < 5
