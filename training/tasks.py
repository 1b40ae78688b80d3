"""Many independent simulations on Dask: local one-thread processes, or a cluster's scheduler."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

__all__ = ["cluster", "results_as_completed"]


@contextlib.contextmanager
def cluster(workers: int = 0, scheduler: str | None = None) -> Iterator[Any]:
    """A Dask client.

    Args:
        workers: local processes of one thread each (0: one a core).
        scheduler: address of a scheduler to use instead, such as "tcp://host:8786".
    """
    import dask
    from dask.distributed import Client, LocalCluster

    if scheduler:
        with Client(scheduler) as client:
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

    A few tasks are kept ahead of the workers, so memory stays flat however long the list is.
    """
    from dask.distributed import as_completed

    queue = iter(enumerate(tasks))
    index_of: dict[str, int] = {}

    def submit(index: int, task: tuple[Any, ...]) -> Any:
        future = client.submit(function, *task, pure=False)
        index_of[future.key] = index
        return future

    ahead = 3 * max(1, len(client.scheduler_info()["workers"]))
    pending = as_completed([submit(*item) for item in islice(queue, ahead)])
    for future in pending:
        yield index_of.pop(future.key), future.result()
        future.release()
        following = next(queue, None)
        if following is not None:
            pending.add(submit(*following))
