"""The training loop every model here shares.

A run has a time budget rather than a number of steps: the learning rate warms up and then follows
a cosine over the elapsed fraction of the budget, so that the same command gives the best model a
laptop can make in twenty minutes or a GPU in three hours. It averages the weights, logs JSON
lines, checkpoints atomically and goes on from the checkpoint after a kill.

Example:
    >>> def loss(model, step, generator):
    ...     x = data[torch.randint(len(data), (32,), generator=generator)]
    ...     return -model.log_prob(x).mean()
    >>> ema = run(model, loss, LoopConfig(minutes=20), Path("runs/flow"))
"""

from __future__ import annotations

import json
import math
import os
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

from core.networks.ema import EMA

__all__ = ["LoopConfig", "learning_rate_factor", "run"]

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


def _save(path: Path, state: dict[str, Any]) -> None:
    temporary = path.with_suffix(".tmp")
    torch.save(state, temporary)
    os.replace(temporary, path)


class _Log:
    """JSON lines on disk, and the same line for a person."""

    def __init__(self, path: Path, quiet: bool) -> None:
        self.path, self.quiet = path, quiet

    def __call__(self, line: dict[str, float]) -> None:
        rounded = {k: float(f"{v:.6g}") if isinstance(v, float) else v for k, v in line.items()}
        with self.path.open("a") as file:
            file.write(json.dumps(rounded) + "\n")
        if not self.quiet:
            print("  ".join(f"{k} {v}" for k, v in rounded.items()), flush=True)


def run(
    model: nn.Module,
    loss: LossFunction,
    config: LoopConfig,
    folder: Path,
    *,
    evaluate: EvaluateFunction | None = None,
    optimizer: torch.optim.Optimizer | None = None,
    accelerator: Any = None,
    quiet: bool = False,
) -> EMA:
    """Train ``model`` until the budget is spent; return its averaged weights.

    Args:
        model: the network; trained in place.
        loss: called as ``loss(model, step, generator)``; draws its own batch with the generator
            (a CPU generator, reseeded every step) and returns the scalar loss, or the loss and a
            dict of extra numbers to log.
        config: budget and schedule.
        folder: gets ``checkpoint.pt`` and ``log.jsonl``.
        evaluate: called with the averaged network; its numbers go to the log.
        optimizer: AdamW by default.
        accelerator: an ``accelerate.Accelerator``; the model and the optimiser are then prepared
            with it, so ``accelerate launch`` trains on as many GPUs as there are. Only the main
            process writes.
        quiet: write the log but print nothing.

    Raises:
        FloatingPointError: after 20 steps in a row without a finite loss (single bad steps are
            skipped).
        KeyboardInterrupt: after saving, if the run was told to stop (SIGTERM, Ctrl-C).
    """
    folder.mkdir(parents=True, exist_ok=True)
    main = accelerator is None or accelerator.is_main_process
    if optimizer is None:
        optimizer = torch.optim.AdamW(
            model.parameters(), config.learning_rate, config.betas,
            weight_decay=config.weight_decay,
        )
    base_rates = [group["lr"] for group in optimizer.param_groups]
    ema = EMA(model, config.ema_gamma)
    state: dict[str, Any] = {"step": 0, "seconds": 0.0, "best": math.inf, "best_model": None}
    path = folder / "checkpoint.pt"
    if path.exists() and not config.fresh:
        saved = torch.load(path, map_location="cpu", weights_only=True)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        ema.load_state_dict(saved["ema"])
        state = saved["state"]
    net: nn.Module = model
    if accelerator is not None:
        net, optimizer = accelerator.prepare(model, optimizer)
        ema.model.to(accelerator.device)
        model = accelerator.unwrap_model(net)
    assert optimizer is not None

    log = _Log(folder / "log.jsonl", quiet)
    budget = config.minutes * 60.0
    started = time.monotonic() - state["seconds"]
    last_save = last_evaluation = time.monotonic()
    rank = 0 if accelerator is None else accelerator.process_index
    generator = torch.Generator()
    sums: dict[str, float] = {}
    counted = bad = 0

    def save() -> None:
        if main:
            _save(path, {"model": model.state_dict(), "optimizer": optimizer.state_dict(),
                         "ema": ema.state_dict(), "state": state})

    def score() -> None:
        if evaluate is None or not main:
            return
        numbers = evaluate(ema.model)
        log({"step": state["step"], "minutes": state["seconds"] / 60.0, **numbers})
        if config.keep_best is not None and numbers[config.keep_best] < state["best"]:
            state["best"] = float(numbers[config.keep_best])
            state["best_model"] = {k: v.clone() for k, v in ema.model.state_dict().items()}

    def fraction_done() -> float:
        state["seconds"] = time.monotonic() - started
        by_clock = state["seconds"] / budget if budget > 0 else 1.0
        return max(by_clock, state["step"] / config.max_steps if config.max_steps else 0.0)

    with _stop_flag() as told_to_stop:
        while (done := fraction_done()) < 1.0:
            factor = learning_rate_factor(done, config.warm_up, config.final)
            for group, rate in zip(optimizer.param_groups, base_rates, strict=True):
                group["lr"] = rate * factor
            generator.manual_seed((config.seed * 1_000_003 + state["step"]) * 4096 + rank)
            result = loss(net, state["step"], generator)
            value, extra = result if isinstance(result, tuple) else (result, {})
            optimizer.zero_grad(set_to_none=True)
            state["step"] += 1
            if not torch.isfinite(value):
                bad += 1
                if bad >= 20:
                    raise FloatingPointError("The loss has not been finite for 20 steps; lower "
                                             "the learning rate.")
                continue
            if accelerator is None:
                value.backward()
            else:
                accelerator.backward(value)
            norm = float(nn.utils.clip_grad_norm_(model.parameters(), config.clip or math.inf))
            if not math.isfinite(norm):
                bad += 1
                continue
            bad = 0
            optimizer.step()
            ema.update(model)

            counted += 1
            for name, number in {"loss": float(value.detach()), "norm": norm, **extra}.items():
                sums[name] = sums.get(name, 0.0) + float(number)
            if counted == config.log_steps:
                if main:
                    log({"step": state["step"], "minutes": state["seconds"] / 60.0,
                         "rate": base_rates[0] * factor,
                         **{k: v / counted for k, v in sums.items()}})
                sums, counted = {}, 0
            now = time.monotonic()
            if config.evaluate_seconds and now - last_evaluation > config.evaluate_seconds:
                score()
                last_evaluation = time.monotonic()
            if now - last_save > config.checkpoint_seconds:
                save()
                last_save = now
            if told_to_stop():
                fraction_done()
                save()
                raise KeyboardInterrupt(f"stopped; run the same command to go on from {path}")
        score()
        save()
    if state["best_model"] is not None:
        ema.model.load_state_dict(state["best_model"])
    return ema
