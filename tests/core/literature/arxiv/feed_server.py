"""A server on this machine that answers as arXiv's feed and search do, on good and on bad days.

Example:
    >>> with feed_server(made_up(12, date(2026, 11, 23))) as server:
    ...     os.environ["COSMODESK_ARXIV_FEED"] = server.feed_address
    ...     os.environ["COSMODESK_ARXIV_API"] = server.api_address
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlparse
from xml.sax.saxutils import escape

from core.literature.arxiv.announcement import ANNOUNCEMENT_KINDS, Announcement, Kind
from core.literature.text.paper import Paper

__all__ = ["FeedServer", "announcement", "atom", "feed_server", "made_up"]

_KINDS: dict[Kind, str] = {
    "new": "new", "cross": "cross", "replacement": "replace",
    "replacement of a cross-list": "replace-cross",
}
_NAMESPACES = (
    'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns="http://www.w3.org/2005/Atom"'
)


def announcement(
    number: int, day: date, kind: Kind = "new", *, title: str = "", abstract: str = "",
    categories: Sequence[str] = ("astro-ph.CO",), version: int = 0,
    authors: Sequence[str] = ("Ada Lovelace", "Vera C. Rubin"),
) -> Announcement:
    """A made-up paper with the arXiv id 2611.NNNNN."""
    is_new = kind in ("new", "cross")
    paper = Paper(
        f"2611.{number:05d}", title or f"Made-up voids {number}",
        abstract or f"We count {number} voids at $0<z<2$. Nothing here is true.",
        tuple(authors), day if kind == "new" else None, tuple(categories),
    )
    return Announcement(paper, day, (kind,), version or (1 if is_new else 2))


def made_up(count: int, day: date, first: int = 1) -> list[Announcement]:
    """Papers of every kind in turn."""
    return [
        announcement(first + i, day, ANNOUNCEMENT_KINDS[i % len(ANNOUNCEMENT_KINDS)])
        for i in range(count)
    ]


def atom(announcements: Sequence[Announcement], categories: str, day: date) -> bytes:
    """The feed as rss.arxiv.org/atom writes it; a paper of several kinds comes several times."""
    entries = "".join(_entry(a, kind) for a in announcements for kind in a.kinds)
    name = escape(categories.replace("+", ", "))
    return (
        f"<?xml version='1.0' encoding='UTF-8'?>\n<feed {_NAMESPACES} xml:lang=\"en-us\">\n"
        f"  <id>http://rss.arxiv.org/atom/{escape(categories)}</id>\n"
        f"  <title>{name} updates on arXiv.org</title>\n"
        f"  <updated>{day}T05:00:04.556492+00:00</updated>\n"
        f'  <link href="http://rss.arxiv.org/atom/" rel="self" type="application/atom+xml"/>\n'
        f"  <subtitle>{name} updates on the arXiv.org e-print archive.</subtitle>\n"
        f"{entries}</feed>\n"
    ).encode()


def _entry(a: Announcement, kind: Kind) -> str:
    full = f"{a.paper.id}v{a.version}"
    terms = "".join(f'    <category term="{escape(c)}"/>\n' for c in a.paper.categories)
    doi = f"    <arxiv:DOI>{escape(a.doi)}</arxiv:DOI>\n" if a.doi else ""
    journal = (
        f"    <arxiv:journal_reference>{escape(a.journal)}</arxiv:journal_reference>\n"
        if a.journal else ""
    )
    return (
        f"  <entry>\n    <id>oai:arXiv.org:{full}</id>\n"
        f"    <title>{escape(a.paper.title)}</title>\n"
        f"    <updated>{a.day}T05:00:04.965050+00:00</updated>\n"
        f'    <link href="https://arxiv.org/abs/{a.paper.id}" rel="alternate" type="text/html"/>\n'
        f"    <summary>arXiv:{full} Announce Type: {_KINDS[kind]} \n"
        f"Abstract: {escape(a.paper.abstract)}</summary>\n{terms}"
        f"    <published>{a.day}T00:00:00-05:00</published>\n{doi}{journal}"
        f"    <arxiv:announce_type>{_KINDS[kind]}</arxiv:announce_type>\n"
        "    <dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>\n"
        f"    <dc:creator>{escape(', '.join(a.paper.authors))}</dc:creator>\n  </entry>\n"
    )


def _api(papers: Sequence[tuple[datetime, Announcement]], start: int, total: int) -> bytes:
    """A page of arXiv's search."""
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/{a.paper.id}v{a.version}</id>"
        f"<updated>{when:%Y-%m-%dT%H:%M:%SZ}</updated>"
        f"<published>{when:%Y-%m-%dT%H:%M:%SZ}</published>"
        f"<title>{escape(a.paper.title)}</title><summary>{escape(a.paper.abstract)}</summary>"
        + "".join(f"<author><name>{escape(n)}</name></author>" for n in a.paper.authors)
        + f'<arxiv:primary_category term="{a.paper.categories[0]}"/>'
        + "".join(f'<category term="{c}"/>' for c in a.paper.categories) + "</entry>\n"
        for when, a in papers
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<feed {_NAMESPACES} '
        'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"><title>arXiv Query</title>'
        f"<id>x</id><opensearch:totalResults>{total}</opensearch:totalResults>"
        f"<opensearch:startIndex>{start}</opensearch:startIndex>"
        f"<opensearch:itemsPerPage>{len(papers)}</opensearch:itemsPerPage>{entries}</feed>\n"
    ).encode()


class FeedServer(ThreadingHTTPServer):
    """Feed at ``feed_address``, search at ``api_address``.

    Set ``mode``: "feed", "empty", "slow headers", "slow body", "truncated" (a cut body), "cut"
    (a connection lost in the body), "reset" (lost before the answer), "html", "rate", "huge",
    "error feed" or an HTTP status; ``retry_after`` is sent with a status. After ``failures``
    requests in that mode the server is well again; 0 means never.

    Attributes:
        announcements: of the feed, and of the search if ``submitted`` has their moments.
        day: that the feed is dated by.
        broken: categories whose own feeds answer with a status; the others', asked alone, are well.
        body: what the feed is instead of one of ``announcements``.
        paths: that were asked for, in order; ``agents`` are the User-Agents, ``times`` the moments.
    """

    daemon_threads = True

    def __init__(self, announcements: Sequence[Announcement], day: date) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.announcements = list(announcements)
        self.submitted: dict[str, datetime] = {}
        self.day = day
        self.mode: str | int = "feed"
        self.retry_after: str | None = None
        self.failures = 0
        self.delay = 5.0
        self.paths: list[str] = []
        self.agents: list[str] = []
        self.times: list[float] = []
        self.broken: dict[str, int] = {}
        self.body = b""

    @property
    def feed_address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/atom"

    @property
    def api_address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/api/query"

    def path_category(self, path: str) -> str:
        """The category of which alone the feed is asked for."""
        name = unquote(urlparse(path).path.rsplit("/", 1)[-1])
        return "" if "+" in name or "/api/" in path else name

    def found(self, query: str) -> list[tuple[datetime, Announcement]]:
        """What the search finds, by ``cat:`` and ``submittedDate:``."""
        asked = set(re.findall(r"cat:([\w.-]+)", query))
        window = re.search(r"submittedDate:\[(\d{12}) TO (\d{12})\]", query)
        start, end = window.groups() if window else ("0" * 12, "9" * 12)
        found = [
            (self.submitted.get(a.paper.id) or _noon(a.day), a) for a in self.announcements
        ]
        return sorted(
            (pair for pair in found if start <= f"{pair[0]:%Y%m%d%H%M}" <= end
             and (not asked or asked & set(pair[1].paper.categories))),
            key=lambda pair: pair[0],
        )


def _noon(day: date) -> datetime:
    """Noon in Greenwich on the working day before, when the papers of a day came in."""
    day -= timedelta(days=3 if day.weekday() == 0 else 1)
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


class _Handler(BaseHTTPRequestHandler):
    server: FeedServer

    def do_GET(self) -> None:
        server = self.server
        server.paths.append(unquote(self.path))
        server.agents.append(self.headers.get("User-Agent", ""))
        server.times.append(time.monotonic())
        well = server.failures and len(server.paths) > server.failures
        with suppress(BrokenPipeError, ConnectionResetError):
            alone = server.path_category(self.path) if server.broken else ""
            mode = server.broken.get(alone, "feed") if alone else server.mode
            self._play("feed" if well else mode)

    def _play(self, mode: str | int) -> None:
        odd = {
            "html": b"<!DOCTYPE html><html><head><title>arXiv</title></head><body><p>arXiv is down "
                    b"for maintenance<br></body></html>",
            "rate": b"Rate exceeded.", "huge": b"<feed>" + b"x" * 40_000_000,
        }
        if isinstance(mode, int):
            self._reply(b"<html>trouble</html>", mode)
        elif mode == "reset":
            self.close_connection = True
        elif mode == "slow headers":
            time.sleep(self.server.delay)
        elif mode == "slow body":
            self._drip(self._body(mode))
        elif mode == "cut":
            body = self._body(mode)
            self._reply(body[: len(body) // 2], length=len(body))
        else:
            self._reply(odd.get(mode) or self._body(mode))

    def _body(self, mode: str | int) -> bytes:
        address = urlparse(self.path)
        if mode == "error feed":
            return atom([], "x", self.server.day).replace(
                b"<title>x updates on arXiv.org", b"<title>Feed error for query: x"
            )
        if address.path.startswith("/api/"):
            query = {k: v[0] for k, v in parse_qs(address.query).items()}
            found = self.server.found(query.get("search_query", "")) if mode != "empty" else []
            start, most = int(query.get("start", 0)), int(query.get("max_results", 10))
            body = _api(found[start : start + most], start, len(found))
        elif self.server.body:
            body = self.server.body
        else:
            papers = [] if mode == "empty" else self.server.announcements
            body = atom(papers, unquote(address.path.rsplit("/", 1)[-1]), self.server.day)
        return body[: 2 * len(body) // 3] if mode == "truncated" else body

    def _reply(self, body: bytes, status: int = 200, length: int | None = None) -> None:
        self.send_response(status)
        if status != 200 and self.server.retry_after is not None:
            self.send_header("Retry-After", self.server.retry_after)
        self.send_header("Content-Type", "application/atom+xml; charset=utf-8")
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def _drip(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for i in range(100):
            self.wfile.write(body[i : i + 1])
            self.wfile.flush()
            time.sleep(self.server.delay / 50)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@contextmanager
def feed_server(
    announcements: Sequence[Announcement] = (), day: date | None = None
) -> Iterator[FeedServer]:
    """A running server; its day is by default that of the first announcement."""
    if day is None:
        day = announcements[0].day if announcements else date(2026, 11, 23)
    server = FeedServer(announcements, day)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
