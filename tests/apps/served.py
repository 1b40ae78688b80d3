"""An app served as it is served to people, for as long as a test needs it."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

__all__ = ["assert_one_sentence", "free_port", "served"]


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
    from apps.site import BUILDING

    with BUILDING:  # a studio that another fixture serves may be opening its apps
        demo = build()
    _, address, _ = launch(demo, port=free_port(), prevent_thread_lock=True)
    try:
        yield address if address.endswith("/") else f"{address}/"
    finally:
        demo.close()


def assert_one_sentence(client: Client, name: str, arguments: dict[str, Any], word: str) -> None:
    """An endpoint refuses arguments by a sentence with a word in it, and shows nothing inside.

    Args:
        client: of the app.
        name: of the endpoint, with its slash.
        arguments: that are wrong.
        word: of the sentence.
    """
    with pytest.raises(AppError) as caught:
        client.predict(**arguments, api_name=name)
    assert word in str(caught.value) and "Traceback" not in json.dumps(str(caught.value))
