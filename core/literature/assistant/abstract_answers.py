"""Answers in a paper's own words: the sentence of its abstract that bears on a question, quoted.

A small model that is asked "is the limit robust?" answers "No" about as readily as "Yes". For a
question that wants one of the two, what the abstract says stands in quotation marks, and a verdict
in front of it only where one sentence says all that was asked, without a condition.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from core.literature.assistant.citations import Citation
from core.literature.assistant.paper_numbers import NOT_SAID, NumberAnswer, is_yes_or_no
from core.literature.assistant.quoting import quoted
from core.literature.text.addressed import addressed
from core.literature.text.flat_math import flatten
from core.literature.tldr.features import stems
from core.literature.tldr.links import is_motive

__all__ = ["answer_in_quotation", "nearest_quoted", "title_says", "verdict"]

_LEAST_SHARE = 0.5
_LEAST_SCORE = 0.62
_FEWEST = 2
_FEW_SENTENCES = 3
_TOPIC = re.compile(r"(?:Whether|How|Why) ")
_POSES = re.compile(
    r"\b(?:whether|(?:we|this paper) (?:\w+ )?(?:tests?|asks?|investigates?|examines?|explores?|"
    r"stud(?:y|ies)) (?:if|how|whether|what))\b", re.IGNORECASE)
_OPEN = re.compile(
    r"\b(?:if|unless|whether|when|where|until|would|could|may|might|should|can|only|but|although|though"
    r"|however|while|whereas|despite|except|assum\w+|provided|either|neither|nor|hardly|barely|almost"
    r"|partly|some|without|cannot|rather|instead|unlikely|fails?|than|too|less|fewer|lack\w*|rarely"
    r"|seldom|few|little|exclud\w*|rul\w+ out|against|remov\w+|reject\w*|within)\b|\?",
    re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_NOT = re.compile(r"\b(?:not|no|never|none)\b|n't\b", re.IGNORECASE)
_ASKING_WORDS = """
    is are was were do does did can could has have had will would should may might must there it
    they this that these those the a an of in on to for with by from at their its any paper
    authors author result results really so and but then also work study abstract find found
    show say claim be been
"""
_ASKING = frozenset(_ASKING_WORDS.split())
_UNITS = (
    (r"\barea\b|sky coverage|how much (?:of the )?sky|square degrees|footprint",
     r"deg\^2|deg2|square deg|\bsq\.? ?deg|\bsr\b|steradian|sky fraction|f_sky|% of the sky"),
    (r"\bvolume\b", r"Gpc\^3|Mpc\^3|\bvolume"),
    (r"\b(?:cost|costs|price|expensive|cheap"
     r"|money)\b", r"\$|＄|\bdollars?|\beuros?|million a year"),
    (r"how long|observing time|\bhours\b|exposure|integration time",
     r"\d (?:h|hours?|nights?|days?|years?|yr|min(?:utes)?)\b"),
    (r"\bmagnitude|how (?:deep|faint|bright)|\bdepth\b", r"\bmag\b|magnitude|M_V|\bdepth"),
    (r"\bwavelength|spectral range|\bband(?:s|width)?\b", r"\d ?(?:nm|μm|micron|Å|Angstrom)"),
    (r"\bfrequenc(?:y|ies)\b", r"\d ?[kMG]?Hz|frequenc"),
    (r"signal[- ]to[- ]noise|\bsnr\b|s/n", r"signal-to-noise|S/N|SNR"),
    (r"\b(?:speed|velocit(?:y|ies)|dispersion)\b", r"km ?/? ?s\b|km s\^-1"),
    (r"\b(?:telescope|mirror|aperture)\b.*\b(?:size|large|big|diameter)\b"
     r"|how (?:large|big) .*telescope",
     r"\d ?m telescope|\d[- ]met(?:re|er)"),
    (r"\bscales?\b|\bk[_-]?max\b|wavenumber", r"Mpc\^-1|h/Mpc|\bk ?[<>=]|\bscale cuts?|arcmin"),
    (r"how (?:much|many) per ?cent|what (?:fraction|percentage|share)|how much",
     r"%|per ?cent|fraction|factor of"),
)  # fmt: skip
_UNIT_PATTERNS = tuple((re.compile(asked), re.compile(unit)) for asked, unit in _UNITS)


def answer_in_quotation(
    question: str, paper_sentences: Sequence[str], scores: np.ndarray, title: str = ""
) -> NumberAnswer | None:
    """What the abstract says to a yes-or-no question, or to one for an area, a price and so on.

    Args:
        question: about the paper.
        paper_sentences: of its abstract.
        scores: how well each bears on the question, as
            :func:`core.literature.assistant.passage_selection.sentence_scores` gives it.
        title: which is quoted where it says more of what was asked than any sentence.

    Returns:
        None for another question, which is the model's.
    """
    asked = question.lower()
    if is_yes_or_no(asked):
        return nearest_quoted(question, paper_sentences, scores, title, decides=True)
    for wanted, unit in _UNIT_PATTERNS:
        if wanted.search(asked):
            having = [i for i, text in enumerate(paper_sentences)
                      if unit.search(flatten(text).text) and not addressed(text)]
            if having:
                best = max(having, key=lambda i: (scores[i], -i))
                return _said([best], paper_sentences)
    return None


def nearest_quoted(
    question: str, paper_sentences: Sequence[str], scores: np.ndarray, title: str = "",
    decides: bool = False,
) -> NumberAnswer:  # fmt: skip
    """The sentence nearest to a question in quotation marks, or that nothing is said.

    Args:
        question, paper_sentences, scores, title: as in :func:`answer_in_quotation`.
        decides: put "Yes" or "No" in front where the sentence settles it.
    """
    shares = [_share(question, text) for text in paper_sentences]
    fitting = [
        i for i, text in enumerate(paper_sentences)
        if not addressed(text) and (shares[i] >= _LEAST_SHARE or scores[i] >= _LEAST_SCORE)
    ]
    first = title_says(question, title, max(shares, default=0.0)) if decides else ""
    if not fitting:
        return NumberAnswer(first or NOT_SAID, ())
    fitting = [i for i in fitting if not _TOPIC.match(paper_sentences[i])] or fitting
    best = max(fitting, key=lambda i: (scores[i] + 0.5 * shares[i], -i))
    chosen = [best]
    if _POSES.search(paper_sentences[best]):  # what is asked there is answered behind it
        chosen += [i for i in (best + 1, best + 2)
                   if i < len(paper_sentences) and not addressed(paper_sentences[i])]
    settled = decides and not first and (best or len(paper_sentences) < _FEW_SENTENCES)
    word = verdict(question, paper_sentences[best]) if settled else ""
    return _said(chosen, paper_sentences, word, first)


def title_says(question: str, title: str, least: float) -> str:
    """The title in quotation marks where it has more of the question than the abstract, else ""."""
    shared = _share(question, title)
    if shared <= least or shared < _LEAST_SHARE or addressed(title) or title.strip().endswith("?"):
        return ""
    return f"The title says: {quoted(title)}"


def verdict(question: str, sentence: str) -> str:
    """ "Yes" or "No" where a sentence says, or denies, all that was asked; else ""."""
    if _OPEN.search(sentence) or _NOT.search(question) or _OPEN.search(question.rstrip(" ?")):
        return ""
    if is_motive(sentence):
        return ""
    asked = _content(question)
    if len(asked) < _FEWEST or not asked <= set(stems(flatten(sentence).text)):
        return ""
    denials = _NOT.findall(sentence)
    if not denials:
        return "Yes"
    return "No" if len(denials) == 1 and _denies(sentence, asked) else ""


def _denies(sentence: str, asked: set[str]) -> bool:
    """Whether the one denial stands right before a word that was asked for."""
    found = _NOT.search(sentence)
    behind = stems(sentence[found.end() :])[:2] if found else []
    return any(word in asked for word in behind)


def _share(question: str, sentence: str) -> float:
    asked = _content(question)
    return len(asked & set(stems(flatten(sentence).text))) / len(asked) if asked else 0.0


def _content(question: str) -> set[str]:
    kept = [word for word in _WORD.findall(question.lower()) if word not in _ASKING]
    return set(stems(" ".join(kept)))


def _said(
    chosen: Sequence[int], paper_sentences: Sequence[str], word: str = "", first: str = ""
) -> NumberAnswer:
    text = quoted(" ".join(paper_sentences[i] for i in chosen))
    lead = f"{word}: the abstract says: " if word else f"{first} The abstract says: ".lstrip()
    return NumberAnswer(lead + text, tuple(Citation(1, i, 1.0) for i in chosen))
