"""One-sentence summaries by the language model, shown only if they pass a check."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import SequenceMatcher

from core.literature.language_model.backends.backend import Backend
from core.literature.language_model.prompts import grounded_prompt
from core.literature.text.flat_math import flatten
from core.literature.text.paper import Paper
from core.literature.text.text import clean, sentences, words
from core.literature.tldr.faithfulness import unsupported
from core.literature.tldr.links import is_deed
from core.literature.tldr.result_cues import is_about_the_sky
from core.literature.tldr.tldr import tldr

__all__ = ["FIRST_WORD", "LEAST_SHARE", "QUESTION", "abstractive", "objection", "repeats"]

QUESTION = "In one sentence, what does this paper do and find?"
FIRST_WORD = "We"
"""With which the summary begins: what follows can only be what the authors do."""

LEAST_SHARE = 0.6
"""Least share of the summary's words, stop words left out, that the paper has."""

_TOKENS = 90
_LONGEST_TEXT = 400
_FEWEST_TERMS = 4
_REPEATED = 0.8  # of its words in one piece are a repetition, whatever stands around them
_WORDS = re.compile(r"[^\W_]+(?:\.\d+)?")
_MARKUP = re.compile(
    r"https?:|www\.|\bdoi:|[<>]\s*/?\s*[a-z]+|!\[|\]\(|```|^#|\[\d|javascript|@\w|&#?\w+;|\*\*",
    re.IGNORECASE,
)
_ADDRESSING = re.compile(
    r"\b(?:ignore|disregard|forget) (?:all|any|the|your|previous|prior|above)\b|"
    r"\b(?:instructions?|system (?:message|prompt)|as an ai|click|subscribe|buy|download|visit|"
    r"passwords?|you (?:must|should|are)|please)\b",
    re.IGNORECASE,
)


def abstractive(
    paper: Paper, backend: Backend, cancelled: Callable[[], bool] | None = None
) -> tuple[str, bool, str]:
    """One sentence in the model's words, or the sentence of the abstract.

    Args:
        paper: its abstract is data: what it tells a reader to do has no effect beyond words that
            the check then refuses.
        backend: what runs the language model.
        cancelled: asked between tokens.

    Returns:
        The text to show, whether it is the model's, and why not ("" if it is).

    Raises:
        RuntimeError: if the model cannot answer.
    """
    abstract = clean(paper.abstract)
    if not abstract:
        return "", False, "There is no abstract."
    prompt = _prompt(paper, backend)
    if not prompt:
        return tldr(paper).text, False, "The abstract is too long for the language model."
    pieces = backend.stream(prompt, max_tokens=_TOKENS, temperature=0.0, cancelled=cancelled)
    written = clean(FIRST_WORD + "".join(pieces))
    if cancelled is not None and cancelled():
        return tldr(paper).text, False, "It was stopped."
    first = next(iter(sentences(written)), "")
    why = objection(first, paper) or repeats(first, paper)
    chosen = tldr(paper).text
    return (chosen, False, why) if (why := why or _worse(first, chosen)) else (first, True, "")


def repeats(text: str, paper: Paper) -> str:
    """A sentence that says so where a text is the abstract's own words, or nearly; else ""."""
    said = _bare(text)
    for sentence in sentences(paper.abstract):
        have = _bare(sentence)
        run = SequenceMatcher(None, said, have, autojunk=False).find_longest_match().size
        if run >= max(_FEWEST_TERMS, _REPEATED * len(said)):
            return "The language model only repeated the abstract's own words."
    return ""


def _bare(text: str) -> list[str]:
    """The words without their signs, in lower case."""
    return _WORDS.findall(flatten(text).text.lower())


def _worse(text: str, chosen: str) -> str:
    """A sentence that says so where a text has what was done and the other what was found."""
    if is_about_the_sky([text, chosen]) and is_deed(text) and not is_deed(chosen):
        return "The language model wrote what was done, and this says what was found."
    return ""


def objection(text: str, paper: Paper) -> str:
    """Why a text is not shown as a summary of a paper, in a sentence; "" if nothing is wrong."""
    source = f"{paper.title} {paper.abstract}"
    said = words(text)
    if len(said) < _FEWEST_TERMS:
        return "The language model wrote no summary."
    if not text.endswith((".", "!")) or len(text) > _LONGEST_TEXT:
        return "The language model did not finish its sentence."
    if _MARKUP.search(text) or _ADDRESSING.search(text):
        return "What the language model wrote is no summary of this paper."
    wrong = unsupported(text, paper.abstract, paper.title)
    if wrong:
        return f"The language model wrote what the abstract does not say: {', '.join(wrong[:3])}."
    if len(set(said) & set(words(source))) < LEAST_SHARE * len(set(said)):
        return "What the language model wrote is too far from the abstract's words."
    return ""


def _prompt(paper: Paper, backend: Backend) -> str:
    """The paper as the one passage; "" if it does not fit."""
    passage = f"{clean(paper.title)}. {clean(paper.abstract)}"
    prompt = f"{grounded_prompt(QUESTION, [passage])} {FIRST_WORD}"
    return prompt if backend.count_tokens(prompt) <= backend.context - _TOKENS - 8 else ""
