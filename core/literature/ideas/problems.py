"""Open problems, limits and tensions that the authors of an abstract state.

Only whole sentences count that stand alone: they name their subject, do not point back, and have
their brackets and formulas whole. What a sentence says to be solved is no problem.

Example:
    >>> found = stated_problems(Paper("1", "", "The origin of the $S_8$ tension remains unclear."))
    >>> found[0].theme.name, found[0].kind
    ('S8', 'unclear')
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.literature.ideas.themes import Theme, themes
from core.literature.text.addressed import addressed, gives_address
from core.literature.text.flat_math import flatten
from core.literature.text.paper import Paper
from core.literature.text.tex import readable
from core.literature.text.text import sentences
from core.literature.tldr.links import dangles, is_deed, is_question
from core.literature.tldr.spans import is_closed

__all__ = ["Problem", "stands_alone", "stated_problems"]

_KINDS: tuple[tuple[str, float, re.Pattern[str]], ...] = tuple(
    (kind, weight, re.compile(pattern)) for kind, weight, pattern in (
        ("unclear", 1.0,
         r"\bremain(?:s|ed|ing)? (?:\w+ ){0,2}?(?:unclear|unknown|uncertain|debated|elusive|open"
         r"|controversial|unexplained|undetected|unsolved|unresolved|challeng\w+|difficult"
         r"|a mystery"
         r"|a puzzle|a (?:\w+ )?(?:challenge|problem)|an (?:\w+ )?(?:problem|question|issue)"
         r"|poorly|limited|to be)\b|\bopen (?:question|problem|issue)s?\b"
         r"|\b(?:not|poorly) (?:\w+ )?(?:understood|known|constrained|clear)\b|\bunsolved\b"
         r"|\bstill (?:\w+ )?(?:unclear|unknown|lacking|debated|uncertain|under debate|missing)\b"
         r"|\bcontradictory\b|\bunder debate\b|\bhas yet to\b|\bhave yet to\b"),
        ("tension", 0.9,
         r"\bin (?:[\w.σ-]+ ){0,4}tension with\b|\btension (?:between|with|at the)\b"
         r"|\bdiscrepan(?:t|cy|cies)\b(?! by)|\bcannot be (?:explained|reconciled)\b"
         r"|\bdisagree(?:s|ments?)? (?:with|between)\b|\binconsistent with\b"
         r"|\b[Tt]ension persists\b"
         r"|\bpos(?:e|es) a (?:\w+ )?challenge\b|\bin conflict with\b|\bhints? (?:at|of|for)\b"
         r"|\b(?:hinting|indicating|suggesting) (?:the )?(?:potential |possible )?presence of new\b"
         r"|\bviolat\w+ the upper limits\b"),
        ("degenerate", 0.9,
         r"\bdegenerate with\b|\bdegenerac(?:y|ies) (?:between|of|with|in|that|related)\b"
         r"|\bdegenerate (?:\w+ )?(?:signatures?|effects?)\b|\bmimics?\b|\bindistinguishable from\b"
         r"|\bcan(?:not| not) (?:be )?distinguish\w*|\b(?:hard|difficult) to distinguish\b"),
        ("limited", 0.9,
         r"\blimited by\b|\bdominated by (?:the )?(?:\w+ )?(?:systematic\w*|uncertaint\w+|model\w*"
         r"|scarcity|external|noise|sample)\b|\bhampered\b|\bhindered\b|\bsuffers? from\b"
         r"|\b(?:lack|scarcity|absence) of\b|\binsufficient\b|\bprior-dominated\b"
         r"|\bsevere limitations?\b|\bbottleneck\b|\blimiting (?:factor|systematic\w*)\b"
         r"|\bfac(?:e|es|ing) (?:the|a|an) (?:\w+ )?challenge\b|\bone of the (?:\w+ ){0,2}?"
         r"(?:problems|challenges|issues|puzzles|obstacles|uncertainties|limitations)\b"),
        ("systematic", 0.85,
         r"\b(?:is|are|be|was|were|to) (?:\w+ ){0,2}?biased\b(?! tracers?)|\b(?:can|could|may"
         r"|might|will) (?:\w+ )?bias\b|\bbias(?:es)? (?:in )?(?:the )?(?:cosmolog\w+|parameters?"
         r"|estimates?|constraints?|inferred|inference)\b|\b(?:main|dominant|largest|leading"
         r"|major|significant) (?:sources?|contributors?) (?:of|to) (?:the )?(?:\w+ )?"
         r"(?:uncertainty|uncertainties|systematic\w*|errors?|bias)\b"
         r"|\bsensitive to (?:the )?(?:\w+ )?(?:inaccura\w+|uncertain\w+|assum\w+|model\w*"
         r"|choice)\b"
         r"|\b(?:large|significant|dominant) systematic (?:\w+ )?(?:uncertaint\w+|errors?)\b"
         r"|\bparameter biases\b|\b(?:over|under)estimat(?:e[sd]?|ion)\b"),
        ("limit", 0.7,
         r"\bcannot (?:\w+ )?(?:rule out|exclude|be ruled|be excluded)\b|\b(?:no|without) "
         r"(?:\w+ )?detection of\b|\bnon-?detection\b"
         r"|\bnot (?:yet )?(?:been )?(?:detected|possible)\b|\b(?:is|are|be|been) (?:\w+ )?"
         r"challenging\b|\bchallenging (?:to|due)\b|\bdifficult to (?:detect|measure|model"
         r"|predict|constrain)\b|\bchallenge for\b|\bupper (?:limits?|bounds?) (?:on|of)\b"),
        ("future", 0.65,
         r"\b(?:needs?|needed|required?|necessary|must|has to|have to|should) (?:to )?be "
         r"(?:\w+ )?(?:model\w*|accounted|understood|controlled|characteri[sz]ed|calibrated"
         r"|resolved"
         r"|tested|verified|confirmed|investigated|studied)\b|\bmay need to be verified\b"
         r"|\b(?:further|future|more|larger|additional|deeper) (?:\w+ ){0,3}?(?:is|are|will be) "
         r"(?:needed|required|necessary)\b|\bonly a larger sample\b"
         r"|\bis (?:\w+ )?required (?:before"
         r"|for)\b|\b(?:crucial|essential|critical) to (?:understand|control|model|account)\b"
         r"|\bwill be critical\b"),
        ("demand", 0.55,
         r"\b(?:requir|demand)(?:es?|s|ing) (?:[\w-]+ ){0,4}?(?:control|accuracy|precision"
         r"|understanding|model\w*|calibration|knowledge|characteri[sz]ation|predictions)\b"
         r"|\b(?:crucial|essential|critical|important|necessary|key) (?:to|for) (?:\w+ ){0,4}?"
         r"(?:understand|interpret|constrain|control|resolv)\w*"
         r"|\b(?:a|the) (?:key|major|main|central|primary|great|significant|serious) (?:\w+ )?"
         r"(?:challenge|problem|difficulty|obstacle|limitation|uncertainty|concern|issue)\b"
         r"|\bdepends? (?:strongly|sensitively|critically|heavily) on\b"
         r"|\buncertaint(?:y|ies) (?:in|on|of) [^.]{0,60}\b(?:limit|dominat|affect|propagat)\w*"),
    )
)  # fmt: skip
_SOLVED = re.compile(
    r"\b(?:break(?:s|ing)?|broken|remov(?:e[sd]?|ing|al)|alleviat\w+|relax(?:es|ed|ing)?|resolv\w+"
    r"|solv(?:e[sd]?|ing)|solutions?|mitigat\w+|eliminat\w+|overcom\w+|avoid\w*|unbiased"
    r"|not (?:\w+ )?(?:biased|limited|degenerate|affected)|no (?:\w+ ){0,2}(?:tension|bias"
    r"|degenerac"
    r"\w+|discrepanc\w+)|without (?:\w+ ){0,2}(?:degenerac\w+|bias)|free (?:of|from)|immune"
    r"|insensitive|reduc(?:e[sd]?|es|ing)|self-calibrat\w+|corrected|can be (?:mitigated"
    r"|controlled)"
    r"|potential (?:to|for) (?!bias)|exact degeneracy|degenerate (?:neutrinos|higher|star)"
    r"|disentangl"
    r"\w+|explains? (?:the|this)|reconcil\w+|improv\w+|allows? (?:us )?to|enabl\w+|less than"
    r"|designed to|facilitat\w+|and propose|shed(?:s|ding)? (?:\w+ )?light"
    r"|(?:well )?below (?:the )?statistical|negligible|marginali[sz]\w+|robust(?:ly|ness)? (?:to"
    r"|against)|biased (?:by|with) (?:only|less)|address(?:es|ed)?)\b"
)
_HOPES = re.compile(r"\bpotential of\b|\bshed(?:s|ding)? (?:\w+ )?light\b|\bopen questions? in\b")
_LASTING = re.compile(
    r"\b(?:ongoing|current|persistent|persisting|long-?standing|remaining|existing|present) "
    r"(?:\w+ )?(?:tension|discrepancy|disagreement|anomaly)\b"
)
_SINGLE = re.compile(
    r"\b(?:Abell|PSZ\d|MACS|SPT-CL|ACT-CL|NGC|UGC|Mrk|GW ?\d{6}|GRB ?\d{6}|FRB ?\d{6}|PKS|SN ?\d{4}"
    r"|J\d{4}[+-]\d{2}|A\d{3,4}|El Gordo|Bullet [Cc]luster|Virgo|Coma|Perseus|Fornax|Sculptor"
    r"|Local Void|Cold Spot|Galactic [Cc]ent(?:er|re)|Milky Way)\b"
)
_POINTING = re.compile(
    r"(?:[^,.]{0,40}\b)?(?:such|these|this(?! ['‘\"“])|those|the resulting|the above|the latter"
    r"|the former|our "
    r"(?:run|obtained|second|first|other|third))\b|(?:On the (?:contrary|other hand)|In contrast"
    r"|Alternatively|Conversely|Instead|Similarly|Likewise|Then|Second(?:ly)?|Third(?:ly)?|The "
    r"(?:former|latter|second|other|same|effect|result|difference|method))\b", re.IGNORECASE
)
_ELSEWHERE = re.compile(
    r"\b(?:[Tt]h(?:is|ese|ose)(?! (?:paper|work|study|letter|article)\b| ['‘\"“])"
    r"|such(?! as))\b(?! of)"
    r"|\b(?:above|previous)-?mentioned\b|\b(?:the )?(?:former|latter)\b|\bother works?\b"
)
_ENUMERATED = re.compile(r"\((?:i{1,3}|iv|v|[1-9a-c])\)|^\W*\d[.)]")
_OWN_PAPER = re.compile(
    r"\b(?:[Ii]n this (?:paper|work|letter|study|article|proceeding)|[Hh]ere,? we"
    r"|[Ww]e (?:\w+ )?(?:review|discuss|propose|present|investigate|outline))\b"
)
_ODD_START = re.compile(r"[^A-Z$\d“\"(]")
_NEAR = 110
_FEWEST, _MOST = 9, 55


@dataclass(frozen=True)
class Problem:
    """A sentence in which authors state what is open.

    Attributes:
        paper: whose abstract it stands in.
        sentence: in the abstract's own words, whole.
        theme: the open matter that it is about.
        kind: "unclear", "tension", "degenerate", "limited", "systematic", "limit", "future" or
            "demand".
        weight: how plainly it states a problem, 0 to 1.
    """

    paper: Paper
    sentence: str
    theme: Theme
    kind: str
    weight: float


def stated_problems(paper: Paper) -> list[Problem]:
    """The problems of an abstract, in its order; of one sentence the plainest statement."""
    found = (_problem(paper, sentence) for sentence in sentences(readable(paper.abstract)))
    return [problem for problem in found if problem is not None]


def stands_alone(sentence: str, most: int = _MOST) -> bool:
    """Whether a sentence can be quoted by itself: whole, not too long, pointing at nothing."""
    return (
        _FEWEST <= len(sentence.split()) <= most
        and sentence.endswith(".") and not _ODD_START.match(sentence)
        and is_closed(sentence) and "\\" not in _outside(sentence)
        and not _ENUMERATED.search(sentence)
        and not (_ELSEWHERE.search(sentence) or _POINTING.match(sentence))
        and not (dangles(sentence) or is_question(sentence))
        and not (addressed(sentence) or gives_address(sentence))
    )  # fmt: skip


def _outside(sentence: str) -> str:
    """What stands outside of formulas."""
    return "".join(sentence.split("$")[::2])


def _problem(paper: Paper, sentence: str) -> Problem | None:
    flat = flatten(sentence).text
    stated = [(kind, weight, found) for kind, weight, cue in _KINDS
              if (found := cue.search(flat))]
    if not stated or _SINGLE.search(flat) or _OWN_PAPER.search(sentence):
        return None
    if is_deed(sentence) or not stands_alone(sentence):
        return None
    solved = _SOLVED.search(flat) and not _LASTING.search(flat)
    hopes = _HOPES.search(flat)
    for kind, weight, found in stated:
        if solved and (kind != "unclear" or hopes):
            continue
        theme = _nearest(flat, found.start(), found.end())
        if theme is not None:
            return Problem(paper, sentence, theme, kind, weight)
    return None


def _nearest(flat: str, start: int, end: int) -> Theme | None:
    """The open matter named closest to a cue, and not too far from it."""
    distances = [
        (max(a - end, start - b, 0), -min(b - a, 25), order, theme)
        for order, theme in enumerate(themes()) for a, b in theme.spans(flat)
    ]
    distance, *_, theme = min(distances, default=(_NEAR + 1, None), key=lambda row: row[:3])
    return theme if distance <= _NEAR else None
