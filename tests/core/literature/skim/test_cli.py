"""The digest: in the reader's order, with kept sentences, whole files and a status for cron."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core.literature.arxiv import rate_limit
from core.literature.arxiv.announcement import Announcement, Batch
from core.literature.arxiv.calendar import arxiv_today, last_announcement_day
from core.literature.library.announcements import Announcements
from core.literature.library.library import Library
from core.literature.ranking.profile import Profile
from core.literature.skim import cli as command
from core.literature.skim.digest import ACKNOWLEDGEMENT, as_markdown, counts
from core.literature.skim.entries import entries, summaries
from core.literature.skim.sample import SAMPLE_SENTENCE, sample_batch
from core.literature.text.paper import Paper
from core.literature.text.tex import mathematics
from core.literature.text.text import sentences
from core.literature.tldr.tldr import model_name
from tests.core.literature.arxiv.feed_server import feed_server, made_up

SAMPLE = sample_batch()
DAY = date(2026, 11, 23)
CATEGORIES = ("astro-ph.CO", "gr-qc")


def stored_batch(count: int = 4) -> Batch:
    """Abstracts of the sample under ids that arXiv might have, as a feed would bring them."""
    items = tuple(
        replace(a, paper=replace(a.paper, id=f"2611.{i:05d}"), day=DAY)
        for i, a in enumerate(SAMPLE.announcements[:count], 1)
    )
    return Batch(DAY, CATEGORIES, items, "feed", datetime(2026, 11, 23, 5, tzinfo=UTC))


@pytest.fixture
def announcements(library: Library) -> Iterator[Announcements]:
    announcements = Announcements(library)
    announcements.record(stored_batch())
    yield announcements


@pytest.fixture
def filled(announcements: Announcements) -> Announcements:
    """The same with a sentence kept for each paper, so that nothing has to be embedded."""
    for item in stored_batch().announcements:
        announcements.keep_summary(f"{item.paper.id}v{item.version}", model_name(), 1, 0.5)
    return announcements


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr("core.literature.skim.refresh.refresh", refused)
    monkeypatch.setattr("core.literature.arxiv.backfill.fetch_back_issue", refused)


def run(library: Library, *arguments: str) -> int:
    return command.main(["--library", str(library.path), *arguments])


# --- entries --------------------------------------------------------------------------------------


def test_entries_have_everything_and_keep_the_sentences(announcements: Announcements) -> None:
    library, batch = announcements.library, stored_batch()
    assert all(e.tldr is None for e in entries(batch, Profile(), announcements, library,
                                               prepare=False))  # fmt: skip
    made = entries(batch, Profile(), announcements, library, prepare=True)
    assert [e.announcement for e in made] == list(batch.announcements)
    for entry in made:
        abstract = entry.announcement.paper.abstract
        assert entry.tldr and entry.tldr.text in sentences(abstract)[entry.tldr.sentence]
        assert len(entry.tensions) == len(entry.measurements)
        assert all(abstract[m.start : m.end] == m.text for m in entry.measurements)
    assert max(t for t in made[0].tensions if t) == pytest.approx(4.93, abs=0.01)
    again = entries(batch, Profile(), announcements, library, prepare=False)
    assert [e.tldr.text for e in again if e.tldr] == [e.tldr.text for e in made if e.tldr]
    assert len([e for e in again if e.tldr]) == len(batch.announcements)


def test_the_readers_reference_and_interests_count(announcements: Announcements) -> None:
    profile = Profile(interests="peak counts in weak lensing", reference={"H0": (73.0, 1.0)})
    found = entries(
        stored_batch(), profile, announcements, announcements.library, prepare=False
    )
    assert "Peak counts" in found[0].announcement.paper.title
    lens = next(e for e in found if "time-delay" in e.announcement.paper.title)
    assert max(t for t in lens.tensions if t is not None) < 1


def test_the_sample_is_never_stored(library: Library) -> None:
    announcements = Announcements(library)
    small = replace(SAMPLE, announcements=SAMPLE.announcements[:2])
    found = entries(small, Profile(interests="voids"), announcements, library, prepare=True)
    assert all(e.tldr for e in found)
    assert len(library) == 0
    assert announcements.last(SAMPLE.categories) is None
    again = entries(small, Profile(), announcements, library, prepare=False)
    assert all(e.tldr is None for e in again)


def test_a_sentence_kept_for_another_version_is_not_shown(announcements: Announcements) -> None:
    batch = stored_batch()
    list(summaries(batch, announcements))
    item = batch.announcements[0]
    newer = replace(item, version=item.version + 1, paper=replace(item.paper, abstract="Short."))
    changed = replace(batch, announcements=(newer,))
    assert list(summaries(changed, announcements, compute=False)) == []


def test_a_paper_without_an_abstract_is_shown_without_a_sentence(
    announcements: Announcements,
) -> None:
    paper = Paper("2611.09999", "A title alone", "", ("Ada Lovelace",), DAY, ("gr-qc",))
    batch = replace(stored_batch(), announcements=(Announcement(paper, DAY),))
    found = entries(batch, Profile(), announcements, announcements.library, prepare=True)
    text = as_markdown(batch, found, state="fresh", sentence="")
    assert "## 1. A title alone" in text and "In a sentence" not in text


def test_work_ends_when_it_is_cancelled(announcements: Announcements) -> None:
    asked = []

    def cancelled() -> bool:
        asked.append(1)
        return True

    assert len(list(summaries(stored_batch(), announcements, cancelled=cancelled))) == 1
    assert asked == [1]


# --- the digest -----------------------------------------------------------------------------------


def test_a_stored_batch_is_a_digest_without_network(
    filled: Announcements, no_network: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(filled.library, "--categories", *CATEGORIES, "--markdown", "--offline") == 0
    text = capsys.readouterr().out
    assert text.startswith("# astro-ph.CO, gr-qc: Monday 23 November 2026\n")
    assert re.findall(r"^## (\d+)\.", text, re.M) == ["1", "2", "3", "4"]
    assert "[arXiv:2611.00001](https://arxiv.org/abs/2611.00001)" in text
    assert text.count("**In a sentence:**") == 4
    assert "**H₀ = 73.4 ± 1.1 km/s/Mpc (4.9σ from Planck 2018)**" in text
    assert text.rstrip().endswith(ACKNOWLEDGEMENT)
    assert SAMPLE_SENTENCE not in text


def test_an_empty_library_shows_the_sample_and_says_so(
    library: Library, no_network: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(library, "--offline", "--most", "3") == 5
    text = capsys.readouterr().out
    assert SAMPLE_SENTENCE in text.splitlines()[0]
    assert "arxiv.org/" not in text
    number = len(sample_batch(["astro-ph.CO"]).announcements)
    assert f"The first 3 of {number}." in text


def test_mathematics_goes_through_unchanged(announcements: Announcements) -> None:
    batch = replace(stored_batch(), announcements=tuple(
        replace(a, paper=replace(a.paper, id=f"2611.{i:05d}"))
        for i, a in enumerate(SAMPLE.announcements, 1)
    ))  # fmt: skip
    found = entries(batch, Profile(), announcements, announcements.library, prepare=False)
    text = as_markdown(batch, found, state="fresh", sentence="")
    for item in batch.announcements:
        for start, end in mathematics(item.paper.title):
            assert item.paper.title[start:end] in text


def test_json_has_every_span(
    filled: Announcements, no_network: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(filled.library, "--categories", *CATEGORIES, "--json", "--offline") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["day"] == "2026-11-23" and found["origin"] == "feed"
    assert found["acknowledgement"] == ACKNOWLEDGEMENT
    assert len(found["papers"]) == 4
    for paper in found["papers"]:
        assert paper["tldr"] in sentences(paper["abstract"])[paper["tldr_sentence"]]
        for number in paper["measurements"]:
            assert paper["abstract"][number["start"] : number["end"]] == number["text"]


def test_reasons_are_said_and_one_for_all_is_said_once(announcements: Announcements) -> None:
    batch, library = stored_batch(), announcements.library
    plain = entries(batch, Profile(), announcements, library, prepare=False)
    text = as_markdown(batch, plain, state="fresh", sentence="")
    assert text.count("*Order:*") == 1 and "*Why here:*" not in text
    profile = Profile(authors=("W. Przykład",))
    followed = entries(batch, profile, announcements, library, prepare=False)
    text = as_markdown(batch, followed, state="fresh", sentence="")
    assert "*Why here:* by W. Przykład, whom you follow" in text and "*Order:*" not in text


def test_muted_papers_are_counted_and_left_out(announcements: Announcements) -> None:
    profile = Profile(muted=("emulator",))
    batch = stored_batch()
    found = entries(batch, profile, announcements, announcements.library, prepare=False)
    text = as_markdown(batch, found, state="fresh", sentence="")
    assert "1 with muted words left out." in text
    assert "emulator" not in text.lower()


@pytest.mark.parametrize("bad", ["<img src=x>", "[a](javascript:b)", "x\n\n# y", "![](http://e)"])
def test_hostile_papers_stay_text(bad: str, announcements: Announcements) -> None:
    paper = Paper("2611.09999", bad, f"{bad} one. {bad} two.", (bad,), DAY, (bad,))
    batch = replace(stored_batch(), announcements=(Announcement(paper, DAY),))
    found = entries(batch, Profile(), announcements, announcements.library, prepare=True)
    text = as_markdown(batch, found, state="offline", sentence=bad)
    assert not re.search(r"<[A-Za-z/!?]", text)
    assert len(re.findall(r"^#", text, re.M)) == 2
    assert all(u.startswith("https://arxiv.org/") for u in re.findall(r"(?<!\\)\]\(([^)]*)", text))


def test_counts_are_in_words() -> None:
    assert counts(SAMPLE.announcements).startswith("24 papers: ")
    assert counts(SAMPLE.announcements[:1]) == "1 paper: 1 new"


# --- the command ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "status"),
    [("fresh", 0), ("weekend", 3), ("holiday", 3), ("empty", 3), ("stale", 3), ("offline", 4),
     ("timeout", 4), ("busy", 4), ("server error", 4), ("not a feed", 4), ("truncated", 4),
     ("refused", 4)],
)  # fmt: skip
def test_the_status_says_how_it_went_and_the_last_good_day_is_shown(
    filled: Announcements, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, state: str,
    status: int,
) -> None:  # fmt: skip
    from core.literature.skim.refresh import Today

    batch = replace(stored_batch(), announcements=stored_batch().announcements[:1])
    today = Today(batch, state, f"The sentence of {state}.", (), None)  # type: ignore[arg-type]
    monkeypatch.setattr("core.literature.skim.refresh.refresh", lambda *_, **__: today)
    output = tmp_path / "new" / "today.md"
    assert run(filled.library, "--output", str(output)) == status
    assert f"> The sentence of {state}." in output.read_text(encoding="utf-8")
    assert os.listdir(output.parent) == ["today.md"]


def test_with_nothing_stored_and_no_network_the_sample_is_shown_with_the_reason(
    library: Library, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from core.literature.skim.refresh import Today

    today = Today(None, "offline", "arXiv cannot be reached.", (), None)
    monkeypatch.setattr("core.literature.skim.refresh.refresh", lambda *_, **__: today)
    assert run(library, "--most", "1") == 5
    text = capsys.readouterr().out
    assert SAMPLE_SENTENCE in text and "arXiv cannot be reached." in text


def test_a_stored_day_is_shown_again_and_a_missing_one_is_a_sentence(
    filled: Announcements, no_network: None, capsys: pytest.CaptureFixture[str]
) -> None:
    library = filled.library
    where = ("--categories", *CATEGORIES, "--most", "1")
    assert run(library, *where, "--day", "2026-11-23") == 0
    assert run(library, *where, "--day", "2026-11-20", "--offline") == 3
    assert "2026-11-20" in capsys.readouterr().err


@pytest.mark.parametrize(("state", "status"), [("holiday", 3), ("busy", 4), ("bad category", 2)])
def test_a_day_that_arxiv_does_not_give_is_a_sentence_and_a_status(
    library: Library, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    state: str, status: int,
) -> None:  # fmt: skip
    from core.literature.arxiv.fetch_result import FeedAnswer

    answer = FeedAnswer(state, f"The sentence of {state}.")  # type: ignore[arg-type]
    monkeypatch.setattr("core.literature.arxiv.backfill.fetch_back_issue", lambda *_, **__: answer)
    assert run(library, "--day", "2026-11-20") == status
    found = capsys.readouterr()
    assert found.err == f"The sentence of {state}.\n" and not found.out


def test_a_past_day_that_arxiv_gives_is_kept_and_said_to_be_approximate(
    library: Library, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from core.literature.arxiv.fetch_result import FeedAnswer

    batch = replace(stored_batch(), origin="search")
    answer = FeedAnswer("fresh", "About that day.", batch)
    monkeypatch.setattr("core.literature.arxiv.backfill.fetch_back_issue", lambda *_, **__: answer)
    where = ("--categories", *CATEGORIES, "--most", "1")
    assert run(library, *where, "--day", "2026-11-23") == 0
    assert "approximate" in capsys.readouterr().out
    assert Announcements(library).batch(DAY, CATEGORIES)


def test_days_that_were_fetched_afterwards_are_named(
    filled: Announcements, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.literature.skim.refresh import Today

    today = Today(stored_batch(), "fresh", "Here.", (date(2026, 11, 19), date(2026, 11, 20)), None)
    monkeypatch.setattr("core.literature.skim.refresh.refresh", lambda *_, **__: today)
    sentence = command.skim(filled, CATEGORIES).sentence
    assert "Thursday 19 November 2026, Friday 20 November 2026" in sentence


def test_a_category_that_is_none_is_one_sentence(
    filled: Announcements, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    from core.literature.skim.refresh import Today

    assert run(filled.library, "--offline", "--categories", "<b>") == 2
    today = Today(stored_batch(), "bad category", "arXiv does not know it.", (), None)
    monkeypatch.setattr("core.literature.skim.refresh.refresh", lambda *_, **__: today)
    assert run(filled.library, "--categories", "astro-ph.XX") == 2
    said = capsys.readouterr()
    assert said.err.count("\n") == 2 and not said.out


@pytest.mark.parametrize(
    "content", ["not JSON", "[]", '{"liked": "x"}', "\udcff".encode(errors="surrogateescape")]
)
def test_a_bad_profile_is_one_sentence(
    content: str | bytes, library: Library, no_network: None, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    path = tmp_path / "profile.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert run(library, "--offline", "--profile", str(path)) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "Traceback" not in said


def test_a_profile_brings_its_categories_and_order(
    announcements: Announcements, no_network: None, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    path = tmp_path / "profile.json"
    path.write_text(Profile(categories=("gr-qc",), authors=("G. Příklad",)).to_json())
    announcements.record(stored_batch(17))
    assert run(announcements.library, "--offline", "--profile", str(path), "--most", "1") == 0
    text = capsys.readouterr().out
    assert text.startswith("# gr-qc: ")
    assert "## 1. Testing the no-hair theorem" in text


@pytest.mark.parametrize("asked", [["astro-ph.CO"], ["gr-qc"], ["astro-ph"], ["astro-ph.co"],
                                   ["astro-ph.CO,gr-qc"]])
def test_of_the_sample_too_only_the_categories_asked_for_are_shown(
    asked: list[str], library: Library, no_network: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(library, "--offline", "--json", "--categories", *asked) == 5
    found = json.loads(capsys.readouterr().out)
    wanted = ",".join(asked).lower().split(",")
    assert 0 < len(found["papers"]) == found["announced"]
    for paper in found["papers"]:
        assert any(one.lower() in wanted or one.split(".")[0] in wanted
                   for one in paper["categories"])
    assert (len(found["papers"]) < len(SAMPLE.announcements)) or asked == ["astro-ph.CO,gr-qc"]


def test_where_the_sample_has_none_it_is_said(
    library: Library, no_network: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(library, "--offline", "--categories", "math.NT") == 5
    text = capsys.readouterr().out
    assert "no papers in math.NT; all of it is shown" in text


@pytest.mark.parametrize("wrong", ["astro-ph.XX", "cosmology", "astro-ph.", "hep"])
def test_what_is_no_category_of_arxiv_is_one_sentence(
    wrong: str, library: Library, no_network: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(library, "--offline", "--categories", "gr-qc", wrong) == 2
    assert capsys.readouterr().err == f"{wrong!r} is no arXiv category; one is astro-ph.CO.\n"


def test_json_says_what_each_number_is_compared_with(
    announcements: Announcements, no_network: None, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    path = tmp_path / "profile.json"
    path.write_text(Profile(reference={"H0": (60.0, 1.0)}).to_json())
    announcements.record(stored_batch(17))
    assert run(announcements.library, "--offline", "--profile", str(path), "--json") == 0
    numbers = [number for paper in json.loads(capsys.readouterr().out)["papers"]
               for number in paper["measurements"]]
    assert {n["reference"] for n in numbers if n["quantity"] == "H0"} & {"your reference"}
    for number in numbers:
        assert (number["reference"] is None) is (number["tension"] is None)


def test_a_file_that_cannot_be_written_is_one_sentence_and_the_old_one_stays(
    filled: Announcements, no_network: None, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    folder = tmp_path / "taken"
    folder.mkdir()
    (folder / "old").write_text("kept")
    arguments = ("--categories", *CATEGORIES, "--offline", "--most", "1")
    assert run(filled.library, *arguments, "--output", str(folder)) == 1
    assert "cannot be written" in capsys.readouterr().err
    assert (folder / "old").read_text() == "kept"
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith(".")) == []


def test_a_link_stays_a_link(
    filled: Announcements, no_network: None, tmp_path: Path
) -> None:
    real, link = tmp_path / "real.md", tmp_path / "link.md"
    real.write_text("old")
    link.symlink_to(real)
    arguments = ("--categories", *CATEGORIES, "--offline", "--most", "1", "--output", str(link))
    assert run(filled.library, *arguments) == 0
    assert link.is_symlink() and real.read_text(encoding="utf-8").startswith("# astro-ph.CO")


@pytest.mark.parametrize(
    "wrong", [["--most", "0"], ["--day", "yesterday"], ["--markdown", "--json"]]
)
def test_wrong_questions_end_with_two(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as end:
        command.main(wrong)
    assert end.value.code == 2


def test_a_day_over_real_http_and_the_next_with_arxiv_in_trouble(
    library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    day = last_announcement_day(arxiv_today())
    output = tmp_path / "today.md"
    with feed_server(made_up(5, day)) as server:
        monkeypatch.setenv("COSMODESK_ARXIV_FEED", server.feed_address)
        monkeypatch.setenv("COSMODESK_ARXIV_API", server.api_address)
        monkeypatch.setattr(rate_limit, "_next", 0.0)
        monkeypatch.setattr(rate_limit, "SPACING", 0.0)
        assert run(library, "--output", str(output)) == 0
        first = output.read_text(encoding="utf-8")
        server.mode = "html"
        assert run(library, "--output", str(output)) == 4
        second = output.read_text(encoding="utf-8")
    assert len(re.findall(r"^## ", first, re.M)) == 5
    assert re.findall(r"^## .*", first, re.M) == re.findall(r"^## .*", second, re.M)
    assert "no list of papers" in second and "no list of papers" not in first
    assert f"{day.day} {day:%B %Y}" in second.splitlines()[0]


def run_module(library: Library) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "core.literature.skim", "--offline", "--library", str(library.path),
         "--categories", *CATEGORIES, "--markdown", "--most", "1"],
        capture_output=True, text=True, encoding="utf-8", timeout=120,
    )  # fmt: skip


def test_it_runs_as_a_module(filled: Announcements) -> None:
    found = run_module(filled.library)
    assert found.returncode == 0, found.stderr
    assert found.stdout.startswith("# astro-ph.CO, gr-qc")
    assert found.stderr == ""


@pytest.mark.slow
def test_nothing_is_on_stderr_when_the_model_is_opened(announcements: Announcements) -> None:
    found = run_module(announcements.library)
    assert "**In a sentence:**" in found.stdout
    assert found.stderr == ""
