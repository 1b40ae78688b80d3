"""What a closed page kept on the server goes after a while, and what an open one keeps stays."""

from __future__ import annotations

import gc
import weakref

import gradio as gr
import numpy as np

from apps.shared.server.launch import mount
from apps.shared.server.sessions import Closed


def _app() -> tuple[gr.Blocks, int]:
    with gr.Blocks() as demo:
        kept = gr.State(None)
    mount(demo, "/page")
    return demo, kept._id


def test_closed_pages_go_and_open_ones_stay() -> None:
    demo, kept = _app()
    pages = {name: demo.state_holder[name] for name in ("open", "closed", "asking")}
    for page in pages.values():
        page[kept] = np.zeros(1000)
    gone = weakref.ref(pages["closed"][kept])
    pages["closed"].is_closed = pages["asking"].is_closed = True
    demo._queue.pending_event_ids_session["asking"] = {"an event that runs"}
    del page, pages
    closed = Closed(demo, after=60.0)
    assert closed.forget(100.0) == 0
    assert closed.forget(159.0) == 0 and gone() is not None
    assert closed.forget(161.0) == 1
    gc.collect()
    assert gone() is None
    assert set(demo.state_holder.session_data) == {"open", "asking"}
    demo._queue.pending_event_ids_session.clear()
    assert closed.forget(162.0) == 1
    assert demo.state_holder["open"][kept] is not None


def test_an_app_that_is_gone_is_not_kept_alive() -> None:
    class App:
        pass

    app = App()
    closed = Closed(app)  # type: ignore[arg-type]
    assert closed.forget(0.0) == 0  # not served yet
    del app
    gc.collect()
    assert closed.forget(1.0) is None
