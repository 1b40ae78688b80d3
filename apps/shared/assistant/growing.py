r"""Words that are still being written: what can be shown of them already.

Example:
    >>> without_open_formula(r"Dark energy in $\\Lamb")
    'Dark energy in '
"""

from __future__ import annotations

import re

from core.literature.text.tex import mathematics
from core.literature.text.text import sentences

__all__ = ["whole_sentences", "without_open_formula"]

_OPENS = re.compile(r"\$|\\[(\[]|\\begin|\\$|(?:(?<=\s)|^)\\[A-Za-z]*$")
_LONGEST = 200  # characters that are held back; what is longer is no formula


def without_open_formula(text: str) -> str:
    """The text up to a formula that is not closed yet; all of it, if that would be a long one."""
    end = max((stop for _, stop in mathematics(text)), default=0)
    for found in _OPENS.finditer(text, end):
        if text[found.start() - 1 : found.start()] != "\\" and len(text) - found.start() < _LONGEST:
            return text[: found.start()]
    return text


def whole_sentences(text: str) -> str:
    """The text without a last sentence that has no end; an ellipsis, if there is no other."""
    parts = sentences(text)
    if not parts or re.search(r"(?:[.?!…][\"”’)\]]*|^)(?:\s*\[\d+\])*[.]?$", parts[-1]):
        return text
    return " ".join(parts[:-1]) or f"{text.rstrip(' ,;:')} …"
