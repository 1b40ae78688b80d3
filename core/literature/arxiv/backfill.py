"""The papers of a day that was missed, from arXiv's search.

The search knows when a paper was submitted, not when it was announced, so a back issue is
approximate: it holds what came in between two deadlines, with the text and the version of today,
and no replacements.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import partial
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
from core.literature.arxiv.categories import is_in
from core.literature.arxiv.client import SearchPage, ask, to_paper, version_of
from core.literature.arxiv.fetch_result import FeedAnswer, TroubleError, no_papers, trouble
from core.literature.arxiv.http import Cancelled, with_retry
from core.literature.arxiv.ids import checked_categories

if TYPE_CHECKING:
    import arxiv  # type: ignore[import-untyped]

__all__ = ["announcement_days", "fetch_back_issue"]

_PAGE = 200
_MOST = 4_000
_ONE_PAGE = 12.0


def fetch_back_issue(
    day: date,
    categories: Sequence[str],
    *,
    patience: float = 30.0,
    cancelled: Cancelled | None = None,
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


def _all_pages(query: str, until: float, cancelled: Cancelled | None) -> list[arxiv.Result]:
    results: list[arxiv.Result] = []
    start, total = 0, 1
    while start < min(total, _MOST):
        page = with_retry(partial(_page, query, start, until, cancelled), until, cancelled)
        total = page.total
        results += page.results
        start += len(page.results) + page.lost
        if not page.results:
            break
    return results


def _page(query: str, start: int, until: float, cancelled: Cancelled | None) -> SearchPage:
    """A page with as many results as it should have."""
    page = ask(
        query, start=start, size=_PAGE, by="submittedDate", order="ascending",
        until=until, wait=until - time.monotonic(), seconds=_ONE_PAGE, cancelled=cancelled,
    )
    if len(page.results) + page.lost < min(_PAGE, page.total - start):
        raise TroubleError("truncated")
    return page


def _announcement(
    result: arxiv.Result, day: date, categories: Sequence[str]
) -> Announcement | None:
    paper = to_paper(result)
    start, end = submission_window(day)
    if paper is None or not start <= result.published < end:
        return None
    is_new = bool(paper.categories) and is_in(paper.categories[0], categories)
    return Announcement(
        paper, day, ("new" if is_new else "cross",), version_of(result),
        result.doi or "", result.journal_ref or "",
    )
