"""What a question is about: the noun phrase that a later "it" stands for.

Example:
    >>> subject_of("What is the temperature of the CMB today?")
    'the temperature of the CMB'
"""

from __future__ import annotations

import re

from core.literature.assistant.questions.library_names import GENERIC, NamedThing, library_names
from core.literature.assistant.questions.names import found_names
from core.literature.assistant.questions.sides import sides
from core.literature.text.normal_form import tokens
from core.literature.text.stop_words import STOP_WORDS
from core.literature.text.text import clean

__all__ = ["content_words", "has_subject", "in_plural", "person_asked", "subject_of", "things_in"]

_BE = r"(?:is|are|was|were|['’]s|['’]re)"
_PHRASE = r"([^?!;:,]{2,90}?)"
_END = (r"\s*(?=$|[?!;:,.](?:\s|$)|\b(?:today|now|currently|exactly|really|anyway|pls|please|then"
        r"|in (?:simple|plain|other|a nutshell|cosmology|astronomy|physics|detail|more|short)"
        r"|according to|from|by|with (?:error|uncertainty)|and (?:what|how|why|when|who|where|is"
        r"|are|do"
        r"|does|did|has|say|its)|useful|important|measured|defined|used for|for)\b)")
_FIND = r"(?:find|get|measure|give|report|obtain|say|infer|prefer|have|see|derive)s?"
_PATTERNS = tuple(re.compile(pattern, re.IGNORECASE) for pattern in (
    # a quantity, whoever measures it
    rf"^(?:what|which) (?:do|does|did|will|can|would) [^?]{{2,40}}? {_FIND} (?:for|on|about"
    rf"|of) {_PHRASE}{_END}",
    rf"^(?:what|which) (?:value|number|limit|constraint|bound)s? (?:of|for|on) {_PHRASE} (?:do"
    rf"|does|did|will|is"
    rf"|was|has|have)\b",
    rf"^(?:what|which) (?!(?:do|does|did|will|is|are|was|were|value|can|would|has|have|paper"
    rf"|survey|"
    rf"telescope|experiment)s?\b){_PHRASE} (?:do|does|did|will|would) [^?]{{2,40}}? {_FIND}\b",
    rf"\b(?:constraints?|limits?|bounds?|measurements?|values?|estimates?|detection) (?:on|of|for) "
    rf"(?:the )?{_PHRASE}{_END}",
    rf"\bwhat ?(?:exactly |actually )?{_BE} (?:meant by |called |the (?:meaning|definition|value"
    rf"|idea"
    rf"|concept|point|purpose|use) of |a definition of )?{_PHRASE}{_END}",
    rf"^(?:please )?(?:can you |could you )?(?:define|explain|describe|derive"
    rf"|tell me (?:more )?about"
    rf"|what about|how about) (?:to me )?(?:what )?{_PHRASE}(?: {_BE}| means?)?{_END}",
    rf"^what (?:does|do) {_PHRASE} (?:mean|do|stand for|look like|approximate|actually)\b",
    rf"^who(?: first| really| actually)? (?:discovered|found|invented|proposed|measured|predicted"
    rf"|coined"
    rf"|developed|introduced|made|derived|detected|built|named|observed|suggested|wrote) {_PHRASE}"
    rf"(?: first)?{_END}",
    rf"^who {_BE} {_PHRASE}{_END}",
    rf"^(?:is|are|was|were) (?:the )?{_PHRASE} (?:solved|detected|measured|known|real|true|dead"
    rf"|ruled out"
    r"|confirmed|proven|proved|excluded|found|observed|finished|over|discovered|understood)\b",
    rf"^how (?:old|big|large|hot|cold|far|massive|heavy|dense|bright|long|fast|small|deep|common"
    rf"|rare|"
    rf"young|wide|thick|strong|far away) {_BE} {_PHRASE}(?: away)?{_END}",
    rf"^(?:when|where) {_BE} {_PHRASE} (?:discovered|found|first|made|launched|measured|born|built"
    r"|proposed|located|detected)\b",
    rf"^how (?:do|does|can) (?:we|you|i|one|people|astronomers|cosmologists|scientists) (?:measure"
    rf"|detect"
    rf"|find|observe|calibrate|define|compute|calculate|estimate|infer|constrain|get"
    rf"|know) {_PHRASE}{_END}",
))
_VERBS = re.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must"
    r"|mean|means"
    r"|i|we|you|what|how|why|when|who|where|which|if|because)\b", re.IGNORECASE)
_ARTICLE_BEFORE = re.compile(r"\b(?:the|an?) $", re.IGNORECASE)
_MOST_WORDS = 8


def subject_of(question: str) -> str:
    """The thing that a question is about, as it is written there.

    Args:
        question: one that stands alone.

    Returns:
        The noun phrase after "what is" and its like; else the longest name of the library in it;
        else its words of content; "" if it has none. Both sides of a comparison.
    """
    text = clean(question)[:600]
    compared = sides(text)
    if compared:
        return " and ".join(compared)
    for pattern in _PATTERNS:
        found = pattern.search(text)
        phrase = found[1].strip(" '\"") if found else ""
        if phrase and _is_phrase(phrase):
            return phrase
    bare = text.strip(" ?!.")
    if _is_phrase(bare) and len(bare.split()) <= 5:
        return bare
    return _named(text) or " ".join(content_words(text)[:6])


def _is_phrase(text: str) -> bool:
    one = re.match(r"an? [^\W\d_]{4,}", text, re.IGNORECASE) is not None  # "a telescope" is a thing
    short = len(text.split()) <= _MOST_WORDS and not _VERBS.search(text)
    return short and (one or has_subject(text))


def _named(text: str) -> str:
    """The name that tells most: no experiment where there is something else, long, early."""
    things = library_names().found(text)
    if not things:
        return ""
    best = min(things, key=lambda thing: (_only_name(thing), -len(thing.name), thing.start))
    article = _ARTICLE_BEFORE.search(text[: best.start])
    return f"{article[0] if article else ''}{best.text}"


def _only_name(thing: NamedThing) -> bool:
    """Whether a thing is a name and nothing else, as an experiment is: "DESI", "Planck 2018"."""
    covered = sum(found.end - found.start for found in found_names(thing.text))
    return covered >= len(thing.text.replace(" ", "")) - 1


def things_in(text: str) -> list[str]:
    """The names of the library in a text that say what it is about."""
    return [thing.text for thing in library_names().found(text)]


def content_words(text: str) -> list[str]:
    """The words that say what a text is about, as they are written."""
    return [word for word in re.findall(r"\$[^$]{1,200}\$|[^\s?!,;:()\"“”]+", text)
            if any(part not in STOP_WORDS and part not in GENERIC for part in tokens(word))]


def has_subject(text: str) -> bool:
    """Whether a text names what it is about."""
    return bool(things_in(text)) or bool(content_words(text))


_WHO = re.compile(
    r"^(?:and |so |ok )?who(?:['’]s| is| was| were| are)?\s+(.{2,120}?)\s*\??$", re.IGNORECASE)


def person_asked(question: str) -> str:
    """Whom "he", "she" or "they" mean after a question on a person; "" if it was on none.

    "Who was Fritz Zwicky?" gives his name; "Who discovered the CMB?" "those who discovered ...".
    """
    found = _WHO.match(clean(question))
    if found is None:
        return ""
    named = re.match(r"who(?:['’]s| is| was| were| are)\b", clean(question).lower())
    return found[1] if named else f"those who {found[1]}"


def in_plural(subject: str) -> str:
    """A subject for "they" to stand for: "a quasar" is "quasars"; "the CMB" stays."""
    found = re.match(r"an? (.+)$", subject, re.IGNORECASE)
    if found is None:
        return subject
    noun, *rest = re.split(r"(?= (?:of|in|from|with|at) )", found[1], maxsplit=1)
    if noun.endswith(("s", "x")):
        many = noun if noun.endswith("s") else f"{noun}es"
    elif noun.endswith("y") and noun[-2:-1] not in "aeiou":
        many = f"{noun[:-1]}ies"
    else:
        many = f"{noun}e" if noun.endswith("supernova") else f"{noun}s"
    return "".join([many, *rest])
