"""Which questions ask for an explanation, a measured value or a paper, not for a computation."""

from __future__ import annotations

import re

from core.literature.assistant.calculation.asked import LONGEST
from core.literature.assistant.calculation.bands import band_in

__all__ = ["asks_for_no_calculation", "without_politeness"]

_POLITE = re.compile(
    r"^(?:\W{0,6}(?:hi(?!\W{1,3}(?:line|signal|at|from|21|emission|observed|freq))|hello|hey|"
    r"dear \w{1,12}|good (?:morning|evening|afternoon)|please|pls|plz|"
    r"thanks|thank you|ok(?:ay)?|so|well|um+|hm+|quick question|question|now|then|and|also|but|"
    r"(?:could|can|would|will) (?:you|u|i|we|someone|anyone)(?: please| kindly| perhaps| maybe)?"
    r"(?: help me(?: to)?)?|do you know|do you happen to know|i (?:would like|want|need|'d like|"
    r"wish)(?: you)?(?: to)?(?: know)?|i'd like (?:you )?(?:to )?(?:know)?|i wonder(?:ed)?|"
    r"i am wondering|"
    r"i'm wondering|i was wondering|is it possible to|it would be (?:nice|great) to know|"
    r"tell (?:me|us)|"
    r"let me know|let us know|any idea|help me|remind me|give me|show me|say|get|know|"
    r"me))\b\W{0,4}", re.I)
_OPENINGS = re.compile(
    r"^(?:why|who|whom|whose|explain|"
    r"describe|define|summari[sz]e|discuss|list|compare|does|do|did|is|are|was|were|has|have|had|can|"
    r"could|should|would|will|might|may|must)\b", re.I)
_WORDS = re.compile(
    r"\b(?:why|how do we know|how (?:is|are|was|were|do|does|did|can|could) (?:\S{1,20} ){0,8}?"
    r"(?:measured?|defined?|determined?|derived?|estimated?|constrain(?:ed)?|inferred|affect|depend|"
    r"evolve|change|differ|relate|related|interpreted|used|work|observed|detect|detected|form|formed|"
    r"become|know|known|trace|probe|vary|compare)|evidence|constrain\w*|tension|definition|"
    r"what does .{0,60} mean\b|meaning of|mean by|what do we mean|derivation|derive|prove|papers?|"
    r"authors?|measurements? of|measured|star[- ]formation|metallicit\w+|neutral fraction|"
    r"reioni[sz]\w+|luminosity function|mass function|power spectrum|correlation function|most "
    r"distant|farthest|furthest|oldest|youngest|record|best[- ]fit value|explain\w*|difference "
    r"between the|advantage|disadvantage|important|significance|purpose|reason|cause[sd]?|disagree|"
    r"examples? of|role|surveys? (?:cover|measure|observe|reach)|instruments?|"
    r"telescopes? (?:can|could|will|do)|chronometers?|shares? of)\b|\blike ?\?*$", re.I)
_WHO_DID = re.compile(
    r"\b(?:did|does|will|can) (?:the )?[A-Z][\w-]{1,20} (?:\S{1,12} ){0,3}(?:observe|cover|measure|"
    r"find|see|detect|report|reach|probe|give|obtain|infer)\b")


def without_politeness(question: str) -> str:
    """The question without "please", "could you tell me" and the like before it."""
    text = question[:LONGEST].strip()
    for _ in range(6):
        shorter = _POLITE.sub("", text, count=1)
        if shorter == text:
            return text
        text = shorter
    return text


_MEASURED = (r"\d[^\d±]{0,20}?(?:±|\+ ?/ ?-|\+-|\\pm|(?:\^ ?)?\{?\+ ?\d?\.\d{1,6}\}? ?"
             r"[,/_]{0,2} ?\{?-) ?\.?\d")
_TWO_ERRORS = re.compile(rf"{_MEASURED}.{{1,200}}{_MEASURED}", re.S)
_LINE_IN_BAND = re.compile(
    r"^(?:at |from |for |over )?(?:which|what) (?:range of )?(?:redshifts?|z)\b", re.I)
_EXPLAINS = re.compile(r"\b(?:why|explain|reasons?|causes?|"
                       r"how (?:do|does|did|can|could|is|are|was)|"
                       r"what (?:does|could|would|might)|discuss|describe|who|papers?|solve|"
                       r"resolve|meaning|interpret\w*)\b", re.I)


def asks_for_no_calculation(question: str) -> bool:
    """Whether a question is surely none for a calculator; False says nothing."""
    if len(question) > LONGEST:
        return True
    text = without_politeness(question)
    if _TWO_ERRORS.search(text):  # "are 67.4 ± 0.5 and 73.0 ± 1.0 in tension?" is computed
        return _EXPLAINS.search(text) is not None
    if _LINE_IN_BAND.search(text) and band_in(text):
        return _EXPLAINS.search(text) is not None
    return any(pattern.search(text) for pattern in (_OPENINGS, _WORDS, _WHO_DID))
