"""Plain pages of the studio, without Gradio: a bar above and a text."""

from __future__ import annotations

from apps.shared.page import studio
from apps.shared.static_files import Html, static, template

__all__ = ["message_page", "not_found_page", "page"]

_STYLE = Html(studio.CSS + static("site/page.css"))
_NOTHING = Html("")


def not_found_page() -> Html:
    """The page of an address that has none."""
    sentence = "There is no page at this address; the front page lists what there is."
    return message_page("Not found", sentence)


def message_page(title: str, sentence: str) -> Html:
    """A page with one sentence and the way back."""
    return page(title, template("site/message.html", title=title, sentence=sentence))


def page(title: str, content: Html, here: str = "", head: Html = _NOTHING) -> Html:
    """A plain page with the bar of the studio above.

    Args:
        title: for the browser's tab.
        content: begins with a heading of the first level.
        here: path of the page, for the bar.
        head: for the head of the page.
    """
    return template("site/page.html", title=title, style=_STYLE, head=head,
                    bar=studio.bar(here), main=studio.MAIN, content=content)
