"""All announcements that were fetched, by day and category, in the library's file.

An announcement stays as it was on its day, so that two versions of a paper can be compared. What
:meth:`Announcements.record` returned from is in the file for ever: whole, whatever happens next.

Example:
    >>> announcements = Announcements(Library.open())
    >>> announcements.record(batch)
    37
    >>> announcements.last(["astro-ph.CO"]).day
    datetime.date(2026, 11, 23)
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from core.literature.arxiv.announcement import Announcement, Batch, Kind, Origin
from core.literature.library.announcement_merge import cover, write
from core.literature.library.announcement_rows import COLUMNS, Listed, announcement_of, checked
from core.literature.library.announcement_search import search
from core.literature.library.library import Library

__all__ = ["Announcements", "Version"]

_GOOD = ("fresh", "weekend", "holiday", "empty")
_ROW = ", ".join(f"a.{name.strip()}" for name in COLUMNS.split(","))


@dataclass(frozen=True)
class Version:
    """A paper's text in one version, as it was announced first.

    Attributes:
        version: from 1.
        day: on which it was announced.
        title, abstract: plain text with LaTeX mathematics.
    """

    version: int
    day: date
    title: str
    abstract: str


class Announcements:
    """The announcements in a library. Safe from many threads and processes.

    Args:
        library: its file also holds the announcements; their papers become the library's.
    """

    def __init__(self, library: Library) -> None:
        self.library = library

    # --- writing ------------------------------------------------------------------------------

    def record(self, batch: Batch, *, is_whole: bool = True) -> int:
        """Keep a batch, for ever; all of it or, on error, nothing.

        Args:
            batch: of a day.
            is_whole: otherwise its papers are kept, but the day stays missing.

        Its papers are at once in the library, without embeddings. One batch of the same day and
        categories after another is merged with it; what arXiv's search made up for a day gives way
        to the feed of that day.

        Returns:
            How many announcements are new.

        Raises:
            ValueError: for a sample, which is made up, or a batch without a category.
        """
        if not batch.categories:
            raise ValueError("A batch names the categories that were asked for, at least one.")
        listed = [
            checked(Listed(replace(item, day=batch.day), _kinds(item, batch.categories),
                           batch.origin, batch.fetched))
            for item in batch.announcements
        ]
        with self.library.transaction(durable=True) as connection:
            for category in dict.fromkeys(batch.categories) if is_whole else ():
                cover(connection, category, batch.day, batch.origin, batch.fetched)
            return write(self.library, connection, listed)

    # --- days ---------------------------------------------------------------------------------

    def batch(self, day: date, categories: Sequence[str]) -> Batch | None:
        """What was announced on a day, in the order of the feed; None if that was never fetched.

        If only some of the categories were fetched, the batch has these.
        """
        covered = self._covered(day, categories)
        if not covered:
            return None
        found: dict[int, tuple[tuple, dict[Kind, None]]] = {}
        for category, (origin, _) in covered.items():
            rows = self.library.connection.execute(
                f"SELECT l.key, l.kinds, {_ROW} FROM listed l JOIN announced a USING (key) "
                "WHERE l.category = ? AND l.day = ? AND l.origin = ?",
                (category, day.isoformat(), origin),
            )
            for key, kinds, *row in rows:
                found.setdefault(key, (tuple(row), {}))[1].update(dict.fromkeys(json.loads(kinds)))
        items: dict[str, Announcement] = {}
        for _, (values, every) in sorted(found.items()):
            item = announcement_of(values, every)
            if item.paper.id not in items or items[item.paper.id].version < item.version:
                items[item.paper.id] = item
        origins = {origin for origin, _ in covered.values()}
        return Batch(
            day, tuple(covered), tuple(items.values()), "search" if "search" in origins else "feed",
            min(fetched for _, fetched in covered.values()),
        )

    def last(self, categories: Sequence[str]) -> Batch | None:
        """The latest batch with any announcement in it; None if there is none yet."""
        for day, _ in self._counted(categories):
            return self.batch(day, categories)
        return None

    def days(self, categories: Sequence[str], most: int = 60) -> list[tuple[date, int]]:
        """The days with announcements and how many papers each has, the latest first."""
        return list(islice(self._counted(categories), most))

    def missing(self, day: date, categories: Sequence[str]) -> list[str]:
        """Those of the categories that were never fetched for a day."""
        covered = self._covered(day, categories)
        return [category for category in dict.fromkeys(categories) if category not in covered]

    def begun(self, category: str) -> date | None:
        """The first day that was ever fetched for a category."""
        (day,) = self.library.one("SELECT min(day) FROM issues WHERE category = ?", category)
        return date.fromisoformat(day) if day else None

    def _counted(self, categories: Sequence[str]) -> Iterator[tuple[date, int]]:
        names = ", ".join("?" * len(categories))
        rows = self.library.connection.execute(
            f"SELECT DISTINCT day FROM issues WHERE category IN ({names}) ORDER BY day DESC",
            tuple(categories),
        ).fetchall()
        for (day,) in rows:
            count = self.library.one(
                "SELECT count(DISTINCT a.id) FROM listed l JOIN issues i USING (category, day, "
                f"origin) JOIN announced a USING (key) WHERE l.category IN ({names}) "
                "AND l.day = ?",
                *categories, day,
            )[0]
            if count:
                yield date.fromisoformat(day), int(count)

    def _covered(
        self, day: date, categories: Sequence[str]
    ) -> dict[str, tuple[Origin, datetime]]:
        """Category -> where its issue of a day comes from, and when it was fetched."""
        found = {}
        for category in dict.fromkeys(categories):
            row = self.library.one(
                "SELECT origin, fetched FROM issues WHERE category = ? AND day = ?",
                category, day.isoformat(),
            )
            if row:
                found[category] = row[0], datetime.fromisoformat(row[1])
        return found

    def came_new(self, ids: Sequence[str]) -> set[str]:
        """Those papers that the feed has announced as new, on any day."""
        query = (
            "SELECT 1 FROM announced a JOIN listed l USING (key) WHERE a.id = ? "
            "AND l.origin = 'feed' AND l.kinds LIKE '%\"new\"%'"
        )
        return {id for id in ids if self.library.one(query, id)}

    # --- papers -------------------------------------------------------------------------------

    def versions(self, id: str) -> list[Version]:
        """The versions of a paper that were announced, the oldest first."""
        rows = self.library.connection.execute(
            "SELECT version, day, title, abstract FROM announced WHERE id = ? "
            "ORDER BY version DESC, origin = 'feed', day DESC", (id,),
        )
        found = {row[0]: Version(row[0], date.fromisoformat(row[1]), *row[2:]) for row in rows}
        return list(found.values())[::-1]

    def search(
        self, query: str, most: int = 100, *, since: date | None = None,
        until: date | None = None, categories: Sequence[str] = (), least: int | None = None,
    ) -> list[Announcement]:
        """The announcements with all words of a query in title, abstract or authors.

        Args:
            query: words in any of their endings and spellings, "phrases in quotes", or an arXiv id.
            most: longest result.
            since, until: first and last day.
            categories: one of these; empty means any.
            least: so many of the words are enough, any of them.

        Returns:
            Each paper once, as it was announced last with these words; the latest first.
        """
        return search(
            self.library, query, most, since=since, until=until, categories=categories,
            least=least,
        )

    # --- summaries and fetches ----------------------------------------------------------------

    def keep_summary(self, id: str, model: str, sentence: int, score: float) -> None:
        """Keep which sentence sums a text up.

        Args:
            id: of the text: the paper's with its version, "2301.01234v2". One kept by the plain id
                is dropped when the paper's abstract changes.
            model: that chose.
            sentence: its index in the abstract.
            score: that the model gave.
        """
        with self.library.transaction() as connection:
            connection.execute(
                "REPLACE INTO summaries VALUES (?, ?, ?, ?)", (id, model, sentence, score)
            )

    def summaries(self, ids: Sequence[str], model: str) -> dict[str, tuple[int, float]]:
        """Sentence and score by id, as :meth:`keep_summary` keeps them; what is there."""
        query = "SELECT sentence, score FROM summaries WHERE id = ? AND model = ?"
        rows = {id: self.library.one(query, id, model) for id in ids}
        return {id: (int(row[0]), float(row[1])) for id, row in rows.items() if row}

    def note_fetch(self, categories: Sequence[str], state: str, at: datetime) -> None:
        """Remember that the feed was asked for, and how that ended.

        Args:
            categories: that were asked for.
            state: of :data:`core.literature.arxiv.feed.State`.
            at: when, with a time zone.
        """
        if at.tzinfo is None:
            raise ValueError("The time of fetching needs a time zone.")
        time, good = at.isoformat(), state in _GOOD
        with self.library.transaction() as connection:
            for category in categories:
                connection.execute(
                    "INSERT INTO fetches VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                    "state = excluded.state, tried = excluded.tried, "
                    "succeeded = coalesce(excluded.succeeded, succeeded)",
                    (category, state, time, time if good else None),
                )

    def fetched(self, categories: Sequence[str]) -> datetime | None:
        """When all of the categories were last fetched with success, even if there was nothing."""
        times = []
        for category in categories:
            row = self.library.one("SELECT succeeded FROM fetches WHERE category = ?", category)
            if not row or not row[0]:
                return None
            times.append(datetime.fromisoformat(row[0]))
        return min(times, default=None)

    # --- files --------------------------------------------------------------------------------

    def export(self, path: Path) -> int:
        """Write every announcement into a file, one a line (JSON); returns how many.

        The file is there only when it is whole.
        """
        from core.literature.library.announcement_export import write_file

        return write_file(self.library, path)

    def import_(self, path: Path) -> int:
        """Take in what :meth:`export` wrote, all of it or nothing; returns how many are new.

        Raises:
            ValueError: names the first line that is wrong.
        """
        from core.literature.library.announcement_export import read_file

        return read_file(self.library, path)


def _kinds(item: Announcement, categories: Sequence[str]) -> dict[str, tuple[Kind, ...]]:
    """The categories asked for that the paper is in (all, if that is not known) with its kinds."""
    own = item.paper.categories
    among = [
        asked for asked in categories
        if any(one == asked or one.startswith(f"{asked}.") for one in own)
    ]
    return dict.fromkeys(among or categories, item.kinds)
