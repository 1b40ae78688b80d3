"""Whether the model begins with yes or no, its leaning taken off."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import log

from core.literature.language_model.backends import Backend
from core.literature.language_model.prompts import plain_prompt

__all__ = ["YesOrNo"]

_SHARE = 0.5
"""Least probability of " Yes" and " No" together: below, the model begins with other words."""
_YES_NO = re.compile(
    r"(?:.*[,;:]\s+)?(?:is|are|was|were|do|does|did|can|could|has|have|had|will|would|should|may|might|"
    r"must)(?:n['’]t)?\s",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class YesOrNo:
    """The first word of an answer to a question that asks for yes or no.

    Attributes:
        backend: what runs the language model.
        yes_bias: added to ln p("Yes") - ln p("No").
        prior_weight: share of what the question alone suggests that is taken off.
    """

    backend: Backend
    yes_bias: float = 0.0
    prior_weight: float = 0.0

    def first_word(self, question: str, prompt: str) -> str:
        """ " Yes" or " No" where the model begins with one of them; else "".

        The model leans to one of the two whatever it has read: what the question alone suggests is
        partly taken off, and ``yes_bias`` added.
        """
        if not _YES_NO.match(question):
            return ""
        prior = self.log_odds(plain_prompt(question)) if self.prior_weight else (0.0, 1.0)
        odds, share = self.log_odds(prompt)  # last: the answer goes on from this prompt
        if share < _SHARE:
            return ""
        return " Yes" if odds - self.prior_weight * prior[0] + self.yes_bias > 0 else " No"

    def log_odds(self, prompt: str) -> tuple[float, float]:
        """ln p("Yes") - ln p("No") of the next token, and the probability of both together."""
        yes, no = self.backend.first_token(prompt, [" Yes", " No"])
        return log(yes + 1e-9) - log(no + 1e-9), yes + no
