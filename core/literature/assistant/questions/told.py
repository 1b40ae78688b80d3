"""Long questions in which somebody tells of a situation before asking.

Example:
    >>> told("I am a student. My advisor works on voids. " * 4 + "What is a void?").question
    'What is a void?'
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from core.literature.assistant.questions.known_words import known_words
from core.literature.assistant.questions.library_names import library_names
from core.literature.assistant.questions.subjects import content_words
from core.literature.text.normal_form import tokens
from core.literature.text.text import clean, sentences

__all__ = ["Told", "tells_of_self", "told"]

_SHORTEST = 25
"""Words of a question that has a story."""
_MOST_TERMS = 10
_RARE = 1500
"""Rank among English words from which on a word tells something."""
_SELF = re.compile(
    r"\b(?:i|i['’](?:m|ve|d|ll)|my|me|myself)\b|\bwe (?:have|are|got|were|want|need|tried|plan)\b"
    r"|\bour (?:group|team|class|teacher|professor|supervisor|lab|homework|data|code"
    r"|fit|chains?)\b",
    re.IGNORECASE)
_ASKS = re.compile(
    r"\b(?:can|could|would) (?:you|u|someone|anyone)\b|\b(?:please |pls )?(?:explain|tell me"
    r"|help me|list|"
    r"compare|suggest|recommend)\b|\bi(?:'d| would)? (?:want|like|need) to (?:know|understand)\b"
    r"|\bi(?:'m| am)? (?:wonder(?:ing)?|asking|curious)\b|\bmy question is\b", re.IGNORECASE)
_STOP = re.compile(
    r"(?<=[?!])\s+|(?<=[^\W\d_]{2}\.)\s+(?=(?:what|how|why|can|could|is|are|does|do|did|which|when"
    r"|who|where|would|"
    r"should|i|my|so|but|we)\b)", re.IGNORECASE)
"""Where a sentence of people ends who begin the next one with a small letter."""
_OPENS = re.compile(
    r"(?:(?:so|and|but|ok|now)\W+)?(?:what|how|why|can|could|is|are|does|do|did|which|when|who"
    r"|where|would|"
    r"should|has|have)\b(?!.{0,80}\bi (?:am|was|have|did)\b)", re.IGNORECASE)
_HEARD = re.compile(
    r"\b(?:lol|haha|thanks?|thx|told|says?|said|claims?|heard|read|saw|newspaper|article|movies?"
    r"|teacher|prof\w*|friend|colleague|class|lecture|homework|exam|confused)\b", re.IGNORECASE)
"""Words of an aside."""
_LEANS = re.compile(r"\b(?:it|this|that|these|those|they|them|its|their|one|he|she|there)\b",
                    re.IGNORECASE)
"""Words of a question that needs what stands beside it."""
_LEAST_CONTENT = 1
_OTHERWISE = re.compile(
    r",?\s+or (?:(?:is|are|was|were|does|do|did|has|have) (?:that|this|it|they|he|she) "
    r"[^?]{0,60}|not)\?*\s*$", re.IGNORECASE)
"""The other way at a question's end: "or is that just from movies"."""
_LEAD = re.compile(
    r"^(?:(?:so|and|but|ok|now|well|thus|therefore|hence|please|my question is|question|can you"
    r"|could you|"
    r"would you|tell me|explain to me|i (?:am|was) wondering|i wonder|i(?:'d"
    r"| would) like to (?:know|"
    r"understand)|i want to (?:know|understand)|i need to know|do you know)\b[\s,:]*){1,5}",
    re.IGNORECASE)


@dataclass(frozen=True)
class Told:
    """What a long question comes to.

    Attributes:
        question: the sentences that ask, without "can you tell me".
        terms: what the whole is about, the most telling first, at most ten.
    """

    question: str
    terms: tuple[str, ...]

    @property
    def text(self) -> str:
        """What to look up."""
        there = set(tokens(self.question))
        more = [term for term in self.terms if not set(tokens(term)) <= there]
        return f"{self.question} {' '.join(more)}".strip()


def tells_of_self(text: str) -> bool:
    """Whether somebody speaks of their own situation and not as the authors of a paper."""
    firsts = len(_SELF.findall(text[:6000]))
    return firsts > 1 or firsts == 1 and re.search(
        r"\b(?:i am|i['’]m|i have|i['’]ve|i (?:keep|kept|hear|heard|read|saw|think|thought|learnt"
        r"|learned|understand|know|knew|wonder|want|need|work|tried|was) "
        r"|my (?:advisor|supervisor|teacher|prof\w*|friend|boss"
        r"|class|thesis|"
        r"student|son|daughter|kid|brother|dad|mum|mom|colleague|homework))\b", text[:6000],
        re.IGNORECASE) is not None


def told(question: str) -> Told | None:
    """The asking sentence and the terms of a long question; None for a plain one."""
    text = clean(question)[:6000]
    whole = _OTHERWISE.sub("?", text)
    parts = [part for one in sentences(whole) for part in _STOP.split(one) if part.strip()]
    if len(parts) < 2:
        return Told(whole, ()) if whole != text else None
    if len(text.split()) < _SHORTEST:
        return _without_asides(parts)
    asking = [part for part in parts if part.rstrip(" )\"'").endswith("?") or _OPENS.match(part)]
    asking = asking or [part for part in parts if _ASKS.search(part)] or parts[-1:]
    asked = " ".join(_bare(part) for part in asking[-2:])
    return Told(asked, _terms(text))


def _without_asides(parts: Sequence[str]) -> Told | None:
    """A short question without what somebody adds of themselves: "my teacher told me that lol"."""
    asking = [part for part in parts if part.rstrip(" )\"'").endswith("?")]
    asides = [part for part in parts if part not in asking]
    if len(asking) != 1 or not all(_SELF.search(part) or _HEARD.search(part) for part in asides):
        return None
    if _LEANS.search(asking[0]) or len(content_words(asking[0])) < _LEAST_CONTENT:
        return None
    return Told(_bare(asking[0]), ())


def _bare(sentence: str) -> str:
    rest = _LEAD.sub("", sentence).strip()
    return rest[:1].upper() + rest[1:] if rest else sentence


def _terms(text: str) -> tuple[str, ...]:
    """Names of the library, those said often and of several words first; else rare words."""
    things = [thing for thing in library_names().found(text) if "/" not in thing.text]
    things += [thing for part in sentences(text)[1:] for thing in library_names().found(part)]
    counts = Counter(thing.name for thing in things)
    first: dict[tuple[str, ...], str] = {}
    for thing in things:
        first.setdefault(thing.name, thing.text)
    names = sorted(first, key=lambda name: (-min(counts[name], 3) - len(name), first[name]))
    found = [first[name] for name in names]
    if len(found) < 3:
        words = known_words()
        rare = sorted(set(content_words(text)), key=lambda word: (words.counts[word.lower()], word))
        found += [word for word in rare if word.isalpha() and words.counts[word.lower()] > 2
                  and words.english.get(word.lower(), _RARE) >= _RARE and word not in found]
    return tuple(found[:_MOST_TERMS])
