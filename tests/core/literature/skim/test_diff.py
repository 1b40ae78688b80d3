"""The difference between two versions of a paper is whole, readable and quick."""

from __future__ import annotations

import random
import time
from datetime import date

import pytest

from core.literature.library.announcements import Version
from core.literature.skim.diff import Changes, changes
from core.literature.text.text import clean

WORDS = [
    "we", "find", "voids", "$w = -1$", r"$\sigma_8 = 0.81 \pm 0.02$,", r"\$3", "at", "z", "~",
    "1.5", r"\(a b\)", "$", "<b>x</b>", "galaxies.", "$H_0$-values", "ΛCDM",
]


def version(abstract: str, number: int = 1, title: str = "On voids") -> Version:
    return Version(number, date(2026, 1, number), title, abstract)


def compared(old: str, new: str) -> Changes:
    return changes(version(old), version(new, 2))


def joined(found: Changes, without: str) -> str:
    return " ".join(piece.text for piece in found.abstract if piece.kind != without)


def test_both_texts_come_back_from_the_pieces() -> None:
    generator = random.Random(0)
    for _ in range(300):
        old = generator.choices(WORDS, k=generator.randrange(30))
        new = list(old)
        for _ in range(generator.randrange(8)):
            new.insert(generator.randrange(len(new) + 1), generator.choice(WORDS))
            del new[generator.randrange(len(new))]
        found = compared("  ".join(old), "\n".join(new))
        assert joined(found, "added") == " ".join(old)
        assert joined(found, "removed") == " ".join(new)
        kinds = [piece.kind for piece in found.abstract]
        assert all(first != second for first, second in zip(kinds, kinds[1:], strict=False))
        assert (set(kinds) <= {"same"}) == (clean(" ".join(old)) == clean(" ".join(new)))


def test_a_formula_is_one_word() -> None:
    found = compared(r"It is $a + b = 1$ here.", r"It is $a + b = 2$ here.")
    assert [(piece.kind, piece.text) for piece in found.abstract] == [
        ("same", "It is"), ("removed", "$a + b = 1$"), ("added", "$a + b = 2$"), ("same", "here."),
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (r"$\sigma_8=0.81\pm0.02$", r"$\sigma_8=0.79\pm0.02$", "numbers changed: 0.81 became 0.79"),
        ("of 1,234 voids", "of 1,235 voids", "numbers changed: 1,234 became 1,235"),
        ("we use 3 maps", "we use maps", "numbers changed: 3 is gone"),
        ("we use maps", "we use 3 maps and 4", "numbers changed: 3 is new, 4 is new"),
        ("$w=-1$", "$w=-0.9$", "numbers changed: -1 became -0.9"),
    ],
)
def test_changed_numbers_are_named(old: str, new: str, said: str) -> None:
    assert said in compared(old, new).summary


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("first 0.3 then 0.5 maps", "then 0.5 maps first 0.3"),
        ("the $S_8$ value of DES", "the $S_8$ value of DES-Y3"),
        ("a void", "some voids"),
    ],
)
def test_numbers_that_stayed_are_not_said_to_have_changed(old: str, new: str) -> None:
    summary = compared(old, new).summary
    assert "abstract changed" in summary
    assert "numbers changed" not in summary


def test_what_did_not_change_is_not_mentioned() -> None:
    assert "abstract" not in changes(version("Same."), version("Same.", 3, "New title")).summary
    assert "title" not in compared("Old.", "New.").summary
    same = changes(version("Same.", 2), version(" Same. ", 4))
    assert same.summary.startswith("v2 to v4: title and abstract stayed the same")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a b " * 20_000, "b a " * 20_000), ("a b " * 240, "b a a " * 160),
        ("$ x$ " * 9000, "$ " * 9000),
    ],
)
def test_hostile_texts_take_no_time(old: str, new: str) -> None:
    start = time.perf_counter()
    assert joined(compared(old, new), "removed") == clean(new)
    assert time.perf_counter() - start < 5
