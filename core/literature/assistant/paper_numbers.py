"""Questions about a paper's numbers, answered from the numbers that its page shows.

A language model that reads "H0 = 74.0 +- 1.0" may still say that there is no tension with Planck.
What can be read off :mod:`core.literature.measurements` is not left to it: values, their precision,
redshifts, significances, and how far they are from a reference. The abstract's own sentence goes
with it, in quotation marks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.literature.assistant.citations import Citation
from core.literature.assistant.counts import asked_for, counts, listed, same_noun
from core.literature.assistant.quoting import quoted
from core.literature.facets.facets import facets
from core.literature.measurements.extract import Measurement, measurements, repeated
from core.literature.measurements.tension import FLAG_ABOVE, PLANCK_2018, tension
from core.literature.measurements.written import written
from core.literature.text.addressed import addressed
from core.literature.text.paper import Paper
from core.literature.text.text import clean, sentences
from core.literature.tldr.features import stems

__all__ = ["NOT_SAID", "NumberAnswer", "answer_from_numbers", "is_yes_or_no"]

NOT_SAID = "The abstract does not say."

Reference = Mapping[str, tuple[float, float]]

LOCAL_H0 = (73.04, 1.04)
"""km/s/Mpc; SH0ES, Riess et al. 2022 (arXiv:2112.04510)."""
STANDARD = {"w": -1.0, "w0": -1.0, "wa": 0.0, "Omega_k": 0.0, "f_NL": 0.0}
"""What flat LCDM with Gaussian beginnings has."""


@dataclass(frozen=True)
class NumberAnswer:
    """An answer in complete sentences.

    Attributes:
        text: of it.
        citations: the sentences of the abstract that it rests on; the paper is source 1.
    """

    text: str
    citations: tuple[Citation, ...]


_NAMES: dict[str, str] = {
    "H0": r"h_?0|hubble(?:[- ]lema[iî]tre)?(?:'s)? (?:constant|parameter|rate)"
          r"|expansion rate|hubble tension",
    "S8": r"s_?8",
    "sigma_8": r"(?<![sf])(?<!f )(?:σ|sigma)[ _-]?8|amplitude of (?:the )?(?:matter )?fluctuations",
    "f_sigma_8": r"f ?(?:σ|sigma)[ _]?8|growth rate",
    "Omega_m": r"(?:ω|omega)[ _]?m(?![\w ]*h)|matter density|density of matter",
    "Omega_b": r"(?:ω|omega)[ _]?b(?![\w ]*h)|baryon density",
    "Omega_Lambda": r"(?:ω|omega)[ _]?(?:λ|lambda|de)\b|dark energy density",
    "Omega_k": r"(?:ω|omega)[ _]?k\b|curvature",
    "w": r"\bw\b|equation[- ]of[- ]state", "w0": r"\bw_?0\b|\bw\b|equation[- ]of[- ]state",
    "wa": r"\bw_?a\b|equation[- ]of[- ]state",
    "n_s": r"\bn_?s\b|spectral (?:index|tilt)", "tau": r"\btau\b|τ|optical depth",
    "sum_mnu": r"neutrino mass\w*|mass(?:es)? of (?:the )?neutrinos|sum of (?:the )?neutrino",
    "N_eff": r"n_?eff\b|effective number|neutrino species",
    "f_NL": r"f_?nl\b|non-?gaussianit\w*", "r": r"tensor[- ]to[- ]scalar",
    "z_re": r"redshift of reioni[sz]ation|z_?re\b",
    "r_d": r"\br_?d\b|sound horizon",
    "mass": r"(?<!neutrino )(?<!hydrostatic )\bmass(?:es)?\b(?! (?:bias|function|map|sheet|model"
            r"|scale))"
            r"(?! of (?:the )?neutrino)|how (?:massive|heavy)",
    "Omega_m h2": r"(?:ω|omega)[ _]?m ?h", "Omega_b h2": r"(?:ω|omega)[ _]?b ?h",
    "q0": r"deceleration", "M_B": r"\bm_?b\b|absolute magnitude",
    "A_ISW": r"\ba_?isw\b|isw amplitude|amplitude (?:of the )?(?:isw|imprint)",
    "A_lens": r"\ba_?(?:lens|l)\b|lensing amplitude",
    "A_IA": r"\ba_?ia\b|alignment amplitude|intrinsic alignments?",
    "1-b": r"hydrostatic (?:mass )?bias|mass bias|\b1 ?[-−–] ?b\b",
    "bias": r"(?<!mass )(?<!hydrostatic )\bbias\b(?! (?:from|in the|towards?))",
}
"""How a quantity is named in a question, and in a sentence in lower case."""

_DISAGREES = re.compile(
    r"tension|discrepan|disagree|inconsisten|incompatib|conflict|contradict|differ|deviat|depart|"
    r"exclude|rule[sd]? out|disfavou?r|challenge|problem for|at odds|clash|mismatch|violat")
_AGREES = re.compile(
    r"\bagree|\bconsisten|\bcompatib|in line|\bmatch|concordan|\bconfirm|\bfits?\b|\bsupport|"
    r"in accord|\bcompare|how (?:far|close)|than\b")
_LOWER = re.compile(r"\b(?:lower|smaller|less|below|under)\b")
_HIGHER = re.compile(r"\b(?:higher|larger|greater|more|above|over)\b")
_YES_NO = re.compile(r"^\W*(?:(?:so|and|but|then|also|really|ok),? )*(?:is|are|was|were|do|does|"
                     r"did|can|could|has|have|had|will|would|should|may|might)\b"
                     r"|\b(?:or not|right)\W*$")
_AWAY = r"(?:sigma|σ)\$? away|lies? .{0,20}(?:sigma|σ)"
_LOCAL = re.compile(r"local|sh0es|shoes|distance ladder|cepheid|riess|late[- ](?:time|universe)")
_PLANCK = re.compile(r"planck|cmb|microwave background|early[- ]universe|reference")
_MODEL = re.compile(r"[λl](?:ambda)?-?cdm|λ|standard (?:model|cosmology)|cosmological constant|"
                    r"concordance")
_GR = re.compile(r"general relativity|\bgr\b|einstein|modified gravity")
_HOW_SURE = re.compile(r"how (?:precis|accura|well|tight|certain|sure|(?:large|big|small) "
                       r"(?:is|are) the (?:err|unc))|precision|accuracy|uncertaint|"
                       r"error ?bar|\berrors?\b|per ?cent")
_VALUE = re.compile(r"\bwhat|\bwhich|how (?:large|big|high|low|much|many|massive|heavy)|value|"
                    r"measure|find|found|constrain|obtain|result|report|estimate|infer|give")
_HOW_DONE = re.compile(r"^\W*(?:how (?:is|are|was|were|do|does|did|can|could)|why|who|where)\b")
_REDSHIFT = re.compile(r"(?<!-)redshift(?![ -](?:bins?|space))|\bz\b|how far|how distant"
                       r"|epoch|cosmic time")
_SIGMAS = re.compile(r"how many (?:sigmas?|σ|standard dev)|significan|confidence|"
                     r"how (?:strong|robust)|\bsigmas?\b|σ(?!_?8)")
_SURVEY = re.compile(r"\bsurvey|\btelescope|\binstrument|which data|what data|data ?sets?|"
                     r"\bmission|\bexperiment|observator|data (?:are|is|were) used")
_SIZE = re.compile(r"\bhow (?!many|is\b|are\b|was\b|do)\w+|\b(?:size|cost|price|diameter|area)\b")
_SAMPLE = re.compile(r"how many|sample size|how large (?:is|was) the (?:sample|catalog)|"
                     r"size of the (?:sample|catalog)|number of")
_VALUED = re.compile(r"(?:[=<>~≈±]|\\pm|\\sim|\\simeq|\\approx)\s*\$?\s*-?[\d.]|\d\s*\\?%")
_TOGETHER = re.compile(r"\b(?:together|combin\w+|joint\w*|both|all|total|overall)\b")
_ALONE = re.compile(r"\b(?:alone|only|by itself|just)\b")
_STANDARD_VALUE = re.compile(r"(?:with|from|of|than|to) (?:-|−|minus )?(?:1(?:\.0)?|zero|0"
                             r"|unity)\b")
_FROM_MOCKS = " These values come from mock or simulated data."


def is_yes_or_no(asked: str) -> bool:
    """Whether a question, in lower case, wants a yes or a no."""
    return _YES_NO.search(asked) is not None


def answer_from_numbers(
    question: str, paper: Paper, reference: Reference | None = None
) -> NumberAnswer | None:
    """Answer a question about a paper's numbers.

    Args:
        question: about it.
        paper: whose abstract is read.
        reference: value and standard deviation by quantity, in place of Planck's.

    Returns:
        None for a question that is about something else.
    """
    asked = clean(question).lower().replace("₀", "0").replace("₈", "8")
    abstract = _Abstract(paper, dict(reference or {}))
    if _SIGMAS.search(asked) and (_LOCAL.search(asked) or _PLANCK.search(asked)
                                  or _MODEL.search(asked)):
        return abstract.compared(asked) or NumberAnswer(NOT_SAID, ())
    if (_DISAGREES.search(asked) or _AGREES.search(asked)) and _compares(asked):
        compared = abstract.compared(asked)
        if compared is not None:
            return compared
    quantities = [name for name, pattern in _NAMES.items() if re.search(pattern, asked)]
    if asked_for(asked) and (counted := abstract.counted(asked, fitting=True)):
        return counted
    about_value = not _YES_NO.search(asked) and not _HOW_DONE.search(asked)
    if about_value and _REDSHIFT.search(asked) and "z_re" not in quantities:
        return abstract.stated(["z", "z_re"], r"redshift|\bz\b|\$z", asked)
    if _SIGMAS.search(asked) and not {"sigma_8", "S8", "f_sigma_8"} & set(quantities):
        return abstract.stated(["significance"],
                               r"\d\$?\s*\\?(?:sigma|σ)(?!_?8)|significan|confiden", asked)
    if quantities and _HOW_SURE.search(asked):
        return abstract.precise(quantities, asked)
    if quantities and _VALUE.search(asked) and about_value:
        named = "|".join(_NAMES[name] for name in quantities)
        return abstract.stated(quantities, named, asked)
    if _SAMPLE.search(asked):
        return abstract.counted(asked)
    if _SURVEY.search(asked) and not _SIZE.search(asked):
        return abstract.surveys()
    if _HOW_SURE.search(asked) and abstract.found:
        return abstract.precise([], asked)
    return None


def _compares(asked: str) -> bool:
    return bool(_LOCAL.search(asked) or _PLANCK.search(asked) or _MODEL.search(asked)
                or _GR.search(asked) or _DISAGREES.search(asked)
                or any(re.search(pattern, asked) for pattern in _NAMES.values()))


class _Abstract:
    """A paper's numbers and sentences."""

    def __init__(self, paper: Paper, reference: dict[str, tuple[float, float]]) -> None:
        self.paper, self.reference = paper, reference
        self.sentences = sentences(paper.abstract)
        self.found = [m for m in measurements(paper.abstract)]

    # -- what is asked ------------------------------------------------------------------------

    def compared(self, asked: str) -> NumberAnswer | None:
        """Whether the numbers agree with what the question names; None if nothing bears on it."""
        named = {name for name, pattern in _NAMES.items() if re.search(pattern, asked)}
        distances = [one for one in self._distances(asked)
                     if not named or one.number.quantity in named]
        own = self._own_sentence(asked, named, loosely=not distances)
        if not distances:
            return self._without_distances(asked, named, own)
        far = [one for one in distances if one.sigma > FLAG_ABOVE]
        listed = sorted(far or distances, key=lambda one: -one.sigma)[:3]
        text = "; ".join(map(str, listed)) + "."
        holds = _holds(asked, listed, bool(far))
        if _YES_NO.search(asked) and not self._is_against(own, bool(far)):
            text = f"{'Yes' if holds else 'No'}: {text}"
        if far and len(far) < len(distances):
            near = [one for one in distances if one not in far][:2]
            text += f" Within 2σ: {'; '.join(map(str, near))}."
        used = [self._sentence(one.number) for one in listed]
        if own is not None and own not in used:
            return self._quoting(own, text, used)
        return self._citing(text, used)

    def _without_distances(
        self, asked: str, named: set[str], own: int | None
    ) -> NumberAnswer | None:
        """Its own statement, after the values asked about where they come from mocks."""
        about = any(p.search(asked) for p in (_LOCAL, _PLANCK, _GR, _MODEL))
        if own is None and not (about or named):
            return None
        numbers = [m for m in self.found if m.simulated and m.quantity in (named or PLANCK_2018)]
        if not numbers:
            return self._quoting(own, "") if own is not None else NumberAnswer(NOT_SAID, ())
        several = repeated(self.found)
        values = _joined(_words(m, m.quantity in several) for m in numbers[:4])
        text = f"The abstract gives {values}.{_FROM_MOCKS}"
        used = [self._sentence(m) for m in numbers[:4]]
        return self._quoting(own, text, used) if own is not None else self._citing(text, used)

    def _is_against(self, own: int | None, far: bool) -> bool:
        """Whether the abstract's own statement says the opposite of what the distances say."""
        if own is None:
            return False
        low = self.sentences[own].lower()
        denied = re.search(r"\b(?:no|not|without|never)\b|n't\b", low) is not None
        agrees, differs = _AGREES.search(low), _DISAGREES.search(low)
        if (agrees is None) == (differs is None):
            return False
        return ((differs is not None) != denied) != far

    def stated(self, quantities: Sequence[str], pattern: str, asked: str = "") -> NumberAnswer:
        """The values of quantities, as the abstract states them, with what each comes from."""
        numbers = [m for m in self.found if m.quantity in quantities]
        if not numbers:
            return self._sentence_with(pattern, asked)
        several = repeated(self.found)
        numbers = _from_what_is_asked(numbers, asked)
        measured = [m for m in numbers if not m.assumed]
        text = ""
        if measured:
            values = _joined(_words(m, m.quantity in several) for m in measured[:6])
            text = f"The abstract gives {values}."
            text += _FROM_MOCKS if any(m.simulated for m in measured) else ""
        assumed = [m for m in numbers if m.assumed]
        if assumed:
            text += f" It assumes or expects {_joined(map(_words, assumed[:4]))}."
        used = [self._sentence(m) for m in (measured or assumed)[:6]]
        best = max(dict.fromkeys(used), key=lambda i: self._overlap(asked, i))
        return self._quoting(best, text.strip(), used)

    def precise(self, quantities: Sequence[str], asked: str = "") -> NumberAnswer | None:
        """How large the errors are, also in per cent."""
        numbers = [m for m in self.found if m.minus is not None and m.plus is not None
                   and not m.assumed and (not quantities or m.quantity in quantities)]
        if not numbers:
            if not quantities:
                return None
            named = "|".join(_NAMES[name] for name in quantities)
            return self._sentence_with(rf"(?:{named})|per ?cent|\\%|precision", asked)
        several = repeated(self.found)
        text = _joined(f"{_words(m, m.quantity in several)}{_share(m)}" for m in numbers[:4])
        text = f"The abstract gives {text}."
        text += _FROM_MOCKS if any(m.simulated for m in numbers) else ""
        used = [self._sentence(m) for m in numbers[:4]]
        return self._quoting(used[0], text, used)

    def counted(self, asked: str, fitting: bool = False) -> NumberAnswer | None:
        """How many objects there are; where they are not counted None, or what is instead."""
        had = [one for one in counts(*self.sentences)
               if not addressed(self.sentences[one.sentence])]
        wanted = asked_for(asked)
        head = wanted.split()[-1:]
        asked_about = (
            [one for one in had if same_noun(wanted, one.noun)]
            or [one for one in had if same_noun(" ".join(head), one.noun)]
        ) if wanted else had
        if asked_about:
            return self._quoting(asked_about[0].sentence, "")
        if fitting:
            return None
        if not wanted:
            return NumberAnswer(NOT_SAID, ())
        if not had:
            return NumberAnswer(f"The abstract gives no number of {wanted}.", ())
        text = f"The abstract gives no number of {wanted}; it has {listed(had)}."
        return self._citing(text, [one.sentence for one in had[:3]])

    def surveys(self) -> NumberAnswer | None:
        """The surveys that the abstract names."""
        names = facets("", self.paper.abstract).get("survey", ())
        if not names:
            return None
        text = f"The abstract names {_joined(names)}."
        first = self._matching(lambda sentence: facets("", sentence).get("survey"))
        return self._quoting(first, text) if first is not None else NumberAnswer(text, ())

    # -- from what ----------------------------------------------------------------------------

    def _distances(self, asked: str) -> list[_Distance]:
        """Each number with its distance from what the question names, in standard deviations."""
        found = []
        for m in self.found:
            reference, label = self._against(m.quantity, asked)
            sigma = tension(m, {m.quantity: reference}) if reference else None
            if sigma is not None and reference is not None:
                found.append(_Distance(m, sigma, reference, label.replace("-", "−")))
        return found

    def _against(self, quantity: str, asked: str) -> tuple[tuple[float, float] | None, str]:
        """The value to compare with and its standard deviation, and what it is called."""
        if _LOCAL.search(asked) and not _PLANCK.search(asked):
            value, sigma = LOCAL_H0
            named = f"the local value {value:g} ± {sigma:g} (SH0ES)"
            return (LOCAL_H0 if quantity == "H0" else None), named
        if _GR.search(asked):
            return None, ""
        if (_MODEL.search(asked) or _STANDARD_VALUE.search(asked)) and quantity in STANDARD:
            return (STANDARD[quantity], 0.0), f"the {STANDARD[quantity]:g} of flat ΛCDM"
        if quantity in self.reference:
            value, sigma = self.reference[quantity]
            return (value, sigma), f"your reference {value:g} ± {sigma:g}"
        known = PLANCK_2018.get(quantity)
        if known is None:
            return None, ""
        return (known.value, known.sigma), f"{known.label} ({known.value:g} ± {known.sigma:g})"

    def _own_sentence(self, asked: str, named: set[str], loosely: bool) -> int | None:
        """The abstract's own statement on it, if it makes one."""
        about = next((p for p in (_LOCAL, _PLANCK, _GR, _MODEL) if p.search(asked)), None)
        if about is None and _STANDARD_VALUE.search(asked) and named & set(STANDARD):
            about = _MODEL
        says = re.compile(f"{_DISAGREES.pattern}|{_AGREES.pattern}|{_AWAY}")

        def fits(sentence: str, strict: bool) -> bool:
            low = sentence.lower()
            of_model = about is _MODEL and strict and named <= set(STANDARD)
            if named and not of_model and not any(re.search(_NAMES[n], low) for n in named):
                return False
            return bool(says.search(low)) and (not strict or about is None
                                               or about.search(low) is not None)

        found = self._matching(lambda sentence: fits(sentence, True))
        if found is None and loosely and (about is None or about is _PLANCK):
            found = self._matching(lambda sentence: fits(sentence, False)
                                   and "tension" in sentence.lower())
        return found

    def _sentence(self, m: Measurement) -> int:
        """The sentence that a number stands in."""
        return next((i for i, sentence in enumerate(self.sentences)
                     if clean(m.text) in sentence), 0)

    def _matching(self, fits: Callable[[str], object]) -> int | None:
        return next((i for i, sentence in enumerate(self.sentences)
                     if fits(sentence) and not addressed(sentence)), None)

    def _sentence_with(self, pattern: str, asked: str = "") -> NumberAnswer:
        """Of the sentences with a pattern the one with a value and most of the question."""
        having = [i for i, sentence in enumerate(self.sentences)
                  if re.search(pattern, sentence.lower()) and not addressed(sentence)]
        if not having:
            return NumberAnswer(NOT_SAID, ())
        best = max(having, key=lambda i: (_VALUED.search(self.sentences[i]) is not None,
                                          self._overlap(asked, i), -i))
        return self._quoting(best, "")

    def _overlap(self, asked: str, index: int) -> int:
        """How many words of the question a sentence has."""
        return len(set(stems(asked)) & set(stems(self.sentences[index])))

    def _quoting(self, index: int, text: str, used: Iterable[int] = ()) -> NumberAnswer:
        sentence = self.sentences[index]
        if addressed(sentence):
            return self._citing(text or NOT_SAID, used)
        said = f"{text} The abstract says: {quoted(sentence)}".strip()
        return self._citing(said, [*used, index])

    def _citing(self, text: str, used: Iterable[int]) -> NumberAnswer:
        return NumberAnswer(text, tuple(Citation(1, i, 1.0) for i in dict.fromkeys(used)))


def _words(m: Measurement, probe: bool = False) -> str:
    said = written(m, probe)
    if m.quantity == "significance":
        return said.removeprefix("significance").strip().removeprefix("= ")
    return said


@dataclass(frozen=True)
class _Distance:
    """How far a number is from a reference (value, standard deviation), and what that is called."""

    number: Measurement
    sigma: float
    reference: tuple[float, float]
    label: str

    @property
    def below(self) -> bool:
        """Whether the number is below the reference."""
        m = self.number
        if m.value is not None:
            return m.value < self.reference[0]
        ends = [end for end in (m.low, m.high) if end is not None]
        return sum(ends) / len(ends) < self.reference[0]

    def __str__(self) -> str:
        least = "at least " if self.number.relation in ("<", ">") else ""
        side = "below" if self.below else "above"
        return f"{_words(self.number)} is {least}{self.sigma:.1f}σ {side} {self.label}"


def _holds(asked: str, listed: Sequence[_Distance], far: bool) -> bool:
    """Whether what a yes-or-no question supposes is so."""
    denied = re.search(r"\b(?:no|not|without)\b|n't\b", asked) is not None
    if _DISAGREES.search(asked):
        return far != denied
    lower, higher = _LOWER.search(asked), _HIGHER.search(asked)
    if lower or higher:
        return all(one.below == bool(lower) for one in listed) != denied
    return far == denied


def _from_what_is_asked(numbers: list[Measurement], asked: str) -> list[Measurement]:
    """Of several values of a quantity those whose data the question names, if it names any."""
    named = set(stems(asked))
    fits = {id(m): len(named & set(stems(m.probe))) for m in numbers if m.probe}
    if len(fits) < 2 or not max(fits.values()):
        return numbers
    if _TOGETHER.search(asked):
        most = max(fits.values())
        return [m for m in numbers if fits.get(id(m), 0) == most]
    if _ALONE.search(asked):
        alone = [m for m in numbers if fits.get(id(m)) and "+" not in m.probe]
        return alone or numbers
    return numbers


def _share(m: Measurement) -> str:
    if not m.value or m.minus is None or m.plus is None or m.quantity in STANDARD:
        return ""
    share = 50 * (m.minus + m.plus) / abs(m.value)
    return f", that is {share:.2g}%"


def _joined(parts: Iterable[str]) -> str:
    *rest, last = list(dict.fromkeys(parts))
    return f"{', '.join(rest)} and {last}" if rest else last
