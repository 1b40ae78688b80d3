"""Only good questions are kept, once, in balance, with options that are wrong."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from core.literature.text.text import TermWeights
from tests.training.literature.questions.helpers import abstract_of
from training.literature.questions.filters import (
    balanced,
    checked,
    found_sentence,
    without_duplicates,
)
from training.literature.questions.multiple_choice import multiple_choice
from training.literature.questions.pairs import Pair

PASSAGE = abstract_of(0).text
SENTENCE = "We find that the mass of quasar hosts is 100 units in Gaia data."
GOOD = Pair("What is the mass of quasar hosts in Gaia data?", "100 units", PASSAGE, SENTENCE, "1")
WEIGHTS = TermWeights.of(abstract_of(i).text for i in range(30))


def changed(**new: str) -> Pair:
    return Pair(**{**GOOD.__dict__, **new})


def test_a_good_pair_is_kept_and_its_sentence_made_exact() -> None:
    for quoted in (SENTENCE, SENTENCE.upper(), SENTENCE[:-1], f'"{SENTENCE}"', f" {SENTENCE}\n",
                   SENTENCE.replace("hosts", "host")):  # fmt: skip
        pair, wrong = checked(changed(sentence=quoted), WEIGHTS)
        assert pair == GOOD and wrong == ""


@pytest.mark.parametrize(
    ("new", "wrong"),
    [
        ({"question": "Tell me the mass of quasar hosts."}, "form"),
        ({"question": "Mass?"}, "form"),
        ({"answer": "units " * 90}, "form"),
        ({"question": "What mass of quasar hosts does this paper find?"}, "points outside"),
        ({"question": "What mass of quasar hosts do the authors find?"}, "points outside"),
        ({"question": "What is the mass of quasar hosts in this new study?"}, "points outside"),
        ({"answer": "We find 100 units"}, "points outside"),
        ({"question": "What mass of quasar hosts is described in the text?"}, "points outside"),
        ({"sentence": "The mass of quasar hosts is large."}, "sentence"),
        ({"sentence": ""}, "sentence"),
        ({"sentence": "We find"}, "sentence"),
        ({"answer": "120 units"}, "numbers"),
        ({"answer": "A population of primordial magnetic monopoles"}, "not answerable"),
        ({"question": "Which inflaton potential drives reheating after preheating?"},
         "off the passage"),
        ({"question": "What is in the data here?"}, "off the passage"),
    ],
)
def test_a_bad_pair_is_dropped_for_what_is_wrong(new: dict[str, str], wrong: str) -> None:
    assert checked(changed(**new), WEIGHTS) == (None, wrong)


def test_only_whole_sentences_of_the_passage_count() -> None:
    assert found_sentence(SENTENCE, PASSAGE) == SENTENCE
    assert found_sentence(SENTENCE.replace("100", "200"), PASSAGE) is None
    assert found_sentence("Simulations with feedback", PASSAGE) is None


def test_a_question_comes_once_but_its_negation_stays() -> None:
    yes = changed(question="Does the halo mass grow with time?", answer="Yes, it grows.")
    same = changed(question="does the HALO mass grow, with time", answer="Yes.")
    alike = changed(question="Does the mass of the halo grow with time?", answer="Yes, it does.")
    no = changed(question="Does the halo mass shrink with time?", answer="No, it grows.")
    assert without_duplicates([yes, same, alike, no]) == [yes, no]
    assert without_duplicates([same, no], known=[yes]) == [no]
    assert without_duplicates([]) == []


def test_as_many_yes_as_no() -> None:
    def of(kind: str, count: int) -> list[Pair]:
        return [changed(question=f"{kind} {i}?", answer=f"{kind}.") for i in range(count)]

    for yes, no in ((5, 2), (0, 3), (4, 4)):
        pairs = [*of("Yes", yes), *of("No", no), *of("Seven", 3)]
        kept = balanced(pairs, random.Random(0))
        kinds = [pair.kind for pair in kept]
        assert kinds.count("yes") == kinds.count("no") == min(yes, no) and kinds.count("open") == 3
        assert kept == [pair for pair in pairs if pair in kept]
        assert kept == balanced(pairs, random.Random(0))


def test_wrong_options_are_wrong_and_of_the_same_form() -> None:
    def pair(i: int, answer: str, passage: str = "") -> Pair:
        question = f"What sets the size of object {i}?"
        return Pair(question, answer, passage or f"text {i}", None, str(i))

    words = ["pressure", "gravity", "rotation", "feedback", "cooling"]
    sizes = [pair(10 + i, f"{i} Mpc") for i in range(5)]
    pool = [*(pair(i, w) for i, w in enumerate(words)), *sizes,
            pair(20, "gravity", "gravity and rotation set the size")]  # fmt: skip
    choices = multiple_choice(pool, WEIGHTS, random.Random(0))
    assert choices
    for choice in choices:
        assert len({any(c.isdigit() for c in option) for option in choice.options}) == 1
        assert len(set(choice.options)) == 4
    of_last = [choice for choice in choices if choice.source == "20"]
    assert all("rotation" not in choice.options for choice in of_last)
    assert multiple_choice(pool[:3], WEIGHTS, random.Random(0)) == []
    letters: Callable[[int], str] = lambda seed: "".join(  # noqa: E731
        c.letter for c in multiple_choice(pool, WEIGHTS, random.Random(seed))
    )
    assert len({letters(seed) for seed in range(5)}) > 1
