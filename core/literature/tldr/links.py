"""What ties a sentence to its neighbours, and what it is: a conclusion, a question, a motive.

Example:
    >>> reverses("However, this detection disappears once foregrounds are masked.")
    True
    >>> dangles("These results rule out the model."), dangles("Our results rule out the model.")
    (True, False)
"""

from __future__ import annotations

import re

from core.literature.tldr.claims import without_samples

__all__ = ["dangles", "hangs_loosely", "is_aside", "is_background", "is_deed", "is_motive",
           "is_question", "reverses", "takes_back", "weight_of_conclusion"]  # fmt: skip

_TURNS = re.compile(
    r"(?:However|Unfortunately|Regrettably|But|Yet|Nevertheless|Nonetheless|That said|Even so|"
    r"Still|"
    r"Alas|On the other hand|On the contrary|In contrast|By contrast|Conversely|Instead|Contrary "
    r"to|"
    r"Despite (?:this|these|that)|In reality|In fact|Only)\b(?!,? (?:more|future|further|"
    r"upcoming)\b)"
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
    rf"\b(?:[Tt]h(?:is|e|ese|at)|[Ss]uch|[Oo]ur|[Ii]ts) (?:[\w-]+ ){{0,3}}{_CLAIM}\b(?:[^.]|"
    rf"\.(?=\d)){{0,60}}?"
    rf"\b{_GOES}|^(?:It|They|This|These) (?:[\w-]+ ){{0,2}}{_GOES}"
)
_CONDITIONED = re.compile(
    r"^(?:After|Once|When|If|With|Accounting|Including|Correcting|Marginali[sz]ing|Allowing|Using|"
    r"Removing|Excluding|Without|Adding)\b(?:[^.]|\.(?=\d)){0,120}\b(?:disappear|vanish|no longer|"
    r"weaken|(?<!errors )(?<!error )(?<!scatter )(?<!uncertainty )(?<!S_8\$ )(?:drops?|falls?)\b|"
    r"insignificant|not significant|consistent with (?:zero|noise)|degrad|reduc(?:es|ed) "
    r"to)"
)
_WARNS = re.compile(r"\b(?:with caution|caution (?:is|must|should)|caveats?|should not be "
                    r"interpreted)\b")

_OPENING = (
    r"(?:(?:However|But|Yet|Thus|Hence|Therefore|Moreover|Furthermore|In addition|Additionally|"
    r"Finally|"
    r"Also|And|So|Instead|Interestingly|Unfortunately|In particular|Specifically|Consequently|As a "
    r"result|Remarkably|Crucially|Importantly|Notably|Overall|In turn|Nevertheless|Nonetheless|"
    r"Taken|"
    r"In contrast|Conversely|Surprisingly|Rather|Further|Then|Indeed|In summary|In conclusion|"
    r"Together|Combined|Still),? (?:together,? )?)?"
)
_WORKS = (
    r"(?:paper|work|study|letter|article|analysis|thesis|review|note|report|research|investigation|"
    r"contribution|manuscript|proposal|white paper|decade|year|century|way, we|end, we|comment|"
    r"reply|erratum|white|catalog(?:ue)?|release|volume|series)\b"
)
_POINTS_BACK = re.compile(
    _OPENING + r"(?i:(?:(?:in|for|from|with|using|by|at|to|under|of|among|on|during|within|"
               r"through|given|"
    rf"as|without|beyond) )?(?:this|these|those|that|such)\b(?! (?:[\w-]+ ){{0,2}}{_WORKS})|its\b|"
    r"(?:in|for|from|with|using|by|at|to|under|of|without|beyond) (?:it|them|the (?:latter|"
    r"former))\b|"
    r"it\b(?! (?:is|was|has been) (?:\w+ )?(?:shown|found|argued|demonstrated|proposed|well|"
    r"possible|"
    r"known|expected)\b)(?! (?:turns out|appears|seems|follows) that\b)|they\b|their\b|"
    r"the (?:former|latter|answer|same|reason|opposite|reverse|other|remaining|difference)\b|"
    r"both\b|"
    r"neither\b|(?:none|all|some|most|many|one|few|half) of (?:them|these|those|which)\b|doing so|"
    r"in both cases|as such|each\b|here,? (?:this|it)\b|similarly\b|likewise\b)"
)
_POINTS_INSIDE = re.compile(
    _OPENING + r"(?:[Ww]e|I|[Oo]ur (?:results?|analysis|findings?))\b[^,.;]{0,50}?\b(?:that|"
               r"because|if|"
    r"whether|how) (?:this|these|they|those|such|the (?:latter|former)|its|their"
    r"|it (?!is (?:possible|important|necessary|crucial)))\b"
)
_POINTS_LATER = re.compile(
    r"(?:(?!, |; |: | that | which | where | while | who )[^.]){3,90}? "
    rf"(?:this|these|those|such an?|the (?:latter|former)) (?!{_WORKS})(?!\w+ly )[a-z-]+"
    r"|(?:On|In|At|With|For|By|From|Under|After|Before) [^,;.]{2,40}? (?:it|they)\b"
    r"|[^,;:]{0,160} (?:of|from|for|with|to|by|than|on) (?:it|them)\.?$"
)
_QUESTION = re.compile(r"\?[\"')\]]*$")
_MOTIVE = re.compile(
    r"\bis one of the\b|\bplays? an? (?:\w+ )?(?:role|part)\b|\b(?:has|have) (?:long |recently |"
    r"so far |"
    r"also |not )*been\b|\bremains? (?:an? |one of |largely |poorly |unclear|unknown|elusive|"
    r"debated|"
    r"controversial|uncertain|to be|the )|\b(?:poorly|not well|not fully|not yet) (?:understood|"
    r"known|"
    r"constrained)\b|\b(?:is|are) (?:\w+ )?(?:crucial|essential|fundamental|of great|central|"
    r"indispensable|important) (?:for|to|in|interest|probes?|ingredients?)\b"
    r"|\b(?:aims?|wish|seeks?|intend) to\b|\bit is (?:thus |therefore )?(?:important|necessary|"
    r"crucial|"
    r"interesting|natural|timely)\b|\b(?:is|are) (?:widely|commonly|often|usually|generally|"
    r"currently|"
    r"typically|predicted|believed|thought|expected) (?:\w+ )?(?:to|that|used|assumed)\b"
    r"|\bpromis(?:es?|ing)\b|\b(?:are|is) (?:now )?(?:entering|becoming)\b|\bthe (?:question|"
    r"problem|"
    r"challenge|goal|aim) (?:of|is|remains)\b",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(
    r"(?:Recent(?:ly)?|Previous|Earlier|Past|Existing) (?:\w+ )?(?:work|stud(?:y|ies)|analyses"
    r"|results?|"
    r"papers?|measurements?|claims?)\b[^.]{0,20}\b(?:has|have|had)\b|Note that\b"
    r"|(?:Our|This|The) (?:\w+ )?(?:method|approach|framework|technique|formalism)s? (?:\w+ )?"
    r"(?:enables?|allows?|permits?) us\b"
    r"|There is (?:\w+ )?(?:reason|hope|room)\b|(?:These|The) (?:numbers|values) are invented"
)
_ASIDE = re.compile(
    r"\b(?:code|data|catalog(?:ue)?s?|chains|maps?|software|products?|package) (?:is|are|will be) "
    r"(?:\w+ )?"
    r"(?:available|released|public)|\bpublicly available\b|\bwe (?:also |briefly |finally "
    r")?(?:discuss|"
    r"comment on|outline|review|describe|speculate)\b|^(?:Finally|Lastly), we (?:discuss|comment)"
    r"|\b(?:future|upcoming|forthcoming|next-generation|further) (?:\w+ ){0,3}(?:work|stud(?:y|"
    r"ies)|"
    r"surveys?|data|observations?|experiments?|missions?|analys[ie]s|telescopes?|measurements?)\b"
    r"[^.]{0,60}?\b(?:will|would|should|could|may|might|needed|required)\b|\bpav(?:es?|ing) the "
    r"way\b"
    r"|\bopens? (?:up )?(?:a |an |the )?(?:new )?(?:window|avenue|possibilit|path|door)"
    r"|\b(?:will be|are|is) (?:needed|required|necessary) to\b",
    re.IGNORECASE,
)
_DEED = re.compile(
    r"(?:Here,? |In this (?:paper|work|study|letter|article),? |To [^,]{5,80}, |Using [^,]{5,80}, "
    r")?"
    r"(?:[Ww]e|I|[Tt]his (?:paper|work|study|letter|article)) (?:\w+ ){0,2}?(?:search|looks?|"
    r"presents?|"
    r"use|model|stud(?:y|ies)|appl(?:y|ies)|perform|conduct|test|measure|compute|calculate|simulate|"
    r"train|investigates?|examines?|explores?|consider|analy[sz]es?|compare|develop|describes?|repeat|"
    r"combine|select|build|construct|reanaly[sz]e|revisit|employ|run|fit|stack|assess|observe|survey)"
    r"(?:e?d)?\b"
)
_PRODUCT = re.compile(
    r"(?:Here,? |In this (?:paper|work),? )?(?:[Ww]e|[Tt]his (?:paper|work)) (?:\w+ )?(?:present"
    r"|release|"
    r"introduce|describe)s? (?:the |an? )?(?:\w+ ){0,2}?(?:design|code|catalog\w*|package|pipeline|"
    r"instrument|spectrograph|data release|software|emulator)\b"
)
_AND_FINDS = re.compile(
    r", (?:and )?(?:finding|showing|detecting|obtaining|recovering|revealing|demonstrating"
    r"|yielding)\b"
)
_LOOKS = re.compile(
    r"(?:Here,? |Using [^,]{5,80}, |In this (?:paper|work),? )?[Ww]e (?:\w+ ){0,2}?(?:measured?"
    r"|find groups"
    r"|find (?:\w+ ){1,3}in|detect (?:\w+ ){1,3}in|observed?|constrain) "
)
_RESULT = re.compile(
    r"[=<>~≈±]|\d ?(?:%|σ|sigma|per ?cent)|\b(?:that|to be|evidence|no|consistent|agree\w*"
    r"|higher|lower"
    r"|larger|smaller|increas\w*|decreas\w*|factor|than|tension|significan\w+"
    r"|find(?:ing)?(?! groups))\b"
    r"|\b(?:of|to|at) \$?\d|\d\.\d"
)
_STRONG = re.compile(
    r"\b(?:the|our|a) (?:main|key|principal|central|primary|overall|most important) "
    r"(?:conclusions?|"
    r"results?|findings?|message)\b(?! of (?:this|the|our) (?:paper|work) is an?\b)"
    r"|\bwe (?:\w+ ){0,2}conclude\b|\bour (?:\w+ )?conclusions?\b|\bthe (?:\w+ )?conclusion is\b"
    r"|^(?:in (?:summary|conclusion|short)|to (?:summari[sz]e|conclude)|summari[sz]ing|taken "
    r"together|"
    r"all in all|overall), (?!we (?:present|describe|propose|discuss|provide|review))"
    r"|\b(?:our|the|these|all) (?:\w+ ){0,2}(?:results?|findings?|data|analys[ie]s|measurements?|"
    r"constraints?|limits?|observations?) (?:\w+ )?(?:rules? out|exclude|impl(?:y|ies)|refute|"
    r"falsif)"
    r"|\bwe (?:\w+ ){0,2}(?:rule out|refute|falsify|exclude)\b|\bwe find no\b|\bthe answer is\b",
    re.IGNORECASE,
)
_MEDIUM = re.compile(
    r"\b(?:we|i) (?:\w+ ){0,2}(?:find|found|show|demonstrate|confirm|establish|prove|discover|"
    r"obtain)"
    r"(?:ed)?\b|\b(?:we|i) (?:\w+ ){0,2}(?:measure|detect|report|constrain|infer|determine|derive|"
    r"see|"
    r"observe)[ed]{0,2}\b(?=[^.]{0,80}(?:\d|that|to be|evidence|no ))"
    r"|(?:\\pm|±|\+/-|\^\{\+)|\b(?:falls?|rises?|grows?|changes?|suppress(?:es)?) [^.]{0,40}\d"
    r"|\b(?:results?|analys[ie]s|findings?|measurements?|data|simulations?) (?:\w+ )?(?:show|"
    r"indicate|"
    r"suggest|reveal|confirm|demonstrate|imply|support|favou?r|disfavou?r|prefer|yield|give)s?\b"
    r"|\b(?:narrows?|tightens?|improves?|reduces?(?! to)|shrinks?|sharpens?) [^.]{0,80}\d"
    r"|\b(?:limits?|bounds?|constrains?) [^.]{0,30}[<>]"
    r"|^(?:thus|therefore|hence|consequently|accordingly|as a result),? "
    r"|\b(?:is|are|was|were) (?:\w+ )?(?:found|detected|ruled out|excluded|disfavou?red|rejected|"
    r"shown|retracted|corrected)\b",
    re.IGNORECASE,
)


def reverses(sentence: str) -> bool:
    """Whether a sentence takes back or limits the one before it."""
    return any(cue.search(sentence) if cue is not _TURNS else cue.match(sentence)
               for cue in (_TURNS, _TAKEN_BACK, _CONDITIONED, _WARNS))


def dangles(sentence: str) -> bool:
    """Whether it has words for what stands before it: "This", "breaks this degeneracy".

    Later than at the beginning they count only where no clause of the sentence stands before them.
    """
    return any(cue.match(sentence) for cue in (_POINTS_BACK, _POINTS_INSIDE, _POINTS_LATER))


def hangs_loosely(sentence: str) -> bool:
    """Whether only later words of it point back, so that it can be guessed what they mean."""
    return not (_POINTS_BACK.match(sentence) or _POINTS_INSIDE.match(sentence))


def is_background(sentence: str) -> bool:
    """Whether it tells of others' work, of hopes, or adds a note."""
    return _BACKGROUND.match(sentence) is not None


def is_question(sentence: str) -> bool:
    """Whether it asks."""
    return _QUESTION.search(sentence) is not None


def is_motive(sentence: str) -> bool:
    """Whether it says why something is looked at, and not what was found."""
    return _MOTIVE.search(sentence) is not None and weight_of_conclusion(sentence) == 0


def is_aside(sentence: str) -> bool:
    """Whether it is about code, future work or what else the paper discusses."""
    return _ASIDE.search(sentence) is not None and _STRONG.search(sentence) is None


def takes_back(sentence: str) -> bool:
    """Whether it says that a signal, a tension or a claim is gone: what a reader must know."""
    return _TAKEN_BACK.search(sentence) is not None or _CONDITIONED.search(sentence) is not None


def is_deed(sentence: str) -> bool:
    """Whether it says what was done, with no result: "We search for", "We model"; what presents a
    design, a code or a catalogue is its paper's result."""
    if _DEED.match(sentence) is None or _PRODUCT.match(sentence) or _AND_FINDS.search(sentence):
        return False
    return weight_of_conclusion(sentence) == 0


def _finds(sentence: str) -> bool:
    """Whether it has a result besides the numbers that say what was looked at: "We measure the
    spectra of 90 galaxies at z < 0.6" has none."""
    if _LOOKS.match(sentence) is None:
        return True
    return _RESULT.search(without_samples(sentence)) is not None


def weight_of_conclusion(sentence: str) -> float:
    """0 without a cue, 1 for "we find", 2 and more for "we conclude", "the main result"."""
    if _STRONG.search(sentence):
        return 2.0
    return 1.0 if _MEDIUM.search(sentence) and _finds(sentence) else 0.0
