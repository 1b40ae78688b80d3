"""What a link to the page says, and the profile that the browser keeps."""

from __future__ import annotations

from datetime import date
from typing import Any

import gradio as gr

from apps.shared.page.links import Choice, Parameter, Text
from apps.skimarxiv.filters import SORTS
from core.literature.arxiv.categories import known_category
from core.literature.ranking.profile import Profile

__all__ = [
    "CATEGORIES", "EVENT", "MOST_CATEGORIES", "PAGE", "PAGES", "PARAMETERS", "PRIVATE",
    "day_of", "read_categories", "read_profile", "stored_profile",
]

PAGES = ("today", "saved", "settings", "about")
PAGE = Choice("tab", "today", PAGES)

PARAMETERS: tuple[Parameter, ...] = (
    Text("categories", "", 300), Text("day", "", 10), Text("q", "", 300),
    Choice("sort", "interest", tuple(SORTS.values())),
)
"""Of the page "Today"."""

CATEGORIES = (
    "astro-ph.CO", "astro-ph.GA", "astro-ph.HE", "astro-ph.IM", "astro-ph.EP", "astro-ph.SR",
    "gr-qc", "hep-ph", "hep-th", "hep-ex", "physics.data-an", "stat.ML", "cs.LG",
)
"""Those that the page offers; any other can be typed."""

MOST_CATEGORIES = 12

EVENT: dict[str, Any] = {"concurrency_id": "skimarxiv", "concurrency_limit": 32}
PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}

_SECRET = "skimarxiv"  # the browser's own data on the browser's own disk: nothing to hide from it


def stored_profile() -> gr.BrowserState:
    """The profile as JSON, in the browser's storage and nowhere else."""
    return gr.BrowserState(Profile().to_json(), storage_key="cosmodesk-skimarxiv", secret=_SECRET)


def read_profile(stored: Any) -> tuple[Profile, str]:
    """The profile, and a sentence if what is stored is broken and a fresh one takes its place."""
    if not stored:
        return Profile(), ""
    try:
        return Profile.from_json(stored if isinstance(stored, str) else str(stored)), ""
    except ValueError as error:
        said = f"What this browser had stored cannot be read: {error} A fresh profile begins."
        return Profile(), said


def read_categories(values: Any) -> tuple[str, ...]:
    """Categories, checked.

    Raises:
        ValueError: one sentence, if there is none, too many, or one is no category.
    """
    if isinstance(values, str):
        values = values.replace("+", " ").replace(",", " ").split()
    named = [str(value).strip() for value in values or ()]
    if not any(named):
        raise ValueError("No category is chosen; choose one, such as astro-ph.CO.")
    if len(named) > MOST_CATEGORIES:
        raise ValueError(
            f"{len(named)} categories are chosen; at most {MOST_CATEGORIES} can be read at once."
        )
    known = {name: known_category(name) for name in filter(None, named)}
    unknown = [name for name, category in known.items() if category is None]
    if unknown:
        raise ValueError(f"“{unknown[0][:40]}” is no arXiv category; one is astro-ph.CO.")
    return Profile(categories=tuple(filter(None, known.values()))).categories


def day_of(text: Any) -> date | None:
    """A day as the page and links write it, or None."""
    try:
        return date.fromisoformat(str(text or ""))
    except ValueError:
        return None
