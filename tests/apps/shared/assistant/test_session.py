"""What a conversation looks like in the chat, beside it and in the exported file."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from apps.shared.assistant import models, turns
from apps.shared.assistant.session import (
    Options,
    Turn,
    answering,
    checked_options,
    checked_question,
    converse,
    history,
)
from apps.shared.assistant.sources import bars, link, panel
from apps.shared.assistant.transcript import beside, markdown, messages
from core.literature.assistant.citations import Citation
from core.literature.assistant.quiz import QuizAnswer, parse_quiz
from core.literature.assistant.reply import Reply
from core.literature.assistant.retrieval import Source
from core.literature.text.text import sentences
from tests.apps.cosmogemma.fixture import HOSTILE, MATHS


def source(paper=MATHS, number: int = 1, chosen: tuple[int, ...] = (0, 1)) -> Source:  # type: ignore[no-untyped-def]
    return Source(number, paper, tuple(sentences(paper.abstract)), chosen, 1.0)


DONE = Reply("It is 27.5 Mpc.", (source(), source(HOSTILE, 2)), (Citation(1, 1, 0.9),), "done")
QUIZ = parse_quiz("What are voids? A) empty regions B) dense <b>knots</b>")
assert QUIZ is not None
ANSWER = QuizAnswer(QUIZ, (0.25, 0.75), "B")


def test_the_supporting_sentence_is_open_and_marked_and_no_other() -> None:
    page = panel(DONE.sources, DONE.citations, "Sources")
    cards = page.split('<details class="cg-source"')[1:]
    assert len(cards) == 2 and cards[0].startswith(" open") and not cards[1].startswith(" open")
    marked = re.findall("<mark>(.*?)</mark>", page)
    assert len(marked) == 1 and "mean radius of Quokka voids" in marked[0]
    assert 'href="https://arxiv.org/abs/2401.00001"' in page


def test_nothing_of_a_paper_becomes_html() -> None:
    page = panel([source(HOSTILE, chosen=(0, 1, 2, 3))], [], "Sources")
    allowed = {"div", "h3", "details", "summary", "span", "p", "a", "mark", "code"}
    assert set(re.findall(r"<(\w+)", re.sub(r"\$[^$]*\$", "", page))) <= allowed
    assert page.count("<div") == page.count("</div") == 1
    assert {re.sub("/abs/.*", "", url) for url in re.findall('href="(.*?)"', page)} == {
        "https://arxiv.org"}


@pytest.mark.parametrize("wrong", ["x\" onclick=\"y", "../evil", "javascript:1", "2401.1"])
def test_only_an_arxiv_id_becomes_a_link(wrong: str) -> None:
    assert "<a" not in link(wrong) and '"' not in link(wrong)
    assert "<a" in link("astro-ph/0501171") and "<a" in link("2401.00001")


def test_sources_of_the_primer_name_what_they_rest_on() -> None:
    from core.literature.text.paper import Paper

    paper = Paper("primer:bao", "Sound", "One. Two.", references=("1201.2434",))
    page = panel([source(paper)], [], "Sources", lambda _: "Weinberg et al. 2013")
    assert "built-in library" in page and "Weinberg et al. 2013</a>" in page


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(), "Searching"),
        (Reply("Hal", state="writing"), "Hal"),
        (DONE, "[1]"),
        (Reply("Half an", state="stopped"), "Stopped here."),
        (Reply("", state="done"), "ask in other words"),
        (Reply("Yes.", state="done", from_memory=True, notice="From memory."), "*From memory.*"),
        (Reply("Only astronomy.", state="refused"), "Only astronomy."),
    ],
)
def test_every_state_has_its_words(reply: Reply, words: str) -> None:
    doing = "Searching" if reply.state == "searching" else ""
    assert words in Turn("q", reply=reply, doing=doing).answer


def test_a_quiz_begins_with_its_letter() -> None:
    assert Turn("q", quiz=ANSWER).answer.startswith("**B** dense < b>knots")
    page = bars(ANSWER)
    assert page.index("<strong>B</strong>") < page.index("What are voids")
    assert "width:75.0%" in page and "width:25.0%" in page and "<b>" not in page


def test_the_model_hears_finished_answers_only() -> None:
    session = [Turn("a", reply=DONE), Turn("b", quiz=ANSWER), Turn("c", reply=Reply("h"))]
    assert history(session) == [("a", "It is 27.5 Mpc.")]
    assert [m["role"] for m in messages(session)] == ["user", "assistant"] * 3


def test_the_export_has_questions_answers_sources_and_settings() -> None:
    text = markdown([Turn("How big?", Options(seed=7, temperature=0.5), DONE, again=True),
                     Turn("Which?", quiz=ANSWER)])
    for words in ("## How big?", "27.5 Mpc", "arXiv:2401.00001", "“The mean radius", "seed 7",
                  "temperature 0.5", "## Which?", "**B**"):
        assert words in text
    assert "<img" not in text and "![" not in text


def test_beside_an_answer_stand_its_own_sources() -> None:
    session = [Turn("a", reply=DONE), Turn("b", reply=Reply("x", state="done", from_memory=True))]
    assert "Quokka" in beside(session, 0) and "from memory" in beside(session)
    assert "not looked up" in beside([Turn("c", reply=Reply("x", state="refused", how="fixed"))])


@pytest.mark.parametrize("question", ["", "  \n", None, "x" * 4001])
def test_what_cannot_be_asked_is_said(question: str | None) -> None:
    with pytest.raises(ValueError, match="no question yet|at most 4,000"):
        checked_question(question)


@pytest.mark.parametrize("wrong", [
    {"length": 5}, {"length": 9999}, {"temperature": "hot"}, {"temperature": 3}, {"seed": -1},
])
def test_wrong_settings_are_said(wrong: dict) -> None:
    right = {"sources": True, "live": False, "length": 160, "temperature": 0, "seed": 1}
    assert checked_options(right) == Options()
    with pytest.raises(ValueError, match="choose a"):
        checked_options({**right, **wrong})


def test_a_request_stopped_while_it_waits_never_reaches_the_model() -> None:
    from apps.shared.assistant.turns import AnswerRequest
    from apps.shared.compute.queue import FairQueue

    queue = FairQueue(served_at_once=1)
    with queue.join(), queue.join() as position:
        request = AnswerRequest(position)
        request.stop()
        session = list(answering(Turn("a?"), [], request))
    assert session[-1].reply is None and "Stopped before" in session[-1].answer


class Assistant:
    """Answers in three steps, and chooses B."""

    def ask(self, question: str, **named: object) -> Iterator[Reply]:
        yield Reply()
        yield Reply("Hal", state="writing")
        yield DONE

    def quiz(self, question: str) -> QuizAnswer:
        return ANSWER


@pytest.fixture
def assistant(monkeypatch: pytest.MonkeyPatch) -> None:
    holder = models.Holder()
    holder.model = Assistant()
    monkeypatch.setattr(models, "_holder", holder)


def test_a_turn_grows_until_it_has_ended(assistant: None) -> None:
    grown = list(converse(Turn("How big?"), [], "a"))
    assert [turn.ended for turn in grown] == [False] * (len(grown) - 1) + [True]
    assert [turn.doing for turn in grown] == ["Beginning", "Searching the library", "Writing", ""]
    assert grown[-1].reply == DONE


def test_multiple_choice_is_answered_as_such_only_where_it_is_wanted(assistant: None) -> None:
    question = Turn("What are voids? A) empty regions B) dense knots")
    assert list(converse(question, [], "a"))[-1].quiz == ANSWER
    last = list(converse(question, [], "a", quizzes=False))[-1]
    assert last.quiz is None and last.reply == DONE


def test_whoever_forgets_a_request_sees_no_more_of_it(assistant: None) -> None:
    grown = converse(Turn("How big?"), [], "a")
    assert next(grown).doing == "Beginning"
    assert turns.stop("a", forget=True)
    assert list(grown) == [] and not turns.stop("a")


def test_a_newer_question_ends_the_older_one(assistant: None) -> None:
    older = converse(Turn("How big?"), [], "a")
    assert next(older).doing == "Beginning"
    newer = converse(Turn("Again?"), [], "a")
    assert next(newer).question == "Again?"
    assert list(older) == []
    assert list(newer)[-1].reply == DONE and not turns.running("a")


def test_an_interrupted_answer_keeps_what_it_said(assistant: None) -> None:
    grown = list(converse(Turn("How big?"), [], "a"))
    assert grown[0].interrupted.answer == "*Stopped before it began.*"
    writing = next(turn for turn in grown if turn.doing == "Writing")
    assert writing.interrupted.ended and writing.interrupted.reply.state == "stopped"
    assert grown[-1].interrupted == grown[-1]
