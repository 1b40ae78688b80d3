"""What one visitor has on the page: the papers of a day, or of a search, ordered for them."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

from apps.skimarxiv.cards import KIND_WORDS
from apps.skimarxiv.service import SkimService
from apps.skimarxiv.state_names import STATE_NAMES
from core.literature.skim.sample import SAMPLE_SENTENCE, is_sample

if TYPE_CHECKING:
    from core.literature.arxiv.announcement import Announcement, Batch
    from core.literature.ranking.profile import Profile
    from core.literature.skim.entries import Entry
    from core.literature.skim.refresh import Today

__all__ = ["View", "entry_of", "of_batch", "of_search", "reordered", "state_line"]

_stamps = count(1)


@dataclass(frozen=True, eq=False)
class View:
    """A list of papers; two are the same only if they are one (Gradio hashes what it keeps).

    Attributes:
        batch: that they come from.
        entries: in the order of the interests.
        stamp: that distinguishes this list from every other.
        search: the words, if they were searched for.
        partly: how many of the words each paper found has, where none has them all as they stand.
        ordered: whether the embeddings of what the reader likes decided the order.
    """

    batch: Batch
    entries: tuple[Entry, ...]
    stamp: str
    search: str = ""
    partly: str = ""
    ordered: bool = False

    @property
    def ids(self) -> list[str]:
        """In arXiv's order."""
        return [item.paper.id for item in self.batch.announcements]

    @property
    def is_sample(self) -> bool:
        """Whether these are no real papers."""
        return self.batch.origin == "sample"


def of_batch(
    service: SkimService, batch: Batch, profile: Profile, search: str = "",
    categories: Sequence[str] = (),
) -> View:
    """The papers of a batch with everything that the library knows of them; nothing is computed
    that takes seconds.

    Args:
        service: of all visitors.
        batch: of a day, or of a search.
        profile: of the reader.
        search: the words that were looked for.
        categories: of the list, which say what is a cross-list in it; none for a search.
    """
    from core.literature.skim.entries import entries

    batch = replace(batch, announcements=tuple(
        item.in_list(categories) for item in batch.announcements))
    found = entries(
        batch, profile, service.announcements, service.library, prepare=False,
        meaning=service.ready,
    )
    with_sample = tuple(_with_tldr_of_sample(service, entry) for entry in found)
    return View(batch, with_sample, f"n{next(_stamps)}", search,
                ordered=profile.has_interests and service.ready)


def reordered(service: SkimService, view: View, profile: Profile) -> View:
    """The same papers in the order of a profile; a search keeps its order. Nothing else is looked
    up again, so it takes a fraction of a second."""
    from core.literature.ranking.rank import rank

    own = {entry.announcement.paper.id: entry for entry in view.entries}
    papers = [item.paper for item in view.batch.announcements]
    ranked = rank(papers, profile, service.library, meaning=service.ready)
    anew = {one.paper.id: replace(own[one.paper.id], ranked=one) for one in ranked}
    entries = [anew[id] for id in own] if view.search else anew.values()
    return replace(view, entries=tuple(entries),
                   ordered=profile.has_interests and service.ready and not view.search)


def of_search(
    service: SkimService, search: str, categories: Sequence[str], profile: Profile
) -> View:
    """What the library finds, of all days, the best first; where no paper has all of the words,
    those that have most of them."""
    from core.literature.arxiv.announcement import Batch

    now = datetime.now(UTC)
    found, partly = _found_for(service, search, categories)
    batch = Batch(now.date(), tuple(categories), tuple(found), "search", now)
    view = of_batch(service, batch, profile, search)
    place = {item.paper.id: i for i, item in enumerate(found)}
    entries = sorted(view.entries, key=lambda entry: place[entry.announcement.paper.id])
    return replace(view, entries=tuple(entries), ordered=False, partly=partly)


def _found_for(
    service: SkimService, search: str, categories: Sequence[str]
) -> tuple[list[Announcement], str]:
    """What is found, and how many of the words it has where nothing has all."""
    from core.literature.skim.sample import search_sample
    from core.literature.text.fts_query import words_apart

    sample = service.last(categories).origin == "sample"  # what is on the page is looked through
    words = len(words_apart(search))
    for least in (None, *range(words, 0, -1)) if words > 1 else (None,):
        found = service.announcements.search(search, 100, least=least)
        found += search_sample(search, least) if sample else ()
        if found:
            return found, "" if least is None else f"{least} of its {words} words"
    return [], ""


def entry_of(service: SkimService, item: Announcement, profile: Profile) -> Entry:
    """Everything that is known of one paper."""
    from core.literature.arxiv.announcement import Batch
    from core.literature.skim.entries import entries

    batch = Batch(item.day, (), (item,), "feed", datetime.now(UTC))
    found = entries(batch, profile, service.announcements, service.library, prepare=False)
    return _with_tldr_of_sample(service, next(iter(found)))


def _with_tldr_of_sample(service: SkimService, entry: Entry) -> Entry:
    """The sentences of the sample's papers are with the service, since none enters the library."""
    own = service.sample_tldrs.get(entry.announcement.paper.id)
    return entry if own is None else replace(entry, tldr=own)


def state_line(view: View, today: Today | None, doing: str = "") -> str:
    """What is shown, from when, and why, as HTML."""
    tone, sentence = _state(view, today)
    kinds = Counter(KIND_WORDS[item.kind] for item in view.batch.announcements)
    listed = ", ".join(f"{number} {_plural(kind, number)}" for kind, number in kinds.items())
    parts = [f'<span class="sk-says">{html.escape(sentence)}</span>']
    if listed and f"{kinds['new']} new" not in sentence:
        parts.append(f"<span>{html.escape(listed)}</span>")
    if view.ordered and not view.search:
        parts.append("<span>Ordered by your interests</span>")
    if doing:
        parts.append(f'<span class="sk-doing">{html.escape(doing)}</span>')
    named = STATE_NAMES.get(today.state) if today is not None and not view.search else None
    if named:
        parts.insert(0, f'<strong class="sk-named">{named}</strong>')
    return f'<div class="sk-state sk-{tone}" role="status">{" · ".join(parts)}</div>'


def _found(view: View) -> tuple[str, str]:
    """What a search found, and how much of it is no real paper."""
    number = len(view.entries)
    sample = sum(is_sample(entry.announcement.paper.id) for entry in view.entries)
    found = "nothing" if not number else "1 paper" if number == 1 else f"{number} papers"
    said = f"The library, all days: {found} for “{view.search[:80]}”"
    if view.partly:
        said = (f"The library, all days: no paper has “{view.search[:80]}” as it stands; {found} "
                f"{'has' if number == 1 else 'have'} {view.partly}")
    if not sample:
        return "plain", said
    whose = "all" if sample == number else str(sample)
    return "sample", f"{said}, {whose} of the sample, which has no real papers"


def _plural(kind: str, number: int) -> str:
    if number == 1 or kind == "new":
        return kind
    return kind.replace("replacement", "replacements") if "of" in kind else f"{kind}s"


def _state(view: View, today: Today | None) -> tuple[str, str]:
    if view.search:
        return _found(view)
    day = f"{view.batch.day:%A, %-d %B %Y}"
    if view.is_sample:
        why = f" {today.sentence}" if today is not None else ""
        return "sample", f"{SAMPLE_SENTENCE}{why}"
    if today is not None and today.batch is not None and today.batch.day == view.batch.day:
        known = f"{view.batch.day:%-d %B %Y}" in today.sentence
        sentence = today.sentence if known else f"{day}. {today.sentence}"
        return ("plain" if today.state == "fresh" else "other"), sentence
    about = {"search": "from arXiv's search, so the day is approximate",
             "feed": "from the library"}[view.batch.origin]
    return "plain", f"{day}, {about}"
