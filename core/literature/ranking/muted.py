"""Muted words: which papers have one, in whichever way either spells it.

A word counts where it stands as it was typed, and where its normal form does: "σ8" is in a paper
that writes ``$\\sigma_8$``.

Example:
    >>> from core.literature.text.paper import Paper
    >>> muted_word(Paper("1", "Clusters", r"We find $\\sigma_8 = 0.8$."), ["void", "σ8"])
    'σ8'
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from core.literature.text.normal_form import tokens, tokens_apart, written
from core.literature.text.paper import Paper
from core.literature.text.stop_words import STOP_WORDS
from core.literature.text.text import clean

__all__ = ["checked_mutes", "muted_word"]


def checked_mutes(words: Sequence[str]) -> tuple[str, ...]:
    """The words as given.

    Raises:
        ValueError: one sentence, if one has neither a letter nor a digit.
    """
    for word in words:
        if not any(character.isalnum() for character in word):
            raise ValueError(f"“{word[:40]}” cannot be muted: it has no letter and no digit; "
                             "write a word, such as axion.")
    return tuple(words)


def muted_word(paper: Paper, muted: Sequence[str]) -> str | None:
    """The first muted word that the title or the abstract has; None if it has none."""
    text = f"{paper.title}\n{paper.abstract}"
    return next((word for word in muted if _has(text, word)), None)


def _has(text: str, word: str) -> bool:
    if _pattern(word).search(_plain(text)):
        return True
    said = _form(text)
    return any(f" {form} " in said for form in _word_forms(word))


@lru_cache(maxsize=1024)
def _word_forms(word: str) -> tuple[str, ...]:
    """The normal forms to look for; none where only common words are in it."""
    apart, terms = tokens_apart(word), tokens(word)
    if set(apart) <= STOP_WORDS:
        return ()
    found = {" ".join(apart): None}
    if len(terms) == 1:  # a term has other names, but "z" is not "redshift" to who mutes that
        found |= {" ".join(tokens_apart(name)): None for name in written(terms[0]) if name[1:]}
    return tuple(filter(None, found))


@lru_cache(maxsize=4096)
def _form(text: str) -> str:
    return f" {' '.join(tokens_apart(text))} "


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return clean(text).casefold()


@lru_cache(maxsize=1024)
def _pattern(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(clean(word).casefold())}(?:s|es)?(?!\w)")
