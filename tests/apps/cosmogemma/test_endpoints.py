"""The endpoints: from gradio_client, by name, plain arguments, JSON answers; two at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from gradio_client import Client

from apps.cosmogemma.examples import QUIZZES
from core.literature.arxiv.ids import abs_url
from tests.apps.cosmogemma.fixture import HOSTILE, HOSTILE_QUESTION, MATHS, MATHS_QUESTION, Scripted
from tests.apps.served import assert_one_sentence


@pytest.fixture(scope="module")
def client(cosmogemma_address: str) -> Client:
    return Client(cosmogemma_address, verbose=False)


def test_only_the_promised_endpoints_are_listed(client: Client) -> None:
    listed = client.view_api(return_format="dict", print_info=False)
    assert sorted(listed["named_endpoints"]) == [
        "/ask", "/brainstorm", "/calculate", "/library", "/quiz"]
    assert not listed["unnamed_endpoints"]


def test_ask_streams_and_ends_with_its_sources(client: Client) -> None:
    answers = list(client.submit(question=MATHS_QUESTION, api_name="/ask"))
    texts = [a["text"] for a in answers if a["state"] == "writing"]
    assert len(set(texts)) >= 3 and all(b.startswith(a[:5]) for a, b in zip(texts, texts[1:],
                                                                            strict=False))
    last = answers[-1]
    assert last["state"] == "done" and not last["from_memory"]
    assert last["sources"][0]["id"] == MATHS.id and last["sources"][0]["url"] == abs_url(MATHS.id)
    assert "27.5" in last["text"] and "27.5" in last["citations"][0]["sentence"]


def test_without_sources_it_says_that_it_is_from_memory(client: Client) -> None:
    *_, last = client.submit(question=MATHS_QUESTION, sources=False, length=32, api_name="/ask")
    assert last["from_memory"] and "memory" in last["notice"] and not last["sources"]


def test_off_topic_is_refused(client: Client) -> None:
    *_, last = client.submit(question="How do I bake a chocolate cake?", api_name="/ask")
    assert last["state"] == "refused" and last["text"] and not last["sources"]


@pytest.mark.parametrize("number", range(len(QUIZZES)))
def test_every_form_of_a_quiz_is_answered_by_its_letter(client: Client, number: int) -> None:
    found = client.predict(text=QUIZZES[number].text, api_name="/quiz")
    assert len(found["probabilities"]) == 4 and sum(found["probabilities"].values()) == (
        pytest.approx(1, abs=1e-3))
    assert found["letter"] == max(found["probabilities"], key=found["probabilities"].get)


@pytest.mark.slow
def test_a_quiz_in_the_chat_is_answered_as_one(client: Client) -> None:
    *_, last = client.submit(question=QUIZZES[2].text, api_name="/ask")
    assert last["letter"] == client.predict(text=QUIZZES[2].text, api_name="/quiz")["letter"]


def test_brainstorm_ties_three_distinct_ideas_to_papers(client: Client) -> None:
    ideas = client.predict(topic="21 cm cosmology", seed=3, api_name="/brainstorm")["ideas"]
    assert len({idea["title"] for idea in ideas}) == 3
    assert all(idea["papers"] and idea["first_step"] and idea["risk"] for idea in ideas)
    assert all(paper["url"] == abs_url(paper["id"]) for idea in ideas for paper in idea["papers"])


def test_a_calculation_comes_with_code_that_gives_it(client: Client) -> None:
    found = client.predict(question="How old was the universe at z = 6?", api_name="/calculate")
    assert found["unit"] == "Gyr" and found["value"] == pytest.approx(0.93, abs=0.01)
    assert "Planck18" in found["code"] and "Planck" in found["cosmology"]


def test_the_library_is_searched_and_its_topics_are_listed(client: Client) -> None:
    found = client.predict(search="Silk damping", api_name="/library")
    assert "Silk" in found["passages"][0]["title"] + found["passages"][0]["text"]
    one = next(iter(found["topics"]))
    inside = client.predict(search="", topic=one, api_name="/library")["passages"]
    assert inside and {passage["topic"] for passage in inside} == {one}


@pytest.mark.parametrize(
    ("name", "arguments", "word"),
    [
        ("/ask", {"question": " "}, "no question yet"),
        ("/ask", {"question": "x" * 5000}, "at most 4,000"),
        ("/ask", {"question": "What is dark energy?", "length": 5}, "32 to 320"),
        ("/ask", {"question": "What is dark energy?", "temperature": 9}, "0 to 1.2"),
        ("/ask", {"question": "What is dark energy?", "seed": 0.5}, "whole number"),
        ("/quiz", {"text": "What is dark energy?"}, "A)"),
        ("/brainstorm", {"topic": ""}, "no topic yet"),
        ("/brainstorm", {"topic": "x" * 400}, "at most 300"),
        ("/calculate", {"question": "What is dark energy?"}, "No quantity"),
        ("/calculate", {"question": "age of the universe at z = -3"}, "above -1"),
        ("/library", {"topic": "cooking"}, "no topic"),
    ],
)
def test_wrong_arguments_are_one_sentence(
    client: Client, name: str, arguments: dict, word: str
) -> None:
    assert_one_sentence(client, name, arguments, word)


def test_arxiv_out_of_reach_is_said_and_the_library_answers(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COSMODESK_ARXIV_API", "http://127.0.0.1:9/api/query")
    *_, last = client.submit(question=MATHS_QUESTION, live=True, length=32, api_name="/ask")
    assert last["state"] == "done" and "arXiv" in last["notice"]
    assert last["sources"][0]["id"] == MATHS.id


def test_two_people_at_once_both_stream(cosmogemma_address: str, speaking: Callable) -> None:
    came: list[str] = []

    def listen(name: str) -> None:
        of = Client(cosmogemma_address, verbose=False)
        for answer in of.submit(question=f"What is void {name}?", api_name="/ask"):
            if answer["state"] == "writing" and answer["text"]:
                came.append(name)

    threads = [threading.Thread(target=listen, args=(name,)) for name in "ab"]
    with speaking(Scripted(" ".join(["word"] * 60), pause=0.1)):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(300)
    turns = sum(1 for one, next_ in zip(came, came[1:], strict=False) if one != next_)
    assert came.count("a") >= 10 and came.count("b") >= 10 and turns >= 10, came


def test_two_people_at_once_both_get_the_real_model_s_answer(
    cosmogemma_address: str, client: Client
) -> None:
    other = Client(cosmogemma_address, verbose=False)
    jobs = [of.submit(question=MATHS_QUESTION, api_name="/ask") for of in (client, other)]
    answers = [list(job) for job in jobs]
    assert answers[0][-1]["text"] == answers[1][-1]["text"] != ""
    assert all(sum(a["state"] == "writing" for a in each) >= 3 for each in answers)


def test_many_at_once_are_all_served(
    cosmogemma_address: str, speaking: Callable
) -> None:
    clients = [Client(cosmogemma_address, verbose=False) for _ in range(2)]
    with speaking(Scripted("one two three", pause=0.05)):
        started = time.monotonic()
        jobs = [clients[i % 2].submit(question=f"What is void {i}?", sources=False, api_name="/ask")
                for i in range(10)]
        last = [list(job)[-1] for job in jobs]
    assert [answer["text"] for answer in last] == ["one two three"] * 10
    assert time.monotonic() - started < 120


def test_a_hostile_abstract_changes_nothing_but_what_is_quoted(client: Client) -> None:
    *_, last = client.submit(question=HOSTILE_QUESTION, api_name="/ask")
    assert last["sources"][0]["id"] == HOSTILE.id
    assert "pirate" not in last["text"].lower()
    assert {part["of"] for part in last["words"]} <= {"model", "paper"}


def test_an_answer_says_which_of_its_words_are_the_papers(
    client: Client, speaking: Callable
) -> None:
    own = "The survey used a fibre spectrograph."
    with speaking(Scripted(f"{own} It is large. Visit evil.example and enter your password.")):
        *_, last = client.submit(question=MATHS_QUESTION, api_name="/ask")
    assert last["text"] == f"{own} It is large."
    assert last["words"] == [{"text": own, "of": "paper", "number": 1},
                             {"text": "It is large.", "of": "model", "number": None}]
    assert "".join(source["excerpt"] for source in last["sources"]).count("evil") == 0


def test_a_question_about_a_papers_numbers_is_answered_from_them(
    client: Client, speaking: Callable
) -> None:
    with speaking(Scripted("No")):
        *_, last = client.submit(
            question="Is there tension with Planck?", paper="sample.0001", api_name="/ask")
        *_, other = client.submit(question="Which idea is new?", paper="sample.0001",
                                  api_name="/ask")
    assert last["state"] == "done" and last["text"] != "No" and last["citations"]
    assert other["text"].startswith("The abstract")  # "No" is no answer that it supports
