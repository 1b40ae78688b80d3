"""How an English word sounds, roughly: words that are typed by ear sound like those that are meant.

A key of consonants in the manner of Soundex and Metaphone (Philips 1990): letters of one sound are
one, vowels but the first and doubled or silent letters are left out.

Example:
    >>> sound("gravitashunal") == sound("gravitational"), sound("fyzics") == sound("physics")
    (True, True)
"""

from __future__ import annotations

import re

__all__ = ["sound"]

_LONGEST = 40
_RULES = tuple((re.compile(pattern), key) for pattern, key in (
    (r"^(?:kn|gn|pn)", "n"), (r"^ps", "s"), (r"^wr", "r"), (r"^x", "s"),
    (r"tch", "C"), (r"sch", "sk"), (r"[tsc]i(?=[aou])|sh", "S"), (r"ph", "f"), (r"ck|ch|q", "k"),
    (r"(?<=.)gh", ""), (r"wh", "w"), (r"c(?=[eiy])|z", "s"), (r"g(?=[eiy])", "j"), (r"c", "k"),
    (r"x", "ks"), (r"th", "0"), (r"^[aeiouy]", "A"), (r"(?<=.)[aeiouyhw]", ""),
    (r"(.)\1+", r"\1"),
))


def sound(word: str) -> str:
    """The key of a word in small letters; what is longer than 40 letters is cut."""
    key = word[:_LONGEST].lower()
    for pattern, put in _RULES:
        key = pattern.sub(put, key)
    return key
