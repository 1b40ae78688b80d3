"""The desk behind the page: one library for all visitors, and one polite fetch of the feed."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from core.literature.announcements import Announcements
from core.literature.library import Library

if TYPE_CHECKING:
    from core.literature.tldr import Tldr

    from core.literature.announcement import Announcement, Batch
    from core.literature.daily import Today
    from core.literature.library import Paper

__all__ = ["Desk", "Fetch", "desk", "swap"]

_log = logging.getLogger(__name__)
_EVERY = 600.0  # s between two fetches of the same categories, for all visitors
_AGAIN = 90.0  # s, if the last one failed
_KEPT = 200  # sets of categories that are remembered
_AT_ONCE = 3  # fetches under way
_CHUNK = 8  # papers whose sentences are weighed in one call

_GOOD = ("fresh", "weekend", "holiday", "empty", "stale")


class Fetch:
    """A look at the feed, under way or over.

    Attributes:
        categories: that were asked for.
        today: what came of it, once it is over.
        failed: it broke for a reason that the log tells.
    """

    def __init__(self, categories: tuple[str, ...]) -> None:
        self.categories = categories
        self.today: Today | None = None
        self.failed = False
        self.ended = 0.0
        self._over = threading.Event()

    @property
    def over(self) -> bool:
        """Whether it came to an end."""
        return self._over.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait for its end; whether it came."""
        return self._over.wait(seconds)

    def end(self, today: Today | None) -> None:
        """Say what came of it; None if it broke."""
        self.today, self.failed, self.ended = today, today is None, time.monotonic()
        self._over.set()

    def due(self, every: float, again: float) -> bool:
        """Whether it is time for another one."""
        good = self.today is not None and self.today.state in _GOOD
        return self.over and time.monotonic() - self.ended > (every if good else again)


class Desk:
    """Everything the pages ask for.

    Args:
        library: of all visitors.
        every: seconds between two fetches of the same categories.
    """

    def __init__(self, library: Library, every: float = _EVERY) -> None:
        self.library = library
        self.announcements = Announcements(library)
        self.every = every
        self._fetches: dict[tuple[str, ...], Fetch] = {}
        self._lock = threading.Lock()
        self._preparing = threading.Lock()
        self.ready = False  # to compare meanings without waiting for the model
        self._warming: threading.Thread | None = None
        self.of_sample: dict[str, Tldr] = {}  # which never enters the library

    def warm(self) -> None:
        """Begin to open the model of meanings, which takes seconds, unless that was done."""
        with self._lock:
            if self._warming is None:
                self._warming = threading.Thread(target=self._warm, daemon=True)
                self._warming.start()

    def _warm(self) -> None:
        from core.literature.embedding import embed

        try:
            embed(["cosmology"])
            self.ready = True
        except Exception:
            _log.exception("the model of meanings cannot be opened")

    def fetch(self, categories: Sequence[str]) -> Fetch | None:
        """The last look at the feed, or a new one if it is time; it goes on in the background.

        None if too many are under way already.
        """
        key = tuple(sorted(categories))
        with self._lock:
            known = self._fetches.get(key)
            if known is not None and not known.due(self.every, min(self.every, _AGAIN)):
                return known
            if sum(not fetch.over for fetch in self._fetches.values()) >= _AT_ONCE:
                return None
            while len(self._fetches) >= _KEPT:
                del self._fetches[next(iter(self._fetches))]
            fetch = self._fetches[key] = Fetch(tuple(categories))
        threading.Thread(target=self._look, args=(fetch,), daemon=True).start()
        return fetch

    def _look(self, fetch: Fetch) -> None:
        from core.literature.daily import refresh

        try:
            fetch.end(refresh(self.announcements, fetch.categories))
        except Exception:
            _log.exception("the feed could not be looked at")
            fetch.end(None)

    def last(self, categories: Sequence[str]) -> Batch:
        """The last good batch of the library, else the sample."""
        found = self.announcements.last(categories)
        return found if found is not None else self.sample(categories)

    def sample(self, categories: Sequence[str] = ()) -> Batch:
        """The batch that this project wrote, in these categories if it has any."""
        from core.literature.sample import sample_batch

        return sample_batch(categories)

    def day(self, day: date, categories: Sequence[str]) -> Batch | None:
        """What the library has of a day."""
        return self.announcements.batch(day, categories)

    def find(self, id: str) -> Announcement | None:
        """A paper by its id, as it was last announced; the sample's too."""
        from core.literature.announcement import Announcement

        for item in self.sample().announcements if id.startswith("sample.") else ():
            if item.paper.id == id:
                return item
        paper = self.library.get(id)
        if paper is None:
            return None
        versions = self.announcements.versions(id)
        day = versions[-1].day if versions else paper.published or date.today()
        return Announcement(paper, day, version=versions[-1].version if versions else 1)

    def prepare(
        self, papers: Sequence[Paper], meanings_first: bool, cancelled: Callable[[], bool],
    ) -> Iterator[str]:
        """Weigh what nobody weighed before, by chunks; what is ready stays in the library.

        Args:
            papers: in the order in which they are wanted.
            meanings_first: the order of the list waits for the meanings.
            cancelled: asked between chunks.

        Yields:
            "meanings" once when they are all in, new or not; "tldr" after each chunk of TL;DRs.
        """
        steps = (self._meanings, self._tldrs)
        for step in steps if meanings_first else steps[::-1]:
            yield from step(papers, cancelled)

    def _meanings(
        self, papers: Sequence[Paper], cancelled: Callable[[], bool]
    ) -> Iterator[str]:
        ids = [paper.id for paper in papers if not paper.id.startswith("sample.")]
        missing = [id for id in ids if id not in self.library.whole_vectors(ids)]
        for i in range(0, len(missing), _CHUNK):
            with self._preparing:
                if cancelled():
                    return
                self.library.embed_missing(missing[i : i + _CHUNK])
        yield "meanings"

    def _tldrs(self, papers: Sequence[Paper], cancelled: Callable[[], bool]) -> Iterator[str]:
        from core.literature.tldr import tldrs

        known = self.told([paper.id for paper in papers])
        missing = [p for p in papers if p.id not in known and p.abstract.strip()]
        for i in range(0, len(missing), _CHUNK):
            chunk = missing[i : i + _CHUNK]
            with self._preparing:  # another visitor may have done it while this one waited
                if cancelled():
                    return
                done = self.told([paper.id for paper in chunk])
                for paper, found in tldrs([p for p in chunk if p.id not in done]):
                    self._keep(paper, found)
            yield "tldr"

    def _keep(self, paper: Paper, found: Tldr) -> None:
        from core.literature.tldr import model_name

        from core.literature.sample import is_sample

        if is_sample(paper.id):
            self.of_sample[paper.id] = found
        else:
            self.announcements.keep_summary(
                paper.id, model_name(), found.sentence, found.score
            )

    def told(self, ids: Sequence[str]) -> dict[str, int]:
        """The sentence that is the TL;DR of each paper that has one."""
        from core.literature.tldr import model_name

        found = {id: number for id, (number, _) in
                 self.announcements.summaries(ids, model_name()).items()}
        return found | {id: self.of_sample[id].sentence for id in ids if id in self.of_sample}


_desk: Desk | None = None
_opening = threading.Lock()


def desk() -> Desk:
    """The desk of this process; the library is opened at the first call."""
    global _desk
    with _opening:
        if _desk is None:
            _desk = Desk(Library.open())
        return _desk


def swap(other: Desk | None) -> Desk | None:
    """Put another desk in its place, and return the one before; for tests."""
    global _desk
    with _opening:
        before, _desk = _desk, other
        return before
