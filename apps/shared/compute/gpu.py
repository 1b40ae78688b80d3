"""A GPU for one call: ``spaces.GPU`` on a ZeroGPU Space, nothing anywhere else.

There a GPU is lent for the length of a call, and the call runs in a process that is forked for it:
what goes in and out has to be pickled between the two, so no callback gets across, a changed global
is lost, and the models have to be on the device before (:func:`open_at_start`). An ordinary GPU
Space, a GPU of one's own and a CPU need none of this.
"""

from __future__ import annotations

import functools
import inspect
import os
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any, TypeVar

__all__ = ["lend", "on_gpu", "on_zero_gpu", "open_at_start"]

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])

CALLBACKS = ("progress", "cancelled")
"""Arguments that cannot cross to the other process: no progress is shown from there, and whether a
stream is cancelled is checked here, between its pieces."""


def on_zero_gpu() -> bool:
    """Whether this is a ZeroGPU Space."""
    return os.environ.get("SPACES_ZERO_GPU", "").lower() in ("1", "t", "true")


if on_zero_gpu():
    import spaces  # noqa: F401  it has to come before torch


def on_gpu(duration: int = 60) -> Callable[[F], F]:
    """Decorate a synchronous function or generator that calls a model.

    On a ZeroGPU Space a GPU is lent for at most ``duration`` seconds a call, in a forked process:
    the function has to return arrays of the CPU and cannot change globals. Elsewhere it is left as
    it is. A ValueError or RuntimeError keeps its sentence across the processes.

    Raises:
        TypeError: for a coroutine or an asynchronous generator, wherever it runs.

    Example:
        >>> @on_gpu(duration=30)
        ... def draw(seed: int) -> int:
        ...     return seed
    """

    def decorate(function: F) -> F:
        if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
            name = function.__name__
            raise TypeError(f"{name} is asynchronous; a GPU is lent to plain functions alone.")
        if not on_zero_gpu():
            return function
        streams = inspect.isgeneratorfunction(function)
        return _lent_stream(function, duration) if streams else _lent(function, duration)  # type: ignore[return-value]

    return decorate


def _lent(function: Callable[..., Any], duration: int) -> Callable[..., Any]:
    import spaces

    @functools.wraps(function)
    def in_fork(*arguments: Any, **named: Any) -> tuple[str, Any]:
        try:
            return "", function(*arguments, **named)
        except (ValueError, RuntimeError) as error:
            return _kind(error), str(error)

    borrowed = spaces.GPU(duration=duration)(in_fork)

    @functools.wraps(function)
    def call_fork(*arguments: Any, **named: Any) -> Any:
        return _unpacked(borrowed(*arguments, **_without_callbacks(named)))

    return call_fork


def _lent_stream(function: Callable[..., Any], duration: int) -> Callable[..., Any]:
    import spaces

    @functools.wraps(function)
    def in_fork(*arguments: Any, **named: Any) -> Iterator[tuple[str, Any]]:
        try:
            for piece in function(*arguments, **named):
                yield "", piece
        except (ValueError, RuntimeError) as error:
            yield _kind(error), str(error)

    borrowed = spaces.GPU(duration=duration)(in_fork)

    @functools.wraps(function)
    def call_fork(*arguments: Any, **named: Any) -> Iterator[Any]:
        cancelled = named.get("cancelled")
        with closing(borrowed(*arguments, **_without_callbacks(named))) as pieces:
            for piece in pieces:
                if cancelled is not None and cancelled():
                    return
                yield _unpacked(piece)

    return call_fork


def _kind(error: Exception) -> str:
    return "ValueError" if isinstance(error, ValueError) else "RuntimeError"


def _unpacked(answer: tuple[str, Any]) -> Any:
    kind, value = answer
    if kind:
        raise (ValueError if kind == "ValueError" else RuntimeError)(value)
    return value


def _without_callbacks(named: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in named.items() if name not in CALLBACKS}


def lend(
    load: Callable[[], T], methods: tuple[str, ...], streams: tuple[str, ...] = (),
    duration: int = 60,
) -> Callable[[], T]:
    """An opener of a model whose slow methods run on the lent GPU.

    Args:
        load: opens the model, or returns the one that it opened before; the other process finds
            what was opened when it was forked.
        methods: names of the methods that compute on the device.
        streams: the same, of those that yield pieces.
        duration: seconds that a call may take.

    Returns:
        ``load`` itself where no GPU is lent.
    """
    if not on_zero_gpu():
        return load

    @on_gpu(duration)
    def call(name: str, *arguments: Any, **named: Any) -> Any:
        return getattr(load(), name)(*arguments, **named)

    @on_gpu(duration)
    def stream(name: str, *arguments: Any, **named: Any) -> Iterator[Any]:
        yield from getattr(load(), name)(*arguments, **named)

    def opened() -> Any:
        lent: dict[str, Callable[..., Any]] = {n: functools.partial(call, n) for n in methods}
        lent |= {name: functools.partial(stream, name) for name in streams}
        return _Borrower(load(), lent)

    return opened


class _Borrower:
    """A model some of whose methods run elsewhere."""

    def __init__(self, model: Any, lent: dict[str, Callable[..., Any]]) -> None:
        self._model = model
        self.__dict__.update(lent)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)


def open_at_start(open_all: Callable[[], None]) -> None:
    """Open the models now on a ZeroGPU Space, which packs what is on the device at the start.

    Elsewhere they open when a page first needs them.
    """
    if on_zero_gpu():
        open_all()
