"""The front page: plain HTML that needs no script and is up before anything heavy is imported."""

from __future__ import annotations

import html
from collections.abc import Sequence

from apps.registry import AppEntry

__all__ = ["ICON", "front_page", "message_page", "picture_path"]

ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="7" fill="#0b6477"/>
<path d="M5 21 C9 9 13 25 17 14 S25 19 27 8" fill="none" stroke="#fff" stroke-width="2.5"
 stroke-linecap="round"/><circle cx="22" cy="24" r="2.4" fill="#8fd8e6"/></svg>
"""
"""The icon of all pages."""

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2733; --soft: #5a6b7b; --paper: #f6f8fa;
  --card: #ffffff; --line: #d8e0e7; --link: #0b6477; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4ebf1; --soft: #9fb0bf; --paper: #10171e;
  --card: #182129; --line: #2b3844; --link: #6fc7da; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 17px/1.55 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
main, footer { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
main { padding-top: 3.5rem; }
h1 { font-size: 2.4rem; line-height: 1.15; letter-spacing: -0.02em; margin: 0; }
.lead { color: var(--soft); font-size: 1.15rem; max-width: 42rem; margin: 0.6rem 0 2.2rem; }
.apps { display: grid; gap: 1.5rem; padding: 0; margin: 0; list-style: none;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); }
.app { background: var(--card); border: 1px solid var(--line); border-radius: 12px;
  overflow: hidden; display: flex; flex-direction: column; }
.app img { display: block; width: 100%; aspect-ratio: 16 / 9; object-fit: cover;
  object-position: top; border-bottom: 1px solid var(--line); }
.words { padding: 1.2rem 1.4rem 1.4rem; display: flex; flex-direction: column; flex: 1; }
h2 { margin: 0 0 0.4rem; font-size: 1.35rem; }
p { margin: 0 0 1rem; }
dl { margin: 0 0 1.2rem; font-size: 0.92rem; color: var(--soft); }
dt { font-weight: 600; color: var(--ink); } dd { margin: 0 0 0.5rem; }
a { color: var(--link); }
.open { align-self: flex-start; margin-top: auto; padding: 0.6rem 1.2rem; border-radius: 8px;
  background: var(--link); color: var(--card); text-decoration: none; font-weight: 600; }
.open:hover { filter: brightness(1.1); }
a:focus-visible { outline: 3px solid var(--link); outline-offset: 3px; }
footer { color: var(--soft); font-size: 0.9rem; padding-top: 2.5rem; padding-bottom: 3rem; }
"""

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="/favicon.ico" type="image/svg+xml">
<style>{style}</style>
</head>
<body>
{body}
</body>
</html>
"""


def front_page(apps: Sequence[AppEntry]) -> str:
    """The page that lists the apps."""
    cards = "\n".join(_card(app) for app in apps)
    return _page("CosmoDesk", f"""<main>
<h1>CosmoDesk</h1>
<p class="lead">Machine learning for cosmology, in the browser. Every picture and every answer here
comes from a trained model on this machine; nothing leaves it, unless you ask for a search of
arXiv.</p>
<ul class="apps">
{cards}
</ul>
</main>
<footer>The models were trained on simulations made for this project (a stand-in for CAMELS, and
21cmFAST). They show that the methods work; they are no prediction for the real sky.</footer>""")


def message_page(title: str, sentence: str) -> str:
    """A page with one sentence and the way back."""
    return _page(title, f"""<main>
<h1>{html.escape(title)}</h1>
<p class="lead">{html.escape(sentence)}</p>
<p><a href="/">Back to the front page</a></p>
</main>""")


def picture_path(app: AppEntry) -> str:
    """Where the front page finds an app's picture."""
    return f"/pictures/{app.path.strip('/')}.png"


def _page(title: str, body: str) -> str:
    return _PAGE.format(title=html.escape(title), style=_STYLE, body=body)


def _card(app: AppEntry) -> str:
    title = html.escape(app.title)
    picture = ""
    if app.picture.is_file():
        picture = f'<img src="{picture_path(app)}" alt="The app {title}" loading="lazy">\n'
    return f"""<li class="app">
{picture}<div class="words">
<h2>{title}</h2>
<p>{html.escape(app.summary)}</p>
<dl><dt>Models</dt><dd>{html.escape(app.models)}</dd>
<dt>Trained on</dt><dd>{html.escape(app.data)}</dd></dl>
<a class="open" href="{html.escape(app.path)}/">Open {title}</a>
</div>
</li>"""
