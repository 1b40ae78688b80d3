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
    Example("The optical depth to reionization",
            "What is the optical depth to reionization measured by Planck?"),
    Example("How does weak lensing measure S₈?",
            "How does weak gravitational lensing measure the amplitude of matter fluctuations?"),
    Example("“You are an expert in general astrophysics…”", _EXPERT),
)
"""For the chat; the last is a multiple-choice question in the instructions it often comes in."""

QUIZZES: tuple[Example, ...] = (
    Example("Lettered lines", """Which observation first showed that the expansion of the universe \
accelerates?
A) Type Ia supernovae fainter than expected
B) The rotation curve of the Andromeda galaxy
C) The abundance of primordial helium
D) The dipole of the cosmic microwave background"""),
    Example("In one line", "What ended the cosmic dark ages? (a) Light of the first stars and "
            "galaxies (b) Decay of the neutrinos (c) Collisions of magnetic monopoles "
            "(d) The merger of the Local Group"),
    Example("“You are an expert…”", _EXPERT),
)
"""For the page of the multiple choice, in three of the forms that it reads."""

TOPICS: tuple[str, ...] = (
    "21 cm maps of reionization",
    "weak lensing and intrinsic alignments",
    "the Hubble tension with standard sirens",
)
"""For brainstorming."""
