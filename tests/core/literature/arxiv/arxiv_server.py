"""A small server on this machine that answers as arXiv does, on good days and on bad ones."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse
from xml.sax.saxutils import escape

__all__ = ["ArxivServer", "arxiv_server"]

FEED = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"
 xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">
<title>ArXiv Query</title><id>http://arxiv.org/api/x</id>
<opensearch:totalResults>{total}</opensearch:totalResults>
<opensearch:startIndex>{start}</opensearch:startIndex>
<opensearch:itemsPerPage>{per_page}</opensearch:itemsPerPage>
{entries}</feed>"""

ENTRY = """<entry><id>{id}</id><updated>2023-05-02T17:00:00Z</updated>
<published>2023-01-02T17:59:59Z</published><title>{title}</title><summary>{summary}</summary>
<author><name>Ada Lovelace</name></author><author><name>Vera C.
 Rubin</name></author>
<link href="{id}" rel="alternate" type="text/html"/>
<arxiv:primary_category term="astro-ph.CO"/>
<category term="gr-qc"/><category term="astro-ph.CO"/></entry>
"""


def entry(number: int, title: str = "A title", summary: str = "An abstract.") -> str:
    return ENTRY.format(
        id=f"http://arxiv.org/abs/2301.{number:05d}v2", title=escape(title),
        summary=escape(summary),
    )


class ArxivServer(ThreadingHTTPServer):
    """Set ``mode``: "papers", "none", "slow", "drip", "html", "rate", "empty", "cut", "error",
    "huge", or an HTTP status. ``queries`` are the searches it was asked."""

    daemon_threads = True
    mode: str | int = "papers"
    entries = ""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.queries: list[dict[str, str]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/api/query"


class _Handler(BaseHTTPRequestHandler):
    server: ArxivServer

    def do_GET(self) -> None:
        query = {k: v[0] for k, v in parse_qs(urlparse(self.path).query).items()}
        self.server.queries.append(query)
        mode = self.server.mode
        if isinstance(mode, int):
            self._reply(b"<html>trouble</html>", mode)
        elif mode == "slow":
            time.sleep(20)
        elif mode == "drip":
            self._drip()
        else:
            self._reply(self._body(mode, query))

    def _body(self, mode: str, query: dict[str, str]) -> bytes:
        odd = {
            "html": b"<!DOCTYPE html><html><body>arXiv is down for maintenance</body></html>",
            "rate": b"Rate exceeded.", "empty": b"", "huge": b"x" * 40_000_000,
        }
        if mode in odd:
            return odd[mode]
        entries = self.server.entries if mode in ("papers", "cut") else ""
        if mode == "error":
            entries = ENTRY.format(
                id="http://arxiv.org/api/errors#incorrect_id", title="Error", summary="bad query"
            )
        count = entries.count("<entry>")
        body = FEED.format(
            total=count, start=query.get("start", 0), per_page=count, entries=entries
        ).encode()
        return body[: 2 * len(body) // 3] if mode == "cut" else body

    def _reply(self, body: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/atom+xml; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(body)

    def _drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        with suppress(BrokenPipeError, ConnectionResetError):
            for _ in range(100):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.2)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@contextmanager
def arxiv_server() -> Iterator[ArxivServer]:
    """A running server."""
    server = ArxivServer()
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
