"""Functions that programs call by name: checked, served, and described for the API page.

Gradio does not hold a caller to the hints of a function, so :func:`serve` does: an argument of
another type, or of a size that is never needed, is refused in one sentence before the function
sees it. Whatever goes wrong inside comes back as one sentence too. The same functions are the tools
of the MCP server (see :mod:`apps.shared.server.launch`), which takes their docstrings for the
descriptions.
"""

from __future__ import annotations

import importlib.util
import inspect
import logging
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any, get_type_hints

from apps.shared.compute.requests import RequestCancelledError, listener
from apps.shared.paths import without_paths

if TYPE_CHECKING:
    from core.settings import Settings

__all__ = [
    "LONGEST_TEXT",
    "MOST_NUMBERS",
    "ComputedValue",
    "Endpoint",
    "checked",
    "guarded",
    "mcp_served",
    "serve",
]

LONGEST_TEXT = 200_000
"""Characters of any text; most functions read far fewer and say so."""

MOST_NUMBERS = 1_000_000
"""Numbers of a list, of all lists within it together."""

_DEEPEST = 4  # lists within lists
_LARGEST = 2**63
_FAILED = "This did not work; see the server log."

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ComputedValue:
    """A value that an example makes by an expression of Python, because it is long.

    Attributes:
        code: without single quotes, so that a shell takes it.
    """

    code: str


@dataclass(frozen=True)
class Endpoint:
    """A function that is offered under a name; name and arguments are a promise.

    Attributes:
        function: every argument has a hint (float, int, str, bool or list) and a line in the
            docstring; ValueError is for the caller.
        name: without the slash.
        example: arguments that show what it does, each a value or :class:`ComputedValue`.
        shows: expression of Python that picks what is worth seeing from ``answer``.
    """

    function: Callable[..., Any]
    name: str
    example: Mapping[str, Any] = field(default_factory=dict)
    shows: str = "answer"

    @property
    def streams(self) -> bool:
        """Whether its answer comes piece by piece."""
        return inspect.isgeneratorfunction(self.function)


def serve(endpoints: Sequence[Endpoint], **event: Any) -> None:
    """Serve the endpoints, inside the app that is open.

    Args:
        endpoints: of the app.
        event: arguments of Gradio's events, such as concurrency_id.
    """
    import gradio as gr

    for endpoint in endpoints:
        gr.api(guarded(endpoint), api_name=endpoint.name, **event)


def guarded(endpoint: Endpoint) -> Callable[..., Any]:
    """The function with its arguments checked and its errors as a gradio.Error.

    Its name is the endpoint's, which MCP takes for that of the tool.
    """
    run = _guarded(endpoint.function)
    run.__name__ = endpoint.name
    return run


def _guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    signature, hints = inspect.signature(function), get_type_hints(function)
    for name in signature.parameters:
        if hints.get(name) not in _CHECKS:
            raise TypeError(f"{function.__name__} takes {name} without a hint that can be checked.")

    def checked_arguments(
        arguments: tuple[Any, ...], named: dict[str, Any]
    ) -> dict[str, Any]:
        try:
            bound = signature.bind(*arguments, **named).arguments
        except TypeError as error:
            raise ValueError(f"The arguments do not fit: {error}.") from error
        return {name: checked(name, value, hints[name]) for name, value in bound.items()}

    if inspect.isgeneratorfunction(function):
        @wraps(function)
        def stream(*arguments: Any, **named: Any) -> Iterator[Any]:
            try:
                yield from function(**checked_arguments(arguments, named))
            except GeneratorExit:
                raise
            except BaseException as error:  # native code panics by what is no Exception
                raise _for_caller(error, function) from error

        return stream

    @wraps(function)
    def call(*arguments: Any, **named: Any) -> Any:
        try:
            with listener(None):
                return function(**checked_arguments(arguments, named))
        except BaseException as error:
            raise _for_caller(error, function) from error

    return call


def _for_caller(error: BaseException, function: Callable[..., Any]) -> Exception:
    """The error that the caller reads: a sentence without what is the server's own."""
    import gradio as gr

    if isinstance(error, gr.Error):
        return error
    if not isinstance(error, ValueError | RequestCancelledError):
        _log.error("%s failed", function.__name__, exc_info=error)
    sentence = str(error) if isinstance(error, ValueError) else _FAILED
    return gr.Error(without_paths(sentence), print_exception=False)


def checked(name: str, value: Any, hint: type) -> Any:
    """An argument as its hint says.

    Raises:
        ValueError: one sentence, naming the argument, what it is and what it should be.

    Example:
        >>> checked("n", 2.0, int)
        2
        >>> checked("n", "many", int)
        Traceback (most recent call last):
        ValueError: n is the text “many”; give a whole number.
    """
    return _CHECKS[hint](name, value)


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{name} is {_what(value)}; give a number.")
    if not -_LARGEST < value < _LARGEST and not (
        isinstance(value, float) and math.isfinite(value)
    ):
        raise ValueError(f"{name} is {_what(value)}; give a finite number.")
    return float(value)


def _whole(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not (
        -_LARGEST < value < _LARGEST and value == int(value)
    ):
        raise ValueError(f"{name} is {_what(value)}; give a whole number.")
    return int(value)


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{name} is {_what(value)}; give a text.")
    if len(value) > LONGEST_TEXT:
        raise ValueError(
            f"{name} has {len(value):,} characters; at most {LONGEST_TEXT:,} are taken."
        )
    return value


def _truth(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{name} is {_what(value)}; give true or false.")
    return value


def _numbers(name: str, value: Any) -> list[Any]:
    """Lists of numbers, counted level by level: nothing is copied, and nesting costs no stack."""
    if not isinstance(value, list):
        raise ValueError(f"{name} is {_what(value)}; give a list of numbers, or of lists of them.")
    level, count = [value], 0
    for _ in range(_DEEPEST):
        deeper = []
        for part in level:
            count += len(part)
            if count > MOST_NUMBERS:
                raise ValueError(f"{name} holds over {MOST_NUMBERS:,} values; give fewer.")
            for one in part:
                if isinstance(one, list):
                    deeper.append(one)
                elif isinstance(one, bool) or not isinstance(one, int | float):
                    raise ValueError(f"{name} holds {_what(one)}; it takes numbers alone.")
        level = deeper
    if level:
        raise ValueError(f"{name} has lists over {_DEEPEST} deep; {_DEEPEST} are taken.")
    return value


_CHECKS: dict[Any, Callable[[str, Any], Any]] = {
    float: _number, int: _whole, str: _text, bool: _truth, list: _numbers,
}


def _what(value: Any) -> str:
    """A value in words that end, whatever it is."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"the text “{value[:30]}{'…' if len(value) > 30 else ''}”"
    if isinstance(value, list):
        return f"a list of {len(value):,}"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, int) and abs(value) >= 10**20:
        return "a number of over 20 digits"
    return str(value)[:40] if isinstance(value, int | float) else f"a {type(value).__name__}"


def mcp_served(settings: Settings) -> bool:
    """Whether the endpoints are served as tools of the Model Context Protocol too.

    Raises:
        ValueError: one sentence, if they should be and cannot.
    """
    there = importlib.util.find_spec("mcp") is not None
    if settings.mcp and not there:
        raise ValueError('COSMODESK_MCP is on, and the package mcp is missing: pip install '
                         '"gradio[mcp]", or leave COSMODESK_MCP out.')
    return there if settings.mcp is None else settings.mcp
