"""The endpoints for gradio_client; names and arguments are a promise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from apps.shared import endpoints
from apps.shared.endpoints import Endpoint
from apps.skimarxiv.numbers import flagged, words
from apps.skimarxiv.service import skim_service
from apps.skimarxiv.state import EVENT, read_categories
from apps.skimarxiv.view import View, entry_of, of_batch, of_search
from core.literature.arxiv.ids import abs_url
from core.literature.ranking.profile import Profile

if TYPE_CHECKING:
    from core.literature.skim.entries import Entry

__all__ = ["ENDPOINTS", "serve"]

_LONGEST = 20_000
_MOST = 200


def serve() -> None:
    """Offer the endpoints, inside the app that is open."""
    endpoints.serve(ENDPOINTS, **EVENT)


def api_day(categories: str = "astro-ph.CO", day: str = "", profile: str = "") -> dict:
    """The papers of a day, in the order of a profile.

    Args:
        categories: with spaces or commas between them.
        day: as 2026-01-31, one that the library has; empty for the newest.
        profile: JSON of a profile as the page exports it; empty for arXiv's order.

    Returns:
        day, origin ("feed", "search" or "sample"), and papers with id, version, kind, title,
        authors, categories, abstract, tldr, numbers, flags, facets, score and reasons.
    """
    chosen, service = read_categories(categories), skim_service()
    if not day:
        fetch = service.fetch(chosen)
        if fetch is not None:
            fetch.wait(30.0)
        batch = service.last(chosen)
    else:
        try:
            found = service.day(date.fromisoformat(day), chosen)
        except ValueError as error:
            raise ValueError(f"{day[:30]!r} is no day; write it as 2026-01-31.") from error
        if found is None:
            raise ValueError(f"The library has nothing of {day} in {' '.join(chosen)}.")
        batch = found
    reader = _profile(profile)
    view = of_batch(service, batch, reader, categories=chosen)
    return _as_json(view, tuple(reader.reference))


def api_search(query: str, most: int = 50) -> dict:
    """Papers of all days that the library finds, the best first.

    Args:
        query: words, up to 300 characters.
        most: papers, 1 to 100.

    Returns:
        As of `day`; partly: how many of the words each paper has, where none has all.
    """
    query = str(query or "").strip()
    if not query or len(query) > 300:
        raise ValueError("A search needs words, at most 300 characters.")
    if not 1 <= int(most) <= 100:
        raise ValueError(f"most is {most}; choose a whole number from 1 to 100.")
    view = of_search(skim_service(), query, (), Profile())
    answer = _as_json(view)
    return {**answer, "papers": answer["papers"][: int(most)], "partly": view.partly}


def api_paper(id: str) -> dict:
    """One paper of the library, with every version's title and abstract.

    Args:
        id: of arXiv, without the version.

    Returns:
        As each of the papers of `day`, and versions.
    """
    service = skim_service()
    item = service.find(str(id).strip()[:40])
    if item is None:
        raise ValueError(f"The library has no paper {str(id)[:40]!r}; an id is like 2301.01234.")
    versions = [
        {"version": v.version, "day": v.day.isoformat(), "title": v.title, "abstract": v.abstract}
        for v in service.versions(item.paper.id)
    ]
    return {**_paper(entry_of(service, item, Profile())), "versions": versions}


def api_numbers(abstract: str) -> dict:
    """The numbers that an abstract states, and how far they are from Planck 2018.

    Args:
        abstract: up to 20,000 characters.

    Returns:
        numbers with quantity, words, value, low, high, minus, plus, unit, span and sigma; whether
        each is assumed or quoted, its probe, and the distance that the paper itself states.
    """
    from core.literature.measurements.extract import measurements
    from core.literature.measurements.tension import tension

    text = str(abstract or "")
    if len(text) > _LONGEST:
        raise ValueError(f"The text has {len(text):,} characters; at most {_LONGEST:,} are read.")
    return {"numbers": [_number(m, tension(m)) for m in measurements(text)]}


def _profile(text: str) -> Profile:
    return Profile.from_json(text) if text else Profile()


def _as_json(view: View, own: Sequence[str] = ()) -> dict[str, Any]:
    return {
        "day": view.batch.day.isoformat(), "origin": view.batch.origin,
        "papers": [_paper(entry, own) for entry in view.entries[:_MOST * 10]],
    }


def _paper(entry: Entry, own: Sequence[str] = ()) -> dict[str, Any]:
    """A paper; ``own`` are the quantities whose reference is the reader's."""
    from core.literature.skim.digest import compared_with

    item, paper, ranked = entry.announcement, entry.announcement.paper, entry.ranked
    return {
        "id": paper.id, "version": item.version, "kind": item.kind, "day": item.day.isoformat(),
        "title": paper.title, "authors": list(paper.authors), "abstract": paper.abstract,
        "categories": list(paper.categories), "url": abs_url(paper.id),
        "tldr": entry.tldr.text if entry.tldr is not None else None,
        "numbers": [_number(m, s) for m, s in zip(entry.measurements, entry.tensions, strict=True)],
        "flags": [f"{words(m)}: {sigma:.1f} sigma from {compared_with(m, own)}"
                  for m, sigma in flagged(entry)],
        "facets": {facet: list(names) for facet, names in entry.facets.items()},
        "score": round(float(ranked.score), 4),
        "reasons": list(ranked.reasons),
    }


def _number(m: Any, sigma: float | None) -> dict[str, Any]:
    return {
        "quantity": m.quantity, "words": words(m), "value": m.value, "low": m.low, "high": m.high,
        "minus": m.minus, "plus": m.plus, "unit": m.unit, "span": [m.start, m.end],
        "sigma": None if sigma is None else round(sigma, 2),
        "assumed": m.assumed, "quoted": m.quoted, "simulated": m.simulated,
        "probe": m.probe,
        "stated": None if m.stated is None else asdict(m.stated),
    }


_FINDING = "We find $H_0 = 73.0 \\pm 1.0$ km/s/Mpc and $\\Omega_m = 0.31 \\pm 0.02$."

ENDPOINTS = (
    Endpoint(api_day, "day", {"categories": "astro-ph.CO"},
            '[paper["title"] for paper in answer["papers"][:3]]'),
    Endpoint(api_search, "search", {"query": "weak lensing", "most": 5},
            '[paper["title"] for paper in answer["papers"]]'),
    Endpoint(api_paper, "paper", {"id": "sample.0001"}, 'answer["title"], answer["versions"][0]'),
    Endpoint(api_numbers, "numbers", {"abstract": _FINDING},
            '[(n["words"], n["sigma"]) for n in answer["numbers"]]'),
)
