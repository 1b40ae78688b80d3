"""How somebody wants an answer, told apart from what it is about.

Example:
    >>> manner_of("Explain the CMB to a 10 year old, no formulas")
    ('Explain the CMB', Manner(plain=True, most=3, formulas=False, steps=False))
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.literature.text.text import clean

__all__ = ["AS_USUAL", "Manner", "manner_of", "only_manner"]

_LONGEST = 400
"""Characters of a question that may say how it wants its answer; a longer one is a story."""
_PLAIN_MOST, _SHORT_MOST = 3, 2
"""Sentences of a plain answer and of a short one."""


@dataclass(frozen=True)
class Manner:
    """How an answer is wanted.

    Attributes:
        plain: without formulas and in plain words.
        most: sentences of it; 0 for as many as its kind needs.
        formulas: with its formulas.
        steps: step by step.
    """

    plain: bool = False
    most: int = 0
    formulas: bool = False
    steps: bool = False

    def __bool__(self) -> bool:
        return self.plain or self.most > 0 or self.formulas or self.steps


AS_USUAL = Manner()

_NUMBER = r"(?:\d{1,2}|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen)"
_PERSON = (
    r"(?:child(?:ren)?|kids?|toddlers?|beginners?|journalists?|reporters?|grand(?:ma|mother|mom"
    r"|pa|father|parents?)|mum|mom|mother|dad|father|granny|lay(?:m[ae]n|person|people| person"
    r"| people| audience)|general (?:public|audience|reader)|public|non[- ]?(?:experts?|scientists?"
    r"|specialists?|physicists?|astronomers?)|dumm(?:y|ies)|teen(?:ager)?s?|newspapers?"
    r"|politicians?|novices?|pupils?|(?:high |middle |primary |elementary )?school"
    r"(?:ers?|s? (?:students?|kids?|child(?:ren)?|pupils?|class))|artists?|lawyers?|friends?)"
)
_SOME = r"(?:an?|my|the|your|some|little|small|young|curious|smart|complete|total|absolute|average)"
_MATHS = (r"(?:maths?|mathematics|formulas?|formulae|equations?|jargon|calculus|symbols"
          r"|technical (?:terms?|words?|language|jargon)|technicalities)")
_PLAIN = re.compile(
    rf"\b(?:to|for) (?:{_SOME} ){{0,3}}{_NUMBER}[- ]?(?:years?|yrs?|y)?[- /]?(?:olds?|o)\b"
    rf"(?: (?:kids?|child(?:ren)?|girls?|boys?|me))?"
    rf"|(?<!\bare )(?<!\bis )(?<!best )(?<!good )\b(?:to|for) (?:{_SOME} ){{0,3}}{_PERSON}(?![\w-])"
    r"(?! of\b)"
    rf"|\b(?:like|as if|as though) i(?:['’]?m| am| was| were) (?:an? |in )?(?:{_NUMBER}"
    r"|child|kid|idiot|dumb|stupid|beginner|school|primary school|high school)"
    r"(?:[- ]?(?:years?|yrs?)[- ]?old)?\b"
    r"|\b(?:to |for )?some(?:one|body) (?:who (?:knows? (?:no|nothing(?: about| of)?|little)"
    r"|has no|does(?: not|n['’]?t) know(?: any)?)|with(?:out| no| little)) (?:any )?(?:physics"
    r"|maths?|science|astronomy|background|knowledge)(?: (?:in|of) (?:physics|maths?|science))?"
    r"|\bin (?:very |really |more |the )?(?:plain(?:er)?|simpl(?:e|er|est)|eas(?:y|ier)"
    r"|lay(?:man['’]?s?|men['’]?s?)?|everyday|normal|non[- ]?technical|your own)"
    r" (?:possible )?(?:english|language|words?|terms?|way)\b"
    rf"|\b(?:without|with no|no|avoid(?:ing)?|skip|less|fewer) (?:any |the |too much "
    rf"|using |heavy )?{_MATHS}(?:,? (?:and|or|nor) (?:any |no )?{_MATHS})?\b"
    r"(?! (?:of|for|to)\b)"
    r"|\b(?:dumb(?:ed)? (?:(?:it|this|that) )?down|simplified|non[- ]?technical(?:ly)?"
    r"|conceptually|intuitively|qualitatively|eli ?5)\b"
    r"|(?<=explain )simply\b|\bsimply(?= (?:put|explain))"
    r"|\b(?:put |make (?:it|that|this) |keep it )(?:more )?(?:simply|simpler|simple)\b"
    r"|(?:^|, ?)simpl(?:er|y|ify)\b(?: please)?(?=\W*$)",
    re.IGNORECASE)
_PLAIN_WORD = re.compile(
    r"\b(?:simple|easy|plain|intuitive|non[- ]?technical|beginner['’]?s?)"
    r"(?= (?:explanation|definition|description|introduction|summary|answer|overview)s? (?:of|for"
    r"|to)\b)", re.IGNORECASE)
_COUNT = r"(?P<count>one|1|a single|a|two|2|three|3|a few|a couple of|few)"
_SHORT = re.compile(
    rf"\bin (?:just |only |at most |max(?:imum)? )?{_COUNT} (?:short |simple |plain |brief "
    r"|clear )?(?:sentences?|lines?|tweet|nutshell|word|phrase)\b"
    r"|\bin (?:under|at most|less than|fewer than|about|max)? ?(?P<words>\d{1,3}) words?(?: or "
    r"less)?\b"
    r"|\bin (?:brief|short)\b|\bbriefly\b|\btl ?;? ?dr\b:?|\b(?:keep it|be|make it) (?:very )?"
    r"(?:short(?:er)?|brief(?:er)?|concise)\b|\bconcisely\b|(?:^|, ?)(?:short(?:er)?|brief"
    r"|concise)(?: please)?(?=\W*$)"
    r"|\b(?:give me )?(?:the |an? )?(?:very )?(?:short|quick|brief|concise)"
    r"(?: (?:version|answer)\b(?: (?:of|to|on))?| (?=(?:explanation|definition|description"
    r"|summary|overview) (?:of|on)\b))"
    r"|\b(?:one|single)[- ](?:sentence|line|liner)(?= (?:definition|summary|explanation|answer)"
    r"|\W*$)", re.IGNORECASE)
_FORMULAS = re.compile(
    r"\b(?:with|using|show(?: me)?|give(?: me)?|include|including|write down)"
    r" (?:the |all (?:the )?|some |full |its |relevant )?(?:equations?|formulas?|formulae|maths?"
    r"|mathematics|derivation)(?= ?(?:please|too|as well|included)?\W*$)(?: ?(?:please|too|as well"
    r"|included))?|\bmathematically\b|\bmore technical(?:ly)?\b(?=\W*$)", re.IGNORECASE)
_STEPS = re.compile(r"\b(?:step[- ]by[- ]step|in (?:clear |small |simple )?steps)\b", re.IGNORECASE)
_LITTLE = re.compile(
    r"(?:\b(?:please|pls|can|could|would|you|u|explain|explained|say|tell|put|give|me|it|this|that"
    r"|them|again|now|and|but|so|ok|okay|then|the|same|thing|a|an|answer|more|just|i|need|want"
    r"|like|do|with|rephrase|repeat|version|for|to|in|of|as|is|your|my|last|previous|above"
    r"|summari[sz]e|sum|up|describe|make|one|way|hmm|thanks|how|about|what|if|were|was|talk|us"
    r"|translate|rewrite|still|too|hard|complicated|long|there|any)\b|[\W_])*", re.IGNORECASE)
_EDGES = re.compile(
    r"^[\s,;:.–—-]+|(?:[\s,;:–—-]|\b(?:and|but|please|pls|with)\b)+$", re.IGNORECASE)
_BEFORE_STOP = re.compile(r"[\s,;:–—-]+(?=[?.!])")
_HOLES = re.compile(r"\(\s*\)|,\s*(?=,)")
_ONE = frozenset(["one", "1", "a single", "a"])
_COUNTS = {"two": 2, "2": 2, "a couple of": 2, "three": 3, "3": 3}
_FEW_WORDS = 40


def manner_of(question: str) -> tuple[str, Manner]:
    """A question without what it says of the manner of its answer, and that.

    Args:
        question: as typed; one of more than 400 characters is taken as it is.

    Returns:
        The question, "" where it says nothing else, and the manner.
    """
    text = clean(question)
    if len(text) > _LONGEST:
        return question, AS_USUAL
    short = _SHORT.search(text)
    plain = bool(_PLAIN.search(text) or _PLAIN_WORD.search(text))
    found = Manner(plain, _most(short, plain=plain), not plain and bool(_FORMULAS.search(text)),
                   bool(_STEPS.search(text)))
    if not found:
        return question, found
    for pattern in (_PLAIN_WORD, _PLAIN, _SHORT, _FORMULAS, _STEPS):
        text = pattern.sub(" ", text)
    rest = _tidy(text)
    return ("" if _LITTLE.fullmatch(rest) else rest), found


def only_manner(question: str) -> bool:
    """Whether a question says only how the answer is wanted: "no formulas"."""
    rest, manner = manner_of(question)
    return bool(manner) and not rest


def _most(short: re.Match[str] | None, *, plain: bool) -> int:
    if short is None:
        return _PLAIN_MOST if plain else 0
    if short["words"]:
        return 1 if int(short["words"]) < _FEW_WORDS else _SHORT_MOST
    if (short["count"] or "").lower() in _ONE or re.search(r"one|single", short[0], re.IGNORECASE):
        return 1
    return _COUNTS.get((short["count"] or "").lower(), _SHORT_MOST)


def _tidy(text: str) -> str:
    text = clean(_HOLES.sub(" ", clean(text)))
    text = _BEFORE_STOP.sub("", text)
    for _ in range(2):
        text = _EDGES.sub("", text).strip()
    return text if any(letter.isalnum() for letter in text) else ""
