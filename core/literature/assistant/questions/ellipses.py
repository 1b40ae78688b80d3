"""Questions that leave out what the one before them has said: "and for neutrinos?".

Example:
    >>> completed("at z=9?", "How old is the Universe at z=6?", "the Universe").text
    'How old is the Universe at z=9?'
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.literature.assistant.questions.library_names import library_names
from core.literature.assistant.questions.names import found_names
from core.literature.assistant.questions.subjects import content_words, subject_of, things_in

__all__ = ["Completed", "completed"]

_ABOUT = re.compile(
    r"^(?:(?:and |but |so |ok )?(?:what|how) about|what if (?:it is|it's|we use|i use)"
    r"|how is (?:it|that)"
    r" for|(?:is|does|would) (?:that|it|this|the same) (?:be )?(?:the same|true|hold|apply) (?:for"
    r"|in|at|with)"
    r"|same(?: question| thing| [\w-]{1,20}){0,2}(?: but(?: for| with| at| in)?| for| with| at| in)"
    r"|now(?: do| for)?|do (?:the same|it) (?:for|with|at)|try|instead of that"
    r"|and the same for)\s+",
    re.IGNORECASE)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must"
    r"|what|whats"
    r"|why|how|who|when|where|which|explain|define|list|tell|describe|compare|give|show|find"
    r"|calculate"
    r"|convert|name|write|derive|summari[sz]e|am|i)\b", re.IGNORECASE)
_PREPOSITION = re.compile(
    r"^(of|in|at|for|from|with|without|by|on|to|beyond|above|below|before|after|during|under|using"
    r"|inside|"
    r"between|around|over|within|outside|per|since|until|across|towards?|as)\s+(?=\S)",
    re.IGNORECASE)
_STOP = (
    r"(?=\s*(?:$|[?,;:]|\b(?:of|in|at|for|from|with|by|on|to|is|are|was|were|do|does|did|has|have"
    r"|can|and)\b))")
_REDSHIFT = re.compile(
    r"(?:\bz\s?[=~≈≃]\s?|\bredshifts?(?: "
    r"of)?\s?[=~≈]?\s?)\d{1,5}(?:\.\d{1,4})?(?:\s?\([^()]{1,30}\))?",
    re.IGNORECASE)
_NUMBER = re.compile(
    r"\d[\d.,]*(?:e[+-]?\d+|\^?[+-]?\d+)?\s?(?:[MGk]?pc|Msun|M_?sun|solar masses|eV|keV|MeV|GeV"
    r"|[MGk]?Hz|K"
    r"|Gyr|Myr|arcmin|arcsec|deg|km|m|cm|kg)\b")
_ADJECTIVE = re.compile(r"(?:al|ic|ar|ive|ous|ed|ical|ary|less)$", re.IGNORECASE)
_LONGEST_BIT = 9
_FINDS = re.compile(
    r"\b(?:get|gets|find|finds|found|say|says|said|give|gives|report"
    r"|reports|"
    r"reach|see|show|achieve|improve|expect|prefer|prefers|add|predict|obtain|tell us|do better)"
    r"(?: (?:then|now|instead|exactly|us|here|today|in the future))?\s*$", re.IGNORECASE)
_GENERAL = re.compile(
    r"^(?:so |then |now )?(?:whats?|what['’]s|which|who|when|where|why|how|is|are|was|were|does|do"
    r"|did|has|have|can|could"
    r"|will|would|should|any|give|show|name|list|an?|the|some|more|other)\b", re.IGNORECASE)
_MOST_WORDS = 11
_BARE = re.compile(
    r"^(?:how (?:old|big|large|hot|cold|far|massive|heavy|dense|bright|long|fast|small|deep|common"
    r"|rare|high|"
    r"low|strong|many|much|often|accurate|precise|come)|when|where|who|by whom|since when"
    r"|by how much|to what"
    r" (?:precision|accuracy)|in (?:what|which) units?|examples?|(?:an|any) examples?"
    r"|(?:the )?(?:formula|"
    r"equation|units?|value|history|mass|size|age|temperature|redshift|error|limits?|applications?"
    r"|numbers?)"
    r"|for (?:example|instance)|such as|like what)$", re.IGNORECASE)
_VALUE_FROM = re.compile(
    r"^(?:what(?:['’]?s| is| was)|give me|and|so what(?:['’]?s"
    r"| is)) (?:the )?(?:\w{2,15} )?(?:value|limit|number"
    r"|constraint|error|uncertainty|result|measurement|estimate|bound|prediction)s? (?:from|by"
    r"|with|using|"
    r"according to|in|at) \S.{0,40}$", re.IGNORECASE)
_TO_ASSISTANT = re.compile(r"\b(?:are you|you are|who made you|your name|can (?:you|u) do|made you"
    r"|about you)\b",
                           re.IGNORECASE)


@dataclass(frozen=True)
class Completed:
    """A question with what it had left out; its subject if that has changed, else ""."""

    text: str
    subject: str = ""


def completed(text: str, question: str, subject: str, *, led: bool = False) -> Completed | None:
    """Complete a question by the one before it.

    Args:
        text: the question without "and" in front.
        question: the one before it, which stands alone.
        subject: what that is about.
        led: whether "and", "but" or "or" stood in front.

    Returns:
        None if nothing has been left out.
    """
    about = _ABOUT.match(text)
    bit = text[about.end() if about else 0 :].strip(" ?!.,")
    if not bit:
        return None
    if subject and _BARE.match(bit):
        be = "are" if subject.endswith("s") else "is"
        link = be if bit.lower().startswith("how ") else "for"
        return Completed(f"{bit} {link} {subject}?", subject)
    prepositional = _PREPOSITION.match(bit) is not None
    if len(bit.split()) <= _LONGEST_BIT and not _FINITE.search(bit) and (
            about or led or prepositional or _REDSHIFT.match(bit)):
        return _with(bit, question.rstrip(" ?!."), subject)
    if about and not _FINITE.match(bit) and len(bit.split()) <= _LONGEST_BIT:
        return _with(bit, question.rstrip(" ?!."), subject)
    if text.lower().startswith("what if ") and not things_in(text):
        return Completed(f"{text.rstrip(' ?!.')} for {subject}?", subject)
    if subject and (_lacks_its_subject(text) or _VALUE_FROM.match(text.strip(" ?!.")) and not any(
            " " in thing for thing in things_in(text))):
        return Completed(f"{text.rstrip(' ?!.,')} for {_without_names(subject, text)}?", subject)
    return None


def _lacks_its_subject(text: str) -> bool:
    """A short question of general words, or of a survey that finds something unsaid."""
    bare = text.strip(" ?!.,")
    if len(bare.split()) > _MOST_WORDS or not _GENERAL.match(bare) or _TO_ASSISTANT.search(bare):
        return False
    if re.match(r"(?:so )?(?:what|who)(?: is| are| was|['’]?s) an? ", bare, re.IGNORECASE):
        return False
    names = [found for found in found_names(bare) if found.sort == "word"]
    if names:
        rest = bare
        for found in reversed(names):
            rest = f"{rest[: found.start]}{rest[found.end :]}"
        return _FINDS.search(bare) is not None and not content_words(rest) and not things_in(rest)
    return not things_in(bare) and not content_words(bare)


def _without_names(subject: str, text: str) -> str:
    """The subject without the experiments that were named, if the question names its own."""
    if subject in library_names() or not any(True for _ in found_names(text)):
        return subject
    rest = subject
    for found in reversed(list(found_names(subject))):
        rest = f"{rest[: found.start]}{rest[found.end :]}"
    return " ".join(rest.split()) if len(rest.split()) > 0 and content_words(rest) else subject


def _with(bit: str, question: str, subject: str) -> Completed:
    """The question before with a bit in the place of its like."""
    for rule in (_other_number, _other_phrase, _other_name, _other_kind, _other_thing):
        made = rule(bit, question, subject)
        if made is not None:
            return made
    return Completed(f"{question} {bit}?")


def _other_number(bit: str, question: str, subject: str) -> Completed | None:
    """Another redshift or quantity of the same unit."""
    for pattern in (_REDSHIFT, _NUMBER):
        new, old = pattern.search(bit), pattern.search(question)
        if new is not None and old is not None:
            return Completed(f"{question[: old.start()]}{new[0]}{question[old.end() :]}?")
    return None


def _other_phrase(bit: str, question: str, subject: str) -> Completed | None:
    """Another phrase with the same preposition."""
    opened = _PREPOSITION.match(bit)
    if opened is None:
        return None
    thing = bit[opened.end() :]
    kind = _other_kind(thing, question, subject)
    if kind is not None:
        return kind
    own = list(re.finditer(rf"\b{opened[1]}\s+\S.{{0,60}}?{_STOP}", question, re.IGNORECASE))
    if own:
        old = own[-1]
        text = f"{question[: old.start()]}{bit}{question[old.end() :]}?"
        replaced = subject.lower() in old[0].lower()
        inside = old[0].lower() in subject.lower()
        new = thing if replaced else subject.replace(old[0], bit) if inside else ""
        return Completed(text, new)
    other = _other_name(thing, question, subject, among_sources=True)
    return other or Completed(f"{question} {bit}?")


def _other_name(
    bit: str, question: str, subject: str, among_sources: bool = False
) -> Completed | None:
    """Another experiment, object or year; none is added where it has to replace one."""
    names = list(found_names(bit))
    bare = re.sub(r"\([^()]{0,40}\)", "", bit)
    if not names or len(bare.split()) > 4 or content_words(re.sub(
            r"[^\w\s+-]", " ", bare)) and not _all_named(bare):
        return None
    at = question.lower().find(subject.lower())
    inside = range(at, at + len(subject)) if at >= 0 else range(0)
    old = [found for found in found_names(question)
           if found.start not in inside or found.end - found.start >= len(subject) - 4]
    if not old and among_sources:
        return None
    if not old:
        thing = re.search(r"[A-Z]", subject.removeprefix("the ")[:1]) and _all_named(subject)
        return None if thing or bit in library_names() and not _is_survey(bare) else Completed(
            f"{question} from {bit}?")
    start, end = old[0].start, old[0].end
    for found in old[1:]:  # "Planck 2018" is one name
        if question[end : found.start].strip() == "" and not (len(names) == 1 == len(old)):
            end = found.end
    after = re.match(r"\s?\([^()]{0,40}\)", question[end:])
    end += after.end() if after else 0
    new = bit if start in inside else ""
    return Completed(f"{question[:start]}{bit}{question[end:]}?", new)


def _all_named(text: str) -> bool:
    covered = sum(found.end - found.start for found in found_names(text))
    return covered >= len(re.sub(r"\W|\bthe\b", "", text)) - 1


def _is_survey(text: str) -> bool:
    return bool(re.match(r"[A-Z]", text)) and _all_named(text)


def _other_kind(bit: str, question: str, subject: str) -> Completed | None:
    """Another modifier of the same noun: "and weak?" after strong lensing, "the hot one"."""
    word = re.sub(r"^(?:the|a|an)\s+|\s+ones?$", "", bit, flags=re.IGNORECASE)
    head = subject.split()
    if len(word.split()) != 1 or len(head) < 2 or not question.lower().count(subject.lower()):
        return None
    if things_in(word) or any(True for _ in found_names(word)):
        return None
    article = [head.pop(0)] if head[0].lower() in ("the", "a", "an") else []
    for start in range(1, len(head)):
        other = " ".join([word, *head[start:]])
        if other in library_names() or start == 1 and _ADJECTIVE.search(word):
            new = " ".join([*article, other])
            return Completed(f"{_replaced(question, subject, new)}?", new)
    return None


def _other_thing(bit: str, question: str, subject: str) -> Completed | None:
    """Another thing in the place of the subject."""
    version = re.match(r"^(?:the )?(?:version|equivalent|analogue|one|ones|case|value)s? (?:of|for"
    r"|in) (.+)$",
                       bit, re.IGNORECASE)
    if version is not None:
        return Completed(f"{question} for {version[1]}?")
    if not subject or subject.lower() not in question.lower():
        return None
    article = re.match(r"(?:the|a|an) ", subject, re.IGNORECASE)
    bare = re.match(r"(?:the|a|an) ", bit, re.IGNORECASE)
    new = bit if bare or article is None or not things_in(bit) else bit
    return Completed(f"{_replaced(question, subject, new)}?", subject_of(bit) or new)


def _replaced(question: str, old: str, new: str) -> str:
    at = question.lower().find(old.lower())
    return f"{question[:at]}{new}{question[at + len(old) :]}"
