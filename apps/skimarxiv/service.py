"""The service behind the page: one library for all visitors, one polite fetch of the feed."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from apps.shared.compute.executor import background_executor
from apps.skimarxiv.earlier_days import EarlierDays
from core.literature.arxiv.rate_limit import seconds_to_turn
from core.literature.library.announcements import Announcements, Version
from core.literature.library.library import Library

if TYPE_CHECKING:
    from core.literature.arxiv.announcement import Announcement, Batch
    from core.literature.skim.refresh import Today
    from core.literature.text.paper import Paper
    from core.literature.tldr.tldr import Tldr

__all__ = ["Fetch", "SkimService", "skim_service", "swap"]

_log = logging.getLogger(__name__)
_EVERY = 600.0  # s between two fetches of the same categories, for all visitors
_AGAIN = 90.0  # s, if the last one failed
_LONGEST_WAIT = 1800.0  # s, after many failures
_SPARE = 3.5  # s that a turn after another request takes anyway; no pause that was asked for
_GIVEN_UP = 12  # failures in a row after which only a visitor has it tried again
_KEPT = 200  # sets of categories that are remembered
_AT_ONCE = 3  # fetches under way
_CHUNK = 8  # papers whose sentences are scored in one call

_GOOD = ("fresh", "weekend", "holiday", "empty")
_ANSWERED = (*_GOOD, "stale", "partial")


class Fetch:
    """A look at the feed, under way or over, and the days missed before it.

    Attributes:
        categories: that were asked for.
        today: what came of it, once it is there; None if it failed (see the server log).
        caught_up: earlier days that were fetched after it.
        failures: looks in a row that failed, this one not counted.
    """

    def __init__(self, categories: tuple[str, ...], failures: int = 0) -> None:
        self.categories, self.failures = categories, failures
        self.today: Today | None = None
        self.caught_up: tuple[date, ...] = ()
        self._ended = 0.0
        self._there, self._over = threading.Event(), threading.Event()

    @property
    def there(self) -> bool:
        """Whether the feed's answer is there."""
        return self._there.is_set()

    @property
    def over(self) -> bool:
        """Whether the missed days are there too, or never will be."""
        return self._over.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait for the feed's answer; whether it came."""
        return self._there.wait(seconds)

    def wait_over(self, seconds: float) -> bool:
        """Wait for the missed days; whether they came."""
        return self._over.wait(seconds)

    def answer(self, today: Today | None) -> None:
        """The feed's answer is there."""
        self.today = today
        self._there.set()

    def end(self, caught_up: tuple[date, ...]) -> None:
        """Nothing more comes."""
        self.caught_up, self._ended = caught_up, time.monotonic()
        self._over.set()

    @property
    def is_good(self) -> bool:
        """Whether arXiv answered, and for all categories."""
        return self.today is not None and self.today.state in _GOOD

    def due(self, every: float, again: float) -> bool:
        """Whether it is time for another one."""
        return self.over and self.left(every, again) < 0

    def left(self, every: float, again: float) -> float:
        """Seconds until it is time for another one; after each failure twice as many, and never
        before arXiv's own pause is over."""
        wait = every if self.is_good else min(again * 2**self.failures, _LONGEST_WAIT)
        until = self._ended + wait - time.monotonic()
        return until if self.is_good else max(until, seconds_to_turn() - _SPARE)


class SkimService:
    """Everything the pages ask for.

    Args:
        library: of all visitors.
        every: seconds between two fetches of the same categories.
        now: another clock, for tests.
        again: seconds until the next try after a first failure.
        keeps_trying: after a failure, with nobody asking.
    """

    def __init__(
        self, library: Library, every: float = _EVERY, now: Callable[[], datetime] | None = None,
        *, again: float = _AGAIN, keeps_trying: bool = False,
    ) -> None:
        self.again, self.keeps_trying = min(again, every), keeps_trying
        self.library = library
        self.announcements = Announcements(library)
        self.every = every
        self.now = now or (lambda: datetime.now(UTC))
        self.earlier = EarlierDays(self.announcements, lambda: self.now())
        self._fetches: dict[tuple[str, ...], Fetch] = {}
        self._lock = threading.Lock()
        self.ready = False  # to embed a text without waiting for the model
        self._warming: threading.Thread | None = None
        self.sample_tldrs: dict[str, Tldr] = {}  # the sample never enters the library

    def warm(self) -> None:
        """Begin to open the embedding model, which takes seconds, unless that was done."""
        with self._lock:
            if self._warming is None:
                self._warming = threading.Thread(target=self._warm, daemon=True)
                self._warming.start()

    def _warm(self) -> None:
        from core.literature.text.embedding import embed

        try:
            embed(["cosmology"])
            self.ready = True
        except BaseException:  # of native code, too
            _log.exception("the embedding model cannot be opened")

    def fetch(self, categories: Sequence[str], *, at_once: bool = False) -> Fetch | None:
        """The last look at the feed, or a new one if it is time; it goes on in the background.

        Args:
            categories: of arXiv.
            at_once: after a failure, do not wait for the time of the next try; a pause that arXiv
                asked for is kept all the same.

        Returns:
            None if too many are under way already.
        """
        key = tuple(sorted(categories))
        with self._lock:
            known = self._fetches.get(key)
            asked = known is not None and known.over and at_once and not known.is_good
            due = known is not None and known.due(self.every, self.again)
            if known is not None and not asked and not due:
                return known
            failures = _failures(known, due)
            if sum(not fetch.over for fetch in self._fetches.values()) >= _AT_ONCE:
                return None
            while len(self._fetches) >= _KEPT:
                del self._fetches[next(iter(self._fetches))]
            fetch = self._fetches[key] = Fetch(tuple(categories), failures)
        threading.Thread(target=self._ask_feed, args=(fetch,), daemon=True).start()
        return fetch

    def _ask_feed(self, fetch: Fetch) -> None:
        from core.literature.skim.refresh import catch_up_missed, refresh

        caught_up: tuple[date, ...] = ()
        try:
            now = self.now()
            today = refresh(self.announcements, fetch.categories, now=now, catch_up=0)
            fetch.answer(today)
            if today.state in _ANSWERED:
                caught_up = catch_up_missed(self.announcements, fetch.categories, now=now)
        except BaseException:  # of native code, too: who waits has to hear of it
            _log.exception("the feed could not be looked at")
            fetch.answer(fetch.today)
        finally:
            fetch.end(caught_up)
            self._try_later(fetch)

    def next_try(self, fetch: Fetch) -> float | None:
        """Seconds until the feed is asked again by itself; None where nothing failed."""
        if not fetch.over or fetch.is_good:
            return None
        return max(fetch.left(self.every, self.again), 1.0)

    def _try_later(self, fetch: Fetch) -> None:
        """After a failure, ask again when it is time, whether a page is open or not."""
        wait = self.next_try(fetch)
        if not self.keeps_trying or wait is None or fetch.failures >= _GIVEN_UP:
            return
        timer = threading.Timer(wait + 0.1, self.fetch, [fetch.categories])
        timer.daemon = True
        timer.start()

    def last(self, categories: Sequence[str]) -> Batch:
        """The last good batch of the library, else the sample."""
        found = self.announcements.last(categories)
        return found if found is not None else self.sample(categories)

    def sample(self, categories: Sequence[str] = ()) -> Batch:
        """The batch that this project wrote, in these categories if it has any."""
        from core.literature.skim.sample import sample_batch

        return sample_batch(categories)

    def day(self, day: date, categories: Sequence[str]) -> Batch | None:
        """What the library has of a day."""
        return self.announcements.batch(day, categories)

    def find(self, id: str) -> Announcement | None:
        """A paper by its id, as it was last announced; the sample's too."""
        from core.literature.arxiv.announcement import Announcement
        from core.literature.skim.sample import is_sample

        items = self.sample().announcements if is_sample(id) else self.announcements.search(id, 1)
        for item in items:
            if item.paper.id == id:
                return item
        paper = None if is_sample(id) else self.library.get(id)  # found by a search of CosmoGemma
        if paper is None:
            return None
        return Announcement(paper, paper.published or self.now().date())

    def versions(self, id: str) -> list[Version]:
        """The texts of a paper's versions that are known, the oldest first; the sample's too."""
        from core.literature.skim.sample import is_sample, sample_older_texts

        if not is_sample(id):
            return self.announcements.versions(id)
        item = self.find(id)
        if item is None:
            return []
        texts = [*sample_older_texts(id), (item.version, item.paper.title, item.paper.abstract)]
        return [Version(number, item.day, title, text) for number, title, text in texts]

    def prepare(
        self, items: Sequence[Announcement], embeddings_first: bool, cancelled: Callable[[], bool],
    ) -> Iterator[str]:
        """Compute what nobody computed before, by chunks; what is ready stays in the library.

        Args:
            items: in the order in which they are wanted.
            embeddings_first: the order of the list waits for them.
            cancelled: asked between chunks.

        Yields:
            "embeddings" once when they are all in, new or not; "tldr" after each chunk of TL;DRs.
        """
        steps = (self._embeddings, self._tldrs)
        for step in steps if embeddings_first else steps[::-1]:
            yield from step(items, cancelled)

    def _embeddings(
        self, items: Sequence[Announcement], cancelled: Callable[[], bool]
    ) -> Iterator[str]:
        from core.literature.skim.sample import is_sample

        ids = [item.paper.id for item in items if not is_sample(item.paper.id)]
        known = self.library.whole_vectors(ids)
        missing = [id for id in ids if id not in known]
        for i in range(0, len(missing), _CHUNK):
            if not _in_turn("embeddings", cancelled, self.library.embed_missing,
                            missing[i : i + _CHUNK]):
                return
        self.warm()
        if self._warming is not None:
            self._warming.join()
        yield "embeddings"

    def _tldrs(
        self, items: Sequence[Announcement], cancelled: Callable[[], bool]
    ) -> Iterator[str]:
        known = self.tldrs(items)
        missing = [a for a in items if a.paper.id not in known and a.paper.abstract.strip()]
        for i in range(0, len(missing), _CHUNK):
            chunk = missing[i : i + _CHUNK]
            if not _in_turn("summaries", cancelled, self._choose_sentences, chunk):
                return
            yield "tldr"

    def _choose_sentences(self, chunk: Sequence[Announcement]) -> None:
        """Choose sentences; those that another visitor had chosen meanwhile are taken."""
        from core.literature.arxiv.announcement import Batch
        from core.literature.skim.entries import summaries
        from core.literature.skim.sample import is_sample

        done = self.tldrs(chunk)
        left = [item for item in chunk if item.paper.id not in done]
        for origin in ("feed", "sample"):
            own = [item for item in left if is_sample(item.paper.id) == (origin == "sample")]
            if own:
                batch = Batch(own[0].day, (), tuple(own), origin, self.now())
                found = {paper.id: tldr for paper, tldr in summaries(batch, self.announcements)}
                if origin == "sample":
                    self.sample_tldrs |= found

    def tldrs(self, items: Sequence[Announcement]) -> dict[str, tuple[int, str]]:
        """The sentence that is the TL;DR of each paper that has one, and its words, by id."""
        from core.literature.tldr.tldr import model_name

        keys = {f"{item.paper.id}v{item.version}": item.paper for item in items}
        kept = self.announcements.summaries(list(keys), model_name())
        found = {}
        for key, (number, _) in kept.items():
            with suppress(ValueError):  # the abstract became too short for it
                found[keys[key].id] = (number, _tldr_text(keys[key], number))
        own = {item.paper.id: self.sample_tldrs.get(item.paper.id) for item in items}
        return found | {id: (tldr.sentence, tldr.text) for id, tldr in own.items() if tldr}


def _failures(known: Fetch | None, due: bool) -> int:
    """Looks in a row that failed when their time had come; one that a visitor asked for before it
    makes the next wait no longer."""
    if known is None or known.is_good:
        return 0
    return known.failures + 1 if due else known.failures


def _in_turn(
    kind: str, cancelled: Callable[[], bool], work: Callable[[Any], Any], chunk: Sequence[Any]
) -> bool:
    """Compute a chunk when it is its visitor's turn; whether it is still wanted then."""

    def wanted() -> bool:
        if cancelled():
            return False
        work(chunk)
        return True

    return not cancelled() and background_executor().run(kind, wanted)


@lru_cache(maxsize=4000)
def _tldr_text(paper: Paper, number: int) -> str:
    from core.literature.tldr.tldr import shown_text

    return shown_text(paper, number)


_service: SkimService | None = None
_opening = threading.Lock()


def skim_service() -> SkimService:
    """The service of this process; the library is opened at the first call."""
    global _service
    with _opening:
        if _service is None:
            _service = SkimService(Library.open(), keeps_trying=True)
        return _service


def swap(other: SkimService | None) -> SkimService | None:
    """Put another service in its place, and return the one before; for tests."""
    global _service
    with _opening:
        before, _service = _service, other
        return before
