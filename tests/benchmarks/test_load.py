"""What the load benchmark's visitors press is on the pages, so that it measures something."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from benchmarks import _users
from benchmarks._browser import Browser, Figures, Page

APPS = {"hi": "hi_maps", "re": "reionization", "cg": "cosmogemma", "sk": "skimarxiv"}
PRESSED = set(re.findall(r'"((?:hi|re|cg|sk)-[\w-]+)"', Path(_users.__file__).read_text()))


@pytest.mark.parametrize("prefix", APPS)
def test_every_component_of_the_script_is_on_its_page(prefix: str) -> None:
    demo = import_module(f"apps.{APPS[prefix]}.app").build()
    page = Page(Browser("http://127.0.0.1:9", Figures()), f"/{prefix}", demo.config, "")
    wanted = {name for name in PRESSED if name.startswith(f"{prefix}-")}
    ids = set(page.ids) | {f"{prefix}-maps"}  # a path of the address, no component
    assert len(wanted) >= 2
    assert wanted <= ids


def test_an_answer_that_comes_before_its_number_is_not_lost() -> None:
    import asyncio

    async def go() -> str:
        page = Page(Browser("http://127.0.0.1:9", Figures()), "/x",
                    {"dependencies": [], "components": []}, "")
        ended = {"msg": "process_completed", "event_id": "1", "success": True, "output": {}}
        page._hear(ended)
        return str((await page._answers["1"].done)["msg"])

    assert asyncio.run(go()) == "process_completed"
