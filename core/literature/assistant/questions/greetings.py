"""Greetings in front of a question: "hi" is also how people write neutral hydrogen.

Example:
    >>> ungreeted("hi, what is HI?"), ungreeted("hi mass function")
    ('what is HI?', 'hi mass function')
"""

from __future__ import annotations

import re

__all__ = ["ungreeted"]

_MOST = 3
"""Greetings in a row: "hello! good morning! how are you?"."""
_TO_WHOM = (
    r"(?: (?:there|all|everyone|everybody|again|guys|folks|team|friend|mate|buddy|bot|you|to you"
    r"|cosmo ?gemma|gemma)\b)?")
_WORDS = (
    r"(?:dear cosmo ?gemma|hell?o+|hey+a?|hallo|hiya|heya|howdy|hola|bonjour|ciao|greetings|salut"
    r"|(?:a )?(?:very )?good (?:morning|afternoon|evening|day)|nice to meet you"
    r"|pleased to meet you|what(?:['’]s|s| is) up|how do you do)\b")
_ASKS = (
    r"(?:what|wat|whats|how|who|why|when|where|which|please|pls|plz|tell|explain|define|describe"
    r"|list|compare|give|calculate|i|im|my|we|thanks|thx|thank|just|quick"
    r"|(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have|may|r) "
    r"(?:you|u|i|we|it|the|there|they|this|that|these|those|someone|anyone|a|an))\b")
_OPENS = re.compile(
    rf"(?:hi{{1,6}}|yo|sup|{_WORDS}){_TO_WHOM}"
    rf"(?:\s*(?:[,.!?:;–—]|-(?=\s))[\s,.!?:;–—-]*|\s*$|\s+(?={_ASKS}|{_WORDS}|hi\b))",
    re.IGNORECASE)
"""What follows is a question or another greeting: "hello world" is none."""
_HYDROGEN = re.compile(r"HI{1,2}(?!\w|\s*!)")


def ungreeted(question: str) -> str:
    """A question without the greeting in front of it; "" if it is nothing else.

    Args:
        question: as typed. "HI" in capitals is hydrogen where not all is in capitals, and "hi" in
            front of a noun is.
    """
    text = question.strip()
    for _ in range(_MOST):
        found = None if _of_hydrogen(text) else _OPENS.match(text)
        if found is None:
            break
        text = text[found.end() :].strip()
    return text


def _of_hydrogen(text: str) -> bool:
    shouted = len(text) > 4 and text == text.upper()
    return _HYDROGEN.match(text) is not None and not shouted
