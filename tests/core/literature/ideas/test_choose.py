"""Choosing ideas: on the topic, unlike one another, none twice."""

from __future__ import annotations

from collections import Counter

import pytest

from core.literature.ideas.choose import MOST, choose
from core.literature.ideas.collection import read_ideas

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
        assert len({idea.level for idea in found}) > 1, "all for one level"
        assert len({idea.data for idea in found}) == 3
    assert len({idea.id for seed in range(6) for idea in choose(topic, seed=seed)}) > 4


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
    assert choose(typed) == choose(meant)


def test_any_topic_of_the_field_at_large() -> None:
    for topic in ("", "cosmology", "astrophysics"):
        assert len({i.topic for s in range(4) for i in choose(topic, seed=s)}) > 4


def test_what_is_out_of_range_is_refused() -> None:
    for count in (0, -1, MOST + 1):
        with pytest.raises(ValueError, match="from 1 to 12"):
            choose("voids", count=count)
    with pytest.raises(ValueError, match="at most 500 characters"):
        choose("v" * 501)
