"""arXiv's feed against a server on this machine: papers, or one sentence in time."""

from __future__ import annotations

import importlib.util
import random
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import get_args

import pytest

from core.literature.arxiv import feed, rate_limit
from core.literature.arxiv.announcement import ANNOUNCEMENT_KINDS, Announcement
from core.literature.arxiv.atom import BrokenFeedError, read_feed
from core.literature.arxiv.feed import fetch_feed
from core.literature.arxiv.fetch_result import FeedAnswer, State, TroubleError, trouble
from core.literature.arxiv.ids import is_category
from core.literature.arxiv.search import ArxivUnavailableError, search_arxiv
from core.literature.text.author_names import authors_of
from tests.core.literature.arxiv.feed_server import (
    FeedServer,
    announcement,
    atom,
    feed_server,
    made_up,
)

MONDAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12)
HEALTHY = ("fresh", "weekend", "holiday", "empty", "stale", "partial")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FeedServer]:
    with feed_server(made_up(8, MONDAY)) as server:
        monkeypatch.setenv("COSMODESK_ARXIV_FEED", server.feed_address)
        monkeypatch.setattr(rate_limit, "_next", 0.0)
        monkeypatch.setattr(rate_limit, "SPACING", 0.0)
        yield server


def fetch(now: datetime = NOON, **options: object) -> FeedAnswer:
    options.setdefault("patience", 5.0)
    return fetch_feed(["astro-ph.CO", "gr-qc"], now=now, **options)  # type: ignore[arg-type]


def keys(answer: FeedAnswer) -> set[tuple[str, int]]:
    assert answer.batch
    return {(a.paper.id, a.version) for a in answer.batch.announcements}


def check(answer: FeedAnswer) -> None:
    """What holds for every answer."""
    assert answer.state in get_args(State)
    assert answer.sentence.endswith(".") and "\n" not in answer.sentence
    assert (answer.batch is not None) == (answer.state in ("fresh", "stale", "partial"))


def test_papers_come_as_they_were_announced(server: FeedServer) -> None:
    sent = [
        replace(
            announcement(
                7, MONDAY, "cross", title="Voids & <b>friends</b>", version=3,
                abstract="We find $0<z<2$ & H0 = 73.\n  <script>alert(1)</script> Abstract: no.",
                categories=("gr-qc", "astro-ph.CO"), authors=("José Ruiz", "Vera C. Rubin"),
            ),
            doi="10.1000/182", journal="Phys. Rev. D 1 (2026) 2",
        ),
        announcement(9, MONDAY, "new", title=r"Andr\'e's $H_0$"),
    ]
    server.announcements = sent
    answer = fetch()
    check(answer)
    assert answer.state == "fresh" and answer.batch
    assert answer.sentence == "2 papers on Monday 23 November 2026: 1 new, 1 cross-listed."
    first, second = answer.batch.announcements
    assert first.paper.abstract == (
        "We find $0<z<2$ & H0 = 73. <script>alert(1)</script> Abstract: no."
    )
    assert replace(first, paper=replace(first.paper, abstract=sent[0].paper.abstract)) == sent[0]
    assert second.paper == replace(sent[1].paper, title="André's $H_0$")
    assert (answer.batch.origin, answer.batch.day) == ("feed", MONDAY)
    assert answer.batch.categories == ("astro-ph.CO", "gr-qc")
    assert answer.batch.fetched.utcoffset() == timedelta(hours=-5)


def test_how_arxiv_is_asked(server: FeedServer) -> None:
    fetch_feed(["astro-ph.CO", "gr-qc", "astro-ph.CO"], now=NOON)
    assert server.paths == ["/atom/astro-ph.CO+gr-qc"]
    assert server.agents[0].startswith("CosmoDesk/") and "@" not in server.agents[0]


def test_every_kind_is_kept_apart_and_every_paper_comes_once(server: FeedServer) -> None:
    both = replace(announcement(1, MONDAY), kinds=("cross", "new"))
    older = replace(announcement(2, MONDAY, "replacement"), version=2)
    newer = replace(
        announcement(2, MONDAY, "replacement of a cross-list", title="A newer title"),
        version=3, paper=replace(older.paper, title="A newer title", categories=("gr-qc",)),
    )
    server.announcements = [older, both, *made_up(8, MONDAY, first=10), newer]
    batch = fetch().batch
    assert batch
    found = {a.paper.id: a for a in batch.announcements}
    assert len(found) == len(batch.announcements) == 10
    assert found["2611.00001"].kinds == ("new", "cross")
    merged = found["2611.00002"]
    assert merged.kinds == ("replacement", "replacement of a cross-list")
    assert (merged.version, merged.paper.title) == (3, "A newer title")
    assert merged.paper.categories == ("astro-ph.CO", "gr-qc")
    assert {found[f"2611.{i:05d}"].kind for i in range(10, 18)} == set(ANNOUNCEMENT_KINDS)
    assert batch.announcements[0].paper.id == "2611.00002", "the feed's order is kept"


TROUBLES: list[tuple[str | int, State, str, int]] = [
    (400, "bad category", "does not know astro-ph.CO, gr-qc", 3),
    ("error feed", "bad category", "does not know", 3),
    (401, "refused", "refused", 3), (403, "refused", "refused", 3), (404, "refused", "refused", 3),
    (429, "busy", "in a minute", 1), ("rate", "busy", "in a minute", 1),
    (500, "server error", "fault of its own", 5), (503, "server error", "fault of its own", 5),
    ("truncated", "partial", "broke off", 3), ("cut", "truncated", "damaged", 3),
    ("html", "not a feed", "no list of papers", 1), ("huge", "not a feed", "no list of papers", 1),
    ("reset", "offline", "online", 1),
]


@pytest.mark.parametrize(("mode", "state", "words", "requests"), TROUBLES)
def test_a_bad_day_is_one_named_state(
    server: FeedServer, mode: str | int, state: State, words: str, requests: int
) -> None:
    server.mode = mode
    answer = fetch()
    check(answer)
    assert answer.state == state and words in answer.sentence
    assert len(server.paths) == requests


def test_every_trouble_has_its_own_sentence() -> None:
    troubles = [state for state in get_args(State) if state not in HEALTHY]
    sentences = {trouble(TroubleError(state), ["gr-qc"]).sentence for state in troubles}
    assert len(sentences) == len(troubles) == 8
    assert {state for _, state, _, _ in TROUBLES} == set(troubles) - {"timeout"} | {"partial"}


@pytest.mark.parametrize("mode", ["slow headers", "slow body"])
def test_patience_ends(server: FeedServer, mode: str) -> None:
    server.mode = mode
    started = time.monotonic()
    answer = fetch(patience=0.5)
    check(answer)
    assert answer.state == "timeout"
    assert time.monotonic() - started < 2.0


@pytest.mark.parametrize("mode", ["slow headers", "slow body"])
def test_a_slow_answer_is_tried_again(
    server: FeedServer, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    monkeypatch.setattr(feed, "_ONE_TRY", 1.0)
    server.mode, server.failures = mode, 2
    assert fetch().state == "fresh"
    assert len(server.paths) == 3


@pytest.mark.parametrize("mode", [500, 503, "truncated", "cut"])
def test_a_passing_fault_is_not_seen(server: FeedServer, mode: str | int) -> None:
    server.mode, server.failures = mode, 1
    assert fetch().state == "fresh"
    assert len(server.paths) == 2


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/atom", "http://no-such-host.invalid/a"])
def test_offline(
    server: FeedServer, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("COSMODESK_ARXIV_FEED", address)
    started = time.monotonic()
    answer = fetch()
    check(answer)
    assert answer.state == "offline" and time.monotonic() - started < 5


def test_a_short_pause_is_kept(server: FeedServer) -> None:
    server.mode, server.failures, server.retry_after = 429, 1, "1"
    assert fetch().state == "fresh"
    assert server.times[1] - server.times[0] >= 1.0


@pytest.mark.parametrize("status", [429, 503])
def test_a_long_pause_is_told_and_kept_by_all(
    server: FeedServer, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    server.mode, server.retry_after = status, "1200"
    answer = fetch()
    check(answer)
    assert answer.state == "busy" and "in 20 minutes" in answer.sentence
    server.mode = "feed"
    again = fetch()
    assert again.state == "busy" and "in 20 minutes" in again.sentence
    assert len(server.paths) == 1, "nothing is sent during the pause"
    monkeypatch.setenv("COSMODESK_ARXIV_API", server.api_address)
    with pytest.raises(ArxivUnavailableError, match="pause"):
        search_arxiv("a question nobody asked before")


def test_a_pause_until_a_moment() -> None:
    soon = datetime.now(UTC) + timedelta(seconds=90)
    seconds = rate_limit.retry_after(f"{soon:%a, %d %b %Y %H:%M:%S} GMT")
    assert seconds is not None and 85 < seconds <= 90
    assert rate_limit.retry_after("Mon, 01 Jan 2001 00:00:00 GMT") == 0
    assert [rate_limit.retry_after(t) for t in ("", "soon", "-1", "9" * 40)] == [None] * 4


def test_an_absurd_pause_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "_next", 0.0)
    rate_limit.pause(1e12)
    assert rate_limit._next - time.monotonic() <= 3600


def test_requests_take_turns(server: FeedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "SPACING", 30.0)
    server.mode = 500
    assert fetch().state == "server error", "what arXiv said, and not that its turn is far"
    answer = fetch()
    assert answer.state == "busy" and "seconds" in answer.sentence
    assert len(server.times) == 1


def test_a_turn_is_waited_for(server: FeedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "SPACING", 0.6)
    server.mode, server.failures = 500, 1
    assert fetch().state == "fresh"
    assert server.times[1] - server.times[0] > 0.5


def test_three_seconds_is_the_default() -> None:
    found = importlib.util.find_spec("core.literature.arxiv.rate_limit")
    assert found is not None and found.loader is not None
    fresh = importlib.util.module_from_spec(found)  # other tests may not wait
    found.loader.exec_module(fresh)
    assert fresh.SPACING == 3.0


def test_it_can_be_stopped(server: FeedServer) -> None:
    server.mode = "slow headers"
    started = time.monotonic()
    answer = fetch(patience=20.0, cancelled=lambda: time.monotonic() - started > 0.3)
    check(answer)
    assert time.monotonic() - started < 1.5


@pytest.mark.parametrize(
    ("now", "state", "words"),
    [
        (datetime(2026, 11, 21, 9), "weekend", "come on Monday 23 November 2026"),
        (datetime(2026, 11, 22, 23, 59), "weekend", "come on Monday 23 November 2026"),
        (datetime(2026, 11, 26, 9), "holiday", "come on Friday 27 November 2026"),
        (datetime(2026, 11, 27, 9), "holiday", "come on Monday 30 November 2026"),
        (datetime(2026, 12, 25, 9), "holiday", "come on Monday 28 December 2026"),
        (datetime(2026, 12, 31, 9), "holiday", "come on Friday 1 January 2027"),
        (datetime(2026, 11, 24, 9), "empty", "Tuesday 24 November 2026"),
        # In Greenwich it is Monday already; in New York it is still Sunday.
        (datetime(2026, 11, 23, 4, 30, tzinfo=UTC), "weekend", "Monday 23 November 2026"),
        (datetime(2026, 11, 24, 4, 30, tzinfo=UTC), "empty", "on Monday 23 November 2026"),
    ],
)
def test_an_empty_feed_has_a_reason(
    server: FeedServer, now: datetime, state: State, words: str
) -> None:
    server.mode = "empty"
    answer = fetch(now)
    check(answer)
    assert answer.state == state and words in answer.sentence


def test_the_same_papers_on_a_later_day_are_stale(server: FeedServer) -> None:
    known = keys(fetch())
    tuesday = NOON + timedelta(days=1)
    assert fetch(tuesday, known=known).state == "stale", "dated Monday"
    server.announcements = [replace(a, day=MONDAY + timedelta(days=1)) for a in
                            server.announcements]
    answer = fetch(tuesday, known=known)
    check(answer)
    assert answer.state == "stale", "dated Tuesday, but Monday's papers"
    assert fetch(datetime(2026, 11, 28, 9), known=known).state == "weekend"
    assert fetch(tuesday).state == "fresh"
    server.announcements.append(announcement(99, MONDAY + timedelta(days=1)))
    assert fetch(tuesday, known=known).state == "fresh", "one paper more"


def test_one_paper_announced_again_does_not_make_a_day_stale(server: FeedServer) -> None:
    known = keys(fetch())
    server.announcements = [replace(server.announcements[0], day=date(2026, 11, 24))]
    assert fetch(NOON + timedelta(days=1), known=known).state == "fresh"


def test_fridays_papers_on_saturday(server: FeedServer) -> None:
    friday = date(2026, 11, 20)
    server.announcements = made_up(3, friday)
    answer = fetch(datetime(2026, 11, 21, 9))
    assert answer.state == "fresh" and answer.batch and answer.batch.day == friday
    server.announcements = made_up(3, date(2026, 11, 21))
    answer = fetch(datetime(2026, 11, 21, 9))
    assert answer.batch and answer.batch.day == friday, "no day of announcements is a Saturday"


@pytest.mark.parametrize("text", ["astro-ph.CO", "gr-qc", "math", "math.AG", "cond-mat.str-el",
                                  "physics.data-an", "q-bio.PE", "hep-th", "nucl-ex", "cs.LG"])
def test_categories(text: str) -> None:
    assert is_category(text)


@pytest.mark.parametrize("text", ["", "astro-ph.CO+gr-qc", "../x", "astro-ph.CO?x", "a b", "ASTRO",
                                  "astro-ph.", "http://x", "é", "x" * 99, "gr-qc\n",
                                  "astro-ph.co2"])
def test_no_category(server: FeedServer, text: str) -> None:
    assert not is_category(text)
    with pytest.raises(ValueError, match="is no arXiv category"):
        fetch_feed(["gr-qc", text])
    assert not server.paths


@pytest.mark.parametrize("categories", [[], "gr-qc", ["gr-qc"] * 21])
def test_a_list_of_categories(categories: list[str]) -> None:
    with pytest.raises(ValueError, match="1 to 20"):
        fetch_feed(categories)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Jane Doe, John Q. Public", ("Jane Doe", "John Q. Public")),
        (r"Andr\'e Weil, Mart{\'\i}n Ruiz and {\O}ystein Bo", ("André Weil", "Martín Ruiz",
                                                              "Øystein Bo")),
        ("A. Roe (1, 2), B. Poe (2) ((1) Leiden, NL, (2) Bonn (DE))", ("A. Roe", "B. Poe")),
        ("DESI Collaboration: A. Roe, B. Poe", ("DESI Collaboration", "A. Roe", "B. Poe")),
        ("Dark Energy Survey and Kilo-Degree Survey Collaboration",
         ("Dark Energy Survey and Kilo-Degree Survey Collaboration",)),
        ("John Smith, Jr., Ann Lee, III, et al.", ("John Smith, Jr.", "Ann Lee, III")),
        ("Ferdinand Anders, and Bo Li", ("Ferdinand Anders", "Bo Li")),
        ("", ()), (" , ;, (x", ()), ("((((", ()),
    ],
)
def test_authors(line: str, names: tuple[str, ...]) -> None:
    assert authors_of(line) == names


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;">]>
<feed xmlns="http://www.w3.org/2005/Atom"><title>&d; updates on arXiv.org</title></feed>"""
FILE = LAUGHS.replace(b'<!ENTITY a "ha">', b'<!ENTITY a SYSTEM "file:///etc/passwd">')


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (LAUGHS, "not a feed"), (FILE, "not a feed"), (b"", "not a feed"), (b"{}", "not a feed"),
        (LAUGHS.replace(b"<?xml", b"\n" * 9_000 + b"<?xml"), "not a feed"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title></feed>', "not a feed"),
        (b"<feed><title>x updates on arXiv.org</title></feed>", "not a feed"),
        (atom(made_up(2, MONDAY), "x", MONDAY).replace(b"oai:arXiv.org:", b"x"), "not a feed"),
        (atom(made_up(2, MONDAY), "x", MONDAY).replace(b"</title>", b"\xff\xfe"), "truncated"),
        (atom(made_up(2, MONDAY), "x", MONDAY).replace(b"</id>", b"<p>"), "truncated"),
    ],
)
def test_hostile_bytes(body: bytes, state: State) -> None:
    started = time.thread_time()
    with pytest.raises(BrokenFeedError) as caught:
        read_feed(body, MONDAY)
    assert caught.value.state == state
    assert time.thread_time() - started < 1.0


def test_two_thousand_damaged_feeds() -> None:
    """Each gives whole papers or a named state, never another error, never for long."""
    generator = random.Random(11)
    whole = atom(made_up(2, MONDAY), "astro-ph.CO", MONDAY)
    texts = {a.paper.abstract for a in made_up(2, MONDAY)}
    slowest, refused, unchanged, lost = 0.0, 0, 0, 0
    for _ in range(2_000):
        started = time.thread_time()
        try:
            reading = read_feed(_damaged(whole, generator), MONDAY)
        except BrokenFeedError:
            refused += 1
        else:
            found = reading.announcements
            lost += bool(reading.lost)
            assert all(a.paper.title and a.paper.abstract and a.day <= MONDAY for a in found)
            unchanged += texts == {a.paper.abstract for a in found}
        slowest = max(slowest, time.thread_time() - started)
    assert slowest < 3.0
    assert refused + lost > 500 and unchanged > 100 and min(refused, lost) > 50, (
        "the damage is neither nothing nor everything")


_SNIPPETS = (b"<", b">", b"&", b"&#0;", b"]]>", b"<!--", b"\x00", b"\xff", b"</entry>", b"<entry>",
             b"&lt;b&gt;", b'"', b"<![CDATA[", b"\n", b"v99999", b"(" * 50, b"9" * 400, b"$")


def _damaged(body: bytes, generator: random.Random) -> bytes:
    out = bytearray(body)
    for _ in range(generator.randrange(1, 4)):
        at = generator.randrange(len(out) or 1)
        kind = generator.randrange(5)
        if kind == 0:
            out[at : at + generator.randrange(1, 60)] = b""
        elif kind == 1:
            out[at:at] = generator.choice(_SNIPPETS)
        elif kind == 2 and out:
            out[at : at + 1] = bytes([generator.randrange(256)])
        elif kind == 3:
            other = generator.randrange(len(out) or 1)
            out[at:at] = out[other : other + 80]
        elif generator.random() < 0.2:
            del out[at:]
    return bytes(out)


def test_a_full_feed_is_read_in_time() -> None:
    body = atom(made_up(2_000, MONDAY), "astro-ph", MONDAY)
    started = time.thread_time()
    assert len(read_feed(body, MONDAY).announcements) == 2_000
    assert time.thread_time() - started < 6.0


@pytest.mark.parametrize("word", ["a", "a.", "-", "9"])
def test_a_word_without_end_is_no_feed_and_takes_no_time(word: str) -> None:
    day = date(2026, 11, 23)
    feed = atom([announcement(1, day, authors=[word * 200_000])], "astro-ph.CO", day)
    start = time.process_time()
    with pytest.raises(BrokenFeedError):
        read_feed(feed, day)
    assert time.process_time() - start < 2


TUESDAY = MONDAY + timedelta(days=1)
CO, GR = "astro-ph.CO", "gr-qc"


def of(category: str, first: int, day: date, count: int = 4, *more: str) -> list[Announcement]:
    return [announcement(first + i, day, categories=(category, *more)) for i in range(count)]


def on_tuesday(server: FeedServer, items: list[Announcement], **options: object) -> FeedAnswer:
    server.announcements = items
    known = {CO: {(a.paper.id, a.version) for a in of(CO, 100, MONDAY)},
             GR: {(a.paper.id, a.version) for a in of(GR, 200, MONDAY)}}
    answer = fetch(NOON + timedelta(days=1), **{"known": known, **options})
    check(answer)
    return answer


def ids(answer: FeedAnswer) -> set[int]:
    assert answer.batch
    return {int(a.paper.id[5:]) for a in answer.batch.announcements}


@pytest.mark.parametrize("dated", [MONDAY, TUESDAY])
def test_a_stale_category_does_not_pass_as_todays_beside_a_fresh_one(
    server: FeedServer, dated: date
) -> None:
    cross_listed = [replace(a, day=TUESDAY) for a in of(CO, 300, TUESDAY, 1, GR)]
    answer = on_tuesday(server, [*of(GR, 200, dated), *of(CO, 110, TUESDAY), *cross_listed])
    assert answer.state == "partial" and answer.by_category == {CO: "fresh", GR: "stale"}
    assert ids(answer) == {110, 111, 112, 113, 300}
    assert answer.batch and answer.batch.categories == (CO,) and answer.batch.day == TUESDAY
    assert "gr-qc looks stale" in answer.sentence and "5 papers" in answer.sentence


def test_a_stale_paper_that_a_fresh_category_lists_too_is_left_out(server: FeedServer) -> None:
    both = of(GR, 200, TUESDAY, 1, CO)
    known = {CO: {("2611.00200", 1)}, GR: {(f"2611.0020{i}", 1) for i in range(4)}}
    answer = on_tuesday(server, [*both, *of(GR, 201, TUESDAY, 3), *of(CO, 110, TUESDAY)],
                        known=known)
    assert answer.by_category[GR] == "stale" and ids(answer) == {110, 111, 112, 113}


def test_a_stale_category_of_a_day_that_nobody_had_is_that_days(server: FeedServer) -> None:
    answer = on_tuesday(server, [*of(GR, 250, MONDAY), *of(CO, 110, TUESDAY)])
    assert ids(answer) == {110, 111, 112, 113}
    (late,) = answer.late
    assert (late.day, late.categories, len(late.announcements)) == (MONDAY, (GR,), 4)


def test_an_empty_category_is_quiet_or_late(server: FeedServer) -> None:
    answer = on_tuesday(server, of(CO, 110, TUESDAY))
    assert answer.state == "fresh" and answer.by_category[GR] == "empty"
    assert "announced nothing in gr-qc" in answer.sentence
    answer = on_tuesday(server, of(CO, 110, TUESDAY),
                        known={GR: {(f"2610.{i:05d}", 1) for i in range(30)}})
    assert answer.state == "partial" and answer.batch and answer.batch.categories == (CO,)


def test_a_feed_that_is_misdated_into_the_future_is_todays(server: FeedServer) -> None:
    server.day = TUESDAY
    answer = on_tuesday(server, [*of(CO, 110, date(2027, 3, 1)), *of(GR, 210, date(9999, 12, 31))])
    assert answer.state == "fresh" and answer.batch and answer.batch.day == TUESDAY


@pytest.mark.parametrize(("mode", "words"), [(400, "does not know gr-qc"), (404, "did not give"),
                                             (500, "fault of its own for gr-qc"),
                                             (429, "pause before it gives gr-qc")])
def test_one_category_that_fails_does_not_take_the_others_along(
    server: FeedServer, mode: int, words: str
) -> None:
    server.broken = {GR: mode}
    server.mode = mode if mode != 429 else 500
    answer = on_tuesday(server, of(CO, 110, TUESDAY))
    assert answer.state == "partial" and ids(answer) == {110, 111, 112, 113}
    assert words in answer.sentence and answer.batch and answer.batch.categories == (CO,)


HURT = [
    (b"We count 7 voids", b"We count \x0b7\x00 voids"),
    (b"We count 7 voids", b"We count &#1; 7 voids &#xD800;"),
    (b"We count 7 voids", b"We&nbsp;count &eacute; 7 &unknown; voids"),
    (b"We count 7 voids", b"We count 7 < 8 & AT&T <voids> <p>"),
    (b"We count 7 voids", b"We count \xe9 7 voids \xff"),
    (b"We count 7 voids", b"We count 7 voids ]]>"),
    (b"<title>", b"<a>" * 3000 + b"</a>" * 3000 + b"<title>"),
    (b"Made-up voids 7<", b"Made-up voids 7 " + b"x" * 520 + b"<"),
    (b"We count 7 voids", b"We count " + b"a" * 520 + b" voids"),
]
LOST = [
    (b"2611.00007v1</id>", b"2611.00007v1</id></summary>"),
    (b"<dc:creator>", b"<dc:creator>" + b"y" * 520),
    (b"Made-up voids 7<", b"<"), (b"We count 7 voids", b"z" * 2_000_000),
    (b"<id>oai:arXiv.org:2611.00007v1</id>", b""), (b"</entry>", b""),
    (b"<title>", b"<!ENTITY a 'b'><title>"),
]


def hurt(old: bytes, new: bytes) -> bytes:
    """A feed whose seventh entry is damaged."""
    parts = atom([announcement(i, MONDAY) for i in range(1, 11)], CO, MONDAY).split(b"  <entry>")
    assert old in parts[7]
    parts[7] = parts[7].replace(old, new, 1)
    return b"  <entry>".join(parts)


@pytest.mark.parametrize(("old", "new"), HURT)
def test_an_entry_that_can_be_mended_is_kept(old: bytes, new: bytes) -> None:
    started = time.thread_time()
    reading = read_feed(hurt(old, new), MONDAY)
    assert [a.paper.id for a in reading.announcements] == [f"2611.{i:05d}" for i in range(1, 11)]
    assert reading.lost == () and not reading.is_cut
    assert time.thread_time() - started < 2.0
    text = reading.announcements[6].paper.abstract
    assert not set(text) & set("\x00\x01\x0b") and "count" in text


@pytest.mark.parametrize(("old", "new"), LOST)
def test_an_entry_that_cannot_be_mended_is_lost_alone(
    old: bytes, new: bytes, server: FeedServer
) -> None:
    server.body = hurt(old, new)
    started = time.thread_time()
    answer = fetch_feed([CO], now=NOON)
    check(answer)
    assert answer.state == "fresh" and ids(answer) == {*range(1, 11)} - {7}
    assert "1 entry could not be read: " in answer.sentence
    assert "2611.00007" in answer.sentence or b"<id>" in old
    assert time.thread_time() - started < 2.0


def test_a_feed_that_breaks_off_in_its_last_entry_keeps_the_others(server: FeedServer) -> None:
    body = hurt(b"voids", b"voids")
    server.body = body[: body.rindex(b"<summary>") + 30]
    answer = fetch_feed([CO], now=NOON)
    assert answer.state == "partial" and answer.is_cut and ids(answer) == set(range(1, 10))
    assert "broke off" in answer.sentence and len(server.paths) == 3


def test_an_absurd_date_of_one_entry_changes_nothing() -> None:
    for absurd in (b"9999-12-31", b"0001-01-01", b"2026-99-99", b"soon", b""):
        body = hurt(b"<published>2026-11-23", b"<published>" + absurd)
        reading = read_feed(body, TUESDAY)
        assert reading.day == MONDAY and {a.day for a in reading.announcements} == {MONDAY}


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "utf-8-sig", "cp1252"])
def test_other_encodings_are_read(encoding: str) -> None:
    text = atom([announcement(1, MONDAY, title="André é")], CO, MONDAY).decode()
    name = "windows-1252" if encoding == "cp1252" else encoding.replace("-sig", "")
    body = text.replace("encoding='UTF-8'", f"encoding='{name}'").encode(encoding)
    (item,) = read_feed(body, MONDAY).announcements
    assert item.paper.title == "André é"


def test_duplicates_are_one_paper() -> None:
    reading = read_feed(atom([*made_up(3, MONDAY), *made_up(3, MONDAY)], CO, MONDAY), MONDAY)
    assert len(reading.announcements) == 3 and not reading.lost
