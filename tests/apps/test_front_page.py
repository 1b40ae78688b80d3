"""The front page in words: what it says of each app while it loads, and its pictures."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from apps.front_page import AppCard, front_page, parts
from apps.pictures import Gallery
from apps.registry import APPS
from apps.shared.page import studio
from apps.shared.page.picture import Picture, day_number, pixels, plain
from apps.site import build_site

APP = replace(APPS[0], picture=Path("none"))
IMAGE = Picture("Two <maps>", "tab=generate&seed=1", image=b"RIFF")

PAINTER = """
import json, sys
print("a library says something")
for name in sys.argv[1:]:
    if name.endswith("hi_maps.picture"):
        print(name, json.dumps({"error": "ValueError: no model"}), flush=True)
        continue
    print(name, json.dumps({"words": name, "query": "tab=x", "image": "UklGRg==", "html": "",
                            "lasts_s": 3600.0}), flush=True)
"""


@pytest.mark.parametrize("state", ["waiting", "loading", "ready", "failed"])
def test_the_page_says_how_far_each_app_has_come(state: str) -> None:
    said = parts(AppCard(APP, state))  # type: ignore[arg-type]
    assert f'class="state {state}"' in said["state"] and said["view"] == ""
    assert said["state"] in front_page([AppCard(APP, state)])  # type: ignore[arg-type]


def test_a_picture_has_words_and_leads_to_what_it_shows() -> None:
    view = parts(AppCard(APP, "ready", IMAGE))["view"]
    assert 'alt="Two &lt;maps&gt;"' in view and "<maps>" not in view
    assert 'href="/hi-maps/?tab=generate&amp;seed=1"' in view
    assert "/pictures/hi-maps.webp?v=" in view
    other = parts(AppCard(APP, "ready", replace(IMAGE, image=b"RIFF2")))["view"]
    assert other != view  # another picture has another address, so no browser shows the old one
    written = parts(AppCard(APP, "ready", Picture("An answer", "tab=ask", html="<p>Yes</p>")))[
        "view"
    ]
    assert '<div class="made"><p>Yes</p></div>' in written and "<img" not in written


def test_every_app_leads_to_where_its_models_come_from_and_has_a_picture_to_draw() -> None:
    page = front_page([AppCard(app) for app in APPS])
    for app in APPS:
        assert f'href="{app.path}/?tab=about"' in page
        assert app.picture_module == f"{app.module.removesuffix('.app')}.picture"


def test_a_picture_survives_its_way_between_processes() -> None:
    assert Picture.from_json(IMAGE.to_json()) == IMAGE
    assert day_number(date(2026, 3, 7)) == 20260307


def test_tex_is_readable_without_katex_and_nothing_is_markup() -> None:
    assert plain(r"$\tau = 0.054 \pm 0.007$") == "τ = 0.054 ± 0.007"
    assert plain(r"$H_0$ of flat $\LCDM$, \unknown{x}") == "H₀ of flat ΛCDM, unknown x"
    assert plain(r"$73.4\,\mathrm{km\,s^{-1}}$") == "73.4 km s⁻¹"
    assert "<" not in plain("<img src=x onerror=alert(1)> $<b>$")


def test_pixels_are_drawn_upright_and_side_by_side() -> None:
    import io

    import numpy as np
    from PIL import Image

    field = np.zeros((8, 8))
    field[0] = 1.0  # the first row is at the bottom
    image = Image.open(io.BytesIO(pixels([(field, (0.0, 1.0), "gray")] * 2))).convert("L")
    shown = np.asarray(image)
    assert shown.shape[1] > 2 * shown.shape[0] and shown[-5].mean() > 200 > 50 > shown[5].mean()


async def _until_whole(gallery: Gallery) -> None:
    task = asyncio.create_task(gallery.keep())
    async with asyncio.timeout(30):
        while not gallery.whole:
            await asyncio.sleep(0.02)
    task.cancel()
    await asyncio.wait([task])


def test_the_gallery_keeps_what_is_drawn_and_does_without_what_is_not(tmp_path: Path) -> None:
    painter = tmp_path / "painter.py"
    painter.write_text(PAINTER)
    gallery = Gallery(APPS, (sys.executable, str(painter)))

    asyncio.run(_until_whole(gallery))
    assert gallery.get("/hi-maps") is None
    assert gallery.get("/skimarxiv") == Picture("apps.skimarxiv.picture", "tab=x", image=b"RIFF",
                                                lasts_s=3600.0)


def test_painters_that_end_by_themselves_leave_nothing_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    painter = tmp_path / "painter.py"
    painter.write_text(PAINTER.replace("hi_maps.picture", "no such picture"))
    for _ in range(3):  # it is a race; asyncio used to lose one in two
        asyncio.run(_until_whole(Gallery(APPS, (sys.executable, str(painter)))))
    assert not caplog.records


def test_the_gallery_ends_its_painter_with_the_site(tmp_path: Path) -> None:
    painter, mark = tmp_path / "painter.py", tmp_path / "still there"
    painter.write_text(f"import time\nopen({str(mark)!r}, 'w').close()\ntime.sleep(600)\n")
    gallery = Gallery(APPS, (sys.executable, str(painter)))

    async def cut_short() -> float:
        task = asyncio.create_task(gallery.keep())
        async with asyncio.timeout(30):
            while not mark.exists():
                await asyncio.sleep(0.02)
        before = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return time.monotonic() - before

    assert asyncio.run(cut_short()) < 20


@pytest.mark.slow
def test_every_app_draws_its_picture(tmp_path: Path) -> None:
    """With its models; a minute on an idle machine."""
    done = subprocess.run([sys.executable, "-m", "apps.pictures"], capture_output=True, text=True,
                          env={**os.environ, "COSMODESK_CACHE": str(tmp_path)}, timeout=600)
    drawn = dict(line.split(" ", 1) for line in done.stdout.splitlines()
                 if line.startswith("apps."))
    assert list(drawn) == [app.picture_module for app in APPS]
    for name, said in drawn.items():
        picture = Picture.from_json(said)
        assert picture.words and picture.query.startswith("tab="), name
        assert picture.image[:4] == b"RIFF" or "<p" in picture.html, name


def test_the_site_tells_a_page_that_is_open_what_changed() -> None:
    site = build_site([APP], preload=False)
    with TestClient(site, base_url="http://127.0.0.1") as client:
        answer = client.get("/states.json").json()
        assert answer["apps"][APP.path]["state"] == parts(AppCard(APP))["state"]
        assert not answer["settled"]  # it was not even tried
        assert client.get("/front.js").headers["content-type"].startswith("text/javascript")
        assert client.get("/pictures/hi-maps.webp").status_code == 404


def test_the_bar_marks_where_one_is_and_stays_away_from_an_app_alone() -> None:
    assert studio.bar() == "" and not studio.in_studio()
    shown = [studio.StudioApp(app.path, app.title) for app in APPS]
    with studio.of(shown, "/cosmogemma"):
        bar = studio.bar()
        assert '<a href="/cosmogemma/" aria-current="page">CosmoGemma</a>' in bar
        assert bar.count("aria-current") == 1 and studio.bar("/").count("aria-current") == 1
        assert all(f'href="{path}"' in bar for path in ("/", "/api", f"#{studio.MAIN}"))
        assert studio.in_studio("/skimarxiv") and not studio.in_studio("/elsewhere")
    assert not studio.in_studio()
