"""Abbreviations are written out where the library says the long form, and only there."""

from __future__ import annotations

import re

import pytest

from core.literature.assistant.questions.abbreviations import unabbreviated
from core.literature.assistant.questions.names import long_forms
from core.literature.library.stored_questions import read_questions

STORED = [question.text for question in read_questions()[::25]]


@pytest.mark.parametrize(("short", "long"), [
    ("EDE", "early dark energy"), ("SMBHs", "supermassive black holes"), ("EoR", "reionization"),
    ("photo-z", "photometric redshift"), ("RSD", "redshift-space distortions"),
    ("HMF", "halo mass function"), ("GWs", "gravitational waves"), ("2pt", "two-point"),
])
@pytest.mark.parametrize("form", ["What is {}?", "how do we measure {}", "({}) and noise", "{}"])
def test_an_abbreviation_is_its_long_form_wherever_it_stands(
    short: str, long: str, form: str
) -> None:
    before, after = form.split("{}")
    found = unabbreviated(form.format(short))
    assert found.startswith(before) and found.endswith(after)
    assert long in found and short not in found


@pytest.mark.parametrize("text", [
    "", "de sitter space", "an ia in the sn of a de", "$EDE$ and \\EDE", "what is gr",
    "DES, KiDS and HSC", "the S8 tension", "DM-like", "XEDEX", "EDE$_0$"[4:], "Ia", "In Dm",
])
def test_small_letters_formulae_and_names_that_people_say_stay(text: str) -> None:
    assert unabbreviated(text) == text


def test_writing_out_twice_changes_nothing_more() -> None:
    for text in STORED:
        once = unabbreviated(text)
        assert unabbreviated(once) == once


def test_all_but_the_abbreviations_stays_as_it_was() -> None:
    for text in STORED:
        words = re.findall(r"[\w$\\-]+", text)
        plain = {word for word in words if word.islower() and "-" not in word}
        kept = unabbreviated(text)
        missing = {word for word in plain if word not in kept}
        assert missing <= {"sims", "hydro", "photoz", "specz", "w0wa", "2pt", "3pt"}


def test_many_abbreviations_of_the_library_are_written_out_in_several_words() -> None:
    written = {short: unabbreviated(short.upper()) for short, _ in long_forms()}
    changed = {short: long for short, long in written.items() if long.upper() != short.upper()}
    assert len(changed) > 20
    assert all(len(re.split(r"[ -]", long)) > 1 for long in changed.values())
