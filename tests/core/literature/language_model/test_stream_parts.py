"""Stop texts and the pump under the streams."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from core.literature.language_model.backends.pump import pump
from core.literature.language_model.backends.stops import StopCutter


@pytest.mark.parametrize("seed", range(200))
def test_cut_at_the_first_stop_however_the_text_comes(seed: int) -> None:
    rng = random.Random(seed)
    text = "".join(rng.choices("ab\n", k=rng.randrange(40)))
    stops = ["".join(rng.choices("ab\n", k=rng.randrange(4))) for _ in range(rng.randrange(4))]
    cutter, shown, at = StopCutter(stops), "", 0
    ends = [i for stop in stops if stop and (i := text.find(stop)) >= 0]
    expected = text[: min(ends, default=len(text))]
    while at < len(text) and not cutter.stopped:
        size = rng.randrange(1, 4)
        shown += cutter.add(text[at : at + size])
        at += size
        assert expected.startswith(shown)
    shown += cutter.rest()
    assert shown == expected
    assert cutter.stopped == bool(ends)


def test_nothing_is_held_back_without_need() -> None:
    cutter = StopCutter(["\nQuestion:"])
    assert cutter.add("It is.") == "It is."
    assert cutter.add("\nQ") == ""
    assert cutter.add("uasar") == "\nQuasar"


def count(take: Callable[[Any], bool]) -> None:
    for number in range(1_000_000):
        if take(number):
            return
        time.sleep(0.001)


def test_the_producer_ends_with_its_reader() -> None:
    before = set(threading.enumerate())
    pieces = pump(count, None)
    assert [next(pieces) for _ in range(5)] == [0, 1, 2, 3, 4]
    (producer,) = set(threading.enumerate()) - before
    pieces.close()
    producer.join(5)
    assert not producer.is_alive()


def test_cancelling_does_not_wait_for_a_piece() -> None:
    never = threading.Event()
    start = time.monotonic()
    pieces = pump(lambda take: bool(never.wait(5)), lambda: time.monotonic() - start > 0.1)  # type: ignore[arg-type,return-value]
    assert list(pieces) == [] and time.monotonic() - start < 2
    never.set()


def test_an_error_reaches_the_reader_after_the_pieces() -> None:
    def produce(take: Callable[[Any], bool]) -> None:
        take(1)
        raise RuntimeError("broken")

    pieces = pump(produce, None)
    assert next(pieces) == 1
    with pytest.raises(RuntimeError, match="broken"):
        next(pieces)


class PanicException(BaseException):  # noqa: N818  as pyo3 names what Rust's panics become
    """A BaseException, as those of tokenizers."""


@pytest.mark.parametrize("error", [PanicException(), SystemExit(1), KeyboardInterrupt()], ids=repr)
def test_a_panic_reaches_the_reader_as_an_error(error: BaseException) -> None:
    def produce(take: Callable[[Any], bool]) -> None:
        take(1)
        raise error

    pieces = pump(produce, None)
    assert next(pieces) == 1
    with pytest.raises(RuntimeError, match="failed inside a library"):
        next(pieces)


def test_a_producer_whose_thread_ends_without_a_word_ends_its_reader(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading.Thread, "run", lambda self: None)  # as if it were killed
    with pytest.raises(RuntimeError, match="was cut off"):
        list(pump(count, None))


def test_a_producer_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    from core.literature.language_model.backends import pump as pumps

    never = threading.Event()
    monkeypatch.setattr(pumps, "SILENT_SECONDS", 0.2)

    def produce(take: Callable[[Any], bool]) -> None:
        take("a word")
        never.wait(30)

    pieces = pump(produce, None)
    assert next(pieces) == "a word"
    with pytest.raises(RuntimeError, match="gave no word"):
        next(pieces)
    never.set()
