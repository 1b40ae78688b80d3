"""State in the address: a link reproduces the page.

A page lists its parameters once; :func:`read` takes them from the query of a request, and
:func:`write` makes the query of the current values. :data:`SHOW_JS` puts that query into the
browser's address bar without loading anything, and keeps parameters that are not the page's own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from apps.shared.static_files import static

__all__ = [
    "SHOW_JS",
    "Choice",
    "Parameter",
    "Real",
    "Text",
    "Whole",
    "query",
    "read",
    "show_js_of",
    "show_js_when_opened",
    "write",
]


@dataclass(frozen=True)
class Real:
    """A number from ``low`` to ``high``, written with ``digits`` decimals."""

    name: str
    default: float
    low: float
    high: float
    digits: int = 3

    def parse(self, text: str) -> float:
        value = float(text)
        if not math.isfinite(value) or not self.low <= value <= self.high:
            raise ValueError
        return value

    def format(self, value: Any) -> str:
        return f"{round(float(value), self.digits):g}"

    @property
    def right(self) -> str:
        """What would be right, in words."""
        return f"a number from {self.low:g} to {self.high:g}"


@dataclass(frozen=True)
class Whole:
    """A whole number from ``low`` to ``high``."""

    name: str
    default: int
    low: int
    high: int

    def parse(self, text: str) -> int:
        value = int(text)
        if not self.low <= value <= self.high:
            raise ValueError
        return value

    def format(self, value: Any) -> str:
        return str(int(value))

    @property
    def right(self) -> str:
        """What would be right, in words."""
        return f"a whole number from {self.low} to {self.high}"


@dataclass(frozen=True)
class Choice:
    """One of ``options``."""

    name: str
    default: str
    options: tuple[str, ...]

    def parse(self, text: str) -> str:
        if text not in self.options:
            raise ValueError
        return text

    def format(self, value: Any) -> str:
        return str(value)

    @property
    def right(self) -> str:
        """What would be right, in words."""
        return "one of " + ", ".join(self.options)


@dataclass(frozen=True)
class Text:
    """Words of a person, at most ``most`` characters; what shows them escapes them."""

    name: str
    default: str
    most: int

    def parse(self, text: str) -> str:
        if len(text) > self.most:
            raise ValueError
        return text

    def format(self, value: Any) -> str:
        return str(value)

    @property
    def right(self) -> str:
        """What would be right, in words."""
        return f"a text of at most {self.most} characters"


Parameter = Real | Whole | Choice | Text


def read(
    parameters: Sequence[Parameter], query: Mapping[str, str]
) -> tuple[dict[str, Any], list[str]]:
    """Values of the parameters in a query, and a sentence for each that was not understood.

    Args:
        parameters: of the page.
        query: name to text, as the browser sent it; other names are ignored.

    Returns:
        (name to value, defaults where the query has none or a wrong one; sentences).

    Example:
        >>> read([Real("omega_m", 0.3, 0.1, 0.5)], {"omega_m": "0.2"})
        ({'omega_m': 0.2}, [])
    """
    values: dict[str, Any] = {}
    problems = []
    for parameter in parameters:
        values[parameter.name] = parameter.default
        text = query.get(parameter.name)
        if text is None:
            continue
        try:
            values[parameter.name] = parameter.parse(text)
        except (ValueError, OverflowError):
            default = parameter.format(parameter.default)[:40]
            instead = f"{default} is used instead" if default else "it is left out"
            problems.append(
                f"The link says {parameter.name} = {text[:40]}, which is not {parameter.right}; "
                f"{instead}."
            )
    return values, problems


def write(parameters: Sequence[Parameter], values: Mapping[str, Any]) -> str:
    """The query of ``values``, in the order of ``parameters``, without the question mark.

    Example:
        >>> write([Real("omega_m", 0.3, 0.1, 0.5)], {"omega_m": 0.25})
        'omega_m=0.25'
    """
    return urlencode([(p.name, p.format(values[p.name])) for p in parameters if p.name in values])


def query(tab: str, parameters: Sequence[Parameter], values: Mapping[str, Any]) -> str:
    """The query of a tab from the values of its components by name.

    What has no value (None, or no entry) is left out; a checkbox is "yes" or "no".

    Args:
        tab: id of the tab.
        parameters: of its link; other names among the values are ignored.
        values: as an event of the page gets them, or a part of them.

    Example:
        >>> query("fraction", [Real("z", 8.0, 7.0, 10.0)], {"z": 7.5, "file": None})
        'tab=fraction&z=7.5'
    """
    given = {
        name: ("yes" if value else "no") if isinstance(value, bool) else value
        for name, value in values.items() if value is not None
    }
    return f"tab={tab}&{write(parameters, given)}"


SHOW_JS = static("page/show_link.js")
"""JavaScript: takes a query, shows it in the address bar, returns the full link."""


def show_js_when_opened(tab: str) -> str:
    """The same for a tab that is opened: it takes its own query, which may be empty, and that of
    the tab that leads.

    Args:
        tab: its id.
    """
    script = static("page/show_link_when_opened.js")
    return script.replace("SHOW_LINK", SHOW_JS).replace("TAB", tab)


def show_js_of(tab: str) -> str:
    """The same for what is drawn while another tab may be open: it acts while ``tab`` is.

    Args:
        tab: id of the tab that the app opens with if the address names none.
    """
    script = static("page/show_link_of_tab.js")
    return script.replace("SHOW_LINK", SHOW_JS).replace("TAB", tab)
