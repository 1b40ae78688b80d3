"""First come, first served; one that leaves lets the next one in."""

from __future__ import annotations

import contextlib
import threading

from apps.shared.compute.queue import FairQueue


def test_turns_come_in_order() -> None:
    queue = FairQueue(served_at_once=2)
    with contextlib.ExitStack() as stack:
        positions = [stack.enter_context(queue.join()) for _ in range(4)]
        assert [position.ahead for position in positions] == [0, 0, 1, 2]
    with queue.join() as fresh:
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
