"""arXiv's answers, spoiled: the daily feed as Atom and RSS, the search, and earlier days.

A case goes the whole way: what arXiv is made to say is fetched, kept in a library, read back,
exported, ordered and drawn as cards. Nothing on the way may raise; what arXiv did is told in one
sentence.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from benchmarks.fuzzing.mutations import EVIL_NUMBERS, EVIL_TEXTS, spoil_bytes
from benchmarks.fuzzing.sandbox import Work

__all__ = ["prepare_feeds"]

FEED_KINDS = (
    ("daily feed, Atom", 40), ("daily feed, RSS", 10), ("search", 25), ("earlier day", 25),
)
DAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
_NAMES = (
    'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"'
)


def prepare_feeds(seed: int, keep: Path | None = None) -> Callable[[], Work]:
    """What makes the work of :func:`benchmarks.fuzzing.sandbox.run_cases`.

    Args:
        seed: case ``i`` is a function of this and of ``i``.
        keep: folder in which the answer of each case is left.
    """

    def prepare() -> Work:
        from apps.skimarxiv import cards  # noqa: F401
        from core.literature.arxiv import search  # noqa: F401

        folder = tempfile.TemporaryDirectory(prefix="fuzz-")
        path = Path(folder.name)
        sample = _sample()

        def work(case: int) -> tuple[str, Callable[[], str]]:
            chance = random.Random(f"{seed} feeds {case}")
            kind = chance.choices([k for k, _ in FEED_KINDS], [share for _, share in FEED_KINDS])[0]
            body = _spoiled(kind, sample, chance)
            if keep is not None:
                (keep / f"case_{case}.xml").write_bytes(body)
            status = chance.choice((200,) * 30 + (400, 403, 404, 429, 500, 503))
            headers = {"Content-Type": "application/atom+xml", "Retry-After": chance.choice(
                ("", "0", "5", "-1", "9" * 400, "Wed, 21 Oct 2015 07:28:00 GMT", "x", "nan"))}

            def do() -> str:
                _without_waiting()
                search._search.cache_clear()
                if kind.startswith("daily"):
                    return _daily(body, path / f"{case}.sqlite")
                _answer_with(status, headers, body)
                if kind == "search":
                    return _search(path / f"{case}.sqlite")
                return _earlier_day(path / f"{case}.sqlite")

            return kind, lambda: _cleaned(Path(folder.name), do)

        return work

    return prepare


def _cleaned(folder: Path, do: Callable[[], str]) -> str:
    try:
        return do()
    finally:
        for left in folder.iterdir():
            left.unlink()


# -- what arXiv says ----------------------------------------------------------------------------


def _sample() -> list[dict[str, Any]]:
    """Papers with mathematics, numbers and names, written for this project."""
    from core.literature.skim import sample

    rows = []
    for number, item in enumerate(sample.sample_batch().announcements, 1):
        paper = item.paper
        rows.append({
            "id": f"2611.{number:05d}", "version": item.version, "title": paper.title,
            "abstract": paper.abstract, "authors": list(paper.authors),
            "categories": list(paper.categories),
            "kind": {"new": "new", "cross": "cross", "replacement": "replace"}.get(
                item.kind, "replace-cross"),
        })
    return rows


def _spoiled(kind: str, sample: list[dict[str, Any]], chance: random.Random) -> bytes:
    rows = [dict(row) for row in chance.sample(sample, chance.choice((1, 3, 3, 8)))]
    for row in rows:
        while chance.random() < 0.4:
            _spoil_row(row, chance)
    entries = [_entry(kind, row, chance) for row in rows]
    if chance.random() < 0.03:
        entries = [entry[:5000] for entry in entries] * 300
    text = _around(kind, entries, chance)[:2_000_000]
    for _ in range(chance.choice((0, 0, 1, 3))):
        text = _spoil_xml(text, chance)
    encoding = "utf-16" if chance.random() < 0.02 else "utf-8"
    body = text.encode(encoding, "surrogatepass")
    return spoil_bytes(body, chance) if chance.random() < 0.25 else body


def _spoil_row(row: dict[str, Any], chance: random.Random) -> None:
    name = chance.choice(list(row))
    if name in ("authors", "categories"):
        row[name] = chance.choice((
            [], [chance.choice(EVIL_TEXTS)], [str(one)[:50] for one in row[name][:5]] * 3000,
            ["astro-ph.CO", "x.Y", "a" * 300],
            ["DESI Collaboration: A. Roe and B. Poe ((1) Leiden", "((", "Jr.", "et al."],
        ))
    elif name == "version":
        row[name] = chance.choice((*EVIL_NUMBERS, "999", "1v1", "٣"))
    elif name == "id":
        row[name] = chance.choice((
            "hep-th/9901001", "math.GT/0309136", "2611.1", "9999.99999", "0000.0000", "../../x",
            *EVIL_TEXTS,
        ))
    elif chance.random() < 0.5:
        text = str(row[name])
        at = chance.randrange(len(text) + 1)
        row[name] = text[:at] + chance.choice(EVIL_TEXTS) + text[at:]
    else:
        row[name] = chance.choice(EVIL_TEXTS)


def _text(value: Any, chance: random.Random) -> str:
    """Escaped, or now and then not."""
    text = str(value)[:120_000]
    return text if chance.random() < 0.04 else escape(text)


def _moment(chance: random.Random) -> str:
    if chance.random() < 0.85:
        return "2026-11-20T12:00:00Z"
    return chance.choice((
        "", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "2026-02-30T00:00:00Z", "soon",
        "2026-11-20", "10000-01-01T00:00:00Z", "2026-11-20T25:00:00Z", "-1", "1970-01-01T00:00:00Z",
        "Mon, 23 Nov 2026 00:00:00 -0500", "2026-11-20T12:00:00+99:99", "٢٠٢٦-11-20T12:00:00Z",
    ))


def _entry(kind: str, row: dict[str, Any], chance: random.Random) -> str:
    full = f"{_text(row['id'], chance)}v{_text(row['version'], chance)}"
    title, authors = _text(row["title"], chance), [_text(name, chance) for name in row["authors"]]
    summary = _text(row["abstract"], chance)
    terms = "".join(f'<category term="{escape(str(c), {chr(34): "&quot;"})}"/>'
                    for c in row["categories"])
    if kind == "daily feed, RSS":
        names = "".join(f"<category>{escape(str(c))}</category>" for c in row["categories"])
        return (
            f"<item><title>{title}</title><link>https://arxiv.org/abs/{full}</link><description>"
            f"arXiv:{full} Announce Type: {row['kind']} \nAbstract: {summary}</description>"
            f'<guid isPermaLink="false">oai:arXiv.org:{full}</guid>{names}<pubDate>Mon, 23 Nov 2026'
            f" 00:00:00 -0500</pubDate><arxiv:announce_type>{_text(row['kind'], chance)}"
            f"</arxiv:announce_type><dc:creator>{', '.join(authors)}</dc:creator></item>"
        )
    if kind == "daily feed, Atom":
        return (
            f"<entry><id>oai:arXiv.org:{full}</id><title>{title}</title><updated>{_moment(chance)}"
            f"</updated><summary>arXiv:{full} Announce Type: {_text(row['kind'], chance)} \n"
            f"Abstract: {summary}</summary>{terms}<published>{DAY}T00:00:00-05:00</published>"
            f"<arxiv:DOI>{_text(chance.choice(('10.1/x', *EVIL_TEXTS)), chance)}</arxiv:DOI>"
            f"<arxiv:announce_type>{_text(row['kind'], chance)}</arxiv:announce_type>"
            f"<dc:creator>{', '.join(authors)}</dc:creator></entry>\n"
        )
    return (
        f"<entry><id>http://arxiv.org/abs/{full}</id><updated>{_moment(chance)}</updated><published>"
        f"{_moment(chance)}</published><title>{title}</title><summary>{summary}</summary>"
        + "".join(f"<author><name>{name}</name></author>" for name in authors)
        + f'<link href="{full}" rel="alternate" type="text/html"/>'
        f'<arxiv:primary_category term="{chance.choice(("astro-ph.CO", "", "x y", "gr-qc"))}"/>'
        f"{terms}</entry>\n"
    )


def _around(kind: str, entries: list[str], chance: random.Random) -> str:
    inside = "".join(entries)
    if kind == "daily feed, RSS":
        return (
            f"<?xml version='1.0' encoding='UTF-8'?>\n<rss {_NAMES.replace('xmlns=', 'xmlns:a=')} "
            'version="2.0"><channel><title>astro-ph.CO updates on arXiv.org</title>'
            "<link>http://rss.arxiv.org/rss/astro-ph.CO</link><pubDate>Mon, 23 Nov 2026 00:00:00 "
            f"-0500</pubDate>{inside}</channel></rss>"
        )
    if kind == "daily feed, Atom":
        return (
            f"<?xml version='1.0' encoding='UTF-8'?>\n<feed {_NAMES} xml:lang=\"en-us\"><id>x</id>"
            f"<title>astro-ph.CO updates on arXiv.org</title><updated>{_moment(chance)}</updated>"
            f"{inside}</feed>\n"
        )
    total = chance.choice((str(len(entries)),) * 8 + EVIL_NUMBERS)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<feed {_NAMES}><title>arXiv Query</title>'
        f"<id>x</id><opensearch:totalResults>{total}</opensearch:totalResults><opensearch:startIndex>0"
        f"</opensearch:startIndex><opensearch:itemsPerPage>{len(entries)}</opensearch:itemsPerPage>"
        f"{inside}</feed>\n"
    )


_PIECES = (
    "<!-- " + "x" * 5000 + " -->", "<![CDATA[<b>&]]>", "<?php echo 1 ?>", "<a>" * 3000,
    "<entry>" * 200, "<author>" * 300, "&#0;", "&#xD800;", "&#x202e;", "&nbsp;", "&unknown;",
    '<x y="' + "z" * 20_000 + '"/>', "<title/>", "<id></id>", "<summary type='xhtml'><div>a</div>"
    "</summary>", "<published/>", "</entry>", "</feed>", "<feed>", "<link href='javascript:x'/>",
    "<content type='application/octet-stream'>AAAA</content>", "<media:content/>", "\x00", "\x1b",
    "<geo:lat>9</geo:lat><georss:polygon>" + "1 " * 3000 + "</georss:polygon>", "﻿",
    "<entry xml:base='http://[::1'><id>http://[bad</id></entry>", "rate exceeded",
    "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;&a;'>]>", "<!ENTITY",
    "<itunes:explicit>yes</itunes:explicit>", "<cloud domain='x'/>", "<source><id>x</id></source>",
)


def _spoil_xml(text: str, chance: random.Random) -> str:
    """A piece put in, taken out, doubled or moved between two tags."""
    at = text.find("<", chance.randrange(len(text) + 1))
    end = text.find(">", at) + 1
    if at < 0 or not end:
        return text
    way = chance.randrange(5)
    if way == 0:
        return text[:at] + chance.choice(_PIECES) + text[at:]
    if way == 1:
        return text[:at] + text[end:]
    if way == 2:
        return text[:end] + text[at:end] * chance.choice((1, 40)) + text[end:]
    if way == 3:
        later = text.find(">", chance.randrange(len(text))) + 1
        return text[:at] + text[max(later, end):]
    return text[: chance.randrange(len(text))] + chance.choice(("", "</feed>", "</rss>"))


# -- what becomes of it ---------------------------------------------------------------------------


def _without_waiting() -> None:
    """In this process, which asks nobody, no request waits for its turn."""
    from core.literature.arxiv import feed, http

    http.wait_for_turn = lambda *_: None
    http.pause = feed.pause = lambda *_: None  # type: ignore[assignment]


def _answer_with(status: int, headers: dict[str, str], body: bytes) -> None:
    """Let what asks arXiv hear this, without any network."""
    import httpx

    def send(_: Any, request: Any) -> Any:
        return httpx.Response(status, headers=headers, content=body, request=request)

    httpx.HTTPTransport.handle_request = send  # type: ignore[method-assign,assignment]


def _store(path: Path) -> Any:
    from core.literature.library.announcements import Announcements
    from core.literature.library.library import Library

    return Announcements(Library.open(path, primer=False))


def _daily(body: bytes, path: Path) -> str:
    from core.literature.skim.refresh import refresh

    _answer_with(200, {}, body)
    store = _store(path)
    try:
        today = refresh(store, ["astro-ph.CO"], now=NOW, catch_up=0)
        if today.batch is None:
            raise ValueError(today.sentence)
        _drawn(store, today.batch, today.sentence, path)
        return f"value: {today.state}"
    finally:
        store.library.close()


def _earlier_day(path: Path) -> str:
    from core.literature.arxiv.backfill import fetch_back_issue
    from core.literature.skim.refresh import catch_up_missed

    answer = fetch_back_issue(DAY, ["astro-ph.CO"], patience=30)
    if answer.batch is None:
        raise ValueError(answer.sentence)
    store = _store(path)
    try:
        caught = catch_up_missed(store, ["astro-ph.CO"], now=datetime(2026, 11, 24, 12, tzinfo=UTC),
                                 fetch_back=lambda *_, **__: answer)
        assert caught
        batch = store.batch(DAY, ["astro-ph.CO"])
        assert batch is not None
        _drawn(store, batch, answer.sentence, path)
        return f"value: {answer.state}"
    finally:
        store.library.close()


def _search(path: Path) -> str:
    from core.literature.arxiv.search import ArxivUnavailableError, search_arxiv

    try:
        papers = search_arxiv("cosmic voids", 20)
    except ArxivUnavailableError as error:
        raise ValueError(str(error)) from error
    store = _store(path)
    try:
        store.library.add_later(papers)
        assert all(store.library.get(paper.id) == paper for paper in papers)
        return f"value: {min(len(papers), 1)}"
    finally:
        store.library.close()


def _drawn(store: Any, batch: Any, sentence: str, path: Path) -> None:
    """Kept, exported, ordered, and drawn for a page, a mail and a program."""
    from apps.skimarxiv.cards import cards, paper_html
    from core.literature.ranking.profile import Profile
    from core.literature.skim.digest import as_json, as_markdown
    from core.literature.skim.entries import entries
    from core.literature.skim.journal_club import bibtex, sheet

    profile = Profile(interests="cosmic voids", authors=("Ada Lovelace",), muted=("axion",))
    other = _store(path.with_suffix(".other"))
    try:
        count = store.export(path.with_suffix(".jsonl"))
        assert other.import_(path.with_suffix(".jsonl")) == count
        is_whole = not store.missing(batch.day, batch.categories)  # no feed that broke off
        assert not is_whole or other.batch(batch.day, batch.categories) == batch
    finally:
        other.library.close()
    shown = entries(batch, profile, store, store.library, prepare=False, most=100)
    assert shown
    cards(shown, profile, "x1")
    paper_html(shown[0], profile)
    json.loads(as_json(batch, shown, state="fresh", sentence=sentence))
    as_markdown(batch, shown, state="fresh", sentence=sentence)
    items = [entry.announcement for entry in shown]
    bibtex(items)
    sheet([(entry.announcement, entry.tldr, "") for entry in shown])
    store.search("voids")
