"""Gradio's queue does not undo the fair one: small apps, served as the real ones are."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import gradio as gr
import httpx
import pytest

from apps.shared import endpoints
from apps.shared.compute.executor import ModelExecutor
from apps.shared.compute.queue import MOST_OF_A_VISITOR
from apps.shared.compute.requests import RequestTicket
from apps.shared.endpoints import Endpoint
from apps.shared.page.events import Values, named
from apps.shared.page.pages import MODEL_EVENT, event
from apps.shared.server import visitors
from tests.apps.served import served


class Work:
    """What the app computes: it notes whose turn it was, and goes on when it may."""

    def __init__(self) -> None:
        self.executor = ModelExecutor(1)
        self.turns: list[str] = []
        self.may_go = threading.Event()
        self.does: Callable[[], None] = lambda: None

    def _compute(self, name: str) -> str:
        self.turns.append(name)
        self.may_go.wait(60)
        self.does()
        return f"answer to {name}"

    def draw(self, values: Values, progress: gr.Progress = gr.Progress()) -> Iterator[Values]:
        answer = self.executor.run("work", self._compute, values["name"])
        yield {"note": "", "view": answer}

    def other(self, values: Values) -> Iterator[Values]:
        yield from self.draw(values)

    def plain(self, values: Values) -> Values:
        self.does()
        return {"view": "done"}

    def ask(self, name: str) -> str:
        """Ask for one.

        Args:
            name: of it.

        Returns:
            The answer.
        """
        return self.executor.run("work", self._compute, name)

    async def until(self, what: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not what():
                await asyncio.sleep(0.01)


@contextmanager
def app() -> Iterator[tuple[str, Work]]:
    """The address of an app with two buttons, a plain one and an endpoint, and its work."""
    work = Work()

    def build() -> gr.Blocks:
        with gr.Blocks() as demo:
            name, note, view = gr.Textbox(), gr.HTML(), gr.HTML()
            boxes = {"note": note, "view": view}
            gr.Button().click(**event(work.draw, {"name": name}, boxes).arguments())
            gr.Button().click(**event(work.other, {"name": name}, boxes).arguments())
            gr.Button().click(**named(work.plain, {"name": name}, {"view": view}),
                              api_visibility="private")
            endpoints.serve([Endpoint(work.ask, "ask", {"name": "a"})], **MODEL_EVENT)
        return demo

    with served(build) as address:
        yield f"{address}gradio_api/", work
        work.may_go.set()


DRAW, OTHER, PLAIN = 0, 1, 2


class Page:
    """An open page, by Gradio's protocol."""

    def __init__(self, client: httpx.AsyncClient, session: str) -> None:
        self.client, self.session = client, session

    async def press(self, name: str, button: int = DRAW) -> httpx.Response:
        return await self.client.post("queue/join", json={
            "data": [name], "fn_index": button, "session_hash": self.session, "trigger_id": None,
            "event_data": None,
        })

    async def answers(self) -> list[Any]:
        """What comes until nothing is asked any more: the last data of each event, or its error."""
        found: dict[str, Any] = {}
        async with self.client.stream(
            "GET", "queue/data", params={"session_hash": self.session}
        ) as stream:
            async for line in stream.aiter_lines():
                message = json.loads(line[5:]) if line.startswith("data:") else {}
                output = message.get("output") or {}
                if message.get("msg") == "process_generating" and output.get("data"):
                    found[message["event_id"]] = output["data"]
                elif message.get("msg") == "process_completed":
                    found.setdefault(message["event_id"], output.get("data") or output)
                    if not message["success"]:
                        found[message["event_id"]] = output.get("error")
        return list(found.values())


@asynccontextmanager
async def visitor(address: str, session: str, host: str = "127.0.0.1") -> Any:
    """A page whose connections come from an address of this machine."""
    transport = httpx.AsyncHTTPTransport(local_address=host)
    async with httpx.AsyncClient(base_url=address, transport=transport, timeout=60) as client:
        yield Page(client, session)


def test_one_client_s_forty_requests_hold_nobody_up() -> None:
    async def story(address: str, work: Work) -> None:
        async with visitor(address, "many") as many, visitor(address, "one") as one:
            for i in range(39):
                await many.press(f"many {i}", (DRAW, OTHER)[i % 2])
            await work.until(lambda: bool(work.turns))
            await one.press("one")
            await work.until(lambda: "one" in {one.visitor.session for one in _tickets(work)})
            work.may_go.set()
            assert any("answer to one" in str(answer) for answer in await one.answers())
            assert "one" in work.turns[:3]

    with app() as (address, work):
        asyncio.run(story(address, work))


def test_a_program_s_forty_sessions_hold_no_page_up_and_hear_when_they_are_too_many() -> None:
    async def story(address: str, work: Work) -> None:
        async with visitor(address, "unused") as client, visitor(address, "page") as page:
            asked = [await client.client.post("call/ask", json={
                "data": [f"program {i}"], **({"session_hash": f"s{i}"} if i % 2 else {}),
            }) for i in range(40)]
            await work.until(lambda: len(work.executor.queue) >= 30)
            await page.press("page")
            await work.until(lambda: any(not one.visitor.program for one in _tickets(work)))
            work.may_go.set()
            await page.answers()
            assert "page" in work.turns[:3]
            ends = [await client.client.get(f"call/ask/{one.json()['event_id']}") for one in asked]
            told = [one.text for one in ends if "requests in the queue already" in one.text]
            assert len(told) == 20 - MOST_OF_A_VISITOR  # those without a session are one

    with app() as (address, work):
        asyncio.run(story(address, work))


def _tickets(work: Work) -> list[RequestTicket]:
    queue = work.executor.queue
    with queue._lock:
        return [one.ticket for one in (*queue._served, *queue._waiting())]


def test_a_slider_moved_five_times_computes_its_last_place_alone() -> None:
    async def story(address: str, work: Work) -> None:
        async with visitor(address, "before") as before, visitor(address, "slider") as slider:
            await before.press("somebody else's")
            await work.until(lambda: bool(work.turns))
            for i in range(5):
                await slider.press(f"place {i}")
                await work.until(lambda: len(work.executor.queue) == 2)
            await slider.press("another button", OTHER)
            await work.until(lambda: len(work.executor.queue) == 3)
            work.may_go.set()
            answers = await slider.answers()
            assert work.turns == ["somebody else's", "place 4", "another button"]
            shown = [one for one in map(str, answers) if "answer to" in one]
            assert len(answers) == 6 and len(shown) == 2

    with app() as (address, work):
        asyncio.run(story(address, work))


def test_what_is_computed_already_when_the_slider_moves_is_not_shown_over_the_newer() -> None:
    async def story(address: str, work: Work) -> None:
        async with visitor(address, "slider") as slider:
            await slider.press("place 0")
            await work.until(lambda: bool(work.turns))
            await slider.press("place 1")
            await work.until(lambda: len(work.executor.queue) == 2)
            work.may_go.set()
            shown = [one for one in map(str, await slider.answers()) if "answer to" in one]
            assert len(shown) == 1 and "place 1" in shown[0]

    with app() as (address, work):
        asyncio.run(story(address, work))


def test_a_page_that_closes_takes_its_requests_out_of_the_queue() -> None:
    async def story(address: str, work: Work) -> None:
        async with visitor(address, "stays") as stays:
            await stays.press("stays")
            await work.until(lambda: bool(work.turns))
            async with visitor(address, "leaves") as leaves:
                await leaves.press("leaves")
                await leaves.press("leaves too", OTHER)
                listening = asyncio.create_task(leaves.answers())
                await work.until(lambda: len(work.executor.queue) == 3)
                await asyncio.sleep(0.5)
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)
            await work.until(lambda: len(work.executor.queue) == 1)
            work.may_go.set()
            await stays.answers()
            assert work.turns == ["stays"]

    with app() as (address, work):
        asyncio.run(story(address, work))


def test_too_many_of_one_page_are_refused_in_a_sentence_and_others_come_in() -> None:
    async def story(address: str, work: Work) -> None:
        async with visitor(address, "many") as many, visitor(address, "one") as one:
            codes = []
            for i in range(visitors.MOST_OF_A_PAGE + 20):
                answer = await many.press(f"many {i}", PLAIN)
                codes.append(answer.status_code)
            assert set(codes) == {200, 429} and "wait until some" in answer.json()["detail"]
            assert codes.count(200) == visitors.MOST_OF_A_PAGE
            assert (await one.press("one")).status_code == 200
            work.does = lambda: None
            work.may_go.set()
            assert any("answer to one" in str(answer) for answer in await one.answers())

    with app() as (address, work):
        work.does = lambda: work.may_go.wait(60)  # type: ignore[assignment]
        asyncio.run(story(address, work))


class PanicException(BaseException):  # noqa: N818  as pyo3 names what Rust's panics become
    """A BaseException, as those of tokenizers and safetensors."""


ENDS = (PanicException("index out of bounds"), SystemExit(1), KeyboardInterrupt(), GeneratorExit(),
        asyncio.CancelledError(), MemoryError(), StopIteration(), ValueError("A sentence."))


@pytest.mark.parametrize("error", ENDS, ids=lambda error: type(error).__name__)
def test_an_event_that_ends_by_anything_answers_and_the_next_one_works(
    error: BaseException
) -> None:
    def fail() -> None:
        raise error

    async def story(address: str, work: Work) -> None:
        async with visitor(address, "a page") as page:
            for button in (DRAW, OTHER, PLAIN):
                work.does = fail
                await page.press("fails", button)
                async with asyncio.timeout(30):
                    told = str(await page.answers())
                assert "Traceback" not in told and type(error).__name__ not in told
                if button != PLAIN:
                    assert "cd-note cd-error" in told and "answer to" not in told
                work.does = lambda: None
                await page.press("works", button)
                assert "answer to works" in (said := str(await page.answers())) or "done" in said
            work.does = fail
            asked = (await page.client.post("call/ask", json={"data": ["fails"]})).json()
            ended = (await page.client.get(f"call/ask/{asked['event_id']}")).text
            assert "event: error" in ended and "Traceback" not in ended

    with app() as (address, work):
        work.may_go.set()
        asyncio.run(story(address, work))
