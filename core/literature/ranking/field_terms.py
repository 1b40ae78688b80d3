"""Which words of a paper are terms of the field: the only ones that explain a likeness.

Two abstracts share "half", "sign" and "median redshift" by chance; "weak lensing" they do not.

Example:
    >>> [is_of_field(term) for term in ("wl", "halo mass", "fifth", "median redshift")]
    [True, True, False, False]
"""

from __future__ import annotations

from functools import lru_cache

from core.literature.facets.vocabulary import OBJECTS, STATISTICS
from core.literature.text.text import words
from core.literature.text.vocabulary import TERMS

__all__ = ["is_of_field"]

_EVERYWHERE = frozenset(words("redshift solar mass mass gravity sampling posterior momentum dust "
                              "radio imaging mergers power spectrum galaxies stacking moments"))
"""Terms of the field by themselves, but of no part of it."""
_TOPICS = words("lensing clusters haloes splashback filaments reheating ringdown satellites "
                "foregrounds feedback wormholes microlensing recombination magnetism birefringence "
                "baryogenesis monopoles strings defects dipole anisotropy isocurvature")
"""Words by themselves that name a part of the field."""


def is_of_field(term: str) -> bool:
    """Whether a word, or a pair of words, in normal form is a term of the field."""
    return term in _terms()


@lru_cache(maxsize=1)
def _terms() -> frozenset[str]:
    phrases = [tuple(words(text)) for text in (*OBJECTS, *STATISTICS)]
    phrases += [tuple(words(text)) for term in TERMS.values()
                for text in (term.shown, *term.related)]
    phrases += [(name,) for name in TERMS]
    found = {phrase[0] for phrase in phrases if len(phrase) == 1} - _EVERYWHERE | {*_TOPICS}
    return frozenset(found | {f"{a} {b}" for phrase in phrases
                              for a, b in zip(phrase, phrase[1:], strict=False)
                              if "around" not in (a, b)})
