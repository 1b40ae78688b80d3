"""A line: first come, first served, and whoever leaves lets the next one in."""

from __future__ import annotations

import threading

from apps.shared.compute.queue import FairQueue


def test_places_are_given_in_order() -> None:
    line = FairQueue(places=2)
    with line.join() as first, line.join() as second, line.join() as third, line.join() as fourth:
        assert [p.ahead for p in (first, second, third, fourth)] == [0, 0, 1, 2]
    with line.join() as fresh:
        assert fresh.ahead == 0


def test_whoever_waits_is_woken_when_the_line_moves() -> None:
    line, seen = FairQueue(places=1), []
    first = line.join()
    first.__enter__()

    def wait() -> None:
        with line.join() as place:
            while ahead := place.wait(30):
                seen.append(ahead)
            seen.append(0)

    thread = threading.Thread(target=wait)
    thread.start()
    assert thread.is_alive()
    first.__exit__(None, None, None)
    thread.join(10)
    assert not thread.is_alive() and seen[-1] == 0


def test_leaving_in_the_middle_lets_the_others_up() -> None:
    line = FairQueue(places=1)
    with line.join():
        second = line.join()
        second.__enter__()
        with line.join() as third:
            assert third.ahead == 2
            second.__exit__(None, None, None)
            assert third.ahead == 1
