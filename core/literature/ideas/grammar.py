"""The grammar by which a combined idea is written: sentences with places for names.

Nothing is generated freely. Each place takes a noun phrase of the tables or a whole sentence of an
abstract, and each form of a field is a sentence of its own, so that any choice of forms reads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from core.literature.ideas.themes import Pair, Theme, kind_of_tool
from core.literature.ideas.tools import TO_COME

__all__ = ["Kind", "ToolName", "named", "written"]

Kind = Literal["statistic", "survey", "forecast", "simulation"]

_USUAL = {
    "power spectrum": "the power spectrum", "bispectrum": "the bispectrum",
    "trispectrum": "the trispectrum", "correlation function": "the correlation function",
    "three-point function": "the three-point function",
    "four-point function": "the four-point function", "3x2pt": "a 3x2pt analysis",
    "void statistics": "the abundance and profiles of voids", "Betti numbers":
    "persistent homology", "wavelet scattering": "scattering coefficients",
    "k-nearest neighbours": "nearest-neighbour distributions",
    "one-point PDF": "the one-point distribution", "moments": "higher moments",
    "halo mass function": "the halo mass function", "luminosity function":
    "the luminosity function", "BAO": "baryon acoustic oscillations", "Alcock-Paczynski":
    "the Alcock-Paczynski effect", "stacking": "stacked profiles", "cross-correlation":
    "the cross-correlation", "machine learning": "a neural network", "Gaussian processes":
    "a Gaussian process", "emulator": "an emulator", "halo model": "a halo model",
    "HOD": "a halo occupation model",
}  # fmt: skip
_SPELT = {
    "H0LiCOW/TDCOSMO": "H0LiCOW and TDCOSMO", "LIGO/Virgo/KAGRA": "LIGO, Virgo and KAGRA",
    "BICEP/Keck": "BICEP and Keck", "Dark Energy Camera": "the Dark Energy Camera",
    "Einstein Telescope": "the Einstein Telescope", "Simons Observatory":
    "the Simons Observatory", "Rubin LSST": "the Rubin Observatory",
}  # fmt: skip
_METHODS = frozenset({
    "simulation-based inference", "field-level inference", "machine learning", "Gaussian processes",
    "emulator", "effective field theory", "halo model", "HOD",
})  # fmt: skip


@dataclass(frozen=True)
class ToolName:
    """A tool as a noun phrase.

    Attributes:
        phrase: "the counts of lensing peaks", "data of DESI", "the CAMELS simulations".
        kind: of it; a survey whose data are still to come makes a forecast.
        is_method: a way to analyse rather than something that is measured.
    """

    phrase: str
    kind: Kind
    is_method: bool = False


def named(tool: str, theme: Theme, where: str = "") -> ToolName:
    """The name of a tool for an open matter.

    Args:
        tool: canonical name; it is one of the theme's pairs.
        theme: the open matter.
        where: canonical name of a survey or simulation that narrows a statistic.
    """
    kind = kind_of_tool(tool)
    if kind == "survey":
        spelt = _SPELT.get(tool, tool)
        return ToolName(f"data of {spelt}", "forecast" if tool in TO_COME else "survey")
    if kind == "simulation":
        return ToolName(_simulations(tool), "simulation")
    phrase = theme.pairs[tool].phrase or _USUAL.get(tool, tool)
    if where:
        phrase += f" in {_simulations(where)}" if kind_of_tool(where) == "simulation" else (
            f" in data of {_SPELT.get(where, where)}")
    return ToolName(phrase, "statistic", tool in _METHODS)


_BOXES = {
    "21cmFAST": "21cmFAST boxes", "COLA": "boxes by COLA", "BORG": "BORG reconstructions",
    "Manticore": "the Manticore reconstructions", "WebSky": "the WebSky maps", "Agora":
    "the Agora maps", "The Three Hundred": "the simulations of The Three Hundred",
    "EZmocks": "the EZmocks", "PATCHY mocks": "the PATCHY mocks", "Euclid Flagship":
    "the Euclid Flagship mock", "Buzzard": "the Buzzard mocks",
}  # fmt: skip


def _simulations(name: str) -> str:
    return _BOXES.get(name, f"the {name} simulations")


_TITLES = ("{Title} with {tool}", "{Tool} and {title}", "{Tool} for {title}")
_QUESTIONS: Mapping[Kind, Sequence[str]] = {
    "statistic": (
        "Can one tell {apart} with {tool}?",
        "What can be learnt about {matter} from {tool}, once {nuisance} is left free?",
        "Do we get the same answer on {matter} from {tool} as from the analyses that leave it "
        "open?",
    ),
    "survey": (
        "Are {tool} good enough to tell {apart}?",
        "What do {tool} say about {matter}, once {nuisance} is left free?",
        "Do we get the same answer on {matter} from {tool} as from the analyses that leave it "
        "open?",
    ),
    "forecast": (
        "Will {tool} be good enough to tell {apart}?",
        "How well will {tool} determine {quantity}, once {nuisance} is left free?",
        "To which error must {nuisance} be known for {tool} to settle the question of {matter}?",
    ),
    "simulation": (
        "What could tell {apart}, judged by {tool}?",
        "Do {tool} show what limits our knowledge of {matter}?",
        "Which observable in {tool} tells {apart}?",
    ),
}
_DATA: Mapping[Kind, Sequence[str]] = {
    "statistic": (
        "The data or simulations of {b}, and {mocks} to predict with.",
        "{Mocks}, and the measurement of {b} to compare with.",
    ),
    "survey": (
        "The public {tool}, as {b} used them, and {mocks} for the covariance and for tests.",
        "The public part of the {tool}, with the cuts of {b}, and {mocks} for tests.",
    ),
    "forecast": (
        "The published specifications, as {b} took them, and {mocks}; no data are needed.",
        "{Mocks}, with noise and area after the specifications in {b}.",
    ),
    "simulation": (
        "Outputs of {tool} that are public or given on request, those in {b} first.",
        "Outputs of {tool} that are public or given on request, with {mocks} as a second opinion.",
    ),
}
_METHOD: Mapping[Kind, Sequence[str]] = {
    "statistic": (
        "{why} Predict {tool} with {mocks}, once in the standard setting and once with "
        "{nuisance} changed, measure the same in the manner of {b}, and fit {quantity} with the "
        "covariance of the mocks.",
        "{why} Measure {tool} in the manner of {b}, in mocks with a known truth first, and "
        "state the shift of "
        "{quantity} for each change of {nuisance} in units of its error.",
    ),
    "survey": (
        "{why} Fit {quantity} to {tool} with {nuisance} left free, and compare the posterior with "
        "that of the analyses in question by their difference, sample by sample.",
        "{why} Repeat the estimate of {quantity} in parts of the data, by sky and by depth, "
        "with {nuisance} left free, and test whether the parts agree.",
    ),
    "forecast": (
        "{why} Make a Fisher forecast of {quantity}, with {nuisance} left free, check it by one "
        "Markov chain on a mock data vector, and repeat it for three priors on {nuisance}.",
        "{why} Fit mock data vectors with and without a change of {nuisance}, and state the bias "
        "of {quantity} in units of its error.",
    ),
    "simulation": (
        "{why} Compute {observable} in {tool}, and fit how the result responds to "
        "{quantity} and to {nuisance}, so that it shows whether the two can be told apart.",
        "{why} Compute {observable} in {tool} at several epochs or for several runs, and "
        "state how far the inferred value of {quantity} shifts with {nuisance}, with the scatter "
        "from box to box.",
    ),
}
_DATA_OF_METHODS = (
    "{Mocks} for training and tests, and public data at the end.",
    "{Mocks}; the paper {b} shows how much training or calibration the method needs.",
)
_FIRST_OF_METHODS = (
    "Build a small version of the method in {b} for one mock data set, and check that it returns "
    "what was put in.",
    "Get the code of {b}, if it is public, or write its smallest version, and run it on one mock "
    "data set with a known truth.",
)
_METHOD_OF_METHODS = (
    "{why} Train or calibrate {tool} on one half of {mocks} and test coverage and bias of "
    "{quantity} on "
    "the other half, with {nuisance} changed; only then apply the result to data.",
    "{why} Run {tool} beside the standard analysis on the same mock data, with {nuisance} "
    "changed, and "
    "compare error and bias of {quantity}.",
)
_FIRST: Mapping[Kind, Sequence[str]] = {
    "statistic": (
        "Reproduce one figure of {b} on {mocks}; then change {nuisance} and see whether the result "
        "moves by more than its error.",
        "Compute {tool} for one mock data set, compare with {b}, and repeat with {nuisance} "
        "changed.",
    ),
    "survey": (
        "Get the catalogues or maps, and reproduce the number of objects and one figure of {b}.",
        "Reproduce one number of {b} from the public files, and note which cuts it depends on.",
    ),
    "forecast": (
        "Write down the data vector and the noise after {b}, and reproduce one forecast number of "
        "theirs.",
        "Reproduce one forecast of {b} with everything fixed but {quantity}; then free {nuisance}.",
    ),
    "simulation": (
        "Read one output, reproduce one figure of {b}, and compute {observable} from "
        "that output.",
        "List which outputs can be had and at which redshifts, and compute {observable} at one "
        "of these.",
    ),
}
_RISK: Mapping[Kind, Sequence[str]] = {
    "statistic": (
        "The response to {nuisance} may look like that to {quantity}; then the result is the "
        "correction that earlier error bars need.",
        "The mocks may be too small or too few for the covariance; then fewer bins and the bias "
        "alone make the result.",
    ),
    "survey": (
        "The data may be too few to decide; then the error, scaled to a larger survey, is the "
        "result.",
        "Selection may dominate; then mocks with the selection give the least bias that has to be "
        "quoted.",
    ),
    "forecast": (
        "A Fisher forecast hides parameters that are degenerate; the chain on mock data is the "
        "check, and its error counts.",
        "Specifications change; the scaling with area, depth and noise stays of use.",
    ),
    "simulation": (
        "The volume may be too small for rare objects; then the result holds for the scales that "
        "are sampled, and is quoted so.",
        "One code of galaxy formation is one opinion; a second code for one figure bounds it.",
    ),
}
_LEARNT: Mapping[Kind, Sequence[str]] = {
    "forecast": (
        "The error of {quantity} against the prior on {nuisance} says whether this survey alone "
        "can settle the question, or which other data it has to be joined with.",
    ),
    "simulation": (
        "If a change of {quantity} and one of {nuisance} leave different traces, real data can "
        "separate the two; if not, an outside measurement of {nuisance} is needed, and the "
        "accuracy that it must have follows.",
    ),
}
_SETTLED = "Look first whether later work that cites {a} has settled the question."


def written(
    theme: Theme, tool: ToolName, pair: Pair, problem_label: str, tool_label: str, form: int
) -> dict[str, str]:
    """The fields of an idea.

    Args:
        theme: the open matter.
        tool: that is brought to it.
        pair: of the two.
        problem_label, tool_label: what to call the two papers.
        form: which of the forms of each field; any number.

    Returns:
        title, question, data, method, first_step, learnt and risk.
    """
    places = {
        "title": theme.title, "tool": tool.phrase, "matter": theme.matter,
        "apart": theme.apart, "quantity": theme.quantity, "observable": theme.observable,
        "mocks": pair.mocks, "nuisance": theme.nuisance, "why": pair.why, "a": problem_label,
        "b": tool_label,
    }  # fmt: skip
    places |= {name.capitalize(): _opening(places[name]) for name in ("title", "tool", "mocks")}
    forms = {
        "title": _TITLES, "question": _QUESTIONS[tool.kind],
        "data": _DATA_OF_METHODS if tool.is_method else _DATA[tool.kind],
        "method": _METHOD_OF_METHODS if tool.is_method else _METHOD[tool.kind],
        "first_step": _FIRST_OF_METHODS if tool.is_method else _FIRST[tool.kind],
        "learnt": _LEARNT.get(tool.kind, (theme.learnt,)), "risk": _RISK[tool.kind],
    }  # fmt: skip
    fields = {name: _filled(texts[(form + order) % len(texts)], places)
              for order, (name, texts) in enumerate(forms.items())}
    fields["risk"] += " " + _filled(_SETTLED, places)
    return fields


def _filled(text: str, places: Mapping[str, str]) -> str:
    """The text with its places taken; braces of TeX in what they take stay."""
    for name, value in places.items():
        text = text.replace("{" + name + "}", value)
    return text


def _opening(phrase: str) -> str:
    """A phrase at the beginning of a sentence."""
    return phrase[:1].upper() + phrase[1:] if phrase[:1].isalpha() and phrase[:1].islower() else (
        phrase)
