"""Scripts, styles and templates of the pages: the files of the folder ``static`` beside it."""

from __future__ import annotations

import html
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from string import Template

__all__ = ["Html", "joined", "markup", "static", "template"]

_FOLDER = Path(__file__).parent / "static"


class Html(str):
    """HTML that a template takes as it is; any other text is escaped there."""

    __slots__ = ()


@cache
def static(name: str) -> str:
    """The text of a file, such as ``static("frame/tab_keys.js")``."""
    return (_FOLDER / name).read_text("utf-8")


def template(name: str, /, **values: str | int) -> Html:
    """A template file with a value in the place of each ``$name``.

    Args:
        name: of the file, such as "site/card.html".
        values: by the names in the template; what is not :class:`Html` is escaped.

    Raises:
        KeyError: if the template has a name without a value.
    """
    return markup(static(name).removesuffix("\n"), **values)


def markup(text: str, /, **values: str | int) -> Html:
    """The same for a template of a line, which stands in the code.

    Example:
        >>> markup("<p>$words</p>", words="1 < 2")
        '<p>1 &lt; 2</p>'
    """
    escaped = {name: value if isinstance(value, Html) else html.escape(str(value))
               for name, value in values.items()}
    return Html(Template(text).substitute(escaped))


def joined(pieces: Iterable[Html], between: str = "") -> Html:
    """Pieces of HTML one after the other.

    Raises:
        TypeError: if one of them is text that was not escaped.
    """
    pieces = list(pieces)
    if not all(isinstance(piece, Html) for piece in pieces):
        raise TypeError("A piece is plain text; a template makes HTML of it.")
    return Html(between.join(pieces))
