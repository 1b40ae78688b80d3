"""The order of words and the articles of a question that was read word by word, put as in English.

Example:
    >>> in_order("why the sky is dark?")
    'why is the sky dark?'
"""

from __future__ import annotations

import re

__all__ = ["MASS_NOUNS", "in_order"]

MASS_NOUNS = (
    "(?:cold |warm |hot |fuzzy )?dark (?:matter|energy)|inflation|reionization|recombination"
    "|redshift|"
    "(?:primordial )?nucleosynthesis|gravity|(?:general|special) relativity|quantum gravity"
    "|cosmology|"
    "astronomy|antimatter|(?:structure|star|galaxy) formation|machine learning|baryogenesis|"
    "(?:weak|strong|gravitational) lensing|microlensing|simulation-based inference"
    "|baryonic feedback"
)
_ORDERS = tuple(
    (re.compile(pattern, re.IGNORECASE), order)
    for pattern, order in (
        (r"\b(the|a|of|that|what|is|it)['’](?=\w)", r"\1 "),
        (r"\b(the|a|of|is|what is|in|and|to) (?:\1\b ?)+", r"\1 "),
        (r"\b(?:the a|a the|to the the)\b", "the"),
        (rf"\b(?:the|a) (?={MASS_NOUNS}\b)(?!inflation rate)", ""),
        (r"^(how \w+) is of (?:the )?(?=[^?]{0,40}s\b)", r"\1 are the "),
        (r"^(how \w+) is of (?:the )?", r"\1 is the "),
        (r"^how long did last ([^?]{2,80})", r"how long did \1 last"),
        (r"^what is made of ([^?]{2,80})", r"what is \1 made of"),
        (r"^what does teach us ([^?]{2,80})", r"what does \1 teach us"),
        (
            r"^(?:which|what) (role|part) (?:play|has|have|do)s? "
            r"((?:the )?[\w' -]{2,60}?) (in|at|for)\b",
            r"what \1 does \2 play \3",
        ),
        (r"\bus (tell|teach|show|say|give)\b", r"\1 us"),
        (r"^ha(?:s|ve) ([\w-]+) (the [\w -]{2,60})\?", r"do \2 have \1?"),
        (r"\bhas (we|you|they|the [\w -]{2,40}?) ([\w -]{2,60}?) necessary\b", r"do \1 need \2"),
        (r"^when was born ([^?]{2,60})", r"when was \1 born"),
        (r"\b(would|could|will) can\b", r"\1"),
        (r"^(which [\w -]{2,40}?) be located\b", r"\1 is"),
        (r"\bcan not (we|you|they)\b", r"can \1 not"),
        (r"\b(if|that) (is|are) there\b", r"\1 there \2"),
        (r"\bthe (our|its|my|their)\b", r"\1"),
        (r"\bthe more\b", "the most"),
        (r"^what does look like ([^?]{2,60})", r"what does \1 look like"),
        (r"^how many are there ([\w-]+(?: [\w-]+){0,3}?s)\b", r"how many \1 are there"),
        (r"^ha(?:s|ve) ((?:the )?[\w-]*[^\Ws]s) ((?:an? |the )?[\w -]{2,60})\?", r"do \1 have \2?"),
        (r"\b(of|from|to|with|for|by|between|than) we\b", r"\1 us"),
        (r"\baway of\b", "away from"),
        (r"^how does work ([^?]{2,80})", r"how does \1 work"),
        (
            r"^why (?!do |does |did |is |are |was |were |can |has )"
            r"((?:the |our )?[\w -]{2,60}?) (is|are|was|were|has|can) (?!there)",
            r"why \2 \1 ",
        ),
        (r"^why (expand|accelerate|arise)s ([^?]{2,80}?)(?: from)?(?=\?|$)", r"why does \2 \1"),
        (
            r"^why (?!does |is |are )"
            r"([\w' -]{2,60}?) (expand|accelerate|exist)s?(?: from)?(?=\?|$)",
            r"why does \1 \2",
        ),
        (r"^how (?:arises|arise) (?:the )?([^?]{2,80})", r"how does \1 form"),
        (r"^(what|which) ([\w' -]{2,60}?) measured ", r"\1 \2 measure "),
        (r"^how does ([\w -]{2,60}s) (form|work)", r"how do \1 \2"),
        (
            r"^what is "
            r"((?:(?!of\b)[\w-]{1,30} ){0,4}(?:holes|oscillations"
            r"|clusters|galaxies|stars|voids))\b",
            r"what are \1",
        ),
        (r"^(how many [\w -]{2,40}?s) is there", r"\1 are there"),
        (r"^is there (?:a )?evidences?\b", "is there evidence"),
        (r"^is there (?!life|evidence)([\w -]{2,40}s)\b", r"are there \1"),
        (r"^what does measure ([^?]{2,60})", r"what does \1 measure"),
    )
)


def in_order(text: str) -> str:
    """A question with its verb and articles where English has them."""
    for pattern, order in _ORDERS:
        text = pattern.sub(order, text)
    return text
