"""The papers of a batch as they are shown: ranked, each with a sentence, numbers and facets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from core.literature.arxiv.announcement import Announcement, Batch
from core.literature.facets.facets import facets
from core.literature.library.announcements import Announcements
from core.literature.library.library import Library
from core.literature.measurements.extract import Measurement, measurements
from core.literature.measurements.tension import tension
from core.literature.ranking.profile import Profile
from core.literature.ranking.rank import Ranked, rank
from core.literature.text.paper import Paper
from core.literature.tldr.tldr import Tldr, model_name, shown_text, tldrs

__all__ = ["Entry", "entries", "summaries"]


@dataclass(frozen=True)
class Entry:
    """A paper as it is shown.

    Attributes:
        announcement: of the day.
        ranked: its place, with reasons in words.
        tldr: the sentence that stands for the abstract; None while it is not computed.
        measurements: the numbers of the abstract.
        tensions: how many sigma each of them lies from its reference; None where nothing compares.
        facets: what it is about, by "survey", "simulation", "statistic" and "object".
    """

    announcement: Announcement
    ranked: Ranked
    tldr: Tldr | None
    measurements: tuple[Measurement, ...]
    tensions: tuple[float | None, ...]
    facets: dict[str, tuple[str, ...]]


def entries(
    batch: Batch, profile: Profile, announcements: Announcements, library: Library, *,
    prepare: bool, meaning: bool | None = None, most: int | None = None,
) -> list[Entry]:  # fmt: skip
    """The papers of a batch in the order for a reader.

    Args:
        batch: of a day, or the sample, which is never stored.
        profile: of the reader.
        announcements, library: what is stored; sentences once chosen are taken from there.
        prepare: embed what is not embedded and choose the missing sentences, and keep both; else
            only what is known is used, at once.
        meaning: order by meanings too, as far as papers are embedded; the model of meanings takes
            seconds at its first use. By default as ``prepare``.
        most: only so many, the first ones; sentences are chosen for these alone.
    """
    found = {a.paper.id: a for a in batch.announcements}
    papers = [a.paper for a in batch.announcements]
    if prepare and profile.has_interests and batch.origin != "sample":
        library.embed_missing(list(found))
    compared = prepare if meaning is None else meaning
    ranked = rank(papers, profile, library, meaning=compared)[:most]
    shown = [found[r.paper.id] for r in ranked]
    chosen = {
        paper.id: tldr
        for paper, tldr in summaries(batch, announcements, shown=shown, compute=prepare)
    }
    return [
        _entry(a, r, chosen.get(r.paper.id), profile) for a, r in zip(shown, ranked, strict=True)
    ]


def _entry(
    announcement: Announcement, ranked: Ranked, tldr: Tldr | None, profile: Profile
) -> Entry:
    paper = announcement.paper
    numbers, about = _read(paper.title, paper.abstract)
    tensions = tuple(tension(number, profile.reference) for number in numbers)
    return Entry(announcement, ranked, tldr, numbers, tensions, dict(about))


@lru_cache(maxsize=4096)
def _read(
    title: str, abstract: str
) -> tuple[tuple[Measurement, ...], tuple[tuple[str, tuple[str, ...]], ...]]:
    """Numbers and facets; the same papers are shown again with every change of the profile."""
    return tuple(measurements(abstract)), tuple(facets(title, abstract).items())


def summaries(
    batch: Batch, announcements: Announcements, *, shown: Sequence[Announcement] | None = None,
    compute: bool = True, cancelled: Callable[[], bool] | None = None,
) -> Iterator[tuple[Paper, Tldr]]:  # fmt: skip
    """The sentence of each paper as soon as it is known: kept ones at once, then the others.

    Args:
        batch: what is chosen from the sample is not kept.
        announcements: where chosen sentences are kept.
        shown: of the batch, in the order in which they are wanted; all by default.
        compute: choose those that are not kept.
        cancelled: asked after each paper; True ends it.
    """
    wanted = batch.announcements if shown is None else shown
    keys = {a.paper: f"{a.paper.id}v{a.version}" for a in wanted}
    real = batch.origin != "sample"
    model = model_name()
    kept = announcements.summaries(list(keys.values()), model) if real else {}
    missing = []
    for paper, key in keys.items():
        tldr = _kept(paper, *kept[key]) if key in kept else None
        if tldr:
            yield paper, tldr
        else:
            missing.append(paper)
    for paper, tldr in tldrs(missing) if compute and missing else ():
        if real and tldr.text:
            announcements.keep_summary(keys[paper], model, tldr.sentence, tldr.score)
        yield paper, tldr
        if cancelled and cancelled():
            return


def _kept(paper: Paper, sentence: int, score: float) -> Tldr | None:
    """A sentence chosen before; None if the abstract has become too short for it."""
    try:
        return Tldr(sentence, shown_text(paper, sentence), score, ())
    except ValueError:
        return None
