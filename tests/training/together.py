"""What each process of test_processes.py does; its rank and the others' come by the environment.

    python together.py FOLDER

Writes FOLDER/rank_N.json.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

import torch
from torch import nn

from training.loop import LoopConfig, run
from training.processes import Processes

TARGET = torch.tensor([[1.0, 2.0, 3.0]])


class Net(nn.Module):
    """A line, and a part that no loss ever touches."""

    def __init__(self) -> None:
        super().__init__()
        self.line = nn.Linear(3, 1)
        self.unused = nn.Linear(2, 2)


def main(folder: Path) -> None:
    """Train together in several ways; write what came out."""
    processes = Processes.start()
    rank = processes.rank
    torch.manual_seed(rank)  # they begin apart; the first one's weights are everybody's
    found: dict[str, object] = {"count": processes.count, "share": processes.share(32)}

    def loss(net: Net, step: int, generator: torch.Generator) -> torch.Tensor:
        x = torch.randn(processes.share(32), 3, generator=generator)
        return (net.line(x) - x @ TARGET.T).square().mean()

    def train(name: str, function=loss, **settings):  # type: ignore[no-untyped-def]
        config = LoopConfig(**{"minutes": 5, "learning_rate": 0.05, "log_steps": 10, **settings})
        own = folder / name / f"rank_{rank}"  # machines need not share a disk
        own.mkdir(parents=True, exist_ok=True)
        net = Net()
        before = net.unused.weight.clone()
        score = iter([3.0, 1.0, *[2.0] * 1000])
        average = run(net, function, config, own, processes=processes, quiet=True,
                      evaluate=lambda net: {"score": next(score)})
        found[f"{name}_unused"] = rank > 0 or bool(torch.equal(before, net.unused.weight))
        found[name] = [average.step, *average.model.line.weight.flatten().tolist()]
        return average

    def sometimes_bad(net: Net, step: int, generator: torch.Generator) -> torch.Tensor:
        value = loss(net, step, generator)
        return value * float("nan") if rank == 1 and step % 3 == 0 else value

    def interrupted(net: Net, step: int, generator: torch.Generator) -> torch.Tensor:
        if rank == 1 and step == 20:  # only one of them is told
            os.kill(os.getpid(), signal.SIGTERM)
        return loss(net, step, generator)

    def uneven(net: Net, step: int, generator: torch.Generator) -> torch.Tensor:
        time.sleep(0.004 * rank)
        return loss(net, step, generator)

    train("whole", max_steps=200)
    train("bad", sometimes_bad, max_steps=90, weight_decay=0.1)
    try:
        train("cut", interrupted, max_steps=60)
    except KeyboardInterrupt:
        found["stopped"] = True
    train("cut", max_steps=60)  # goes on from the first one's checkpoint
    train("clock", uneven, minutes=0.005 if rank == 0 else 5.0)  # the first one's budget counts
    train("best", max_steps=40, evaluate_seconds=1e-9, keep_best="score")
    found["bytes"] = processes.from_main(b"first" if rank == 0 else b"other, longer").decode()
    found["nothing"] = processes.from_main(b"").decode()
    (folder / f"rank_{rank}.json").write_text(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
