"""A Gradio or uvicorn that is not of the shape our changes rest on is refused before it serves."""

from __future__ import annotations

import logging
import pkgutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from gradio import processing_utils, routes, state_holder
from starlette.testclient import TestClient
from uvicorn.protocols.http.h11_impl import H11Protocol

from apps.__main__ import main
from apps.registry import AppEntry
from apps.shared.server import gradio_patches
from apps.shared.server.connections import UVICORN
from apps.shared.server.gradio_patches import (
    REQUIREMENTS,
    IncompatibleLibraryError,
    Requirement,
    check,
)
from apps.shared.server.launch import launch, mount
from apps.site import build_site
from tests.apps.served import free_port

BOTH = (*REQUIREMENTS, *UVICORN)


def each(requirements: Iterable[Requirement]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "requirement", [pytest.param(one, id=one.where) for one in requirements])


@pytest.fixture
def demo() -> Iterator[gr.Blocks]:
    with gr.Blocks() as demo:
        gr.Markdown("A page")
    yield demo


def owner(requirement: Requirement) -> tuple[Any, str]:
    """What holds the required part, and the part's name there."""
    module, _, path = requirement.where.partition(":")
    parent, _, name = path.rpartition(".")
    return pkgutil.resolve_name(f"{module}:{parent}" if parent else module), name


def test_the_installed_versions_are_of_the_known_shape() -> None:
    check(REQUIREMENTS)
    check(UVICORN)


def test_what_is_changed_keeps_its_shape_so_that_the_next_start_is_checked_too() -> None:
    gradio_patches.apply()
    gradio_patches.apply()
    assert processing_utils.async_ssrf_protected_download is gradio_patches._refuse_download
    assert routes.CustomCORSMiddleware is gradio_patches._NoSharing
    changed = state_holder.SessionState._update_value_in_config
    assert changed is gradio_patches._keep_no_value


@each(one for one in BOTH if not one.where.endswith("__init__"))  # which every class has
def test_what_is_gone_is_missed(
    requirement: Requirement, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder, name = owner(requirement)
    monkeypatch.delattr(holder, name)
    with pytest.raises(IncompatibleLibraryError, match="requirements.txt") as caught:
        check([requirement])
    assert str(caught.value).count(". ") == 0 and requirement.where in str(caught.value)


@each(one for one in BOTH if one.parameters is not None or one.uses)
def test_what_has_changed_is_noticed(
    requirement: Requirement, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other(self: Any, something_new: Any) -> None:
        pass

    holder, name = owner(requirement)
    monkeypatch.setattr(holder, name, other)
    with pytest.raises(IncompatibleLibraryError):
        check([requirement])


@each(REQUIREMENTS)
def test_no_app_is_served_by_a_gradio_that_lacks_something(
    requirement: Requirement, demo: gr.Blocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    lacking = Requirement("gradio.blocks:Blocks.no_such_thing")
    requirements = tuple(lacking if one is requirement else one for one in REQUIREMENTS)
    monkeypatch.setattr(gradio_patches, "REQUIREMENTS", requirements)
    for serve in (lambda: mount(demo, "/page"), lambda: launch(demo, prevent_thread_lock=True)):
        with pytest.raises(IncompatibleLibraryError):
            serve()


def test_the_site_shows_no_app_and_says_why_in_one_line_of_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "cosmodesk_patched_page.py").write_text(
        "import gradio as gr\n\ndef build():\n    with gr.Blocks() as demo:\n"
        "        gr.Markdown('A page')\n    return demo\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.delattr(processing_utils, "ssrf_protected_download")
    app = AppEntry("/page", "cosmodesk_patched_page", "Page", "", "", "", tmp_path / "none.png")
    with TestClient(build_site([app], preload=False), base_url="http://127.0.0.1") as client:
        answer = client.get("/page/")
    assert answer.status_code == 503 and "see the server log" in answer.text
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert "ssrf_protected_download" in record.getMessage() and not record.exc_info


def test_the_start_is_refused_where_idle_connections_could_stay(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COSMODESK_PORT", str(free_port()))
    monkeypatch.delattr(H11Protocol, "handle_events")
    assert main() == 1
    said = capsys.readouterr().err
    assert "handle_events" in said and len(said.strip().splitlines()) == 1
