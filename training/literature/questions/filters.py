"""Filters of generated question-answer pairs."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

import numpy as np

from core.literature.text.embedding import embed
from core.literature.text.text import TermWeights, clean, sentences, words
from training.literature.questions.pairs import Pair

__all__ = ["ALIKE", "balanced", "checked", "found_sentence", "normalised", "without_duplicates"]

ALIKE = 0.95
"""Cosine above which two questions ask the same."""

_POINTS_OUTSIDE = re.compile(
    r"\b(?:th(?:is|ese|eir|ose)|our|present(?:ed)?|current|given|cited)\s+(?:\w+\s+)?(?:papers?|"
    r"stud(?:y|ies)|works?|articles?|abstracts?|texts?|passages?|analys[ei]s|investigations?|"
    r"letters?|publications?)\b|"
    r"\bthe\s+(?:\w+\s+)?(?:papers?|stud(?:y|ies)|works?|articles?|abstracts?|texts?|passages?)\b|"
    r"\b(?:we|our|ours|us|authors?|researchers)\b|"
    r"\b(?:mentioned|described|discussed|presented|proposed|used|reported|introduced)\s+"
    r"(?:here|above|below|in\s+the\s+(?:text|paper|abstract|study|passage))\b|"
    r"\baccording to the (?:text|passage|abstract)\b",
    re.IGNORECASE,
)
_VERDICT = re.compile(r"^\W*(?:yes|no)\b\W*", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_ANSWERABLE = 0.6
_ON_THE_MATTER = 0.5
_ALMOST = 0.9


def normalised(text: str) -> str:
    """Letters and digits in lower case, single spaces between: for comparing texts."""
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


def found_sentence(sentence: str, passage: str) -> str | None:
    """The sentence of a passage that a quoted one is, small slips forgiven; None if none is."""
    quoted = normalised(sentence)
    if len(quoted) < 15:
        return None
    for own in sentences(passage):
        here = normalised(own)
        if quoted == here or (len(quoted) > 0.5 * len(here) and quoted in here):
            return own
        if here and here in quoted and len(here) > 0.8 * len(quoted):
            return own
        matcher = SequenceMatcher(None, quoted, here, autojunk=False)
        if not set(_NUMBER.findall(quoted)) <= set(_NUMBER.findall(here)):
            continue
        if matcher.real_quick_ratio() > _ALMOST and matcher.ratio() > _ALMOST:
            return own
    return None


def checked(pair: Pair, weights: TermWeights) -> tuple[Pair | None, str]:
    """Judge one pair.

    Args:
        pair: with its passage and the sentence that is said to answer it.
        weights: of words among abstracts.

    Returns:
        The pair, its sentence as the passage has it, and ""; or None and what is wrong: "form",
        "points outside", "sentence", "numbers", "not answerable" or "off the passage".
    """
    passage, question, answer = pair.passage or "", clean(pair.question), clean(pair.answer)
    if not (question.endswith("?") and 20 <= len(question) <= 250 and 1 <= len(answer) <= 400):
        return None, "form"
    if _POINTS_OUTSIDE.search(question) or _POINTS_OUTSIDE.search(answer):
        return None, "points outside"
    sentence = found_sentence(pair.sentence or "", passage)
    if sentence is None:
        return None, "sentence"
    reason = _VERDICT.sub("", answer)
    if not set(_NUMBER.findall(reason)) <= set(_NUMBER.findall(f"{passage} {question}")):
        return None, "numbers"
    if words(reason) and weights.recall(reason, passage, question) < _ANSWERABLE:
        return None, "not answerable"
    if len(words(question)) < 3 or weights.recall(question, passage) < _ON_THE_MATTER:
        return None, "off the passage"
    return Pair(question, answer, passage, sentence, pair.source), ""


def without_duplicates(pairs: Sequence[Pair], known: Iterable[Pair] = ()) -> list[Pair]:
    """Each question once.

    A question is dropped if its text is that of an earlier one, or if its meaning is nearer than
    :data:`ALIKE` to an earlier one of the same kind; a question and its negation, whose answers
    differ, both stay.

    Args:
        pairs: in order of preference.
        known: pairs that come before all of them, such as those of training before those of tests.
    """
    before = list(known)
    texts = {normalised(pair.question) for pair in before}
    fresh = []
    for pair in pairs:
        text = normalised(pair.question)
        if text not in texts:
            texts.add(text)
            fresh.append(pair)
    everything = [*before, *fresh]
    vectors = embed([pair.question for pair in everything])
    kept: dict[str, list[int]] = {"yes": [], "no": [], "open": []}
    for i, pair in enumerate(everything):
        earlier = kept[pair.kind]
        if i < len(before) or not earlier or (vectors[earlier] @ vectors[i]).max() <= ALIKE:
            earlier.append(i)
    chosen = np.sort(np.concatenate([np.array(found, int) for found in kept.values()]))
    return [everything[i] for i in chosen if i >= len(before)]


def balanced(pairs: Sequence[Pair], rng: random.Random) -> list[Pair]:
    """As many questions answered by yes as by no, in the order given; open ones all stay."""
    yes, no = ([i for i, p in enumerate(pairs) if p.kind == kind] for kind in ("yes", "no"))
    fewest = min(len(yes), len(no))
    dropped = {*rng.sample(yes, len(yes) - fewest), *rng.sample(no, len(no) - fewest)}
    return [pair for i, pair in enumerate(pairs) if i not in dropped]
