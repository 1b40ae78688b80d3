"""What the command lines of all trainings of networks have in common."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from pathlib import Path

import torch

from training.processes import Processes

__all__ = ["TrainingConfig"]


@dataclass(frozen=True)
class TrainingConfig:
    """What every training takes.

    Attributes:
        data: folder of the data.
        bfloat16: convolutions in bfloat16.
        threads: CPU threads (0: torch's choice).
        max_steps: stop each network after so many steps, whatever the clock says.
        seed: random seed of initialisation and batches.
    """

    data: Path
    _: KW_ONLY
    bfloat16: bool = True
    threads: int = 1
    max_steps: int | None = None
    seed: int = 0

    def begin(self, device: str = "cpu") -> Processes:
        """Set threads and seed; join the processes that train together, if there are others.

        Args:
            device: to train on if there are none.
        """
        if self.threads:
            torch.set_num_threads(self.threads)
        torch.manual_seed(self.seed)
        return Processes.start(device)
