"""The day's papers in order, each with a sentence, its numbers and its subjects.

From a cron job::

    python -m core.literature.skim --categories astro-ph.CO gr-qc --markdown --output today.md

It ends with 0 if there is a digest of what was asked for, 1 if it could not be written, 2 if the
question was wrong, 3 if arXiv announced nothing new, 4 if arXiv could not be read. With 3 and 4 the
last good day is shown, and its sentence says so; with 5 there was only the sample to show.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core.files import write_whole
from core.home import provide_home
from core.literature.arxiv.announcement import Batch
from core.literature.arxiv.calendar import in_words
from core.literature.arxiv.categories import known_category
from core.literature.arxiv.ids import checked_categories
from core.literature.library.announcements import Announcements
from core.literature.library.library import Library
from core.literature.ranking.profile import Profile
from core.literature.skim.entries import Entry, entries, summaries
from core.literature.skim.sample import SAMPLE_SENTENCE, sample_batch
from core.settings import get_settings

__all__ = ["Entry", "NothingToShowError", "Skimmed", "entries", "main", "skim", "summaries"]

_FRESH = "fresh"
_NOTHING_NEW = ("weekend", "holiday", "empty", "stale")
_DONE, _NOT_WRITTEN, _WRONG, _NOTHING, _UNREAD, _SAMPLE = range(6)


class NothingToShowError(ValueError):
    """A day is not there; the message is a sentence for a person.

    Attributes:
        status: that the command ends with.
    """

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class Skimmed:
    """A batch to show.

    Attributes:
        batch: of the day, or of the last good one.
        state: of the fetch, "fresh" if it is what was asked for, or "sample".
        sentence: what to say about it.
    """

    batch: Batch
    state: str
    sentence: str


# --- what to show ---------------------------------------------------------------------------------


def skim(
    announcements: Announcements, categories: Sequence[str], *, day: date | None = None,
    offline: bool = False,
) -> Skimmed:  # fmt: skip
    """What to show: today's batch, that of a day, or the last one that is stored.

    Args:
        announcements: the store; what is fetched is recorded there.
        categories: of arXiv.
        day: a past day; by default today.
        offline: ask nobody; show what is stored, else the sample.

    Raises:
        NothingToShowError: if the past day is neither stored nor found.
        ValueError: for something that is no category.
    """
    if day:
        return _of_day(announcements, categories, day, offline)
    if offline:
        stored = announcements.last(categories)
        return Skimmed(stored, _FRESH, _offline_sentence(stored)) if stored else _sample(categories)
    from core.literature.skim.refresh import refresh

    today = refresh(announcements, categories)
    if today.state == "bad category":
        raise ValueError(today.sentence)
    if not today.batch:
        return _sample(categories, today.sentence)
    sentence = today.sentence
    if today.caught_up:
        days = ", ".join(map(in_words, today.caught_up))
        sentence += f" Fetched afterwards, and shown with --day: {days}."
    return Skimmed(today.batch, today.state, sentence)


def _of_day(
    announcements: Announcements, categories: Sequence[str], day: date, offline: bool
) -> Skimmed:
    stored = announcements.batch(day, categories)
    if stored:
        return Skimmed(stored, _FRESH, "")
    if offline:
        raise NothingToShowError(f"Nothing of {day} is stored for these categories.", _NOTHING)
    from core.literature.arxiv.backfill import fetch_back_issue

    answer = fetch_back_issue(day, categories)
    if answer.batch is None:
        raise NothingToShowError(answer.sentence, _status(answer.state))
    announcements.record(answer.batch)
    return Skimmed(answer.batch, _FRESH, answer.sentence)


def _offline_sentence(batch: Batch) -> str:
    return f"Stored on {in_words(batch.fetched.date())}; arXiv was not asked."


def _sample(categories: Sequence[str], sentence: str = "") -> Skimmed:
    batch = sample_batch(categories)
    if set(batch.categories) != set(categories):
        sentence = f"It has no papers in {' '.join(categories)}; all of it is shown. {sentence}"
    return Skimmed(batch, "sample", f"{SAMPLE_SENTENCE} {sentence}".strip())


# --- command line ---------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """Write a digest; returns the exit status."""
    given = _parser().parse_args(arguments)
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")  # cron mails what is on stderr
    try:
        provide_home(get_settings().cache)
        profile = _profile(given.profile)
        categories = _categories(given.categories or profile.categories)
        library = Library.open(given.library, primer=False)
        announcements = Announcements(library)
        found = skim(announcements, categories, day=given.day, offline=given.offline)
        shown = entries(
            found.batch, profile, announcements, library, prepare=True, most=given.most
        )
        text = _text(found, shown, profile, given.json)
    except ValueError as error:
        print(error, file=sys.stderr)
        return error.status if isinstance(error, NothingToShowError) else _WRONG
    try:
        _write(text, given.output)
    except OSError as error:
        print(f"The digest cannot be written: {error}.", file=sys.stderr)
        return _NOT_WRITTEN
    return _status(found.state)


def _status(state: str) -> int:
    special = {_FRESH: _DONE, "partial": _DONE, "sample": _SAMPLE, "bad category": _WRONG}
    return special.get(state, _NOTHING if state in _NOTHING_NEW else _UNREAD)


def _text(found: Skimmed, shown: Sequence[Entry], profile: Profile, json: bool) -> str:
    from core.literature.skim.digest import as_json, as_markdown

    said = {"state": found.state, "sentence": found.sentence}
    if json:
        return as_json(found.batch, shown, **said, own=tuple(profile.reference))
    return as_markdown(found.batch, shown, **said, own=tuple(profile.reference))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m core.literature.skim", description="The day's arXiv, skimmed.",
        epilog="It ends with 0: as asked; 1: not written; 2: wrong question; 3: nothing new; "
        "4: arXiv could not be read; 5: only the sample.",
    )  # fmt: skip
    parser.add_argument(
        "--categories", nargs="+", metavar="CATEGORY", help="of arXiv; else the profile's"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--markdown", action="store_true", help="the digest as Markdown (default)")
    form.add_argument("--json", action="store_true", help="the digest as JSON")
    parser.add_argument("--profile", type=Path, metavar="FILE", help="exported from the page")
    parser.add_argument("--day", type=_day, metavar="YYYY-MM-DD", help="a past day")
    parser.add_argument("--output", type=Path, metavar="FILE", help="to write; else the terminal")
    parser.add_argument("--library", type=Path, metavar="FILE", help="else the user's own")
    parser.add_argument("--offline", action="store_true", help="ask nobody, show what is stored")
    parser.add_argument("--most", type=_count, metavar="N", help="only the first N papers")
    return parser


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; one is 2026-01-31") from None


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} should be a whole number from 1")
    return int(text)


def _categories(asked: Sequence[str]) -> tuple[str, ...]:
    """Categories that arXiv has, as it writes them; a comma may stand between two.

    Raises:
        ValueError: one sentence, if one is none.
    """
    named = [name for part in asked for name in part.split(",") if name.strip()]
    for name in named:
        if known_category(name) is None:
            raise ValueError(f"{name[:40]!r} is no arXiv category; one is astro-ph.CO.")
    return checked_categories([known for name in named if (known := known_category(name))])


def _profile(path: Path | None) -> Profile:
    if path is None:
        return Profile()
    try:
        return Profile.from_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"The profile {path} cannot be read; give a file exported from the page."
                         ) from error  # fmt: skip


def _write(text: str, path: Path | None) -> None:
    """To the terminal, or to a file that is whole at every moment."""
    if path is None:
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    write_whole(path.resolve(), text.encode())
