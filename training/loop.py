"""The training loop every model here shares.

A run has a time budget rather than a number of steps: the learning rate warms up and then follows
a cosine over the elapsed fraction of the budget, so that the same command gives the best model a
laptop can make in twenty minutes or a GPU in three hours. It averages the weights, logs JSON
lines, checkpoints atomically and goes on from the checkpoint after a kill. Under ``accelerate
launch`` many processes share each batch (:mod:`training.processes`).

Example:
    >>> def loss(model, step, generator):
    ...     x = data[torch.randint(len(data), (32,), generator=generator)]
    ...     return -model.log_prob(x).mean()
    >>> ema = run(model, loss, LoopConfig(minutes=20), Path("runs/flow"))
"""

from __future__ import annotations

import json
import math
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from core.files import write_whole
from core.networks.ema import EMA
from training.checkpoint import decode, encode, load_checkpoint, save_checkpoint
from training.processes import Processes

__all__ = ["CHECKPOINT", "LoopConfig", "learning_rate_factor", "run"]

CHECKPOINT = "checkpoint.safetensors"
_MOST_BAD_STEPS = 20

# (model, step, generator) -> loss, or (loss, extra numbers to log)
LossFunction = Callable[[Any, int, torch.Generator], "Tensor | tuple[Tensor, dict[str, float]]"]
# averaged model -> numbers to log
EvaluateFunction = Callable[[Any], dict[str, float]]


@dataclass(frozen=True)
class LoopConfig:
    """How long and how to train.

    Attributes:
        minutes: wall-clock budget, the sum over restarts; evaluation counts.
        learning_rate: peak of the schedule.
        warm_up: fraction of the budget over which the rate rises linearly.
        final: fraction of the peak reached at the end of the cosine.
        weight_decay: of AdamW.
        betas: of AdamW.
        clip: largest gradient norm; 0 for none.
        ema_gamma: see :class:`core.networks.ema.EMA`.
        checkpoint_seconds: between checkpoints.
        evaluate_seconds: between evaluations (at 0, only at the end).
        log_steps: steps averaged into one line of the log.
        keep_best: name of an evaluated number: return the averaged weights where it was lowest.
        max_steps: stop after so many steps whatever the clock says (the schedule then follows
            whichever fraction is larger).
        seed: of the generator handed to the loss; step ``i`` gets the same numbers in every run.
        fresh: ignore an existing checkpoint.
    """

    minutes: float = 20.0
    learning_rate: float = 1e-3
    warm_up: float = 0.02
    final: float = 0.01
    weight_decay: float = 0.0
    betas: tuple[float, float] = (0.9, 0.99)
    clip: float = 1.0
    ema_gamma: float = 6.94
    checkpoint_seconds: float = 120.0
    evaluate_seconds: float = 0.0
    log_steps: int = 50
    keep_best: str | None = None
    max_steps: int | None = None
    seed: int = 0
    fresh: bool = False


def learning_rate_factor(fraction: float, warm_up: float = 0.02, final: float = 0.01) -> float:
    """Linear warm-up, then a cosine: the factor on the peak rate at ``fraction`` of the budget."""
    fraction = min(max(fraction, 0.0), 1.0)
    if warm_up > 0 and fraction < warm_up:
        return max(fraction / warm_up, 1e-3)
    through = (fraction - warm_up) / max(1.0 - warm_up, 1e-9)
    return final + (1.0 - final) * 0.5 * (1.0 + math.cos(math.pi * through))


@contextmanager
def _stop_flag() -> Iterator[Callable[[], bool]]:
    """A function that turns true on SIGTERM or Ctrl-C, so that the loop can save and leave."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return
    previous = {
        number: signal.signal(number, lambda *_: asked.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield asked.is_set
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


class _Log:
    """JSON lines on disk, and the same line for a person.

    Args:
        path: of the file.
        step: of the checkpoint that the run goes on from; what a kill left beyond it is dropped,
            since those steps are taken again.
        quiet: write but print nothing.
    """

    def __init__(self, path: Path, step: int, quiet: bool) -> None:
        self.path, self.quiet = path, quiet
        if path.exists():
            kept = [line for line in path.read_text().splitlines() if _up_to(line, step)]
            write_whole(path, "".join(f"{line}\n" for line in kept).encode())

    def __call__(self, line: dict[str, float]) -> None:
        rounded = {k: float(f"{v:.6g}") if isinstance(v, float) else v for k, v in line.items()}
        with self.path.open("a") as file:
            file.write(json.dumps(rounded) + "\n")
        if not self.quiet:
            print("  ".join(f"{k} {v}" for k, v in rounded.items()), flush=True)


def _up_to(line: str, step: int) -> bool:
    try:
        return bool(json.loads(line)["step"] <= step)
    except (ValueError, KeyError, TypeError):  # half a line
        return False


class _Run:
    """What a run keeps between its steps, and how it comes back after a kill."""

    def __init__(
        self, model: nn.Module, optimizer: torch.optim.Optimizer, config: LoopConfig
    ) -> None:
        self.model, self.optimizer, self.config = model, optimizer, config
        self.ema = EMA(model, config.ema_gamma)
        self.step, self.seconds = 0, 0.0
        self.best: float | None = None
        self.best_model: dict[str, Tensor] | None = None
        self.started = time.monotonic()

    def state(self) -> dict[str, Any]:
        """All of it, as a checkpoint keeps it."""
        return {"step": self.step, "seconds": self.seconds, "best": self.best,
                "best_model": self.best_model, "model": self.model.state_dict(),
                "optimizer": self.optimizer.state_dict(), "ema": self.ema.state_dict()}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.ema.load_state_dict(state["ema"])
        self.step, self.seconds = state["step"], state["seconds"]
        self.best, self.best_model = state["best"], state["best_model"]
        self.started = time.monotonic() - self.seconds

    def done(self) -> float:
        """The fraction of the budget that is spent."""
        self.seconds = time.monotonic() - self.started
        by_clock = self.seconds / (self.config.minutes * 60) if self.config.minutes > 0 else 1.0
        most = self.config.max_steps
        return max(by_clock, self.step / most if most else 0.0)

    def keep(self, score: float) -> None:
        """Remember the averaged weights if no score was lower."""
        if math.isfinite(score) and (self.best is None or score < self.best):
            self.best = float(score)
            self.best_model = {k: v.clone() for k, v in self.ema.model.state_dict().items()}


def _descend(
    run: _Run, loss: LossFunction, generator: torch.Generator, processes: Processes
) -> dict[str, float] | None:
    """One step; its numbers for the log, or None if it was left out because they are not finite."""
    result = loss(run.model, run.step, generator)
    value, extra = result if isinstance(result, tuple) else (result, {})
    run.optimizer.zero_grad(set_to_none=True)
    run.step += 1
    if torch.isfinite(value):
        value.backward()
    mean = processes.average(run.model.parameters(), float(value.detach()))
    if not math.isfinite(mean):
        return None
    clip = run.config.clip or math.inf
    norm = float(nn.utils.clip_grad_norm_(run.model.parameters(), clip))
    if not math.isfinite(norm):
        return None
    run.optimizer.step()
    run.ema.update_parameters(run.model)
    return {"loss": mean, "norm": norm, **{name: float(number) for name, number in extra.items()}}


def run(
    model: nn.Module,
    loss: LossFunction,
    config: LoopConfig,
    folder: Path,
    *,
    evaluate: EvaluateFunction | None = None,
    optimizer: torch.optim.Optimizer | None = None,
    processes: Processes | None = None,
    quiet: bool = False,
) -> EMA:
    """Train ``model`` until the budget is spent; return its averaged weights.

    Args:
        model: the network; trained in place, moved to the device of ``processes``.
        loss: called as ``loss(model, step, generator)``; draws its own batch with the generator
            (a CPU generator, reseeded every step) and returns the scalar loss, or the loss and a
            dict of extra numbers to log.
        config: budget and schedule.
        folder: gets ``checkpoint.safetensors`` and ``log.jsonl``.
        evaluate: called with the averaged network; its numbers go to the log.
        optimizer: AdamW by default.
        processes: those that train together; this one alone, on the CPU, by default. Each draws
            its own part of the batch: ``loss`` makes that small by ``processes.share``.
        quiet: write the log but print nothing.

    Raises:
        FloatingPointError: after 20 steps in a row without a finite loss (single bad steps are
            skipped).
        KeyboardInterrupt: after saving, if the run was told to stop (SIGTERM, Ctrl-C).
        ValueError: if the checkpoint is damaged.
    """
    processes = processes or Processes()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / CHECKPOINT
    model.to(processes.device)
    if optimizer is None:
        optimizer = torch.optim.AdamW(
            model.parameters(), config.learning_rate, config.betas,
            weight_decay=config.weight_decay,
        )
    base_rates = [group["lr"] for group in optimizer.param_groups]
    now = _Run(model, optimizer, config)
    if processes.is_main and path.exists() and not config.fresh:
        now.restore(load_checkpoint(path))
    if processes.count > 1:  # the same beginning for all
        now.restore(decode(processes.from_main(encode(now.state()) if processes.is_main else b"")))
    log = _Log(folder / "log.jsonl", now.step, quiet) if processes.is_main else None
    last_save = last_evaluation = time.monotonic()
    generator = torch.Generator()
    sums: dict[str, float] = {}
    counted = bad = 0

    def save() -> None:
        if processes.is_main:
            save_checkpoint(path, now.state())

    def score() -> None:
        if evaluate is None or log is None:
            return
        numbers = evaluate(now.ema.model)
        log({"step": now.step, "minutes": now.seconds / 60.0, **numbers})
        if config.keep_best is not None:
            now.keep(numbers[config.keep_best])

    with _stop_flag() as told_to_stop:
        while True:
            done, stop = processes.agree(now.done(), told_to_stop())
            if stop:
                save()
                raise KeyboardInterrupt(f"stopped; run the same command to go on from {path}")
            if done >= 1.0:
                break
            factor = learning_rate_factor(done, config.warm_up, config.final)
            for group, rate in zip(optimizer.param_groups, base_rates, strict=True):
                group["lr"] = rate * factor
            generator.manual_seed((config.seed * 1_000_003 + now.step) * 4096 + processes.rank)
            numbers = _descend(now, loss, generator, processes)
            if numbers is None:
                bad += 1
                if bad >= _MOST_BAD_STEPS:
                    raise FloatingPointError(
                        f"The loss has not been finite for {bad} steps; lower the learning rate."
                    )
                continue
            bad = 0
            counted += 1
            for name, number in numbers.items():
                sums[name] = sums.get(name, 0.0) + number
            if counted == config.log_steps:
                if log is not None:
                    log({"step": now.step, "minutes": now.seconds / 60.0,
                         "rate": base_rates[0] * factor,
                         **{k: v / counted for k, v in sums.items()}})
                sums, counted = {}, 0
            moment = time.monotonic()
            if config.evaluate_seconds and moment - last_evaluation > config.evaluate_seconds:
                score()
                last_evaluation = time.monotonic()
            if moment - last_save > config.checkpoint_seconds:
                save()
                last_save = moment
        score()
        save()
    if now.best_model is not None:
        now.ema.model.load_state_dict(now.best_model)
    if processes.count > 1 and config.keep_best is not None:  # only the first one evaluated
        best = encode(now.ema.model.state_dict()) if processes.is_main else b""
        now.ema.model.load_state_dict(decode(processes.from_main(best)))
    return now.ema
