"""What visitors do in the studio, with the pauses of people who look at what they got."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from benchmarks._browser import Answer, Browser, Page

__all__ = ["VISITS", "visitor"]

_APPS = Path(__file__).parents[1] / "apps"
HI_FILES = sorted((_APPS / "hi_maps" / "examples").glob("*.npz"))
IMAGES = sorted((_APPS / "reionization" / "examples").glob("box_*.npz"))
QUESTIONS = (
    "What is the Hubble tension?", "Why does dark matter form halos?",
    "How is the sound horizon measured?", "What do voids tell us about gravity?",
    "How do galaxies reionize the Universe?", "What is the 21 cm line?",
    "What limits weak lensing surveys?", "What is an intensity map?",
)
ABSTRACT = (
    "We measure the expansion rate from supernovae and Cepheids. We find $H_0 = 73.0 \\pm 1.0$ km "
    "s$^{-1}$ Mpc$^{-1}$, and $\\Omega_m = 0.33 \\pm 0.02$ for a flat Universe."
)
QUIZ = "Which of these is baryonic?\nA) a neutrino\nB) hydrogen\nC) a photon"
WORDS = ("dark matter", "weak lensing", "voids", "the hubble constant", "reionization 21 cm")

Act = Callable[["Person", Page], Awaitable[None]]


class Person:
    """Somebody at a browser.

    Args:
        browser: theirs.
        rng: what they like.
        pause: mean seconds between two things that they do.
        end: when they go, of ``time.monotonic``.
    """

    def __init__(self, browser: Browser, rng: random.Random, pause: float, end: float) -> None:
        self.browser, self.rng, self.pause, self.end = browser, rng, pause, end
        self.figures = browser.figures

    async def look(self) -> None:
        """Look at what is there."""
        wished = min(self.rng.expovariate(1 / self.pause), 5 * self.pause)
        await asyncio.sleep(max(min(wished, self.end - time.monotonic()), 0.0))

    @property
    def gone(self) -> bool:
        """Whether their time is over."""
        return time.monotonic() >= self.end

    async def timed(self, kind: str, act: Awaitable[Any]) -> None:
        """Do something and note how long it took."""
        start = time.perf_counter()
        await act
        self.figures.add(kind, time.perf_counter() - start)


async def visitor(browser: Browser, rng: random.Random, pause: float, end: float) -> None:
    """One visit after the other, until the end."""
    person = Person(browser, rng, pause, end)
    await asyncio.sleep(rng.uniform(0, min(2 * pause, max(end - time.monotonic(), 0))))
    while not person.gone:
        visit = rng.choices(list(VISITS), [weight for weight, _ in VISITS.values()])[0]
        try:
            await person.browser.get("/", "front page")
            await VISITS[visit][1](person)
        except Exception as error:
            person.figures.fail(visit, f"{type(error).__name__}: {error}")
        await person.look()
    await browser.close()


async def _visit(person: Person, path: str, acts: tuple[Act, ...], most: int) -> None:
    page = await person.browser.open(path, path.strip("/"))
    try:
        for _ in range(person.rng.randint(1, most)):
            await person.look()
            if person.gone:
                break
            await person.rng.choice(acts)(person, page)
    finally:
        await page.close()


async def _slide(person: Person, page: Page) -> None:
    name, low, high = person.rng.choice((("hi-omega-m", 0.1, 0.5), ("hi-sigma-8", 0.6, 1.0)))
    value = round(person.rng.uniform(low, high) / 0.005) * 0.005
    start = time.perf_counter()
    await person.timed("HI maps: a slider to its maps", page.set(name, round(value, 3)))
    person.figures.waits.setdefault(person.browser.name, []).append(time.perf_counter() - start)


async def _model(person: Person, page: Page) -> None:
    model = person.rng.choice(("HI-CDM", "HIGlow"))
    await person.timed("HI maps: another model", page.set("hi-model", model))


async def _walk(person: Person, page: Page) -> None:
    await person.timed("HI maps: a walk of seven maps", page.press("hi-walk-button"))


async def _infer_file(person: Person, page: Page) -> None:
    page.values[page.ids["hi-infer-source"]] = "file"
    upload = page.upload("hi-infer-file", person.rng.choice(HI_FILES))
    await person.timed("HI maps: an uploaded map to its parameters", upload)


async def _tab(person: Person, page: Page) -> None:
    name = person.rng.choice(("compare", "infer", "twins"))
    await person.timed("HI maps: another tab", page.tab("hi-tabs", name))


async def _example(person: Person, page: Page) -> None:
    number = person.rng.randint(1, len(IMAGES))
    await person.timed("Reionization: another image, read",
                       page.set("re-fraction-example", number))


async def _observed(person: Person, page: Page) -> None:
    page.values[page.ids["re-fraction-array"]] = person.rng.choice(("none", "aa_star", "aa4"))
    await person.timed("Reionization: observed, read", page.press("re-fraction-button"))


async def _bubbles(person: Person, page: Page) -> None:
    page.values[page.ids["re-ionize-seed"]] = person.rng.randrange(10**6)
    await person.timed("Reionization: bubbles", page.press("re-ionize-button"))


async def _sources(person: Person, page: Page) -> None:
    name = person.rng.choice(("sources", "history", "twins"))
    await person.timed("Reionization: another tab", page.tab("re-tabs", name))


async def _own_image(person: Person, page: Page) -> None:
    page.values[page.ids["re-fraction-source"]] = "file"
    upload = page.upload("re-fraction-file", person.rng.choice(IMAGES))
    await person.timed("Reionization: an uploaded image, read", upload)


async def _ask(person: Person, page: Page) -> None:
    words: list[tuple[float, str]] = []
    begun = time.perf_counter()

    def seen(answer: Answer) -> None:
        chat = next((value for value in answer.data if isinstance(value, list) and value), None)
        text = _text(chat[-1]["content"]) if chat else ""
        if text and not text.startswith("*") and (not words or words[-1][1] != text):
            words.append((time.perf_counter(), text))

    page.values[page.ids["cg-ask-box"]] = person.rng.choice(QUESTIONS)
    await person.timed("CosmoGemma: an answer", page.press("cg-ask-box", "submit", seen))
    if not words:
        person.figures.fail("CosmoGemma", "no word came")
        return
    person.figures.add("CosmoGemma: the first word", words[0][0] - begun)
    times = [at for at, _ in words]
    person.figures.gaps += [b - a for a, b in zip(times, times[1:], strict=False)]


def _text(content: Any) -> str:
    """The words of a message."""
    if isinstance(content, list):
        return "".join(_text(part) for part in content)
    return str(content["text"] if isinstance(content, dict) else content)


async def _quiz(person: Person, page: Page) -> None:
    page.values[page.ids["cg-quiz-text"]] = QUIZ
    await person.timed("CosmoGemma: a quiz", page.press("cg-quiz-button"))


async def _search(person: Person, page: Page) -> None:
    page.values[page.ids["sk-search"]] = person.rng.choice(WORDS)
    await person.timed("skimArxiv: a search", page.press("sk-search", "submit"))


async def _again(person: Person, page: Page) -> None:
    await person.timed("skimArxiv: the day once more", page.press("sk-again"))


async def _filter(person: Person, page: Page) -> None:
    await person.timed("skimArxiv: a filter", page.set("sk-only", []))


async def _programs(person: Person) -> None:
    """A program that calls the endpoints."""
    rng = person.rng
    cosmology = [round(rng.uniform(0.15, 0.45), 3), round(rng.uniform(0.65, 0.95), 3)]
    with np.load(rng.choice(HI_FILES), allow_pickle=False) as stored:
        arrays = [stored[name] for name in stored.files]
    field = next(a for a in arrays if a.ndim >= 2)
    calls: tuple[tuple[str, str, list[Any]], ...] = (
        ("hi-maps", "generate", [*cosmology, "HIGlow", 1, rng.randrange(1000)]),
        ("hi-maps", "infer", [field.reshape(-1, *field.shape[-2:])[0].tolist(), "field", 0]),
        ("skimarxiv", "numbers", [ABSTRACT]),
        ("skimarxiv", "search", [rng.choice(WORDS), 20]),
        ("cosmogemma", "quiz", [QUIZ, False]),
    )
    for app, name, data in rng.sample(calls, 3):
        if person.gone:
            return
        await person.timed(f"endpoint {app}/{name}", _call(person, app, name, data))
        await person.look()


async def _call(person: Person, app: str, name: str, data: list[Any]) -> None:
    client, url = person.browser.client, f"/{app}/gradio_api/call/{name}"
    asked = await client.post(url, json={"data": data})
    if asked.status_code >= 400:
        person.figures.fail(f"{app}/{name}", f"status {asked.status_code}")
        return
    event = ""
    async with client.stream("GET", f"{url}/{asked.json()['event_id']}") as stream:
        async for line in stream.aiter_lines():
            if line.startswith("event:"):
                event = line[6:].strip()
            elif line.startswith("data:") and event in ("complete", "error"):
                if event == "error":
                    person.figures.fail(f"{app}/{name}", line[5:])
                else:
                    json.loads(line[5:])
                return
    raise httpx.RemoteProtocolError("the stream ended without an answer")


VISITS: dict[str, tuple[float, Callable[[Person], Awaitable[None]]]] = {
    "HI maps": (3.0, lambda p: _visit(
        p, "/hi-maps", (_slide, _slide, _slide, _model, _tab, _infer_file, _walk), 6)),
    "Reionization": (2.0, lambda p: _visit(
        p, "/reionization", (_example, _observed, _bubbles, _sources, _own_image), 4)),
    "CosmoGemma": (3.0, lambda p: _visit(p, "/cosmogemma", (_ask, _ask, _ask, _quiz), 4)),
    "skimArxiv": (2.0, lambda p: _visit(p, "/skimarxiv", (_search, _again, _filter), 4)),
    "a program": (1.0, _programs),
}
"""How often each is visited, and what is done there."""
