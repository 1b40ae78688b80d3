"""Filters only take away, orders only move, actions set."""

from __future__ import annotations

import itertools
import json

import pytest

from apps.skimarxiv import actions
from apps.skimarxiv.filters import ANNOUNCEMENT_KINDS, FACETS, ONLY, SORTS, Filters, counts, visible
from apps.skimarxiv.numbers import flagged
from apps.skimarxiv.service import SkimService
from apps.skimarxiv.view import View, entry_of, of_batch
from core.literature.ranking.profile import Profile
from core.literature.skim.sample import sample_batch
from core.literature.tldr.tldr import Tldr
from tests.apps.skimarxiv.conftest import NewService

PROFILE = Profile(liked=("sample.0003",), saved={"sample.0001": 1, "sample.0011": 1})


@pytest.fixture
def service(new_service: NewService) -> SkimService:
    return new_service()


@pytest.fixture
def view(service: SkimService) -> View:
    return of_batch(service, sample_batch(), Profile())


def test_without_filters_all_are_there(view: View) -> None:
    for sort in SORTS.values():
        assert sorted(visible(view.entries, view.ids, Filters(sort=sort), PROFILE)) == sorted(
            view.ids)
    assert visible(view.entries, view.ids, Filters(sort="arxiv"), PROFILE) == view.ids


@pytest.mark.parametrize("only", [(), *((name,) for name in ONLY)])
@pytest.mark.parametrize("kinds", [(), *((name,) for name in ANNOUNCEMENT_KINDS)])
def test_more_filters_show_fewer_papers(
    view: View, kinds: tuple[str, ...], only: tuple[str, ...]
) -> None:
    shown = set(visible(view.entries, view.ids, Filters(kinds, {}, only), PROFILE))
    for narrower in itertools.chain.from_iterable(
        (Filters(kinds, {facet: [name]}, only) for name, _ in counts(view.entries, facet))
        for facet in FACETS
    ):
        assert set(visible(view.entries, view.ids, narrower, PROFILE)) <= shown


def test_kinds_share_the_papers_out(view: View) -> None:
    shares = [
        visible(view.entries, view.ids, Filters((kind,)), PROFILE) for kind in ANNOUNCEMENT_KINDS
    ]
    assert sorted(itertools.chain(*shares)) == sorted(view.ids) and all(shares)


def test_a_facet_s_count_is_what_it_shows(view: View) -> None:
    names = [(facet, *pair) for facet in FACETS for pair in counts(view.entries, facet)]
    assert names
    for facet, name, number in names:
        shown = visible(view.entries, view.ids, Filters(facets={facet: [name]}), PROFILE)
        assert len(shown) == number


def test_flagged_saved_and_unread(view: View) -> None:
    by_id = {entry.announcement.paper.id: entry for entry in view.entries}
    flags = visible(view.entries, view.ids, Filters(only=("flagged",)), PROFILE)
    assert flags and {id for id, e in by_id.items() if flagged(e)} == set(flags)
    assert set(visible(view.entries, view.ids, Filters(only=("saved",)), PROFILE)) == set(
        PROFILE.saved)
    unread = set(visible(view.entries, view.ids, Filters(only=("unread",)), PROFILE))
    assert unread == set(view.ids) - set(PROFILE.saved) - set(PROFILE.liked)
    read = PROFILE.with_seen(view.batch.day)
    assert not visible(view.entries, view.ids, Filters(only=("unread",)), read)


def test_a_reference_of_one_s_own_changes_the_flags(service: SkimService) -> None:
    near = Profile(reference={"H0": (73.4, 1.0), "S8": (0.77, 0.02)})
    quantities = [
        {number.quantity for entry in of_batch(service, sample_batch(), profile).entries
         for number, _ in flagged(entry)} for profile in (Profile(), near)
    ]
    assert "H0" in quantities[0] and "H0" not in quantities[1]


def act(service: SkimService, profile: Profile, *log: list[object]) -> Profile:
    return actions.apply(json.dumps(log), profile, service.find)[0]


def test_actions_set_and_may_come_twice(service: SkimService) -> None:
    log = [[1, "like", 1, "sample.0001", ""], [2, "save", 1, "sample.0011", ""],
           [3, "follow", 1, "sample.0001", "1"], [4, "dislike", 1, "sample.0002", ""]]
    once = act(service, Profile(), *log)
    assert once == act(service, once, *log)
    assert once.liked == ("sample.0001",) and once.disliked == ("sample.0002",)
    author = service.find("sample.0001").paper.authors[1]  # type: ignore[union-attr]
    assert once.authors == (author,) and once.saved["sample.0011"] >= 2
    undone = act(service, once, *([n + 4, verb, 0, id, extra] for n, verb, _, id, extra in log))
    assert undone == Profile()


def test_of_two_opinions_the_last_one_counts(service: SkimService) -> None:
    found = act(service, Profile(), [1, "like", 1, "sample.0001", ""],
                [2, "dislike", 1, "sample.0001", ""], [3, "like", 0, "sample.0001", ""])
    assert found.disliked == ("sample.0001",) and not found.liked


@pytest.mark.parametrize("log", [
    "", "{", "[[1]]", "[" * 90_000, "null", 3, '[[1,"like",1,"<b>",""]]', "x" * 200_000,
    '[[1,"save",1,"2611.99999",""]]', '[[1,"follow",1,"sample.0001","99"]]',
    '[["a","like",1,"sample.0001",""]]', '[[1,"drop",1,"sample.0001",""]]', '[[1,{},1,[],{}]]',
])
def test_nonsense_changes_nothing(service: SkimService, log: object) -> None:
    assert actions.apply(log, PROFILE, service.find)[0] == PROFILE


@pytest.mark.parametrize(("what", "opened"), [
    ("ask:2301.01234", ("ask", "2301.01234")), ("note:sample.0001", ("note", "sample.0001")),
    ("read:astro-ph/0601001", ("read", "astro-ph/0601001")), ("like:2301.01234", ("", "")),
    ("ask:<b>", ("", "")), ("", ("", "")), (None, ("", "")), ("ask", ("", "")),
])
def test_what_is_opened(what: object, opened: tuple[str, str]) -> None:
    assert actions.opened(what) == opened


def test_a_saved_paper_that_was_replaced_says_so(service: SkimService) -> None:
    from apps.skimarxiv.cards import cards
    from apps.skimarxiv.pages.paper import diff_html

    for saved, replaced in ((1, True), (2, False)):
        profile = Profile(saved={"sample.0011": saved})
        listed = cards(of_batch(service, sample_batch(), profile).entries, profile, "x")
        assert ("Replaced since you saved version 1" in listed) is replaced
    changed = diff_html("sample.0011", 1)
    assert "<ins>" in changed and "<del>" in changed and "Version 1 to 2" in changed
    assert diff_html("sample.0001", None) == ""


def test_a_saved_paper_of_the_sample_has_its_sentence(service: SkimService) -> None:
    """It never enters the library, so the panel and the saved list have it from the service."""
    item = sample_batch().announcements[0]
    assert entry_of(service, item, Profile()).tldr is None
    service.sample_tldrs[item.paper.id] = chosen = Tldr(0, "A sentence.", 0.9, (0.9,))
    assert entry_of(service, item, Profile()).tldr == chosen
