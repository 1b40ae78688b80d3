"""Errors of native code that Python would not take for errors."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["panics_as_errors"]


@contextmanager
def panics_as_errors(what: str) -> Iterator[None]:
    """Within the block, what native code raises is an Exception.

    A panic in Rust (tokenizers, safetensors) comes as a ``BaseException``, past every ``except
    Exception``: a request would never be answered, a thread would end without a word. An interrupt
    of the main thread is let through, as somebody pressed it.

    Args:
        what: failed, to begin the sentence with.

    Raises:
        RuntimeError: one sentence.

    Example:
        >>> with panics_as_errors("The tokenizer"):
        ...     raise SystemExit(1)
        Traceback (most recent call last):
        RuntimeError: The tokenizer failed inside a library.
    """
    try:
        yield
    except (Exception, GeneratorExit):
        raise
    except BaseException as error:
        pressed = isinstance(error, KeyboardInterrupt)
        if pressed and threading.current_thread() is threading.main_thread():
            raise
        raise RuntimeError(f"{what} failed inside a library.") from error
