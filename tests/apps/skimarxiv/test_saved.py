"""The sheet of the saved papers says what the page says of them."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from apps.skimarxiv.pages import saved
from core.literature.ranking.profile import Profile
from core.literature.skim.sample import sample_batch
from core.literature.text.tex import DOLLAR
from tests.apps.skimarxiv.conftest import NewService

SAVED = {item.paper.id: item.version for item in sample_batch().announcements}


def test_the_sheet_compares_with_what_the_page_compares_with(new_service: NewService) -> None:
    new_service()
    for reference in ({}, {"H0": (60.0, 1.0)}, {"S8": (0.5, 0.01), "H0": (60.0, 1.0)}):
        shown = saved.show({"profile": Profile(saved=SAVED, reference=reference).to_json()})
        text = Path(shown["sheet"].value["path"]).read_text(encoding="utf-8")
        numbers = re.findall(r"\(([0-9.]+)σ from (.*?)\)\*\*", text)
        lies = re.findall(r" lies ([0-9.]+)σ from (.*?)\. Which", text)
        page = re.findall(r"is ([0-9.]+)\s*σ from ([^;<]*?)(?:;|\.</p>)", shown["list"])
        assert numbers and set(numbers) == set(page) and set(lies) <= set(page)
        assert ("your reference" in text) is bool(reference)


@pytest.mark.parametrize(("note", "shown"), [
    ("<b>x</b>", "<b>x</b>"), ("under $3 million", "under $3 million"),
    ("$5 to $10", "$5 to $10"), ("5 < 6 & <i>", "5 < 6 & <i>"), ("<script>alert(1)</script>",) * 2,
    ("<!-- no -->", "<!-- no -->"), ("a \ue000 b", "a  b"),
])
def test_the_sheet_on_the_page_shows_the_signs_that_were_typed(
    new_service: NewService, note: str, shown: str
) -> None:
    new_service()
    profile = Profile(saved={"sample.0001": 1}, notes={"sample.0001": note})
    page = saved.show({"profile": profile.to_json()})["preview"]
    line = [line for line in page.splitlines() if line.startswith("> ")][-1]
    as_read = html.unescape(re.sub(r"</?span>", "", line[2:].replace("\\&", "&"))).rstrip()
    assert as_read.split() == shown.split() and DOLLAR not in page
    assert not re.search(r"<(?!/?span>)[a-z/!]", line)


def test_no_dollar_of_the_sheet_is_a_box(new_service: NewService) -> None:
    new_service()
    page = saved.show({"profile": Profile(saved=SAVED).to_json()})["preview"]
    assert DOLLAR not in page and not re.search("[\ue000-\uf8ff]", page)
    assert page.count("<span>&#36;</span>") >= 1
