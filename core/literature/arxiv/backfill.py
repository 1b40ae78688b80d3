"""The papers of a day that was missed, from arXiv's search.

The search knows when a paper was submitted, not when it was announced, so a back issue is
approximate: it holds what came in between two deadlines, with the text and the version of today,
and no replacements.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from core.literature.arxiv.announcement import Announcement, Batch
from core.literature.arxiv.atom import merged
from core.literature.arxiv.calendar import (
    NEW_YORK,
    announcement_days,
    arxiv_today,
    in_words,
    is_holiday,
    is_weekend,
    submission_window,
)
from core.literature.arxiv.client import SearchPage, ask, to_paper, version_of
from core.literature.arxiv.feed import checked_categories
from core.literature.arxiv.fetch_result import FeedAnswer, TroubleError, no_papers, trouble
from core.literature.arxiv.rate_limit import within
from core.settings import get_settings

if TYPE_CHECKING:
    import arxiv  # type: ignore[import-untyped]

__all__ = ["announcement_days", "fetch_back_issue"]

_PAGE = 200
_MOST = 4_000
_TRIES = 3
_ONE_PAGE = 12.0
_TRIED_AGAIN = ("timeout", "server error", "truncated")


def fetch_back_issue(
    day: date,
    categories: Sequence[str],
    *,
    patience: float = 30.0,
    cancelled: Callable[[], bool] | None = None,
) -> FeedAnswer:
    """The papers that were announced on a day, about.

    Args:
        day: of the announcement.
        categories: of arXiv; a paper of another primary category counts as a cross-list.
        patience: seconds for all pages together.
        cancelled: asked often; true ends the work soon, as a time-out.

    Returns:
        A batch of origin "search", or the state that explains why there is none.

    Raises:
        ValueError: for something that is no category. Nothing else is raised.
    """
    asked = checked_categories(categories)
    if is_weekend(day) or is_holiday(day):
        return no_papers(day, asked)
    if day > arxiv_today():
        return FeedAnswer("empty", f"{in_words(day)} has not come yet.")
    try:
        results = _all_pages(_query(day, asked), time.monotonic() + patience, cancelled)
        found = [_announcement(result, day, asked) for result in results]
    except TroubleError as error:
        return trouble(error, asked)
    papers = merged(announcement for announcement in found if announcement)
    if not papers:
        return no_papers(day, asked)
    batch = Batch(day, asked, papers, "search", datetime.now(NEW_YORK))
    noun = "paper" if len(papers) == 1 else "papers"
    return FeedAnswer(
        "fresh",
        f"{len(papers)} {noun} of about {in_words(day)}, found by when they were submitted.",
        batch,
    )


def _query(day: date, categories: Sequence[str]) -> str:
    window = " TO ".join(f"{m.astimezone(UTC):%Y%m%d%H%M}" for m in submission_window(day))
    whole = [f"{category}.*" for category in categories if "." not in category]
    where = " OR ".join(f"cat:{category}" for category in [*categories, *whole])
    return f"({where}) AND submittedDate:[{window}]"


def _all_pages(
    query: str, deadline: float, cancelled: Callable[[], bool] | None
) -> list[arxiv.Result]:
    results: list[arxiv.Result] = []
    total = 1
    while len(results) < min(total, _MOST):
        page = _whole_page(query, len(results), deadline, cancelled)
        total = page.total
        results += page.results
        if not page.results:
            break
    return results


def _whole_page(
    query: str, start: int, deadline: float, cancelled: Callable[[], bool] | None
) -> SearchPage:
    """A page with as many results as it should have, asked for up to three times."""
    last = TroubleError("timeout")
    for _ in range(_TRIES):
        try:
            page = _page(query, start, deadline, cancelled)
        except TroubleError as error:
            left = deadline - time.monotonic()
            waits = error.state == "busy" and 0 < error.seconds < left
            if not (waits or error.state in _TRIED_AGAIN) or _is_true(cancelled):
                raise
            last = error
            continue
        if len(page.results) >= min(_PAGE, page.total - start):
            return page
        last = TroubleError("truncated")
    raise last


def _is_true(cancelled: Callable[[], bool] | None) -> bool:
    return cancelled is not None and cancelled()


def _page(
    query: str, start: int, deadline: float, cancelled: Callable[[], bool] | None
) -> SearchPage:
    import arxiv

    left = deadline - time.monotonic()
    if left <= 0 or _is_true(cancelled):
        raise TroubleError("timeout")
    search = arxiv.Search(
        query, max_results=start + _PAGE, sort_by=arxiv.SortCriterion.SubmittedDate,
        sort_order=arxiv.SortOrder.Ascending,
    )
    address = get_settings().arxiv_api

    def work() -> SearchPage:
        return ask(
            search, address, start=start, size=_PAGE, wait=left, seconds=min(left, _ONE_PAGE),
            cancelled=cancelled,
        )

    try:
        return within(left, work, cancelled)
    except TimeoutError as error:
        raise TroubleError("timeout") from error


def _announcement(
    result: arxiv.Result, day: date, categories: Sequence[str]
) -> Announcement | None:
    paper = to_paper(result)
    start, end = submission_window(day)
    if paper is None or not start <= result.published < end:
        return None
    is_new = bool(paper.categories) and _is_in(paper.categories[0], categories)
    return Announcement(
        paper, day, ("new" if is_new else "cross",), version_of(result),
        result.doi or "", result.journal_ref or "",
    )


def _is_in(category: str, asked: Sequence[str]) -> bool:
    """Whether a category was asked for, by itself or by its archive ("astro-ph")."""
    return category in asked or category.split(".")[0] in asked
