"""Models compute few at a time, in turn, and a request that waits hears for how long."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from apps.shared.compute.executor import ModelExecutor, queued
from apps.shared.compute.requests import (
    RequestCancelledError,
    RequestTicket,
    Visitor,
    listener,
    notify,
    on_behalf_of,
)
from apps.shared.compute.result_cache import ResultCache, cache_key


@pytest.mark.parametrize("workers", [1, 2])
def test_only_so_many_at_once_and_in_the_order_they_came(workers: int) -> None:
    executor, inside, most, order = ModelExecutor(workers), 0, 0, []
    lock, free = threading.Lock(), threading.Event()

    def work(number: int) -> int:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
            order.append(number)
        free.wait(60)
        time.sleep(0.02)
        with lock:
            inside -= 1
        return number

    with ThreadPoolExecutor(12) as people:
        answers = []
        for number in range(12):
            answers.append(people.submit(executor.run, "work", work, number))
            while len(executor.queue) <= number:  # until it stands in the line
                time.sleep(0.001)
        free.set()
    assert [answer.result() for answer in answers] == list(range(12))
    assert most == workers
    assert sorted(order) == list(range(12)) and (workers > 1 or order == list(range(12)))


def test_a_waiting_request_hears_how_many_are_before_it_and_how_long_they_take() -> None:
    executor, messages, free = ModelExecutor(1), [], threading.Event()
    executor.run("slow", time.sleep, 0.3)
    first = threading.Thread(target=executor.run, args=("slow", free.wait, 10))
    first.start()
    while not len(executor.queue):
        time.sleep(0.001)

    def wait() -> None:
        with listener(messages.append):
            executor.run("slow", int)
    second = threading.Thread(target=wait)
    second.start()
    while not messages:
        time.sleep(0.001)
    free.set()
    first.join(10)
    second.join(10)
    assert not second.is_alive()
    assert messages[0] == "Waiting: 1 visitor before you, about 1 s"


def test_an_error_comes_back_and_frees_the_worker() -> None:
    executor = ModelExecutor(1)
    with pytest.raises(ValueError, match="outside the range"):
        executor.run("work", _refuse)
    assert executor.run("work", int) == 0
    # a call within a call does not wait for itself
    assert executor.run("work", executor.run, "work", int) == 0


def _refuse() -> None:
    raise ValueError("outside the range")


@pytest.mark.skipif(sys.platform != "linux", reason="a thread has a priority of its own on Linux")
def test_work_gives_way_and_the_pages_do_not() -> None:
    def nice() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    before = nice()
    assert ModelExecutor(1, nice=3).run("work", nice) == min(before + 3, 19)
    assert nice() == before


def test_a_model_at_work_is_the_same_model() -> None:
    class Model:
        size = 64

        def sample(self, n: int, *, progress: object = None) -> tuple[int, str]:
            notify("not waiting")
            return n, threading.current_thread().name

    model = queued(Model(), "a model")
    assert model.size == 64
    n, thread = model.sample(3, progress=None)
    assert n == 3 and thread.startswith("model-worker")


def test_progress_ends_what_nobody_waits_for() -> None:
    class Model:
        steps = 0

        def sample(self, *, progress: Callable[[float], None]) -> None:
            for step in range(100):
                self.steps += 1
                progress(step / 100)

    model, ticket = Model(), RequestTicket(Visitor("10.0.0.1", "a page"))

    def shown(fraction: float) -> None:
        if fraction >= 0.1:
            ticket.cancel()

    with on_behalf_of(ticket), pytest.raises(RequestCancelledError):
        queued(model, "a model that is stopped").sample(progress=shown)
    assert model.steps == 12  # it hears of it at the next step


def test_what_was_answered_is_not_computed_again() -> None:
    class Model:
        asked = 0

        def posterior(self, image: np.ndarray, seed: int, progress: object = None) -> np.ndarray:
            self.asked += 1
            return image + seed

    model = Model()
    found = queued(model, "test of what is kept").posterior
    image = np.arange(4.0)
    first = found(image, seed=1)
    assert found(image.copy(), seed=1, progress=print) is first and model.asked == 1
    assert not np.array_equal(found(image, seed=2), first)
    assert not np.array_equal(found(image + 1e-9, seed=1), first)
    assert found(image.astype(np.float32), seed=1) is not first
    assert model.asked == 4
    other = queued(Model(), "test of what is kept").posterior(image, seed=1)
    assert other is not first


def test_what_cannot_be_compared_is_always_computed() -> None:
    assert cache_key(object) is not None and cache_key([1, (2, "a")]) == cache_key([1, (2, "a")])
    assert (
        cache_key([1, 2]) != cache_key((1, 2))
        and cache_key(1) != cache_key(1.0)
        and cache_key({"a": {1}}) is None
    )
    cache = ResultCache(2)
    assert cache.put(None, "answer", None) == "answer" and cache.get(None) is None
    for name in "abc":
        cache.put(name, name.upper(), None)
    assert cache.get("a") is None
    assert [answer.value for name in "bc" if (answer := cache.get(name))] == ["B", "C"]
