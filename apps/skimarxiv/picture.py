"""What the front page shows of skimArxiv: the first papers of the newest day in the library."""

from __future__ import annotations

from apps.shared.page.picture import Picture, plain
from apps.skimarxiv.service import skim_service
from apps.skimarxiv.view import of_batch
from core.literature.ranking.profile import Profile
from core.literature.skim.entries import Entry

__all__ = ["draw"]

_PAPERS = 3
_HOUR = 3600.0


def draw() -> Picture:
    """Title and sentence of three papers; arXiv is not asked, the library has what there is."""
    profile = Profile()
    service = skim_service()
    batch = service.last(profile.categories)
    view = of_batch(service, batch, profile)
    items = [entry.announcement for entry in view.entries[:_PAPERS]]
    if len(service.tldrs(items)) < len(items):
        next(service.prepare(items, False, lambda: False), None)  # the sentences come first
        view = of_batch(service, batch, profile)
    if view.is_sample:
        said = "Sample: written for this project, not real papers; the day's list loads inside."
    else:
        said = f"From {batch.day:%-d %B %Y}: the first of {len(view.entries)} papers."
    papers = "".join(_paper(entry) for entry in view.entries[:_PAPERS])
    return Picture(said, "tab=today", html=papers, lasts_s=_HOUR)


def _paper(entry: Entry) -> str:
    tldr = "" if entry.tldr is None else f"<p>{plain(entry.tldr.text)}</p>"
    return f'<p class="asked">{plain(entry.announcement.paper.title)}</p>{tldr}'
