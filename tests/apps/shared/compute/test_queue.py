"""What a visitor sees of the queue: turns, words, bounds, and leaving it."""

from __future__ import annotations

import contextlib
import threading
import time

import pytest

from apps.shared.compute import queue as queues
from apps.shared.compute.queue import (
    MOST_OF_A_VISITOR,
    MOST_OF_AN_ADDRESS,
    FairQueue,
    QueueFullError,
    waiting_message,
)
from apps.shared.compute.requests import (
    NOBODY,
    RequestCancelledError,
    RequestTicket,
    Visitor,
    newest,
    on_behalf_of,
)

ANNA, BERT, CARLA = (Visitor("10.0.0.1", name) for name in ("anna", "bert", "carla"))


class Line(contextlib.ExitStack):
    """A queue that many stand in."""

    def __init__(self, served_at_once: int = 1) -> None:
        super().__init__()
        self.queue = FairQueue(served_at_once)

    def stand(self, visitor: Visitor = NOBODY, ticket: RequestTicket | None = None
              ) -> queues.QueuePosition:
        with on_behalf_of(ticket or RequestTicket(visitor)):
            return self.enter_context(self.queue.join("work"))


def test_turns_come_in_order() -> None:
    with Line(served_at_once=2) as line:
        assert [line.stand().ahead for _ in range(4)] == [0, 0, 1, 2]
    with line.queue.join() as fresh:
        assert fresh.ahead == 0


def test_a_waiting_request_is_woken_when_the_queue_moves() -> None:
    queue, seen = FairQueue(served_at_once=1), []
    first = queue.join()
    first.__enter__()

    def wait() -> None:
        with queue.join() as position:
            while ahead := position.wait(30):
                seen.append(ahead)
            seen.append(0)

    thread = threading.Thread(target=wait)
    thread.start()
    assert thread.is_alive()
    first.__exit__(None, None, None)
    thread.join(10)
    assert not thread.is_alive() and seen[-1] == 0


def test_leaving_in_the_middle_lets_the_others_up() -> None:
    queue = FairQueue(served_at_once=1)
    with queue.join():
        second = queue.join()
        second.__enter__()
        with queue.join() as third:
            assert third.ahead == 2
            second.__exit__(None, None, None)
            assert third.ahead == 1


def test_it_says_who_comes_before_and_what_one_has_in_the_queue() -> None:
    with Line() as line:
        line.stand(ANNA)
        assert line.stand(BERT).message == "Waiting: 1 other page at your address before you"
        own = [line.stand(ANNA) for _ in range(3)]
        assert own[0].message == (
            "Waiting: 1 other page at your address before you; you have 4 requests in the queue")
        carla = line.stand(CARLA)
        assert carla.message == "Waiting: 2 other pages at your address before you"
        assert own[2].message == (
            "Waiting: 2 other pages at your address before you; you have 4 requests in the queue")
        stranger = line.stand(Visitor("10.0.0.2", "dora"))
        assert stranger.message == "Waiting: 1 visitor before you"  # in turn by address
    with Line() as line:
        line.stand(ANNA)
        assert line.stand(ANNA).message == (
            "Waiting: your own earlier request comes first; you have 2 requests in the queue")


def test_words_round_as_people_do() -> None:
    assert waiting_message(2, 1, None) == "Waiting: 2 visitors before you"
    assert waiting_message(1, 1, 0.2) == "Waiting: 1 visitor before you, about 1 s"
    assert waiting_message(3, 1, 43.0).endswith("about 45 s")
    assert waiting_message(9, 1, 200.0).endswith("about 3 minutes")


def test_a_visitor_has_so_many_requests_in_it_and_hears_of_it_in_one_sentence() -> None:
    with Line() as line:
        for _ in range(MOST_OF_A_VISITOR):
            line.stand(ANNA)
        with pytest.raises(QueueFullError, match=f"You have {MOST_OF_A_VISITOR} requests"):
            line.stand(ANNA)
        assert line.stand(BERT).ahead == 1  # nobody else is refused, or waits longer
    assert len(line.queue) == 0
    line.stand(ANNA)


def test_an_address_has_so_many_whatever_its_sessions() -> None:
    def session(number: int) -> Visitor:
        return Visitor("10.0.0.1", f"session {number}")

    with Line() as line:
        for i in range(MOST_OF_AN_ADDRESS):
            line.stand(session(i))
        with pytest.raises(QueueFullError, match="Your address has"):
            line.stand(session(0))
        for i in range(MOST_OF_AN_ADDRESS):  # a pupil with nothing in it still comes in
            line.stand(session(1000 + i))
        with pytest.raises(QueueFullError, match="Your address has"):
            line.stand(session(9999))
        assert line.stand(Visitor("10.0.0.2", "elsewhere")).ahead <= 12


def test_a_page_that_closes_leaves_the_queue() -> None:
    gone = threading.Event()
    with Line() as line:
        first = line.stand(ANNA)
        closed = line.stand(ticket=RequestTicket(BERT, gone.is_set))
        behind = line.stand(CARLA)
        assert behind.ahead == 2
        gone.set()
        with pytest.raises(RequestCancelledError):
            closed.wait(10)
        line.queue._leave(first)
        line.queue._admit()
        assert behind.ahead == 0 and closed.started is None


def test_a_newer_request_of_a_control_takes_the_place_of_the_older() -> None:
    older, newer = RequestTicket(ANNA), RequestTicket(ANNA)
    begun, ended, kept = threading.Event(), threading.Event(), []
    with Line() as line:
        line.stand(CARLA)

        def wait() -> None:
            with newest("slider", older), on_behalf_of(older), line.queue.join() as position:
                kept.append(position)
                begun.set()
                with contextlib.suppress(RequestCancelledError):
                    position.wait(60)
                    return
                ended.set()

        thread = threading.Thread(target=wait)
        thread.start()
        assert begun.wait(10)
        behind = line.stand(BERT)
        with newest("slider", newer):
            position = line.stand(ticket=newer)
            assert ended.wait(10)
            thread.join(10)
            assert kept[0].started is None and position.arrived == kept[0].arrived
            assert (position.ahead, behind.ahead) == (1, 2)


def test_what_is_not_the_same_control_calls_nothing_off() -> None:
    tickets = [RequestTicket(ANNA) for _ in range(3)]
    with newest(("slider", ANNA), tickets[0]), newest(("slider", BERT), tickets[1]), \
            newest(("button", ANNA), tickets[2]):
        assert not any(ticket.cancelled for ticket in tickets)
    with newest(("slider", ANNA), RequestTicket(ANNA)):  # the first has ended
        assert not tickets[0].cancelled


def test_the_time_of_those_before_shrinks_as_they_are_served() -> None:
    now = 0.0
    queue = FairQueue(served_at_once=1, clock=lambda: now)
    with queue.join("slow") as position:
        assert position.ahead == 0 and position.started == 0.0
        now = 10.0
    with queue.join("slow"), queue.join("slow") as second, queue.join("new") as third:
        assert second.seconds == pytest.approx(10)
        now += 6.0
        assert second.seconds == pytest.approx(4)
        assert third.seconds == pytest.approx(14)
        with queue.join("slow") as fourth:
            assert fourth.seconds is None  # not known yet how long "new" takes


def test_a_request_of_several_turns_waits_once() -> None:
    with Line() as line:
        ticket = RequestTicket()
        assert line.stand(ticket=ticket).ahead == 0
        other, third = line.stand(), line.stand()
        assert (other.ahead, third.ahead) == (1, 2)
        again = line.stand(ticket=ticket)  # its next turn, still in its first
        assert (again.ahead, other.ahead, third.ahead) == (1, 2, 3)


def test_what_is_computed_ahead_waits_for_every_turn() -> None:
    line = Line()
    line.queue = FairQueue(1, waits_once=False)
    with line:
        ticket = RequestTicket(ANNA)
        line.stand(ticket=ticket)
        other, again = line.stand(BERT), line.stand(ticket=ticket)
        assert (other.ahead, again.ahead) == (1, 2)


def test_waiting_ends_in_time_when_nothing_moves() -> None:
    with Line() as line:
        line.stand()
        position, start = line.stand(), time.monotonic()
        assert position.wait(0.05) == 1 and time.monotonic() - start < 30


def test_the_time_told_knows_how_much_was_asked_for() -> None:
    now = 0.0
    queue = FairQueue(served_at_once=1, clock=lambda: now)
    with queue.join("maps", 1):
        now = 3.0
    with queue.join("maps", 16), queue.join("maps", 2), queue.join("maps", 1) as third:
        assert third.seconds == pytest.approx(3 * 18)


def test_the_time_told_follows_the_progress_of_what_is_served() -> None:
    now = 0.0
    queue = FairQueue(served_at_once=1, clock=lambda: now)
    with queue.join("new", 16) as first, queue.join("new") as second:
        assert second.seconds is None  # nothing is known of such work yet
        now, first.fraction = 10.0, 0.25
        assert second.seconds == pytest.approx(30)
        now = 40.0  # others got in its way
        assert second.seconds == pytest.approx(120)


def test_a_wait_that_was_told_too_short_says_so_and_grows() -> None:
    now = 0.0
    queue = FairQueue(served_at_once=1, clock=lambda: now)
    with queue.join("work"):
        now = 4.0
    with queue.join("work") as first, queue.join("work") as second:
        assert second.message == "Waiting: 1 visitor before you, about 4 s"
        now += 20.0
        assert second.message == "Waiting: 1 visitor before you, longer than expected"
        first.fraction = 0.9
        assert second.message == "Waiting: 1 visitor before you, longer than expected, about 10 s"


def test_later_turns_count_as_far_as_they_come_before() -> None:
    now = 0.0
    queue = FairQueue(served_at_once=1, clock=lambda: now)
    with queue.join("map"):
        now = 2.0
    with queue.join("map") as first:
        first.ticket.turns_left = 6
        with queue.join("map") as second, queue.join("map") as third:
            assert second.seconds == pytest.approx(2)
            assert third.seconds == pytest.approx(6)  # after its next turn
