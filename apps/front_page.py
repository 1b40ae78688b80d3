"""The front page: plain HTML that is up before anything heavy is imported.

It is put together from what is in memory and needs no script; a small one follows the apps while
they load and puts the pictures in as they come.
"""

from __future__ import annotations

import html
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from apps.registry import AppEntry
from apps.shared.page import studio
from apps.shared.page.picture import Picture

__all__ = ["ICON", "SCRIPT", "AppCard", "State", "drawn_path", "front_page", "message_page", "page",
           "parts", "picture_path"]

State = Literal["waiting", "loading", "ready", "failed"]

_STATES: dict[State, str] = {
    "waiting": "Waiting to load", "loading": "Loading…", "ready": "Ready",
    "failed": "Could not be started",
}


@dataclass(frozen=True)
class AppCard:
    """An app as it stands now.

    Attributes:
        app: its entry.
        state: how far it has come.
        picture: what its models drew, if they did by now.
    """

    app: AppEntry
    state: State = "waiting"
    picture: Picture | None = None


ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="7" fill="#0b6477"/>
<path d="M5 21 C9 9 13 25 17 14 S25 19 27 8" fill="none" stroke="#fff" stroke-width="2.5"
 stroke-linecap="round"/><circle cx="22" cy="24" r="2.4" fill="#8fd8e6"/></svg>
"""
"""The icon of all pages."""

_STYLE = studio.CSS + """
:root { color-scheme: light dark; --ink: #1c2733; --soft: #526373; --paper: #f6f8fa;
  --card: #ffffff; --line: #d8e0e7; --link: #0b6477; --good: #0f6b45; --bad: #a81c1c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4ebf1; --soft: #a5b5c3; --paper: #10171e;
  --card: #182129; --line: #2b3844; --link: #6fc7da; --good: #6fd6a7; --bad: #ff9d9d; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 17px/1.55 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
header, main, footer { max-width: 68rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 0.4rem; }
main { padding-top: 2.4rem; }
h1 { font-size: 2.4rem; line-height: 1.15; letter-spacing: -0.02em; margin: 0; }
.lead { color: var(--soft); font-size: 1.15rem; max-width: 44rem; margin: 0.6rem 0 2rem; }
.apps { display: grid; gap: 1.5rem; padding: 0; margin: 0; list-style: none;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); }
.app { background: var(--card); border: 1px solid var(--line); border-radius: 12px;
  overflow: hidden; display: flex; flex-direction: column; }
figure { margin: 0; }
.view img { display: block; width: 100%; aspect-ratio: 2 / 1; object-fit: cover;
  object-position: top; }
.made { padding: 1.1rem 1.4rem 0.2rem; font-size: 0.95rem; line-height: 1.45;
  overflow-wrap: anywhere; background: color-mix(in srgb, var(--link) 7%, transparent); }
@media (min-width: 60rem) { .made { min-height: 16rem; } }
.made p { margin: 0 0 0.7rem; } .made .asked { font-weight: 650; margin-bottom: 0.25rem; }
.made ul { margin: 0 0 0.7rem; padding-left: 1.1rem; } .made .small { margin: 0; font-weight: 600; }
.made .small, .made ul { font-size: 0.9rem; color: var(--soft); }
figcaption { padding: 0.5rem 1.4rem; font-size: 0.88rem; line-height: 1.4; color: var(--soft);
  border-bottom: 1px solid var(--line); border-top: 1px solid var(--line); }
.words { padding: 1.1rem 1.4rem 1.4rem; display: flex; flex-direction: column; flex: 1; }
h2 { margin: 0; font-size: 1.35rem; }
.top { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.1rem 0.8rem;
  margin-bottom: 0.4rem; }
.state { font-size: 0.85rem; color: var(--soft); }
.state::before { content: ""; display: inline-block; width: 0.6em; height: 0.6em;
  border-radius: 50%; margin-right: 0.45em; background: currentColor; }
.state.ready { color: var(--good); } .state.failed { color: var(--bad); }
p { margin: 0 0 1rem; }
dl { margin: 0 0 1.2rem; font-size: 0.92rem; color: var(--soft); }
dt { font-weight: 600; color: var(--ink); } dd { margin: 0 0 0.5rem; }
a { color: var(--link); }
.go { margin: auto 0 0; display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 1.2rem; }
.open { padding: 0.6rem 1.2rem; border-radius: 8px; background: var(--link); color: var(--card);
  text-decoration: none; font-weight: 600; }
.open:hover { filter: brightness(1.1); }
a:focus-visible { outline: 3px solid var(--link); outline-offset: 3px; }
.view a:focus-visible { outline-offset: -4px; }
footer { color: var(--soft); font-size: 0.9rem; padding-top: 2.5rem; padding-bottom: 3rem; }
"""

SCRIPT = """
const look = async () => {
  try {
    const answer = await (await fetch("/states.json")).json();
    for (const [path, parts] of Object.entries(answer.apps)) {
      const app = document.querySelector(`[data-app="${path}"]`);
      for (const [name, text] of Object.entries(parts)) {
        const part = app?.querySelector(`[data-part="${name}"]`);
        if (part && part.dataset.was !== text && !part.contains(document.activeElement)) {
          part.innerHTML = text;
          part.dataset.was = text;
        }
      }
    }
    if (answer.settled) return;
  } catch { /* the server is busy or gone; the page stays as it is */ }
  setTimeout(look, document.hidden ? 15000 : 3000);
};
look();
"""
"""Follows the apps until all are there; the page works without it."""

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="/favicon.ico" type="image/svg+xml">
<style>{style}</style>
{head}</head>
<body>
{body}
</body>
</html>
"""


def front_page(apps: Sequence[AppCard]) -> str:
    """The page that lists the apps."""
    cards = "\n".join(_card(seen) for seen in apps)
    return page("CosmoDesk", f"""<h1>CosmoDesk</h1>
<p class="lead">Machine learning for cosmology, in the browser. Every picture and every answer here
comes from a trained model on this machine. Nothing of yours leaves it; arXiv alone is asked, for
the day's papers and for a live search.</p>
<ul class="apps">
{cards}
</ul>""", here="/", head='<script src="/front.js" defer></script>\n')


def message_page(title: str, sentence: str) -> str:
    """A page with one sentence and the way back."""
    return page(title, f"""<h1>{html.escape(title)}</h1>
<p class="lead">{html.escape(sentence)}</p>
<p><a href="/">Back to the front page</a></p>""")


def page(title: str, content: str, here: str = "", head: str = "") -> str:
    """A plain page with the bar of the studio above.

    Args:
        title: for the browser's tab.
        content: HTML that begins with a heading of the first level.
        here: path of the page, for the bar.
        head: HTML for the head of the page.
    """
    body = f"""<header>{studio.bar(here)}</header>
<main id="{studio.MAIN}" tabindex="-1">
{content}
</main>
<footer>The models were trained on simulations made for this project (a stand-in for CAMELS, and
21cmFAST). They show that the methods work; they are no prediction for the real sky.</footer>"""
    return _PAGE.format(title=html.escape(title), style=_STYLE, head=head, body=body)


def picture_path(app: AppEntry) -> str:
    """Where the front page finds an app's screenshot."""
    return f"/pictures/{app.path.strip('/')}.png"


def drawn_path(app: AppEntry) -> str:
    """Where the front page finds what an app's models drew."""
    return f"/pictures/{app.path.strip('/')}.webp"


def parts(seen: AppCard) -> dict[str, str]:
    """The parts of an app's card that change, as HTML."""
    state = f'<span class="state {seen.state}">{_STATES[seen.state]}</span>'
    return {"state": state, "view": _view(seen)}


def _view(seen: AppCard) -> str:
    app, picture = seen.app, seen.picture
    title = html.escape(app.title)
    if picture is None:
        if not app.picture.is_file():
            return ""
        return (f'<figure><img src="{picture_path(app)}" alt="The app {title}"><figcaption>'
                "A screenshot, until the models have drawn today’s picture.</figcaption></figure>")
    words = html.escape(picture.words)
    address = html.escape(f"{app.path}/?{picture.query}")
    if picture.image:
        source = f"{drawn_path(app)}?v={zlib.crc32(picture.image):x}"
        shown = f'<a href="{address}"><img src="{source}" alt="{words}"></a>'
    else:
        shown = f'<div class="made">{picture.html}</div>'
    return (f'<figure>{shown}<figcaption>{words} <a href="{address}">See it in {title}</a>'
            "</figcaption></figure>")


def _card(seen: AppCard) -> str:
    app = seen.app
    title, path = html.escape(app.title), html.escape(app.path)
    changing = parts(seen)
    return f"""<li class="app" data-app="{path}">
<div class="view" data-part="view">{changing["view"]}</div>
<div class="words">
<div class="top"><h2>{title}</h2><span data-part="state" role="status">{changing["state"]}</span>
</div>
<p>{html.escape(app.summary)}</p>
<dl><dt>Models</dt><dd>{html.escape(app.models)}</dd>
<dt>Trained on</dt><dd>{html.escape(app.data)}</dd></dl>
<p class="go"><a class="open" href="{path}/">Open {title}</a>
<a href="{path}/?tab=about">Where the models come from</a></p>
</div>
</li>"""
