"""Every way in which a computation can end ends its request, and the next one works."""

from __future__ import annotations

import contextlib
import ctypes
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from apps.shared.compute import executor as executors
from apps.shared.compute.executor import ModelExecutor
from apps.shared.compute.workers import ComputationFailedError, sign_of_life


class PanicException(BaseException):  # noqa: N818  as pyo3 names what Rust's panics become
    """A BaseException, as those of tokenizers and safetensors."""


def _raise(error: BaseException) -> None:
    raise error


def _close_a_generator() -> None:
    def steps() -> Iterator[int]:
        yield 1
        raise GeneratorExit

    list(steps())


def _die() -> None:
    """End this thread as nothing in Python does: by an exit between two instructions."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(threading.get_ident()), ctypes.py_object(SystemExit))
    while True:
        time.sleep(0.001)




ENDS: dict[str, tuple[Callable[[], Any], type[BaseException]]] = {
    "an exception": (lambda: _raise(OSError("the disk")), OSError),
    "no memory": (lambda: _raise(MemoryError()), MemoryError),
    "a recursion": (lambda: _raise(RecursionError()), RecursionError),
    "an end of iteration": (lambda: next(iter(())), StopIteration),
    "a panic": (lambda: _raise(PanicException("index out of bounds")), ComputationFailedError),
    "an exit": (lambda: _raise(SystemExit(1)), ComputationFailedError),
    "an interrupt": (lambda: _raise(KeyboardInterrupt()), ComputationFailedError),
    "a closed generator": (_close_a_generator, ComputationFailedError),
    "an exit sent to the thread": (_die, ComputationFailedError),
}


@pytest.mark.parametrize("how", ENDS)
def test_it_ends_its_request_and_the_next_one_works(how: str) -> None:
    executor = ModelExecutor(1)
    function, expected = ENDS[how]
    with pytest.raises(expected) as caught:
        executor.run("work", function)
    assert isinstance(caught.value, Exception)
    assert len(executor.queue) == 0 and executor.run("work", int) == 0
    if expected is ComputationFailedError:
        assert str(caught.value).endswith(".") and "\n" not in str(caught.value)


def test_a_thread_that_dies_ends_its_request(monkeypatch: pytest.MonkeyPatch) -> None:
    from apps.shared.compute import workers

    executor = ModelExecutor(1)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)  # what it died of is no fault here
    with monkeypatch.context() as patch:
        patch.setattr(workers._Call, "run", lambda self: _raise(SystemExit()))
        with pytest.raises(ComputationFailedError, match="cut off"):
            executor.run("work", int)
    assert len(executor.queue) == 0 and executor.run("work", int) == 0


def test_what_hangs_is_given_up_and_another_thread_takes_its_place() -> None:
    executor, free = ModelExecutor(1, silent_seconds=0.5), threading.Event()
    with pytest.raises(ComputationFailedError, match="did not get on"):
        executor.run("work", free.wait)
    names = {executor.run("work", threading.get_ident) for _ in range(3)}
    assert len(names) == 1 and len(executor.queue) == 0
    free.set()


def test_what_gets_on_is_not_given_up() -> None:
    def slow() -> str:
        for _ in range(12):
            time.sleep(0.2)
            sign_of_life()
        return "done"

    assert ModelExecutor(1, silent_seconds=1.5).run("work", slow) == "done"


def test_a_process_that_is_killed_ends_its_request() -> None:
    import subprocess
    import sys

    def ask_a_process() -> None:
        code = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
        subprocess.run([sys.executable, "-c", code], check=True)

    executor = ModelExecutor(1)
    with pytest.raises(subprocess.CalledProcessError):
        executor.run("work", ask_a_process)
    assert executor.run("work", int) == 0


def test_those_behind_it_get_their_turn() -> None:
    executor, begin, answers = ModelExecutor(1), threading.Event(), []

    def panic() -> None:
        begin.wait(10)
        raise PanicException("index out of bounds")

    def first() -> None:
        with contextlib.suppress(ComputationFailedError):
            executor.run("work", panic)

    threads = [threading.Thread(target=first)] + [
        threading.Thread(target=lambda: answers.append(executor.run("work", int)))
        for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    begin.set()
    for thread in threads:
        thread.join(10)
    assert answers == [0] * 5 and len(executor.queue) == 0


def test_a_result_that_cannot_be_compared_or_copied_is_returned_as_it_is() -> None:
    class Model:
        def sample(self) -> Any:
            return threading.Lock()

    assert executors.queued(Model(), "a model of locks").sample() is not None
