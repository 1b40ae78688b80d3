"""An app served as it is served to people, for as long as a test needs it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["free_port", "served"]


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def served(build: Callable[[], Any]) -> Iterator[str]:
    """The address of a running app, with a slash at its end.

    Args:
        build: makes the app.
    """
    from apps.shared.server.launch import launch

    demo = build()
    _, address, _ = launch(demo, port=free_port(), prevent_thread_lock=True)
    try:
        yield address if address.endswith("/") else f"{address}/"
    finally:
        demo.close()
