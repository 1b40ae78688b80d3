"""arXiv's search: one page of results by the user's manual of its API.

The request goes through :mod:`core.literature.arxiv.http`; of the arxiv package come the results,
whose parts are read by feedparser: a page for maintenance or "Rate exceeded." is a
:class:`core.literature.arxiv.fetch_result.TroubleError` here, and no empty result.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

from core.literature.arxiv.atom import BrokenFeedError, parsed_feed
from core.literature.arxiv.fetch_result import State, TroubleError
from core.literature.arxiv.http import Cancelled, fetch
from core.literature.arxiv.ids import without_version
from core.literature.text.author_names import authors_of
from core.literature.text.paper import Paper
from core.literature.text.tex import readable
from core.literature.text.text import clean
from core.settings import get_settings

if TYPE_CHECKING:
    import arxiv  # type: ignore[import-untyped]

__all__ = ["SearchPage", "ask", "to_paper", "version_of"]

_STATES: dict[int, State] = {403: "busy", 503: "busy"}  # what the search answers when it is tired


@dataclass(frozen=True)
class SearchPage:
    """Some results of a search, how many there are in all, and how many could not be read."""

    results: tuple[arxiv.Result, ...]
    total: int
    lost: int = 0


def ask(
    query: str, *, start: int = 0, size: int, by: Literal["relevance", "submittedDate"],
    order: Literal["ascending", "descending"] = "descending", until: float, wait: float,
    seconds: float, cancelled: Cancelled | None = None, address: str | None = None,
) -> SearchPage:
    """One request for one page, in this process's turn.

    Args:
        query: in the search's own language, such as "cat:astro-ph.CO".
        start: number of results to leave out.
        size: of the page, 1 to 2,000.
        by, order: of the results.
        until, wait, seconds, cancelled: as in :func:`core.literature.arxiv.http.fetch`.
        address: of the search, without its query; by default that of the settings.

    Raises:
        TroubleError: if arXiv gave no whole page.
    """
    asked = urlencode({
        "search_query": query, "id_list": "", "sortBy": by, "sortOrder": order, "start": start,
        "max_results": size,
    })
    place = (get_settings().arxiv_api if address is None else address).rstrip("?")
    body = fetch(f"{place}?{asked}", until=until, wait=wait, seconds=seconds, states=_STATES,
                 cancelled=cancelled)
    try:
        parsed = parsed_feed(body)
        if parsed.is_cut:
            raise BrokenFeedError("truncated")
        results = tuple(found for entry in parsed.entries if (found := _readable_result(entry)))
        lost = len(parsed.lost) + len(parsed.entries) - len(results)
        total = int(parsed.feed.get("opensearch_totalresults") or len(results))
        if lost and not results:
            raise BrokenFeedError("truncated")
    except BrokenFeedError as error:
        state: State = "not a feed" if error.state == "bad category" else error.state
        raise TroubleError(state) from error
    except (ValueError, TypeError, ArithmeticError, LookupError, AttributeError) as error:
        raise TroubleError("not a feed") from error  # a date of the year 9999
    return SearchPage(results, total, lost)


def _readable_result(entry: Any) -> arxiv.Result | None:
    """None for an entry that cannot be read, as one dated by the year 9999."""
    try:
        return _result(entry) if entry.get("id") else None
    except (ValueError, TypeError, ArithmeticError, LookupError, AttributeError):
        return None


def _result(entry: Any) -> arxiv.Result:
    """An entry of the feed."""
    import arxiv

    return arxiv.Result(
        entry_id=entry.id, updated=_moment(entry.updated), published=_moment(entry.published),
        title=_words(entry, "title"), summary=_words(entry, "summary"),
        authors=[arxiv.Result.Author(name) for one in entry.get("authors") or ()
                 if (name := _words(one, "name"))],
        journal_ref=_words(entry, "arxiv_journal_ref"), doi=_words(entry, "arxiv_doi"),
        primary_category=_words(entry.get("arxiv_primary_category") or {}, "term"),
        categories=[term for tag in entry.get("tags") or () if (term := _words(tag, "term"))],
    )


def _words(element: Any, name: str) -> str:
    """What an element says; "" where it is not there, or there and empty, as the parser may say."""
    said = element.get(name)
    return said if isinstance(said, str) else ""


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def to_paper(result: arxiv.Result) -> Paper | None:
    """A result as a paper; None where it lacks an id or an abstract.

    Raises:
        TroubleError: where arXiv put an error in the place of a paper.
    """
    if "/api/errors" in result.entry_id:
        raise TroubleError("not a feed")
    id, _ = without_version(result.entry_id)
    abstract = readable(clean(result.summary))
    if not id or not abstract:
        return None
    return Paper(
        id, readable(clean(result.title)), abstract,
        tuple(dict.fromkeys(name for author in result.authors
                            for name in authors_of(author.name))),
        result.published.date(), _primary_first(result),
    )


def version_of(result: arxiv.Result) -> int:
    """The version that a result has now, from 1."""
    _, version = without_version(result.entry_id)
    return max(version or 1, 1)


def _primary_first(result: arxiv.Result) -> tuple[str, ...]:
    ordered = [result.primary_category, *result.categories]
    return tuple(dict.fromkeys(category for category in ordered if category))
