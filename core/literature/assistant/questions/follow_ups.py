"""A question that leans on the one before it, made to stand alone.

A follow-up carries the subject of the question before, not all its words: after "What is the BAO
scale?" "And how is it measured?" asks "How is the BAO scale measured?". (Question rewriting, as in
Elgohary et al. 2019, "Can You Unpack That?"; by rules, since the pronouns are few.)

Example:
    >>> standalone("And how is it measured?", [("What is the BAO scale?", "...")]).text
    'How is the BAO scale measured?'
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.literature.assistant.questions.ellipses import completed
from core.literature.assistant.questions.kinds import more_wanted, simpler_wanted
from core.literature.assistant.questions.pronouns import leans, resolved
from core.literature.assistant.questions.sides import sides
from core.literature.assistant.questions.subjects import (
    content_words,
    person_asked,
    subject_of,
    things_in,
)
from core.literature.assistant.questions.turns.judgements import turned
from core.literature.text.text import clean

__all__ = ["Standalone", "Wants", "standalone"]

Wants = Literal["", "more", "simpler", "papers", "judgement", "thanks", "about"]

_TURNS = 8
_LONGEST = 500
"""Characters of a question that may lean; a longer one tells its own story."""

_THANKS = re.compile(
    r"(?:(?:ok(?:ay)?|oh|ah|alright|great|cool|nice|perfect|awesome|wow|excellent|good|super"
    r"|wonderful|"
    r"brilliant|lovely|amazing|got it|i see|understood|makes sense|that makes sense|cheers|ta|yes"
    r"|hm+|"
    r"(?:many |a lot of )?(?:thanks|thx|thanx|tnx|thank you|thank u|ty|tysm|merci|danke|gracias)|"
    r"so much|very much|a lot|a bunch|a ton|again|"
    r"(?:that|this|it)(?:'s| is| was| has been)? (?:really |very |so |super )?(?:helped|helpful"
    r"|useful|"
    r"great|clear|perfect|good|cool|interesting|all|enough)(?: me)?(?: a lot| so much| for now)?|"
    r"for (?:your|the|all|that|this)(?: your| the)? (?:help|answer|answers|explanation|time|info)"
    r"|for now|"
    r"bye|goodbye|see you|have a (?:nice|good) day|you(?:'re| are) (?:great|the best|awesome)|"
    r"well done|good (?:job|bot|answer)|now i (?:get|understand)(?: it)?|that's all"
    r"|no more questions|no (?:thanks|thank you|problem|worries)|good night|(?:ha){2,8}|(?:he){2,8}"
    r"|lo+l|lmao|rofl|kk?|gotcha|noted|sweet|sure|fine|never ?mind|good to know|sorry|oops"
    r"|i appreciate (?:it|that)|appreciated|much|indeed|really|man|mate|dude)[\s,.!:;)(-]*){1,8}",
    re.IGNORECASE)
_OPENING = re.compile(
    r"^(?:(?:ok(?:ay)?|and|so|but|then|also|now|well|hmm*|oh|ah|alright|right|great|cool|nice"
    r"|i see|"
    r"got it|interesting|thanks?(?: a lot| so much)?|thx|thank you(?: so much| very much)?|yes|no"
    r"|sure|"
    r"wait|sorry|hey|hi|one more(?: thing| question)?|another question|next question|follow[- ]?up"
    r"|quick follow[- ]?up)\b[\s,.!:;-]*){1,5}", re.IGNORECASE)
_LED = re.compile(r"^(?:(?:ok(?:ay)?|so|well|hmm*|thanks?|great|cool|i see|right)\b[\s,.!]*){0,3}"
                  r"(?:and|but|also|or|then)\b", re.IGNORECASE)
_PAPERS = re.compile(
    r"^(?:(?:and|so|ok|can you|could you|please|give me|show me|list|name|tell me|do you have|any"
    r"|what|"
    r"which|the|some|are|is|there|your|for|from|me|more|where are|who are|key|main|best|relevant|"
    r"recent|other|others|further|another|a|link|links|to|with|arxiv)\b[\s,]*){0,8}(?:papers?|references?|refs|citations?"
    r"|sources?"
    r"|publications?|literature|arxiv (?:ids?|numbers?|links?))\b"
    r"(?: (?:please|pls|for|on|about|behind|say|says|show|support|is|are|do|does|did|was|were|you"
    r"|use|"
    r"used|have|this|that|it|these|those|from|come|comes|should|i|read|can|cite|then|discuss|exist|"
    r"there|of|the|answer|to|look|at|here|based)\b){0,8}\W*$"
    r"|^(?:and |but |ok |so )?(?:where (?:does|did|do) (?:this|that|it|you|these)(?: \w+)? "
    r"(?:come|get|find|have)\b.{0,20}|says who|according to (?:whom|who)|who (?:says|said) (?:so"
    r"|that|this)"
    r"|where can i read (?:more )?(?:about|on)? ?(?:this|that|it|more)?"
    r"|are you (?:really )?sure.{0,20}"
    r"|is that (?:really )?(?:true|right|correct|so)|really|source|citation needed|proof"
    r"|evidence)\W*$",
    re.IGNORECASE)
_PAPERS_ON = re.compile(
    r"^(?:(?:and|so|but|ok|please|can you|could you|give|show|list|name|tell|recommend|suggest"
    r"|find|me|do you (?:know|have)|what|which|some|any|are there|is there|the|are|key|main|best"
    r"|good|other|more|relevant|recent|important|classic|a few|few|where are)\b[\s,]{0,3}){1,8}"
    r"(?:papers?|references?|articles?|publications?|literature|reading)\b"
    r"(?: (?:should|could|can|must|do|would|to|i|we|one|you|read|cite|look at|start with|recommend"
    r"|there|exist|for reading|are|is|first|that)\b){0,8}"
    r" (?:on|about|for|regarding|concerning|discuss(?:es|ing)?|cover(?:s|ing)?"
    r"|measur(?:e|es|ed|ing)"
    r"|describ(?:e|es|ing)|introduc(?:e|es|ed|ing)|deal(?:s|ing)? with|stud(?:y|ies|ied|ying)"
    r"|explain(?:s|ing)?)"
    r" (?P<on>.{2,200})$", re.IGNORECASE)
_SIMPLER = re.compile(
    r"^(?:huh|what do you mean|what does (?:that|this|it) mean|in (?:english|short|a nutshell"
    r"|brief)"
    r"|(?:too|very) (?:complicated|hard|difficult|technical|long)|(?:shorter|briefly"
    r"|tl;?dr)(?: please)?"
    r"|(?:i(?:'m| am) )?(?:lost|confused)|i don'?t (?:follow|understand|get it).{0,20})\W*$",
    re.IGNORECASE)
_MORE = re.compile(
    r"^(?:explain|details?|longer|deeper|further|go deeper|please explain|explain (?:that|this|it)"
    r"|(?:can|could) you explain(?: (?:that|this|it))?|what else|(?:is )?(?:there )?(?:anything "
    r"|something )?"
    r"(?:more|else)(?: to (?:say|know|it|that))?|tell me (?:more|everything)|keep going|and then)"
    r"(?: please| pls)?\W*$", re.IGNORECASE)
_REASON = re.compile(
    r"(?:but )?(?:why|how|how so|how come|why not|why is that|how is that)\W*$", re.IGNORECASE)
_YES_NO = re.compile(
    r"(?:is|are|was|were|do|does|did|can|could|has|have|had|will|would|should)\b", re.IGNORECASE)
_WHAT = re.compile(r"(?:so |and )?what(?:'s|s| is| are)?\b", re.IGNORECASE)
_REQUEST_TEXT = """
    explain explanation elaborate expand detail details detailed more further greater deeper longer
    tell say again simpler simple simply simplify words terms term plain language english layman
    laymans
    layman's easier easy like five old year kid kids child children grandma grandmother beginner
    beginners journalist dumb down eli5 please pls can could would you me my i im i'm it that this
    the a an in to for of with on about go continue answer understand don't dont get really bit
    little
    little, school high student someone no background way one sentence sentences short shorter give
    put rephrase repeat same thing what so and ok but just then teenager 5 5-year-old five-year-old
    10 ten if were was as im be want need know dig anything else less technical math maths
"""
_REQUEST = frozenset(_REQUEST_TEXT.split())


@dataclass(frozen=True)
class Standalone:
    """A question that needs nothing before it.

    Attributes:
        text: what to look up; "" for thanks.
        carries: whether it has taken something from a question before it.
        wants: "more" of the answer, a "simpler" one, the "papers", a "judgement" that is the
            reader's; "thanks" for none; else "".
        subject: what it is about, "" if unknown.
    """

    text: str
    carries: bool
    wants: Wants = ""
    subject: str = ""


def standalone(question: str, history: Sequence[tuple[str, str]] = ()) -> Standalone:
    """Make a question stand alone.

    Args:
        question: as typed.
        history: questions and answers before it, the latest last; the last eight are read.
    """
    before: Standalone | None = None
    for asked, _ in history[-_TURNS:]:
        read = _read(asked, before)
        before = read if read.text else before
    return _read(question, before)


def _read(question: str, before: Standalone | None) -> Standalone:
    text = clean(question)
    if _THANKS.fullmatch(text[:200].strip()):
        return Standalone("", False, "thanks", before.subject if before else "")
    wants = _wanted(text)
    on = _papers_on(text) if wants != "papers" else ""
    if on and not leans(on, before.subject if before else ""):
        return Standalone(_capital(on), False, "papers", subject_of(on) or on)
    if on and before is not None:
        return Standalone(before.text, True, "papers", before.subject)
    if before is None or len(text) > _LONGEST:
        return _alone(text, wants)
    rest = _OPENING.sub("", text, count=1) or text
    back = turned(text, before.subject) if len(_compared(before)) < 2 else None
    if back is not None and not wants:
        return Standalone(back.text, True, "judgement" if back.judges else "", before.subject)
    if wants and _asks_nothing_new(rest, wants):
        return Standalone(before.text, True, wants, before.subject)
    return _carried(rest, _LED.match(text) is not None, before, wants) or _alone(rest, wants)


def _alone(text: str, wants: Wants) -> Standalone:
    return Standalone(text, False, wants, subject_of(text))


def _carried(rest: str, led: bool, before: Standalone, wants: Wants) -> Standalone | None:
    """A question with what it takes from the one before; None if it takes nothing."""
    if _REASON.match(rest):
        return Standalone(_reason(rest, before.text), True, wants or "more", before.subject)
    compared = _compared(before)
    person = person_asked(before.text)
    if _HOW_KNOWN.match(rest):
        return Standalone(_evidence(before), True, wants, before.subject)
    if leans(rest, before.subject):
        text = resolved(rest, before.subject, person=person, sides=compared)
        return Standalone(_capital(text), True, wants, before.subject)
    other = _COMPARED_WITH.match(rest)
    if other is not None and before.subject and len(compared) < 2:
        text = f"{_capital(before.subject)} vs {other['other'].strip(' ?!.')}"
        return Standalone(text, True, wants, before.subject)
    if len(compared) > 1 and led and len(rest.split()) <= 4 and things_in(rest):
        text = f"Compare {', '.join(compared)} and {rest.rstrip(' ?!.')}"
        return Standalone(text, True, wants, f"{before.subject} and {rest.rstrip(' ?!.')}")
    made = completed(rest, before.text, before.subject, led=led)
    if made is None:
        return None
    return Standalone(_capital(made.text), True, wants, made.subject or before.subject)


def _papers_on(text: str) -> str:
    """What papers are asked for on a subject of their own: "papers to read on voids"; else ""."""
    found = _PAPERS_ON.match(text)
    rest = found["on"].strip(" ?!.,") if found else ""
    return rest if rest and (things_in(rest) or content_words(rest)) else ""


def _wanted(text: str) -> Wants:
    if _PAPERS.match(text):
        return "papers"
    if simpler_wanted(text) or _SIMPLER.match(text):
        return "simpler"
    return "more" if more_wanted(text) or _MORE.match(text) else ""


def _asks_nothing_new(rest: str, wants: Wants) -> bool:
    """Whether only more, plainer words or the papers of the same answer are asked for."""
    if wants == "papers" or _MORE.match(rest) or _SIMPLER.match(rest):
        return True
    left = [word for word in re.findall(r"[\w'’-]+", rest.lower()) if word not in _REQUEST]
    return not left or not things_in(rest) and not content_words(" ".join(left))


def _compared(before: Standalone) -> tuple[str, ...]:
    """The sides of the comparison before, if it was one."""
    return tuple(sides(before.text) or sides(f"difference between {before.subject}"))


def _reason(asked: str, question: str) -> str:
    """"Why?" after "Is the Universe flat?" asks "Why is the Universe flat?"."""
    word = "How" if asked.lower().startswith("how") and "come" not in asked.lower() else "Why"
    if _YES_NO.match(question):
        return f"{word} {question[:1].lower()}{question[1:]}"
    return question


_HOW_KNOWN = re.compile(
    r"^how (?:do|does|can|could|did) (?:we|you|they|one|people|scientists|astronomers"
    r"|anyone) (?:even |really |"
    r"actually )?(?:know|tell|be sure|be certain|prove)(?: (?:this|that|it|so|for sure"
    r"|all that))*\W*$",
    re.IGNORECASE)


_COMPARED_WITH = re.compile(
    r"^(?:versus|vs\.?|(?:as )?(?:compared|in comparison|as opposed) (?:to|with)|unlike)\s+"
    r"(?P<other>[^?!;]{2,60})[?!. ]*$", re.IGNORECASE)


def _evidence(before: Standalone) -> str:
    """"How do we know that?" after a question on a thing asks for the evidence for it."""
    if before.subject and _WHAT.match(before.text):
        return f"What is the evidence for {before.subject}?"
    return f"How do we know {before.text[:1].lower()}{before.text[1:]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
