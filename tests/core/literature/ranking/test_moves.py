"""What moved in the list, and the words that the moved papers share."""

from __future__ import annotations

import random
import re

import pytest

from core.literature.ranking.moves import Moves, in_words, moves
from core.literature.text.paper import Paper

LENSING = [Paper(f"2301.0000{i}", f"Weak lensing peaks {i}", "Peak counts of weak lensing maps.")
           for i in range(3)]
OTHERS = [Paper(f"2301.0001{i}", f"Axions {i}", "Ultralight axions and boson stars.")
          for i in range(5)]
PAPERS = [LENSING[0], *OTHERS, *LENSING[1:]]
IDS = [paper.id for paper in PAPERS]
RISEN = [LENSING[0].id, LENSING[1].id, LENSING[2].id, *(paper.id for paper in OTHERS)]


def test_a_like_says_what_rose_and_what_fell() -> None:
    found = moves(IDS, RISEN, PAPERS, LENSING[0], liked=True)
    assert set(found.up) == {LENSING[1].id, LENSING[2].id}
    assert set(found.down) == {paper.id for paper in OTHERS}
    assert "weak lensing" in in_words(found) and in_words(found).startswith("2 papers moved up: ")
    assert in_words(found).endswith("; 5 moved down")


def test_a_dislike_says_what_fell() -> None:
    found = moves(RISEN, IDS, PAPERS, LENSING[0], liked=False)
    assert set(found.down) == {LENSING[1].id, LENSING[2].id}
    assert in_words(found).startswith("2 papers moved down: ")
    assert in_words(found).endswith("; 5 moved up")


def test_the_judged_paper_and_the_gap_that_it_leaves_are_no_moves() -> None:
    last = [*IDS[1:], IDS[0]]
    assert in_words(moves(IDS, last, PAPERS, PAPERS[0], liked=False)) == ""


def test_a_paper_that_moved_by_one_place_moved() -> None:
    swapped = [IDS[0], IDS[2], IDS[1], *IDS[3:]]
    said = in_words(moves(IDS, swapped, PAPERS, LENSING[0], liked=True))
    assert said == "1 paper moved up; 1 moved down"


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("liked", [True, False])
def test_the_counts_are_those_of_the_two_orders(seed: int, liked: bool) -> None:
    after = random.Random(seed).sample(IDS, len(IDS))
    judged = PAPERS[seed % len(PAPERS)]
    found = moves(IDS, after, PAPERS, judged, liked=liked)
    rest = [[id for id in order if id != judged.id] for order in (IDS, after)]
    assert set(found.up) == {id for id in rest[0] if rest[0].index(id) > rest[1].index(id)}
    assert set(found.down) == {id for id in rest[0] if rest[0].index(id) < rest[1].index(id)}
    counts = re.findall(r"\d+(?= (?:papers? )?moved)", in_words(found))
    first, second = (found.up, found.down) if liked else (found.down, found.up)
    assert [int(count) for count in counts] == [len(first), len(second)][: len(counts)]
    assert found.sharing <= len(first) and bool(found.sharing) is bool(found.words)


def test_nothing_moved_is_nothing_said() -> None:
    assert in_words(moves(IDS, IDS, PAPERS, LENSING[0], liked=True)) == ""
    assert in_words(Moves(up=("a",))) == "1 paper moved up"
