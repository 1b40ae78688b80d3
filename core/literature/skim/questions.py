"""What to discuss about a paper: questions that rest on something that its abstract has.

Example:
    >>> from datetime import date
    >>> paper = Paper("1", "Voids", "We stack 40 voids in mock data.")
    >>> discussed(Announcement(paper, date(2026, 1, 1)), [], {}, Counter())[-1][-1]
    '?'
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from core.literature.arxiv.announcement import Announcement
from core.literature.facets.facets import facets
from core.literature.facets.named import used_names
from core.literature.measurements.extract import Measurement
from core.literature.measurements.simulated import from_mocks
from core.literature.measurements.tension import FLAG_ABOVE
from core.literature.measurements.written import written
from core.literature.skim.digest import compared_with
from core.literature.text.flat_math import flatten
from core.literature.text.markdown import markdown
from core.literature.text.paper import Paper
from core.literature.text.text import sentences

__all__ = ["discussed"]

_MOST = 5
_GENERAL = 2
Numbers = Sequence[tuple[Measurement, float | None]]
_NO_RESULT = ("z", "mass", "significance")

_LARGEST_ERROR = re.compile(
    r"\b(?:largest|dominant|dominating|main|leading|biggest|principal) (?:[\w-]+ ){0,2}"
    r"(?:errors?|uncertaint(?:y|ies)|systematics?|contributions? to the error|limitations?)\b"
    r"|\b(?:errors?|uncertaint(?:y|ies)|error budget|precision) (?:\w+ )?(?:is|are) (?:\w+ )?"
    r"(?:dominated|limited|set|driven) by\b|\bdominates? the (?:\w+ )?(?:error|uncertaint)"
    r"|\b(?:limited|dominated) by (?:the )?(?:[\w-]+ ){0,3}(?:noise|variance|systematics?"
    r"|statistics)\b"
)
_DESIGN = re.compile(
    r"\b(?:design (?:of|study|and)|spectrograph|instruments?|prototype|commissioning|detector"
    r"|camera"
    r"|mission concept|concept study|pipeline|software|package|code)\b", re.IGNORECASE,
)
_BUILDS = re.compile(
    r"\b(?:[Ww]e|paper) (?:present|describe|report|introduce|release)s? (?:the )?(?:[\w-]+ ){0,2}"
    r"(?:design|instrument|spectrograph|detector|camera|concept|pipeline|software|package|code)\b"
)
_FOR_DESIGN = (
    "Which use drives the requirements, and which of them could be relaxed?",
    "What is given up for the price, and who would miss it?",
    "Which of the stated figures has been measured, and which is expected?",
    "What would fail first in years of use?",
)
_FOR_THEORY = (
    "Which assumption of the model matters most for the result?",
    "What observation could tell this apart from the standard picture?",
    "In which limit does a known result come back?",
    "How would the result change at the next order, or in a less symmetric case?",
)
_FOR_MADE_DATA = (
    "What do real data have that these made ones lack: masks, selection, noise, foregrounds?",
    "Would the method still work if the truth were outside the family that was simulated?",
    "How were the simulated data chosen, and could that choice favour the result?",
    "What is the first real data set to try this on?",
    "How many independent realisations were there, and is the scatter between them in the error?",
    "What does the analysis know of the simulation that an observer would not know of the sky?",
)
_FOR_DATA = (
    "Which assumption, if it were wrong, would change the conclusion most?",
    "What test that the authors did not do should come next?",
    "Which choice was made after the data were seen, and does it matter?",
    "Which other probe measures the same with different systematic errors?",
    "What would the authors have to see to change their conclusion?",
)


def discussed(
    announcement: Announcement, numbers: Numbers, reference: dict[str, tuple[float, float]],
    asked: Counter[str],
) -> list[str]:  # fmt: skip
    """The questions of one paper in Markdown, the most telling first.

    Args:
        announcement: the paper.
        numbers: of its abstract, with how many sigma each lies from its reference.
        reference: the reader's own, by quantity.
        asked: how often each question of the general kind stands on the sheet; it is counted on, so
            that no two papers get the same while others are left.
    """
    about = [*_on_numbers(announcement.paper, numbers, reference), *_on_data(announcement.paper)]
    if announcement.version > 1:
        about.append(
            f"This is version {announcement.version}: what changed, and do the conclusions?"
        )
    found = list(dict.fromkeys(about))[: _MOST - 1]
    general = sorted(_general(announcement.paper), key=lambda question: asked[question])
    chosen = general[: max(1, _GENERAL - len(found) // 2)]
    asked.update(chosen)
    return [*found, *chosen]


def _on_numbers(
    paper: Paper, numbers: Numbers, reference: dict[str, tuple[float, float]]
) -> Iterator[str]:
    for m, far in numbers:
        if far is not None and far > FLAG_ABOVE and not m.assumed:
            against = markdown(compared_with(m, tuple(reference)))
            yield (
                f"{markdown(written(m))} lies {far:.1f}σ from {against}. Which systematic error, "
                "on either side, would be large enough to explain this?"
            )
    from_data = _HAS_DATA.search(flatten(paper.abstract).text) is not None or any(
        m.simulated or m.confidence for m, _ in numbers)
    for m, _ in numbers:
        bounds = m.relation in ("<", ">") or (m.low is not None and m.low == -(m.high or 0.0))
        if bounds and m.quantity not in _NO_RESULT and not m.assumed and from_data:
            yield (
                f"How much of the limit {markdown(written(m))} comes from the data, and how much "
                "from the prior and from what was combined?"
            )
    for m, _ in numbers:
        if m.quantity == "significance" and not m.assumed:
            yield (
                f"The abstract quotes {markdown(written(m))}: against which null hypothesis, and "
                "after how many looks at the data?"
            )
    yield from _on_errors(paper, numbers)


def _on_errors(paper: Paper, numbers: Numbers) -> Iterator[str]:
    """What dominates an error, or, where the abstract says so, what could be done about it."""
    results = [m for m, _ in numbers
               if m.minus is not None and m.quantity not in ("z", "mass") and not m.assumed]
    if not results:
        return
    parts = sentences(paper.abstract)
    said = next((part for part in parts if _LARGEST_ERROR.search(flatten(part).text)), "")
    if said:
        yield f"“{markdown(said)}” What would make this smaller, and what was not counted?"
    elif results[0].simulated:
        yield (f"The error of {markdown(written(results[0]))} is that of made data: by how much "
               "would it grow with real ones?")
    else:
        yield (f"What dominates the error of {markdown(written(results[0]))}: the size of the "
               "sample, the calibration or the model?")


def _on_data(paper: Paper) -> Iterator[str]:
    about, text = facets(paper.title, paper.abstract), flatten(paper.abstract).text
    mocks = from_mocks(text)
    for name in about.get("simulation", ())[:1]:
        yield f"Would the result hold in simulations other than {markdown(name)}?"
    if mocks or _is_design(paper):
        return
    for name in about.get("statistic", ())[:1]:
        yield (
            f"How was the part on {markdown(name)} tested: on mock data, on splits of the data, or "
            "not at all?"
        )
    used = used_names(text)
    for name in [name for name in about.get("survey", ()) if name in used][:1]:
        yield f"Would data other than those of {markdown(name)} show the same?"


def _general(paper: Paper) -> tuple[str, ...]:
    text = flatten(paper.abstract).text
    if _is_design(paper):
        return _FOR_DESIGN
    if from_mocks(text):
        return _FOR_MADE_DATA
    return _FOR_DATA if _HAS_DATA.search(text) else (*_FOR_THEORY, *_FOR_DATA[:2])


_HAS_DATA = re.compile(
    r"\b(?:data|observ\w+|measur\w+|surveys?|samples?|catalog\w*|maps?|spectra|images?|blind)\b"
)


def _is_design(paper: Paper) -> bool:
    """Whether it is about an instrument or a program, and not about what was seen with it."""
    return bool(_DESIGN.search(paper.title) and _BUILDS.search(paper.abstract))
