"""Many independent simulations on Dask: local one-thread processes, or a cluster's scheduler.

On a cluster (see docs/scale.md), each line on its machine, in a copy of this repository:

    dask scheduler --port 8786
    OMP_NUM_THREADS=1 dask worker tcp://HOST:8786 --nworkers 16 --nthreads 1
    python -m training.hydrogen.simulate --output data/hydrogen --scheduler tcp://HOST:8786
"""

from __future__ import annotations

import contextlib
import math
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

__all__ = ["cluster", "results_as_completed"]

_LOOK_SECONDS = 2.0  # how often to look for new workers
_POLL_SECONDS = 0.01
_ALONE_SECONDS = 120.0
_RESULT_SECONDS = 60.0  # for a result, already there, to come over the network
_GONE = (
    "The Dask scheduler is gone; start it again and give the same command, which goes on with what "
    "is missing."
)
_MOST_LIVES = 3  # each stands for as many workers as Dask itself gives a task, four


@contextlib.contextmanager
def cluster(workers: int = 0, scheduler: str | None = None) -> Iterator[Any]:
    """A Dask client.

    Args:
        workers: local processes of one thread each (0: one a core).
        scheduler: address of a scheduler to use instead, such as "tcp://host:8786".

    Raises:
        RuntimeError: if no scheduler answers at the address.
    """
    import dask
    from dask.distributed import Client, LocalCluster

    if scheduler:
        try:
            client = Client(scheduler)
        except (OSError, ValueError) as error:
            raise RuntimeError(
                f"No Dask scheduler answers at {scheduler}; start one with dask scheduler, and "
                "workers with dask worker ADDRESS."
            ) from error
        with client:
            if not client.nthreads():
                print(f"Waiting for workers: dask worker {scheduler} --nthreads 1", flush=True)
            yield client
        return
    # big arrays come and go: without these a quarter of the time goes into page faults
    environment = {
        "OMP_NUM_THREADS": "1",
        "MALLOC_TRIM_THRESHOLD_": "4000000000",
        "MALLOC_MMAP_THRESHOLD_": "2000000000",
    }
    with (
        dask.config.set({
            "distributed.nanny.pre-spawn-environ": environment,
            # Dask gives a process up for good if it is just starting again so long after a death
            "distributed.deploy.lost-worker-timeout": "1 day",
        }),
        LocalCluster(
            n_workers=workers or os.cpu_count() or 1,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
        ) as local,
        Client(local) as client,
    ):
        yield client


def results_as_completed(
    client: Any, function: Callable[..., Any], tasks: Sequence[tuple[Any, ...]]
) -> Iterator[tuple[int, Any]]:
    """Run ``function(*task)`` for every task; yield (index, result) in the order they finish.

    Each index comes once. A worker may die at any moment: what it was doing, and results that only
    it had, are computed again by the others. Workers that join later are used. A few tasks are kept
    ahead of the workers, so memory stays flat however long the list is.

    Raises:
        RuntimeError: if the scheduler is lost, or a task has cost many workers their lives.
        Exception: what the function raised.
    """
    from dask.distributed import as_completed
    from distributed.client import FutureCancelledError
    from distributed.scheduler import KilledWorker

    queue = iter(range(len(tasks)))
    running: dict[str, int] = {}
    lives = Counter[int]()
    pending = as_completed()
    workers = _Workers(client)

    def submit(index: int) -> None:
        future = client.submit(function, *tasks[index], pure=False)
        running[future.key] = index
        pending.add(future)

    while True:
        for index in islice(queue, max(0, workers.ahead() - len(running))):
            submit(index)
        if not running:
            return
        if not pending.has_ready():
            time.sleep(_POLL_SECONDS)
            continue
        future = next(pending)
        index = running.pop(future.key)
        try:
            result = future.result(timeout=_RESULT_SECONDS)
        except TimeoutError:  # its worker died with the result: it is computed again
            running[future.key] = index
            pending.add(future)
            continue
        except (KilledWorker, FutureCancelledError) as error:
            lives[index] += 1
            if client.status != "running":
                raise RuntimeError(_GONE) from error
            if lives[index] >= _MOST_LIVES:
                raise RuntimeError(
                    f"Task {index} was lost with its worker {_MOST_LIVES} times; the workers may "
                    "have too little memory."
                ) from error
            submit(index)
            continue
        future.release()
        yield index, result


class _Workers:
    """Looks now and then how many workers there are."""

    def __init__(self, client: Any) -> None:
        self._client, self._threads = client, 0
        self._looked, self._seen = -math.inf, time.monotonic()

    def ahead(self) -> int:
        """Tasks to have on the cluster: some more than it can run at once.

        Raises:
            RuntimeError: if the scheduler is gone, or all processes on this machine are.
        """
        now = time.monotonic()
        if now - self._looked < _LOOK_SECONDS:
            return 3 * max(1, self._threads)
        self._looked = now
        try:
            self._threads = sum(self._client.nthreads().values())
        except (OSError, RuntimeError, AttributeError) as error:  # a client that is closed, too
            raise RuntimeError(_GONE) from error
        if self._threads:
            self._seen = now
        elif self._client.cluster is not None and now - self._seen > _ALONE_SECONDS:
            # nobody can add others to these, as to a cluster of many machines
            raise RuntimeError(
                f"No worker process has been alive for {_ALONE_SECONDS:.0f} s; this machine may "
                "have too little memory."
            )
        return 3 * max(1, self._threads)
