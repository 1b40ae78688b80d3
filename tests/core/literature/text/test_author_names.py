"""Lines of authors as arXiv and its authors write them."""

from __future__ import annotations

import time
from datetime import date

import pytest

from core.literature.arxiv.announcement import Announcement
from core.literature.ranking.authors import same_author
from core.literature.skim.journal_club import bibtex
from core.literature.text.author_names import authors_of, is_group, surname
from core.literature.text.paper import Paper

LINES = r"""
A. Roe & B. Poe => A. Roe; B. Poe
A. Roe, B. Poe, & C. Loe => A. Roe; B. Poe; C. Loe
A. Roe \& B. Poe => A. Roe; B. Poe
A. Roe, B. Poe, and C. Loe => A. Roe; B. Poe; C. Loe
A. Roe and B. Poe and C. Loe => A. Roe; B. Poe; C. Loe
Void Consortium: A. Roe, B. Poe => Void Consortium; A. Roe; B. Poe
The Planck Collaboration: A. Roe and B. Poe => The Planck Collaboration; A. Roe; B. Poe
Hawk Team: A. Roe => Hawk Team; A. Roe
DESI Collaboration and A. Roe => DESI Collaboration; A. Roe
Planck Collaboration and ACT Collaboration => Planck Collaboration; ACT Collaboration
LIGO Collaboration, the Virgo Team and the Kagra Team => LIGO Collaboration; Virgo Team; Kagra Team
Fermi and Swift Collaborations => Fermi and Swift Collaborations
Dark Energy Survey and Kilo Collaboration => Dark Energy Survey and Kilo Collaboration
A. Roe and the DESI Collaboration => A. Roe; DESI Collaboration
Jane Doe and DESI Collaboration => Jane Doe; DESI Collaboration
A. Roe (for the DESI Collaboration) => A. Roe; DESI Collaboration
A. Roe, B. Poe (on behalf of the Void Consortium) => A. Roe; B. Poe; Void Consortium
A. Roe for the DESI Collaboration => A. Roe; DESI Collaboration
A. Roe, for the DESI Collaboration => A. Roe; DESI Collaboration
A. Roe, on behalf of the Hawk team => A. Roe; Hawk team
A. Roe, the Hawk team => A. Roe; Hawk team
A. Roe (1, 2), B. Poe (2) ((1) Leiden, NL, (2) Bonn (DE)) => A. Roe; B. Poe
A. Roe (Group of Theory, Leiden), B. Poe (Bonn, Germany (DE), and CERN) => A. Roe; B. Poe
A. Roe (DESI Collaboration), B. Poe => A. Roe; B. Poe; DESI Collaboration
Jane Doe, John Roe, et al. => Jane Doe; John Roe
Jane Doe et al. => Jane Doe
Jane Doe and 25 others => Jane Doe
Jane Doe, John Roe (25 additional authors not shown) => Jane Doe; John Roe
John Smith, Jr., Ann Lee, III, Bo Li => John Smith, Jr.; Ann Lee, III; Bo Li
John Smith Jr. and Ann Lee III => John Smith Jr.; Ann Lee III
Jane van der Berg, Bo de la Cruz => Jane van der Berg; Bo de la Cruz
Smith, J.; Doe, A. B. => J. Smith; A. B. Doe
Smith, J., Doe, A. B., van der Berg, C.-D. => J. Smith; A. B. Doe; C.-D. van der Berg
Smith, John; Doe, Jane => John Smith; Jane Doe
Smith, John and Doe, Jane => John Smith; Jane Doe
Smith, J. & Doe, A. => J. Smith; A. Doe
García Márquez, G., Smith, J. => G. García Márquez; J. Smith
Smith, J., Jr.; Doe, A. => J. Smith, Jr.; A. Doe
Smith, J., Doe, A., and the DESI Collaboration => J. Smith; A. Doe; DESI Collaboration
Jane Doe, John Roe => Jane Doe; John Roe
J. Doe, J. Roe => J. Doe; J. Roe
Jane Doe; John Roe; Ann Lee => Jane Doe; John Roe; Ann Lee
王力, 李明 => 王力; 李明
王力、李明，张伟 => 王力; 李明; 张伟
И. Иванов, А. Пушкин => И. Иванов; А. Пушкин
Öznur Şahin, Łukasz Wójcik, Þór Æsir => Öznur Şahin; Łukasz Wójcik; Þór Æsir
Jane Doe$^{1,2}$, John Roe$^1$ and Bo Li$^{*}$ => Jane Doe; John Roe; Bo Li
Jane Doe^{1}, John Roe*, Bo Li† => Jane Doe; John Roe; Bo Li
Jane Doe, Ph.D., John Roe => Jane Doe; John Roe
Authors: Jane Doe, John Roe => Jane Doe; John Roe
Jean-Luc O'Neill, D'Arcy Roe => Jean-Luc O'Neill; D'Arcy Roe
Ferdinand Anders, Sandy Band => Ferdinand Anders; Sandy Band
Andr\'e Weil, Mart{\'\i}n Ruiz and {\O}ystein Bo => André Weil; Martín Ruiz; Øystein Bo
Planck Collaboration => Planck Collaboration
A. Roe, Survey Team: B. Poe, C. Loe => A. Roe; Survey Team; B. Poe; C. Loe
A. Roe, B. Poe (Leiden) and C. Loe (Bonn) => A. Roe; B. Poe; C. Loe
(1) A. Roe => A. Roe
A. Roe [1], B. Poe [2,3] => A. Roe; B. Poe
"""


@pytest.mark.parametrize("case", LINES.strip().splitlines())
def test_a_line_of_authors_is_a_list_of_them(case: str) -> None:
    line, _, wanted = case.partition(" => ")
    assert authors_of(line) == tuple(wanted.split("; "))


def test_an_author_is_called_by_the_surname() -> None:
    names = ["Ada van der Berg", "John Smith, Jr.", "Ann Lee III", "DESI Collaboration",
             "Void Consortium", "Plato", "J. de la Cruz", "王力", "Ludwig van Beethoven", ""]
    assert [surname(name) for name in names] == [
        "van der Berg", "Smith", "Lee", "DESI Collaboration", "Void Consortium", "Plato",
        "de la Cruz", "王力", "van Beethoven", ""]
    assert is_group("the Hawk team") and not is_group("Ada Teamer")


@pytest.mark.parametrize("piece", ["a, ", "A. ", "(", ")", " and ", "& ", "A B, ", "; ", "Team: ",
                                   "Jr., ", "et al. ", "1", "$", "the ", "-", "van der ", "…"])
def test_a_long_line_is_read_in_time(piece: str) -> None:
    started = time.thread_time()
    authors_of(piece * 20_000)
    assert time.thread_time() - started < 4.0


def test_a_follower_and_a_bibliography_know_the_same_people() -> None:
    assert same_author("John Smith, Jr.", "J. Smith") and same_author("John Smith Jr.", "Smith, J")
    names = authors_of("Smith, J., Jr.; van der Berg, A. (for the Void Consortium)")
    paper = Paper("2301.01234", "Voids", "They are empty.", names)
    entry = bibtex([Announcement(paper, date(2023, 1, 4))])
    assert "author = {Smith, Jr., J. and A. van der Berg and {Void Consortium}}" in entry
    assert entry.startswith("@misc{smith2023voids,")
    assert paper.label == "Smith et al."
