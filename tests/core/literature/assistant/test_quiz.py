"""Multiple-choice questions: every usual form is read, and likelihoods decide as they should."""

from __future__ import annotations

import math
import string
import time
from collections.abc import Callable, Sequence

import pytest

from core.literature.assistant.quiz import ALONE, LONGEST, Quiz, answer_quiz, parse_quiz
from core.literature.language_model.backends import Backend, open_backend

QUESTION = "Which effect sets the standard ruler seen in the clustering of galaxies?"
OPTIONS = (
    "Baryon acoustic oscillations, frozen in at $z \\approx 1060$",
    "The integrated Sachs-Wolfe effect",
    "Thermal Sunyaev-Zel'dovich distortions of 1.5 keV gas",
    "Reionization (by stars)",
)


def lines(mark: Callable[[str], str], labels: Sequence[str] = "ABCD", between: str = "\n") -> str:
    return between.join(f"{mark(n)}{o}" for n, o in zip(labels, OPTIONS, strict=True))


def expect(text: str, labels: Sequence[str] = "ABCD") -> None:
    quiz = parse_quiz(text)
    assert quiz is not None, text
    assert quiz.options == OPTIONS, text
    assert quiz.question == QUESTION, text
    assert quiz.letters == tuple(labels), text


MARKS = ["{}) ", "({}) ", "{}. ", "{}: ", "[{}] ", "{} - ", "- {}) ", "* {}. ", "**{})** ",
         "**{}.** ", "Option {}: ", "{}.\n", "{}\n", "{}:", "({})", "\t{})\t", "  {} – ", "{}\t",
         "（{}）", "{}、", "{}] ", "+ ({}) ", "> {}) ", "{{{}}} "]  # fmt: skip


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("gap", ["\n", "\n\n", "\nOptions:\n", "\n\nAnswer choices:\n\n", "\r\n"])
def test_an_option_on_each_line(mark: str, gap: str) -> None:
    mark = mark.replace("{}、", "{}: ")
    expect(QUESTION + gap + lines(lambda n: mark.format(n)))


@pytest.mark.parametrize("labels", ["abcd", "1234", ("i", "ii", "iii", "iv"),
                                    ("I", "II", "III", "IV")])  # fmt: skip
@pytest.mark.parametrize("mark", ["{}) ", "({}) ", "{}. ", "[{}] "])
@pytest.mark.parametrize("between", ["\n", " ", "; ", ", "])
def test_other_labels_on_lines_and_in_one(mark: str, labels: Sequence[str], between: str) -> None:
    expect(f"{QUESTION}{between[-1]}{lines(lambda n: mark.format(n), labels, between)}", labels)


@pytest.mark.parametrize("between", [" ", "; ", ", ", "\n\n", ",\n", " or "])
@pytest.mark.parametrize("mark", ["{}) ", "({}) ", "{}. ", "{}: ", "[{}] "])
@pytest.mark.parametrize("head", ["", " Options:", " Choices: "])
def test_all_in_one_line(mark: str, between: str, head: str) -> None:
    expect(f"{QUESTION}{head} {lines(lambda n: mark.format(n), between=between)}")


TAILS = ["\nAnswer:", "\n\nAnswer: ", "\nOutput format: ANSWER: <letter>", "\nANSWER:",
         "\nThe correct answer is", "\n\nGive only one answer, either A, B, C or D.",
         "\nPlease answer with the letter only.", "\nLet's think step by step.",
         " Output format: ANSWER: <letter>", "\n\nThank you!",
         "\nExplain your reasoning.", "\n\nReply with one letter."]  # fmt: skip
HEADS = ["Question: ", "Q: ", "Q12. ", "3. ", "**Question 4:** ", "# ",
         "You are an expert in general astrophysics. ",
         "You are an expert in cosmology.\n\nQuestion: ",
         "Please answer this multiple-choice question:\n\n", "Multiple choice: ",
         "Choose the correct answer: ", "Answer the following question.\n"]  # fmt: skip


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize("head", HEADS)
def test_what_stands_around_is_left_out(head: str, tail: str) -> None:
    if tail.startswith(" "):
        expect(head + QUESTION + " " + lines(lambda n: f"({n}) ", between=" ") + tail)
    expect(head + QUESTION + "\n" + lines(lambda n: f"{n}) ") + tail)


ASTROMLAB = """You are an expert in general astrophysics. Your task is to answer and explain the \
following multiple-choice question on astrophysics, sourced from a dataset. The question is:
Question: {question}

Options:
{options}

Determine the correct answer using your astrophysics knowledge and provide a detailed explanation \
for why this answer is correct.

Ensure your explanation is thorough, clearly articulating your thought process based on \
astrophysical principles.

Output format:
{{
"ANSWER": "[The choice you decide to choose]",
"EXPLANATION": "[Provide a valid explanation for the answer mentioned in ANSWER]"
}}
Give only one answer, either A, B, C or D, but not more than one, and not zero."""


@pytest.mark.parametrize("mark", ["{}: ", "{}) ", "({}) ", "{}. "])
def test_the_prompt_of_the_astronomy_benchmark(mark: str) -> None:
    options = lines(lambda n: mark.format(n))
    expect(ASTROMLAB.format(question=QUESTION, options=options))
    expect(" ".join(ASTROMLAB.format(question=QUESTION, options=options).split(" ")))


def test_of_several_questions_the_first_open_one_counts() -> None:
    done = "Question: What is dark?\nA: sky\nB: matter\nC: energy\nD: all\nAnswer: D\n\n"
    asked = f"Question: {QUESTION}\n" + lines(lambda n: f"{n}: ") + "\nAnswer:"
    expect(f"Astronomy multiple-choice questions\n\n{done}{done}{asked}")
    expect(done.replace("Question: ", "") + asked.replace("Question: ", ""))
    expect(f"{asked}\n\nQuestion: What next?\nA: this\nB: that\nC: those\nD: none\nAnswer:")


def test_options_that_go_on_over_lines_are_joined() -> None:
    options = lines(lambda n: f"{n}) ").replace("frozen", "\n   frozen")
    expect(f"{QUESTION}\n{options}")


@pytest.mark.parametrize("count", [2, 3, 5, 12])
def test_any_number_of_options(count: int) -> None:
    names = [f"galaxy {i}" for i in range(count)]
    marked = zip(string.ascii_uppercase, names, strict=False)
    quiz = parse_quiz(QUESTION + "\n" + "\n".join(f"{a}) {b}" for a, b in marked))
    assert quiz is not None and quiz.options == tuple(names)


def test_options_without_labels() -> None:
    for text in (
        f"{QUESTION}\nOptions:\n" + "\n".join(OPTIONS),
        f"{QUESTION}\nOptions:\n" + "\n".join(f"- {o}" for o in OPTIONS) + "\nAnswer:",
        f"{QUESTION}\n" + "\n".join(f"* {o}" for o in OPTIONS),
        f"Question: {QUESTION}\nOptions: {list(OPTIONS)!r}",
    ):
        expect(text)


def test_options_within_the_sentence() -> None:
    quiz = parse_quiz("Is the universe (a) open, (b) flat or (c) closed?")
    assert quiz == Quiz("Is the universe?", ("open", "flat", "closed"), ("a", "b", "c"))


def test_statements_to_complete() -> None:
    quiz = parse_quiz("The Hubble constant is measured with ____\n1. Cepheids\n2. tides\n3. ice")
    assert quiz is not None and quiz.options == ("Cepheids", "tides", "ice")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A",
        QUESTION,
        "Did A. Riess and B. Schmidt measure the expansion?",
        "Who wrote it, A. Lewis or B. Efstathiou? I think it was A. Lewis.",
        "What is f(a) + f(b) in the halo model?",
        "Explain:\n1. dark matter\n2. dark energy",
        "1. What is dark matter?\n2. What is dark energy?\n3. What is inflation?",
        "a) What is dark matter?\nb) What is dark energy?",
        "How does case A recombination differ from case B? Give case A first.",
        "What is the type Ia supernova rate, and of types Ib, Ic?",
        "A) only one option",
        "What is $H_0$?\n\nAnswer: 70",
        "Tell me about\n- voids\n- filaments",
    ],
)
def test_what_is_no_quiz(text: str) -> None:
    assert parse_quiz(text) is None


HOSTILE = ["A) ", "(a", "?\n- ", "A\n", "[", "you are an ", "A) b\n", "A. B. ", "- x\n", "\n\n",
           "Question: ", "Options:\n", "? \t", "$. "]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_texts_end_soon(piece: str) -> None:
    started = time.process_time()
    for around in ("{}", "Options: {}", "What?\n{}\nA) b\nB) c"):
        parse_quiz(around.format(piece * ((LONGEST - 50) // len(piece))))
    assert time.process_time() - started < 5.0
    assert parse_quiz(piece * LONGEST) is None


class Made:
    """A backend whose likelihoods are given: nats a token asked and alone, by the option."""

    name = "made"
    context = 64

    def __init__(self, asked: dict[str, float], alone: dict[str, float]) -> None:
        self.asked, self.own = asked, alone
        self.prompts: list[str] = []

    def log_likelihoods(
        self, prompt: str, continuations: Sequence[str]
    ) -> list[tuple[float, int]]:
        self.prompts.append(prompt)
        table = self.own if prompt == ALONE else self.asked
        counts = [len(c.split()) for c in continuations]
        return [
            (table[c.strip()] * n, n) for c, n in zip(continuations, counts, strict=True)
        ]

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def stream(self, *args: object, **kwargs: object) -> list[str]:  # type: ignore[override]
        raise AssertionError("a quiz is not written, it is weighed")

    def first_token(self, prompt: str, words: Sequence[str]) -> list[float]:
        raise AssertionError("options are weighed whole")


THREE = Quiz("What is it?", ("gas", "a very old star", "dust and ice"), ("a", "b", "c"))


def test_the_probabilities_are_the_softmax_of_the_gain_a_token() -> None:
    asked = dict(zip(THREE.options, (-2.0, -1.5, -3.0), strict=True))
    alone = dict(zip(THREE.options, (-2.5, -3.0, -3.0), strict=True))
    answer = answer_quiz(THREE, Made(asked, alone))  # type: ignore[arg-type]
    weights = [math.exp(g) for g in (0.5, 1.5, 0.0)]
    assert answer.probabilities == pytest.approx([w / sum(weights) for w in weights])
    assert answer.letter == "b" and sum(answer.probabilities) == pytest.approx(1)


def test_a_likely_option_that_the_question_does_not_favour_loses() -> None:
    asked = dict(zip(THREE.options, (-0.1, -4.0, -5.0), strict=True))
    alone = dict(zip(THREE.options, (-0.1, -6.0, -5.0), strict=True))
    assert answer_quiz(THREE, Made(asked, alone)).letter == "b"  # type: ignore[arg-type]


def test_passages_are_read_and_left_out_if_they_do_not_fit() -> None:
    flat = dict.fromkeys(THREE.options, -1.0)
    backend = Made(flat, flat)
    answer_quiz(THREE, backend, ["first passage", "word " * 60, "third"])  # type: ignore[arg-type]
    given = backend.prompts[-1]
    assert "[1] first passage" in given and "word" not in given and "third" not in given
    answer_quiz(THREE, backend, ["word " * 80])  # type: ignore[arg-type]
    assert backend.prompts[-1].startswith("Question: What is it?")


@pytest.fixture(scope="module")
def gemma() -> Backend:
    return open_backend("llama.cpp")


def test_the_embedded_model_knows_the_simple_things(gemma: Backend) -> None:
    asked = {
        "Which force holds the planets in their orbits around the Sun?\n": (
            "gravity", "friction", "surface tension", "buoyancy"),
        "What is the name of the galaxy that we live in?\n": (
            "The Milky Way", "The Whirlpool", "The Sombrero", "The Pinwheel"),
        "What is a supernova?\n": (
            "the explosion of a star", "a kind of soup", "a large telescope", "a unit of length"),
        "What does the redshift of a galaxy's spectrum show?\n": (
            "that it moves away from us", "that it tastes sweet", "the name of its owner",
            "how many people live there"),
    }  # fmt: skip
    right = 0
    for turn, (question, options) in enumerate(asked.items()):
        options = options[turn:] + options[:turn]
        marked = "\n".join(f"{n}) {o}" for n, o in zip("ABCD", options, strict=True))
        quiz = parse_quiz(question + marked)
        assert quiz is not None
        answer = answer_quiz(quiz, gemma)
        assert sum(answer.probabilities) == pytest.approx(1)
        right += answer.letter == "ADCB"[turn]
    assert right >= 3


def test_the_embedded_model_reads_the_passage(gemma: Backend) -> None:
    quiz = Quiz("What is the redshift of the quasar?", ("2.31", "6.87", "4.05"), ("A", "B", "C"))
    for value, letter in zip(quiz.options, quiz.letters, strict=True):
        passage = f"We report the discovery of a bright quasar. Its redshift is {value}."
        answer = answer_quiz(quiz, gemma, [passage])
        assert answer.letter == letter and max(answer.probabilities) > 0.5
