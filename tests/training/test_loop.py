"""The training loop: budget, averaging, resuming, bad steps."""

import json
import os
import signal

import pytest
import torch
from torch import nn

from core.networks.ema import EMA
from training.loop import LoopConfig, learning_rate_factor, run

TARGET = torch.tensor([[1.0, 2.0, 3.0]])


def _loss(model, step, generator):
    x = torch.randn(32, 3, generator=generator)
    return (model(x) - x @ TARGET.T).square().mean()


def test_schedule_warms_up_and_comes_down():
    factors = [learning_rate_factor(f, 0.1, 0.01) for f in (0.0, 0.05, 0.1, 0.5, 1.0, 2.0)]
    assert factors[1] == pytest.approx(0.5) and factors[2] == pytest.approx(1.0)
    assert factors[2] > factors[3] > factors[4] == pytest.approx(0.01) == factors[5]


def test_training_reaches_the_target(tmp_path):
    config = LoopConfig(minutes=5, max_steps=400, learning_rate=0.05, log_steps=100)
    ema = run(nn.Linear(3, 1), _loss, config, tmp_path, quiet=True)
    assert torch.allclose(ema.model.weight, TARGET, atol=1e-2)
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [100, 200, 300, 400]
    assert lines[-1]["loss"] < lines[0]["loss"]


def test_budget_in_minutes_is_kept(tmp_path):
    ema = run(nn.Linear(3, 1), _loss, LoopConfig(minutes=0.005), tmp_path, quiet=True)
    assert ema.step > 0
    assert run(nn.Linear(3, 1), _loss, LoopConfig(minutes=0.005), tmp_path, quiet=True).step == (
        ema.step
    )


def test_a_killed_run_goes_on_and_ends_the_same(tmp_path):
    config = LoopConfig(minutes=5, max_steps=100, learning_rate=0.05)
    torch.manual_seed(0)
    start = nn.Linear(3, 1)
    state = {k: v.clone() for k, v in start.state_dict().items()}
    whole = run(start, _loss, config, tmp_path / "whole", quiet=True)

    def killed(model, step, generator):
        if step == 40:
            os.kill(os.getpid(), signal.SIGTERM)
        return _loss(model, step, generator)

    again = nn.Linear(3, 1)
    again.load_state_dict(state)
    with pytest.raises(KeyboardInterrupt):
        run(again, killed, config, tmp_path / "cut", quiet=True)
    fresh = nn.Linear(3, 1)
    resumed = run(fresh, _loss, config, tmp_path / "cut", quiet=True)
    assert resumed.step == whole.step == 100
    assert torch.allclose(resumed.model.weight, whole.model.weight, atol=1e-3)


def test_bad_steps_are_skipped_but_not_forever(tmp_path):
    def now_and_then(model, step, generator):
        value = _loss(model, step, generator)
        return value * float("nan") if step % 3 == 0 else value

    config = LoopConfig(minutes=5, max_steps=300, learning_rate=0.05)
    ema = run(nn.Linear(3, 1), now_and_then, config, tmp_path / "a", quiet=True)
    assert torch.allclose(ema.model.weight, TARGET, atol=0.1)
    with pytest.raises(FloatingPointError):
        run(nn.Linear(3, 1), lambda m, s, g: _loss(m, s, g) * float("nan"), config,
            tmp_path / "b", quiet=True)


def test_the_best_model_is_kept(tmp_path):
    scores = iter([3.0, 1.0, 2.0, 5.0, 6.0, 7.0, 8.0, 9.0] + [10.0] * 1000)
    seen = []

    def evaluate(model):
        seen.append(model.weight.detach().clone())
        return {"score": next(scores)}

    config = LoopConfig(minutes=5, max_steps=50, evaluate_seconds=1e-9, keep_best="score",
                        learning_rate=0.05)
    ema = run(nn.Linear(3, 1), _loss, config, tmp_path, evaluate=evaluate, quiet=True)
    assert torch.equal(ema.model.weight, seen[1])


def test_average_spans_a_fraction_of_the_training():
    net = nn.Linear(1, 1, bias=False)
    ema = EMA(net, gamma=6.94)
    for step in range(1, 1001):
        net.weight.data.fill_(float(step))
        ema.update_parameters(net)
    assert 850 < float(ema.model.weight) < 920
    with pytest.raises(ValueError, match="gamma"):
        EMA(net, gamma=0)
