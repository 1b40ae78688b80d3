"""Questions back at an answer: which is right, why they differ, whether it is much, so what.

Such a question names nothing; it is made to ask of the subject what a library can tell: why the
measurements differ, how sure they are. The verdict stays with the reader.

Example:
    >>> turned("which one is right?", "H0")
    Turned(text='What explains the tension between measurements of H0?', judges=True)
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Turned", "is_turn", "turned"]

_MOST_WORDS = 14
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_SMALL_TEXT = """
    so and but ok well then now which one ones what who whom how why of them these those they the
    two both either all is are was were be would should could can do does did has have you i we me
    your my opinion it that this really actually most more least less likely probably value values
    number numbers result results measurement measurements method methods side sides estimate
    estimates answer answers a an to in on with think say personally come among between here
    people person someone anyone team teams group groups not don't doesn't
"""
_SMALL = frozenset(_SMALL_TEXT.split())
_RIGHT_TEXT = """
    right correct true truth wrong trust believe believable prefer favour favor rely credible
    plausible convincing choose pick bet
"""
_RIGHT = frozenset(_RIGHT_TEXT.split())
_GOOD_TEXT = """
    best better reliable robust trustworthy accurate precise biased bias certain uncertain
    systematics worst worse
"""
_GOOD = frozenset(_GOOD_TEXT.split())
_DIFFER_TEXT = """
    disagree disagrees differ differs different conflict conflicting agree match discrepant
    discrepancy inconsistent disagreement difference apart
"""
_DIFFER = frozenset(_DIFFER_TEXT.split())
_OPENS = re.compile(r"(?:which|who|whom|what should|what would|what do|should)\b", re.IGNORECASE)
_MUCH = re.compile(
    r"(?:is|are|was|isn['’]?t) (?:that|this|it|they|these|those) (?:really |actually |so |very "
    r"|too )?(?:a lot|much|many|a big (?:deal|difference|number|effect)|big|large|small|little"
    r""
    r"|high|low|significant|normal|typical|unusual|surprising"
    r"|a large (?:number|effect|difference))\W*",
    re.IGNORECASE)
_MATTERS = re.compile(
    r"so what|who cares|(?:and )?why (?:should|would) (?:i|we|anyone|anybody) care"
    r"(?: about (?:that|this|it|them))?"
    r"|why (?:does|do|would) (?:that|this|it|they) (?:even |really )?matter"
    r"|why (?:is|are) (?:that|this|it|they) (?:so )?(?:important|interesting|relevant|useful)"
    r"|what(?:['’]s| is) the (?:point|use|relevance|importance)(?: of (?:that|this|it))?"
    r"|(?:does|do) (?:that|this|it|they) matter", re.IGNORECASE)
_EXAMPLE = re.compile(
    r"(?:(?:can|could|would) (?:you|u) )?(?:please )?(?:give|show|tell)(?: me| us)? "
    r"(?:an?|one|some|another|any|a concrete|a simple) ?(?:concrete |simple |real |good )?examples?"
    r"(?: (?:of|for) (?:that|this|it|them))?(?: please)?"
    r"|(?:an?|any|for) (?:example|instance)s?(?: please)?|(?:such as|like what|like which)"
    r"|(?:do you have|is there|are there) (?:an?|any|some) examples?"
    r"(?: (?:of|for) (?:that|this|it|them))?", re.IGNORECASE)
_SURE = re.compile(
    r"(?:are|r) (?:you|u) (?:really |quite |absolutely |100% )?(?:sure|certain|positive)"
    r"(?: (?:about|of) (?:that|this|it))?", re.IGNORECASE)


@dataclass(frozen=True)
class Turned:
    """A question back, standing alone, and whether it asks for a verdict."""

    text: str
    judges: bool = False


def is_turn(text: str) -> bool:
    """Whether a text, after an answer, asks back at it and names nothing of its own."""
    return turned(text, "it") is not None or _SURE.fullmatch(_bare(text)) is not None


def turned(text: str, subject: str) -> Turned | None:
    """A question back at an answer, made to stand alone.

    Args:
        text: as typed, with or without "so" or "and" in front.
        subject: what was spoken of.

    Returns:
        None for another question, and where nothing was spoken of.
    """
    bare = _bare(text)
    if not subject or len(bare) > 120:
        return None
    be = "are" if re.search(r"[^s]s$", subject) else "is"
    if _MUCH.fullmatch(bare):
        return Turned(f"How large {be} {subject}?", True)
    if _MATTERS.fullmatch(bare):
        return Turned(f"Why {be} {subject} important?")
    if _EXAMPLE.fullmatch(bare):
        return Turned(f"What is an example of {subject}?")
    return _judged(bare, subject)


def _judged(bare: str, subject: str) -> Turned | None:
    words = [word.replace("’", "'").lower() for word in _WORD.findall(bare)]
    known = _SMALL | _RIGHT | _GOOD | _DIFFER
    if not words or len(words) > _MOST_WORDS or not all(word in known for word in words):
        return None
    said = set(words)
    of = f"measurements of {subject}"
    if said & _DIFFER and words[0] in ("why", "how", "so", "but"):
        return Turned(f"Why do {of} disagree?")
    if not _OPENS.match(bare):
        return None
    if said & _RIGHT:
        return Turned(f"What explains the tension between {of}?", True)
    if said & {"biased", "bias", "systematics"}:
        return Turned(f"How biased are {of}?", True)
    return Turned(f"How accurate are {of}?", True) if said & _GOOD else None


def _bare(text: str) -> str:
    opened = re.sub(r"^(?:(?:so|and|but|ok(?:ay)?|well|hm+|then)\b[\s,]{0,3}){1,3}(?=\S{4})", "",
                    text.strip(), flags=re.IGNORECASE)
    whole = text.strip(" ?!.,")
    return whole if _MATTERS.fullmatch(whole) else opened.strip(" ?!.,")
