"""The studio: which apps stand beside one another at one address, and the bar that leads through.

An app that runs alone has no neighbours, so it shows no bar and offers no links to them. The site
sets this around everything that an app does, its building as well as its events; a thread that an
app starts by itself does not see it and has to be told. Gradio is not imported here, because the
front page needs the bar before Gradio is there.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

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
    places: tuple[StudioApp, ...]
    here: str


_current: ContextVar[_Studio | None] = ContextVar("studio", default=None)


@contextmanager
def of(places: Sequence[StudioApp], here: str = "/") -> Iterator[None]:
    """What runs inside the block belongs to a studio.

    Args:
        places: its apps.
        here: path of the app, or of the page, that runs inside.
    """
    token = _current.set(_Studio(tuple(places), here))
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
    return path is None or any(place.path == path for place in studio.places)


def bar(here: str | None = None) -> str:
    """A link past the bar, the way home, the apps with the current one marked, and the API.

    Args:
        here: path of the page it stands on; by default that of the app that runs.

    Returns:
        HTML; outside of a studio the empty string.
    """
    studio = _current.get()
    if studio is None:
        return ""
    here = studio.here if here is None else here
    links = "".join(f"<li>{_link(place.path + '/', place.title, here == place.path)}</li>"
                    for place in studio.places)
    return (
        f'<a class="cd-skip" href="#{MAIN}">Skip to the content</a>'
        '<nav class="cd-bar" aria-label="CosmoDesk">'
        f'{_link("/", "CosmoDesk", here == "/", "cd-home")}<ul>{links}</ul>'
        f'{_link(API, "API", here == API, "cd-api")}</nav>'
    )


def _link(address: str, words: str, current: bool, name: str = "") -> str:
    marks = (f' class="{name}"' if name else "") + (' aria-current="page"' if current else "")
    return f'<a href="{html.escape(address)}"{marks}>{html.escape(words)}</a>'


CSS = """
.cd-bar { --cd-ink: light-dark(#334155, #cbd5e1); --cd-here: light-dark(#155e75, #a5f3fc);
  --cd-tint: light-dark(#e0f2f7, #17333d); --cd-rule: light-dark(#d8e0e7, #2f3d4c);
  display: flex; align-items: center; gap: 2px 6px; padding: 6px 0; margin: 0;
  border-bottom: 1px solid var(--cd-rule); font-size: 0.95rem; line-height: 1.3; }
.dark .cd-bar { color-scheme: dark; }
.cd-top, .cd-top > * { padding: 0 !important; margin: 0 !important; }
.cd-bar ul { display: flex; flex-wrap: wrap; gap: 2px; list-style: none !important;
  margin: 0 !important; padding: 0 !important; }
.cd-bar li { margin: 0 !important; padding: 0 !important; list-style: none !important; }
.cd-bar a, .cd-bar a:visited { display: inline-flex; align-items: center; min-height: 36px;
  padding: 0 11px; border-radius: 8px; color: var(--cd-ink) !important;
  text-decoration: none !important; white-space: nowrap; }
.cd-bar a:hover { background: var(--cd-tint); }
.cd-bar a[aria-current] { color: var(--cd-here) !important; background: var(--cd-tint);
  font-weight: 600; }
.cd-bar .cd-home { font-weight: 700 !important; letter-spacing: -0.01em; padding-left: 8px; }
.cd-bar .cd-home::before { content: ""; width: 12px; height: 12px; border-radius: 4px;
  margin-right: 7px; background: #0e7490; }
.cd-bar .cd-api { margin-left: auto !important; }
.cd-bar a:focus-visible { outline: 3px solid var(--cd-here); outline-offset: 1px; }
.cd-skip { position: absolute; left: -999rem; top: 0; }
.cd-skip:focus { left: 8px; top: 8px; z-index: 1000; padding: 8px 14px; border-radius: 8px;
  background: #155e75 !important; color: #fff !important; }
@media (max-width: 640px) {
  .cd-bar { flex-wrap: wrap; padding: 4px 0 2px; }
  .cd-bar ul { order: 3; flex: 1 0 100%; justify-content: space-between; gap: 0; }
  .cd-bar a, .cd-bar a:visited { min-height: 40px; padding: 0 8px; }
  .cd-bar li a, .cd-bar li a:visited { font-size: 13.5px; padding: 0 5px; }
}
"""
"""Style of the bar, on the pages of Gradio and on those that are plain HTML."""
