"""The page that documents every named endpoint of the apps, from the functions themselves.

Arguments, types and defaults are the signature's, words the docstring's, and the examples are made
from one set of arguments a function, for Python and for the shell. Tests run all of them.
"""

from __future__ import annotations

import html
import importlib
import inspect
import json
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_type_hints

from apps.front_page import page
from apps.registry import AppEntry
from apps.shared.endpoints import LONGEST_TEXT, MOST_NUMBERS, ComputedValue, Endpoint, mcp_served
from apps.shared.page import studio
from core.settings import get_settings

__all__ = ["ADDRESS", "Argument", "Described", "api_page", "curl_example", "described",
           "programs_of", "python_example"]

ADDRESS = "http://127.0.0.1:7860"
"""In the examples, before the page puts in where it was opened."""

_TYPES = {float: "number", int: "whole number", str: "text", bool: "true or false",
          list: "list of numbers, nested"}

_STYLE = """<style>
.toc { columns: 4 12rem; padding-left: 1.1rem; margin: 0 0 1.6rem; font-size: 0.95rem; }
.toc ul { padding-left: 1rem; } .toc > li { break-inside: avoid; margin-bottom: 0.5rem; }
.lead + p, .notes { max-width: 48rem; }
section { margin: 2.6rem 0 0; } h2 { margin: 0 0 0.4rem; }
article { border: 1px solid var(--line); border-radius: 12px; background: var(--card);
  padding: 1.1rem 1.3rem 1.2rem; margin: 1rem 0 0; }
h3 { margin: 0 0 0.2rem; font-size: 1.1rem; overflow-wrap: anywhere; }
h4 { margin: 0.9rem 0 0.3rem; font-size: 0.92rem; color: var(--soft); font-weight: 600; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.93rem; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 1rem 0.35rem 0;
  border-bottom: 1px solid var(--line); font-weight: 400; }
thead th { color: var(--soft); font-size: 0.85rem; } tbody th { white-space: nowrap; }
pre { margin: 0; padding: 0.8rem 1rem; border-radius: 8px; border: 1px solid var(--line);
  background: var(--paper); overflow-x: auto; font-size: 0.86rem; line-height: 1.5; }
code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
@media (max-width: 640px) {
  thead { display: none; } tr { display: block; padding: 0.5rem 0;
    border-bottom: 1px solid var(--line); }
  tbody :is(th, td) { display: inline-block; border: 0; padding: 0 0.9rem 0 0; }
  tbody td:last-child { display: block; }
}
pre:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
</style>
"""

_SCRIPT = """<script>
for (const code of document.querySelectorAll("pre code")) {
  code.textContent = code.textContent.replaceAll("%s", location.origin);
}
</script>"""


@dataclass(frozen=True)
class Argument:
    """An argument of a function.

    Attributes:
        name: of it.
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


def described(program: Endpoint) -> Described:
    """Read the signature and the docstring.

    Raises:
        ValueError: if an argument has no line in the docstring, or a line no argument.
    """
    text = inspect.cleandoc(program.function.__doc__ or "")
    summary, _, rest = text.partition("\n\nArgs:\n")
    told, _, returns = rest.partition("\n\nReturns:\n")
    words = {name: " ".join(said.split()) for name, said in re.findall(
        r"^ {4}(\w+): (.*(?:\n {8}.*)*)", told, re.MULTILINE)}
    parameters = inspect.signature(program.function).parameters
    if list(words) != list(parameters) or not returns.strip():
        raise ValueError(f"The docstring of {program.name} tells of {', '.join(words)}; its "
                         f"arguments are {', '.join(parameters)}.")
    hints = get_type_hints(program.function)
    arguments = tuple(
        Argument(name, _TYPES[hints[name]],
                 None if one.default is one.empty else json.dumps(one.default), words[name])
        for name, one in parameters.items()
    )
    return Described(" ".join(summary.split()), arguments, " ".join(returns.split()))


def python_example(path: str, program: Endpoint) -> str:
    """A program that calls it and prints what is worth seeing.

    Args:
        path: of the app, such as "/hi-maps".
        program: to call.
    """
    lines = [f"    {name}={value.code if isinstance(value, ComputedValue) else _literal(value)},"
             for name, value in program.example.items()]
    call = "submit" if program.streams else "predict"
    shown = (f"for answer in client.submit(\n{{}}\n):\n    print({program.shows})"
             if program.streams else f"answer = client.{call}(\n{{}}\n)\nprint({program.shows})")
    arguments = "\n".join([*lines, f'    api_name="/{program.name}",'])
    return (f'from gradio_client import Client\n\nclient = Client("{ADDRESS}{path}/")\n'
            + shown.replace("{}", arguments))


def curl_example(path: str, program: Endpoint) -> str:
    """The same call from a shell: one request begins it, another one waits for the answer."""
    base = f"{ADDRESS}{path}/gradio_api/call"
    made = any(isinstance(value, ComputedValue) for value in program.example.values())
    if made:
        parts = ", ".join(
            f'"{name}": {value.code if isinstance(value, ComputedValue) else _literal(value)}'
            for name, value in program.example.items())
        before = f"python3 -c 'import json; print(json.dumps({{{parts}}}))' |\n  "
        data = "@-"
    else:
        before, data = "", _quoted(json.dumps(program.example, ensure_ascii=False))
    return (
        f"id=$({before}curl -s {base}/v2/{program.name} -H 'Content-Type: application/json' \\\n"
        f"  -d {data} | cut -d '\"' -f 4)\n"
        f"curl -sN {base}/{program.name}/$id"
    )


def _literal(value: Any) -> str:
    """A value as Python writes it, with double quotes."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return repr(value)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def programs_of(app: AppEntry) -> Sequence[Endpoint]:
    """What an app offers; nothing if it has no programs. Imports it."""
    name = app.module.rpartition(".")[0] + ".programs"
    try:
        return importlib.import_module(name).PROGRAMS
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        return ()


def api_page(apps: Sequence[AppEntry]) -> str:
    """The page as HTML. Imports the apps: call it where that may take seconds."""
    offered = [(app, programs_of(app)) for app in apps]
    contents = "".join(
        f'<li><a href="#{_id(app)}">{html.escape(app.title)}</a><ul>' + "".join(
            f'<li><a href="#{_id(app)}-{one.name}">{one.name}</a></li>' for one in programs
        ) + "</ul></li>" for app, programs in offered if programs
    )
    sections = "\n".join(_section(app, programs) for app, programs in offered if programs)
    count = sum(len(programs) for _, programs in offered)
    return page("API · CosmoDesk", f"""<h1>API</h1>
<p class="lead">{count} functions of the apps by name, for programs: the same models, seeds and
checks as in the pages. No key is needed.</p>
<div class="notes">
<p>From Python, <code>pip install gradio_client</code>. From a shell, one request begins the work
and answers with an id, a second one waits for what comes of it, as server-sent events; the line
that follows <code>event: complete</code> holds the answer, in a list of one. What cannot be done is
said in one sentence. A text may have {LONGEST_TEXT:,} characters at most and a list
{MOST_NUMBERS:,} numbers; the functions say where they read less. The models work on one request at
a time, the others wait in line.</p>
{_mcp_words(apps)}
</div>
<ul class="toc">{contents}</ul>
{sections}
{_SCRIPT % ADDRESS}""", here=studio.API, head=_STYLE)


def _mcp_words(apps: Sequence[AppEntry]) -> str:
    places = "".join(
        f"<li><code>{html.escape(app.path)}/gradio_api/mcp/</code></li>" for app in apps
    )
    if not mcp_served(get_settings()):
        return ("<p>The functions can also be tools of an assistant, over MCP: "
                '<code>pip install "mcp&gt;=1.21,&lt;2"</code>, and start again.</p>')
    return ("<p>The functions are also tools of an assistant, over MCP (streamable HTTP), at</p>"
            f"<ul>{places}</ul>")


def _id(app: AppEntry) -> str:
    return html.escape(app.path.strip("/"))


def _section(app: AppEntry, programs: Sequence[Endpoint]) -> str:
    path = html.escape(app.path)
    articles = "\n".join(_article(app, program) for program in programs)
    return (f'<section id="{_id(app)}"><h2>{html.escape(app.title)}</h2>'
            f'<p>At <a href="{path}/">{path}/</a></p>\n{articles}</section>')


def _article(app: AppEntry, program: Endpoint) -> str:
    told = described(program)
    rows = "".join(
        f'<tr><th scope="row"><code>{one.name}</code></th><td>{one.type}</td>'
        f"<td>{f'<code>{html.escape(one.default)}</code>' if one.default else 'to be given'}</td>"
        f"<td>{html.escape(one.words)}</td></tr>" for one in told.arguments
    )
    label = f"{program.name} of {html.escape(app.title)}"
    streams = " It comes piece by piece." if program.streams else ""
    return f"""<article id="{_id(app)}-{program.name}">
<h3><code>/{program.name}</code></h3>
<p>{html.escape(told.summary)}</p>
<div class="scroll" tabindex="0" role="region" aria-label="Arguments of {label}"><table>
<thead><tr><th scope="col">Argument</th><th scope="col">Type</th><th scope="col">Default</th>
<th scope="col">What it is</th></tr></thead><tbody>{rows}</tbody></table></div>
<h4>Returns</h4>
<p>{html.escape(told.returns)}{streams}</p>
{_code("Python", label, python_example(app.path, program))}
{_code("Shell", label, curl_example(app.path, program))}
</article>"""


def _code(language: str, label: str, text: str) -> str:
    return (f'<h4>{language}</h4>\n<pre tabindex="0" role="region" aria-label="{label} in '
            f'{language}"><code>'
            f"{html.escape(textwrap.dedent(text))}</code></pre>")
