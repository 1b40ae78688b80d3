r"""What of a question is looked up: its words, without markup, hidden signs and decoration.

Example:
    >>> searched("<b>bold</b> \N{ROCKET} What is the Hub\N{ZERO WIDTH SPACE}ble constant?")
    'bold What is the Hubble constant?'
"""

from __future__ import annotations

import html
import re
import unicodedata

from apps.shared.page.bounded_math import without_lengths
from apps.shared.page.untrusted import plain_text

__all__ = ["searched"]

_NOT_SHOWN = re.compile(
    r"<(script|style)\b[^>]*>.*?(?:</\1\s*>|$)|<!--.*?(?:-->|$)", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(r"</?[A-Za-z][\w:-]*(?:\s[^<>]*=[^<>]*)?\s*/?>")
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()\s]*\)|\[[^\[\]]*\])")
_ADDRESS = re.compile(r"(?:https?|ftp)://\S+", re.IGNORECASE)
_MARKS = re.compile(r"\*\*+|__+|~~+|`+|^\s{0,3}(?:#{1,6}|>)\s+", re.MULTILINE)
_EMPTY = re.compile(r"\$\s*\$|\$\$\s*\$\$|\\\(\s*\\\)|\\\[\s*\\\]")
_WORD = re.compile(r"[^\W\d_]{2}|[^\W\d_]\d|[⺀-鿿가-힯]")


def searched(question: str) -> str:
    """The question as it is looked up and read by the model.

    Raises:
        ValueError: one sentence, if no word is left.
    """
    text = _TAG.sub(" ", _NOT_SHOWN.sub(" ", html.unescape(plain_text(question))))
    text = _LINK.sub(r"\1", text)
    text = _EMPTY.sub(" ", without_lengths(_MARKS.sub(" ", _ADDRESS.sub(" ", text))))
    text = "".join(sign for sign in text if not _decorates(sign))
    text = "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()
    if not _WORD.search(text):
        raise ValueError("There are no words of a question in this: ask it in words.")
    return text


def _decorates(sign: str) -> bool:
    """Whether it is an emoji, or a part of one."""
    return unicodedata.category(sign) in ("So", "Cf", "Cs", "Co") and sign not in "°☉⊙" or (
        sign in "\ufe0e\ufe0f\u20e3" or "\U0001f3fb" <= sign <= "\U0001f3ff")
