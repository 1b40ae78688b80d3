"""The processes that train one model together: one by default, many under ``accelerate launch``.

    accelerate launch --multi_gpu --num_processes 4 -m training.hydrogen.train_higlow --data DIR

Without a GPU the same command makes four processes on the CPU (`--cpu` would make but one).
Each process draws its own part of every batch; gradients are averaged over all of them before a
step. They go together: the clock of the first decides when a run ends, and a signal to any of them
stops all. Only the first one writes files.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import torch
from torch import Tensor, nn

__all__ = ["Processes"]

# others wait while the first one evaluates or prepares data; if it dies, the launcher ends them
_PATIENCE = timedelta(hours=24)


class Processes:
    """This process among those that train together. Use :meth:`start`.

    Args:
        accelerator: an ``accelerate.Accelerator``; without one the process is alone.
        device: to train on, of a process that is alone.

    Attributes:
        count: of processes.
        rank: of this one, from 0.
        device: to train on.
    """

    def __init__(self, accelerator: Any = None, device: str = "cpu") -> None:
        self._accelerator = accelerator
        self.count: int = 1 if accelerator is None else accelerator.num_processes
        self.rank: int = 0 if accelerator is None else accelerator.process_index
        self.device: torch.device = (
            torch.device(device) if accelerator is None else accelerator.device
        )

    @classmethod
    def start(cls, device: str = "cpu") -> Processes:
        """Join the processes that ``accelerate launch`` (or ``torchrun``) started, if it did.

        Args:
            device: to train on if it did not; under accelerate each process has its own.

        Raises:
            RuntimeError: if the processes do not find each other.
        """
        if not {"ACCELERATE_MIXED_PRECISION", "LOCAL_RANK"} & set(os.environ):
            return cls(device=device)
        from accelerate import Accelerator
        from accelerate.utils import InitProcessGroupKwargs

        started = int(os.environ.get("WORLD_SIZE", "1"))
        # asked for no CPU, accelerate takes each of several processes without a GPU for a lone one
        on_cpu = os.environ.get("ACCELERATE_USE_CPU", "").lower() in ("1", "true", "yes")
        together = InitProcessGroupKwargs(timeout=_PATIENCE)
        accelerator = Accelerator(
            cpu=on_cpu or not torch.cuda.is_available(), kwargs_handlers=[together]
        )
        if accelerator.num_processes != started:
            raise RuntimeError(
                f"{started} processes were started, but {accelerator.num_processes} train together;"
                " start them with accelerate launch --multi_gpu --num_processes N."
            )
        return cls(accelerator)

    @property
    def is_main(self) -> bool:
        """Whether this is the one that writes, evaluates and calibrates."""
        return self.rank == 0

    def share(self, batch: int) -> int:
        """This process's part of a batch of so many examples.

        Raises:
            ValueError: if it cannot be shared evenly.
        """
        if batch % self.count:
            raise ValueError(
                f"A batch of {batch} cannot be shared evenly by {self.count} processes; choose "
                f"{batch - batch % self.count or self.count} or another multiple."
            )
        return batch // self.count

    @contextlib.contextmanager
    def main_first(self) -> Iterator[None]:
        """The first process goes through alone, then the others: they find the files it made."""
        if self._accelerator is None:
            yield
            return
        with self._accelerator.main_process_first():
            yield

    def agree(self, done: float, stop: bool) -> tuple[float, bool]:
        """How far the first process is, and whether any was told to stop: the same for all."""
        if self.count == 1:
            return done, stop
        own = torch.tensor([done if self.is_main else 0.0, float(stop)], dtype=torch.float64)
        total = self._accelerator.reduce(own.to(self.device), reduction="sum")
        return float(total[0]), bool(total[1] > 0)

    def average(self, parameters: Iterable[nn.Parameter], loss: float) -> float:
        """Put the mean over the processes into every gradient; return the mean loss.

        A process without a finite loss has no gradients; the mean loss then is not finite either,
        and all leave the step out together.
        """
        if self.count == 1:
            return loss
        own = list(parameters)
        # a parameter that no process used keeps having no gradient, as it would in one process
        used = [float(p.grad is not None) for p in own]
        grads = [p.new_zeros(p.shape) if p.grad is None else p.grad for p in own]
        numbers = torch.tensor([*used, loss], device=self.device)
        flat = torch.cat([numbers, *(g.float().ravel() for g in grads)])
        flat = self._accelerator.reduce(flat, reduction="mean")
        numbers, *means = flat.split([len(numbers), *(g.numel() for g in grads)])
        for parameter, mean, part in zip(own, means, numbers[:-1].tolist(), strict=True):
            parameter.grad = mean.view_as(parameter).to(parameter.dtype) if part else None
        return float(numbers[-1])

    def from_main(self, data: bytes) -> bytes:
        """The bytes that the first process has."""
        if self.count == 1:
            return data
        from accelerate.utils import broadcast

        length = broadcast(torch.tensor(len(data), device=self.device))
        buffer = torch.empty(int(length), dtype=torch.uint8, device=self.device)
        if self.is_main and data:
            buffer.copy_(torch.frombuffer(bytearray(data), dtype=torch.uint8))
        received: Tensor = broadcast(buffer)
        return received.cpu().numpy().tobytes()
