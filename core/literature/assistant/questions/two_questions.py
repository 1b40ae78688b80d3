"""The second of two questions in one: "What is n_s, and how is it measured?".

Example:
    >>> second_question("What is the BAO scale and how is it measured?")
    'How is the BAO scale measured?'
"""

from __future__ import annotations

import re

from core.literature.assistant.questions.follow_ups import standalone
from core.literature.assistant.questions.subjects import content_words, subject_of
from core.literature.text.text import clean

__all__ = ["second_question"]

_LONGEST = 400
_ASKS = (r"(?:what(?:'s)?|how|why|when|where|who|which|is|are|was|were|does|do|did|can|could|has"
         r"|have|at what|in which|for what|to what)\b")
_TWO = re.compile(
    rf"^(?P<first>.{{6,{_LONGEST}}}?)(?:\?+\s+(?:and\s+)?|[,;]?\s+and\s+(?:also\s+|then\s+)?)"
    rf"(?:(?:say|tell me|explain|please|describe)\s+)?(?P<second>{_ASKS}.{{4,200}})$",
    re.IGNORECASE | re.DOTALL)
_ASKING = re.compile(
    rf"(?:.*[\s,])?(?:{_ASKS}|define|explain|describe|give|list|name)", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:between|compare|difference|versus|vs)\b", re.IGNORECASE)


def second_question(question: str) -> str:
    """The second question, standing alone; "" where there is one only.

    Args:
        question: in English, standing alone.
    """
    found = _TWO.match(clean(question)[: 2 * _LONGEST])
    if found is None or _BETWEEN.search(found["first"]):
        return ""
    first, second = found["first"].strip(), found["second"].strip()
    if not _ASKING.match(first) or not content_words(first):
        return ""
    alone = standalone(second, [(first, "")]).text
    if not content_words(alone):
        return ""
    if set(content_words(alone)) & set(content_words(first)):
        return alone
    return f"{alone.rstrip(' ?.!')} of {subject_of(first)}?"
