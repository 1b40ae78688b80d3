"""Two measurements with errors: how many sigma apart, their mean; sigma and probability.

All errors are taken as Gaussian and the measurements as independent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from core.literature.assistant.calculation.answer import answer, number
from core.literature.assistant.calculation.asked import Asked
from core.literature.assistant.calculation.calculation import Calculation
from core.literature.assistant.calculation.written_numbers import NUMBER

__all__ = ["number_of_sigma", "probability_of_sigma", "weighted_mean"]

_SIGNED = r"(?:\d{1,15}(?:\.\d{1,12})?|\.\d{1,12})(?:e[-+]?\d{1,2})?"
_VALUE = rf"(?<![\w.^])(?P<value>{NUMBER})"
_UNIT = r"(?: ?(?:km ?/ ?s(?:ec)?(?: ?/ ?| )Mpc(?:\^-1)?|km s\^-1 Mpc\^-1|eV|Gyr|K|Mpc|mag))?"
_PLUS_MINUS = re.compile(
    rf"{_VALUE}{_UNIT} ?(?:±|\+ ?/ ?-|\+-|\\pm|plus[- ]or[- ]minus|plus[- ]minus) ?"
    rf"(?P<error>{_SIGNED}) ?(?P<percent>%|per ?cent)?", re.I)
_TWO_SIDED = re.compile(rf"{_VALUE}{_UNIT} ?_?\(?\^? ?\{{?\+ ?(?P<up>{_SIGNED})\}}? ?[,/]? ?_?"
                        rf"\{{?- ?(?P<down>{_SIGNED})")
_LOWER_FIRST = re.compile(rf"{_VALUE}{_UNIT} ?_\{{?- ?(?P<down>{_SIGNED})\}}? ?\^?\{{?\+ ?"
                          rf"(?P<up>{_SIGNED})")
_BRACKET = re.compile(r"(?<![\w.^])(?P<value>[-+]?\d{1,6}\.\d{1,10})\((?P<last>\d{1,3})\)")
_ASKED = (r"sigmas?\b|σ(?!_?8)|tension|discrepan|consisten|compatib|agree|significan|how far apart"
          r"|differ|standard deviations?")


_LONGEST = 200
"""Characters of a question for two numbers; what is longer tells of results."""
_NAME = re.compile(r"([A-Za-zΩσωΣν][\w^ ]{0,8}?) ?(?:=|≈|~|:) ?$")


@dataclass(frozen=True)
class _Measurement:
    value: float
    up: float
    down: float
    name: str = ""

    @property
    def said(self) -> str:
        if self.up == self.down:
            return f"{self.value:g} ± {self.up:g}"
        return f"{self.value:g} +{self.up:g} -{self.down:g}"


def _read(text: str) -> tuple[list[_Measurement], str]:
    """The measurements of a text in order, and the text without them."""
    found = []
    for pattern in (_TWO_SIDED, _LOWER_FIRST, _PLUS_MINUS, _BRACKET):
        for match in pattern.finditer(text):
            name = _NAME.search(text[max(0, match.start() - 14) : match.start()])
            named = replace(_one(match), name=name[1].split(" ")[-1] if name else "")
            found.append((match.start(), named))
            text = f"{text[: match.start()]}{'#' * len(match[0])}{text[match.end() :]}"
    measured = [one for _, one in sorted(found, key=lambda pair: pair[0])]
    if len({one.name.replace("_", "").lower() for one in measured if one.name}) > 1:
        return [], text  # "S_8 = ... and Omega_m = ..." are no two measurements of one thing
    return measured, text


def _one(match: re.Match[str]) -> _Measurement:
    groups, value = match.groupdict(), float(match["value"])
    if "last" in groups:
        places = len(match["value"].rpartition(".")[2])
        error = float(f"{match['last']}e-{places}")
        return _Measurement(value, error, error)
    if "up" in groups:
        return _Measurement(value, float(match["up"]), float(match["down"]))
    error = float(match["error"]) * (abs(value) / 100 if match["percent"] else 1)
    return _Measurement(value, error, error)


def number_of_sigma(asked: Asked) -> Calculation | None:
    """|a - b| / (s_a^2 + s_b^2)^0.5, with the errors that face each other."""
    measured, rest = _read(asked.whole)
    if not measured or not re.search(_ASKED, rest, re.I) or len(measured) > 2 or (
            len(rest) > _LONGEST):
        return None
    if len(measured) == 1:
        numbers = [float(m[0]) for m in re.finditer(rf"(?<![\w.^#_]){NUMBER}(?![\w.^%]|\.\d| ?σ| "
                                                    r"?sigma)", rest)]
        if len(numbers) != 1 or not re.search(r"\bfrom\b|\bvs\b|versus|than|and|away|with", rest):
            return None
        measured.append(_Measurement(numbers[0], 0.0, 0.0))
    one, two = measured
    errors = (one.up, two.down) if one.value < two.value else (one.down, two.up)
    if not any(errors):
        raise ValueError("For a number of sigma at least one error must be above zero.")
    body = [f"error = ({number(errors[0])}**2 + {number(errors[1])}**2)**0.5",
            f"sigmas = abs({number(two.value)} - {number(one.value)}) / error"]
    second = two.said if any(errors[1:]) or two.up else f"{two.value:g} (no error given)"
    return answer(asked, "number of sigma", body, "float(sigmas)", None,
                  f"{one.said} and {second} differ by {{value}} sigma: |a - b|/(s_a^2 + "
                  "s_b^2)^0.5, for independent Gaussian errors. The chance of that or more (two-"
                  "sided) is {p}.", also={"p": "erfc(sigmas / 2**0.5)"}, cosmology=False,
                  digits=2)


def weighted_mean(asked: Asked) -> Calculation | None:
    """The inverse-variance mean of two or more measurements."""
    measured, rest = _read(asked.whole)
    if len(measured) < 2 or len(rest) > _LONGEST or not re.search(
            r"weighted|\bcombin(?:e|ed|ation)\b|\baverage\b|\bmean (?:of|value|and)", rest, re.I):
        return None
    if any(one.up != one.down or one.up <= 0 for one in measured):
        raise ValueError("A weighted mean needs one symmetric error above zero for each value.")
    values = ", ".join(number(one.value) for one in measured)
    errors = ", ".join(number(one.up) for one in measured)
    body = [f"values = np.array([{values}])", f"weights = np.array([{errors}])**-2.0",
            "mean = (values * weights).sum() / weights.sum()"]
    return answer(asked, "weighted mean", body, "float(mean)", None,
                  f"The mean of {', '.join(one.said for one in measured)}, weighted by inverse "
                  "variance, is {value} ± {error}. Their errors are taken as Gaussian and "
                  "independent; chi^2 about it is {chi2}.",
                  also={"error": "weights.sum()**-0.5",
                        "chi2": "((values - mean)**2 * weights).sum()"}, cosmology=False)


def probability_of_sigma(asked: Asked) -> Calculation | None:
    """The two-sided Gaussian probability of a number of sigma, and back."""
    text = asked.whole
    probability = r"p[- ]?values?|probability|chance|\bodds\b|confidence(?: level)?|\bpercent|%"
    given = re.search(rf"(?<![\w.])({_SIGNED}) ?-?(?:σ(?!_?8)|sigmas?\b(?! ?_?8))", text, re.I)
    p = re.search(rf"p(?:[- ]?value)? ?(?:=|of|is) ?({_SIGNED})", text, re.I)
    p = p if p and 0 < float(p[1]) < 1 else None
    if given and not p and len(text) < 90 and re.search(probability, text, re.I) and re.search(
            r"\b(?:what|which|convert|to|in|corresponds?|of|as)\b|"
            r"^\W{0,3}[\d.]{1,6} ?-?(?:σ|sigma)s?\W{1,3}(?:(?:one|two|1|2)[- ](?:sided|tailed) )?"
            r"(?:p[- ]?values?|probability)\b", text, re.I) and (
            not re.search(r"[A-Z]{2,}|exclud|ruled|reject|detect", text)):
        n = float(given[1])
        inside = " ({inside} % lie within)" if n < 4 else ""
        return answer(asked, "probability", [f"p = erfc({number(n)} / 2**0.5)"], "float(p)", None,
                      f"A Gaussian deviation of {n:g} sigma or more has a two-sided probability "
                      f"of {{value}}{inside}; one-sided it is {{one}}.",
                      also={"inside": "100 * (1 - p)", "one": "p / 2"}, cosmology=False)
    if p and re.search(r"σ(?!_?8)|\bsigmas?\b(?! ?_?8)", text, re.I):
        return answer(asked, "number of sigma",
                      [f"sigmas = 2**0.5 * erfcinv({number(float(p[1]))})"], "float(sigmas)", None,
                      f"A two-sided p-value of {float(p[1]):g} is {{value}} sigma of a Gaussian; "
                      "one-sided it would be {one}.",
                      also={"one": f"2**0.5 * erfcinv({number(min(2 * float(p[1]), 1.0))})"},
                      cosmology=False)
    return None
