"""Where a sentence may be shortened, so that what stays is still a sentence.

Dropped at the front are words that only lead in ("In this paper,", "To address this problem,"),
at the end clauses that only add ("..., which ...", "...; ..."). Never dropped is what a claim
depends on: conditions, negations and comparisons stay. Every piece is an exact, contiguous part of
the sentence with its formulas and brackets whole.

Example:
    >>> text = "In this paper, we measure the growth rate, which agrees with Planck."
    >>> [text[a:b] for a, b in pieces(text, fewest_words=5)][-1]
    'we measure the growth rate'
"""

from __future__ import annotations

import re

__all__ = ["FEWEST_WORDS", "is_closed", "may_end", "may_start", "pieces"]

FEWEST_WORDS = 8
"""A shorter piece is no summary."""

_LONGEST = 2000
_NOUN = r"(?:paper|work|article|study|letter|contribution|thesis|report|manuscript|analysis)"
_LEADING = re.compile(
    r"(?:(?:however|moreover|furthermore|additionally|in addition|besides|also|thus|hence|then|"
    r"therefore|consequently|accordingly|as a result|finally|lastly|first|firstly|second|secondly|"
    r"third|next|further|instead|specifically|in particular|more specifically|more precisely|"
    r"concretely|to (?:this|that) end|to do (?:so|this)|here|herein|now|overall|in summary|"
    r"in short|unfortunately|recently|interestingly|notably|importantly|nevertheless|nonetheless|"
    rf"in (?:this|the (?:present|current)) (?:\w+ )?{_NOUN}|"
    r"(?:in order )?to (?:\w+ )?(?:address|overcome|tackle|solve|fill|bridge|mitigate|remedy|"
    r"alleviate|resolve|answer|deal with|cope with|circumvent|combat) "
    r"(?:this|these|that|those|such)(?: [\w-]+){0,3}|"
    r"(?:motivated|inspired) by (?:this|these)(?: [\w-]+){0,3}), |"
    rf"in this {_NOUN} (?=we |i |a |an |the )){{1,3}}",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"(?:, (?:which|where|thereby|thus|hence|therefore|leading|resulting|making|allowing|"
    r"enabling|providing|yielding|achieving|showing|demonstrating|suggesting|outperforming|"
    r"improving|reducing|and|such as|including|e\.g\.|i\.e\.|as well as|so that|so)|;|"
    r" and (?:we|thus|then|show|demonstrate|prove|propose|provide|present|discuss|evaluate|find)|"
    r" to (?:show|demonstrate|prove|improve|reduce|achieve)| as well as| such as| thereby|"
    r" by (?=\w+ing )| using| via| through)(?=[ ,])",
    re.IGNORECASE,
)
_DEPENDS = re.compile(
    r"\b(?:not?|nor|neither|never|only|unless|if|except|without|cannot|hardly|less|more|rather|"
    r"whether|either|both|between|should|would|despite|although|though|however|but|yet|whereas|"
    r"unfortunately|until|once|after|provided|assuming|assumed|vanish\w*|disappear\w*|no longer|"
    r"fails?|failed|insignificant|inconclusive|contrary|instead|even|unlikely|caution|caveats?|"
    r"inconsistent|disfavou?r\w*|exclud\w+|rul(?:e|ed|es|ing) out|reject\w*|in tension|limited|"
    r"degenera\w+|under the assumption|in the (?:absence|limit)|while)\b|n't\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:if|when|assum\w+|unless|under|only|except|without|not?|after|once|until|provided|in the "
    r"(?:absence|presence|limit|case|context)|for (?:models?|a model)|allowing|marginali[sz]\w+|"
    r"within|"
    r"adopting|although|though|while|whereas|but|despite|simulated?|mocks?|simulations?|forecast\w*)\b",
    re.IGNORECASE,
)


def pieces(sentence: str, fewest_words: int = FEWEST_WORDS) -> list[tuple[int, int]]:
    """Start and end of every piece that can stand for the sentence; the whole one comes first.

    Args:
        sentence: one, as :func:`core.literature.text.text.sentences` splits.
        fewest_words: of a piece that is not the whole.
    """
    whole = (0, len(sentence))
    if len(sentence) > _LONGEST:
        return [whole]
    lead = _LEADING.match(sentence)
    starts = [0] + ([lead.end()] if lead else [])
    ends = [len(sentence)]
    ends += [cut.start() for cut in _TRAILING.finditer(sentence) if may_end(sentence, cut.start())]
    found = ((start, end) for end in ends for start in starts)
    return [whole, *(
        (start, end) for start, end in found
        if (start, end) != whole and len(sentence[start:end].split()) >= fewest_words
        and is_closed(sentence[start:end])
    )]  # fmt: skip


def may_end(sentence: str, end: int) -> bool:
    """Whether nothing that the claim depends on is cut off behind ``end``."""
    return not _DEPENDS.search(sentence, end) and not _DEPENDS.search(sentence[:end][-25:])


def may_start(left_off: str) -> bool:
    """Whether what is left off in front holds no condition of what follows."""
    return not _CONDITION.search(left_off)


def is_closed(text: str) -> bool:
    """Whether brackets, quotation marks and formulas of a piece are whole."""
    pairs = (("(", ")"), ("[", "]"), ("{", "}"))
    return all(text.count(a) == text.count(b) for a, b in pairs) and not (
        text.count("$") % 2 or text.count('"') % 2
    )
