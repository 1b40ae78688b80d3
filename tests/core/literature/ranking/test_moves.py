"""What moved in the list, and the words that the moved papers share."""

from __future__ import annotations

from core.literature.ranking.moves import Moves, in_words, moves
from core.literature.text.paper import Paper

LENSING = [Paper(f"2301.0000{i}", f"Weak lensing peaks {i}", "Peak counts of weak lensing maps.")
           for i in range(3)]
OTHERS = [Paper(f"2301.0001{i}", f"Axions {i}", "Ultralight axions and boson stars.")
          for i in range(5)]
PAPERS = [LENSING[0], *OTHERS, *LENSING[1:]]
IDS = [paper.id for paper in PAPERS]
RISEN = [LENSING[0].id, LENSING[1].id, LENSING[2].id, *(paper.id for paper in OTHERS)]


def test_a_like_says_what_rose_and_not_what_made_room() -> None:
    found = moves(IDS, RISEN, PAPERS, LENSING[0], liked=True)
    assert set(found.up) == {LENSING[1].id, LENSING[2].id} and not found.down
    assert "weak lensing" in in_words(found) and in_words(found).startswith("2 papers moved up: ")


def test_a_dislike_says_what_fell() -> None:
    found = moves(RISEN, IDS, PAPERS, LENSING[0], liked=False)
    assert set(found.down) == {LENSING[1].id, LENSING[2].id} and not found.up
    assert in_words(found).startswith("2 papers moved down: ")


def test_nothing_moved_is_nothing_said() -> None:
    assert in_words(moves(IDS, IDS, PAPERS, LENSING[0], liked=True)) == ""
    assert in_words(Moves(up=("a",))) == "1 paper moved up"
