r"""What of a question is looked up, and what of a growing answer is shown."""

from __future__ import annotations

import pytest

from apps.cosmogemma.pages.quiz import checked_quiz
from apps.shared.assistant.asked import searched
from apps.shared.assistant.growing import whole_sentences, without_open_formula
from apps.shared.assistant.session import Turn, checked_question
from apps.shared.assistant.transcript import beside
from apps.shared.page.untrusted import as_typed, typed_again
from core.literature.assistant.cosmogemma import Reply
from core.literature.assistant.quiz import parse_quiz


@pytest.mark.parametrize(("typed", "read"), [
    ("<b>bold</b> what is the Hubble constant?", "bold what is the Hubble constant?"),
    ("\u200b\N{TELESCOPE} Hub\u200bble?", "Hubble?"),
    (r"$\rule{9em}{9em}$ What is dark matter?", "What is dark matter?"),
    ("**What** is [this](http://a.example)?", "What is this?"),
    ("Is a<b and c>d at $z<3$?", "Is a<b and c>d at $z<3$?"),
    (r"What is $H_0$ in $\Lambda$CDM?", r"What is $H_0$ in $\Lambda$CDM?"),
])
def test_markup_and_hidden_signs_are_not_looked_up(typed: str, read: str) -> None:
    assert searched(typed) == read


@pytest.mark.parametrize("typed", ["<b></b>", "!!!", "\N{ROCKET}", r"$\rule{1em}{1em}$", "\u200b"])
def test_what_has_no_words_is_no_question(typed: str) -> None:
    with pytest.raises(ValueError, match="no words of a question"):
        checked_question(typed)


@pytest.mark.parametrize(("written", "shown"), [
    (r"Dark energy in $\Lam", "Dark energy in "), (r"in $\Lambda$CDM", r"in $\Lambda$CDM"),
    (r"so \(a", "so "), ("costs $5 " + "and more " * 40, "costs $5 " + "and more " * 40),
])
def test_a_formula_is_shown_when_it_is_closed(written: str, shown: str) -> None:
    assert without_open_formula(written) == shown


@pytest.mark.parametrize(("written", "whole"), [
    ("We test voids. We ask, and whether", "We test voids."), ("We ask, and", "We ask, and …"),
    ("Voids are empty [1].", "Voids are empty [1]."), ("Empty. [1]", "Empty. [1]"),
])
def test_an_idea_ends_with_a_sentence(written: str, whole: str) -> None:
    assert whole_sentences(written) == whole


@pytest.mark.parametrize("reply", [None, Reply(), Reply(state="stopped")])
def test_what_was_stopped_early_says_so_and_searches_no_more(reply: Reply | None) -> None:
    turn = Turn("What are voids?", reply=reply, doing="Writing").interrupted
    assert turn.answer == "*Stopped before it began.*"
    assert "stopped before" in beside([turn]) and "Searching" not in beside([turn])
    stopped = Turn("What are voids?", reply=Reply(state="stopped"))
    assert stopped.answer == "*Stopped before it began.*"


@pytest.mark.parametrize("typed", [
    "It cost $5 and then $6", "<b>x</b> & &lt;", "[click](x) *a* `b`", "# a\n- b\n1. c\n---",
])
def test_words_as_typed_can_be_edited(typed: str) -> None:
    shown = as_typed(typed)
    assert typed_again(shown) == typed
    assert not set("*`[]") & set(shown) and "<b>" not in shown


def test_a_formula_of_a_question_is_drawn() -> None:
    assert as_typed("What is $H_0$ at $5?") == "What is $H_0$ at <span>&#36;</span>5?"


def test_options_before_their_question() -> None:
    quiz = parse_quiz("1. a 2. b 3. c Which came first?")
    assert quiz is not None and quiz.options == ("a", "b", "c")
    assert quiz.question == "Which came first?"
    assert parse_quiz("1. Do this. 2. Do that. What now?") is None


def test_an_option_that_stands_twice_is_said() -> None:
    with pytest.raises(ValueError, match="Options A and C are the same"):
        checked_quiz("What are voids?\nA) empty\nB) dense\nC) Empty")


@pytest.mark.parametrize("formula", [
    r"$\Omega_m^2 < \frac{1}{2}$", r"\(x^{2}\)", r"\[y_{3}\]", "$$z$$",
])  # fmt: skip
def test_a_growing_text_never_shows_half_a_formula(formula: str) -> None:
    whole = f"We find $a<b$ and {formula} here"
    start, end = whole.index(formula), whole.index(formula) + len(formula)
    for length in range(len("We find $a<b$ and"), len(whole) + 1):
        shown = without_open_formula(whole[:length])
        assert shown.rstrip() == (whole[:start].rstrip() if start < length < end
                                  else whole[:length].rstrip())
    price = "It costs $5 " + "and more words " * 40
    assert without_open_formula(price) == price
