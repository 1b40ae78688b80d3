"""Choosing ideas: on the topic, unlike one another, none twice."""

from __future__ import annotations

from collections import Counter

import pytest

from core.literature.ideas.choose import MOST, choose, speaks_of, spoken_of
from core.literature.ideas.collection import read_ideas
from core.literature.ideas.propose import NEARBY, as_markdown, propose
from core.literature.ideas.topic import Spoken
from core.literature.library.library import Library

TOPICS = {  # what somebody types, and a word of the topic, title or keywords of what they get
    "voids": "void",
    "cosmic voids with Euclid": "void|euclid", "21cm": "21", "21 cm cosmology": "21",
    "CAMELS": "camels", "weak lensing": "lensing", "S8": "s", "reionisation": "reionization",
    "cosmic birefringence": "birefringence", "BAO": "bao", "fast radio bursts": "burst",
    "supernovae": "supernova", "galaxy clusters": "cluster", "neutrinos": "neutrino",
    "Hubble constant": "h_0|hubble", "neural networks": "network|learn",
}


@pytest.mark.parametrize("topic", TOPICS)
def test_what_comes_bears_on_the_topic(topic: str) -> None:
    found = choose(topic)
    assert 1 <= len(found) <= 3
    for idea in found:
        text = f"{idea.topic} {idea.gist} {idea.data} {idea.method}".lower()
        assert any(word in text for word in TOPICS[topic].split("|")), (topic, idea.title)


@pytest.mark.parametrize("topic", ["voids", "weak lensing", "galaxy clusters", "CMB", ""])
def test_three_that_differ(topic: str) -> None:
    for seed in range(6):
        found = choose(topic, seed=seed)
        assert len({idea.id for idea in found}) == 3
        assert len({idea.data for idea in found}) == 3
    assert len({idea.level for idea in choose(topic)}) > 1, "all for one level"


@pytest.mark.parametrize("topic", ["voids", "weak lensing", "galaxy clusters", "CMB", "",
                                   "cosmic voids and neutrinos", "intrinsic alignments in Euclid"])
def test_the_next_seed_gives_the_next_ideas(topic: str) -> None:
    first, second = choose(topic, seed=1), choose(topic, seed=2)
    assert choose(topic) == first
    assert not {idea.id for idea in first} & {idea.id for idea in second}
    near = [speaks_of(topic, list(map(spoken_of, page))) for page in (first, second)]
    assert sum(near[0]) >= sum(near[1]), "those that speak of it come first"


def test_one_seed_gives_one_answer() -> None:
    assert choose("voids", seed=4) == choose("voids", seed=4)


def test_none_is_given_twice_until_all_were() -> None:
    given: list[str] = []
    with pytest.raises(ValueError, match="have been given"):
        for _ in range(len(read_ideas())):
            given += [idea.id for idea in choose("cosmic voids", count=MOST, given=given)]
    assert len(given) > 20 and max(Counter(given).values()) == 1


@pytest.mark.parametrize("level", ["master", "phd", "postdoc"])
def test_a_level_that_is_asked_for_comes(level) -> None:
    assert {idea.level for idea in choose("weak lensing", level=level)} == {level}


def test_a_bachelor_gets_what_is_short() -> None:
    found = choose("voids", level="bachelor")
    assert all(idea.level == "master" and idea.months <= 6 for idea in found)


@pytest.mark.parametrize("topic", [
    "pizza recipes", "football", "the stock market", "my cat", "poetry", "cryptocurrency",
    "German grammar", "holiday in Spain", "asdkjh qwzx", "music", "chemistry of soap", "taxes",
])
def test_nothing_on_another_topic(topic: str) -> None:
    with pytest.raises(ValueError, match="No idea of the collection bears on"):
        choose(topic)


@pytest.mark.parametrize(("typed", "meant"), [
    ("supernovea", "supernovae"), ("neural netwroks", "neural networks"), ("lensign", "lensing"),
])
def test_a_slip_of_the_keys_is_understood(typed: str, meant: str) -> None:
    assert choose(typed)[:2] == choose(meant)[:2]


def test_any_topic_of_the_field_at_large() -> None:
    for topic in ("", "cosmology", "astrophysics"):
        assert len({i.topic for s in range(4) for i in choose(topic, seed=s)}) > 4


def test_what_is_out_of_range_is_refused() -> None:
    for count in (0, -1, MOST + 1):
        with pytest.raises(ValueError, match="from 1 to 12"):
            choose("voids", count=count)
    with pytest.raises(ValueError, match="at most 500 characters"):
        choose("v" * 501)


NARROW = ["fast radio bursts", "Hubble tension with standard sirens", "helium reionization", "PBH",
          "cosmic birefringence", "LSST SNe", "early dark energy", "splashback radius",
          "parity violation", "HI intensity mapping with MeerKAT", "magnification bias"]


@pytest.mark.parametrize("topic", NARROW)
def test_what_does_not_speak_of_the_topic_comes_last(topic: str) -> None:
    for seed in range(3):
        found = choose(topic, count=5, seed=seed)
        speak = speaks_of(topic, [spoken_of(idea) for idea in found])
        assert speak == sorted(speak, reverse=True), [idea.title for idea in found]


@pytest.mark.parametrize("topic", NARROW)
def test_no_idea_is_called_on_the_topic_that_is_not(topic: str, tmp_path) -> None:
    found = propose(Library.open(tmp_path / "library.sqlite", primer=False), topic)
    text = as_markdown(found)
    assert (NEARBY in text) == any(idea.nearby for idea in found)
    first = text.split(f"{NEARBY}:")[0]
    assert all((idea.title in first) != idea.nearby for idea in found)


@pytest.mark.parametrize(("topic", "said", "speaks"), [
    ("PBH", "Primordial black holes as dark matter", True),
    ("primordial non-Gaussianity", "The error of f_NL from quasars", True),
    ("Hubble tension with standard sirens", "Binaries as standard sirens", True),
    ("Hubble tension with standard sirens", "The Hubble tension and Cepheids", False),
    ("fast radio bursts", "Bursts of star formation seen by radio telescopes", False),
    ("epoch of reionization", "Ionized bubbles in a box", True),
    ("dark sirens", "Dark matter haloes of dwarfs", False),
    ("gravitational wave lensing", "Lensing of the CMB", False),
    ("21 cm systematics", "Systematic errors of cosmic shear", False),
    ("JWST high-z galaxies", "The luminosity function of high-redshift galaxies with JWST", True),
])
def test_a_title_speaks_of_a_topic_by_its_names(topic: str, said: str, speaks: bool) -> None:
    assert speaks_of(topic, [Spoken(said, "", (), ())]) == [speaks]
