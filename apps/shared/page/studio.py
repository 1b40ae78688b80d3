"""The studio: which apps stand beside one another at one address, and the bar that leads through.

An app that runs alone has no neighbours, so it shows no bar and offers no links to them. The site
sets this around everything that an app does, its building as well as its events; a thread that an
app starts by itself does not see it. Gradio is not imported here, because the
front page needs the bar before Gradio is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from apps.shared.static_files import Html, joined, markup, static, template

__all__ = ["API", "CSS", "MAIN", "StudioApp", "bar", "in_studio", "of"]

API = "/api"
"""Where the studio documents the endpoints of all its apps."""

MAIN = "cd-main"
"""Id of the element where a page's own content begins; the skip link leads there."""


@dataclass(frozen=True)
class StudioApp:
    """An app of the studio.

    Attributes:
        path: in the address, such as "/hi-maps".
        title: what the bar calls it.
    """

    path: str
    title: str


@dataclass(frozen=True)
class _Studio:
    apps: tuple[StudioApp, ...]
    here: str


_current: ContextVar[_Studio | None] = ContextVar("studio", default=None)


@contextmanager
def of(apps: Sequence[StudioApp], here: str = "/") -> Iterator[None]:
    """What runs inside the block belongs to a studio.

    Args:
        apps: that stand beside one another.
        here: path of the app, or of the page, that runs inside.
    """
    token = _current.set(_Studio(tuple(apps), here))
    try:
        yield
    finally:
        _current.reset(token)


def in_studio(path: str | None = None) -> bool:
    """Whether there is a studio, or whether it has an app at ``path``.

    Example:
        >>> in_studio("/cosmogemma")
        False
        >>> with of([StudioApp("/cosmogemma", "CosmoGemma")]):
        ...     in_studio("/cosmogemma"), in_studio("/skimarxiv")
        (True, False)
    """
    studio = _current.get()
    if studio is None:
        return False
    return path is None or any(app.path == path for app in studio.apps)


def bar(here: str | None = None) -> Html:
    """A link past the bar, the way home, the apps with the current one marked, and the API.

    Args:
        here: path of the page it stands on; by default that of the app that runs.

    Returns:
        HTML; outside of a studio the empty string.
    """
    studio = _current.get()
    if studio is None:
        return Html("")
    here = studio.here if here is None else here
    links = joined(
        markup("<li>$link</li>", link=_link(f"{app.path}/", app.title, here == app.path))
        for app in studio.apps
    )
    return template("page/bar.html", main=MAIN, links=links,
                    home=_link("/", "CosmoDesk", here == "/", "cd-home"),
                    api=_link(API, "API", here == API, "cd-api"))


def _link(address: str, title: str, current: bool, name: str = "") -> Html:
    marks = joined([markup(' class="$name"', name=name) if name else Html(""),
                    Html(' aria-current="page"' if current else "")])
    return markup('<a href="$address"$marks>$title</a>', address=address, marks=marks, title=title)


CSS = static("page/studio.css")
"""Style of the bar, on the pages of Gradio and on those that are plain HTML."""
