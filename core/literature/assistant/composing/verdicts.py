"""Yes or no: as the stored questions that ask the same say, or as the passage is judged to say."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

from core.literature.assistant.composing.polarity import (
    either_or,
    mirrored,
    same_way,
    sameness,
)
from core.literature.assistant.composing.same_subject import of_a_sibling, other_subject
from core.literature.assistant.retrieval import Source
from core.literature.judge.judge import Judgement
from core.literature.library.stored_questions import Match
from core.literature.text.text import words

__all__ = ["Judging", "Verdict", "verdict_of"]

Verdict = Literal["yes", "no", ""]
Judging = Callable[[str, Sequence[str]], list[Judgement]]
"""What passages say to a question, such as :class:`core.literature.judge.judge.Judge`."""

_Near = tuple[Match, Source]
_VOTES = 0.7
"""Score from which a stored question has a vote; the vote is the square of what it has more."""
_LEANS = 0.9
"""Score from which the nearest one says which way the answer leans."""
_AGREED = 0.8
"""Least share of the votes."""
_ALIKE = 0.79
"""Least cosine of the best of them: of 4,459 stored questions, each against the nearest others,
which were written to differ, those of 0.8 agree in 0.68, of 0.9 in 0.86, of 0.95 in 0.95."""
_SURE = 0.895
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w])")
_OPEN = re.compile(
    r"\b(?:unknown|not known|(?:is|are|was|were|remain(?:s|ed)?) (?:still )?(?:debated|disputed"
    r"|open|unclear|uncertain|unsettled)|open question"
    r"|not (?:yet )?(?:settled|clear|understood|certain)|no consensus|nobody knows)\b",
    re.IGNORECASE)
"""Words of a sentence that leaves a question open."""
_OF_KNOWLEDGE = re.compile(
    r"\b(?:un)?(?:known?|settled|solved|understood|clear|certain|explained)\b", re.IGNORECASE)
"""Words of a question that asks whether something is open."""
_MAY_BE = re.compile(
    r"\b(?:can|could|may|might)\b.{1,80}?\bbe\b"
    r"|\b(?:can|could|may) (?:i|we|one|you) (?:\w+ )?(?:ignore|neglect|skip|drop)\b", re.IGNORECASE)
_HINTED = re.compile(r"\b(?:hint|suggest|indicat)\w*", re.IGNORECASE)
_OPINION = re.compile(
    r"\b(?:should (?:i|we|one|you)|do you (?:think|believe|like|prefer)|would you|in your opinion"
    r"|worth (?:it|doing|the|a|my)|better|worse|best|good idea"
    r"|more (?:interesting|important|promising|useful|exciting|elegant|fun))\b", re.IGNORECASE)
"""Words of a question that asks for an opinion or advice, which a passage does not decide."""
_COMPARES = re.compile(r"\bthan\b|\bor\b(?! not\b)", re.IGNORECASE)
"""Words of a question that is decided by numbers of both sides, which the judge seldom compares, or
that leaves a choice: all passages read have to say the same."""
_READ = 2
"""Passages that are judged."""
_LEAST_YES, _LEAST_NO = 0.7, 0.85
"""Least difference of the probabilities of yes and no by which a passage is judged. Of 267
questions on passages that were held out, asked without their stored ones, those of 0.5 to 0.75 were
right in 0.62, those above in 0.94; users' words are further away, and it leans to no."""
_WITH_VOTES, _AGAINST_VOTES = 0.25, 0.8
"""The same where the stored question nearest to the one asked agrees, and where it does not."""
_AT_ODDS = 0.1
"""Difference by which two passages are taken to say opposite things."""
_CONTRARY = 0.6
"""Difference by which the passage is judged to say the opposite of what is stored."""
_BEYOND_DOUBT = 0.93
"""Cosine of a stored question that holds against that."""


def verdict_of(
    question: str, sources: Sequence[Source], judging: Judging | None = None
) -> tuple[Verdict, Source]:
    """The verdict and the source that has its reason; "" and the best source where it is unsure.

    Args:
        question: standing alone.
        sources: found for it, the best first; at least one.
        judging: reads the passages where the stored questions do not tell.
    """
    if either_or(question):
        return "", sources[0]
    near = _near(question, sources)
    stored, source, cosine = _stored(question, near, sources)
    beyond_doubt = bool(stored) and cosine >= _BEYOND_DOUBT
    if _OPINION.search(question) and not beyond_doubt:
        return "", sources[0]
    if judging is None or beyond_doubt:
        return stored, source
    if not stored:
        return _judged(question, near, sources, judging)
    (said,) = judging(question, [" ".join(source.sentences)])
    against = -_lean(said) if stored == "yes" else _lean(said)
    return ("", sources[0]) if against >= _CONTRARY else (stored, source)


def _judged(
    question: str, near: Sequence[_Near], sources: Sequence[Source], judging: Judging
) -> tuple[Verdict, Source]:
    """As the passages are judged: by the one that is plainest."""
    read = [source for source in sources[:_READ] if not of_a_sibling(question, source)]
    if not read or sameness(question):
        return "", sources[0]
    found = judging(question, [" ".join(source.sentences) for source in read])
    said, source = max(zip(found, read, strict=True), key=lambda one: abs(_lean(one[0])))
    lean = _lean(said)
    least = _LEAST_YES if lean > 0 else _LEAST_NO
    votes = _leaning(near)
    if votes:
        least = _WITH_VOTES if votes * lean > 0 else max(least, _AGAINST_VOTES)
    if _leaves_open(question, source):
        return "", source
    if any(_lean(one) * lean < 0 and abs(_lean(one)) >= _AT_ODDS for one in found):
        return "", sources[0]
    as_one = len(found) == _READ and all(
        _lean(one) * lean > 0 and abs(_lean(one)) >= _LEAST_YES for one in found)
    if _COMPARES.search(question) and not as_one:
        return "", sources[0]
    if abs(lean) < least or said.unsaid > max(said.yes, said.no):
        return "", sources[0]
    return ("yes" if lean > 0 else "no"), source


def _leaves_open(question: str, source: Source) -> bool:
    """Whether the sentence nearest to a question says that it is not settled."""
    if not source.scores or _OF_KNOWLEDGE.search(question):
        return False
    nearest = max(range(len(source.scores)), key=lambda place: source.scores[place])
    return _OPEN.search(source.sentences[nearest]) is not None


def _lean(said: Judgement) -> float:
    return said.yes - said.no


def _near(question: str, sources: Sequence[Source]) -> list[_Near]:
    """The stored questions with an answer that point as the one asked does, or just the other way
    and then with the other answer; the nearest first."""
    found = []
    for source in sources:
        for match in source.matches:
            stored = match.question
            if stored.answer and _says_the_same(question, stored.text):
                found.append((match, source))
            elif stored.answer and mirrored(question, stored.text):
                other = replace(stored, answer="no" if stored.answer == "yes" else "yes")
                found.append((replace(match, question=other), source))
    return sorted(found, key=lambda pair: -pair[0].score)


def _leaning(near: Sequence[_Near]) -> int:
    """Which way the nearest stored question says, if it is near enough: +1, -1 or 0."""
    if not near or near[0][0].score < _LEANS:
        return 0
    return 1 if near[0][0].question.answer == "yes" else -1


def _stored(
    question: str, near: Sequence[_Near], sources: Sequence[Source]
) -> tuple[Verdict, Source, float]:
    """As the stored questions agree, and the cosine of the nearest one."""
    if not near:
        return "", sources[0], 0.0
    best, source = near[0]
    source = _of_one_mind(source, near, best.question.answer)
    sure = best.cosine >= _SURE or (
        (best.cosine >= _ALIKE or _in_the_same_words(best))
        and _speaks_of_the_last(question, best.question.text)
        and _agreed(best, [match for match, _ in near]))
    if not sure:
        return "", sources[0], 0.0
    return best.question.answer, source, best.cosine


def _of_one_mind(source: Source, near: Sequence[_Near], verdict: str) -> Source:
    """A source without the stored questions that ask something else or have the other answer: the
    sentences that answer those are no reason for this verdict."""
    agreeing = {match.question.text for match, _ in near if match.question.answer == verdict}
    kept = tuple(match for match in source.matches
                 if not match.question.answer or match.question.text in agreeing)
    return replace(source, matches=kept)


def _says_the_same(question: str, stored: str) -> bool:
    """Whether a stored question points the same way, at the same numbers, and asks neither what may
    be for what is, nor what is known for what is so, nor for hints in place of a discovery."""
    return same_way(question, stored) and not other_subject(question, stored) and (
        sorted(_NUMBER.findall(question)) == sorted(_NUMBER.findall(stored))) and all(
        bool(pattern.search(question)) == bool(pattern.search(stored))
        for pattern in (_MAY_BE, _OF_KNOWLEDGE, _HINTED))


def _in_the_same_words(match: Match) -> bool:
    return match.cosine >= 0.6 and min(match.asked_share, match.own_share) >= 0.65


def _agreed(best: Match, matches: Sequence[Match]) -> bool:
    votes = {"yes": 0.0, "no": 0.0}
    for match in matches:
        votes[match.question.answer] += max(match.score - _VOTES, 0.0) ** 2
    return votes[best.question.answer] >= _AGREED * sum(votes.values())


def _speaks_of_the_last(question: str, stored: str) -> bool:
    """Whether a stored question has the last word asked: "with light" is not "with itself"."""
    asked = [word for word in words(question) if not word.isdigit()]
    return bool(asked) and asked[-1] in words(stored)
