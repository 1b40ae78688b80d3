"""A message for a visitor names files, not where they lie."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from starlette.testclient import TestClient

from apps.shared.endpoints import Endpoint, serve
from apps.shared.page import notes
from apps.shared.paths import without_paths
from apps.shared.server.launch import mount, protected


@pytest.mark.parametrize(("text", "shown"), [
    ("No such file: '/tmp/a/map.npy'", "No such file: 'map.npy'"),
    ('Cannot open "/tmp/my folder/map.npy".', 'Cannot open "map.npy".'),
    ("/usr/lib/python3/site-packages/numpy/lib/npyio.py failed", "npyio.py failed"),
    ("cannot read (/home/somebody/map.fits): bad", "cannot read (map.fits): bad"),
    ("file:///tmp/a/b.txt is missing", "b.txt is missing"),
    ("name = /etc/passwd, errno = 2", "name = passwd, errno = 2"),
    ("'C:\\\\Users\\\\me\\\\map.npy' is missing", "'map.npy' is missing"),
    ("See https://export.arxiv.org/api or /api.", "See https://export.arxiv.org/api or /api."),
    ("in (Msun/h)/(Mpc/h)^2, erg/s/Hz", "in (Msun/h)/(Mpc/h)^2, erg/s/Hz"),
    ("Open /hi-maps/?tab=infer", "Open /hi-maps/?tab=infer"),
    ("and/or 1/2", "and/or 1/2"),
])
def test_a_path_becomes_the_name_of_the_file(text: str, shown: str) -> None:
    assert without_paths(text) == shown


def test_what_a_library_says_in_a_page_has_no_path(tmp_path: Path) -> None:
    with pytest.raises(OSError) as caught:  # noqa: PT011 - as every library raises it
        (tmp_path / "map.npy").read_bytes()
    shown = notes.error(str(caught.value))
    assert "map.npy" in shown and str(tmp_path) not in shown


@pytest.fixture
def client(tmp_path: Path) -> Any:
    def of_a_library() -> str:
        """Fails."""
        raise ValueError(f"Unable to open file (name = '{tmp_path}/map.h5', errno = 2)")

    def of_gradio() -> str:
        raise gr.Error(f"Cannot read {tmp_path}/map.h5", print_exception=False)

    with gr.Blocks() as demo:
        serve([Endpoint(of_a_library, "of_a_library")])
        gr.api(of_gradio, api_name="of_gradio")
    with TestClient(protected(mount(demo, "/app")), base_url="http://127.0.0.1") as client:
        yield client


@pytest.mark.parametrize("name", ["of_a_library", "of_gradio"])
def test_what_a_library_says_to_a_program_has_no_path(
    client: TestClient, name: str, tmp_path: Path
) -> None:
    event = client.post(f"/app/gradio_api/call/{name}", json={"data": []}).json()["event_id"]
    text = client.get(f"/app/gradio_api/call/{name}/{event}").text
    assert "event: error" in text and "map.h5" in text
    assert str(tmp_path) not in text and os.sep + "tmp" not in text
