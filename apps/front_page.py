"""The front page: plain HTML that is up before anything heavy is imported.

It is put together from what is in memory and needs no script; a small one follows the apps while
they load and puts the pictures in as they come.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from apps.registry import AppEntry
from apps.shared.page.picture import Picture
from apps.shared.page.plain import page
from apps.shared.static_files import Html, joined, markup, static, template

__all__ = ["ICON", "SCRIPT", "AppCard", "State", "drawn_path", "front_page", "parts",
           "picture_path"]

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


ICON = static("site/icon.svg")
"""The icon of all pages."""

SCRIPT = static("site/front.js")
"""Follows the apps until all are there; the page works without it."""

_ADDRESS = re.compile(r"\b([a-z][\w-]*(?:\.[a-z][\w-]*)+/[\w/-]+)")
_FOLLOWS_APPS = Html('<script src="/front.js" defer></script>\n')


def front_page(apps: Sequence[AppCard]) -> Html:
    """The page that lists the apps."""
    cards = joined((_card(card) for card in apps), "\n")
    return page("CosmoDesk", template("site/front.html", cards=cards), here="/",
                head=_FOLLOWS_APPS)


def picture_path(app: AppEntry) -> str:
    """Where the front page finds an app's screenshot."""
    return f"/pictures/{app.path.strip('/')}.png"


def drawn_path(app: AppEntry) -> str:
    """Where the front page finds what an app's models drew."""
    return f"/pictures/{app.path.strip('/')}.webp"


def parts(card: AppCard) -> dict[str, Html]:
    """The parts of an app's card that change."""
    state = markup('<span class="state $state">$words</span>', state=card.state,
                   words=_STATES[card.state])
    return {"state": state, "view": _view(card)}


def _view(card: AppCard) -> Html:
    app, picture = card.app, card.picture
    if picture is None:
        return _screenshot(app)
    address = f"{app.path}/?{picture.query}"
    if picture.image:
        shown = markup('<a href="$address"><img src="$source" alt="$words"></a>', address=address,
                       source=f"{drawn_path(app)}?v={zlib.crc32(picture.image):x}",
                       words=picture.words)
    else:
        shown = markup('<div class="made">$made</div>', made=Html(picture.html))
    return template("site/card_picture.html", shown=shown, words=picture.words, address=address,
                    title=app.title)


def _with_links(text: str) -> Html:
    """A text whose addresses, written without their scheme, are links."""
    return joined(
        markup('<a href="https://$address">$address</a>', address=part) if at % 2
        else markup("$text", text=part)
        for at, part in enumerate(_ADDRESS.split(text))
    )


def _screenshot(app: AppEntry) -> Html:
    if not app.picture.is_file():
        return Html("")
    return markup(
        '<figure><img src="$source" alt="The app $title"><figcaption>'
        "A screenshot, until the models have drawn today’s picture.</figcaption></figure>",
        source=picture_path(app), title=app.title)


def _card(card: AppCard) -> Html:
    app = card.app
    return template("site/card.html", path=app.path, title=app.title, summary=app.summary,
                    models=_with_links(app.models), data=app.data, **parts(card))
