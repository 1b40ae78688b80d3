"""What a text says beyond its source is found; what the source says in other words is not."""

from __future__ import annotations

import random
import time

import pytest

from core.literature.skim.sample import sample_batch
from core.literature.text.text import sentences
from core.literature.tldr.faithfulness import unsupported

SOURCE = (
    r"We use 1,234 voids from BOSS and the Dark Energy Survey (DES) at $0.2 < z < 0.7$ and find "
    r"$H_0 = 67.4 \pm 0.5$ km/s/Mpc, $w_0=-0.9$, a 2.5$\sigma$ tension at 5--10 Mpc/h, 35\% "
    r"tighter. The cosmic microwave background and clusters of 10$^{14}$ M$_\odot$ are used, with "
    r"two-point functions, in \Lambda CDM with $S_8 = 0.8^{+0.1}_{-0.2}$."
)


@pytest.mark.parametrize("text", [
    "H0 = 67.4 ± 0.5 km/s/Mpc", r"$H_{0}=67.40$", "w0 = -0.9", "w0 is −0.9", "35 percent tighter",
    "2.5 sigma", "DES and BOSS", "1234 voids", "CMB", "5-10 Mpc/h", "from 5 Mpc to 10 Mpc",
    "two-point", "2-point", "ΛCDM and LCDM", "z = 0.7", "10^14 solar masses", "0.2-0.7", "S8 = 0.8",
    "It agrees.", "",
])  # fmt: skip
def test_the_source_in_another_notation_is_supported(text: str) -> None:
    assert unsupported(text, SOURCE) == []


@pytest.mark.parametrize(("text", "wrong"), [
    ("H0 = 67.5 km/s/Mpc", "67.5"), ("w0 = 0.9", "0.9"), ("w0 = -67.4", "-67.4"),
    ("35 sigma", "35"),
    ("2.5 Mpc", "2.5"), ("DESI", "DESI"), ("KiDS", "KiDS"), ("three surveys", "three"),
    ("IllustrisTNG", "IllustrisTNG"), ("10^15 solar masses", "15"), ("the ELT", "ELT"),
    ("35% at z = 12", "12"),
])  # fmt: skip
def test_what_the_source_lacks_is_named(text: str, wrong: str) -> None:
    assert any(wrong in found for found in unsupported(text, SOURCE))


def test_the_title_counts_as_source() -> None:
    assert unsupported("DESI finds 3 voids.", "Voids.", "DESI sees 3 of them") == []
    assert unsupported("DESI finds 3 voids.", "Voids.") == ["DESI", "3"]


def test_sentences_of_an_abstract_are_faithful_to_it_and_changed_numbers_are_not() -> None:
    rng, changed = random.Random(0), 0
    for announcement in sample_batch().announcements:
        paper = announcement.paper
        for sentence in sentences(paper.abstract):
            assert unsupported(sentence, paper.abstract) == []
            digits = [i for i, c in enumerate(sentence) if c.isdigit() and sentence[i - 1] == "."]
            if digits:
                at = rng.choice(digits)
                wrong = f"{sentence[:at]}7777{sentence[at:]}"
                changed += 1
                assert unsupported(wrong, paper.abstract)
    assert changed > 5


@pytest.mark.parametrize("unit", ["1" * 30, "1, ", "- ", "A1-", "$", "{", "\\", "10^", "ABC ", "²"])
def test_long_and_odd_texts_are_read_in_time(unit: str) -> None:
    text, start = unit * 20_000, time.perf_counter()
    unsupported(text, text)
    assert time.perf_counter() - start < 3
