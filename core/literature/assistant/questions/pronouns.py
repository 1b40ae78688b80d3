"""Pronouns that point to an earlier question, and what they stand for.

Example:
    >>> resolved("how is it measured?", "the BAO scale")
    'how is the BAO scale measured?'
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from core.literature.assistant.questions.names import found_names
from core.literature.assistant.questions.subjects import content_words, in_plural, things_in
from core.literature.text.normal_form import tokens

__all__ = ["leans", "resolved"]

_PRONOUN = re.compile(
    r"\b(?P<own>its|their|theirs|his|hers|her(?= \w))\b|\b(?P<it>itself|themselves|it|they|them|he"
    r"|him|she"
    r"|her)\b(?!['’](?!s))|\b(?P<shown>this|that|these|those)\b"
    r"|\b(?P<side>the former|the latter|the first (?:one)?|the second (?:one)?|the other (?:one)?"
    r"|both"
    r"(?: of them)?|which(?: one)?(?: of (?:them|these|the two))?(?= (?:is|are|has|have|one|gives"
    r"|do|does)\b)"
    r"|either(?: of them)?|each(?: one)?|the two(?= (?:are|is|do|have|differ|agree|compare)"
    r"|\W*$))\b|\b(?P<there>such (?:a |an )?(?:thing|one))\b",
    re.IGNORECASE)
_EMPTY_IT = re.compile(
    r"\b(?:is|was|isn['’]t|would|will|be) it (?:be |really |also |ever |even )?(?:true|possible"
    r"|likely|"
    r"correct|known|clear|plausible|right|fair|important|necessary|enough|the case|common|safe|ok|"
    r"okay|easy|hard|difficult|impossible|because)\b(?=.{12,})"
    r"|\bdoes it (?:take|mean (?:that|to|for|if|when|a)|matter (?:if|whether|that|which|how|what"
    r"|for))\b"
    r"|\bit (?:takes?|took) .{0,40}\b(?:to|for)\b|\bit(?: is|['’]s) (?:true|possible|said|known"
    r"|clear"
    r"|likely|claimed|often) (?:that|to)\b", re.IGNORECASE)
_CONJUNCTION = re.compile(
    r"\b(?:mean|means|imply|implies|know|think|say|says|said|predicted|proposed|suggested|showed"
    r"|realised|realized|argued|noticed|inferred|thought|demonstrated|discovered|shows?|shown|true"
    r"|evidence|fact|claims?|"
    r"claimed|believe|told|sure|so|such|proves?|prove|proof|assume|assumes|suggests?|idea|heard"
    r"|read|"
    r"understand|given|like|seems?|possible|likely|hope|agree|sign|signs|way|reason|thing|"
    r"find|found|see|argue|guarantee|ensure|expect|predict|predicts|except|now) that$",
    re.IGNORECASE)
_AFTER_SHOWN = re.compile(r"\s*([^\W\d_]+)", re.UNICODE)
_CLAUSE = re.compile(
    r"[,;:!.?](?=\s)|\b(?:and|but|because|since|if|when|so|while|as|although|or|than|whether"
    r"|though|after|what|how|why|where"
    r"|before|until|unless|which|who)\b", re.IGNORECASE)
_SUBJECT_BEFORE = re.compile(r"[^\W\d_]+$")
_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|does|do|did|can|could|will|would|should|may|might|has|have|had|must"
    r"|isn['’]t"
    r"|aren['’]t|doesn['’]t|don['’]t|didn['’]t) $", re.IGNORECASE)
_NOUNS = frozenset(tokens("""
    effect value method model problem tension result scale signal theory number parameter survey
    object
    quantity phenomenon feature process idea limit measurement approach technique relation equation
    thing
    instrument telescope experiment mission paper study test probe mechanism assumption term ratio
    function particle star galaxy kind type hypothesis explanation evidence observation discrepancy
    distribution statistic estimate constraint
"""))
"""Nouns by which a thing is taken up again: "this effect"."""
_FUNCTION_TEXT = """
    is are was were be been do does did has have had can could will would should may might must of
    in on
    at to for from by with about as like than not n't and but or so because if when how why what who
    where which explain change mean affect use see measure tell say get find call know make give
    say really also still just ever even then than need cause always only found discovered detect
    detected measured confirmed happen work matter proves prove proven proposed predicted doing
    first yet too before today now again correctly there here better differently exactly anyway
    already
"""
_FUNCTION = frozenset(_FUNCTION_TEXT.split())


def leans(text: str, subject: str = "") -> bool:
    """Whether a question has a pronoun whose noun is not in the question itself.

    Args:
        text: a question.
        subject: what was spoken of; "this tension" takes up the Hubble tension.
    """
    return any(True for _ in _pointing(text, subject))


def resolved(text: str, subject: str, *, person: str = "", sides: Sequence[str] = ()) -> str:
    """A question with its pronouns replaced by what they stand for.

    Args:
        text: a question that leans.
        subject: the thing that was spoken of.
        person: whom "he", "she" and, if given, "they" mean.
        sides: the things that were compared, for "the former", "both", "which".
    """
    parts, at = [], 0
    for start, end, pronoun in _pointing(text, subject):
        stands_for, end = _meaning(text, start, end, pronoun, subject, person, sides)
        if start < at or not stands_for:
            continue
        parts += [text[at:start], stands_for]
        at = end
    return "".join([*parts, text[at:]])


def _pointing(text: str, subject: str) -> Iterator[tuple[int, int, str]]:
    """Where pronouns point out of a question: (start, end, group)."""
    empty = [found.span() for found in _EMPTY_IT.finditer(text)]
    for found in _PRONOUN.finditer(text):
        group = found.lastgroup or ""
        start, end = found.span()
        if any(a <= start < b for a, b in empty) or _own_noun(text, start):
            continue
        if found[0].lower() in ("itself", "themselves"):  # they have their nouns beside them
            continue
        near = group == "own" or group == "shown" and _OF.match(text, end)
        if near and _owner(text[:start]):
            continue
        if group == "shown" and not _stands_alone(text, start, end, subject):
            continue
        if group == "side" and _own_sides(text, found[0]):
            continue
        yield start, end, group


def _own_noun(text: str, start: int) -> bool:
    """Whether an earlier clause of the question has a noun that the pronoun can stand for."""
    ends = [clause.start() for clause in _CLAUSE.finditer(text, 0, start)]
    if not ends or not ends[-1]:
        return False
    head = text[: ends[-1]]
    if _PRONOUN.search(head) and not things_in(head):
        return False
    return bool(things_in(head)) or len(content_words(head)) > 1


_OF = re.compile(r" (?:of|from|in|with|by|for)\b", re.IGNORECASE)
_MEASURES = re.compile(
    r"\b(?:measure|measured|find|found|detect|detected|observe|observed|constrain|constrained|see"
    r"|seen|"
    r"determine|estimate|improve|confirm|confirmed|change|affect)s?\b", re.IGNORECASE)


def _owner(before: str) -> bool:
    """Whether what stands before "its" has the owner; "Did Planck measure its ..." has not."""
    if _PRONOUN.search(before) or not (things_in(before) or content_words(before)):
        return False
    names = list(found_names(before))
    if not names or not _MEASURES.search(before):
        return True
    for found in reversed(names):
        before = f"{before[: found.start]}{before[found.end :]}"
    return bool(things_in(before)) or len(content_words(_MEASURES.sub("", before))) > 0


def _stands_alone(text: str, start: int, end: int, subject: str) -> bool:
    """Whether this, that, these or those stands for a thing, by itself or before a general noun."""
    that = text[start:end].lower() == "that"
    if that and _CONJUNCTION.search(text[:end]) and text[end:].strip(" ?.!"):
        return False
    if that and _is_relative(text, start) and text[end:].strip(" ?.!"):
        return False
    following = _AFTER_SHOWN.match(text, end)
    if following is None or following[1].lower() in _FUNCTION or _AUXILIARY.search(text[:start]):
        return True
    return _takes_up(following[1], subject) or not things_in(text[end:])


def _takes_up(word: str, subject: str) -> bool:
    """Whether a word after "this" is a general noun or one of the subject."""
    noun = tokens(word)
    return bool(noun) and (noun[0] in _NOUNS or noun[0] in tokens(subject))


def _is_relative(text: str, start: int) -> bool:
    """Whether "that" follows its noun: "the model that fits"."""
    before = _SUBJECT_BEFORE.search(text[:start].rstrip())
    return before is not None and before[0].lower() not in _FUNCTION


def _own_sides(text: str, found: str) -> bool:
    """Whether "which", "both" and "each" have their nouns with them."""
    if len(things_in(text)) > 1 or len(content_words(text)) > 1:
        return True
    return found.lower() == "which" and bool(things_in(text))


def _meaning(
    text: str, start: int, end: int, group: str, subject: str, person: str, sides: Sequence[str]
) -> tuple[str, int]:
    """What a pronoun stands for, and where what it replaces ends."""
    pronoun = text[start:end].lower()
    if group == "side":
        return _side(pronoun, sides, subject), end
    who = person if person and pronoun in _PERSONS else subject
    many = in_plural(who) if pronoun in _MANY or pronoun in ("those", "these") else who
    if group == "own":
        return (many if pronoun in ("theirs", "hers") else _possessive(many)), end
    if group == "shown":
        following = _AFTER_SHOWN.match(text, end)
        if following is not None and _takes_up(following[1], subject):
            return many, following.end()
        determiner = following is not None and following[1].lower() not in _FUNCTION
        if determiner and following is not None and not _AUXILIARY.search(text[:start]):
            return f"the {following[1]} of {who}", following.end()
    if text[end : end + 2].lower() in ("'s", "’s"):  # it's, that's
        return f"{many} is", end + 2
    return many, end


_PERSONS = frozenset(
    ["he", "him", "she", "her", "his", "they", "them", "their", "hers"])
_MANY = frozenset(["they", "them", "their", "theirs", "themselves"])


def _side(pronoun: str, sides: Sequence[str], subject: str) -> str:
    if len(sides) < 2:
        return "" if pronoun.startswith("which") else subject
    if "former" in pronoun or "first" in pronoun:
        return sides[0]
    if "latter" in pronoun or "second" in pronoun or "other" in pronoun:
        return sides[1]
    both = " or ".join(sides) if pronoun.startswith(("which", "either")) else " and ".join(sides)
    return f"which of {both}" if pronoun.startswith("which") else both


def _possessive(subject: str) -> str:
    return f"{subject}'" if subject.endswith("s") else f"{subject}'s"
