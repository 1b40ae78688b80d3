"""Abstracts of the snapshot and of the library."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from core.literature.library.library import Library
from core.literature.text.paper import Paper
from tests.training.literature.questions.helpers import abstract_of
from training.literature.questions.abstracts import from_library, from_snapshot


def test_the_library_can_be_read_instead(tmp_path: Path) -> None:
    library = Library.open(tmp_path / "library.sqlite", primer=False)
    papers = [abstract_of(i, year) for i in range(3) for year in (2017, 2020, 2023)]
    library.add(
        Paper(a.id, a.title, a.text, (), date(a.year, 3, 1), ("astro-ph.CO",)) for a in papers
    )
    library.add([Paper("2001.99999", "Other", "An abstract.", (), date(2020, 1, 1), ("math.AG",))])
    found = list(from_library(tmp_path / "library.sqlite", ["astro-ph.CO"], [2020, 2023]))
    assert {a.id for a in found} == {a.id for a in papers if a.year != 2017}
    with pytest.raises(ValueError, match="no library"):
        list(from_library(tmp_path / "none.sqlite", ["astro-ph.CO"], [2020]))


@pytest.mark.parametrize(
    ("row", "year"),
    [
        ({"versions": [{"created": "Thu, 1 Dec 2022 10:00:00 GMT"}], "update_date": "2024-02-01"},
         2022),
        ({"update_date": "2024-02-01"}, 2020),
        ({"id": "astro-ph/9901001", "update_date": "1999-05-01"}, 1999),
    ],
)  # fmt: skip
def test_the_year_is_that_of_the_first_version(tmp_path: Path, row: dict, year: int) -> None:
    path = tmp_path / "one.json"
    whole = {"id": "2001.00001", "title": "T", "abstract": "A.", "categories": "astro-ph.CO"} | row
    path.write_text(json.dumps(whole) + "\n")
    found = list(from_snapshot(path, ["astro-ph.CO"], range(1990, 2030)))
    assert [a.year for a in found] == [year]
