"""Events whose values go by name."""

from __future__ import annotations

from collections.abc import Iterator

import gradio as gr
import pytest
from gradio_client import Client

from apps.shared.page.events import Values, named


def test_values_go_by_name_whatever_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Values] = []

    def answer(values: Values, request: gr.Request) -> Values:
        assert request is not None
        seen.append(values)
        return {"left": values["a"] - values["b"]} if values["a"] else {}

    def steps(values: Values) -> Iterator[Values]:
        yield {"right": "half"}
        yield {"left": values["b"]}

    with gr.Blocks() as demo:
        b, a = gr.Number(1), gr.Number(5)
        right, left = gr.Textbox("kept"), gr.Number(7)
        button = gr.Button()
        button.click(**named(answer, {"a": a, "b": b}, {"left": left, "right": right}),
                     api_name="answer")
        button.click(**named(steps, {"b": b}, {"left": left, "right": right}), api_name="steps")
    demo.queue()
    demo.launch(prevent_thread_lock=True, quiet=True)
    try:
        client = Client(demo.local_url, verbose=False)
        first = client.predict(1, 5, api_name="/answer")  # in the order of their making: b, a
        assert seen == [{"a": 5, "b": 1}]
        assert 4 in first
        client.predict(1, 0, api_name="/answer")
        job = client.submit(3, api_name="/steps")
        job.result()
        assert any("half" in out for out in job.outputs()) and 3 in job.outputs()[-1]
    finally:
        demo.close()
