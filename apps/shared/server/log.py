"""The server's log: an event a line, with its time, level and module.

    2026-01-31 09:30:00 ERROR apps.site: HI maps could not be started: KeyError: 'x' (in load,
    apps/site.py:217)

all in one line. Whatever libraries say goes the same way: their own logs, warnings, and the
tracebacks that they print. A line holds no control characters, so that no text of a visitor's can
pass for another event, and at DEBUG a traceback follows, each of its lines set in. What happens in
ordinary use and is nobody's fault (a visitor left, a page was closed, an input was wrong) is said
at DEBUG alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

__all__ = ["EventFormatter", "Ordinary", "configured", "one_line"]

_LONGEST = 2000  # characters of a line
_MESSAGE = 500  # of an error's own words
_OURS = ("apps", "core")
_PASSING = ("apps/site.py", "apps/shared/server/")  # every request's way, to whatever fails
_ROOT = Path(__file__).resolve().parents[3]
_FRAMES = 3
_GONE = ("ClientDisconnect", "ClientDisconnected", "EndOfStream", "ClosedResourceError",
         "BrokenResourceError")



def one_line(text: str, longest: int = _LONGEST) -> str:
    """A text without line ends, control and invisible characters, which are written out."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return shown if len(shown) <= longest else f"{shown[:longest]}…"


class EventFormatter(logging.Formatter):
    """One line; a traceback after it if wanted, its lines set in.

    Args:
        tracebacks: whether they are.
    """

    def __init__(self, tracebacks: bool = False) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: ", "%Y-%m-%d %H:%M:%S")
        self._tracebacks = tracebacks

    def format(self, record: logging.LogRecord) -> str:
        record.asctime = self.formatTime(record, self.datefmt)
        parts = [record.getMessage().strip()]
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            words = one_line(f"{type(error).__name__}: {error}".rstrip(": "), _MESSAGE)
            parts.append(words + _place(error))
        line = self.formatMessage(record) + one_line(": ".join(part for part in parts if part))
        if error is None or not self._tracebacks:
            return line
        lines = "".join(traceback.format_exception(error)).splitlines()
        return "\n".join([line, *(f"    | {one_line(one)}" for one in lines)])


class Ordinary(logging.Filter):
    """Lets through what is somebody's fault, and that once.

    Args:
        everything: let all through.
    """

    def __init__(self, everything: bool = False) -> None:
        super().__init__()
        self._everything = everything

    def filter(self, record: logging.LogRecord) -> bool:
        if self._everything:
            return True
        if record.name == "asyncio" and record.getMessage().startswith("socket.send() raised"):
            return False  # a visitor left
        if record.name == "py.warnings" and "pydantic/" in record.getMessage():
            return False  # of one library to another, now and then, when they load in threads
        if record.name == "uvicorn.error" and "CTRL+C" in record.getMessage():
            return False  # the process ends by itself
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            return True
        if is_ordinary(error) or getattr(error, "_cosmodesk_logged", False):
            return False
        with contextlib.suppress(AttributeError):  # some errors take no attributes
            error._cosmodesk_logged = True  # type: ignore[attr-defined]
        return True


def is_ordinary(error: BaseException) -> bool:
    """Whether an error happens in ordinary use: somebody left, or was told what is wrong."""
    if isinstance(error, BaseExceptionGroup):
        return all(map(is_ordinary, error.exceptions))
    return (
        isinstance(error, ConnectionError | asyncio.CancelledError | KeyboardInterrupt)
        or type(error).__name__ in _GONE
        # a page that is no more: refused after its stream was opened
        or (isinstance(error, RuntimeError) and "response already started" in str(error))
        or any(base.__module__ == "gradio.exceptions" for base in type(error).__mro__)
    )


@contextlib.contextmanager
def configured(level: str) -> Iterator[None]:
    """Log to the standard error, and let what libraries print go there too.

    Args:
        level: name of the least that is shown.
    """
    debug = level == "DEBUG"
    handler = logging.StreamHandler()
    handler.setFormatter(EventFormatter(tracebacks=debug))
    handler.addFilter(Ordinary(everything=debug))
    _silence_progress_bars()
    with contextlib.ExitStack() as stack:
        stack.enter_context(_loggers(handler, level))
        stack.enter_context(_hooks())
        yield


@contextlib.contextmanager
def _loggers(handler: logging.Handler, level: str) -> Iterator[None]:
    """The root logger with this handler alone; libraries say nothing below INFO."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    root.handlers[:] = [handler]
    root.setLevel("INFO" if level == "DEBUG" else level)
    for name in _OURS:
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(True)
    try:
        yield
    finally:
        logging.captureWarnings(False)
        root.handlers[:], root.level = before
        for name in _OURS:
            logging.getLogger(name).setLevel(logging.NOTSET)


@contextlib.contextmanager
def _hooks() -> Iterator[None]:
    """Tracebacks that would be printed are logged: by a library, of a thread, of a finalizer."""
    changed = [
        (traceback, "print_exc", _print_exc), (traceback, "print_exception", _print_exception),
        (threading, "excepthook", _in_thread), (sys, "unraisablehook", _unraisable),
        (sys, "excepthook", _uncaught), (warnings, "formatwarning", _warning),
    ]
    before = [getattr(module, name) for module, name, _ in changed]
    for module, name, function in changed:
        setattr(module, name, function)
    try:
        yield
    finally:
        for (module, name, _), function in zip(changed, before, strict=True):
            setattr(module, name, function)


_print_to_file = traceback.print_exception


def _print_exc(limit: Any = None, file: Any = None, chain: bool = True) -> None:
    if file is not None:
        _print_to_file(sys.exc_info()[1], limit=limit, file=file, chain=chain)
    else:
        _log_error(sys.exc_info()[1], sys._getframe(1).f_globals["__name__"])


def _print_exception(error: Any, *args: Any, file: Any = None, **named: Any) -> None:
    if file is not None:
        _print_to_file(error, *args, file=file, **named)
    else:  # (error), or (type, error, traceback)
        _log_error(args[0] if args else error, sys._getframe(1).f_globals["__name__"])


def _log_error(error: BaseException | None, module: str, message: str = "") -> None:
    """One that nobody caught; a fault of ours, or of a request that no page of ours sends."""
    if error is not None:
        level = logging.ERROR if _frames_of_ours(error) else logging.WARNING
        logging.getLogger(module).log(level, message, exc_info=error)


def _in_thread(args: threading.ExceptHookArgs) -> None:
    if not isinstance(args.exc_value, SystemExit):
        name = args.thread.name if args.thread is not None else "a thread"
        _log_error(args.exc_value, "threading", f"{name} ended")


def _unraisable(args: Any) -> None:
    _log_error(args.exc_value, "sys", f"in {args.object!r}")


def _uncaught(
    _: type[BaseException], error: BaseException, __: TracebackType | None
) -> None:
    _log_error(error, "sys")


def _warning(message: Any, category: type, filename: str, lineno: int, line: Any = None) -> str:
    return f"{category.__name__}: {message} ({_short(filename)}:{lineno})"


def _place(error: BaseException) -> str:
    """Where it was raised: the last frame, and the last ones of ours."""
    frames, ours = traceback.extract_tb(error.__traceback__), _frames_of_ours(error)
    last = [frame for frame in frames[-1:] if frame not in ours]
    said = ", from ".join(f"{frame.name}, {_short(frame.filename)}:{frame.lineno}"
                          for frame in last + ours[::-1][:_FRAMES])
    return f" (in {said})" if said else ""


def _frames_of_ours(error: BaseException) -> list[traceback.FrameSummary]:
    """Those of pages, endpoints and models, not of the way that every request takes."""
    return [frame for frame in traceback.extract_tb(error.__traceback__)
            if _is_ours(frame.filename) and not _short(frame.filename).startswith(_PASSING)]


def _is_ours(filename: str) -> bool:
    path = Path(filename)
    return path.is_relative_to(_ROOT) and path.relative_to(_ROOT).parts[0] in _OURS


def _short(filename: str) -> str:
    """Within the project or the library, without where that lies."""
    _, found, inner = filename.rpartition("site-packages/")
    if found:
        return inner
    return os.path.relpath(filename, _ROOT) if _is_ours(filename) else os.path.basename(filename)


def _silence_progress_bars() -> None:
    """Bars of libraries are for one person who waits at a terminal."""
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TQDM_DISABLE", "1")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
