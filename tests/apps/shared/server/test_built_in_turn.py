"""Apps that are asked for at the same moment are built one after the other.

Gradio keeps the app that is being built in one place of the process: two at once put the
components of the one into the other.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from apps.registry import AppEntry
from apps.site import LazyApp, build_site

BUILDS = '''
import time
import gradio as gr

def build():
    with gr.Blocks(title="{name}") as demo:
        for _ in range(20):
            with gr.Row():
                time.sleep(0.01)
                gr.Textbox("{name}")
    return demo
'''


def test_two_apps_at_once_keep_their_components_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    entries = []
    for name in ("one", "two"):
        (tmp_path / f"cosmodesk_built_{name}.py").write_text(BUILDS.format(name=name))
        entries.append(AppEntry(f"/{name}", f"cosmodesk_built_{name}", name, "", "", "",
                                tmp_path / "none.png"))
    made: list[LazyApp] = []
    init = LazyApp.__init__

    def remembered(self: LazyApp, *arguments, **named) -> None:  # type: ignore[no-untyped-def]
        init(self, *arguments, **named)
        made.append(self)

    monkeypatch.setattr(LazyApp, "__init__", remembered)
    build_site(entries, preload=False)

    async def both() -> None:
        await asyncio.gather(*(app.ready() for app in made))
        for app in made:
            await app.close()

    asyncio.run(both())
    demos = {name: sys.modules[f"cosmodesk_built_{name}"] for name in ("one", "two")}
    assert set(demos) == {"one", "two"}
    for app in made:
        blocks = next(route.app.get_blocks() for route in app._app.routes
                      if hasattr(getattr(route, "app", None), "get_blocks"))
        texts = [b.value for b in blocks.blocks.values() if type(b).__name__ == "Textbox"]
        assert texts == [app.title] * 20
