"""Export and import of announcements: nothing is lost, and nothing bad gets in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.literature.library.announcements import Announcements
from core.literature.library.library import Library
from tests.core.literature.library.announced import (
    CO,
    announced,
    batch_of,
    day_after,
    numbered_batch,
    random_batch,
    state_of,
)


def filled(path: Path) -> Announcements:
    announcements = Announcements(Library.open(path, primer=False))
    for seed in range(6):
        announcements.record(random_batch(seed, day_after(seed)))
    announcements.record(batch_of([announced(1)], ("gr-qc",), day_after(9), "search"))
    return announcements


def test_export_and_import(tmp_path: Path) -> None:
    first = filled(tmp_path / "first.sqlite")
    count = first.export(tmp_path / "kept" / "all.jsonl")
    second = Announcements(Library.open(tmp_path / "second.sqlite", primer=False))
    assert second.import_(tmp_path / "kept" / "all.jsonl") == count > 6
    for category in (CO, "gr-qc", "hep-ph"):
        assert state_of(first, (category,)) == state_of(second, (category,))
    assert second.import_(tmp_path / "kept" / "all.jsonl") == 0
    assert second.export(tmp_path / "again.jsonl") == count
    assert (tmp_path / "again.jsonl").read_bytes() == (
        tmp_path / "kept" / "all.jsonl"
    ).read_bytes()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "no JSON"), ("[1]", "no JSON object"), ("[" * 100_000, "no JSON"),
        ("{}", '"id" is wanted'), (b"\xff\xfe", "UTF-8"),
    ],
)
def test_a_bad_line_is_named_and_keeps_all_out(
    tmp_path: Path, line: str | bytes, said: str
) -> None:
    path = tmp_path / "all.jsonl"
    filled(tmp_path / "first.sqlite").export(path)
    lines = path.read_bytes().splitlines()
    lines[4] = line.encode() if isinstance(line, str) else line
    path.write_bytes(b"\n".join(lines))
    check_refused(tmp_path, path, f"(?i)line 5 .*{said}")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"version": 1,', '"version": 1.5,'), ('"day": "2026', '"day": "yesterday'),
        ('"id": "2611', '"id": "<b>'), ('"new"', '"old"'), ('"origin": "feed"', '"origin": "x"'),
        ('"listed": {', '"listed": 3, "x": {'), ('"authors": ["', '"authors": [3, "'),
        ('"title": "x', '"title": "\\ud800'), ("+00:00", ""),
    ],
)
def test_a_bad_value_is_refused(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "all.jsonl"
    first = Announcements(Library.open(tmp_path / "first.sqlite", primer=False))
    first.record(batch_of([replace(announced(1), paper=replace(
        announced(1).paper, id="2611.00001", title="x"))]))
    first.export(path)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    check_refused(tmp_path, path, r"Line 2 .*\w.*\.$")


def check_refused(folder: Path, path: Path, said: str) -> None:
    second = Announcements(Library.open(folder / "second.sqlite", primer=False))
    with pytest.raises(ValueError, match=said):
        second.import_(path)
    assert len(second.library) == 0
    assert second.begun(CO) is None


def test_no_export_of_announcements(tmp_path: Path, announcements: Announcements) -> None:
    path = tmp_path / "x"
    with pytest.raises(ValueError, match="cannot be read"):
        announcements.import_(path)
    path.write_text('{"a": 1}\n')
    with pytest.raises(ValueError, match="Line 1 .*begins with"):
        announcements.import_(path)


def test_a_failed_export_leaves_the_old_file(
    tmp_path: Path, announcements: Announcements, monkeypatch: pytest.MonkeyPatch
) -> None:
    announcements.record(batch_of(announced(i) for i in range(5)))
    path = tmp_path / "kept" / "all.jsonl"
    announcements.export(path)
    before = path.read_bytes()

    def failing(listed: object) -> str:
        raise OSError("disk full")

    monkeypatch.setattr("core.literature.library.announcement_export.to_json", failing)
    with pytest.raises(OSError, match="disk full"):
        announcements.export(path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]
    assert announcements.record(numbered_batch(3)) == 5
