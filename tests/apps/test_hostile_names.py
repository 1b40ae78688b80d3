"""Files whose names, and the names within, are markup: shown as they are, never acted upon."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from tests.apps.visit import Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MARKUP = (
    "<img src=x onerror=document.title='taken'>![p](http:evil.example)"
    "<form action=e><div style='position:fixed;inset:0'>over<svg onload=alert(1)>"
)
"""What a file may be called; a slash it may not have."""
NESTED = MARKUP + "<img src=https://evil.example/a.png><script src=//evil.example/b></script>"

GUESTS = """() => [...document.querySelectorAll(
    "img[onerror], [onload], img[src*='evil'], img[src='x'], form[action='e'], script[src*='evil']"
)].filter(one => one.checkVisibility() || one.matches("script, [onload], [onerror]"))
    .map(one => one.outerHTML).concat(
    [...document.querySelectorAll("div")].filter(one => one.innerText === "over"
        && getComputedStyle(one).position === "fixed").map(one => one.outerHTML))"""


@pytest.fixture(scope="module")
def visit(browser: Browser, hi_maps_address: str) -> Iterator[Visit]:
    visit = Visit(browser.new_page(), hi_maps_address)
    visit.open("?tab=infer&model=HIGlow")
    visit.page.wait_for_selector("#hi-infer-view .cd-plot")
    visit.page.get_by_label("Upload a file").locator("visible=true").check()
    yield visit
    assert _faults(visit) == []


def _faults(visit: Visit) -> list[str]:
    """But for "x", which a message of Gradio's own asks this server for in vain."""
    return [fault for fault in visit.faults if "404" not in fault]


def _array(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def _unharmed(visit: Visit) -> None:
    assert visit.page.evaluate(GUESTS) == []
    assert visit.page.title() != "taken" and _faults(visit) == []


def test_a_good_file_with_a_bad_name(visit: Visit, tmp_path: Path) -> None:
    path = tmp_path / f"{MARKUP}.npy"
    path.write_bytes(_array(np.random.default_rng(0).uniform(1, 2, (64, 64))))
    visit.upload("#hi-infer-file", path)
    visit.page.wait_for_selector("#hi-infer-note .cd-warning")  # it is no map, and it is read
    _unharmed(visit)
    visit.remove_upload("#hi-infer-file")


@pytest.mark.parametrize("suffix", [".npy", ".npz", ".fits", ".h5"])
def test_a_bad_file_with_bad_names_in_it(visit: Visit, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"{MARKUP}{suffix}"
    if suffix == ".npz":
        with zipfile.ZipFile(path, "w") as archive:
            for name in (NESTED, f"{NESTED}2"):
                archive.writestr(f"{name}.npy", _array(np.ones((2, 2))))
    elif suffix == ".h5":
        import h5py

        with h5py.File(path, "w") as file:
            for name in (NESTED, f"{NESTED}2"):
                file.attrs["units"] = NESTED
                file.create_dataset(name.replace("/", "|"), data=np.ones((2, 2)))
    else:
        path.write_bytes(NESTED.encode())
    visit.upload("#hi-infer-file", path)
    if suffix == ".h5":  # no file for this page: Gradio itself says so
        visit.page.wait_for_selector("[data-testid=toast-text]")
        _unharmed(visit)
        return
    visit.page.wait_for_selector("#hi-infer-note .cd-error")
    _unharmed(visit)
    visit.remove_upload("#hi-infer-file")
