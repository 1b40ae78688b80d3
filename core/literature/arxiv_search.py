"""Search arXiv now, politely: one request in three seconds, never more than some seconds of wait.

arXiv's answers are taken as data: what is no Atom feed (a page for maintenance, "Rate exceeded.")
is an error, not an empty result.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

from core.literature.library import Paper
from core.literature.text import clean, words
from core.settings import get_settings

if TYPE_CHECKING:
    import arxiv  # type: ignore[import-untyped]

__all__ = ["ArxivUnavailableError", "search_arxiv"]

_PATIENCE = 9.0
_DELAY = 3.0
_KEPT = 600.0
_MOST_WORDS = 12
_MOST_BYTES = 16_000_000

T = TypeVar("T")


class ArxivUnavailableError(RuntimeError):
    """arXiv did not answer, or not with papers; the message is a sentence for a person."""


_OFFLINE = "arXiv cannot be reached now; the library here still answers."
_BUSY = "arXiv asks for a pause; try again in a minute."
_STRANGE = "arXiv answered with something that is no list of papers; try again later."


def search_arxiv(
    query: str, most: int = 20, categories: Sequence[str] = ("astro-ph.CO",)
) -> list[Paper]:
    """Papers that arXiv finds for a question or some words, the most relevant first.

    Args:
        query: any text; its telling words are looked for.
        most: longest result, 1 to 100.
        categories: of arXiv; a paper is in at least one. Empty means all.

    Raises:
        ArxivUnavailableError: within ten seconds, if arXiv cannot be reached or is busy.
        ValueError: for a text without words, or something that is no category.
    """
    if not 1 <= most <= 100:
        raise ValueError(f"{most} papers were asked of arXiv; ask for 1 to 100.")
    import arxiv  # noqa: F401  (its import must not count as waiting)

    wanted = _query(query, categories)
    address = get_settings().arxiv_api
    now = int(time.monotonic() // _KEPT)
    return list(_within(_PATIENCE, lambda: _search(wanted, most, address, now)))


def _query(query: str, categories: Sequence[str]) -> str:
    found = list(dict.fromkeys(words(query)))[:_MOST_WORDS]
    if not found:
        raise ValueError("Name an object, a survey or a method to look for on arXiv.")
    for category in categories:
        if not re.fullmatch(r"[a-z-]+(\.[A-Za-z-]+)?", category):
            raise ValueError(f"{category!r} is no arXiv category; one is astro-ph.CO.")
    text = " OR ".join(f'all:"{word}"' for word in found)
    where = " OR ".join(f"cat:{category}" for category in categories)
    return f"({where}) AND ({text})" if where else text


def _within(seconds: float, work: Callable[[], T]) -> T:
    """The result of work that may hang, as name servers do, or an error in time."""
    results: SimpleQueue[tuple[T | None, Exception | None]] = SimpleQueue()

    def run() -> None:
        try:
            results.put((work(), None))
        except Exception as error:
            results.put((None, error))

    threading.Thread(target=run, daemon=True, name="arxiv").start()
    try:
        result, error = results.get(timeout=seconds)
    except Empty:
        raise ArxivUnavailableError(_OFFLINE) from None
    if error is not None:
        raise error
    return result  # type: ignore[return-value]


_turn = threading.Lock()
_next = 0.0


@lru_cache(maxsize=64)
def _search(query: str, most: int, address: str, _period: int) -> tuple[Paper, ...]:
    """One request; what it found is kept for ten minutes, errors are not."""
    import arxiv  # type: ignore[import-untyped]
    import requests

    client = _client(address)
    search = arxiv.Search(query, max_results=most, sort_by=arxiv.SortCriterion.Relevance)
    client.page_size = most
    _wait_for_turn()
    try:
        results = list(client.results(search))
    except arxiv.HTTPError as error:
        message = _BUSY if error.status in (403, 429, 503) else _OFFLINE
        raise ArxivUnavailableError(message) from error
    except (requests.RequestException, OSError) as error:
        raise ArxivUnavailableError(_OFFLINE) from error
    except (arxiv.ArxivError, ValueError, TypeError) as error:
        raise ArxivUnavailableError(_STRANGE) from error
    papers: dict[str, Paper] = {}
    for paper in map(_paper, results):
        if paper:
            papers.setdefault(paper.id, paper)
    return tuple(papers.values())[:most]


def _wait_for_turn() -> None:
    """Three seconds between the requests of this process."""
    global _next
    with _turn:
        now = time.monotonic()
        turn = max(_next, now)
        if turn - now > _PATIENCE - 2 * _DELAY + 0.1:
            raise ArxivUnavailableError(_BUSY)
        _next = turn + _DELAY
    time.sleep(turn - now)


def _client(address: str) -> arxiv.Client:
    """A client that asks once, in limited time, and wants a feed."""
    import arxiv
    from requests.adapters import HTTPAdapter

    class Careful(HTTPAdapter):
        def send(self, request: Any, **options: Any) -> Any:  # type: ignore[override]
            response = super().send(request, **options | {"timeout": (4.0, 6.0), "stream": True})
            _read(response)
            return response

    client = arxiv.Client(num_retries=0)
    client.query_url_format = address.rstrip("?") + "?{}"
    for scheme in ("http://", "https://"):
        client._session.mount(scheme, Careful())
    return client


def _read(response: Any) -> None:
    """Read a response to its end, but not for ever, and look whether it is a feed."""
    started, body = time.monotonic(), bytearray()
    for piece in response.iter_content(1 << 16):
        body += piece
        if len(body) > _MOST_BYTES or time.monotonic() - started > _PATIENCE:
            response.close()
            raise ArxivUnavailableError(_STRANGE)
    response._content = bytes(body)
    if response.status_code == 200 and not re.search(rb"<(\w+:)?feed\b", body[:2000]):
        pause = b"rate exceeded" in body[:2000].lower()
        raise ArxivUnavailableError(_BUSY if pause else _STRANGE)


def _paper(result: arxiv.Result) -> Paper | None:
    if "/api/errors" in result.entry_id:
        raise ArxivUnavailableError(_STRANGE)
    id = re.sub(r"v\d+$", "", result.get_short_id())
    abstract = clean(result.summary)
    if not id or not abstract:
        return None
    return Paper(
        id, clean(result.title), abstract, tuple(clean(a.name) for a in result.authors),
        result.published.date(), _primary_first(result),
    )


def _primary_first(result: arxiv.Result) -> tuple[str, ...]:
    ordered = [result.primary_category, *result.categories]
    return tuple(dict.fromkeys(category for category in ordered if category))
