"""Questions that go on with those before them: "and at z = 8?", "how old was it then?".

What one question gives (redshifts, amounts, unit, cosmology, quantity) is carried to the next, so
that a chain of them stays one calculation; a question about something else begins anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from core.literature.assistant.calculation.asked import (
    LONGEST,
    Asked,
    read_question,
    with_before,
)
from core.literature.assistant.calculation.calculation import Calculation
from core.literature.assistant.calculation.guard import (
    asks_for_no_calculation,
    without_politeness,
)
from core.literature.assistant.calculation.kinds.arithmetic import bare, with_amount
from core.literature.assistant.calculation.lists import for_each
from core.literature.assistant.calculation.quantities import sure
from core.literature.assistant.calculation.strays import about_something_else

__all__ = ["Turn", "spoken", "turn"]

_TURNS = 8
_LEADS = re.compile(r"^\W{0,4}(?:and|what about|how about|also|then|now|so)\b", re.I)
_LEANS = re.compile(
    r"\b(?:there|then|at (?:that|this) (?:redshift|time|epoch|z|point|distance|age)|that redshift|"
    r"that z|its)\b", re.I)
_TALK = re.compile(
    r"\W{0,3}(?:(?:ok(?:ay)?|thanks?|thank you|thx|cool|great|nice|wow|good|perfect|i see|got it|"
    r"hm+|ah|oh|right|interesting|so much|very much|a lot|lol|awesome)\b[\s,.!]{0,4}){1,6}\W{0,3}",
    re.I)
_MODIFIERS = frozenset(["comoving", "co-moving", "proper", "physical", "relativistic", "classical"])
_TODAY = frozenset(["today", "now"])
_DEFINES = re.compile(r"^\W{0,3}(?:so )?(?:what(?:'?s| is| are| does| do)|which|who)\b", re.I)
_OPERATES = re.compile(r"^(?:and |then |now |what about ){0,3}(?P<rest>(?:times|plus|minus|over|in|"
                       r"to|into|as|divided by|multiplied by|[-+*/×^])[ \d(].{1,60})$", re.I)
_FILLING = (
    "and what about how if now then same also or but with for at in using use the a an of is it "
    "that this there to i s one do compute calculate please would be instead cosmology assuming "
    "redshift redshifts thing question was were you can could me give tell number again units "
    "unit on convert express as different value scale factor universe mass halo by did when z "
    "ok we go so from case take assume set get make let try again lets today would  # § "
)
_FILLERS = frozenset(_FILLING.split())
"""Words that a follow-up may have beside what it changes."""




@dataclass(frozen=True)
class Turn:
    """A question as it is understood after those before it, and what was computed for it."""

    asked: Asked
    found: Calculation | None = None

    @property
    def redshift(self) -> float | None:
        """A redshift that was the answer."""
        if self.found is None or self.found.quantity != "redshift" or self.asked.redshifts:
            return None
        return float(f"{self.found.value:.6g}")


def spoken(questions: Sequence[str]) -> Turn | None:
    """What the questions before have come to; None before the first."""
    before: Turn | None = None
    for question in questions[-_TURNS:]:
        if not question.strip() or _TALK.fullmatch(question[:80]):
            continue
        try:
            before = turn(question, before)
        except ValueError:  # "at z = -2?": the next one may put it right
            asked = read_question(without_politeness(question[:LONGEST]))
            merged = before and _goes_on(question, asked)
            before = Turn(with_before(asked, before.asked, words=f"{before.asked.words} "
                                      f"{asked.words}")) if before and merged else Turn(asked)
    return before


def turn(question: str, before: Turn | None) -> Turn:
    """A question in the light of what was asked before it.

    Raises:
        ValueError: if it asks for what cannot be computed.
    """
    asked = read_question(without_politeness(question[:LONGEST]))
    if asks_for_no_calculation(question):
        return Turn(asked)
    certain = sure(asked)
    if certain is not None:
        return Turn(asked, certain)
    leaning = before is not None and not asked.redshifts and not asked.scale_factors and (
        _LEANS.search(question) is not None)
    if before is not None and leaning and (found := _followed(asked, before)) is not None:
        return found
    alone = None if about_something_else(asked.words) else for_each(asked)
    if alone is not None or before is None or not (
            _goes_on(question, asked) or before.found and _names_a_quantity(question)):
        return Turn(asked, alone)
    return _followed(asked, before) or Turn(asked)


def _given(asked: Asked) -> bool:
    return bool(asked.redshifts or asked.amounts or asked.numbers or asked.cosmology.explicit
                or asked.target or asked.scale_factors or asked.line
                or set(re.findall(r"[a-z-]{1,20}", asked.words)) & _MODIFIERS)


def _goes_on(question: str, asked: Asked) -> bool:
    """Whether a question goes on with the one before it."""
    if _given(asked) and len(_others(asked)) <= 2 and len(_words(asked)) <= 12:
        return True
    return bool(_LEADS.search(question) or _LEANS.search(question))


def _names_a_quantity(question: str) -> bool:
    """Whether a question may be another quantity of what was just computed: "lookback time?"."""
    return len(question.split()) <= 7 and not _DEFINES.match(question)


def _words(asked: Asked) -> list[str]:
    return re.findall(r"[a-z§]{1,30}", re.sub(r"#\w+", "#", asked.words))


def _others(asked: Asked) -> list[str]:
    """The words of a question beside those that any follow-up may have."""
    units = {word for unit in asked.mentioned for word in re.findall(r"[a-z]+", unit.shown.lower())}
    return [w for w in _words(asked) if w not in _FILLERS | units and not w.endswith("years")]


def _followed(asked: Asked, before: Turn) -> Turn | None:
    for merged in _readings(asked, before):
        found = for_each(merged)
        if found is not None:
            return Turn(merged, found)
    return None


def _of_arithmetic(asked: Asked, earlier: Asked) -> Iterator[Asked]:
    """Another amount in an expression, or the expression with something more done to it."""
    found = _OPERATES.match(asked.text.strip(" ?!."))
    more = found is not None and found["rest"].startswith(("plus", "minus", "+", "-"))
    if len(asked.amounts) == 1 and not more and (
            other := with_amount(earlier.text, asked.amounts[0])):
        yield read_question(other)
    elif found is not None:
        yield read_question(f"({bare(earlier.text)}) {found['rest']}")


def _readings(asked: Asked, before: Turn) -> Iterator[Asked]:
    """The ways in which a follow-up may be meant, the likeliest first."""
    earlier, given = before.asked, _given(asked)
    others = [word for word in _others(asked) if word not in _MODIFIERS]
    if before.redshift is not None and not asked.redshifts and (others or not given):
        alone = replace(earlier, amounts=(), numbers=(), redshifts=(before.redshift,))
        yield with_before(asked, alone, words=f"{asked.words} redshift #")
    if before.found is not None and before.found.quantity == "arithmetic":
        yield from _of_arithmetic(asked, earlier)
    if not others and earlier.redshifts and not asked.redshifts and set(_words(asked)) & _TODAY:
        asked = replace(asked, redshifts=(0.0,))
    own = with_before(asked, earlier, words=asked.words)
    if others or not given:  # a quantity of its own, for what was given before
        yield own
        if own.redshifts and not asked.redshifts:
            yield replace(own, words=f"{asked.words.rstrip(' ?!.')} at redshift #")
        if earlier.amounts and own.amounts != asked.amounts:
            yield replace(own, amounts=asked.amounts)
    if given:
        both = f"{earlier.words} {asked.words}"
        first_own = f"{asked.words} {earlier.words}"
        modified = set(_words(asked)) & _MODIFIERS
        yield replace(own, words=first_own if modified else both)
