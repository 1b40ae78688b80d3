"""Yes and no come from stored questions that ask the same, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

import pytest

from core.literature.assistant.composing.verdicts import Judging, verdict_of
from core.literature.judge.judge import Judgement
from tests.core.literature.assistant.composing.found import match, source

ASKED = "Do massive neutrinos suppress structure?"
OPPOSITE = "Do massive neutrinos enhance structure?"


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_the_same_question_gives_its_answer_and_its_source(answer: str) -> None:
    told = source(2, match(ASKED, answer, 1.5, 1.0))  # type: ignore[arg-type]
    assert verdict_of(ASKED, [source(1), told]) == (answer, told)


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_an_opposite_question_gives_none_however_near_it_is(answer: str) -> None:
    best = source(1, match(OPPOSITE, answer, 1.5, 0.999))  # type: ignore[arg-type]
    assert verdict_of(ASKED, [best]) == ("", best)
    assert verdict_of(ASKED.replace("Do", "Don't"), [source(1, match(ASKED, "yes"))])[0] == ""


@pytest.mark.parametrize("sources", [
    [source(1)], [source(1, match(ASKED, "", 1.5, 1.0))],
    [source(1, match(ASKED, "yes", 0.9, 0.5, share=0.3))],
    [source(1, match("Do massive neutrinos suppress light?", "yes", 1.0, 0.85))],
], ids=["nothing stored", "no answer stored", "not alike", "another last word"])
def test_without_a_question_that_asks_the_same_there_is_no_verdict(sources: list) -> None:  # type: ignore[type-arg]
    assert verdict_of(ASKED, sources) == ("", sources[0])


def test_stored_questions_that_disagree_give_no_verdict() -> None:
    for score in (0.85, 1.0, 1.1):
        near = [match(ASKED, "yes", 1.1, 0.85), match(f"Now: {ASKED}", "no", score, 0.84)]
        assert verdict_of(ASKED, [source(1, *near)])[0] == ("yes" if score == 0.85 else "")


def test_the_order_of_the_sources_does_not_matter() -> None:
    sources = [source(1, match(ASKED, "yes", 1.2, 0.88)), source(2, match(ASKED, "yes", 1.1, 0.86)),
               source(3, match(OPPOSITE, "no", 1.3, 0.95))]
    assert {verdict_of(ASKED, some) for some in permutations(sources)} == {("yes", sources[0])}


def judging(yes: float, no: float = 0.0, calls: list[str] | None = None) -> Judging:
    """Says the same of every passage."""
    def judge(question: str, passages: Sequence[str]) -> list[Judgement]:
        if calls is not None:
            calls.append(question)
        return [Judgement(yes, no, 1.0 - yes - no)] * len(passages)
    return judge


def test_where_nothing_is_stored_the_passage_is_judged_if_it_is_plain() -> None:
    bare = [source(1)]
    assert verdict_of(ASKED, bare, judging(0.95, 0.02))[0] == "yes"
    assert verdict_of(ASKED, bare, judging(0.02, 0.95))[0] == "no"
    for unsure in (judging(0.5, 0.45), judging(0.1, 0.05), judging(0.3, 0.0)):
        assert verdict_of(ASKED, bare, unsure) == ("", bare[0])


@pytest.mark.parametrize("question", [
    "Should I study massive neutrinos?", "Are massive neutrinos better than axions?",
    "Are massive neutrinos heavier than structure?",
    "Do massive neutrinos suppress or move structure?",
    "Do sterile neutrinos suppress structure?",
], ids=["advice", "opinion", "two sizes", "a choice", "a sibling"])
def test_the_judge_does_not_decide(question: str) -> None:
    bare = source(1)
    assert verdict_of(question, [bare], judging(1.0)) == ("", bare)


def test_two_passages_that_agree_decide_between_two_sizes() -> None:
    both = [source(1), source(2)]
    asked = "Are massive neutrinos lighter than electrons?"
    assert verdict_of(asked, both, judging(0.9))[0] == "yes"


@pytest.mark.parametrize(("cosine", "verdict"), [(0.9, ""), (0.97, "yes")])
def test_an_opinion_is_the_librarys_only_where_it_was_asked_so(cosine: float, verdict: str) -> None:
    asked = "Should I use massive neutrinos?"
    told = source(1, match(asked, "yes", 1.5, cosine))
    assert verdict_of(asked, [told], judging(1.0))[0] == verdict


def test_what_is_stored_comes_before_what_is_judged() -> None:
    calls: list[str] = []
    told = source(1, match(ASKED, "no", 1.5, 1.0))
    assert verdict_of(ASKED, [told], judging(1.0, 0.0, calls)) == ("no", told) and not calls


def test_opposites_to_choose_from_get_neither_yes_nor_no() -> None:
    for asked in ("Does it affect small or large scales?", "Is it hotter or colder?",
                  "Do they attract or repel each other?"):
        assert verdict_of(asked, [source(1, match(asked, "yes", 1.5, 1.0))], judging(1.0))[0] == ""


@pytest.mark.parametrize(("asked", "stored"), [
    ("Are MACHOs ruled out as dark matter?", "Can MACHOs be dark matter?"),
    ("Is the Universe 26.7 billion years old?", "Is the Universe 13.8 billion years old?"),
    ("Is the result wrong?", "Is the result right?"),
    ("Are black holes dark matter?", "Could black holes be dark matter?"),
    ("Did DESI find hints that dark energy changes?", "Has DESI proven that dark energy changes?"),
    ("Is space infinite?", "Is it known whether space is infinite?"),
    ("Is a scalar field the same as the Higgs field?", "Is the Higgs field a scalar field?"),
    ("Is a cluster always larger than a group?", "Is a cluster larger than a group?"),
])
def test_another_claim_in_like_words_has_no_vote(asked: str, stored: str) -> None:
    assert verdict_of(asked, [source(1, match(stored, "yes", 1.5, 0.99))])[0] == ""
    assert verdict_of(stored, [source(1, match(stored, "yes", 1.5, 0.99))])[0] == "yes"


def test_what_the_passage_leaves_open_is_left_open() -> None:
    open_ = replace(source(1), sentences=("Whether it is so is not settled.", "It was so."))
    assert verdict_of(ASKED, [open_], judging(1.0))[0] == ""
    assert verdict_of("Is the matter settled?", [open_], judging(0.0, 1.0))[0] == "no"


@pytest.mark.parametrize(("asked", "stored"), [
    ("Is HSC deeper than DES?", "Is DES deeper than HSC?"),
    ("Is DES shallower than HSC?", "Is DES deeper than HSC?"),
    ("Are neutron stars more massive than white dwarfs?",
     "Are white dwarfs more massive than neutron stars?"),
    ("Is Planck older than WMAP?", "Is Planck younger than WMAP?"),
])
@pytest.mark.parametrize("answer", ["yes", "no"])
def test_a_comparison_turned_round_has_the_other_answer(
    asked: str, stored: str, answer: str
) -> None:
    told = source(1, match(stored, answer, 1.5, 0.97))
    assert verdict_of(asked, [told])[0] == ("no" if answer == "yes" else "yes")
    assert verdict_of(stored, [told])[0] == answer


@pytest.mark.parametrize(("asked", "stored"), [
    ("Is HSC deeper than DES?", "Is KiDS deeper than HSC?"),
    ("Is HSC deeper than DES?", "Is DES not deeper than HSC?"),
    ("Is HSC deeper than DES?", "Is DES wider than HSC?"),
])
def test_another_comparison_is_not_turned_round(asked: str, stored: str) -> None:
    assert verdict_of(asked, [source(1, match(stored, "yes", 1.5, 0.97))])[0] != "no"


def test_the_reason_is_that_of_the_question_with_this_verdict() -> None:
    told = source(1, match(ASKED, "yes", 1.5, 1.0), match(f"{ASKED[:-1]} today?", "no", 1.4, 0.9))
    verdict, read = verdict_of(ASKED, [told])
    assert verdict == "yes"
    assert [one.question.answer for one in read.matches] == ["yes"]


def test_the_judge_does_not_tell_what_is_the_same() -> None:
    assert verdict_of("Is shear the same as convergence?", [source(1)], judging(0.0, 1.0))[0] == ""
