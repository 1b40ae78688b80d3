"""Many independent simulations on Dask: local one-thread processes, or a cluster's scheduler.

On a cluster (see docs/scale.md), each line on its machine, in a copy of this repository:

    dask scheduler --port 8786
    OMP_NUM_THREADS=1 dask worker tcp://HOST:8786 --nworkers 16 --nthreads 1
    python -m training.hydrogen.simulate --output data/hydrogen --scheduler tcp://HOST:8786
"""

from __future__ import annotations

import contextlib
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

__all__ = ["cluster", "results_as_completed"]

_LOOK_SECONDS = 2.0  # how often to look for new workers
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
        dask.config.set({"distributed.nanny.pre-spawn-environ": environment}),
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

    queue = iter(enumerate(tasks))
    running: dict[str, int] = {}
    lives = Counter[int]()
    pending = as_completed()

    def submit(index: int) -> None:
        future = client.submit(function, *tasks[index], pure=False)
        running[future.key] = index
        pending.add(future)

    def top_up(ahead: int) -> None:
        for index, _ in islice(queue, max(0, ahead - len(running))):
            submit(index)

    ahead, looked = _ahead(client), time.monotonic()
    top_up(ahead)
    for future in pending:
        index = running.pop(future.key)
        try:
            result = future.result()
        except (KilledWorker, FutureCancelledError) as error:
            lives[index] += 1
            if client.status != "running":
                raise RuntimeError(
                    "The Dask scheduler is gone; start it again and give the same command, which "
                    "goes on with what is missing."
                ) from error
            if lives[index] >= _MOST_LIVES:
                raise RuntimeError(
                    f"Task {index} was lost with its worker {_MOST_LIVES} times; the workers may "
                    "have too little memory."
                ) from error
            submit(index)
            continue
        future.release()
        if time.monotonic() - looked > _LOOK_SECONDS:
            ahead, looked = _ahead(client), time.monotonic()
        top_up(ahead)
        yield index, result


def _ahead(client: Any) -> int:
    """Tasks to have on the cluster: some more than it can run at once."""
    return 3 * max(1, sum(client.nthreads().values()))
