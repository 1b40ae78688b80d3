"""What a list calls a paper: its primary category decides."""

from __future__ import annotations

from datetime import date

import pytest

from core.literature.arxiv.announcement import Announcement, Kind
from core.literature.text.paper import Paper

DAY = date(2026, 11, 18)


@pytest.mark.parametrize(("categories", "kinds", "listed", "kind"), [
    (("gr-qc", "astro-ph.CO"), ("new",), ["astro-ph.CO"], "cross"),
    (("gr-qc", "astro-ph.CO"), ("new", "cross"), ["astro-ph.CO"], "cross"),
    (("gr-qc", "astro-ph.CO"), ("new",), ["astro-ph.CO", "gr-qc"], "new"),
    (("astro-ph.CO", "gr-qc"), ("new",), ["astro-ph.CO"], "new"),
    (("gr-qc", "astro-ph.CO"), ("replacement",), ["astro-ph.CO"], "replacement of a cross-list"),
    (("astro-ph.GA",), ("new",), ["astro-ph"], "new"),
    ((), ("new",), ["astro-ph.CO"], "new"), (("gr-qc",), ("new",), [], "new"),
])  # fmt: skip
def test_a_paper_of_another_primary_category_is_a_cross_list(
    categories: tuple[str, ...], kinds: tuple[Kind, ...], listed: list[str], kind: Kind
) -> None:
    item = Announcement(Paper("2611.00001", "A", "B.", categories=categories), DAY, kinds)
    assert item.in_list(listed).kind == kind
