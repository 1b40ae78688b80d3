"""Nothing that a stranger writes becomes markup, and formulas stay as they are."""

from __future__ import annotations

import html
import random
import re
import time

import pytest

from core.literature.text.markdown import bibtex_text, markdown, pieces

FORMULAS = (
    "$0<z<2$", r"$M>10^{14}\,\Msun$", r"$H_0 = 73.0 \pm 1.0$", "$$a_1*b_2$$", r"\(x<y\)",
    r"$\left[0,1\right]$", r"$\sim 5\%$", r"$\qnmfreq{\ell m n}$", "$a|b~c`d$",
)  # fmt: skip
HOSTILE = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "![x](http://evil.example/x.png)",
    "[click](javascript:alert(1))", "<http://evil.example>", "# A heading", "> quote", "`code`",
    "<!-- comment -->", "**bold** __bold__ ~~gone~~", "| a | b |", "---", "<style>*{}</style>",
    "&lt;b&gt;", "[x]: http://evil.example", "line one\n\n# line two", "\u202eright to left",
)  # fmt: skip


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_goes_into_markdown_byte_for_byte(formula: str) -> None:
    shown = markdown(f"For {formula} <b> and {formula}, *so*.")
    assert shown == rf"For {formula} &lt;b&gt; and {formula}, \*so\*."


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_shows_the_text_and_nothing_else(text: str) -> None:
    shown = markdown(text)
    assert not re.search(r"<[A-Za-z/!?]", shown)
    assert "\n" not in shown and "\u202e" not in shown
    assert not re.search(r"(?<![\\&])[\[\]`*_#|~]", shown)
    assert not shown.startswith(("-", "+", "=", ">"))
    unescaped = html.unescape(re.sub(r"\\([\\`*_\[\]#|~$])", r"\1", shown))
    assert unescaped == " ".join(text.replace("\u202e", " ").split())


@pytest.mark.parametrize(
    "text",
    [
        "$<img src=x onerror=alert(1)>$", "$a<b$ onmouseover=alert(1) $c>d$",
        '$<img title="<" src=x onerror="alert(1)">$', '$<img title="$ foo $" src=x>$',
        "$</script>$", "$<!--$ hidden $-->$", "$<?php ?>$", "$<http://evil.example>$",
    ],
)  # fmt: skip
def test_a_tag_in_formulas_is_broken_by_a_space_that_tex_does_not_see(text: str) -> None:
    shown = markdown(text)
    assert not re.search(r"<[A-Za-z/!?]", shown)
    assert html.unescape(shown).replace(" ", "") == text.replace(" ", "")


def test_a_link_in_a_formula_is_broken() -> None:
    assert markdown("$[x](javascript:alert(1))$") == "$[x] (javascript:alert(1))$"


def test_money_and_lone_dollars_open_no_formula() -> None:
    assert markdown(r"costs \$3 million, *not* \$4 million") == (
        r"costs \$3 million, \*not\* \$4 million"
    )
    assert markdown("costs $3 million, *not* more") == r"costs \$3 million, \*not\* more"
    assert bibtex_text(r"costs \$3 & $4") == r"costs \$3 \& \$4"


def test_pieces_joined_are_the_text() -> None:
    rng = random.Random(5)
    for _ in range(2000):
        text = "".join(rng.choice(r"$\()<>{}ab 1_^`[]") for _ in range(rng.randrange(60)))
        assert "".join(piece for _, piece in pieces(text)) == text
        balanced = bibtex_text(text)
        depth = 0
        for sign in balanced:
            depth += (sign == "{") - (sign == "}")
            assert depth >= 0
        assert depth == 0
        assert not re.search(r"<[A-Za-z/!?][^<>]*>", markdown(text))


@pytest.mark.parametrize(
    "formula", [r"$\alpha_{1}$", r"$H_0 = 73.0 \pm 1.0\,{\rm km\,s^{-1}}$", "$0<z<2$"]
)
def test_a_known_formula_goes_into_bibtex_byte_for_byte(formula: str) -> None:
    assert bibtex_text(f"A {formula} & b") == rf"A {formula} \& b"


@pytest.mark.parametrize(
    "formula",
    [
        r"$\input{/etc/passwd}$", r"$\write18{rm}$", r"$^^5cinput{x}$", r"$a%b$", "$}{$", r"$\{a$",
        r"$\csname input\endcsname x$", r"$\def\a{}$", r"$\unknown$", r"$\catcode`\%=12$",
    ],
)  # fmt: skip
def test_any_other_formula_is_only_text_in_bibtex(formula: str) -> None:
    shown = bibtex_text(formula)
    commands = set(re.findall(r"\\([A-Za-z]+|.)", shown))
    assert commands <= {
        "textbackslash", "textbraceleft", "textbraceright", "textasciicircum", "$", "%", "_", "&",
    }  # fmt: skip
    assert "^^" not in shown


@pytest.mark.parametrize("sign", ["$", "<a ", "\\(", '<a "', "$<a'", "[", "\\"])
def test_long_texts_of_one_sign_take_no_time(sign: str) -> None:
    started = time.perf_counter()
    markdown(sign * 4000)
    bibtex_text(sign * 4000)
    assert time.perf_counter() - started < 1.0
