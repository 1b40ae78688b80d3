"""Scripts, styles and templates are files; what goes into a template is escaped."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.shared.static_files import Html, joined, markup, static, template

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "apps/shared/static"
APPS = sorted((ROOT / "apps").rglob("*.py"))
CODE = {"a rule of CSS": re.compile(r"\{\s*[a-z-]+\s*:[^{}]*;[^{}]*\}"),
        "a function of JavaScript": re.compile(r"=>\s*\{"),
        "an element of several lines": re.compile(r"<(\w+)[^>]*>[^<]*\n.*\n.*</\1>", re.DOTALL)}


def strings(path: Path) -> Iterator[str]:
    """Those of a module, but for its docstrings."""
    tree = ast.parse(path.read_text())
    words = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in words:
            yield node.value


def test_what_is_not_html_is_escaped() -> None:
    assert markup("<p>$words</p>", words="<b> & \"'") == "<p>&lt;b&gt; &amp; &quot;&#x27;</p>"
    assert markup("<p>$words</p>", words=Html("<b>x</b>")) == "<p><b>x</b></p>"
    assert markup("$n", n=3) == "3" and isinstance(markup("$n", n=3), Html)
    assert markup("$words", words="$n") == "$n"  # what is put in is no template


def test_a_value_that_is_missing_is_an_error() -> None:
    with pytest.raises(KeyError, match="sentence"):
        template("site/message.html", title="Not found")


def test_only_html_is_joined() -> None:
    pieces = [markup("<li>$n</li>", n=n) for n in (1, 2)]
    assert joined(pieces) == "<li>1</li><li>2</li>" and isinstance(joined(pieces), Html)
    with pytest.raises(TypeError, match="plain text"):
        joined([*pieces, "<script>"])  # type: ignore[list-item]


def test_every_file_is_used() -> None:
    named = {name for path in (ROOT / "apps").rglob("*.py") for name in strings(path)}
    files = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()}
    assert files and not files - named
    assert static("frame/tab_keys.js").startswith("//")


@pytest.mark.parametrize("path", APPS, ids=[str(path.relative_to(ROOT)) for path in APPS])
def test_no_code_of_the_browser_stands_in_python(path: Path) -> None:
    for text in strings(path):
        found = [what for what, pattern in CODE.items() if pattern.search(text)]
        assert not found, f"{found[0]}: {text[:80]}"
