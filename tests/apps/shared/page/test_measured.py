"""Tables of measured numbers have no column without a number, and no cell without a sign."""

from __future__ import annotations

import pytest

from apps.cosmogemma.pages import about as cosmogemma
from apps.hi_maps.pages import about as hi_maps
from apps.reionization.pages import about as reionization
from apps.skimarxiv.pages import about as skimarxiv

TABLES = {
    **{name: hi_maps.metrics_table(name) for name in ("hi_cdm", "higlow", "hi_inference")},
    **{name: reionization.metrics_table(name)
       for name in ("neutral_fraction", "reionization_sources", "radiation")},
    "cosmogemma": cosmogemma.metrics_table(), "skimarxiv": skimarxiv.metrics_table(),
}


@pytest.mark.parametrize("name", TABLES)
def test_no_column_and_no_cell_of_an_about_page_is_empty(name: str) -> None:
    tables = [block for block in TABLES[name].split("\n\n") if block.startswith("|")]
    assert tables
    for table in tables:
        head, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")]
                          for line in table.splitlines()]
        assert all(head) and rows
        for row in rows:
            assert len(row) == len(head) and all(row)
        for column in zip(*rows, strict=True):
            assert set(column) != {"–"}
