"""A browser without a screen: Gradio's pages, their events and their chains, by the protocol.

A page is fetched with all its scripts and styles, its components keep their values, an event sends
what the components hold, waits in the queue, takes the answer in, and sets off the events that
follow from it, as the page's own script does. Nothing is drawn, so that one core of this machine
is many visitors.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from gradio_client.utils import apply_diff

from benchmarks._connections import KeptConnections

__all__ = ["Answer", "Browser", "Figures", "Page"]

_PATIENCE = 300.0  # s that a visitor waits for an answer
_CONFIG = "window.gradio_config = "
_LINKED = re.compile(r"""(?:href|src)="\./(assets/[^"]+)\"""")
_POSITION = re.compile(r"Waiting: [^<*]*")
_REFUSED = re.compile(r'class="cd-note cd-error"[^>]*>(.*?)</div>')


@dataclass
class Figures:
    """What was measured.

    Attributes:
        seconds: of every request by its kind.
        errors: sentences.
        gaps: seconds between two pieces of one answer of the language model.
        words: what pages said while they waited.
        queued: positions that Gradio's queue told.
        bytes: received.
        waits: seconds from a slider to its maps, by visitor.
        sent_again: requests that were sent again on a new connection.
    """

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    queued: int = 0
    bytes: int = 0
    waits: dict[str, list[float]] = field(default_factory=dict)
    sent_again: int = 0

    def add(self, kind: str, seconds: float) -> None:
        """One more request of this kind."""
        self.seconds.setdefault(kind, []).append(seconds)

    def fail(self, kind: str, why: object) -> None:
        """One more error."""
        self.errors.append(f"{kind}: {str(why)[:300]}")


@dataclass
class Answer:
    """What an event brought so far.

    Attributes:
        data: values of the outputs.
        pieces: when each piece of a growing answer came.
        done: the message that ended it.
    """

    data: list[Any] = field(default_factory=list)
    pieces: list[float] = field(default_factory=list)
    done: asyncio.Future[dict[str, Any]] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    seen: Callable[[Answer], None] | None = None


class Browser:
    """One visitor's browser.

    Args:
        address: of the studio, without a slash at its end.
        figures: to write into.
        assets: scripts and styles by app, as a real browser fetched them; by default those that
            its page links.
        name: of the visitor.
    """

    def __init__(
        self, address: str, figures: Figures, assets: Mapping[str, Sequence[str]] | None = None,
        name: str = "",
    ) -> None:
        self.figures, self.name = figures, name
        self._assets = assets or {}
        self.client = httpx.AsyncClient(
            base_url=address, timeout=httpx.Timeout(_PATIENCE), trust_env=False,
            transport=KeptConnections(self._note_sent_again, max_connections=12),
            headers={"Accept-Encoding": "gzip, br", "User-Agent": "CosmoDesk's load test"},
        )
        self._cached: set[str] = set()

    def _note_sent_again(self) -> None:
        self.figures.sent_again += 1

    async def close(self) -> None:
        """Close the window."""
        await self.client.aclose()

    async def get(self, path: str, kind: str) -> str:
        """Fetch something; the text of it."""
        start = time.perf_counter()
        answer = await self.client.get(path)
        self.figures.add(kind, time.perf_counter() - start)
        self.figures.bytes += len(answer.content)
        if answer.status_code >= 400:
            self.figures.fail(kind, f"status {answer.status_code} of {path}")
        return answer.text

    async def open(self, path: str, kind: str, query: str = "") -> Page:
        """Open an app's page: its HTML, assets that are new here, and what it does by itself."""
        start = time.perf_counter()
        html = await self.get(f"{path}/{query}", "page, its HTML")
        at = html.index(_CONFIG) + len(_CONFIG)
        config, _ = json.JSONDecoder().raw_decode(html[at:])
        linked = [f"{path}/{name}" for name in _LINKED.findall(html)]
        named = self._assets.get(path) or linked
        new = [name for name in named if name not in self._cached]
        room = asyncio.Semaphore(6)  # connections that a browser opens to one address

        async def fetch(name: str) -> None:
            async with room:
                await self.get(name, "page, a script or style")

        await asyncio.gather(*(fetch(name) for name in new))
        self._cached.update(new)
        self.figures.add("page with all it needs", time.perf_counter() - start)
        page = Page(self, path, config, query)
        page.beat()
        start, seen = time.perf_counter(), False

        def first(_: Answer) -> None:
            nonlocal seen
            if not seen:
                self.figures.add(f"{kind}: opened, something there", time.perf_counter() - start)
            seen = True

        await page.fire(None, "load", first)
        self.figures.add(f"{kind}: opened, all there", time.perf_counter() - start)
        return page


class Page:
    """An open page of an app.

    Args:
        browser: that shows it.
        path: of the app.
        config: as the page's HTML has it.
        query: of its address.
    """

    def __init__(self, browser: Browser, path: str, config: dict[str, Any], query: str) -> None:
        self.browser, self.path, self.query = browser, path, query
        self.figures = browser.figures
        self.session = f"{random.getrandbits(52):011x}"
        self.dependencies: list[dict[str, Any]] = config["dependencies"]
        self.components = {one["id"]: one for one in config["components"]}
        self.values = {
            id: None if one["type"] == "state" else one["props"].get("value")
            for id, one in self.components.items()
        }
        self.ids = {one["props"].get("elem_id"): id for id, one in self.components.items()}
        self._answers: dict[str, Answer] = {}
        self._stream: asyncio.Task[None] | None = None
        self._heart: asyncio.Task[None] | None = None

    def beat(self) -> None:
        """Keep the connection by which the server knows that the page is open."""

        async def listen() -> None:
            url = f"{self.path}/gradio_api/heartbeat/{self.session}"
            with contextlib.suppress(httpx.HTTPError):
                async with self.browser.client.stream("GET", url, timeout=None) as stream:
                    async for _ in stream.aiter_raw():
                        pass

        self._heart = asyncio.create_task(listen())

    async def close(self) -> None:
        """Leave the page."""
        for task in (self._heart, self._stream):
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, Exception):
                    await task

    def text(self, elem_id: str) -> str:
        """What a component shows."""
        return str(self.values[self.ids[elem_id]])

    async def set(self, elem_id: str, value: Any, event: str = "input") -> None:
        """Change a component as a visitor does."""
        self.values[self.ids[elem_id]] = value
        await self.fire(self.ids[elem_id], event)

    async def press(self, elem_id: str, event: str = "click",
                    seen: Callable[[Answer], None] | None = None) -> None:
        """Press a button, or another event of a component."""
        await self.fire(self.ids[elem_id], event, seen)

    async def tab(self, tabs: str, name: str) -> None:
        """Open a tab."""
        for id, one in self.components.items():
            if one["type"] == "tabitem" and one["props"].get("id") == name:
                await self.fire(id, "select")

    async def upload(self, elem_id: str, file: Path) -> None:
        """Choose a file."""
        start = time.perf_counter()
        answer = await self.browser.client.post(
            f"{self.path}/gradio_api/upload", files={"files": (file.name, file.read_bytes())}
        )
        self.figures.add("upload", time.perf_counter() - start)
        if answer.status_code >= 400:
            self.figures.fail("upload", f"status {answer.status_code}")
            return
        await self.set(elem_id, {
            "path": answer.json()[0], "orig_name": file.name, "size": file.stat().st_size,
            "meta": {"_type": "gradio.FileData"},
        }, "upload")

    async def fire(self, id: int | None, event: str,
                   seen: Callable[[Answer], None] | None = None) -> None:
        """Everything that an event of a component sets off."""
        wanted = [
            one for one in self.dependencies
            if any(name == event and id in (None, target) for target, name in one["targets"])
        ]
        await asyncio.gather(*(self._run(one, id, seen) for one in wanted))

    async def _run(self, dependency: dict[str, Any], trigger: int | None,
                   seen: Callable[[Answer], None] | None) -> None:
        if not dependency["backend_fn"]:
            await self._script(dependency)
        elif dependency["js"]:  # its inputs come from the page's script
            return
        else:
            await self._ask(dependency, trigger, seen)
        await asyncio.gather(*(
            self._run(one, None, seen) for one in self.dependencies
            if one["trigger_after"] == dependency["id"]
        ))

    async def _script(self, dependency: dict[str, Any]) -> None:
        """The scripts that matter here: what stood in a box at the press is what is asked, and a
        tab that was never drawn asks for it."""
        if "cgPress?.words" in str(dependency["js"]):
            self.values[dependency["outputs"][0]] = self.values[dependency["inputs"][0]]
            return
        if "asked + 1" not in str(dependency["js"]):
            return
        own, (asked,) = dependency["inputs"][0], dependency["outputs"]
        if not self.values[own]:
            self.values[asked] = (self.values[asked] or 0) + 1
            await self.fire(asked, "change")

    async def _ask(self, dependency: dict[str, Any], trigger: int | None,
                   seen: Callable[[Answer], None] | None) -> None:
        body = {
            "data": [self.values[id] for id in dependency["inputs"]], "event_data": None,
            "fn_index": dependency["id"], "trigger_id": trigger, "session_hash": self.session,
        }
        name = f"{self.path.strip('/')} {dependency['api_name']}"
        try:
            if dependency["queue"] is False:
                output = await self._post("run/predict", body, "event without queue")
            else:
                output = await self._in_the_queue(body, name, seen)
        except (TimeoutError, httpx.HTTPError, RuntimeError) as error:
            self.figures.fail(name, f"{type(error).__name__} {error}")
            return
        await self._take(dependency, output)

    async def _post(self, path: str, body: dict[str, Any], kind: str) -> Any:
        """The JSON answer to a request of an event; its seconds count as ``kind``."""
        start = time.perf_counter()
        answer = await self.browser.client.post(
            f"{self.path}/gradio_api/{path}{self.query}", json=body)
        self.figures.add(kind, time.perf_counter() - start)
        if answer.status_code >= 400:
            raise RuntimeError(f"status {answer.status_code}: {answer.text[:200]}")
        return answer.json()

    async def _in_the_queue(self, body: dict[str, Any], name: str,
                            seen: Callable[[Answer], None] | None) -> dict[str, Any]:
        joined = await self._post("queue/join", body, "joining the queue")
        event = joined["event_id"]
        answer = self._answers.setdefault(event, Answer())  # which can have ended already
        answer.seen = seen
        if self._stream is None or self._stream.done():
            self._stream = asyncio.create_task(self._listen())
        message = await asyncio.wait_for(answer.done, _PATIENCE)
        del self._answers[event]
        if not message["success"]:
            raise RuntimeError(str(message.get("output") or message.get("message")))
        return message["output"]

    async def _listen(self) -> None:
        url = f"{self.path}/gradio_api/queue/data?session_hash={self.session}"
        try:
            while any(not answer.done.done() for answer in self._answers.values()):
                async with self.browser.client.stream("GET", url) as stream:
                    async for line in stream.aiter_lines():
                        if line.startswith("data:"):
                            self.figures.bytes += len(line)
                            self._hear(json.loads(line[5:]))
        except Exception as error:  # all who wait have to hear of it
            for answer in self._answers.values():
                if not answer.done.done():
                    answer.done.set_exception(RuntimeError(f"the stream broke: {error!r}"))

    def _hear(self, message: dict[str, Any]) -> None:
        kind, id = message["msg"], message.get("event_id")
        if kind == "unexpected_error" and id is None:
            raise RuntimeError(message["message"])
        if id is None:
            return
        answer = self._answers.setdefault(id, Answer())
        if kind == "estimation" and (message.get("rank") or 0) > 0:
            self.figures.queued += 1
        elif kind == "progress":
            self._words(" ".join(str(unit.get("desc")) for unit in message["progress_data"]))
        elif kind == "process_generating":
            output = message["output"]["data"]
            answer.data = [
                apply_diff(before, changed) if isinstance(changed, list) and changed is not before
                else before for before, changed in zip(answer.data, output, strict=True)
            ] if answer.data else output
            answer.pieces.append(time.perf_counter())
            self._words(str(answer.data))
            if answer.seen is not None:
                answer.seen(answer)
        elif kind in ("process_completed", "unexpected_error") and not answer.done.done():
            answer.done.set_result(message)

    def _words(self, text: str) -> None:
        self.figures.words += _POSITION.findall(text)[:1]

    async def _take(self, dependency: dict[str, Any], output: dict[str, Any]) -> None:
        """Put what came into the components, and set off what follows from a change."""
        changed = list(output.get("changed_state_ids") or [])
        for id, value in zip(dependency["outputs"], output.get("data") or [], strict=False):
            if isinstance(value, dict) and value.get("__type__") == "update":
                if "value" not in value:
                    continue
                value = value["value"]
            if self.components[id]["type"] == "state" or self.values[id] == value:
                continue
            self.values[id] = value
            changed.append(id)
            refused = _REFUSED.search(str(value))
            if refused:
                self.figures.fail(f"{self.path.strip('/')}, said in the page", refused[1])
        for id in changed:
            await self.fire(id, "change")
