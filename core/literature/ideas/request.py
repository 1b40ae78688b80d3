"""Whether a question in a chat asks for project ideas, and what it says of them.

Example:
    >>> asked_ideas("Please list three ideas for a master thesis on cosmic voids.")
    IdeaRequest(topic='cosmic voids', count=3, level='master')
    >>> asked_ideas("What ideas did Guth have?") is None
    True
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.literature.ideas.choose import MOST, Asked
from core.literature.text.text import clean

__all__ = ["IdeaRequest", "asked_ideas"]

_LONGEST = 600
_SEVERAL = 3

_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
            "nine": 9, "ten": 10, "eleven": 11, "twelve": 12}
_NUMBERS |= {"a couple of": 2, "a couple": 2, "a pair of": 2, "a few": 3, "some": 3, "several": 4,
             "a handful of": 5, "half a dozen": 6, "a dozen": 12, "another": 1}  # fmt: skip
_COUNT = rf"(?:{'|'.join(sorted(_NUMBERS, key=len, reverse=True))}|\d{{1,3}}|an?|any|the|your|my)"

_KIND = (
    r"(?:bachelor(?:'?s|s')?|b\.?sc\.?|undergrad(?:uate)?|master(?:'?s|s')?|m\.?sc\.?|mphil"
    r"|ph\.?d\.?|doctoral|postdoc(?:toral)?|semester|summer|internship|student|school|science"
    r"|honou?rs|term|graduate|final[- ]year|capstone)"
)
_WORK = (
    r"(?:projects?|thesis|theses|dissertations?|papers?|proposals?|stud(?:y|ies)|research"
    r"|internship"
    r"|fellowship|application|letter|work(?!ing))"
)
_GOOD = (
    r"(?:(?:good|great|nice|new|novel|original|interesting|feasible|doable|small|short|concrete"
    r"|possible|promising|exciting|fun|cool|easy|simple|different|more|other|further|fresh|suitable"
    r"|realistic|open|worthwhile|specific|creative|big|first|little|quick|random) )"
)
_IDEAS = r"(?:ideas?|topics?|suggestions?|proposals?|questions?|subjects?|themes?|problems?)"
_ABOUT = (
    r"(?:on|about|in|with|using|around|regarding|concerning|involving|for|related to|based on"
    r"|from|to do with|that (?:uses?|involves?|combines?)|where (?:i|we) (?:can )?use|at the "
    r"intersection of|combining|of)"
)
_WANT = (
    r"(?:give|list|suggest|propose|name|tell|show|offer|recommend|provide|find|generate|write"
    r"|brainstorm|come up with|think of|i (?:need|want|would like|am looking for|'?d like)|i'd like"
    r"|i'm looking for|looking for|we need|help me (?:find|with|think of|to find|choose|pick)"
    r"|do you have|have you(?: got)?|got|are there|is there|what are|what would be|what(?:'s| is)"
    r"|what|which|can i (?:have|get)|could i (?:have|get)|may i have|please|pick|choose|any"
    r"|how about|inspire me with|throw me|hit me with|more|need|want)"
)

_THING = rf"(?:(?:{_KIND}[- ]){{0,2}}{_WORK}[- ]{_IDEAS}|{_IDEAS})"
_NOUN_OF_WORK = rf"(?:{_KIND}[- ]){{1,2}}{_WORK}|(?:{_KIND}[- ]){{0,2}}(?:projects?|thesis|theses)"

_PROJECT_IDEAS = re.compile(
    rf"\b(?:(?:{_KIND}[- ]){{0,2}}{_WORK}[- ](?:ideas?|topics?|suggestions?)"
    rf"|ideas? for (?:(?:{_COUNT}|{_GOOD.strip()}) ){{0,3}}(?:[\w-]+ ){{0,3}}?"
    rf"(?:{_KIND}[- ]){{0,2}}{_WORK})\b"
)
_RESEARCH_QUESTIONS = re.compile(
    rf"\b{_WANT} (?:me |us )?(?:{_COUNT} )?{_GOOD}{{0,2}}research questions?\b"
)
_SOME_IDEAS = re.compile(
    r"\b(?:give|list|suggest|propose|offer|generate|brainstorm|come up with|think of|i need|"
    r"i want|i'?d like|do you have|have you got|got|any|need|some|more)"
    rf" (?:me |us )?(?:{_COUNT} )?{_GOOD}{{0,2}}ideas?\b"
)
_SUGGEST_PROJECT = re.compile(
    r"\b(?:give|suggest|propose|offer|recommend|find|come up with|think of|i need|we need|i want|"
    r"i(?:'d| would) like|i(?:'m| am) looking for|looking for|help me (?:find|with|choose|pick|"
    r"plan)|name|list"
    r"|what (?:would|could|might) (?:be|make)|what(?:'s| is| are)(?= (?:an? |some "
    r"|the )?(?:[\w-]+ing"
    r"|good|nice|suitable|feasible|doable|possible|small|new|easy|simple)\b)|do you have"
    r"|have you got|brainstorm|any)"
    rf" (?:me |us |with )?(?:{_COUNT} )?{_GOOD}{{0,2}}(?:[\w-]+ ){{0,3}}?"
    rf"(?:{_KIND}[- ]){{0,2}}(?:projects?|thesis|theses)\b"
)
_WHAT_TO_DO = re.compile(
    r"\b(?:what(?: research| study| work)?|which \w+) (?:else )?(?:(?:could|should|might|would) "
    r"(?:i|we|one|you|a (?:[\w']+ )?student|my student|somebody|someone)"
    r"|can (?:i|a (?:[\w']+ )?student|my student)) "
    r"(?:do|work on|study|investigate|research|explore|write about|try|attempt|tackle|start)\b"
    r"(?= (?:with|on|in|about|for|as|using|that|during)\b)"
)
_WHAT_TO_STUDY = re.compile(
    r"\bwhat (?:to|should i|shall i) (?:do|work on|study|investigate|research|write)\b"
    rf"(?=[^.?!]{{0,60}}\b{_WORK}\b)"
)
_IDEAS_FIRST = re.compile(
    rf"(?:^|[.!?,;:] )(?:please |hi |hello |hey )?(?:{_COUNT} )?{_GOOD}{{0,2}}ideas? "
    r"(?:on|about|for|in|with|using|around|regarding|please)\b"
    r"|^(?:any |some |more )?(?:project |research |thesis )?ideas?[ ,]*(?:please)?[?!.]*$"
    rf"|^(?:{_COUNT} )?{_GOOD}{{0,2}}(?:projects?|thesis) (?:on|about|with|using|in)\b"
)
_FOR_WORK = re.compile(
    rf"\b(?:for|in|as|do) (?:an? |my |our |the )?{_GOOD}{{0,2}}(?:{_KIND}[- ]?(?:{_WORK})?"
    rf"|projects?|thesis|theses|dissertations?|undergraduates|students)(?!\w)"
    rf"|\b{_KIND}[- ](?:topic|project|thesis)\b|\b(?:what|which) projects? could i do\b"
)
_SEEKING = re.compile(
    r"\b(?:topics?|ideas?|suggest\w*|looking for|are there|open questions?|projects? could i do"
    r"|could (?:i do|be done)|(?:things|something) to do)\b"
)
_USED_IN_IT = re.compile(
    r"\b(?:cite|quote|assume|adopt|value|write up|format|latex|explain|define|how (?:do|should"
    r"|long)"
    r"|why|who|when)\b"
)
_BRAINSTORM = re.compile(r"\b(?:brainstorm(?:ing)?|inspire me)\b")

_THEIRS = re.compile(
    r"\bideas? (?:did|do(?!es)? (?:physicists|cosmologists|people|astronomers|scientists)|does|was|"
    r"were|behind|of how|of what|of why|that (?:explain|led|say|were|was|are)|to (?:explain|solve|"
    r"resolve)|(?:proposed|used|invented|put forward)|for (?:what|why|how|explaining|solving|"
    r"resolving)|what|why|how|who|where|when|if|whether)\b"
    r"|\b(?:whose|who|had the|have an|has an|the|an|good|bad|main|key|basic|central|core|same|of "
    r"this|that) ideas? (?:was|is|of|that|had|behind|came|in)\b"
    r"|\b(?:main|key|basic|central|core|old|whose|no|good|bad|history of|best|early|modern) ideas?"
    r" (?:of|behind|in|was|is|did|to|about|why|what)\b"
    r"|\bideas? (?:of|by|from) (?:[a-z]+ )?(?:guth|einstein|hubble|newton|hawking|zwicky|friedmann|"
    r"lema[iî]tre|linde|hoyle|peebles|penrose|starobinsky|weinberg|rubin)\b"
    r"|\ban idea of\b|\b(?:some|any) idea (?:of|what|why|how|who|when|where|if|whether)\b"
    r"|\b(?:give|get) (?:me |us )?an? (?:\w+ )?idea (?:of|how|what|why|about (?:how|what|why))\b"
    r"|\b(?:the|manhattan|which|what) (?:[\w-]+ ){0,2}projects? (?:is|are|was|were|has|have|used?|"
    r"uses|measured?|observed?|found|did)\b"
)
_ABOUT_A_PROJECT = re.compile(
    r"\bwhat(?:'s| is) (?:the|this|that) (?:[\w-]+ ){0,3}(?:project|thesis)\b"
)
_ON_A_TOPIC = re.compile(rf"\b{_ABOUT} (?P<topic>[^.?!;]{{1,160}})")

_LEVELS: tuple[tuple[Asked, re.Pattern[str]], ...] = (
    ("postdoc", re.compile(r"\bpost-?docs?\b|\bpostdoctoral\b|\bfellowship\b")),
    ("phd", re.compile(r"\bph\.? ?d\b|\bdoctora(?:l|te)\b|\bdissertations?\b|\bgraduate student\b"
                       r"(?<!undergraduate student)")),
    ("bachelor", re.compile(r"\bbachelor|\bundergrad|\bb\. ?sc\b|\bbsc\b|\binternship\b"
                            r"|\bsummer (?:student|project|school)\b|\bsemester\b|\bterm project\b"
                            r"|\bhigh[- ]school\b|\bhonou?rs\b|\bcapstone\b|\bfinal[- ]year\b")),
    ("master", re.compile(r"\bmaster(?:'?s|s')?\b(?! formula| equation)|\bm\. ?sc\b|\bmsc\b|\bmphil"
                          r"|\bgraduate project\b")),
)  # fmt: skip


@dataclass(frozen=True)
class IdeaRequest:
    """What somebody asked for.

    Attributes:
        topic: in their words; "" for any.
        count: from 1 to 12; 3 where they name none and do not ask for one.
        level: None where they do not say.
    """

    topic: str
    count: int
    level: Asked | None


def asked_ideas(question: str) -> IdeaRequest | None:
    """The request for ideas in a question; None for another question.

    Only the first 600 characters are read, in time linear in them.
    """
    text = clean(question[:_LONGEST]).replace("’", "'")
    low = text.lower()
    if not _asks(low):
        return None
    return IdeaRequest(_topic(text), _count(low), _level(low))


def _asks(low: str) -> bool:
    if _THEIRS.search(low) or _ABOUT_A_PROJECT.search(low):
        return False
    asking = (_PROJECT_IDEAS, _RESEARCH_QUESTIONS, _SOME_IDEAS, _SUGGEST_PROJECT, _WHAT_TO_DO,
              _WHAT_TO_STUDY, _IDEAS_FIRST,
              _BRAINSTORM)  # fmt: skip
    if any(cue.search(low) for cue in asking):
        return True
    for_work = _FOR_WORK.search(low) and _SEEKING.search(low)
    return bool(for_work) and _USED_IN_IT.search(low) is None


def _level(low: str) -> Asked | None:
    return next((level for level, cue in _LEVELS if cue.search(low)), None)


_COUNTED = re.compile(
    rf"\b({_COUNT}) (?:{_GOOD}{{0,3}})(?:[\w'-]+ ){{0,4}}?(?:ideas?|topics?|projects?|suggestions?"
    r"|proposals?|questions?|thesis|theses)\b"
)
_ONE = re.compile(r"\b(?:idea|project|thesis|topic|suggestion|proposal)\b(?! (?:ideas|topics))")
_MANY = re.compile(r"\b(?:ideas|projects|theses|topics|suggestions|proposals|questions)\b")


def _count(low: str) -> int:
    for match in _COUNTED.finditer(low):
        said = match[1]
        if said.isdigit():
            return min(max(int(said), 1), MOST)
        if said in _NUMBERS:
            return _NUMBERS[said]
        if said in ("a", "an") and re.search(r"\b(?:idea|topic|suggestion)$", match[0]):
            return 1
        if said in ("a", "an") and re.search(r"\b(?:give|suggest|propose|recommend|find)\b", low):
            return _SEVERAL if _MANY.search(low) else 1
    return _SEVERAL


_WORK_PHRASE = re.compile(
    rf"\b(?:(?:for|as|in|of|at) )?(?:(?:an?|my|the|your|our|some|any) )?{_GOOD}{{0,2}}"
    rf"(?:(?:{_KIND}[- ]){{1,2}}(?:(?:{_WORK}|level|degree|student|project)(?:[- ]{_IDEAS})?)?"
    rf"|(?:{_WORK}[- ]{_IDEAS}|research project|projects?|thesis|theses|dissertations?|proposals?|"
    r"research|papers?|fellowship)(?: (?:ideas?|topics?))?"
    r"|bachelors?|masters|ph\.?d\.?|undergraduates?|postdocs?)(?!\w)",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"\b(?:please|kindly|thanks?(?: you)?|hi|hello|hey|dear \w+|cosmogemma|could you|can you|would "
    r"you|for me|to me|to start|in cosmology|inspire me|suitable|suggest|open (?=questions)"
    r"|(?:be )?done|application|for an? (?:undergraduate|student|bachelor|postdoc|beginner"
    r"|master(?:'?s)?|ph\.?d\.?)(?: student)?(?! (?:thesis|project))|that (?:i|we"
    r"|a student) (?:can|could) (?:do|finish)"
    r"[^.?!]{0,30}|i could do|i can do|to do|(?:with|on|using) (?:only )?(?:a|my) laptop"
    r"|in (?:\w+ )?(?:weeks|months))\b",
    re.IGNORECASE,
)
_LEAD = re.compile(
    rf"^(?:[\s,:;.!?'-]|\b(?:{_WANT}|{_COUNT}|me|us|i|we|{_GOOD.strip()}|{_IDEAS}|{_ABOUT}|and|so|"
    r"but|be|to|do|list|there|have|could|can|should|might|would|study|work on|investigate|research|"
    r"explore|out|up|then|it|ideas?|one|you|else|student|a|the|brainstorm(?:ing)?|area|field|topic"
    r"|topics|subject|of|data|measure|learn|try|start|tackle|think|looking|things?|i do|my|are"
    r"|for|would|what|write about|somebody|someone|a student)"
    r"\b)++",
    re.IGNORECASE,
)
_TAIL = re.compile(
    rf"(?:[\s,:;.!?'-]|\b(?:{_IDEAS}|{_WORK}|{_ABOUT}|please|and|so|but|to|do|me|us|a|an|the|my|any"
    r"|some|would be)\b)++$",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:i(?:'m| am) an? [^.,;!?]{1,60}[.,;!?](?: and)? |i study [^.,;!?]{1,60}[.,;!?] )",
    re.IGNORECASE,
)


_ASIDE = re.compile(r",? and (?:tell|explain|say|show|how|what|why|which|please)\b[^.?!]*",
                    re.IGNORECASE)


def _topic(text: str) -> str:
    """What is left once the words of asking are taken away."""
    text = _COURTESY.sub(" ", _OPENING.sub("", _ASIDE.sub("", text)))
    parts = [_bare(part) for part in re.split(r"[?!;]|\.(?= |$)", _WORK_PHRASE.sub(" | ", text))]
    return max(parts, key=len, default="")


def _bare(part: str) -> str:
    pieces = [_stripped(piece) for piece in part.split("|")]
    return " ".join(filter(None, pieces))


def _stripped(piece: str) -> str:
    return clean(_TAIL.sub("", _LEAD.sub("", clean(piece))))
