"""Whether two experiments agree on a quantity, computed from the library's table of values.

Example:
    >>> agreement("Is the S8 of KiDS-Legacy in tension with Planck?").text  # doctest: +ELLIPSIS
    'No. $S_8$ is $0.815^{+0.016}_{-0.021}$ (KiDS-Legacy cosmic shear, 2025; flat LCDM) ...'
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from core.literature.assistant.calculation.calculator import calculate
from core.literature.assistant.composing.verdicts import Verdict
from core.literature.assistant.questions.kinds import kind_of
from core.literature.assistant.questions.library_names import GENERIC
from core.literature.assistant.questions.names import names_in
from core.literature.library.values import Value, read_values
from core.literature.text.normal_form import as_phrase, tokens
from core.literature.text.stop_words import STOP_WORDS

__all__ = ["Agreement", "agreement"]

_DIFFER = re.compile(r"\b(?:tension|disagree\w*|discrepan\w+|inconsisten\w+|incompatib\w+|at odds"
                     r"|conflict\w*|contradict\w*)\b", re.IGNORECASE)
_AGREE = re.compile(r"\b(?:agree(?:s|ment)?|consistent|compatible|match(?:es)?|concord\w+)\b",
                    re.IGNORECASE)
_SIGMAS = re.compile(
    r"\bhow (?:many (?:sigmas?\b|standard deviations|σ)|far (?:apart|away|off|from)"
    r"|(?:big|large|strong|significant) is the (?:tension|discrepancy|difference))", re.IGNORECASE)
_ASKS_MORE = re.compile(
    r"\b(?:why|how|what|which|who|when|explain|describe|list|solve|resolve|ease)", re.IGNORECASE)
_FEW_WORDS = 10
_RELATION = re.compile("^(?:tension|disagree|discrepan|inconsisten|incompatib|odd|conflict"
                       "|contradict|agree|consisten|compatib|match|concord|many|is|not|versus|vs)")
_HOW_MUCH = re.compile(r"\b(?:strong|severe|serious|significant|exactly|perfectly|more than"
                       r"|less than|above|over|at least|within|below|under)\b", re.IGNORECASE)
"""A threshold of the asker's own, against which no verdict is given."""
_NOT = re.compile(r"\b(?:not|no longer)\b", re.IGNORECASE)
_GENERAL = GENERIC | STOP_WORDS | frozenset(tokens(
    "LCDM cosmic early late local universe flat still really strong strongly severe serious "
    "significant sigma standard deviation apart away far current today other both least Hubble "
    "tension S8 tension"))
"""Words that make it no other question: "consistent with zero running" is one."""
_LENSING = "S_8"
"""What is compared where two experiments share more than one quantity."""
_LONGEST = 5
"""Words of a name."""
_CLEAR, _MILD = 3.0, 2.0
"""Standard deviations from which two values are in tension, and from which mildly so."""


@dataclass(frozen=True)
class Agreement:
    """How far two values are from each other.

    Attributes:
        verdict: on the question asked; "" between 2 and 3 standard deviations, and where a number
            was asked for.
        sigmas: standard deviations between them, of independent Gaussian errors.
        text: with the verdict in front.
        code: Python that gives ``sigmas``.
    """

    verdict: Verdict
    sigmas: float
    text: str
    code: str


def agreement(question: str, before: str = "") -> Agreement | None:
    """Compare the values that a question asks to compare.

    Args:
        question: standing alone.
        before: the question before it, whose experiment "is it consistent with Planck?" means.

    Returns:
        None where it does not ask whether exactly two known values agree.
    """
    differ, agree = _DIFFER.search(question), _AGREE.search(question)
    counted = _SIGMAS.search(question) is not None or _in_short(question)
    if not counted and (bool(differ) == bool(agree) or kind_of(question) != "yes_no"):
        return None
    pair = _pair(question, before)
    if pair is None:
        return None
    one, two = pair
    found = calculate(f"How many sigma apart are {_plain(one)} and {_plain(two)}?")
    if found is None:
        return None
    left = counted or _NOT.search(question) or _HOW_MUCH.search(question)
    verdict = "" if left else _verdict(found.value, bool(differ))
    return Agreement(verdict, found.value, _said(one, two, found.value, verdict), found.code)


def _in_short(question: str) -> bool:
    """Whether a few words name the tension of two: "ACT DR6 vs DESI tension"."""
    return ("tension" in question.lower() and kind_of(question) != "yes_no"
            and _ASKS_MORE.search(question) is None and len(question.split()) <= _FEW_WORDS)


def _verdict(sigmas: float, asked_to_differ: bool) -> Verdict:
    if _MILD <= sigmas < _CLEAR:
        return ""
    return "yes" if (sigmas >= _CLEAR) == asked_to_differ else "no"


def _said(one: Value, two: Value, sigmas: float, verdict: Verdict) -> str:
    opening = f"{verdict.capitalize()}. " if verdict else ""
    grade = ("in agreement" if sigmas < _MILD else "in mild tension" if sigmas < _CLEAR
             else "in tension")
    return (f"{opening}${one.symbol}$ is {_measured(one)} and {_measured(two)}: they are "
            f"{sigmas:.1f} standard deviations apart, {grade}, with their errors taken as Gaussian "
            "and independent.")


def _measured(value: Value) -> str:
    unit = f" {value.unit}" if value.unit else ""
    model = f"; {value.model}" if value.model else ""
    return f"${value.tex}${unit} ({value.experiment}, {value.year}{model})"


def _plain(value: Value) -> str:
    numbers = value.numbers
    assert numbers is not None  # only such are paired
    centre, below, above = numbers
    return f"{centre:g} +{above:g} -{below:g}"


def _pair(question: str, before: str) -> tuple[Value, Value] | None:
    """The two values that a question sets against each other."""
    sides, known = _named_in(question)
    if _others(question) - known:
        return None
    if len(sides) == 1:
        sides = [side for side in _named_in(before)[0] if side != sides[0]] + sides
    if len(sides) != 2:
        return None
    shared = [symbol for symbol in sides[0] if symbol in sides[1]]
    asked = ([symbol for symbol in shared if _quantity(sides[0][symbol], question)]
             or [symbol for symbol in shared if symbol == _LENSING] or shared)
    if len(asked) != 1:
        return None
    one, two = (values[asked[0]] for values in sides)
    return one, two


def _named_in(text: str) -> tuple[list[dict[str, Value]], set[str]]:
    """The values by symbol of each experiment that a text names, none twice, and their words."""
    words = tokens(text)
    found: list[dict[str, Value]] = []
    known: set[str] = set()
    at = 0
    while at < len(words):
        for count in range(min(_LONGEST, len(words) - at), 0, -1):
            values = _named().get(tuple(words[at : at + count]))
            if values is not None:
                known.update(words[at : at + count])
                if values not in found:
                    found.append(values)
                at += count
                break
        else:
            at += 1
    return found, known


def _others(question: str) -> set[str]:
    """Words of names and of matters that are neither the quantity nor the comparison."""
    named = {word for name in names_in(question) for word in tokens(name)}
    matters = {word for word in tokens(question) if not _RELATION.search(word)}
    return (named | matters) - _quantities() - _GENERAL


@lru_cache(maxsize=1)
def _named() -> dict[tuple[str, ...], dict[str, Value]]:
    """The values that people mean by a name, by symbol."""
    found: dict[tuple[str, ...], dict[str, Value]] = {}
    for value in read_values().values():
        for name in value.names:
            if value.numbers is not None:
                found.setdefault(tuple(tokens(name)), {})[value.symbol] = value
    return found


@lru_cache(maxsize=1)
def _quantities() -> frozenset[str]:
    return frozenset(word for values in _named().values() for value in values.values()
                     for word in tokens(f"${value.symbol}$ {value.quantity}"))


def _quantity(value: Value, question: str) -> bool:
    """Whether a question names the quantity of a value, by its symbol or in words."""
    asked = as_phrase(question)
    return any(as_phrase(name) in asked for name in (f"${value.symbol}$", value.quantity))
