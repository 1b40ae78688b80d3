"""Opening the assistant, waiting for it, and one request a visitor."""

from __future__ import annotations

import threading

import pytest

from apps.shared.assistant import models, turns


@pytest.fixture
def holder(monkeypatch: pytest.MonkeyPatch) -> models.Holder:
    holder = models.Holder(lambda: "the model")
    monkeypatch.setattr(models, "_holder", holder)
    return holder


def test_the_assistant_is_opened_once_and_in_the_background(holder: models.Holder) -> None:
    calls = []
    holder.load = lambda: calls.append(1) or "the model"
    assert [models.cosmogemma(), models.cosmogemma()] == ["the model"] * 2 and calls == [1]


def test_a_model_that_cannot_be_opened_is_one_sentence_and_tried_again(
    holder: models.Holder
) -> None:
    def fail() -> None:
        raise RuntimeError("The package is incomplete; install it again.")

    holder.load = fail
    with pytest.raises(models.MissingModelError, match="install it again"):
        models.cosmogemma()
    assert "install it again" in models.status()
    holder.load = lambda: "the model"
    assert models.cosmogemma() == "the model"


def test_what_is_waited_for_has_words(
    holder: models.Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apps.shared.compute.queue import FairQueue

    monkeypatch.setattr(turns, "_queue", FairQueue(served_at_once=1))
    with turns.begin("a"), turns.begin("b") as second:
        said = second.waiting()
        words = next(said)
        while "Opening" in words:
            words = next(said)
        assert words == "Waiting: 1 visitor before you"


def test_the_last_press_of_a_visitor_wins_and_programs_ask_as_often_as_they_like() -> None:
    with turns.begin("a") as older, turns.begin("a") as newer:
        assert older.cancelled() and older.forgotten and not newer.cancelled()
        with turns.begin("b") as other, turns.begin(None), turns.begin(None) as program:
            assert not other.cancelled() and not program.cancelled()
    assert not turns.running("a")


def test_a_newer_answer_begins_when_the_older_has_said_its_last(holder: models.Holder) -> None:
    said: list[str] = []
    began, goes_on = threading.Event(), threading.Event()

    def older() -> None:
        with turns.begin("a") as request:
            began.set()
            goes_on.wait(30)
            said.append("late words" if not request.forgotten else "the end of the older")

    thread = threading.Thread(target=older)
    thread.start()
    began.wait(30)
    with turns.begin("a") as newer:
        for words in newer.waiting():
            said.append(words)
            goes_on.set()
        said.append("the newer")
    thread.join()
    assert said[0].startswith("Stopping the answer before")
    assert said[-1] == "the newer" and said.count("late words") == 0
    assert said.index("the end of the older") < said.index("the newer")


def test_the_end_of_an_older_answer_does_not_end_the_newer() -> None:
    older = turns.begin("a")
    older.__enter__()
    with turns.begin("a") as newer:
        older.__exit__(None, None, None)
        assert turns.running("a") and turns.stop("a") and newer.cancelled()


def test_stopping_reaches_the_visitor_s_own_request() -> None:
    with turns.begin("a") as mine, turns.begin("b") as other:
        assert turns.stop("a") and not turns.stop("nobody") and not turns.stop(None)
        assert mine.cancelled() and not other.cancelled() and not mine.forgotten
    assert not turns.stop("a")


def test_a_backend_that_fails_is_one_sentence() -> None:
    with pytest.raises(turns.ModelFailedError, match="The server is gone"), turns.begin("a"):
        raise RuntimeError("The server is gone.")


def test_a_program_gets_the_assistant_in_its_turn(holder: models.Holder) -> None:
    with turns.in_turn() as assistant:
        assert assistant == "the model"
    with pytest.raises(turns.ModelFailedError, match="out of memory"), turns.in_turn():
        raise RuntimeError("The device is out of memory.")


@pytest.mark.parametrize("error", [SystemExit(1), KeyboardInterrupt(), GeneratorExit()], ids=repr)
def test_a_model_whose_opening_panics_ends_the_wait(
    holder: models.Holder, error: BaseException
) -> None:
    def fail() -> None:
        raise error

    holder.load = fail
    with pytest.raises(models.MissingModelError, match="see the server log"):
        models.cosmogemma()
    holder.load = lambda: "the model"
    assert models.cosmogemma() == "the model"


def test_a_visitor_who_left_is_no_longer_waited_for(
    holder: models.Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apps.shared.compute.queue import FairQueue
    from apps.shared.compute.requests import (
        RequestCancelledError,
        RequestTicket,
        Visitor,
        on_behalf_of,
    )

    queue, gone = FairQueue(served_at_once=1), [False]
    monkeypatch.setattr(turns, "_queue", queue)
    with turns.begin("a"):
        ticket = RequestTicket(Visitor("10.0.0.1", "b"), lambda: gone[0])
        with on_behalf_of(ticket), pytest.raises(RequestCancelledError), turns.begin("b") as mine:
            gone[0] = True
            for _ in mine.waiting():
                pass
        assert len(queue) == 1
