"""Whether a sentence states a result, and whether an abstract is about astronomy.

In astronomy the sentence that a reader wants states what was found; in computer science, whose
papers have summaries that people wrote, it states what was made. One linear model serves both
domains: each cue counts by itself, and once more where the abstract is about astronomy (feature
augmentation: Daumé 2007, 0907.1815).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["RESULT_CUES", "is_about_the_sky"]

_FINDS = (
    r"(?:find|finds|found|finding|obtain(?:ed|s)?|measured?|infer(?:red)?|detect(?:ed|s)?|"
    r"determined?|derived?|constrain(?:ed)?|recover(?:ed|s)?|estimated?|get|report)"
)
_PATTERNS = {
    "finds": rf"\b(?:we|i)\b(?: \w+){{0,2}} {_FINDS}\b|, finding\b",
    "is found": r"\b(?:is|are|was|were) (?:\w+ )?"
                r"(?:found|detected|measured|obtained|determined)\b",
    "shows that": r"\b(?:show|shows|demonstrate|demonstrates|reveal|reveals|confirm|confirms|"
                  r"found|find|conclude|indicate|indicates|suggest|suggests|imply|implies|shown) "
                  r"(?:\w+ )?(?:that|how)\b",
    "concludes": r"\bconclu|\b(?:impl(?:y|ies|ying)|suggest\w*|indicat\w+)\b",
    "results": r"^(?:our|the|these|all|based on|using|by|with|for|from|overall|thus|as a result)\b"
               r"[^.]{0,60}\b(?:results?|analys[ie]s|measurements?|constraints?|model|method|data)\b",
    "errors": r"\\pm|±|\+/-|\^\{?\s*\+|\\sigma\(|per ?cent precision",
    "sigmas": r"\d\)?\s*\$?\s*(?:\\,|~|-)?\s*(?:\\sigma|σ|sigma)|S/N|signal-to-noise|"
              r"confidence|significan",
    "percent": r"\d\s*(?:\\?%|\$\\%|per ?cent|percent)",
    "value": r"(?:=|\\simeq|\\sim|\\approx|≈|~|\\lesssim|\\gtrsim|<|>|\\leq?|\\geq?|≲|≳)"
             r"\s*\$?-?\s*\d",
    "agrees": r"\b(?:consisten|agree|compatible|accura|unbiased|robust|precis|accord)\w*",
    "differs": r"\b(?:tension|discrepan|inconsisten|exclud\w+|rul(?:e|ed|ing) out|disfavou?r\w*|"
               r"favou?r\w*|evidence|hints?|anomal\w+|differ\w*)\b",
    "compares": r"\b(?:than|tighter|better|larger|smaller|higher|lower|stronger|weaker|factor of|"
                r"improv\w+|reduc\w+|increas\w+|decreas\w+|suppress\w+|sensitive|depends?)\b",
    "can be": r"\b(?:can|could|will|would|should) (?:be |\w+ be )?\w+",
    "did": r"\b(?:we|i)\b(?: \w+){0,2} (?:use|used|apply|applied|model|modell?ed|study|studied|"
           r"consider|considered|analy[sz]ed?|select|selected|combine|combined|perform|performed|"
           r"investigated?|explored?|examined?|compared?|computed?|calculated?|created?|tested|test|"
           r"adopt|employ|employed|developed?|introduced?|present|presented|discuss|discussed|"
           r"describe|described|focus|review|train|trained|propose|proposed|forecast)\b",
    "aims": r"\b(?:aims?|goal|objective|purpose|in order to|to (?:test|study|investigate|explore|"
            r"understand|quantify|assess|examine))\b",
    "outlook": r"\b(?:future|upcoming|forthcoming|next-generation|paves? the way|opens?|potential|"
               r"important|crucial|powerful|promising|useful|will be|sets the stage|release|"
               r"public|available)\b",
    "known": r"\b(?:has|have) (?:been|long|become)\b|\b(?:is|are) (?:a|an|one of|the|expected|"
             r"believed|thought|known|often|usually|typically)\b|\brecent(?:ly)?\b",
    "depends on before": r"^(?:this|these|it|they|such|here|in addition|additionally|moreover|"
                         r"furthermore|also|finally|lastly|however|on the other hand|first|then|"
                         r"next|later|we also)\b",
    "heading": r"^(?:context|aims|methods|results|conclusions)\.?$|^\[?\(?abridged",
}  # fmt: skip
RESULT_CUES = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _PATTERNS.items()}
"""Patterns by name; each is linear in the length of the text."""

_TERMS = r"""
    cosmolog\w* astronom\w* astrophys\w* galaxies galaxy galactic extragalactic quasars? pulsars?
    blazars? magnetars? supernova\w* kilonova\w* neutron\Wstars? white\Wdwarfs? black\Wholes? PBHs?
    exoplanets? planetary\W\w+ hot\Wjupiters? dark\Wmatter dark\Wenergy microwave\Wbackground CMB
    big\Wbang hubble redshifts? reioni[sz]\w* gravitational\W\w+ lensing neutrinos? baryon\w*
    hal(?:o|os|oes) n-body\Wsimulations? bispectr\w+ \w*CDM lyman\S* 21\W?-?cm axions?
    wimps? interstellar intergalactic intracluster circumgalactic stellar stars? telescopes? kpc
    mpc gpc parsecs? milky\Wway general\Wrelativity spacetime nebula\w* solar inflaton inflation\w*
    primordial universe photometr\w+ spectroscop\w+ cosmic hydrogen nucleosynthesis cepheids?
    gravity gravitation\w* sunyaev\S* accretion AGNs? GRBs? FRBs? gamma-ray\W\w+ x-ray\W\w+
    planck euclid lsst desi sdss jwst
"""
_SKY = re.compile(rf"(?<!\w)(?:{'|'.join(_TERMS.split())})(?!\w)", re.IGNORECASE)
_ENOUGH = 2


def is_about_the_sky(sentences: Sequence[str]) -> bool:
    """Whether an abstract is one of astronomy: it has two different words of that field."""
    found = {match.group().lower() for text in sentences for match in _SKY.finditer(text)}
    return len(found) >= _ENOUGH
