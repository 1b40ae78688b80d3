"""Who asks for ideas, on what, how many and for whom; and who does not."""

from __future__ import annotations

import time

import pytest

from core.literature.ideas.request import IdeaRequest, asked_ideas

ASKED = [
    ("list three ideas for a project on voids", "voids", 3, None),
    ("Please list three ideas for a master thesis on cosmic voids.", "cosmic voids", 3, "master"),
    ("what could I do for a master thesis with CAMELS", "CAMELS", 3, "master"),
    ("give me a research idea about 21cm", "21cm", 1, None),
    ("any project ideas?", "", 3, None),
    ("Any ideas for a bachelor thesis?", "", 3, "bachelor"),
    ("give me five project ideas using DESI DR1", "DESI DR1", 5, None),
    ("Suggest a PhD project on primordial black holes.", "primordial black holes", 1, "phd"),
    ("I need a thesis topic in weak lensing", "weak lensing", 3, None),
    ("What would be a good project for a summer student on FRBs?", "FRBs", 3, "bachelor"),
    ("21cm project ideas", "21cm", 3, None),
    ("machine learning thesis topics", "machine learning", 3, None),
    ("Brainstorm projects about neutrinos", "neutrinos", 3, None),
    ("can you come up with 2 ideas on the CMB?", "CMB", 2, None),
    ("What can I work on with JWST data?", "JWST data", 3, None),
    ("Could you suggest some research projects with Euclid for an undergraduate?", "Euclid", 3,
     "bachelor"),
    ("Give me some ideas about inflation", "inflation", 3, None),
    ("What should I study for my PhD in cosmology?", "", 3, "phd"),
    ("three ideas on simulation-based inference", "simulation-based inference", 3, None),
    ("another idea on voids", "voids", 1, None),
    ("Hi, please give me 10 ideas on S8", "S8", 10, None),
    ("Name two possible projects with kSZ", "kSZ", 2, None),
    ("What are good master thesis topics in dark energy?", "dark energy", 3, "master"),
    ("propose a project combining voids and CMB lensing", "voids and CMB lensing", 1, None),
    ("What would you suggest I do for my masters in weak lensing?", "weak lensing", 3, "master"),
    ("Which topics in 21cm cosmology would be suitable for a thesis?", "21cm cosmology", 3, None),
    ("I'm a bachelor student. What could I do in six months on galaxy clusters?",
     "galaxy clusters", 3, "bachelor"),
    ("Come up with a couple of ideas about fast radio bursts", "fast radio bursts", 2, None),
    ("I want to write my master's thesis about PBHs. What could I do?", "PBHs", 3, "master"),
    ("what research could I do on dwarf galaxies?", "dwarf galaxies", 3, None),
    ("ideas?", "", 3, None),
    ("give me 99 project ideas on BAO", "BAO", 12, None),
]

OTHERS = """
    What ideas did Guth have?
    what is the idea behind BAO?
    Whose idea was inflation?
    Give me an idea of how big the universe is
    What is the DESI project?
    Which projects measure the CMB?
    Explain the main ideas of inflation
    any idea why the lithium problem exists?
    Do you have any idea what dark matter is?
    Are there any ideas for what dark energy is?
    List three surveys of galaxies
    What ideas have been proposed to solve the Hubble tension?
    Give me three ideas that explain dark energy
    What can we learn from voids?
    What is a thesis?
    What did the Supernova Cosmology Project find?
    Is it a good idea to use photometric redshifts?
    What could dark matter be?
    What can one measure with 21cm?
    What do you do?
    What can I do?
    I have no idea what BAO is
    what problems does inflation solve?
    suggest a paper on voids
    list some research papers on voids
    Which idea did Zwicky have about dark matter?
    Do you have an idea how the CMB formed?
    list ideas of what dark energy may be
    What value of H0 should I use in my thesis?
    How should I format my thesis?
    What does the CAMELS project do?
    Which code is used in the CAMELS project?
    how do I start a project?
    what should I do if my chain does not converge?
    What is the thesis of the paper?
    Are there ideas beyond inflation?
    How old is the Universe?
    thanks
"""


@pytest.mark.parametrize(("question", "topic", "count", "level"), ASKED)
def test_a_request_is_read(question: str, topic: str, count: int, level: str | None) -> None:
    assert asked_ideas(question) == IdeaRequest(topic, count, level)
    assert asked_ideas(f"  {question.upper() if question.islower() else question}\n") is not None


@pytest.mark.parametrize("question", [q.strip() for q in OTHERS.split("\n") if q.strip()])
def test_another_question_is_none(question: str) -> None:
    assert asked_ideas(question) is None


def test_nothing_asks_for_nothing() -> None:
    assert asked_ideas("") is None and asked_ideas(" \n ") is None


@pytest.mark.parametrize("text", [
    "proposals on the " * 60 + "x", "ideas for a project " * 40, "topics topics " * 40 + "z",
    "give me a good nice new " * 30, "what could i " * 60, "on " * 200 + "é", "a " * 100_000,
])
def test_time_is_short_on_hostile_text(text: str) -> None:
    start = time.process_time()
    for beginning in ("", "ideas on ", "list three project ideas on "):
        asked_ideas(beginning + text)
    assert time.process_time() - start < 0.5
