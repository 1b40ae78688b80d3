"""Openings of a conversation: a greeting, "surprise me", "where do I begin?".

A greeting is greeted in a line. Who wants to be surprised gets a question of the library with its
answer, another one each time; who does not know where to begin gets what the rest stands on.

Example:
    >>> greeted("good morning")
    'Good morning! What would you like to know about the universe?'
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import lru_cache

from core.literature.assistant.questions.greetings import ungreeted
from core.literature.library.stored_questions import read_questions

__all__ = ["Opening", "greeted", "opening"]

_ASK = "What would you like to know about the universe?"
_LONGEST = 120
_HOW_ARE = re.compile(
    r"how(?: are|['’]re|re| r) (?:you|u|things|we)(?: doing| feeling| today| going){0,2}"
    r"|how(?:['’]s| is) (?:it going|life|your day|everything|it hanging)|how do you do"
    r"|what(?:['’]s|s| is) up|are (?:you|u) (?:ok|okay|well|fine|good)(?: today)?"
    r"|how have you been|(?:i )?hope you(?:['’]re| are) (?:well|fine|ok)", re.IGNORECASE)
_DAY = re.compile(r"\bgood (morning|afternoon|evening|day)\b", re.IGNORECASE)
_THING = r"(?:things?|facts?|stuff|trivia|stor(?:y|ies)|something|anything)"
_KIND = (r"(?:interesting|cool|fun|funny|random|new|surprising|amazing|exciting|strange|weird|crazy"
         r"|mind-?blowing|fascinating|astonishing|wonderful"
         r"|i (?:should|might|may|do(?:n['’]?t| not)) "
         r"know)")
_OF_FIELD = (r"(?: (?:about|on|from|in|of) (?:the )?(?:universe|cosmos|space|cosmology|astronomy"
             r"|astrophysics|science))?")
_SURPRISE = re.compile(
    rf"(?:(?:please|can you|could you|just) )*(?:tell|show|teach|give|share)(?: with)?(?: me| us)? "
    rf"(?:an?(?:other)? |some |one |the )?(?:{_KIND} )*{_THING}(?: {_KIND})*(?: else)?{_OF_FIELD}"
    rf"|(?:surprise|amaze|impress|entertain) (?:me|us)(?: again)?"
    rf"|(?:an?(?:other)? )?(?:{_KIND} ){{1,2}}(?:facts?|trivia){_OF_FIELD}"
    rf"|i(?:['’]m| am) bored|anything interesting|what(?:['’]s| is) interesting{_OF_FIELD}"
    rf"|something (?:else )?{_KIND}", re.IGNORECASE)
_BEGIN = re.compile(
    r"(?:what|which (?:topic|thing|subject)s?) (?:should|do|must|can|could) (?:i|we|one"
    r"|a beginner) "
    r"(?:learn|read|know|study|understand|start with|begin with|ask)(?: about)?(?: you)?"
    r"(?: first| to (?:start|begin)(?: with)?)?"
    rf"{_OF_FIELD}"
    r"|(?:where|how) (?:do|should|can|could|would) (?:i|we|one) (?:start|begin|get started)"
    rf"(?: (?:learning|studying|with)(?: about)?(?: cosmology| astronomy)?)?{_OF_FIELD}"
    r"|i(?:['’]m| am) (?:new to|a beginner in) (?:this|cosmology|astronomy)"
    r"|i (?:know nothing|do(?:n['’]?t| not) know (?:anything|where to (?:start|begin)))"
    rf"{_OF_FIELD}", re.IGNORECASE)
_FIRST = "What is cosmology?"
_LEAD_FIRST = "One can begin here; the questions below go on from it."
_GOOD = ("why", "how")
_BASICS = ("basics-", "astro-")


@dataclass(frozen=True)
class Opening:
    """What is looked up for an opening, and the words in front of the answer."""

    question: str
    lead: str


def greeted(text: str) -> str:
    """The line that answers a greeting; "" where something is asked.

    Args:
        text: as typed.
    """
    if not text.strip() or len(text) > _LONGEST:
        return ""
    rest = ungreeted(text).strip(" ?!.,:;-–)(")
    if rest and not _HOW_ARE.fullmatch(rest):
        return ""
    day = _DAY.search(text)
    hello = f"Good {day[1].lower()}!" if day else "Hello!"
    if rest or _HOW_ARE.search(text):
        return f"{hello} I am a program, so I am as always; thank you for asking. {_ASK}"
    return f"{hello} {_ASK}"


def opening(text: str, turn: int, seed: int = 0) -> Opening | None:
    """What to look up where somebody wants anything at all, or a place to begin.

    Args:
        text: as typed.
        turn: how many turns were before it, so that each time is another.
        seed: of the choice.

    Returns:
        None where a subject is named.
    """
    bare = " ".join(ungreeted(text).split()).strip(" ?!.,")
    if not bare or len(bare) > _LONGEST:
        return None
    if _BEGIN.fullmatch(bare):
        return Opening(_FIRST, _LEAD_FIRST)
    if not _SURPRISE.fullmatch(bare):
        return None
    asked = _askable()
    if not asked:
        return None
    question = asked[random.Random(f"{seed} {turn}").randrange(len(asked))]
    return Opening(question, question)


@lru_cache(maxsize=1)
def _askable() -> tuple[str, ...]:
    """Stored questions on the basics, well put, of the kinds that tell something."""
    return tuple(question.text for question in read_questions()
                 if question.kind in _GOOD and question.passage.startswith(_BASICS)
                 and question.text[:1].isupper()
                 and question.text.endswith("?") and 25 <= len(question.text) <= 90
                 and "$" not in question.text)
