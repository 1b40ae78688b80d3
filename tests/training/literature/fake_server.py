"""A small OpenAI-compatible server that answers well, badly, late or not at all."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

FINDING = re.compile(r"We find that the (\w+) of (.+) is (\d+) units in (\w+) data\.")

Answer = tuple[int, str]


@dataclass
class FakeServer:
    """Answers by ``respond(prompt, number of the request)``, (status, text); counts requests."""

    respond: Callable[[str, int], Answer]
    prompts: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    url: str = ""


@contextmanager
def serving(respond: Callable[[str, int], Answer]) -> Iterator[FakeServer]:
    """Serve on a free port while the block runs."""
    state = FakeServer(respond)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            prompt = body["messages"][-1]["content"]
            with state.lock:
                number = len(state.prompts)
                state.prompts.append(prompt)
                state.times.append(time.monotonic())
                state.keys.append(self.headers["Authorization"])
            status, text = state.respond(prompt, number)
            reply: dict[str, Any] = {"error": {"message": text}}
            if status == 200:
                message = {"role": "assistant", "content": text}
                choice = {"index": 0, "finish_reason": "stop", "message": message}
                reply = {"id": "1", "object": "chat.completion", "created": 0,
                         "model": body["model"], "choices": [choice]}  # fmt: skip
            content = json.dumps(reply).encode()
            with suppress(ConnectionError):  # the client may have given up
                self._send(status, content)

        def _send(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Retry-After-Ms", "5")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_port}/v1"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


def good_answer(prompt: str) -> str:
    """A yes, a no and an open question on each finding of a made-up abstract."""
    pairs = []
    for sentence in prompt.split("\n"):
        found = FINDING.fullmatch(sentence)
        if found:
            name, thing, value, survey = found.groups()
            subject = f"the {name} of {thing} in {survey} data"
            pairs += [
                {"question": f"What is the value of {subject}?", "answer": f"{value} units",
                 "sentence": sentence},
                {"question": f"Is {subject} measured to be {value} units?",
                 "answer": f"Yes, it is {value} units.", "sentence": sentence},
                {"question": f"Does {subject} vanish at {value} units?",
                 "answer": f"No, the {name} is {value} units.", "sentence": sentence},
            ]  # fmt: skip
    return "Here you are:\n```json\n" + json.dumps({"pairs": pairs}) + "\n```"
