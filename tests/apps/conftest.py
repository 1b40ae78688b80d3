"""The HI maps app, served as it is served to people, once for all tests that need it."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(scope="session")
def hi_maps_address() -> Iterator[str]:
    """Address of the running app, with a slash at its end."""
    from apps.hi_maps.app import build
    from apps.shared.launch import launch

    demo = build()
    _, address, _ = launch(demo, port=_free_port(), prevent_thread_lock=True)
    yield address if address.endswith("/") else f"{address}/"
    demo.close()
