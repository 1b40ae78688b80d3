"""The assistant is greeted and asked about itself in any wording; hydrogen is not greeted."""

from __future__ import annotations

import random
import time
from itertools import pairwise

import pytest

from core.literature.assistant.questions.greetings import ungreeted
from core.literature.assistant.questions.meaning import understood
from core.literature.assistant.questions.small_talk import addresses_it, of_the_assistant
from core.literature.library.stored_questions import read_questions

STORED = [question.text for question in read_questions()[::30]]
GREETINGS = ["hi", "Hi", "hello", "Hey there", "hi all", "Good morning", "hello CosmoGemma",
             "greetings", "hiya", "good evening everyone", "hi hi", "hey, good day"]
TALK = """
    what are you|who made you|are you chatgpt|what can you help with|how do you work
    can you help me with my homework|who are you and what can u do|wat r u|whats ur name|r u human
    are you a bot or a person|which language model do you use|who trained you and when
    what were you trained on|where do you get your answers from|how reliable are your answers
    can i trust you|do you make mistakes|do you hallucinate|can you search the internet for me
    do you remember what i said before|what topics do you know about|what can this bot do
    is this chatbot free|tell me about yourself|describe yourself in one sentence
    what are your limitations|do you have feelings|how old are you|do you like astronomy
    what is your favourite galaxy|am i talking to a human|is anybody there|help me please
    i need help with my physics homework|could you help me with an assignment please
    can you answer questions about cosmology|do you speak german|how are you doing today
    why were you made|what is CosmoGemma|can i ask you something|are you better than gpt-4
"""
SELF = [text.strip() for line in TALK.strip().splitlines() for text in line.split("|")]
TRUE = """
    hi mass function|HI|HI?|what is hi|hi 21cm|hi in galaxies|HI, H2 and HII regions|hi and h2
    hi intensity mapping with MeerKAT|who are the founders of inflation|hello world in healpy
    thanks to what effect do BAO exist?|how do you work out the age of the universe?
    what are you measuring when you measure redshift?|who made the CMB map?|what is a language model
    what can you do with weak lensing?|how do you make a model|how do you know?|are you sure?
    can you trust photometric redshifts?|what model do you use for intrinsic alignments?
    how old are you if you travel near the speed of light?|is CAMB free?|good morning star Venus
    can you help me with my homework on the Friedmann equation?|what can you learn from BAO?
    i need help with the Friedmann equations|how does a language model work|where are we
    do you need dark matter to explain rotation curves?|what do you know about dark energy?
    how do you build a radio telescope|can you explain that?|what do you mean?|why do you say that
    tell me more|how do you use a language model in cosmology?|what is a chatbot?|great attractor
"""
ASKED = [text.strip() for line in TRUE.strip().splitlines() for text in line.split("|")]


@pytest.mark.parametrize("text", SELF)
def test_what_is_asked_of_the_assistant_is_told_whatever_was_asked_before(text: str) -> None:
    history = [("What is a pulsar?", "A star.")]
    for typed in (text, f"{text}?", text.upper(), f"hi! {text}", f"Hello there, {text} ??"):
        assert of_the_assistant(typed) and addresses_it(typed)
        assert understood(typed, history).wants == "about"


@pytest.mark.parametrize("text", GREETINGS)
def test_a_greeting_alone_is_talk_and_before_a_question_is_none_of_it(text: str) -> None:
    for mark in ("", "!", "...", " :)"):
        assert of_the_assistant(text + mark) and not ungreeted(text).strip()
    for question in ("what is the Hubble constant?", "is there dark matter?", "explain HI to me"):
        for between in (", ", "! ", " ", " - "):
            assert ungreeted(f"{text}{between}{question}") == question
    assert understood(f"{text}, what is HI?") == understood("what is HI?")


@pytest.mark.parametrize("text", ASKED)
def test_the_same_words_in_a_true_question_are_no_talk(text: str) -> None:
    assert not of_the_assistant(text) and understood(text).wants != "about"
    assert ungreeted(text) == text


def test_no_stored_question_is_talk_or_greets() -> None:
    assert not [text for text in STORED if of_the_assistant(text) or ungreeted(text) != text]


@pytest.mark.parametrize("term", ["dark energy", "BAO", "halos", "S8", "Planck", "redshift"])
@pytest.mark.parametrize("form", ["{} in {}", "{} if {} is wrong", "what is {1} and {0}"])
def test_a_term_of_the_field_makes_a_question_of_any_talk(term: str, form: str) -> None:
    assert not [talk for talk in SELF if of_the_assistant(form.format(talk, term))]


def test_any_text_is_read_and_a_greeting_is_only_cut_off_in_front() -> None:
    draw = random.Random(14)
    pieces = ["hi", "HI", "hello", "you", "are", "what", "BAO", ",", "!", " ", " ", "\n", "é", "α"]
    for _ in range(500):
        text = "".join(draw.choices(pieces, k=draw.randint(0, 12)))
        assert text.strip().endswith(ungreeted(text))
        if of_the_assistant(text):
            assert any(letter.isalpha() for letter in text) and "BAO" not in text


def test_a_talk_with_the_assistant_leaves_the_subject_as_it_was() -> None:
    turns = [("What is the BAO scale?", "147 Mpc."), ("who are you?", "CosmoGemma.")]
    assert understood("how is it measured?", turns).text == "How is the BAO scale measured?"
    assert not understood("how is it measured?", turns[1:]).carries


@pytest.mark.parametrize("text", ["hi " * 9000, "hello, " * 5000, "you are " * 6000, "i" * 40_000,
                                  "h" + "i" * 40_000, "help me with my " * 3000, "good " * 9000])
def test_hostile_text_takes_no_time(text: str) -> None:
    times = [time.process_time()]
    for read in (ungreeted, of_the_assistant, addresses_it):
        read(text)
        times.append(time.process_time())
    assert max(later - earlier for earlier, later in pairwise(times)) < 0.3
