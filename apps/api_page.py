"""The page that documents every named endpoint of the apps, from the functions themselves.

Arguments, types and defaults are the signature's, words the docstring's, and the examples are made
from one set of arguments a function, for Python and for the shell. Tests run all of them.
"""

from __future__ import annotations

import importlib
import inspect
import json
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_type_hints

from apps.registry import AppEntry
from apps.shared.endpoints import LONGEST_TEXT, MOST_NUMBERS, ComputedValue, Endpoint, mcp_served
from apps.shared.page import studio
from apps.shared.page.plain import page
from apps.shared.static_files import Html, joined, markup, static, template
from core.settings import get_settings

__all__ = ["ADDRESS", "Argument", "Described", "api_page", "curl_example", "described",
           "endpoints_of", "python_example"]

ADDRESS = "http://127.0.0.1:7860"
"""In the examples, before the page puts in where it was opened."""

_TYPES = {float: "number", int: "whole number", str: "text", bool: "true or false",
          list: "list of numbers, nested"}

_STYLE = markup("<style>$style</style>", style=Html(static("site/api.css")))


@dataclass(frozen=True)
class Argument:
    """An argument of a function.

    Attributes:
        name: of the argument.
        type: in words.
        default: as JSON, or None if it has to be given.
        words: what it is, and its range.
    """

    name: str
    type: str
    default: str | None
    words: str


@dataclass(frozen=True)
class Described:
    """A function as its signature and docstring describe it."""

    summary: str
    arguments: tuple[Argument, ...]
    returns: str


def described(endpoint: Endpoint) -> Described:
    """Read the signature and the docstring.

    Raises:
        ValueError: if an argument has no line in the docstring, or a line no argument.
    """
    text = inspect.cleandoc(endpoint.function.__doc__ or "")
    summary, _, rest = text.partition("\n\nArgs:\n")
    documented, _, returns = rest.partition("\n\nReturns:\n")
    words = {name: " ".join(text.split()) for name, text in re.findall(
        r"^ {4}(\w+): (.*(?:\n {8}.*)*)", documented, re.MULTILINE)}
    parameters = inspect.signature(endpoint.function).parameters
    if list(words) != list(parameters) or not returns.strip():
        raise ValueError(f"The docstring of {endpoint.name} describes {', '.join(words)}; its "
                         f"arguments are {', '.join(parameters)}.")
    hints = get_type_hints(endpoint.function)
    arguments = tuple(
        Argument(name, _TYPES[hints[name]],
                 None if one.default is one.empty else json.dumps(one.default), words[name])
        for name, one in parameters.items()
    )
    return Described(" ".join(summary.split()), arguments, " ".join(returns.split()))


def python_example(path: str, endpoint: Endpoint) -> str:
    """A program that calls it and prints what is worth seeing.

    Args:
        path: of the app, such as "/hi-maps".
        endpoint: to call.
    """
    arguments = "\n".join([
        *(f"    {name}={_literal(value)}," for name, value in endpoint.example.items()),
        f'    api_name="/{endpoint.name}",',
    ])
    if endpoint.streams:
        call = f"for answer in client.submit(\n{arguments}\n):\n    print({endpoint.shows})"
    else:
        call = f"answer = client.predict(\n{arguments}\n)\nprint({endpoint.shows})"
    return f'from gradio_client import Client\n\nclient = Client("{ADDRESS}{path}/")\n{call}'


def curl_example(path: str, endpoint: Endpoint) -> str:
    """The same call from a shell: one request begins it, another one waits for the answer."""
    base = f"{ADDRESS}{path}/gradio_api/call"
    if any(isinstance(value, ComputedValue) for value in endpoint.example.values()):
        parts = ", ".join(f'"{name}": {_literal(value)}'
                          for name, value in endpoint.example.items())
        before = f"python3 -c 'import json; print(json.dumps({{{parts}}}))' |\n  "
        data = "@-"
    else:
        before, data = "", _quoted(json.dumps(endpoint.example, ensure_ascii=False))
    return (
        f"id=$({before}curl -s {base}/v2/{endpoint.name} -H 'Content-Type: application/json' \\\n"
        f"  -d {data} | cut -d '\"' -f 4)\n"
        f"curl -sN {base}/{endpoint.name}/$id"
    )


def _literal(value: Any) -> str:
    """A value as Python writes it, with double quotes."""
    if isinstance(value, ComputedValue):
        return value.code
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return repr(value)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def endpoints_of(app: AppEntry) -> Sequence[Endpoint]:
    """What an app offers: ENDPOINTS of the module beside its own, if there is one. Imports it."""
    name = app.module.rpartition(".")[0] + ".endpoints"
    try:
        return importlib.import_module(name).ENDPOINTS
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        return ()


def api_page(apps: Sequence[AppEntry]) -> Html:
    """The page as HTML. Imports the apps: call it where that may take seconds."""
    offered = [(app, endpoints) for app in apps if (endpoints := endpoints_of(app))]
    content = template(
        "site/api.html",
        count=sum(len(endpoints) for _, endpoints in offered),
        longest_text=f"{LONGEST_TEXT:,}", most_numbers=f"{MOST_NUMBERS:,}",
        mcp=_mcp_words(apps),
        contents=joined(_contents(app, endpoints) for app, endpoints in offered),
        sections=joined((_section(app, endpoints) for app, endpoints in offered), "\n"),
        address=ADDRESS, script=Html(static("site/api.js")),
    )
    return page("API · CosmoDesk", content, here=studio.API, head=_STYLE)


def _mcp_words(apps: Sequence[AppEntry]) -> Html:
    if not mcp_served(get_settings()):
        return template("site/api_without_mcp.html")
    return template("site/api_with_mcp.html", addresses=joined(
        markup("<li><code>$path/gradio_api/mcp/</code></li>", path=app.path) for app in apps
    ))


def _id(app: AppEntry) -> str:
    return app.path.strip("/")


def _contents(app: AppEntry, endpoints: Sequence[Endpoint]) -> Html:
    links = joined(markup('<li><a href="#$id-$name">$name</a></li>', id=_id(app), name=one.name)
                   for one in endpoints)
    return markup('<li><a href="#$id">$title</a><ul>$links</ul></li>', id=_id(app),
                  title=app.title, links=links)


def _section(app: AppEntry, endpoints: Sequence[Endpoint]) -> Html:
    articles = joined((_article(app, endpoint) for endpoint in endpoints), "\n")
    return template("site/api_section.html", id=_id(app), title=app.title, path=app.path,
                    articles=articles)


def _article(app: AppEntry, endpoint: Endpoint) -> Html:
    documented = described(endpoint)
    label = f"{endpoint.name} of {app.title}"
    streams = " It comes piece by piece." if endpoint.streams else ""
    examples = [("Python", python_example(app.path, endpoint)),
                ("Shell", curl_example(app.path, endpoint))]
    return template(
        "site/api_article.html", id=_id(app), name=endpoint.name, label=label,
        summary=documented.summary, returns=f"{documented.returns}{streams}",
        rows=joined(_row(argument) for argument in documented.arguments),
        examples=joined((template("site/api_example.html", language=language, label=label,
                                  code=textwrap.dedent(code)) for language, code in examples),
                        "\n"),
    )


def _row(argument: Argument) -> Html:
    default = markup("<code>$default</code>", default=argument.default) if argument.default else (
        "to be given")
    return template("site/api_argument.html", name=argument.name, type=argument.type,
                    default=default, words=argument.words)
