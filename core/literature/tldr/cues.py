"""Phrases by which abstracts announce what a sentence does."""

from __future__ import annotations

import re

__all__ = ["CUES", "STATES_CONTRIBUTION"]

_PATTERNS = {
    "we propose": r"\bwe propose",
    "we present": r"\bwe present",
    "we introduce": r"\bwe introduce",
    "we develop": r"\bwe develop",
    "we describe": r"\bwe describe",
    "we study": r"\bwe study",
    "we investigate": r"\bwe (?:investigate|explore|examine|consider|analy[sz]e)",
    "we show": r"\bwe (?:show|demonstrate|prove)",
    "we find": r"\bwe (?:find|found|observe)",
    "we evaluate": r"\bwe (?:evaluate|validate|test|apply|compare)",
    "also": r"\balso\b",
    "in this paper": r"\bin this (?:paper|work|article|study|letter)|\bhere,? we\b",
    "this paper": r"^this (?:paper|work|article|study|letter)",
    "to": r"^to\b",
    "however": r"^(?:however|yet|but|unfortunately|despite|although|while)\b",
    "moreover": r"^(?:moreover|furthermore|additionally|in addition|further|besides)\b",
    "for example": r"^(?:for example|for instance|e\.g)",
    "finally": r"^(?:finally|lastly)\b",
    "specifically": r"^(?:specifically|in particular)\b",
    "our results": r"^(?:our|the) (?:\w+ )?(?:results?|experiments?|experimental)|^experiment|"
                   r"^extensive|experimental results|experiments on",
    "our": r"^our\b",
    "the": r"^the\b",
    "we": r"^we\b",
    "it": r"^(?:it|they|this|these|such|those)\b",
    "existing methods": r"\b(?:existing|previous|prior|recent|current) (?:\w+ )?"
                        r"(?:methods?|work|approach\w*|techniques?|models?|studies)",
    "new": r"\b(?:novel|new)\b",
    "method": r"\b(?:method|approach|framework|model|algorithm|technique|architecture)\b",
    "improve": r"\b(?:outperform|state-of-the-art|state of the art|improve)",
    "data set": r"\b(?:datasets?|benchmarks?)\b",
    "code": r"\bcode\b|\bhttps?:|\bavailable\b",
    "that": r"\bthat\b",
    "by": r"\bby\b",
    "called": r"\b(?:called|termed|named|dubbed|denoted)\b|\bwhich we call\b",
    "has been": r"\b(?:has|have) (?:been|become)\b",
    "is a": r"\b(?:is|are) (?:an?|the)\b",
    "problem": r"\b(?:suffer|challeng|problem|difficult|limit|expensive|lack)",
    "question": r"\?",
    "can": r"\b(?:can|could|may)\b",
    "in this": r"^in this\b",
    "of us": r"\bwe\b",
    "of ours": r"\bour\b",
    "motivated": r"\b(?:motivated|inspired|based on)\b",
}  # fmt: skip
CUES = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _PATTERNS.items()}
"""Patterns by name; each is linear in the length of the text."""

STATES_CONTRIBUTION = re.compile(
    r"\b(?:we|paper|work|study|article|letter)\b[^.]{0,30}\b(?:propos|present|introduc|develop|"
    r"describ|stud(?:y|ies)|investigat|explor|measur|constrain|report|examin|consider|analy[sz]|"
    r"perform)",
    re.IGNORECASE,
)
"""Found where a sentence says what the paper does."""
