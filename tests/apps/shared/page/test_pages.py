"""Pages: drawn by name, restored by a link, with one sentence for what goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from apps.shared.page import links
from apps.shared.page.download_row import download_row
from apps.shared.page.events import Values
from apps.shared.page.links import Choice, Parameter, Whole
from apps.shared.page.pages import TabPage, boxes, connect, event, restored

TAB = Choice("tab", "one", ("one", "two", "about"))
ONE: tuple[Parameter, ...] = (Whole("a", 1, 0, 9), Whole("b", 2, 0, 9))
TWO: tuple[Parameter, ...] = (Whole("a", 3, 0, 9), Choice("on", "no", ("no", "yes")))


def _draw(values: Values, progress: gr.Progress = gr.Progress()) -> Iterator[Values]:
    yield {"note": "", "view": '<p>begun</p><div class="cd-empty">Wait…</div>', "shown": None}
    if values["b"] == 0:
        raise ValueError("b is 0; choose 1 or more.")
    if values["b"] == 9:
        raise RuntimeError("a secret of the server")
    yield {"view": f"{values['a']} over {values['b']}", "shown": values["a"],
           "query": links.query("one", ONE, values)}


def _other(values: Values) -> Iterator[Values]:
    yield {"view": str(values["on"]), "query": links.query("two", TWO, values)}


def _files(shown: int) -> dict[str, bytes]:
    return {"x.npz": b"z", "x.npy": str(shown).encode()}


class App:
    """Two tabs, and what their events do when they are called as Gradio calls them."""

    def __init__(self, leads: bool = False) -> None:
        with gr.Blocks() as self.demo:
            self.note, link = gr.HTML(), gr.Textbox()
            with gr.Tabs() as self.tabs:
                with gr.Tab("One", id="one"):
                    b, a = gr.Number(2), gr.Number(1)
                    self.answer = boxes("x", "Nothing yet.")
                    self.row = download_row("x", ("npy", "npz"), _files)
                    inputs = {"a": a, "b": b}
                    one = TabPage(ONE, inputs, event(_draw, inputs, self.answer), self.row,
                                  leads=leads)
                with gr.Tab("Two", id="two"):
                    c, on = gr.Number(3), gr.Checkbox(False)
                    two = TabPage(TWO, {"a": c, "on": on},
                                  event(_other, {"a": c, "on": on}, boxes("y", "Nothing yet.")))
                with gr.Tab("About", id="about"):
                    gr.Markdown("words")
            self.pages = {"one": one, "two": two}
            connect(self.demo, self.tabs, TAB, self.pages, link, self.note)

    def drawn(self, **values: Any) -> list[dict[Any, Any]]:
        """What drawing the first tab sets, step by step."""
        page = self.pages["one"]
        arguments = page.event.arguments(
            None, {"query": page.query, "shown": self.row.shown, **self.row.buttons},
            self.row.waiting,
        )
        return list(arguments["fn"]({page.inputs[name]: v for name, v in values.items()},
                                    gr.Progress()))


def test_a_page_is_drawn_by_name_and_its_files_wait_for_it() -> None:
    app = App()
    begun, done = app.drawn(a=5, b=4)
    assert "begun" in begun[app.answer["view"]] and done[app.answer["view"]] == "5 over 4"
    assert done[app.pages["one"].query] == "tab=one&a=5&b=4"
    assert all(not begun[button]["interactive"] for button in app.row.buttons.values())


def test_only_what_is_laid_out_is_on_the_page() -> None:
    """A component that is made to change another one would stand at the end of the page."""
    app = App()
    buttons = [one for one in app.demo.blocks.values() if isinstance(one, gr.DownloadButton)]
    assert buttons == list(app.row.buttons.values())


def test_a_refusal_is_a_note_and_nothing_older_says_that_it_waits() -> None:
    app = App()
    for b, words in ((0, "b is 0; choose 1 or more."), (9, "server log")):
        *_, last = app.drawn(a=5, b=b)
        assert words in last[app.answer["note"]] and "secret" not in str(last)
        assert "begun" in last[app.answer["view"]] and "Wait" not in last[app.answer["view"]]
        assert app.pages["one"].query not in last


def test_no_older_answer_stays_beside_a_refusal() -> None:
    def refuse(values: Values) -> Iterator[Values]:
        raise ValueError("The file holds no map; upload one that does.")
        yield {}

    with gr.Blocks():
        answer = boxes("x", "Nothing yet.")
        row = download_row("x", ("npy",), _files)
        page = event(refuse, {}, answer)
        arguments = page.arguments(None, {"shown": row.shown, **row.buttons}, row.waiting)
    (last,) = arguments["fn"]({})
    assert "upload one" in last[answer["note"]] and last[row.shown] is None
    assert "No answer here; the message above says why." in last[answer["view"]]
    assert not last[row.buttons["npy"]]["interactive"]


def test_files_find_their_buttons_by_their_endings() -> None:
    row = App().row
    made = row.event["fn"]({row.shown: 7})
    for ending, content in (("npy", b"7"), ("npz", b"z")):
        assert Path(made[row.buttons[ending]].value["path"]).read_bytes() == content
    nothing = row.event["fn"]({row.shown: None})
    assert nothing == {button: gr.skip() for button in row.buttons.values()}


def test_a_link_speaks_of_the_tab_that_it_opens() -> None:
    app = App()
    said = restored(TAB, app.pages, {"on": "yes", "a": "7", "tab": "two", "b": "5"})
    assert said == ("two", {"one": {"a": 1, "b": 2}, "two": {"a": 7, "on": True}}, [])
    opened, settings, problems = restored(TAB, app.pages, {"tab": "three", "a": "x"})
    assert opened == "one" and settings["one"] == {"a": 1, "b": 2} and len(problems) == 2


def test_a_page_that_leads_is_part_of_every_link() -> None:
    app = App(leads=True)
    opened, settings, _ = restored(TAB, app.pages, {"tab": "two", "a": "7", "b": "5"})
    assert opened == "two" and settings == {"one": {"a": 7, "b": 5}, "two": {"a": 7, "on": False}}


def test_names_that_are_not_the_links_own_are_refused() -> None:
    with gr.Blocks(), pytest.raises(ValueError, match="parameters"):
        TabPage(ONE, {"a": gr.Number()}, event(_draw, {}, {}))
