"""Questions to begin with, one click each."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["QUESTIONS", "QUIZZES", "TOPICS", "Example"]


@dataclass(frozen=True)
class Example:
    """Words on a button, and what it asks."""

    label: str
    text: str


_EXPERT = """You are an expert in general astrophysics. Your task is to answer and explain the \
following multiple-choice question on astrophysics, sourced from a dataset. The question is:
Question: What do the relative heights of the acoustic peaks of the cosmic microwave background \
measure best?
Options:
A: The densities of baryons and of dark matter
B: The mass of the first stars
C: The temperature of the solar corona
D: The rotation of the Milky Way
Determine the correct answer using your astrophysics knowledge and provide a detailed explanation \
for why this answer is correct.
Output format:
ANSWER: [The choice you decide to choose]
EXPLANATION: [Provide a valid explanation]"""

QUESTIONS: tuple[Example, ...] = (
    Example("What is the Hubble tension?", "What is the Hubble tension?"),
    Example("Is the Universe flat?", "Is the Universe flat?"),
    Example("How does weak lensing measure S₈?", "How does weak lensing measure S8?"),
    Example("What angle does 1 Mpc span at z = 1?", "What angle does 1 Mpc span at z = 1?"),
    Example("Three project ideas with 21 cm maps",
            "List three ideas for a project with 21 cm maps."),
    Example("“You are an expert in general astrophysics…”", _EXPERT),
)
"""For the chat, one of each kind of answer; the last is a multiple-choice question in the
instructions it often comes in."""

QUIZZES: tuple[Example, ...] = (
    Example("Lettered lines", """In which epoch were the first stars formed?
A) Inflation
B) Big Bang nucleosynthesis
C) Recombination
D) Cosmic dawn"""),
    Example("In one line", "Which systematic effect of weak lensing comes from galaxies that align "
            "with the tidal field? (a) Redshift-space distortions (b) Intrinsic alignments "
            "(c) The Sunyaev-Zel'dovich effect (d) The Alcock-Paczynski effect"),
    Example("“You are an expert…”", _EXPERT),
)
"""For the page of the multiple choice, in three of the forms that it reads."""

TOPICS: tuple[str, ...] = (
    "21 cm maps of reionization",
    "weak lensing and intrinsic alignments",
    "the Hubble tension with standard sirens",
)
"""For brainstorming."""
