"""The sheet of the saved papers says what the page says of them."""

from __future__ import annotations

import re
from pathlib import Path

from apps.skimarxiv.pages import saved
from core.literature.ranking.profile import Profile
from core.literature.skim.sample import sample_batch
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
