"""arXiv's search through the arxiv package: limited in time and size, one request in its turn.

The package itself takes an HTML page or "Rate exceeded." for an empty result, waits for ever and
repeats at once; here each is a :class:`core.literature.arxiv.fetch_result.TroubleError`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.literature.arxiv.fetch_result import TroubleError
from core.literature.arxiv.rate_limit import (
    USER_AGENT,
    NoTurnError,
    pause,
    retry_after,
    wait_for_turn,
)
from core.literature.text.paper import Paper
from core.literature.text.tex import readable
from core.literature.text.text import clean

if TYPE_CHECKING:
    import arxiv  # type: ignore[import-untyped]

__all__ = ["SearchPage", "ask", "to_paper", "version_of"]

_MOST_BYTES = 16_000_000


@dataclass(frozen=True)
class SearchPage:
    """Some results of a search, and how many there are in all."""

    results: tuple[arxiv.Result, ...]
    total: int


def ask(
    search: arxiv.Search,
    address: str,
    *,
    start: int = 0,
    size: int,
    wait: float,
    seconds: float,
    cancelled: Callable[[], bool] | None = None,
) -> SearchPage:
    """One request for one page, in this process's turn.

    Args:
        search: its ``max_results`` is at least ``start + size``.
        address: of the search, without its query.
        start: number of results to leave out.
        size: of the page, 1 to 2,000.
        wait: longest wait for the turn, seconds.
        seconds: longest time for the answer to arrive once it has begun; each silence before and in
            it is limited to two thirds of this.
        cancelled: asked while waiting for the turn.

    Raises:
        TroubleError: if arXiv gave no whole page.
    """
    import arxiv
    import requests
    from requests.exceptions import ChunkedEncodingError, ContentDecodingError

    totals: list[int] = []
    client = _client(address, size, seconds, totals)
    try:
        wait_for_turn(wait, cancelled)
        results = tuple(client.results(search, offset=start))
    except NoTurnError as error:
        raise TroubleError("busy", error.seconds) from error
    except arxiv.HTTPError as error:
        raise _refusal(error.status) from error
    except requests.Timeout as error:
        raise TroubleError("timeout") from error
    except (ChunkedEncodingError, ContentDecodingError) as error:
        raise TroubleError("truncated") from error
    except (requests.RequestException, OSError) as error:
        raise TroubleError("offline") from error
    except (arxiv.ArxivError, ValueError, TypeError, ArithmeticError, LookupError,
            AttributeError) as error:  # a date of the year 9999, a paper without a name
        raise TroubleError("not a feed") from error
    return SearchPage(results, totals[-1] if totals else len(results))


def _refusal(status: int) -> TroubleError:
    if status in (403, 429, 503):
        return TroubleError("busy")
    return TroubleError("server error" if status >= 500 else "refused")


def _client(address: str, size: int, seconds: float, totals: list[int]) -> arxiv.Client:
    """A client that asks once, in limited time, and wants a feed."""
    import arxiv
    from requests.adapters import HTTPAdapter

    class Careful(HTTPAdapter):
        def send(self, request: Any, **options: Any) -> Any:  # type: ignore[override]
            request.headers["User-Agent"] = USER_AGENT
            limits = {"timeout": (seconds / 2, 2 * seconds / 3), "stream": True}
            response = super().send(request, **options | limits)
            response._content = _read(response, seconds)
            totals.extend(_total(response._content))
            return response

    client = arxiv.Client(page_size=size, num_retries=0)
    client.query_url_format = address.rstrip("?") + "?{}"
    for scheme in ("http://", "https://"):
        client._session.mount(scheme, Careful())
    return client


def _read(response: Any, seconds: float) -> bytes:
    """Read a response to its end, but not for ever, and look whether it is a whole feed."""
    started, body = time.monotonic(), bytearray()
    for piece in response.iter_content(1 << 16):
        body += piece
        if len(body) > _MOST_BYTES or time.monotonic() - started > seconds:
            response.close()
            raise TroubleError("not a feed" if len(body) > _MOST_BYTES else "timeout")
    if response.status_code in (429, 503):
        asked = retry_after(response.headers.get("Retry-After", ""))
        if asked is not None:
            pause(asked)
            raise TroubleError("busy", asked)
    elif response.status_code == 200:
        _check(body)
    return bytes(body)


def _check(body: bytearray) -> None:
    start = body[:2000]
    if b"rate exceeded" in start.lower():
        raise TroubleError("busy")
    if not re.search(rb"<(\w+:)?feed\b", start) or re.search(rb"<!(doctype|entity)", body, re.I):
        raise TroubleError("not a feed")
    if not re.search(rb"</(\w+:)?feed>\s*$", body[-200:]):
        raise TroubleError("truncated")


def _total(body: bytes) -> list[int]:
    found = re.search(rb"totalResults[^<>]{0,200}>\s*(\d{1,9})\s*<", body[:10_000])
    return [int(found[1])] if found else []


def to_paper(result: arxiv.Result) -> Paper | None:
    """A result as a paper; None where it lacks an id or an abstract.

    Raises:
        TroubleError: where arXiv put an error in the place of a paper.
    """
    if "/api/errors" in result.entry_id:
        raise TroubleError("not a feed")
    id = re.sub(r"v\d+$", "", result.get_short_id())
    abstract = readable(clean(result.summary))
    if not id or not abstract:
        return None
    return Paper(
        id, readable(clean(result.title)), abstract,
        tuple(readable(clean(author.name)) for author in result.authors),
        result.published.date(), _primary_first(result),
    )


def version_of(result: arxiv.Result) -> int:
    """The version that a result has now, from 1."""
    found = re.search(r"v(\d{1,3})$", result.entry_id)
    return max(int(found[1]), 1) if found else 1


def _primary_first(result: arxiv.Result) -> tuple[str, ...]:
    ordered = [result.primary_category, *result.categories]
    return tuple(dict.fromkeys(category for category in ordered if category))
