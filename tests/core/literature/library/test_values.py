"""The table of values: every place in a passage has one, every value says where it is from."""

from __future__ import annotations

import json
import re

import pytest

from core.literature.library.primer import read_references
from core.literature.library.rows import FOLDER
from core.literature.library.values import Value, filled, read_values

VALUES = read_values()
RAW = (FOLDER / "passages.jsonl").read_text(encoding="utf-8")


def test_every_value_is_used_and_every_place_has_one() -> None:
    used = set(re.findall(r"\[\[([\w.+-]+)\]\]", RAW))
    assert used <= set(VALUES)
    assert len(used) > 0.8 * len(VALUES)


def test_values_are_numbers_of_listed_papers() -> None:
    known = read_references()
    for value in VALUES.values():
        assert re.search(r"\d", value.value), value.id
        assert not value.reference or value.reference in known, value.id
        assert value.limit in ("", "<", ">") and 0 <= value.year < 2100, value.id
        assert value.tex.count("{") == value.tex.count("}"), value.id


def test_a_number_is_corrected_once_for_all_its_passages() -> None:
    texts = [json.loads(line)["text"] for line in RAW.splitlines()]
    often = max(VALUES, key=lambda id: sum(f"[[{id}]]" in text for text in texts))
    changed = {**VALUES, often: Value(often, "", "", "98765")}
    holding = [text for text in texts if f"[[{often}]]" in text]
    assert len(holding) > 1 and all("98765" in filled(text, changed) for text in holding)


@pytest.mark.parametrize(("value", "tex"), [
    (Value("a", "", "", "67.4", ("0.5",)), "67.4 \\pm 0.5"),
    (Value("a", "", "", "0.12", limit="<", level="95%"), "< 0.12"),
    (Value("a", "", "", "0.77", ("-0.02", "+0.01")), "0.77^{+0.01}_{-0.02}"),
])
def test_a_value_is_written_as_in_a_paper(value: Value, tex: str) -> None:
    assert value.tex == tex


def test_a_value_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match="planck3000.H0"):
        filled("It is [[planck3000.H0]].", VALUES)
