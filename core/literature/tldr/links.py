"""What ties a sentence to its neighbours, and what it is: a conclusion, a question, a motive.

Example:
    >>> reverses("However, this detection disappears once foregrounds are masked.")
    True
    >>> dangles("These results rule out the model."), dangles("Our results rule out the model.")
    (True, False)
"""

from __future__ import annotations

import re

__all__ = ["dangles", "is_aside", "is_motive", "is_question", "reverses", "weight_of_conclusion"]

_TURNS = re.compile(
    r"(?:However|Unfortunately|Regrettably|But|Yet|Nevertheless|Nonetheless|That said|Even so|Still|"
    r"Alas|On the other hand|On the contrary|In contrast|By contrast|Conversely|Instead|Contrary to|"
    r"Despite (?:this|these|that)|In reality|In fact|Only)\b(?!,? (?:more|future|further|upcoming)\b)"
)
_CLAIM = (
    r"(?:detections?|signals?|tensions?|preferences?|anomal(?:y|ies)|excess(?:es)?|results?|claims?|"
    r"effects?|hints?|evidence|correlations?|deviations?|discrepanc(?:y|ies)|improvements?|"
    r"conclusions?|significances?|agreements?|features?|trends?|bias(?:es)?|constraints?|limits?|"
    r"differences?|measurements?|asymmetr(?:y|ies)|dipoles?|shifts?|peaks?|solutions?|models?)"
)
_GOES = (
    r"(?:disappears?|vanish(?:es)?|goes away|go away|is not\b|are not\b|was not\b|cannot|does not|"
    r"do not|drops?|falls?|is consistent with (?:zero|noise|no |a (?:statistical )?fluctuation)|"
    r"no longer|not robust|not significant|insignificant|arte?ifacts?|artefacts?|fluctuations?|"
    r"spurious|absent|is lost|(?:is|are|becomes?) (?:\w+ )?(?:reduced|weakened|alleviated|relaxed|"
    r"removed|degraded|washed out|ruled out|disfavou?red|excluded|diluted|erased|lost)|weakens?|"
    r"depends? (?:strongly|heavily|sensitively|critically)|fails?|degrades?|"
    r"(?:is|are) (?:likely|probably|possibly|mostly|partly|entirely|largely) (?:due|caused|driven))"
)
_TAKEN_BACK = re.compile(
    rf"\b(?:[Tt]h(?:is|e|ese|at)|[Ss]uch|[Oo]ur|[Ii]ts) (?:[\w-]+ ){{0,3}}{_CLAIM}\b[^.]{{0,60}}?"
    rf"\b{_GOES}|^(?:It|They|This|These) (?:[\w-]+ ){{0,2}}{_GOES}"
)
_CONDITIONED = re.compile(
    r"^(?:After|Once|When|If|With|Accounting|Including|Correcting|Marginali[sz]ing|Allowing|Using|"
    r"Removing|Excluding|Without|Adding)\b[^.]{0,120}\b(?:disappear|vanish|no longer|weaken|drops?\b|"
    r"falls?\b|insignificant|not significant|consistent with (?:zero|noise)|degrad|reduc(?:es|ed) to)"
)
_WARNS = re.compile(r"\b(?:with caution|caution (?:is|must|should)|caveats?|should not be interpreted)\b")

_OPENING = (
    r"(?:(?:However|But|Yet|Thus|Hence|Therefore|Moreover|Furthermore|In addition|Additionally|Finally|"
    r"Also|And|So|Instead|Interestingly|Unfortunately|In particular|Specifically|Consequently|As a "
    r"result|Remarkably|Crucially|Importantly|Notably|Overall|In turn|Nevertheless|Nonetheless|Taken|"
    r"In contrast|Conversely|Surprisingly|Rather|Further|Then|Indeed|In summary|In conclusion|"
    r"Together|Combined|Still),? (?:together,? )?)?"
)
_WORKS = (
    r"(?:paper|work|study|letter|article|analysis|thesis|review|note|report|research|investigation|"
    r"contribution|manuscript|proposal|white paper|decade|year|century|way, we|end, we|comment|"
    r"reply|erratum|white|catalog(?:ue)?|release|volume|series)\b"
)
_POINTS_BACK = re.compile(
    _OPENING + r"(?i:(?:(?:in|for|from|with|using|by|at|to|under|of|among|on|during|within|through|given|"
    rf"as) )?(?:this|these|those|that|such)\b(?! (?:[\w-]+ ){{0,2}}{_WORKS})|its\b|"
    r"it\b(?! (?:is|was|has been) (?:\w+ )?(?:shown|found|argued|demonstrated|proposed|well|possible|"
    r"known|expected)\b)(?! (?:turns out|appears|seems|follows) that\b)|they\b|their\b|"
    r"the (?:former|latter|answer|same|reason|opposite|reverse|other|remaining|difference)\b|both\b|"
    r"neither\b|doing so|in both cases|as such|each\b|here,? (?:this|it)\b|similarly\b|likewise\b)"
)
_POINTS_INSIDE = re.compile(
    _OPENING + r"(?:[Ww]e|I|[Oo]ur (?:results?|analysis|findings?))\b[^,.;]{0,50}?\b(?:that|because|if|"
    r"whether|how) (?:this|these|they|those|such|the (?:latter|former)|its|their"
    r"|it (?!is (?:possible|important|necessary|crucial)))\b"
)
_QUESTION = re.compile(r"\?[\"')\]]*$")
_MOTIVE = re.compile(
    r"\bis one of the\b|\bplays? an? (?:\w+ )?(?:role|part)\b|\b(?:has|have) (?:long |recently |so far |"
    r"also |not )*been\b|\bremains? (?:an? |one of |largely |poorly |unclear|unknown|elusive|debated|"
    r"controversial|uncertain|to be|the )|\b(?:poorly|not well|not fully|not yet) (?:understood|known|"
    r"constrained)\b|\b(?:is|are) (?:\w+ )?(?:crucial|essential|fundamental|of great|central|"
    r"indispensable|important) (?:for|to|in|interest|probes?|ingredients?)\b"
    r"|\b(?:aims?|wish|seeks?|intend) to\b|\bit is (?:thus |therefore )?(?:important|necessary|crucial|"
    r"interesting|natural|timely)\b|\b(?:is|are) (?:widely|commonly|often|usually|generally|currently|"
    r"typically|predicted|believed|thought|expected) (?:\w+ )?(?:to|that|used|assumed)\b"
    r"|\bpromis(?:es?|ing)\b|\b(?:are|is) (?:now )?(?:entering|becoming)\b|\bthe (?:question|problem|"
    r"challenge|goal|aim) (?:of|is|remains)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\b(?:code|data|catalog(?:ue)?s?|chains|maps?|software|products?|package) (?:is|are|will be) (?:\w+ )?"
    r"(?:available|released|public)|\bpublicly available\b|\bwe (?:also |briefly |finally )?(?:discuss|"
    r"comment on|outline|review|describe|speculate)\b|^(?:Finally|Lastly), we (?:discuss|comment)"
    r"|\b(?:future|upcoming|forthcoming|next-generation|further) (?:\w+ ){0,3}(?:work|stud(?:y|ies)|"
    r"surveys?|data|observations?|experiments?|missions?|analys[ie]s|telescopes?|measurements?)\b"
    r"[^.]{0,60}?\b(?:will|would|should|could|may|might|needed|required)\b|\bpav(?:es?|ing) the way\b"
    r"|\bopens? (?:up )?(?:a |an |the )?(?:new )?(?:window|avenue|possibilit|path|door)"
    r"|\b(?:will be|are|is) (?:needed|required|necessary) to\b",
    re.IGNORECASE,
)
_STRONG = re.compile(
    r"\b(?:the|our|a) (?:main|key|principal|central|primary|overall|most important) (?:conclusions?|"
    r"results?|findings?|message)\b(?! of (?:this|the|our) (?:paper|work) is an?\b)"
    r"|\bwe (?:\w+ ){0,2}conclude\b|\bour (?:\w+ )?conclusions?\b|\bthe (?:\w+ )?conclusion is\b"
    r"|^(?:in (?:summary|conclusion|short)|to (?:summari[sz]e|conclude)|summari[sz]ing|taken together|"
    r"all in all|overall), (?!we (?:present|describe|propose|discuss|provide|review))"
    r"|\b(?:our|the|these|all) (?:\w+ ){0,2}(?:results?|findings?|data|analys[ie]s|measurements?|"
    r"constraints?|limits?|observations?) (?:\w+ )?(?:rules? out|exclude|impl(?:y|ies)|refute|falsif)"
    r"|\bwe (?:\w+ ){0,2}(?:rule out|refute|falsify|exclude)\b|\bwe find no\b|\bthe answer is\b",
    re.IGNORECASE,
)
_MEDIUM = re.compile(
    r"\b(?:we|i) (?:\w+ ){0,2}(?:find|found|show|demonstrate|measure|detect|report|constrain|infer|"
    r"obtain|confirm|establish|prove|discover|determine|derive|see|observe)(?:ed)?\b"
    r"|\b(?:results?|analys[ie]s|findings?|measurements?|data|simulations?) (?:\w+ )?(?:show|indicate|"
    r"suggest|reveal|confirm|demonstrate|imply|support|favou?r|disfavou?r|prefer|yield|give)s?\b"
    r"|\b(?:is|are|was|were) (?:\w+ )?(?:found|detected|ruled out|excluded|disfavou?red|rejected|"
    r"shown|retracted|corrected)\b",
    re.IGNORECASE,
)


def reverses(sentence: str) -> bool:
    """Whether a sentence takes back or limits the one before it."""
    return any(cue.search(sentence) if cue is not _TURNS else cue.match(sentence)
               for cue in (_TURNS, _TAKEN_BACK, _CONDITIONED, _WARNS))


def dangles(sentence: str) -> bool:
    """Whether it begins with words for what stands in the sentence before: "This", "It"."""
    return bool(_POINTS_BACK.match(sentence) or _POINTS_INSIDE.match(sentence))


def is_question(sentence: str) -> bool:
    """Whether it asks."""
    return _QUESTION.search(sentence) is not None


def is_motive(sentence: str) -> bool:
    """Whether it says why something is looked at, and not what was found."""
    return _MOTIVE.search(sentence) is not None and weight_of_conclusion(sentence) == 0


def is_aside(sentence: str) -> bool:
    """Whether it is about code, future work or what else the paper discusses."""
    return _ASIDE.search(sentence) is not None and _STRONG.search(sentence) is None


def weight_of_conclusion(sentence: str) -> float:
    """0 without a cue, 1 for "we find", 2 and more for "we conclude", "the main result"."""
    if _STRONG.search(sentence):
        return 2.0
    return 1.0 if _MEDIUM.search(sentence) else 0.0
