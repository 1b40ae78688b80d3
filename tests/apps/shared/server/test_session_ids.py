"""The id of a page's session cannot be guessed: it does not come from Math.random."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import gradio as gr
import pytest
from gradio.route_utils import BUILD_PATH_LIB
from playwright.sync_api import Browser, Page

from apps.registry import AppEntry
from apps.shared.server.assets import check_scripts, with_safe_ids
from apps.shared.server.gradio_patches import IncompatibleLibraryError
from tests.apps.served import served

JOIN = "**/gradio_api/queue/join*"
PAGE = """
import gradio as gr

def build():
    with gr.Blocks() as demo:
        demo.load(lambda: "a page", None, gr.Textbox())
    return demo
"""


def _demo() -> gr.Blocks:
    with gr.Blocks() as demo:
        demo.load(lambda: "a page", None, gr.Textbox())
    return demo


def _studio(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    import socket
    import threading
    import time

    import uvicorn

    from apps.site import build_site

    (folder / "cosmodesk_ids_page.py").write_text(PAGE)
    monkeypatch.syspath_prepend(str(folder))
    entry = AppEntry("/page", "cosmodesk_ids_page", "Page", "", "", "", folder / "none.png")
    server = uvicorn.Server(uvicorn.Config(build_site([entry], pictures=False),
                                           log_level="warning", timeout_graceful_shutdown=1))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.05)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/page/"
        server.should_exit = True
        thread.join(20)


@pytest.fixture(params=["studio", "alone"])
def address(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    if request.param == "alone":
        with served(_demo) as at:
            yield at
    else:
        yield from _studio(tmp_path, monkeypatch)


def _id(page: Page, address: str) -> str:
    with page.expect_request(JOIN) as asked:
        page.goto(address)
    return str(json.loads(asked.value.post_data or "")["session_hash"])


@pytest.mark.slow
def test_ids_have_full_entropy_where_math_random_is_a_constant(
    address: str, browser: Browser
) -> None:
    ids = []
    for _ in range(6):
        page = browser.new_page()
        page.add_init_script("Math.random = () => 0.123456789;")
        ids.append(_id(page, address))
        page.close()
    assert len(set(ids)) == len(ids)
    assert all(len(one) >= 25 and re.fullmatch("[0-9a-v]+", one) for one in ids)
    counts = Counter("".join(ids))
    total = counts.total()
    entropy = -sum(n / total * math.log2(n / total) for n in counts.values())
    assert entropy * min(map(len, ids)) > 112  # bits, of few characters; 125 are drawn


def test_every_id_in_the_scripts_is_changed() -> None:
    folder = Path(BUILD_PATH_LIB)
    changed = [with_safe_ids(path.read_bytes()) for path in folder.glob("*.js")]
    assert not any(re.search(rb"Math\.random\(\)\.toString\(", script) for script in changed)
    assert sum(b"session_hash=Array.from(crypto.getRandomValues(" in one for one in changed) == 1


@pytest.mark.parametrize("script", ["", "session_hash=crypto.randomUUID()",
                                    "session_hash=Math.random().toString(36).substring(2);" * 2])
def test_another_way_to_draw_it_is_refused_at_the_start(tmp_path: Path, script: str) -> None:
    check_scripts(Path(BUILD_PATH_LIB))
    (tmp_path / "index-abc.js").write_text(script)
    with pytest.raises(IncompatibleLibraryError, match=r"requirements\.txt"):
        check_scripts(tmp_path)
