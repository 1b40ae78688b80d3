"""A visit to the reionization app in Chromium: one server, one browser, the way a person goes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from apps.reionization import inputs
from apps.shared.compute.executor import model_executor
from core.fields import read_stack
from tests.apps.bad_files import BAD_FILES, write_bad_file
from tests.apps.visit import Visit

pytestmark = pytest.mark.browser

VIEWS = {
    "sources": ("Sources", "#re-sources-view"),
    "ionize": ("Ionization", "#re-ionize-view"),
    "history": ("History", "#re-history-view"),
    "twins": ("Same spectrum", "#re-twins-view"),
}
DRAWN = "view => document.querySelector(view + ' .cd-plot') && !document.querySelector(" \
        "view + ' .cd-empty')"


def drawn(visit: Visit, view: str) -> str:
    """Wait until a view is complete; its words."""
    visit.page.wait_for_function(DRAWN, arg=view)
    return visit.page.inner_text(view)


@pytest.fixture(scope="module")
def visit(browser: Browser, reionization_address: str) -> Iterator[Visit]:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    visit = Visit(page, reionization_address)
    visit.open("?slices=4")  # quicker than a whole box
    yield visit
    assert visit.faults == []


def test_the_first_view_reads_a_simulation(visit: Visit) -> None:
    visit.wait_for_link("source=example")
    text = drawn(visit, "#re-fraction-view")
    assert "Held-out simulation 1" in text and "68% interval" in text and "Truth" in text
    assert visit.page.locator("#re-fraction-view .cd-plot").count() == 3
    assert visit.query()["tab"] == "fraction" and visit.query()["array"] == "none"


def test_observing_shows_the_image_degrade_and_the_link_follows(visit: Visit) -> None:
    before = visit.pixels("#re-fraction-view")
    visit.page.locator("#re-fraction-array").get_by_label("SKA-Low AA4").check()
    visit.wait_for_link("array=aa4")
    visit.page.wait_for_function(
        "document.querySelectorAll('#re-fraction-view .cd-plot').length === 4")
    assert "SKA-Low AA4, 1,000 h" in visit.page.inner_text("#re-fraction-view")
    visit.page.locator("#re-fraction-wedge input").focus()
    visit.page.keyboard.press("Space")
    visit.wait_for_link("wedge=yes")
    assert visit.pixels("#re-fraction-view") != before


def test_the_link_says_what_is_shown_before_all_of_it_is_computed(visit: Visit) -> None:
    executor, free = model_executor(), threading.Event()
    others = [threading.Thread(target=executor.run, args=("held", free.wait, 120))
              for _ in range(executor.queue.served_at_once)]
    for other in others:
        other.start()
    try:
        visit.page.fill("#re-fraction-hours input[type=number]", "2000")
        visit.page.keyboard.press("Enter")
        visit.wait_for_link("hours=2000")
        assert "hours=2000" in visit.page.input_value("#re-link :is(input, textarea)")
        visit.page.get_by_role("tab", name="Same spectrum", exact=True).click()
        visit.wait_for_link("tab=twins")
        visit.page.get_by_role("tab", name="Neutral fraction", exact=True).click()
        visit.wait_for_link("tab=fraction")
    finally:
        free.set()
    drawn(visit, "#re-fraction-view")


def test_the_link_gives_the_same_page_to_somebody_else(visit: Visit, browser: Browser) -> None:
    page = visit.seen_by_another(browser, "#re-fraction-view").page
    assert page.is_checked("#re-fraction-wedge input")
    page.close()


def test_a_wrong_link_is_said_and_still_opens(visit: Visit, browser: Browser) -> None:
    page = browser.new_page()
    other = Visit(page, visit.address)
    page.goto(visit.address + "?array=vla&hours=3&slices=1")
    page.wait_for_selector("#re-note .cd-warning")
    text = page.inner_text("#re-note")
    assert "array = vla" in text and "hours = 3" in text and "100 to 10000" in text
    drawn(other, "#re-fraction-view")
    assert other.faults == []
    page.close()


def test_a_download_is_the_image_with_its_provenance(visit: Visit, tmp_path: Path) -> None:
    visit.page.wait_for_selector("#re-fraction-download-npz:not([disabled])")
    for name in ("npz", "fits"):
        with visit.page.expect_download() as caught:
            visit.page.click(f"#re-fraction-download-{name}")
        path = tmp_path / caught.value.suggested_filename
        caught.value.save_as(path)
        assert path.suffix == f".{name}" and read_stack(path).shape == (4, 64, 64)
    with np.load(next(tmp_path.glob("*.npz")), allow_pickle=False) as stored:
        assert str(stored["observed_with"]) == "aa4" and int(stored["wedge_removed"]) == 1
        assert "weights_sha256" in stored


def test_a_bad_upload_is_one_sentence_beside_no_older_answer(visit: Visit, tmp_path: Path) -> None:
    visit.page.locator("#re-fraction-source").get_by_label("Upload a file").check()
    for name in ("nan.npy", "oblong.npy", "bomb.npz", "broken.fits"):
        visit.upload("#re-fraction-file", write_bad_file(tmp_path, name))
        visit.page.wait_for_function(
            "word => document.querySelector('#re-fraction-note .cd-error')?.innerText"
            ".includes(word)", arg=BAD_FILES[name][1],
        )
        visit.page.wait_for_function(  # what has been computed meanwhile goes when the work ends
            "document.querySelector('#re-fraction-view').innerText.startsWith('No answer here')")
        assert visit.page.is_disabled("#re-fraction-download-npz")
        visit.remove_upload("#re-fraction-file")


def test_a_strange_image_is_flagged(visit: Visit, tmp_path: Path) -> None:
    path = tmp_path / "noise.npz"
    np.savez(path, brightness_temp=np.random.default_rng(0).normal(0, 300, (16, 64, 64)),
             redshift=7.5)
    visit.upload("#re-fraction-file", path)
    visit.page.wait_for_selector("#re-fraction-note .cd-warning")
    assert "unlike the training data" in visit.page.inner_text("#re-fraction-note")
    assert visit.page.input_value("#re-fraction-redshift input") == "7.5"
    assert "noise.npz" in visit.page.inner_text("#re-fraction-view")


@pytest.mark.parametrize("name", list(VIEWS))
def test_a_page_draws_itself_when_it_is_opened(visit: Visit, name: str) -> None:
    visit.tab(name, *VIEWS[name])
    text = drawn(visit, VIEWS[name][1])
    assert not visit.page.locator(".cd-error:visible").count()
    assert {
        "sources": "held-out images", "ionize": "Requested neutral fraction",
        "history": "Planck 2018", "twins": "Largest relative difference",
    }[name] in text


def test_another_slice_brings_its_own_neutral_fraction(visit: Visit) -> None:
    visit.tab("ionize", *VIEWS["ionize"])
    visit.page.locator("#re-ionize-example input").nth(2).check()
    visit.wait_for_link("example=3")
    truth = float(inputs.example("box_3")["x_hi"].mean())
    asked = float(visit.page.input_value("#re-ionize-x-hi input[type=number]"))
    assert asked == pytest.approx(truth, abs=0.001)
    with visit.page.expect_download() as caught:
        visit.page.wait_for_selector("#re-ionize-download-fits:not([disabled])")
        visit.page.click("#re-ionize-download-fits")
    assert caught.value.suggested_filename.startswith("ionization_z")


def test_own_images_make_a_history(visit: Visit, tmp_path: Path) -> None:
    visit.tab("history", *VIEWS["history"])
    visit.page.locator("#re-history-source").get_by_label("Upload files").check()
    for name in inputs.examples("history_")[1:4:2]:
        content = inputs.example(name)
        np.savez(tmp_path / f"{name}.npz", brightness_temp=content["brightness_temp"][::16],
                 redshift=content["redshift"])
    visit.upload("#re-history-file", *sorted(tmp_path.glob("*.npz")))
    visit.page.wait_for_function(
        "document.querySelector('#re-history-view').innerText.includes('2 images')")
    drawn(visit, "#re-history-view")
    visit.page.fill("#re-history-redshifts input", "7.5")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector("#re-history-note .cd-error")
    assert "2 files came and 1 redshift;" in visit.page.inner_text("#re-history-note")


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_a_phone_never_scrolls_sideways(visit: Visit, browser: Browser, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True,
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    pages = {"light": ("fraction", "sources", "about"), "dark": ("ionize", "history", "twins")}
    for name in pages[scheme]:
        other = Visit(context.new_page(), visit.address)
        other.page.goto(f"{visit.address}?tab={name}&slices=1&array=aa4&n=2")
        if name == "about":
            other.page.locator(".cd-card >> visible=true").first.wait_for()
        else:
            drawn(other, f"#re-{name}-view")
        assert other.page.evaluate("document.documentElement.scrollWidth") <= 390, name
        assert other.page.evaluate("document.body.classList.contains('dark')") == (scheme == "dark")
        assert other.faults == []
        other.page.close()
    context.close()
