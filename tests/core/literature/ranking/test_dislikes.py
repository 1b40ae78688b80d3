"""A dislike acts on what is alike beyond chance, and reasons name terms of the field alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.literature.library.library import Library
from core.literature.ranking.field_terms import is_of_field
from core.literature.ranking.moves import in_words, moves
from core.literature.ranking.profile import Profile
from core.literature.ranking.rank import Ranked, rank
from core.literature.skim.sample import sample_batch
from core.literature.text.text import words

DAY = [item.paper for item in sample_batch(["astro-ph.CO"]).announcements]
ASKED = Profile("21cm\nS8 tension\ncluster lensing\nGW sirens")


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Library]:
    """As on a first visit: the sample is nowhere stored, so words alone decide."""
    library = Library.open(tmp_path / "library.sqlite", primer=False)
    yield library
    library.close()


def place(ranked: list[Ranked], id: str) -> int:
    return [one.paper.id for one in ranked].index(id)


def near(one: Ranked) -> bool:
    return one.reasons[0].startswith("near your interests")


@pytest.mark.parametrize("disliked", [paper.id for paper in DAY])
def test_what_was_asked_for_stays_above_what_is_near_no_interest(
    empty: Library, disliked: str
) -> None:
    before = rank(DAY, ASKED, empty, meaning=False)
    asked = [one.paper.id for one in before if near(one) and one.paper.id != disliked]
    after = rank(DAY, ASKED.with_dislike(disliked), empty, meaning=False)
    assert {one.paper.id for one in after[: len(asked)]} == set(asked)
    assert place(after, disliked) == len(DAY) - 1


def test_chance_words_make_no_likeness(empty: Library) -> None:
    after = rank(DAY, ASKED.with_dislike("sample.0017"), empty, meaning=False)
    assert place(after, "sample.0008") < 3
    assert not after[place(after, "sample.0008")].pushed
    pushed = {one.paper.id for one in after if one.pushed}
    for one in after:
        assert one.paper.id not in pushed or any(
            "that you disliked: " in reason or reason == "you disliked it"
            for reason in one.reasons)
    assert pushed


def test_a_title_with_all_words_of_an_interest_stands_above_one_with_a_part(
    empty: Library,
) -> None:
    ranked = rank(DAY, Profile("cluster lensing"), empty, meaning=False)
    assert [one.paper.id for one in ranked[:2]] == ["sample.0022", "sample.0017"]
    for one in ranked[:2]:
        assert "lensing" in one.reasons[0] and "cluster" in one.reasons[0]
    said = " ".join(reason for one in rank(DAY, ASKED, empty) for reason in one.reasons)
    assert "(0." not in said


@pytest.mark.parametrize("liked", ["sample.0001", "sample.0012", "sample.0022"])
def test_a_liked_paper_is_there_because_it_was_liked(empty: Library, liked: str) -> None:
    ranked = rank(DAY, Profile(liked=(liked,)), empty, meaning=False)
    assert ranked[0].reasons == ("you liked it",)
    for word in ("median redshift", "sign", "half", "fifths"):
        assert not any(word in reason.split(": ")[-1].split(", ")
                       for one in ranked for reason in one.reasons)


@pytest.mark.parametrize(("text", "known"), [
    ("weak lensing", True), ("dark matter", True), ("reionization", True), ("21 cm", True),
    ("galaxy clusters", True), ("fifths", False), ("half", False), ("separate", False),
    ("sign", False), ("median redshift", False), ("result", False),
])  # fmt: skip
def test_terms_of_the_field(text: str, known: bool) -> None:
    assert is_of_field(" ".join(words(text))) is known


@pytest.mark.parametrize("judged", DAY, ids=lambda paper: paper.id)
@pytest.mark.parametrize("liked", [True, False])
def test_a_move_names_terms_of_the_field_and_counts_all(
    empty: Library, judged: object, liked: bool
) -> None:
    id = judged.id  # type: ignore[attr-defined]
    profile = ASKED.with_like(id) if liked else ASKED.with_dislike(id)
    before, after = ([one.paper.id for one in rank(DAY, p, empty, meaning=False)]
                     for p in (ASKED, profile))
    found = moves(before, after, DAY, judged, liked=liked)  # type: ignore[arg-type]
    assert all(is_of_field(" ".join(words(word))) for word in found.words)
    rest = [[one for one in order if one != id] for order in (before, after)]
    stands = [one for one, other in zip(*rest, strict=True) if one == other]
    assert len(found.up) + len(found.down) == len(DAY) - 1 - len(stands)
    assert bool(in_words(found)) is bool(found.up)
