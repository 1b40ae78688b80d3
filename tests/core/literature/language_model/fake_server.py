"""An OpenAI-compatible server of the tests' own: words for tokens, and answers as it is told."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "secret"
LENGTH = 100


def split(text: str) -> list[str]:
    """The server's tokens: a beginning, and words with the space before them."""
    return ["<bos>", *re.findall(r"\s*\S+", text)]


def log_probability(token: str) -> float:
    """What the server says of a token."""
    return -0.25 * len(token)


@dataclass
class FakeServer:
    """What the server does, and what it saw.

    Attributes:
        address: ending in /v1.
        answer: the words that it writes.
        pause: seconds before each.
        status: of the HTTP answer to a completion.
        busy: so many completions are answered with ``status`` first, then all is well.
        retry_after: header of such an answer.
        breaks: break off after so many words.
        vllm: has vLLM's tokenize route and tells the model's length.
        echoes: can echo log-probabilities.
        requests: bodies of the completions asked for.
        left: set when a reader went away in the middle.
    """

    address: str = ""
    answer: list[str] = field(default_factory=lambda: [" Dark", " energy", " is", " real."])
    pause: float = 0.0
    status: int = 200
    busy: int | None = None
    retry_after: str | None = None
    breaks: int | None = None
    vllm: bool = True
    echoes: bool = True
    requests: list[dict[str, Any]] = field(default_factory=list)
    left: threading.Event = field(default_factory=threading.Event)


@contextmanager
def fake_server() -> Iterator[FakeServer]:
    """A running server."""
    state = FakeServer()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            length = {"max_model_len": LENGTH} if state.vllm else {}
            model = {"id": "cosmogemma", "object": "model", "created": 0, "owned_by": "x", **length}
            self._send({"object": "list", "data": [model]})

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.headers["Authorization"] != f"Bearer {KEY}":
                return self._send({"error": {"message": "wrong key"}}, 401)
            if self.path == "/tokenize":
                if not state.vllm:
                    return self._send({"error": {"message": "no such route"}}, 404)
                return self._send({"count": len(split(body["prompt"])), "max_model_len": LENGTH})
            state.requests.append(body)
            if state.status != 200 and state.busy is not None:
                state.busy -= 1
                state.status = state.status if state.busy >= 0 else 200
            if state.status != 200:
                return self._send({"error": {"message": "out of memory"}}, state.status)
            if body.get("stream"):
                return self._stream(body)
            prompts = body["prompt"] if isinstance(body["prompt"], list) else [body["prompt"]]
            choices = [self._echo(i, prompt) for i, prompt in enumerate(prompts)]
            self._send(
                {"id": "1", "object": "text_completion", "created": 0, "model": "cosmogemma",
                 "choices": choices[::-1],  # a client must go by the index
                 "usage": {"prompt_tokens": sum(len(split(p)) for p in prompts),
                           "completion_tokens": 0, "total_tokens": 0}}
            )  # fmt: skip

        def _echo(self, index: int, prompt: str) -> dict[str, Any]:
            tokens = split(prompt)
            logprobs = {
                "tokens": tokens, "top_logprobs": None, "text_offset": [0] * len(tokens),
                "token_logprobs": [None, *(log_probability(token) for token in tokens[1:])],
            }  # fmt: skip
            return {"index": index, "text": prompt, "finish_reason": "length",
                    "logprobs": logprobs if state.echoes else None}  # fmt: skip

        def _stream(self, body: dict[str, Any]) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            if state.breaks is not None:
                self.send_header("Content-Length", "1000000")
            self.end_headers()
            try:
                for count, word in enumerate(state.answer[: body["max_tokens"]]):
                    if state.breaks == count:
                        return
                    time.sleep(state.pause)
                    choice = {"index": 0, "text": word, "finish_reason": None, "logprobs": None}
                    self._event({"id": "1", "object": "text_completion", "created": 0,
                                 "model": "cosmogemma", "choices": [choice]})  # fmt: skip
                self.wfile.write(b"data: [DONE]\n\n")
            except OSError:
                state.left.set()

        def _event(self, event: dict[str, Any]) -> None:
            self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
            self.wfile.flush()

        def _send(self, body: dict[str, Any], status: int = 200) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            if status != 200 and state.retry_after is not None:
                self.send_header("Retry-After", state.retry_after)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.address = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
