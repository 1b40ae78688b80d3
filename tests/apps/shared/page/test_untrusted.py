"""Text of strangers: mathematics stays, everything that a browser would act on goes."""

from __future__ import annotations

import random
import re

import pytest

from apps.shared.page.untrusted import math_html, plain_text, safe_markdown

_PIECES = [
    "<", "img src=//e.x/y", "script>", "![", "](", "]:", "[a", "](//e.x)", "http://", "https://",
    "www.", "ht", "tp://", "`", "```", "```mermaid\n", "\n", "\n\n", "$", "$$", "\\(", "\\)", "\\[",
    "\\]", "\\", "rule{9em}{9em}", "href{x}{y}", "!", "~~~", "a", "b@c.de", " ", "    ", "> ", "|",
    "&lt;", "&", "@", "\u202e", "\x00", "%%%LATEX_BLOCK_0%%%", "style", "/", "?", "x<y",
]


def _random_texts(count: int) -> list[str]:
    rng = random.Random(1)
    return ["".join(rng.choices(_PIECES, k=rng.randint(1, 14))) for _ in range(count)]


DOLLAR = "<span>&#36;</span>"
_ACTS = re.compile(
    r"<[A-Za-z/!?]|\]\(|\]:|(?<!\\)!\[|(?i:https?://|ftp://|www\.)|\\(rule|href|style)(?![a-z])|```|"
    "[\x00\u202e]"
)


def test_nothing_that_acts_is_left_in_markdown() -> None:
    for text in _random_texts(5000):
        prose = re.sub(r"(?ms)^```\w*\n.*?^```$", "", safe_markdown(text))
        assert not _ACTS.search(prose), text


def test_html_is_escaped_and_formulas_cannot_reach_beyond_it() -> None:
    for text in _random_texts(5000):
        shown = re.sub(r"<code>([^<>$\\]*)</code>", r"\1", math_html(text))
        outside = re.sub(r"<span>(?:(\$\$?)[^$]+\1|&#\d+;)</span>", "", shown)
        outside = re.sub(r'<code class="cd-source">([^<]*)</code>', r"\1", outside)
        assert not re.search(r"[<>$\\\n]", outside), text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"$z<3$ and $\Omega_{\rm m} = 0.3$", r"$z<3$ and $\Omega_{\rm m} = 0.3$"),
        ("T<T_c", "T< T_c"),
        ("**bold**, `code` and\n- a list", "**bold**, `code` and\n- a list"),
        ("<script>alert(1)</script>", "< script>alert(1)< /script>"),
        ("![x](http://e.com/a.png)", "[x] (e.com/a.png)"),
        ("[x](javascript:alert(1))", "[x] (javascript:alert(1))"),
        ("hthttp://tp://evil.com", "evil.com"),
        (r"$\\rule{9em}{9em}$", "$rule{9em}{9em}$"),
    ],
)
def test_what_a_reader_sees(text: str, shown: str) -> None:
    assert safe_markdown(text) == shown


def test_a_block_of_code_stays_to_the_letter() -> None:
    code = "before\n```python\nnp.dtype('<f8') if a<b else '![x](http://y)'\n```\nafter"
    assert "np.dtype('<f8') if a<b else '![x](http://y)'" in safe_markdown(code)


@pytest.mark.parametrize(
    "text",
    [
        "a $\n```\n$ <img src=//e.x>\n```\n",  # a formula eats the fence
        "$$ a\n```\n<img src=//e.x>\n```\n$$",
        "~~~\n```\n~~~\n<img src=//e.x>\n```\n",  # another fence ends first
        "```\n   ```\n<img src=//e.x>\n```\n",
    ],
)
def test_code_that_the_browser_might_not_take_for_code_is_no_code(text: str) -> None:
    assert "<img" not in safe_markdown(text)


def test_a_diagram_is_only_code() -> None:
    assert "mermaid" not in safe_markdown("```mermaid\ngraph TD; a-->b\n```")


def test_a_lone_dollar_is_a_dollar() -> None:
    assert math_html("it is $5, a<b") == f"it is {DOLLAR}5, a&lt;b"
    assert math_html("by `f(a<b, x_y)` and `z`") == (
        "by <code>f(a&lt;b, x_y)</code> and <code>z</code>")
    assert math_html("a `warm' or `cold' one") == "a `warm&#x27; or `cold&#x27; one"
    assert math_html(r"for \$5 and $z<1$") == f"for {DOLLAR}5 and <span>$z<1$</span>"


def test_hidden_and_turning_marks_go() -> None:
    assert plain_text("a\u202eb\u200bc\x07d\r\ne\tf") == "abcd\ne\tf"
