"""Ideas from two papers: the authors' own words, a pair that makes sense and that nobody has."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from core.literature.ideas.combine import CombinedIdea, combine
from core.literature.ideas.grammar import named, written
from core.literature.ideas.problems import stated_problems
from core.literature.ideas.themes import kind_of_tool, themes
from core.literature.ideas.tools import offered_tools
from core.literature.library.library import Library
from core.literature.text.paper import Paper
from core.literature.text.tex import readable
from core.literature.text.text import sentences
from core.literature.tldr.spans import is_closed

FIELDS = ("title", "question", "data", "method", "first_step", "learnt", "risk")


def paper(number: int, title: str, abstract: str) -> Paper:
    return Paper(f"2403.{number:05d}", title, abstract, (f"Ann A. Author{number}",),
                 date(2024, 3, 1 + number % 28))


TENSION = paper(
    1, "The clustering of lensed galaxies",
    r"Galaxy surveys measure the amplitude of structure. The origin of the $S_8$ tension remains "
    r"unclear, and it may be due to feedback or to errors of calibration. We fit the shear.",
)
BIREFRINGENCE = paper(
    2, "The rotation of the sky",
    r"A hint of cosmic birefringence at $\beta \approx 0.3^\circ$ is degenerate with a wrong "
    r"polarization angle of the detectors. We simulate the effect of half-wave plates.",
)
VOIDS = paper(
    3, "Cosmic voids in sparse samples",
    r"We measure the void size function of galaxies at $0.2 < z < 0.6$ and compare it with haloes "
    r"in \emph{N}-body boxes. The voids are larger than expected by 3%.",
)
PEAKS = paper(
    4, "Non-Gaussian statistics of shear maps",
    r"We measure peak counts in weak lensing maps with four smoothing scales and model their "
    r"covariance by ray tracing. The matter density is recovered within $1\sigma$.",
)
POLARIZATION = paper(
    5, "Polarization at small scales",
    r"We present maps of the CMB polarization from SPT with a noise of $3\,\mu$K arcmin over "
    r"1500 square degrees. The $E$-mode spectrum is measured to multipoles of 4000.",
)
SHELF = (TENSION, BIREFRINGENCE, VOIDS, PEAKS, POLARIZATION)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    library = Library.open(tmp_path_factory.mktemp("shelf") / "library.sqlite", primer=False)
    library.add(SHELF)
    yield library
    library.close()


def all_of(library: Library, topic: str = "", **options) -> list[CombinedIdea]:
    return combine(library, topic, count=12, **options)


def test_papers_are_paired_where_it_makes_sense(shelf: Library) -> None:
    pairs = {(idea.theme, idea.names[0]) for idea in all_of(shelf)}
    assert {("S8", "peak counts"), ("S8", "void statistics"), ("birefringence", "SPT")} <= pairs
    assert ("birefringence", "void statistics") not in pairs
    assert not any(theme == "S8" and "SPT" in name for theme, name in pairs)


def test_quotes_are_whole_sentences_of_the_abstracts(shelf: Library) -> None:
    for idea in all_of(shelf):
        assert idea.problem.paper_id != idea.tool.paper_id
        assert idea.sources == (idea.problem.paper_id, idea.tool.paper_id)
        for quote in (idea.problem, idea.tool):
            source = shelf.get(quote.paper_id)
            assert source is not None
            assert quote.sentence in sentences(readable(source.abstract))
            assert quote.label.startswith("Author")


def test_both_papers_are_named_in_what_is_to_be_done(shelf: Library) -> None:
    for idea in all_of(shelf):
        assert idea.problem.label in idea.risk
        assert idea.tool.label in f"{idea.data} {idea.method} {idea.first_step}"


def test_what_the_library_has_together_is_no_idea(tmp_path: Path) -> None:
    library = Library.open(tmp_path / "library.sqlite", primer=False)
    library.add(SHELF)
    assert any(idea.names == ("peak counts",) for idea in all_of(library))
    library.add([paper(9, "Peaks and $S_8$", "We constrain $S_8 = 0.80$ by peak counts in HSC.")])
    assert not any(idea.theme == "S8" and idea.names == ("peak counts",)
                   for idea in all_of(library))
    library.close()


def test_three_that_differ_and_none_twice(shelf: Library) -> None:
    found = combine(shelf, "", count=3)
    assert len({(idea.theme, idea.names) for idea in found}) == len(found) == 3
    assert len({idea.title for idea in found}) == len({idea.question for idea in found}) == 3
    given = {idea.id for idea in all_of(shelf)}
    with pytest.raises(ValueError, match="no two papers"):
        combine(shelf, "", given=given)
    assert combine(shelf, "", seed=3) == combine(shelf, "", seed=3)


def test_the_topic_counts(shelf: Library) -> None:
    assert {idea.theme for idea in all_of(shelf, "cosmic birefringence")} == {"birefringence"}
    assert all("void statistics" in idea.names for idea in all_of(shelf, "voids"))
    for topic in ("pizza recipes", "football"):
        with pytest.raises(ValueError, match="no two papers on this topic"):
            combine(shelf, topic)


def test_epochs_far_apart_are_not_combined(tmp_path: Path) -> None:
    library = Library.open(tmp_path / "library.sqlite", primer=False)
    early = paper(7, "Reionization and shear", "The origin of the $S_8$ tension remains unclear, "
                  "and we look for it at $6 < z < 9$. We fit the shear of galaxies at $z = 7$.")
    library.add([early, VOIDS])
    with pytest.raises(ValueError, match="no two papers"):
        combine(library, "")
    library.add([TENSION])
    assert combine(library, "")
    library.close()


def test_passages_of_the_primer_are_not_combined(primer_library: Library) -> None:
    with pytest.raises(ValueError, match="fewer than two papers"):
        combine(primer_library, "")


@pytest.mark.parametrize("theme", themes(), ids=lambda theme: theme.name)
def test_every_form_of_every_pair_reads(theme) -> None:
    """No place is left open, formulas are whole, sentences begin and end as sentences do."""
    for name, pair in theme.pairs.items():
        for form in range(6):
            fields = written(theme, named(name, theme), pair, "Doe 2020", "Roe 2021", form)
            assert tuple(fields) == FIELDS
            for field, text in fields.items():
                assert text.count("$") % 2 == 0 and is_closed(text), (name, field, text)
                bare = "".join(text.split("$")[::2])
                assert "{" not in bare and "  " not in text and " ." not in text, (name, text)
                assert not text[:1].islower() or text[:3].isalnum(), (name, text)
                assert field == "title" or text[-1] in ".?", (name, text)
            assert fields["question"].endswith("?") and len(fields["title"].split()) <= 18


def test_every_reason_is_a_sentence_of_its_own() -> None:
    reasons = [pair.why for theme in themes() for pair in theme.pairs.values()]
    assert len(reasons) > 400
    assert all(why[-1] == "." and len(why.split()) > 4 for why in reasons)
    assert all(kind_of_tool(name) for theme in themes() for name in theme.pairs)


@pytest.mark.parametrize(("sentence", "theme"), [
    ("The mass scale of galaxy clusters is limited by the unknown hydrostatic bias of their gas.",
     "clustermass"),
    (r"Massive neutrinos and $f(R)$ modified gravity have degenerate observational signatures in "
     "surveys.", "gravity"),
    ("The escape fraction of ionizing photons from faint galaxies remains poorly constrained at "
     "high redshift.", "reionization"),
    ("Recent measurements disagree with each other, and the discrepancy in the Hubble constant "
     "persists at five sigma.", "Hubble tension"),
])
def test_a_stated_problem_is_found(sentence: str, theme: str) -> None:
    (problem,) = stated_problems(paper(1, "", f"We look at it. {sentence} It is so."))
    assert problem.theme.name == theme and problem.sentence == sentence


@pytest.mark.parametrize("sentence", [
    r"Our method breaks the degeneracy between $\sigma_8$ and the linear bias of the galaxies.",
    "This tension in the Hubble constant remains unclear to all of us who measure distances.",
    "We find no tension between the Hubble constant of our sample and that of the CMB at all.",
    "We investigate the Hubble tension and the effect of a late transition on distances.",
    r"The hydrostatic mass of Abell 1689 remains uncertain because of the unknown gas motions.",
    "A new model alleviates the Hubble tension and is in agreement with all the data of today.",
    r"The $S_8$ tension remains unclear, visit www.example.com for more about it right now.",
    "The colour of hay in the meadows of Bavaria remains unclear to most of the farmers there.",
    r"The $S_8$ tension remains unclear (as is shown in the next section of the work.",
])
def test_what_is_no_open_problem_is_left(sentence: str) -> None:
    assert not stated_problems(paper(1, "", f"We look at galaxies. {sentence} It is so."))


@pytest.mark.parametrize(("sentence", "names"), [
    ("We use the IllustrisTNG simulations to follow the shapes of galaxies with time.",
     ("IllustrisTNG",)),
    ("We apply wavelet scattering transforms to the maps of HSC and measure five amplitudes.",
     ("wavelet scattering", "HSC")),
    ("We forecast the constraints on neutrinos from the clustering of galaxies in Euclid.",
     ("Euclid",)),
])
def test_what_authors_use_is_offered(sentence: str, names: tuple[str, ...]) -> None:
    (tool,) = offered_tools(paper(1, "", f"Galaxies are far. {sentence} It is so."))
    assert tool.names == names and tool.sentence == sentence


@pytest.mark.parametrize("sentence", [
    "Future surveys such as Euclid will measure the clustering of galaxies much better.",
    "Our value is consistent with those of Planck, DES and KiDS within the errors of all.",
    "We do not use data of Planck in the analysis of the clustering of these galaxies.",
    "Finally, we measure peak counts in weak lensing maps with four smoothing scales.",
    "This allows us to measure peak counts in weak lensing maps with four scales.",
])
def test_what_they_hope_for_or_compare_with_is_not(sentence: str) -> None:
    assert not offered_tools(paper(1, "", f"Galaxies are far. {sentence} It is so."))


@pytest.mark.parametrize("text", [
    "in a b c d tension " * 900, "21cm " * 4000, "remains " * 2500, "we use " * 2900, "$" * 20000,
    "H_0 tension local value of " * 700, "one of the " * 1800, "a-b-c-" * 3300,
])
def test_time_is_linear_in_hostile_text(text: str) -> None:
    start = time.process_time()
    hostile = paper(1, "", text[:20_000])
    stated_problems(hostile), offered_tools(hostile)
    assert time.process_time() - start < 3.0
