"""What the page "Settings" says of what is wrong, and the words of a long TL;DR."""

from __future__ import annotations

import re
from pathlib import Path

import gradio as gr
import pytest

from apps.skimarxiv import actions
from apps.skimarxiv.pages import settings
from apps.skimarxiv.tldr_words import spoken, together
from apps.skimarxiv.view import View, of_batch
from core.literature.measurements.tension import PLANCK_2018
from core.literature.ranking.profile import Profile
from core.literature.skim.sample import sample_batch
from tests.apps.skimarxiv.conftest import NewService

PAPERS = [item.paper for item in sample_batch().announcements]


def values(**changed: float | None) -> dict[str, object]:
    numbers = {f"{name} {part}": value for name, known in PLANCK_2018.items()
               for part, value in (("value", known.value), ("sigma", known.sigma))}
    return {"profile": Profile().to_json(), "interests": "", "seeds": "", "authors": "",
            "muted": "", **numbers, **changed}


@pytest.mark.parametrize("name", list(PLANCK_2018))
@pytest.mark.parametrize(("part", "value", "words"), [
    ("sigma", 0, "must be above 0"), ("sigma", -1, "must be above 0"), ("sigma", None, "is empty"),
    ("value", None, "is empty"), ("sigma", float("nan"), "must be above 0"),
])  # fmt: skip
def test_a_wrong_reference_is_named(
    name: str, part: str, value: float | None, words: str
) -> None:
    said = settings._keep(values(**{f"{name} {part}": value}))["note"]
    label = settings.NAMES.get(name, name)
    assert f"{'σ of ' if part == 'sigma' else ''}{label}" in said and words in said


def kept(view: View | None = None, **typed: str) -> tuple[Profile | None, str]:
    found = settings._keep({**values(), "view": view, **typed})
    profile = Profile.from_json(found["profile"]) if "profile" in found else None
    return profile, found["note"]


@pytest.mark.parametrize(("typed", "odd", "absent"), [
    ("sample.0001, https://arxiv.org/abs/2301.01234v2", (), ("2301.01234",)),
    ("hello world", ("hello", "world"), ()), ("sample.0001", (), ()), ("", (), ()),
    ("arXiv: sample.0002 and 23O1.01234", ("23O1.01234",), ()),
    ("sample.9999\nastro-ph/0601001", (), ("sample.9999", "astro-ph/0601001")),
])
def test_papers_that_show_nothing_are_named(
    new_service: NewService, typed: str, odd: tuple[str, ...], absent: tuple[str, ...]
) -> None:
    new_service()
    _, note = kept(seeds=typed)
    assert ("Not understood" in note) is bool(odd) and ("Not in this library" in note) is bool(
        absent)
    for word in (*odd, *absent):
        assert f"“{word}”" in note
    assert "sample.0001”" not in note


def test_a_followed_name_that_no_paper_of_the_list_has_is_said(new_service: NewService) -> None:
    service = new_service()
    view = of_batch(service, sample_batch(), Profile())
    profile, note = kept(view, authors="Dæmi\nDaemi, D.\nDaemi D\nNobody, N.\nD. Daemi, N. Näide")
    assert "No paper of the list is by “Nobody, N.”;" in note
    assert profile is not None and profile.authors[-2:] == ("D. Daemi", "N. Näide")
    assert "No paper of the list" not in kept(view, authors="Daemi")[1]
    assert "No paper of the list" not in kept(None, authors="Nobody")[1]


def test_a_star_takes_back_a_name_however_it_was_written(new_service: NewService) -> None:
    service = new_service()
    paper = next(one for one in PAPERS if "D. Dæmi" in one.authors)
    at = paper.authors.index("D. Dæmi")
    profile = Profile(authors=("Daemi, D.", "Doe"))
    for on, left in ((0, ("Doe",)), (1, ("Daemi, D.", "Doe", "D. Dæmi"))):
        log = f'[[1, "follow", {on}, "{paper.id}", "{at}"]]'
        assert actions.apply(log, profile, service.find)[0].authors == left


def test_a_mute_without_a_word_is_refused(new_service: NewService) -> None:
    new_service()
    profile, note = kept(muted="axion\n!!!")
    assert profile is None and "“!!!” cannot be muted" in note


@pytest.mark.parametrize(("name", "content"), [
    ("paper.pdf", b"%PDF-1.5"), ("profile.json", b"{}"), ("library.jsonl", b"{}"), ("a", b""),
    ("empty.jsonl", b""), ("picture.jsonl", b"\x89PNG\xff"),
])
def test_a_wrong_file_for_the_library_is_one_sentence(
    new_service: NewService, tmp_path: Path, name: str, content: bytes
) -> None:
    new_service()
    (tmp_path / name).write_bytes(content)
    note = settings._import_library({"file": str(tmp_path / name)})["note"]
    assert "cd-error" in note and name in note and "export" in note.lower()
    assert str(tmp_path) not in note


def test_no_kind_of_file_is_turned_away_before_a_sentence_can_say_why() -> None:
    with gr.Blocks():
        page = settings.build()
    assert page.buttons["import"].file_types is page.library["import"].file_types is None


def test_a_reset_can_be_undone(new_service: NewService) -> None:
    new_service()
    full = Profile(interests="voids", seeds=("2301.01234",), liked=("2301.00001",),
                   disliked=("2301.00002",), authors=("J. Doe",), muted=("axion",),
                   saved={"2301.00003": 1}, notes={"2301.00003": "read"}, seen="2026-01-05")
    gone = settings._reset({"profile": full.to_json(), "forgotten": ""})
    reset = Profile.from_json(gone["profile"])
    assert not reset.has_interests and not reset.muted and reset.saved == full.saved
    assert gone["undo"].visible and "Undo the reset" in gone["note"]
    later = reset.with_saved("2301.00009", 2)
    back = settings._unreset({"profile": later.to_json(), "forgotten": gone["forgotten"]})
    assert Profile.from_json(back["profile"]) == full.with_saved("2301.00009", 2)
    assert back["undo"].visible is False
    assert "profile" not in settings._reset({"profile": reset.to_json(), "forgotten": ""})


def test_an_empty_library_says_that_there_is_nothing_to_export(new_service: NewService) -> None:
    new_service()
    found = settings._export_library({})
    assert "nothing to export" in found["note"] and found["file"].visible is False


@pytest.mark.parametrize("text", [
    "We find $H_0 = 73.4 \\pm 1.1$ km s$^{-1}$ Mpc$^{-1}$ in flat space.",
    "It reaches 30 km/s at 5 Mpc, with 3 keV and 10 million galaxies at $2.1\\sigma$.",
])
def test_no_line_breaks_between_a_number_and_its_unit(text: str) -> None:
    assert not re.search(r"[\d$] (?:km|Mpc|keV|million|s\$)|km s\$|\} Mpc", together(text))
    assert together(text).replace("\u00a0", " ") == text


@pytest.mark.parametrize("text", ["above $10^9$ GeV.", "of $1.1$ km s$^{-1}$ Mpc$^{-1}$.",
                                  "in flat $\\Lambda$CDM and"])
def test_a_formula_stays_on_the_line_of_its_unit(text: str) -> None:
    (one,) = re.findall(r'<span class="sk-one">(.*)</span>', spoken(text))
    assert " " not in re.sub(r"<[^>]*>|\$[^$]*\$", "", one)


def test_a_long_tldr_is_cut_after_a_word_and_never_in_a_number() -> None:
    for words in range(20, 60):
        text = " ".join(["The bias of $1.9 \\pm 0.1$ rises to 4.6 km s$^{-1}$ today"] * 6)
        head, mark, _ = spoken(" ".join(text.split()[:words])).partition('<span class="sk-dots">')
        if mark:
            assert head.count("$") % 2 == 0 and re.search(r"[a-z]{3}[,;:]?$", head)
    assert "sk-dots" not in spoken("Short.")


def test_a_like_that_moved_papers_does_not_say_that_it_moved_none() -> None:
    for verb in ("like", "dislike"):
        swapped = [PAPERS[0], PAPERS[2], PAPERS[1], *PAPERS[3:]]
        said = actions.said(verb, True, PAPERS[0], PAPERS, swapped)
        assert said.startswith("1 paper moved") and "nothing" not in said
        kept = actions.said(verb, True, PAPERS[0], PAPERS, PAPERS)
        assert "no other paper here moved" in kept and "like it." not in kept


def test_following_an_author_says_what_it_moved() -> None:
    after = [PAPERS[3], *PAPERS[:3], *PAPERS[4:]]
    assert "1 paper moved up" in actions.said("follow", True, PAPERS[3], PAPERS, after)
    assert "coming days" in actions.said("follow", True, PAPERS[0], PAPERS, PAPERS)
    assert "No longer" in actions.said("follow", False, PAPERS[3], after, PAPERS)
    assert actions.last_opinion('[[1, "follow", 1, "2611.00001", "0"]]') == (
        "1 follow 1 2611.00001")
