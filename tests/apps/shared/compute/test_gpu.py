"""A GPU that is lent: what crosses to the other process and back, and nothing anywhere else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from apps.shared.compute import gpu

ROOT = Path(__file__).parents[4]

SPACES = '''
"""As the package of ZeroGPU behaves: a forked process a call, everything pickled, no async."""

import inspect, os, pickle

LENT = []


def _other_process(task, given, named):
    sent = pickle.dumps((given, named))
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with os.fdopen(writing, "wb") as out:
            def put(kind, value):
                out.write(pickle.dumps((kind, value)))
            try:
                given, named = pickle.loads(sent)
                if inspect.isgeneratorfunction(task):
                    for piece in task(*given, **named):
                        put("piece", piece)
                else:
                    put("piece", task(*given, **named))
            except BaseException as error:
                put("error", type(error).__name__)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as source:
        while True:
            try:
                kind, value = pickle.load(source)
            except EOFError:
                break
            if kind == "error":  # the real one says no more than that either
                raise RuntimeError("ZeroGPU worker error", value)
            yield value
    os.waitpid(child, 0)


def GPU(task=None, *, duration=None):
    if task is None:
        return lambda task: GPU(task, duration=duration)
    if inspect.iscoroutinefunction(task) or inspect.isasyncgenfunction(task):
        raise NotImplementedError
    LENT.append((task.__name__, duration))
    if inspect.isgeneratorfunction(task):
        def stream(*given, **named):
            yield from _other_process(task, given, named)
        return stream
    return lambda *given, **named: list(_other_process(task, given, named))[0]
'''


@pytest.fixture
def zero(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A ZeroGPU Space with a package that forks."""
    (tmp_path / "spaces.py").write_text(SPACES)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("SPACES_ZERO_GPU", "true")
    monkeypatch.delitem(sys.modules, "spaces", raising=False)
    import spaces

    yield spaces
    sys.modules.pop("spaces", None)


class Model:
    """Counts its calls where they happen."""

    calls = 0
    size = 3

    def draw(self, n: int, progress: Callable[[float], None] | None = None) -> list[int]:
        self.calls += 1
        if progress is not None:
            progress(1.0)
        if n < 0:
            raise ValueError(f"n = {n} is below 0; give 0 or more.")
        if n > 9:
            raise KeyError("a fault of ours")
        return list(range(n))

    def write(self, n: int, cancelled: Callable[[], bool] | None = None) -> Iterator[int]:
        for i in range(n):
            if i == 5:
                raise RuntimeError("The model stopped.")
            yield i


def test_elsewhere_nothing_is_changed() -> None:
    def load() -> Model:
        raise AssertionError

    assert gpu.on_gpu()(load) is load and gpu.lend(load, ("draw",)) is load
    gpu.open_at_start(load)  # type: ignore[arg-type]


@pytest.mark.parametrize("lent", [False, True])
def test_asynchronous_functions_are_refused_everywhere(
    lent: bool, request: pytest.FixtureRequest
) -> None:
    if lent:
        request.getfixturevalue("zero")

    async def draw() -> None: ...

    async def stream() -> Any:
        yield 1

    for function in (draw, stream):
        with pytest.raises(TypeError, match="asynchronous"):
            gpu.on_gpu()(function)


def test_a_lent_model_answers_from_another_process(zero: Any) -> None:
    model, progress_seen = Model(), list[float]()
    opened = gpu.lend(lambda: model, ("draw",), ("write",), duration=7)()
    assert opened.draw(3, progress=progress_seen.append) == [0, 1, 2]  # unpicklable
    assert model.calls == 0 and progress_seen == [] and opened.size == 3
    assert {duration for _, duration in zero.LENT} == {7}
    assert list(opened.write(3)) == [0, 1, 2]


def test_sentences_cross_and_faults_do_not_tell(zero: Any) -> None:
    opened = gpu.lend(lambda: Model(), ("draw",), ("write",))()
    with pytest.raises(ValueError, match=r"^n = -1 is below 0; give 0 or more\.$"):
        opened.draw(-1)
    with pytest.raises(RuntimeError, match="ZeroGPU worker error"):
        opened.draw(10)
    seen = []
    with pytest.raises(RuntimeError, match=r"^The model stopped\.$"):
        for piece in opened.write(9):
            seen.append(piece)
    assert seen == [0, 1, 2, 3, 4]


def test_a_cancelled_stream_ends(zero: Any) -> None:
    opened = gpu.lend(lambda: Model(), (), ("write",))()
    seen: list[int] = []
    for piece in opened.write(5, cancelled=lambda: len(seen) >= 2):
        seen.append(piece)
    assert seen == [0, 1]


def test_models_open_at_the_start(zero: Any) -> None:
    opened = []
    gpu.open_at_start(lambda: opened.append(1))
    assert opened == [1]


def test_the_apps_draw_in_the_other_process_the_same_maps(zero: Any, tmp_path: Path) -> None:
    """HI maps as on ZeroGPU: models open at the start, drawn elsewhere, the cache here."""
    code = (
        "import os, numpy as np\n"
        "from apps.shared.compute import gpu\n"
        "from apps.hi_maps import models\n"
        "import spaces\n"
        "lent = models._OPENERS['HIGlow']()\n"
        "from core.hydrogen.higlow import HIGlow\n"
        "here = models._open_higlow()\n"
        "progress_seen = []\n"
        "drawn = models.draw('HIGlow', 0.3, 0.8, 1, 5, progress=progress_seen.append)\n"
        "again = models.draw('HIGlow', 0.3, 0.8, 1, 5)\n"
        "assert progress_seen == [] and again.maps is not None\n"
        "assert isinstance(drawn.maps, np.ndarray) and drawn.maps.shape == (1, 64, 64)\n"
        "calls = []\n"
        "here.sample = lambda *a, **k: (calls.append(os.getpid()), np.full((1, 64, 64), "
        "os.getpid()))[1]\n"
        "other = models.draw('HIGlow', 0.3, 0.8, 1, 6)\n"
        "assert calls == [] and other.maps[0, 0, 0] != os.getpid()\n"
        "try:\n"
        "    models.draw('HIGlow', 0.9, 0.8, 1, 6)\n"
        "except ValueError as error:\n"
        "    assert 'trained range' in str(error)\n"
        "else:\n"
        "    raise AssertionError\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False,
        env={"PATH": "", "PYTHONPATH": str(tmp_path), "SPACES_ZERO_GPU": "1",
             "HOME": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
