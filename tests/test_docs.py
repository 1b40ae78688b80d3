"""What README, CONTRIBUTING and docs name is there: settings, links, modules, files."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from core.settings import Settings

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_every_setting_stands_in_the_readme_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `COSMODESK_(\w+)` \|([^|]*)\|", PAGES[0].read_text(), re.M))
    assert set(rows) == {name.upper() for name in Settings.model_fields} | {"BROWSER"}
    for name, field in Settings.model_fields.items():
        shown = rows[name.upper()].strip().strip("`")
        if isinstance(field.default, Path):
            assert shown in ("core/weights", "~/.cache/cosmodesk")
        elif field.default in (None, ""):
            assert shown == ""
        else:
            assert shown == str(field.default).replace("True", "true")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text()):
        if "://" not in target and not target.startswith("mailto:"):
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_modules_that_are_run_are_there(page: Path) -> None:
    text = page.read_text()
    for name in re.findall(r"python -m ((?:core|apps|training|benchmarks)[\w.]*\w)", text):
        assert find_spec(name) is not None, name


def test_files_of_the_architecture_are_there() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    for name in re.findall(r"`((?:core|apps|training|benchmarks|tests)/[\w/.]+)`", text):
        assert (ROOT / name).exists(), name
