"""What an abstract has to offer another: the statistics, simulations and surveys that it uses.

A tool counts where a sentence that stands alone says that the authors use it, or measure with it;
what they hope for, compare with or leave out does not.

Example:
    >>> offered_tools(Paper("1", "", "We measure peak counts in the shear maps of HSC by day."))
    [Tool(..., names=('peak counts', 'HSC'))]
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.literature.facets.facets import facets
from core.literature.facets.named import used_names
from core.literature.ideas.problems import stands_alone
from core.literature.text.flat_math import flatten
from core.literature.text.paper import Paper
from core.literature.text.tex import readable
from core.literature.text.text import sentences
from core.literature.tldr.links import is_background

__all__ = ["TO_COME", "Tool", "offered_tools"]

TO_COME = frozenset({
    "Euclid", "Rubin LSST", "Roman", "SKA", "CMB-S4", "LiteBIRD", "CSST", "SPHEREx", "PFS", "HIRAX",
    "Simons Observatory", "Einstein Telescope", "Cosmic Explorer", "LISA", "MegaMapper", "4MOST",
    "BINGO",
})  # fmt: skip
"""Surveys whose data are not, or only in part, public: a project with them is a forecast."""

_USES = re.compile(
    r"\b(?:[Ww]e|I|[Tt]his (?:paper|work|study|letter|article)|[Oo]ur (?:\w+ ){0,2}(?:analysis"
    r"|method"
    r"|emulator|model|framework|pipeline|sample|catalogue|catalog|measurements?|constraints?"
    r"|simulations?|approach|data)) (?:[\w-]+ ){0,4}?(?:us(?:e[sd]?|ing)|appl(?:y|ied|ies)"
    r"|measur\w+"
    r"|present\w*|analy[sz]\w+|employ\w*|buil[dt]|develop\w*|train\w*|deriv\w+|comput\w+|constrain"
    r"\w*|perform\w*|combin\w+|detect\w*|stud(?:y|ied|ies)|model\w*|construct\w*|correlat\w+"
    r"|cross-correlat\w+|investigat\w+|explor\w+|examin\w+|cov?er\w*|bas(?:ed)|extract\w*|infer\w*"
    r"|introduc\w+|propos\w+|test\w*|forecast\w*|predict\w*|quantif\w+|reconstruct\w*|fit\w*"
    r"|exploit\w*|stack\w*|simulat\w+|calibrat\w+|estimat\w+|obtain\w*|determin\w+|search\w*"
    r"|demonstrat\w+|show\w*|run|generate\w*|validate\w*)\b"
)
_FORECAST = re.compile(r"\b(?:forecasts?|expect\w*|mocks?|predict\w*|will|would|simulat\w*"
                       r"|sensitivity|prospects?|Fisher|specifications)\b")
_HOPES = re.compile(
    r"\b(?:future|upcoming|forthcoming|next[- ]generation|planned|discuss|comment|outlook"
    r"|motivat\w+|not|cannot|shall|plan to|pave\w*|in preparation)\b"
)
_COMPARED = re.compile(
    r"\b(?:agree\w*|consistent|in line with|tension|disagree\w*|other studies|recent studies"
    r"|unlike|instead of|than|compar\w+|other works?|previous (?:work|stud\w+|analys\w+)|literature"
    r"|rather than|in contrast)\b"
)
"""What comes behind such a word is only compared with."""
_BESIDES = re.compile(r"(?:Additionally|Finally|Lastly|In addition|Moreover|Furthermore|Besides)\b")
_LEARNT_FOR = frozenset({"emulator", "simulation-based inference"})
"""Where these are named, the network only serves them."""
_MOST_WORDS = 48
_BEFORE, _BEHIND = 90, 120


@dataclass(frozen=True)
class Tool:
    """A sentence that says how authors use something.

    Attributes:
        paper: whose abstract it stands in.
        sentence: in the abstract's own words, whole.
        names: canonical names of what it uses, in the order of the sentence within each facet:
            statistics, simulations, surveys.
    """

    paper: Paper
    sentence: str
    names: tuple[str, ...]


def offered_tools(paper: Paper) -> list[Tool]:
    """The sentences of an abstract that use something, in its order."""
    found = (_tool(paper, sentence) for sentence in sentences(readable(paper.abstract)))
    return [tool for tool in found if tool is not None]


def _tool(paper: Paper, sentence: str) -> Tool | None:
    use = _USES.search(sentence)
    if use is None or _BESIDES.match(sentence) or is_background(sentence):
        return None
    near = _COMPARED.split(_around(sentence, use))[0]
    named = facets("", near)
    flat = flatten(sentence).text
    hopes = _HOPES.search(flat) is not None
    used = used_names(flatten(near).text)
    coming = TO_COME & set(named["survey"]) if _FORECAST.search(flat) else frozenset()
    surveys = tuple(name for name in named["survey"] if name in used or name in coming)
    statistics = named["statistic"]
    if _LEARNT_FOR & set(statistics):
        statistics = tuple(name for name in statistics if name != "machine learning")
    names = (*statistics, *named["simulation"], *surveys)
    if hopes:
        names = tuple(name for name in names if name in coming)
    alone = names and stands_alone(sentence, most=_MOST_WORDS)
    return Tool(paper, sentence, names) if alone else None


def _around(sentence: str, use: re.Match[str]) -> str:
    """The words near the one of use: what stands farther off is used for something else."""
    start = sentence.rfind(" ", 0, max(use.start() - _BEFORE, 0)) + 1
    end = sentence.find(" ", use.end() + _BEHIND)
    return sentence[start : end if end > 0 else len(sentence)]
