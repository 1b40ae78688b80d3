"""Abstracts as HTML: nothing lost, nothing cut, nothing let through."""

from __future__ import annotations

import html
import re

import pytest

from apps.skimarxiv.marks import abstract, around, shown
from core.literature.measurements.extract import measurements
from core.literature.skim.sample import sample_batch
from core.literature.text.tex import DOLLAR
from core.literature.text.text import clean, sentences
from tests.apps.skimarxiv.fixture import HOSTILE, MATHS, NASTY, TENSE

ABSTRACTS = [item.paper.abstract for item in sample_batch().announcements]


def words(shown_html: str) -> str:
    """What a reader sees, mathematics as TeX; without spaces, which displaying may change."""
    parts = re.split(r"(\$\$.+?\$\$|\$.+?\$)", shown_html)
    text = "".join(p if p.startswith("$") else html.unescape(re.sub(r"<[^>]+>", "", p))
                   for p in parts)
    return "".join(text.replace(DOLLAR, "$").split())


@pytest.mark.parametrize("text", ABSTRACTS)
def test_every_sentence_is_there_and_every_number_is_marked(text: str) -> None:
    numbers = measurements(text)
    found = abstract(text, 0, numbers)
    for i in range(len(sentences(text))):
        assert found.count(f"sk-s{i}\"") + found.count(f"sk-s{i} ") == 1
    for i in range(len(numbers)):
        assert re.search(rf'<mark class="[^"]*sk-m{i}[ "]', found)
    assert found.count("sk-told") == 1


def test_no_word_is_lost() -> None:
    text = TENSE.paper.abstract
    assert words(abstract(text, 1, measurements(text))) == "".join(text.split())


def test_a_mark_takes_the_whole_formula() -> None:
    text = TENSE.paper.abstract
    marked = re.findall(r"<mark[^>]*>(.*?)</mark>", abstract(text, None, measurements(text)))
    assert marked and all(piece.count("$") % 2 == 0 for piece in marked)
    assert "$H_0 = 74.0 \\pm 1.0$" in marked[0]


def test_macros_are_shown_as_what_they_stand_for_and_unknown_ones_stay() -> None:
    found = shown(MATHS.paper.title + " " + MATHS.paper.abstract)
    assert "\\odot" in found and "\\notamacro{x}" in found and "$0<z<2$" in found


@pytest.mark.parametrize("text", [HOSTILE.paper.abstract, HOSTILE.paper.title, NASTY])
def test_only_our_own_tags_come_out(text: str) -> None:
    for found in (shown(text), abstract(clean(text), 0, measurements(clean(text)))):
        outside = re.sub(r"\$\$.+?\$\$|\$.+?\$", "", found)
        # a formula that could break the page stands as its source
        outside = re.sub(r'<code class="cd-source">[^<>]*</code>', "", outside)
        assert set(re.findall(r"<\s*/?\s*([a-zA-Z]+)", outside)) <= {"span", "mark", "code"}
        assert "\\href" not in found and "\\rule" not in found


def test_lone_dollars_stand_alone() -> None:
    assert shown(f"{DOLLAR}3 or {DOLLAR}4") == "<span>&#36;</span>3 or <span>&#36;</span>4"


def test_the_words_around_a_number_are_whole() -> None:
    text = "word " * 40 + "so $a < b$ holds " + "more " * 40
    start = text.index("a < b")
    found = around(text, (start, start + 5))
    assert "<mark><span>$a < b$</span></mark>" in found and found.startswith("… ")
    assert found.endswith(" …") and "wor " not in found
