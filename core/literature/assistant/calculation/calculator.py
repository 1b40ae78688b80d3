"""From a question to its number, or to None."""

from __future__ import annotations

from collections.abc import Sequence

from core.literature.assistant.calculation.calculation import Calculation
from core.literature.assistant.calculation.conversation import spoken, turn
from core.literature.assistant.calculation.guard import asks_for_no_calculation
from core.literature.assistant.calculation.two_parts import with_second

__all__ = ["calculate"]


def calculate(question: str, before: str | Sequence[str] = ()) -> Calculation | None:
    """What a question asks to compute, computed with astropy.

    Args:
        question: as typed in a chat.
        before: the questions before it, the latest last (or the one before), which a follow-up
            such as "and at z = 8?" or "how old was it then?" goes on with.

    Returns:
        The calculation, None where the question asks for none.

    Raises:
        ValueError: with one sentence, if it asks for what cannot be computed: a redshift below -1,
            a negative mass, an unknown cosmology.

    Example:
        >>> calculate("how old was the universe at redshift six?").text  # doctest: +ELLIPSIS
        'The age of the Universe at z = 6 is 0.9293 Gyr ...'
    """
    if not question.strip() or asks_for_no_calculation(question):
        return None
    found = _one(question, before)
    return found and with_second(question, found, _one)


def _one(question: str, before: str | Sequence[str] = ()) -> Calculation | None:
    """The one quantity that a question asks for."""
    earlier = [before] if isinstance(before, str) else before
    return turn(question, spoken(earlier)).found
