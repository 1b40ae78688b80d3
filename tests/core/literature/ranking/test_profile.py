"""The reader's profile: kept as JSON, checked as data from a stranger."""

from __future__ import annotations

import json
import random
import string
from datetime import date

import pytest

from core.literature.ranking.profile import MOST, Profile, paper_ids

FULL = Profile(
    interests="voids; $f_{NL}$",
    seeds=("2301.00001", "astro-ph/0101001"),
    liked=("2301.00002",),
    disliked=("2301.00003",),
    authors=("Žofie Nováková",),
    muted=("string theory",),
    categories=("astro-ph.CO", "gr-qc"),
    saved={"2301.00002": 2, "sample.0001": 1},
    notes={"2301.00002": "line one\nline two"},
    reference={"H0": (73.0, 1.0)},
    seen="2026-01-31",
)


def test_json_gives_the_profile_back() -> None:
    for profile in (Profile(), FULL, FULL.reset()):
        assert Profile.from_json(profile.to_json()) == profile


def test_fields_of_a_later_version_are_left_out() -> None:
    stored = json.loads(FULL.to_json()) | {"telescope": [1, 2, 3]}
    assert Profile.from_json(json.dumps(stored)) == FULL


@pytest.mark.parametrize(
    "stored",
    [
        "", "null", "[]", '"text"', "{", "[" * 100_000, '{"a":' * 100_000, "1" * 10_000,
        '{"interests": 3}', '{"interests": null}', '{"liked": "2301.00001"}', '{"liked": {}}',
        '{"liked": [1]}', '{"liked": [["2301.00001"]]}', '{"liked": ["<script>"]}',
        '{"liked": ["2301.00001v2"]}', '{"liked": ["2301.00001\\n"]}', '{"seeds": [null]}',
        '{"authors": [{}]}', '{"muted": "x"}', '{"categories": [{}]}',
        '{"categories": ["a b"]}', '{"saved": []}', '{"saved": {"2301.00001": true}}',
        '{"saved": {"2301.00001": 0}}', '{"saved": {"2301.00001": 1.5}}', '{"saved": {"x": 1}}',
        '{"notes": {"2301.00001": 1}}', '{"notes": {"../../etc": "x"}}',
        '{"reference": {"H0": 70}}', '{"reference": {"H0": [70, 0]}}',
        '{"reference": {"H0": [70, -1]}}', '{"reference": {"H0": [NaN, 1]}}',
        '{"reference": {"H0": [1e999, 1]}}', '{"reference": {"H0": [true, 1]}}',
        '{"reference": {"H0": [1' + "0" * 400 + ", 1]}}", '{"seen": "yesterday"}', '{"seen": 1}',
    ],
)  # fmt: skip
def test_what_is_no_profile_is_refused_in_a_sentence(stored: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        Profile.from_json(stored)


def test_huge_profiles_are_refused() -> None:
    ids = [f"2301.{i:05d}" for i in range(MOST + 1)]
    for stored in (
        {"liked": ids}, {"saved": dict.fromkeys(ids, 1)}, {"notes": dict.fromkeys(ids, "x")},
        {"interests": "x" * 2_001}, {"notes": {ids[0]: "x" * 2_001}}, {"authors": ["x" * 201]},
        {"unknown": "x" * 3_000_000},
    ):  # fmt: skip
        with pytest.raises(ValueError, match="at most"):
            Profile.from_json(json.dumps(stored))
    assert len(Profile.from_json(json.dumps({"liked": ids[:MOST]})).liked) == MOST


def test_damaged_json_never_gives_anything_but_a_profile_or_a_sentence() -> None:
    rng = random.Random(0)
    whole = FULL.to_json()
    for _ in range(500):
        cut = list(whole)
        for _ in range(rng.randint(1, 6)):
            cut[rng.randrange(len(cut))] = rng.choice(string.printable)
        try:
            profile = Profile.from_json("".join(cut))
        except ValueError:
            continue
        assert Profile.from_json(profile.to_json()) == profile


def test_text_can_always_be_stored_and_shown() -> None:
    stored = '{"interests": "a\\u0000b\\ud800c\\u202ed\\ne", "muted": [" ", "x"]}'
    profile = Profile.from_json(stored)
    assert profile.interests == "a b c d\ne"
    assert profile.muted == ("x",)
    profile.to_json().encode("utf-8")
    profile.interests.encode("utf-8")


def test_of_two_opinions_the_last_counts() -> None:
    id = "2301.00009"
    assert FULL.with_like(id).with_dislike(id).disliked[-1] == id
    assert id not in FULL.with_like(id).with_dislike(id).liked
    assert id not in FULL.with_dislike(id).with_like(id).disliked
    assert FULL.with_like(id).with_like(id) == FULL.with_like(id)
    assert FULL.with_like(id).without_opinion(id) == FULL


def test_the_oldest_like_is_forgotten() -> None:
    profile = Profile(liked=tuple(f"2301.{i:05d}" for i in range(MOST))).with_like("2302.00001")
    assert len(profile.liked) == MOST
    assert profile.liked[-1] == "2302.00001" and "2301.00000" not in profile.liked


def test_reset_forgets_what_orders_papers_and_nothing_else() -> None:
    rest = FULL.reset()
    assert not rest.has_interests and not rest.muted
    for name in ("categories", "saved", "notes", "reference", "seen"):
        assert getattr(rest, name) == getattr(FULL, name)


def test_changes_leave_the_rest_alone() -> None:
    id = "2301.00009"
    assert FULL.with_saved(id, 3).saved[id] == 3
    assert FULL.with_saved(id).without_saved(id) == FULL
    assert FULL.with_note(id, "x").with_note(id, " ") == FULL
    assert FULL.with_author(" Jane  Doe ").authors[-1] == "Jane Doe"
    assert FULL.with_author("Jane Doe").without_author("Jane Doe") == FULL
    assert FULL.with_seen(date(2026, 2, 1)).seen == "2026-02-01"


def test_ids_are_found_in_what_people_paste() -> None:
    text = (
        "https://arxiv.org/abs/2301.01234v2 arXiv:2301.01235, oai:arXiv.org:2301.01236v1; "
        "https://arxiv.org/pdf/astro-ph/0101001 2301.01234 12345.67890 1.5 2301.123"
    )
    assert paper_ids(text) == ("2301.01234", "2301.01235", "2301.01236", "astro-ph/0101001")
    Profile(seeds=paper_ids(text))
