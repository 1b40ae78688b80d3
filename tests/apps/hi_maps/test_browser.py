"""A visit to the HI maps in Chromium: one server, one browser, the way a person would go."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from apps.hi_maps import models
from apps.shared.compute.executor import model_executor
from core.fields import read_field
from tests.apps.bad_files import BAD_FILES, write_bad_file
from tests.apps.visit import Visit

pytestmark = pytest.mark.browser

VIEWS = {
    "compare": ("Compare", "#hi-compare-view"),
    "infer": ("Infer", "#hi-infer-view"),
    "twins": ("Same spectrum", "#hi-twins-view"),
}


@pytest.fixture(scope="module")
def visit(browser: Browser, hi_maps_address: str) -> Iterator[Visit]:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    visit = Visit(page, hi_maps_address)
    visit.open()
    yield visit
    assert visit.faults == []


def test_the_first_view_is_a_map_beside_the_simulations(visit: Visit) -> None:
    visit.page.wait_for_function("document.querySelectorAll('#hi-view .cd-plot').length === 4")
    assert visit.query() == {
        "tab": "generate", "omega_m": "0.3", "sigma_8": "0.8", "model": "HI-CDM", "n": "1",
        "seed": "1",
    }
    assert visit.page.title().startswith("HI maps")


def test_sliders_move_by_keyboard_and_the_map_follows(visit: Visit) -> None:
    before = visit.pixels("#hi-view")
    visit.page.locator("#hi-omega-m input[type=range]").focus()
    visit.page.keyboard.press("ArrowRight")
    visit.wait_for_link("omega_m=0.305")
    assert visit.pixels("#hi-view") != before
    visit.page.fill("#hi-sigma-8 input[type=number]", "0.9")
    visit.page.keyboard.press("Enter")
    visit.wait_for_link("sigma_8=0.9")
    assert "omega_m=0.305, sigma_8=0.9" in visit.page.inner_text("#hi-code")


@pytest.mark.slow
def test_a_slider_that_moves_on_computes_its_last_place_alone(
    browser: Browser, hi_maps_address: str
) -> None:
    """Five moves while others are served: the page says whom it waits for, and one set is drawn."""
    visit = Visit(browser.new_page(), hi_maps_address)
    visit.open("?tab=generate&seed=77")
    visit.page.wait_for_function("document.querySelectorAll('#hi-view .cd-plot').length === 4")
    executor, free = model_executor(), threading.Event()
    others = [threading.Thread(target=executor.run, args=("held", free.wait, 120))
              for _ in range(executor.queue.served_at_once)]
    for other in others:
        other.start()
    try:
        visit.page.locator("#hi-omega-m input[type=range]").focus()
        for _ in range(5):
            visit.page.keyboard.press("ArrowRight")
            visit.page.wait_for_timeout(150)
        visit.page.get_by_text(re.compile(r"Waiting: \d visitors? before you")).first.wait_for()
    finally:
        free.set()
    visit.wait_for_link("omega_m=0.325")
    visit.page.wait_for_timeout(1500)
    drawn = {key[1] for key in models._draws._kept if key[3] == 77}
    assert drawn == {0.3, 0.325}
    assert visit.query()["omega_m"] == "0.325" and visit.faults == []
    assert "omega_m=0.325" in visit.page.inner_text("#hi-code")
    visit.page.close()


@pytest.mark.slow
def test_while_it_waits_a_page_shows_no_other_map_than_the_link_asks_for(
    browser: Browser, hi_maps_address: str
) -> None:
    visit, executor, free = Visit(browser.new_page(), hi_maps_address), model_executor(), (
        threading.Event())
    others = [threading.Thread(target=executor.run, args=("held", free.wait, 120))
              for _ in range(executor.queue.served_at_once)]
    for other in others:
        other.start()
    try:
        visit.page.goto(f"{hi_maps_address}?seed=51&model=HIGlow")
        visit.page.get_by_text(re.compile("Waiting: ")).first.wait_for()
        assert visit.page.locator("#hi-view .cd-plot").count() == 0
        assert "what the link asks for" in visit.page.inner_text("#hi-view")
    finally:
        free.set()
    visit.wait_for_link("seed=51")
    visit.page.wait_for_function("document.querySelectorAll('#hi-view .cd-plot').length === 4")
    assert "HIGlow" in visit.page.inner_text("#hi-view") and visit.faults == []
    visit.page.close()


@pytest.mark.slow
def test_a_wrong_number_is_named_beside_no_older_map(browser: Browser, hi_maps_address: str
                                                     ) -> None:
    visit = Visit(browser.new_page(), hi_maps_address)
    visit.open()
    visit.page.wait_for_function("document.querySelectorAll('#hi-view .cd-plot').length === 4")
    for typed, said in (("1.5", "“Seed” is 1.5; choose a whole number"), ("", "seed is empty")):
        visit.page.fill("#hi-seed input", typed)
        visit.page.click("#hi-generate")
        visit.page.wait_for_function(
            "said => document.querySelector('#hi-generate-note')?.innerText.includes(said)",
            arg=said)
        assert visit.page.locator("#hi-view .cd-plot").count() == 0
    assert visit.page.locator("[data-testid=toast-body]").count() == 0
    visit.page.close()


@pytest.mark.slow
def test_a_random_seed_is_written_back(visit: Visit) -> None:
    visit.page.check("#hi-randomise input")
    visit.page.click("#hi-generate")
    visit.page.wait_for_function("!location.search.endsWith('seed=1')")
    assert visit.page.input_value("#hi-seed input") == visit.query()["seed"]
    visit.page.uncheck("#hi-randomise input")


def test_a_download_is_the_map_with_its_provenance(visit: Visit, tmp_path: Path) -> None:
    seed = visit.query()["seed"]
    visit.page.wait_for_selector("#hi-download-npz:not([disabled])")
    for name in ("npy", "npz", "fits", "png"):
        with visit.page.expect_download() as caught:
            visit.page.click(f"#hi-download-{name}")
        path = tmp_path / caught.value.suggested_filename
        caught.value.save_as(path)
        assert path.name == f"hi_cdm_Om0.305_s80.900_seed{seed}_n1.{name}"
        if name != "png":
            assert read_field(path).shape == (64, 64)
    with np.load(next(tmp_path.glob("*.npz")), allow_pickle=False) as stored:
        assert float(stored["omega_m"]) == 0.305 and str(stored["model"]) == "HI-CDM"
        assert "stand-in" in str(stored["trained_on"])


@pytest.mark.slow
def test_the_link_gives_the_same_page_to_somebody_else(visit: Visit, browser: Browser) -> None:
    page = visit.seen_by_another(browser, "#hi-view").page
    assert page.input_value("#hi-sigma-8 input[type=number]") == "0.9"
    page.close()


def test_a_wrong_link_is_said_and_still_opens(visit: Visit, browser: Browser) -> None:
    page = browser.new_page()
    other = Visit(page, visit.address)
    page.goto(visit.address + "?omega_m=7&model=x")
    page.wait_for_selector("#hi-note .cd-note")
    page.wait_for_function("document.querySelectorAll('#hi-view .cd-plot').length === 4")
    other.wait_for_link("omega_m=0.3")  # the map is there, and the sentence still stands
    text = page.inner_text("#hi-note")
    assert "omega_m = 7" in text and "from 0.1 to 0.5" in text and "HIGlow" in text
    assert other.faults == []
    page.close()


@pytest.mark.slow
def test_a_walk_with_the_other_model_shows_seven_maps(visit: Visit) -> None:
    visit.page.get_by_label("HIGlow").locator("visible=true").check()
    visit.wait_for_link("model=HIGlow")
    visit.page.click("#hi-walk-button")
    visit.page.wait_for_selector("#hi-strip .cd-plot")
    assert visit.page.locator("#hi-strip .cd-scroll image").count() >= 7
    visit.wait_for_link("walk=omega_m")


@pytest.mark.parametrize("name", list(VIEWS))
def test_a_page_draws_itself_when_it_is_opened(visit: Visit, name: str) -> None:
    visit.tab(name, *VIEWS[name])
    assert not visit.page.locator(".cd-error:visible").count()


def test_infer_takes_an_example_and_marks_its_truth(visit: Visit) -> None:
    visit.tab("infer", *VIEWS["infer"])
    visit.page.get_by_label("A simulated map").locator("visible=true").check()
    visit.page.click("#hi-infer-button")
    visit.page.wait_for_function(
        "document.querySelector('#hi-infer-view').innerText.includes('Held-out simulation 1')"
    )
    text = visit.page.inner_text("#hi-infer-view")
    assert "68% interval" in text and "Truth" in text
    visit.wait_for_link("source=example")


def test_every_bad_upload_is_one_sentence_and_no_older_answer_stays_beside_it(
    visit: Visit, tmp_path: Path
) -> None:
    visit.tab("infer", *VIEWS["infer"])
    visit.page.get_by_label("Upload a file").locator("visible=true").check()
    for name, (_, word) in BAD_FILES.items():
        visit.upload("#hi-infer-file", write_bad_file(tmp_path, name))
        visit.page.wait_for_function(
            "word => document.querySelector('#hi-infer-note .cd-error')?.innerText.includes(word)",
            arg=word,
        )
        sentence = visit.page.inner_text("#hi-infer-note")
        assert sentence.count("\n") == 0 and "Traceback" not in sentence
        visit.page.wait_for_function(
            "document.querySelector('#hi-infer-view').innerText.startsWith('No answer here')")
        visit.remove_upload("#hi-infer-file")


def test_the_server_lives_on_and_flags_a_strange_map(visit: Visit, tmp_path: Path) -> None:
    path = tmp_path / "noise.npy"
    np.save(path, np.random.default_rng(0).uniform(1, 2, (128, 128)))
    visit.upload("#hi-infer-file", path)
    visit.page.wait_for_selector("#hi-infer-note .cd-warning")
    assert "unlike the training data" in visit.page.inner_text("#hi-infer-note")
    assert "averaged from 128 to 64 pixels" in visit.page.inner_text("#hi-infer-view")


PHONE_PAGES = (
    ("?model=HIGlow&walk=sigma_8", "#hi-strip .cd-plot"),
    ("?tab=compare&model=HIGlow", "#hi-compare-view .cd-plot"),
    ("?tab=infer&model=HIGlow", "#hi-infer-view .cd-plot"),
    ("?tab=twins&model=HIGlow", "#hi-twins-view .cd-plot"),
    ("?tab=about", ".cd-card"),
)


@pytest.mark.parametrize(
    ("scheme", "pages"),
    [("light", PHONE_PAGES[-1:]), pytest.param("dark", PHONE_PAGES, marks=pytest.mark.slow)],
    ids=["light", "dark"],
)
def test_a_phone_never_scrolls_sideways(
    visit: Visit, browser: Browser, scheme: str, pages: tuple[tuple[str, str], ...]
) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True,
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    for query, shown in pages:
        other = Visit(context.new_page(), visit.address)
        other.page.goto(visit.address + query)
        other.page.locator(f"{shown} >> visible=true").first.wait_for()
        assert other.page.evaluate("document.documentElement.scrollWidth") <= 390, query
        assert other.page.evaluate("document.body.classList.contains('dark')") == (scheme == "dark")
        assert other.faults == []
        other.page.close()
    context.close()
