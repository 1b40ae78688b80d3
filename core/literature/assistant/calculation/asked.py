"""A question taken apart: redshifts, amounts with their units, the unit wanted, the cosmology.

Example:
    >>> asked = read_question("How large is 1 arcmin at z=0.5 in kpc?")
    >>> asked.redshifts, asked.amounts[0].unit.shown, asked.target.shown
    ((0.5,), 'arcmin', 'kpc')
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from core.literature.assistant.calculation.cosmologies import Cosmology, named_cosmology
from core.literature.assistant.calculation.spectral_lines import Line, line_in
from core.literature.assistant.calculation.spelling import as_meant
from core.literature.assistant.calculation.units import Unit, unit_at
from core.literature.assistant.calculation.written_numbers import NUMBER, plain_numbers
from core.literature.text.flat_math import flatten

__all__ = ["Amount", "Asked", "LONGEST", "read_question"]

LONGEST = 600
"""Characters of a question; what is longer is pasted text, which asks for no calculation."""


@dataclass(frozen=True)
class Amount:
    """A number with its unit, for example 10 arcsec."""

    value: float
    unit: Unit

    @property
    def kind(self) -> str:
        """Its dimension."""
        return self.unit.kind


@dataclass(frozen=True)
class Asked:
    """What a question gives.

    Attributes:
        text: plain: numbers as digits, no TeX, no cosmology.
        words: small letters, with "#" for each redshift, amount and number.
        redshifts: in order.
        scale_factors: in order.
        amounts: in order.
        target: the unit that is asked for.
        mentioned: all units without a number, in order.
        numbers: without unit, in order.
        cosmology: named, or Planck18.
        line: a spectral line that is named, "§" in the words.
        whole: plain as the text, with the cosmology.
    """

    text: str
    words: str
    redshifts: tuple[float, ...] = ()
    scale_factors: tuple[float, ...] = ()
    amounts: tuple[Amount, ...] = ()
    target: Unit | None = None
    mentioned: tuple[Unit, ...] = ()
    numbers: tuple[float, ...] = ()
    cosmology: Cosmology = Cosmology()
    line: Line | None = None
    whole: str = ""

    def says(self, pattern: str) -> bool:
        """Whether the words hold a pattern."""
        return re.search(pattern, self.words) is not None

    def of(self, *kinds: str) -> list[Amount]:
        """Amounts of these dimensions, in order."""
        return [amount for amount in self.amounts if amount.kind in kinds]

    def wanted(self, *kinds: str) -> Unit | None:
        """The unit asked for, if it has one of these dimensions."""
        for unit in (self.target, *self.mentioned):
            if unit is not None and unit.kind in kinds:
                return unit
        return None


_QUOTES = str.maketrans({"“": '"', "”": '"', "’": "'", "‘": "'", "″": '"', "′": "'"})
_ENDS = r"(?![\d.]*\d|\w)"
_Z = r"(?:(?<![\w-])[zZ](?:_\w{1,8})?(?![A-Za-z])|\b[Rr]ed-?shifts?\b(?: ?\(?z\)?(?= ?[=~:\d-]))?)"
_IS = (r"(?: ?(?:=|~|:|<|>|of|is|was|at|equals?|about|around|approximately|roughly|approx\.?|near"
       r"|ca\.?|between|from|in|are|equal to|the|range|interval)){0,4} ?[\[(]? ?~?")
_AND = (r" ?(?:and|to|-|–|\.\.\.?|until|till|through|,|<[ =]{0,2}z[ =]{0,2}<|or) ?"
        r"(?:(?:z|redshift)? ?[=~]? ?)?")
_REDSHIFT = re.compile(rf"{_Z}{_IS}(?P<one>{NUMBER}){_ENDS}"
                       rf"(?:{_AND}(?P<two>{NUMBER}){_ENDS})?")
_INSIDE = re.compile(rf"(?P<one>{NUMBER}) ?<=? ?z ?<=? ?(?P<two>{NUMBER})")
_CALLED = re.compile(
    rf"(?P<name>(?:\b(?:[HEDfTtaq]|d_?[LAMCcHV]|D_?[LAMCcHV]|f ?σ_?8|fsigma_?8|σ_?8|sigma_?8|Ω_?m|"
    rf"T_?CMB|Omega_?m|ρ_?crit|rho_?crit|ρ_?[cmb]|rho_?[cmb]|mu|μ|age|H_?0)))"
    rf" ?\( ?(?:z ?= ?)?(?P<one>{NUMBER}) ?\)")
_FURTHER = rf" ?(?:,|and|or|&|;) ?(?:and |or )?(?:(?:z|redshift) ?=? ?)?{NUMBER}{_ENDS}"
_LISTED = re.compile(rf"{_Z}{_IS}(?P<all>{NUMBER}{_ENDS}(?:{_FURTHER}){{2,9}})")
_BEFORE = re.compile(rf"(?P<one>{NUMBER}) redshift\b")
_SCALE_FACTOR = re.compile(
    rf"(?:\bscale[ -]?factor(?: of the universe)?(?: ?\(?a\)?(?= ?[=~]))?{_IS}|\ba ?[=~] ?)"
    rf"(?P<one>{NUMBER}){_ENDS}|\ba of (?P<two>0?\.\d{{1,8}}){_ENDS}")
_VALUE = re.compile(rf"(?<![\w.^])(?:(?P<value>{NUMBER})|(?:an?|each|single)(?= )) ?-?", re.I)
_CUE = re.compile(
    r"(?:\b(?:in|into|to|as|how many|how much|what|number of|of|using)\b(?=[ ?])|=|->|→)"
    r"(?: units? of| terms of| an?| the)? ?\??", re.I)
_TO = re.compile(rf" ?(?:-|to|and|or) ?(?={NUMBER}){NUMBER.removeprefix('[-+]?')} ?-?")
_INTO = re.compile(r"\b(?:in|into|to) (?:units? of |terms of )?", re.I)
_START = re.compile(r"(?<![\w.#^])(?=[^\W\d_]|1/)")
_NUMBER = re.compile(rf"(?<![\w.^]){NUMBER}(?![\w]|\.\d)")


_BEFORE_A_UNIT = re.compile(r"\b(?:in|into|to|as|units of) ?$", re.I)
_COMMA = re.compile(
    r"((?:\bz ?= ?|\bredshift )\d{1,2}),(\d{1,2})(?![\d,.]|,? ?(?:and|or|&) ?\d)", re.I)
_SIGMA_8 = re.compile(r"(?:\bsigma|σ)[ -]?_?8(?!\d)", re.I)


def plain(question: str) -> str:
    """A question without TeX, its numbers as digits, quotation marks around it gone."""
    text = unicodedata.normalize("NFC", question).translate(_QUOTES)
    text = re.sub(r"(?<=\d) ?° ?(?:sq|squared)\b", " deg^2", text)
    text = flatten(text).text.replace("\u2212", "-").replace("–", "-").replace("—", " - ")
    text = text.strip().strip("*`").strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1]
    text = re.sub(r"(?<=\w) ?\^ ?\(([-+\d]{1,4})\)", r"^\1", text)
    text = _COMMA.sub(r"\1.\2", _SIGMA_8.sub("σ_8", text))
    return as_meant(plain_numbers(text))


def read_question(question: str) -> Asked:
    """A question taken apart, in time linear in its length; pasted text is cut."""
    text = plain(question[:LONGEST])
    whole = text
    cosmology, text = named_cosmology(text)
    line, left = line_in(text)
    left, scale_factors = _taken(left, _SCALE_FACTOR)
    left, listed = _lists(left)
    left, redshifts = _taken(left, _INSIDE)
    redshifts = listed + redshifts
    for pattern in (_REDSHIFT, _CALLED):
        left, more = _taken(left, pattern)
        redshifts += more
    left, amounts = _amounts(left)
    if not redshifts:
        left, redshifts = _taken(left, _BEFORE)
    target = next(_units(left, _INTO), None) or next(_units(left, _CUE), None)
    mentioned = tuple(_units(left, _START, shortest=2))
    numbers = tuple(float(found[0]) for found in _NUMBER.finditer(left) if not (
        left.startswith("1/", found.start()) and unit_at(left, found.start())))
    words = re.sub(r"\s+", " ", _NUMBER.sub("#", left).lower()).strip()
    words = re.sub(r" ?\( ?redshift # ?\)", " #", words)
    return Asked(text, words, tuple(redshifts), tuple(scale_factors), tuple(amounts), target,
                 mentioned, numbers, cosmology, line, whole)


def _taken(text: str, pattern: re.Pattern[str]) -> tuple[str, list[float]]:
    """The text with # for what was found, and the numbers found, those with a unit left out."""
    values: list[float] = []

    def taken(found: re.Match[str]) -> str:
        groups = [name for name in ("one", "two") if pattern.groupindex.get(name) and found[name]]
        explicit = "=" in found[0] or "~" in found[0]  # "z=1 kpc" is z = 1, in kpc
        bare = [name for name in groups
                if (explicit and name == "one") or not _has_unit(text, found.end(name))]
        if not bare or bare[0] != groups[0]:
            return found[0]
        values.extend(float(found[name]) for name in bare)
        name = found["name"] if "name" in pattern.groupindex else _NAMES[pattern]
        return f" {name} # {text[found.end(bare[-1]) : found.end()].lstrip(')')}"

    return pattern.sub(taken, text), values


def _lists(text: str) -> tuple[str, list[float]]:
    """As :func:`_taken`, for three redshifts or more: "z = 2, 3 and 4"."""
    values: list[float] = []

    def taken(found: re.Match[str]) -> str:
        if _has_unit(text, found.end()):
            return found[0]
        values.extend(float(number) for number in re.findall(NUMBER, found["all"]))
        return " redshift # "

    return _LISTED.sub(taken, text), values


def _has_unit(text: str, at: int) -> bool:
    """Whether a number that ends there has a unit; a quotation mark is none behind a redshift."""
    at += len(text[at : at + 2]) - len(text[at : at + 2].lstrip(" -"))
    return text[at : at + 1] not in ("'", '"') and unit_at(text, at) is not None


_NAMES = {_SCALE_FACTOR: "scale factor", _INSIDE: "redshift", _REDSHIFT: "redshift",
          _BEFORE: "redshift"}


def _amounts(text: str) -> tuple[str, list[Amount]]:
    """The text with # and its dimension for each amount, and the amounts."""
    amounts: list[Amount] = []
    parts, at = [], 0
    for found in _VALUE.finditer(text):
        unit = unit_at(text, found.end()) if found.start() >= at else None
        if unit is None and found["value"] and (to := _TO.match(text, found.end("value"))):
            further = unit_at(text, to.end())  # "50 to 200 MHz": the first number's unit too
            unit = (further[0], found.end("value")) if further else None
        if found.start() < at or unit is None:
            continue
        if found["value"] is None and unit[1] - found.end() < 2:  # "a K"
            continue
        if text[found.start() : found.end() + 1] == "1/" and _BEFORE_A_UNIT.search(
                text[max(0, found.start() - 12) : found.start()]):  # "in 1/Mpc" is a unit
            continue
        amounts.append(Amount(float(found["value"] or 1), unit[0]))
        parts += [text[at : found.start()], f" #{unit[0].kind.replace(' ', '_')} "]
        at = unit[1]
    return "".join([*parts, text[at:]]), amounts


def _units(text: str, before: re.Pattern[str], shortest: int = 1) -> Iterator[Unit]:
    """Units without a number that stand behind a pattern."""
    at = 0
    for found in before.finditer(text):
        unit = unit_at(text, found.end()) if found.end() >= at else None
        if unit and unit[1] - found.end() >= shortest:
            yield unit[0]
            at = unit[1]


def with_before(asked: Asked, before: Asked, *, words: str) -> Asked:
    """A follow-up with what it leaves out taken from the question before it."""
    amounts = asked.amounts or before.amounts
    if asked.amounts and before.amounts:
        kinds = {amount.kind for amount in asked.amounts}
        amounts = (*asked.amounts, *(a for a in before.amounts if a.kind not in kinds))
    redshifts = asked.redshifts or before.redshifts
    counts = re.search(r"\d ?(?:\^|\*\*) ?3|particles|cells", asked.text)  # of a box, no amount
    if not counts and not asked.redshifts and not asked.amounts and len(asked.numbers) == 1:
        if len(before.redshifts) == 1 and not before.amounts:
            redshifts = asked.numbers
        elif len(before.amounts) == 1:
            amounts = (replace(before.amounts[0], value=asked.numbers[0]),)
    elif (len(asked.numbers) == 2 and not asked.redshifts and not asked.amounts and not counts
          and before.redshifts and re.search(r"# ?(?:and|to|-) ?#", asked.words)):
        redshifts = asked.numbers  # "between 1 and 2"
    return replace(
        asked, text=f"{asked.text} ; {before.text}", words=words, redshifts=redshifts,
        whole=f"{asked.whole} {before.whole}",
        scale_factors=asked.scale_factors or before.scale_factors, amounts=amounts,
        target=asked.target or before.target, mentioned=asked.mentioned + before.mentioned,
        numbers=() if redshifts == asked.numbers else asked.numbers or before.numbers,
        cosmology=before.cosmology.changed_by(asked.cosmology),
        line=asked.line or before.line)
