"""Questions from abstracts: what a model answers is asked for once, and only the good is kept."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from core.literature.library import Library, Paper
from core.literature.text import TermWeights
from tests.training.literature.fake_server import Answer, good_answer, serving
from training.literature.make_questions import (
    Abstract,
    Asker,
    Pace,
    QuestionsConfig,
    ask_all,
    from_library,
    from_snapshot,
    make,
    parse_answer,
    read_raw,
)
from training.literature.multiple_choice import multiple_choice
from training.literature.pairs import Pair, read_pairs
from training.literature.question_filters import (
    balanced,
    checked,
    found_sentence,
    without_duplicates,
)

ROOT = Path(__file__).parents[3]
NAMES = ("mass", "radius", "temperature", "velocity", "luminosity", "metallicity", "opacity", "age")
THINGS = ("quasar hosts", "cluster cores", "cosmic voids", "dwarf galaxies", "stellar streams",
          "radio relics", "lensing arcs", "hydrogen clouds")  # fmt: skip
SURVEYS = ("Gaia", "Euclid", "Planck", "LOFAR", "Chandra", "Rubin", "DESI", "HERA")
FILLER = (
    "Understanding structure in the universe needs careful modelling of many effects. "
    "Earlier results disagreed with each other by more than their quoted errors. "
    "Simulations with and without feedback are compared at matched resolution. "
    "Selection effects are corrected for with mock catalogues made in the same way as the data. "
    "Future surveys will shrink the remaining uncertainty by an order of magnitude."
)


def abstract_of(i: int, year: int = 2020) -> Abstract:
    name, thing, survey = NAMES[i % 8], THINGS[(i + i // 8) % 8], SURVEYS[(i * 3 + i // 8) % 8]
    finding = f"We find that the {name} of {thing} is {100 + 7 * i} units in {survey} data."
    return Abstract(f"{year % 100}01.{i:05d}", f"On {thing}", f"{FILLER} {finding}", year)


def snapshot(path: Path, count: int = 6) -> Path:
    rows = []
    for year in (2016, 2020, 2023):
        for i in range(count):
            a = abstract_of(i + (count if year == 2023 else 0), year)
            for identifier, categories in ((a.id, "astro-ph.CO gr-qc"), (f"x/{a.id}", "math.AG")):
                rows.append(
                    {"id": identifier, "title": a.title, "abstract": f"  {a.text}\n",
                     "categories": categories, "update_date": "2024-01-01",
                     "versions": [{"version": "v1", "created": f"Mon, 2 Mar {year} 19:18:42 GMT"}]}
                )  # fmt: skip
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def config_for(tmp_path: Path, url: str, **more: object) -> QuestionsConfig:
    values: dict[str, object] = {
        "snapshot": snapshot(tmp_path / "snapshot.json"), "output": tmp_path / "out",
        "server": url, "model": "any", "per_minute": 1e5, "timeout": 20.0, "retries": 4,
    }  # fmt: skip
    return QuestionsConfig(**{**values, **more})  # type: ignore[arg-type]


def well(prompt: str, number: int) -> Answer:
    return 200, good_answer(prompt)


# -- from end to end -----------------------------------------------------------------------------


def test_pairs_have_their_sentence_and_the_splits_share_nothing(tmp_path: Path) -> None:
    with serving(well) as server:
        metrics = make(config_for(tmp_path, server.url))
    train, test = (read_pairs([tmp_path / "out" / f"{n}.jsonl"]) for n in ("train", "test"))
    assert len(server.prompts) == 12  # neither other years nor other categories
    assert {p.source[:2] for p in train if p.source} == {"20"}
    assert {p.source[:2] for p in test if p.source} == {"23"}
    for pair in [*train, *test]:
        assert pair.sentence and pair.passage and pair.sentence in pair.passage
        assert pair.sentence.startswith("We find that the")
    for name, pairs in (("train", train), ("test", test)):
        kinds = [p.kind for p in pairs]
        assert kinds.count("yes") == kinds.count("no") == metrics[f"{name}_yes"] > 2
        assert kinds.count("open") == metrics[f"{name}_open"] == 6
    texts = [p.question for p in [*train, *test]]
    assert len(set(texts)) == len(texts)


def test_every_choice_has_the_right_answer_and_wrong_ones_of_its_kind(tmp_path: Path) -> None:
    with serving(well) as server:
        metrics = make(config_for(tmp_path, server.url))
    lines = (tmp_path / "out" / "choice_train.jsonl").read_text().splitlines()
    answers = {p.question: p.answer for p in read_pairs([tmp_path / "out" / "train.jsonl"])}
    assert len(lines) == metrics["train_choice"] > 0
    for row in map(json.loads, lines):
        assert len(set(row["options"])) == 4
        assert row["options"]["ABCD".index(row["letter"])] == answers[row["question"]]


def test_the_library_can_be_read_instead(tmp_path: Path) -> None:
    library = Library.open(tmp_path / "library.sqlite", primer=False)
    papers = [abstract_of(i, year) for i in range(3) for year in (2017, 2020, 2023)]
    library.add(
        Paper(a.id, a.title, a.text, (), date(a.year, 3, 1), ("astro-ph.CO",)) for a in papers
    )
    library.add([Paper("2001.99999", "Other", "An abstract.", (), date(2020, 1, 1), ("math.AG",))])
    found = list(from_library(tmp_path / "library.sqlite", ["astro-ph.CO"], [2020, 2023]))
    assert {a.id for a in found} == {a.id for a in papers if a.year != 2017}
    with pytest.raises(ValueError, match="no library"):
        list(from_library(tmp_path / "none.sqlite", ["astro-ph.CO"], [2020]))


def test_what_cannot_be_is_said_before_anything_is_asked(tmp_path: Path) -> None:
    with serving(well) as server:
        for wrong, message in (
            ({"train_years": (2018, 2023)}, "overlap"),
            ({"train_years": (2022, 2018)}, "overlap"),
            ({"snapshot": None}, "--snapshot or --library"),
            ({"categories": ("cs.CV",)}, "No abstract"),
            ({"per_minute": 0.0}, "requests a minute"),
        ):
            with pytest.raises(ValueError, match=message):
                make(config_for(tmp_path, server.url, **wrong))
        broken = tmp_path / "broken.json"
        broken.write_text('{"id": "2001.00001"}\n')
        with pytest.raises(ValueError, match="Line 1 of .*broken"):
            make(config_for(tmp_path, server.url, snapshot=broken))
    with pytest.raises(ValueError, match="--server"):
        make(config_for(tmp_path, ""))
    assert not server.prompts


@pytest.mark.parametrize(
    ("row", "year"),
    [
        ({"versions": [{"created": "Thu, 1 Dec 2022 10:00:00 GMT"}], "update_date": "2024-02-01"},
         2022),
        ({"update_date": "2024-02-01"}, 2020),
        ({"id": "astro-ph/9901001", "update_date": "1999-05-01"}, 1999),
    ],
)  # fmt: skip
def test_the_year_is_that_of_the_first_version(tmp_path: Path, row: dict, year: int) -> None:
    path = tmp_path / "one.json"
    whole = {"id": "2001.00001", "title": "T", "abstract": "A.", "categories": "astro-ph.CO"} | row
    path.write_text(json.dumps(whole) + "\n")
    found = list(from_snapshot(path, ["astro-ph.CO"], range(1990, 2030)))
    assert [a.year for a in found] == [year]


# -- servers that misbehave ----------------------------------------------------------------------


def test_refusals_and_faults_are_tried_again(tmp_path: Path) -> None:
    def respond(prompt: str, number: int) -> Answer:
        return (429, 500, 503)[number % 3] if number < 6 else 200, good_answer(prompt)

    with serving(respond) as server:
        config = config_for(tmp_path, server.url, parallel=1, retries=8)
        abstracts = [abstract_of(i) for i in range(3)]
        assert ask_all(abstracts, Asker(config), tmp_path / "raw.jsonl", 1) == 0
    assert len(server.prompts) == 9
    assert [len(row["pairs"]) for row in read_raw(tmp_path / "raw.jsonl")] == [3, 3, 3]


@pytest.mark.parametrize("status", [401, 404])
def test_a_wrong_key_or_model_ends_it_at_once(tmp_path: Path, status: int) -> None:
    with serving(lambda prompt, number: (status, "no such thing")) as server:
        config = config_for(tmp_path, server.url)
        with pytest.raises(RuntimeError, match="no such thing"):
            ask_all([abstract_of(i) for i in range(50)], Asker(config), tmp_path / "raw.jsonl", 2)
    assert len(server.prompts) < 8 and read_raw(tmp_path / "raw.jsonl") == []


def test_a_server_that_is_not_there_ends_it_too(tmp_path: Path) -> None:
    config = config_for(tmp_path, "http://127.0.0.1:9/v1", retries=0)
    with pytest.raises(RuntimeError, match="does not answer"):
        ask_all([abstract_of(i) for i in range(50)], Asker(config), tmp_path / "raw.jsonl", 2)


def test_a_failed_abstract_is_asked_again_by_the_next_run(tmp_path: Path) -> None:
    abstracts = [abstract_of(i) for i in range(5)]
    config = config_for(tmp_path, "", retries=0, parallel=1)

    def respond(prompt: str, number: int) -> Answer:
        return (500 if abstracts[2].title in prompt and number < 5 else 200), good_answer(prompt)

    with serving(respond) as server:
        asker = Asker(config_for(tmp_path, server.url, retries=0))
        assert ask_all(abstracts, asker, tmp_path / "raw.jsonl", 1) == 1
        assert ask_all(abstracts, asker, tmp_path / "raw.jsonl", 1) == 0
    assert len(server.prompts) == 6 and config.retries == 0
    assert {row["id"] for row in read_raw(tmp_path / "raw.jsonl")} == {a.id for a in abstracts}


def test_an_answer_that_takes_too_long_counts_as_none(tmp_path: Path) -> None:
    def respond(prompt: str, number: int) -> Answer:
        time.sleep(1.5 if number == 0 else 0.0)
        return 200, good_answer(prompt)

    with serving(respond) as server:
        asker = Asker(config_for(tmp_path, server.url, timeout=0.5, retries=1))
        assert ask_all([abstract_of(0)], asker, tmp_path / "raw.jsonl", 1) == 0
    assert len(server.prompts) == 2


def test_no_json_is_asked_for_twice_and_then_left(tmp_path: Path) -> None:
    with serving(lambda prompt, number: (200, "I would rather not.")) as server:
        asker = Asker(config_for(tmp_path, server.url))
        ask_all([abstract_of(0), abstract_of(1)], asker, tmp_path / "raw.jsonl", 1)
        assert len(server.prompts) == 4
        ask_all([abstract_of(0), abstract_of(1)], asker, tmp_path / "raw.jsonl", 1)
    assert len(server.prompts) == 4
    assert [row["pairs"] for row in read_raw(tmp_path / "raw.jsonl")] == [[], []]


def test_the_key_comes_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COSMODESK_LLM_KEY", "a-key")
    with serving(well) as server:
        Asker(config_for(tmp_path, server.url))(abstract_of(0))
    assert server.keys == ["Bearer a-key"]


def test_requests_keep_their_pace() -> None:
    pace = Pace(per_minute=1200.0)
    started = time.monotonic()
    for _ in range(11):
        pace.wait()
    assert 0.49 < time.monotonic() - started < 5.0


KILLED = """
import sys
from pathlib import Path
from tests.training.literature.test_make_questions import abstract_of, config_for
from training.literature.make_questions import Asker, ask_all
folder = Path(sys.argv[1])
asker = Asker(config_for(folder, sys.argv[2]))
ask_all([abstract_of(i) for i in range(12)], asker, folder / "raw.jsonl", 2)
"""


def test_it_goes_on_after_a_kill_and_asks_nothing_twice(tmp_path: Path) -> None:
    raw = tmp_path / "raw.jsonl"

    def respond(prompt: str, number: int) -> Answer:
        time.sleep(0.0 if number < 5 else 3.0)
        return 200, good_answer(prompt)

    with serving(respond) as server:
        command = [sys.executable, "-c", KILLED, str(tmp_path), server.url]
        process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 120
        while (not raw.exists() or raw.read_bytes().count(b"\n") < 4) and time.monotonic() < until:
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    before = {row["id"] for row in read_raw(raw)}
    assert 4 <= len(before) < 12
    raw.write_bytes(raw.read_bytes() + b'{"id": "2001.00011", "pai')  # cut short while writing
    abstracts = [abstract_of(i) for i in range(12)]
    with serving(well) as server:
        ask_all(abstracts, Asker(config_for(tmp_path, server.url)), raw, 2)
    assert len(server.prompts) == 12 - len(before)
    ids = [row["id"] for row in read_raw(raw)]
    assert sorted(ids) == sorted(a.id for a in abstracts)


# -- reading answers -----------------------------------------------------------------------------

ONE = {"question": "What is it?", "answer": "A void.", "sentence": "It is a void."}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"pairs": [ONE]}),
        json.dumps([ONE]),
        json.dumps(ONE),
        f"Sure! [see] {{x}}\n```json\n{json.dumps({'pairs': [ONE]}, indent=1)}\n```\nBye {{}}",
        f"<think>so {{...}}</think>{json.dumps({'pairs': [ONE, {'question': 3}, 'x', None]})}",
    ],
)
def test_json_is_found_among_other_text(text: str) -> None:
    pairs = parse_answer(text, abstract_of(0))
    assert [(p.question, p.answer, p.sentence) for p in pairs] == [tuple(ONE.values())]


@pytest.mark.parametrize("text", ["", "no", "{", "[" * 5000, "{}", "[1, 2]", '{"pairs": 3}',
                                  '{"pairs": [{"question": "", "answer": "", "sentence": ""}]}',
                                  '{"pairs": [{"question": "Q?"'])  # fmt: skip
def test_anything_else_is_no_answer(text: str) -> None:
    with pytest.raises(ValueError, match="no question-answer pairs"):
        parse_answer(text, abstract_of(0))


# -- filters -------------------------------------------------------------------------------------

PASSAGE = abstract_of(0).text
SENTENCE = "We find that the mass of quasar hosts is 100 units in Gaia data."
GOOD = Pair("What is the mass of quasar hosts in Gaia data?", "100 units", PASSAGE, SENTENCE, "1")
WEIGHTS = TermWeights.of(abstract_of(i).text for i in range(30))


def changed(**new: str) -> Pair:
    return Pair(**{**GOOD.__dict__, **new})


def test_a_good_pair_is_kept_and_its_sentence_made_exact() -> None:
    for quoted in (SENTENCE, SENTENCE.upper(), SENTENCE[:-1], f'"{SENTENCE}"', f" {SENTENCE}\n",
                   SENTENCE.replace("hosts", "host")):  # fmt: skip
        pair, wrong = checked(changed(sentence=quoted), WEIGHTS)
        assert pair == GOOD and wrong == ""


@pytest.mark.parametrize(
    ("new", "wrong"),
    [
        ({"question": "Tell me the mass of quasar hosts."}, "form"),
        ({"question": "Mass?"}, "form"),
        ({"answer": "units " * 90}, "form"),
        ({"question": "What mass of quasar hosts does this paper find?"}, "points outside"),
        ({"question": "What mass of quasar hosts do the authors find?"}, "points outside"),
        ({"question": "What is the mass of quasar hosts in this new study?"}, "points outside"),
        ({"answer": "We find 100 units"}, "points outside"),
        ({"question": "What mass of quasar hosts is described in the text?"}, "points outside"),
        ({"sentence": "The mass of quasar hosts is large."}, "sentence"),
        ({"sentence": ""}, "sentence"),
        ({"sentence": "We find"}, "sentence"),
        ({"answer": "120 units"}, "numbers"),
        ({"answer": "A population of primordial magnetic monopoles"}, "not answerable"),
        ({"question": "Which inflaton potential drives reheating after preheating?"},
         "off the passage"),
        ({"question": "What is in the data here?"}, "off the passage"),
    ],
)
def test_a_bad_pair_is_dropped_for_what_is_wrong(new: dict[str, str], wrong: str) -> None:
    assert checked(changed(**new), WEIGHTS) == (None, wrong)


def test_only_whole_sentences_of_the_passage_count() -> None:
    assert found_sentence(SENTENCE, PASSAGE) == SENTENCE
    assert found_sentence(SENTENCE.replace("100", "200"), PASSAGE) is None
    assert found_sentence("Simulations with feedback", PASSAGE) is None


def test_a_question_comes_once_but_its_negation_stays() -> None:
    yes = changed(question="Does the halo mass grow with time?", answer="Yes, it grows.")
    same = changed(question="does the HALO mass grow, with time", answer="Yes.")
    alike = changed(question="Does the mass of the halo grow with time?", answer="Yes, it does.")
    no = changed(question="Does the halo mass shrink with time?", answer="No, it grows.")
    assert without_duplicates([yes, same, alike, no]) == [yes, no]
    assert without_duplicates([same, no], known=[yes]) == [no]
    assert without_duplicates([]) == []


def test_as_many_yes_as_no() -> None:
    def of(kind: str, count: int) -> list[Pair]:
        return [changed(question=f"{kind} {i}?", answer=f"{kind}.") for i in range(count)]

    for yes, no in ((5, 2), (0, 3), (4, 4)):
        pairs = [*of("Yes", yes), *of("No", no), *of("Seven", 3)]
        kept = balanced(pairs, random.Random(0))
        kinds = [pair.kind for pair in kept]
        assert kinds.count("yes") == kinds.count("no") == min(yes, no) and kinds.count("open") == 3
        assert kept == [pair for pair in pairs if pair in kept]
        assert kept == balanced(pairs, random.Random(0))


def test_wrong_options_are_wrong_and_of_the_same_form() -> None:
    def pair(i: int, answer: str, passage: str = "") -> Pair:
        question = f"What sets the size of object {i}?"
        return Pair(question, answer, passage or f"text {i}", None, str(i))

    words = ["pressure", "gravity", "rotation", "feedback", "cooling"]
    sizes = [pair(10 + i, f"{i} Mpc") for i in range(5)]
    pool = [*(pair(i, w) for i, w in enumerate(words)), *sizes,
            pair(20, "gravity", "gravity and rotation set the size")]  # fmt: skip
    choices = multiple_choice(pool, WEIGHTS, random.Random(0))
    assert choices
    for choice in choices:
        assert len({any(c.isdigit() for c in option) for option in choice.options}) == 1
        assert len(set(choice.options)) == 4
    of_last = [choice for choice in choices if choice.source == "20"]
    assert all("rotation" not in choice.options for choice in of_last)
    assert multiple_choice(pool[:3], WEIGHTS, random.Random(0)) == []
    letters: Callable[[int], str] = lambda seed: "".join(  # noqa: E731
        c.letter for c in multiple_choice(pool, WEIGHTS, random.Random(seed))
    )
    assert len({letters(seed) for seed in range(5)}) > 1
