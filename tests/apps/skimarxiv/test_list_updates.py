"""The list grows: the library's or the sample at once, then the feed, then TL;DRs and the order."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from apps.skimarxiv import list_updates
from apps.skimarxiv.filters import Filters, visible
from apps.skimarxiv.list_updates import ListQuery, show
from apps.skimarxiv.pages import paper, today
from apps.skimarxiv.service import Fetch
from apps.skimarxiv.view import View, reordered
from core.literature.arxiv.announcement import Batch
from core.literature.ranking.profile import Profile
from core.literature.skim.sample import SAMPLE_SENTENCE
from tests.apps.skimarxiv.conftest import NewService
from tests.apps.skimarxiv.fixture import DAY, NOW, PAPERS, TENSE
from tests.core.literature.arxiv.feed_server import FeedServer

CATEGORIES = ["astro-ph.CO"]
LENSING = Profile(interests="weak lensing peak counts")


def steps(
    query: ListQuery, profile: Profile | str = "", visitor: str = "a"
) -> Iterator[dict[str, Any]]:
    stored = profile.to_json() if isinstance(profile, Profile) else profile
    yield from show(query, stored, visitor)


def views(found: list[dict[str, Any]]) -> list[View]:
    return [step["view"] for step in found if "view" in step]


def until_weighing(query: ListQuery, **named: Any) -> list[dict[str, Any]]:
    """The steps before the TL;DRs are weighed, and one of those."""
    found = []
    for step in steps(query, **named):
        found.append(step)
        if "tldrs" in step:
            break
    return found


def stored_day() -> Batch:
    return Batch(DAY, tuple(CATEGORIES), tuple(PAPERS), "feed", NOW)


def test_a_first_visit_sees_the_sample_at_once_and_then_the_feed(
    new_service: NewService, feed: FeedServer
) -> None:
    new_service()
    found = list(steps(ListQuery(CATEGORIES)))
    assert SAMPLE_SENTENCE in found[0]["state"] and "sample.0001" in found[0]["list"]
    last = views(found)[-1]
    assert last.ids == [item.paper.id for item in PAPERS] and not last.is_sample
    assert SAMPLE_SENTENCE not in found[-1]["state"] and "18 November 2026" in found[-1]["state"]
    tldrs = [step["tldrs"] for step in found if "tldrs" in step][-1]
    assert set(re.findall(r"sk-for-(\S+)", tldrs)) == set(last.ids)
    assert len([path for path in feed.paths if path.startswith("/atom")]) == 1


def test_the_library_is_shown_without_asking_anybody(
    new_service: NewService, feed: FeedServer
) -> None:
    new_service().announcements.record(stored_day())
    first = next(steps(ListQuery(CATEGORIES, watch=False)))
    assert first["view"].ids == [item.paper.id for item in PAPERS] and not feed.paths
    assert "is 5.8\u00a0σ from Planck 2018" in first["list"]


def test_many_visitors_are_one_request(new_service: NewService, feed: FeedServer) -> None:
    service = new_service()
    threads = [threading.Thread(target=until_weighing, args=(ListQuery(CATEGORIES),),
                                kwargs={"visitor": str(i)}) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([path for path in feed.paths if path.startswith("/atom")]) == 1
    assert service.fetch(["astro-ph.CO"]) is service.fetch(["astro-ph.CO"])


@pytest.mark.parametrize("mode", ["html", "rate", 503, 400, "truncated"])
def test_whatever_the_feed_does_the_last_good_day_stays_with_its_date(
    new_service: NewService, feed: FeedServer, monkeypatch: pytest.MonkeyPatch, mode: str | int
) -> None:
    from core.literature.arxiv import rate_limit

    monkeypatch.setattr(rate_limit, "pause", lambda *_, **__: None)
    new_service().announcements.record(stored_day())
    feed.mode, feed.retry_after = mode, "0"
    found = until_weighing(ListQuery(CATEGORIES))
    assert views(found)[-1].ids == [item.paper.id for item in PAPERS]
    assert "18 November 2026" in found[-1]["state"]
    assert "list" not in found[-1] or found[-1]["list"] == found[0]["list"]


def test_interests_order_the_list_once_and_say_so(new_service: NewService) -> None:
    service = new_service()
    service.announcements.record(stored_day())
    service.ready = True
    found = list(steps(ListQuery(CATEGORIES, day=DAY.isoformat()), LENSING))
    assert len(views(found)) <= 2
    last = views(found)[-1]
    assert last.entries[0].announcement.paper.id == "2611.00104"
    assert "Ordered by your interests" in found[-1]["state"]
    assert [step["embedded"] for step in found if "embedded" in step] == [last.stamp]
    again = list(steps(ListQuery(CATEGORIES, day=DAY.isoformat()), LENSING))
    assert len(views(again)) == 1
    newer = reordered(service, last, LENSING)  # as the page asks for then
    order = [entry.announcement.paper.id for entry in newer.entries]
    assert [entry.announcement.paper.id for entry in views(again)[0].entries] == order


def test_tldrs_come_from_the_library_the_second_time(new_service: NewService) -> None:
    service = new_service()
    service.announcements.record(stored_day())
    list(steps(ListQuery(CATEGORIES, day=DAY.isoformat())))
    again = list(steps(ListQuery(CATEGORIES, day=DAY.isoformat())))
    assert "sk-wait" not in again[0]["list"] and not any("tldrs" in step for step in again)


def test_a_newer_query_ends_the_one_before(new_service: NewService) -> None:
    new_service().announcements.record(stored_day())
    older = steps(ListQuery(CATEGORIES, day=DAY.isoformat()), visitor="b")
    next(older)
    next(steps(ListQuery(CATEGORIES, search="kangaroos"), visitor="b"))
    assert list(older) == []


def test_a_search_finds_in_all_days_and_asks_nobody(
    new_service: NewService, feed: FeedServer
) -> None:
    new_service().announcements.record(stored_day())
    found = list(steps(ListQuery(CATEGORIES, search="kangaroos")))
    assert found[0]["view"].ids == [TENSE.paper.id] and not feed.paths
    assert "1 paper" in found[0]["state"] and "kangaroos" in found[0]["state"]
    nothing = next(steps(ListQuery(CATEGORIES, search="<b>platypus")))
    assert "nothing" in nothing["state"] and "<b>" not in nothing["state"]


def test_the_arrows_are_off_where_there_is_no_day_to_go_to(new_service: NewService) -> None:
    service = new_service()

    def arrows(**query: str) -> tuple[bool, bool]:
        first = next(steps(ListQuery(CATEGORIES, watch=False, **query)))
        return first["earlier"].interactive, first["later"].interactive

    assert arrows() == (False, False)
    service.announcements.record(stored_day())
    assert arrows() == (False, False)
    before = DAY - timedelta(days=1)
    service.announcements.record(Batch(before, tuple(CATEGORIES), (TENSE,), "feed", NOW))
    assert arrows() == (True, False) and arrows(day=before.isoformat()) == (False, True)
    assert arrows(search="kangaroos") == (True, False)


def test_what_cannot_be_marked_as_read_says_why(new_service: NewService) -> None:
    service = new_service()
    sample = next(steps(ListQuery(CATEGORIES, watch=False)))["view"]
    assert "The sample is no day" in today._read_label(sample)
    service.announcements.record(stored_day())
    found = next(steps(ListQuery(CATEGORIES, search="kangaroos", watch=False)))["view"]
    day = next(steps(ListQuery(CATEGORIES, watch=False)))["view"]
    assert "A search is no day" in today._read_label(found)
    assert today._read_label(day) == "Mark this day as read"


@pytest.mark.parametrize("question", ["", "   ", "\n", "x" * 5000])
def test_what_is_no_question_is_said_and_the_last_answer_stays(question: str) -> None:
    asked = list(paper._ask({"question": question, "id": "sample.0001", "profile": ""},
                            None))  # type: ignore[arg-type]
    assert len(asked) == 1 and "answer" not in asked[0] and "cd-error" in asked[0]["asked"]


def test_where_no_paper_has_all_words_those_with_most_are_shown_and_it_is_said(
    new_service: NewService,
) -> None:
    new_service()
    found = next(steps(ListQuery(CATEGORIES, search="H0 tension", watch=False)))
    entries = found["view"].entries
    assert entries and "no paper has “H0 tension” as it stands" in found["state"]
    assert all(re.search("H_0|Hubble|tension", e.announcement.paper.abstract) for e in entries)
    one = next(steps(ListQuery(CATEGORIES, search="H0 platypus wombat", watch=False)))
    assert "1 of its 3 words" in one["state"]
    whole = next(steps(ListQuery(CATEGORIES, search="21 cm", watch=False)))
    assert "no paper has" not in whole["state"] and whole["view"].partly == ""


@pytest.mark.parametrize(("query", "said"), [
    (ListQuery(CATEGORIES, day="2020-01-03"), "nothing of 3 January 2020"),
    (ListQuery(["no category!"]), "no arXiv category"),
    (ListQuery([f"x.Y{letter}" for letter in "abcdefghijklmnop"]), "at most 12"),
])
def test_what_cannot_be_shown_is_a_sentence(
    new_service: NewService, query: ListQuery, said: str
) -> None:
    new_service()
    found = list(steps(query))
    assert len(found) == 1 and said in found[0]["note"] and "list" not in found[0]


@pytest.mark.parametrize("stored", ["{", '{"liked": ["<b>"]}', "[1]", '{"interests": 3}'])
def test_a_broken_profile_is_said_and_a_fresh_one_begins(
    new_service: NewService, stored: str
) -> None:
    new_service()
    first = next(steps(ListQuery([], watch=False), stored))
    assert "cannot be read" in first["note"] and Profile.from_json(first["profile"]) == Profile()


def test_categories_are_kept_when_they_are_chosen(new_service: NewService) -> None:
    new_service()
    first = next(steps(ListQuery(["gr-qc", "hep-th"], keep=True, watch=False), LENSING))
    kept = Profile.from_json(first["profile"])
    assert kept.categories == ("gr-qc", "hep-th") and kept.interests == LENSING.interests


def test_a_failing_fetch_is_tried_again_soon_and_a_good_one_is_not(new_service: NewService) -> None:
    for good, due in ((True, False), (False, True)):
        fetch = Fetch(("astro-ph.CO",))
        assert not fetch.due(0, 0)
        state = "fresh" if good else "offline"
        fetch.answer(type("Today", (), {"state": state, "batch": None})())  # type: ignore[arg-type]
        fetch.end(())
        time.sleep(0.01)
        assert fetch.due(60.0, 0.0) is due


def test_who_left_is_forgotten() -> None:
    list_updates._begin("gone")
    list_updates.left(type("Request", (), {"session_hash": "gone"})())  # type: ignore[arg-type]
    assert "gone" not in list_updates._latest


def test_a_search_looks_through_the_sample_while_that_is_what_is_shown(
    new_service: NewService,
) -> None:
    service = new_service()
    found = next(steps(ListQuery(CATEGORIES, search="21 cm")))
    assert found["view"].ids == ["sample.0008"] and "of the sample" in found["state"]
    assert ">sample</span>" in found["list"]
    service.announcements.record(stored_day())
    found = next(steps(ListQuery(CATEGORIES, search="21 cm")))
    assert found["view"].ids == [] and "sample" not in found["state"]


def test_counts_kinds_and_the_filter_go_by_the_primary_category(new_service: NewService) -> None:
    new_service()
    first = next(steps(ListQuery(CATEGORIES, watch=False)))
    own = [a.paper.categories[0] == "astro-ph.CO" for a in first["view"].batch.announcements]
    new = [a for a, mine in zip(first["view"].batch.announcements, own, strict=True)
           if mine and a.version == 1]
    assert f"{len(new)} new" in first["state"]
    entries = first["view"].entries
    shown = visible(entries, first["view"].ids, Filters(kinds=("new",)), Profile())
    assert sorted(shown) == sorted(a.paper.id for a in new)
    assert first["day"].value == "" and first["day"].choices[0][0] == "The sample"
