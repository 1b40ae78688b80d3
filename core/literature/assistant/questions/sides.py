"""The sides of a comparison, each by itself, so that each can be looked up.

Example:
    >>> sides("What is the difference between warm and fuzzy dark matter?")
    ('warm dark matter', 'fuzzy dark matter')
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.literature.assistant.questions.library_names import GENERIC, library_names, normal_name
from core.literature.text.text import clean

__all__ = ["sides"]

_LONGEST = 600
_MOST_WORDS = 9
_MOST_SIDES = 5

_LARGER = (
    r"better|worse|larger|bigger|smaller|stronger|weaker|older|younger|hotter|colder|cooler|warmer"
    r"|faster|slower|brighter|fainter|dimmer|heavier|lighter|denser|deeper|wider|higher|lower"
    r"|closer"
    r"|nearer|farther|further|longer|shorter|earlier|later|richer|rarer|cheaper|simpler|easier"
    r"|harder"
    r"|tighter|steeper|flatter|broader|narrower|greater|safer|thicker|thinner|bluer|redder|newer"
    r"|fewer"
    r"|more|less")
_AUX = r"(?:is|are|was|were|do|does|did|has|have|can|could|will|would|should)"
_S = r"[^?!;]"

_REGIONS = tuple(re.compile(pattern, re.IGNORECASE) for pattern in (
    # one group that holds all sides
    rf"\b(?:differen(?:ce|t)s?|diff|distinctions?|contrasts?|comparisons?|similarit(?:y|ies)"
    rf"|relation(?:ship)?s?|connection|trade-?offs?|link)\b{_S}{{0,60}}?\b(?:between|btw|bw"
    rf"|b/w) ({_S}{{3,300}})",
    rf"\b(?:differences?|diff|comparison|contrast|distinction) (?:of|in) ({_S}{{3,300}})",
    rf"\b(?:distinguish|differentiate|discriminate|choose|decide) (?:\w+ )?between ({_S}{{3,300}})",
    rf"\bhow (?:do|does|did) ({_S}{{3,200}}?) (?:compare|differ)\s*(?:$|[?,:;]|in\b)",
    rf"\bhow (?:is|are|was|were) ({_S}{{3,200}}?) (?:related|connected|linked|different"
    rf"|distinguished)"
    r"\s*(?:$|[?,:;]|to each other|from each other|in\b)",
    rf"^(?:are|is|were|was) ({_S}{{3,200}}? and {_S}{{1,100}}?) (?:really |just |actually "
    rf"|basically )?"
    r"(?:the same|different|identical|equivalent|related|synonym\w*)\b",
    rf"\bdo ({_S}{{3,200}}? and {_S}{{1,100}}?) (?:mean|measure|say|give|find) the same\b",
    rf"\b(?:which|what|who)\b{_S}{{0,60}}?\b(?:{_LARGER}|first|best|most \w{{2,20}})\b{_S}{{0,40}}?"
    rf"[,:]\s*({_S}{{2,200}}?\b(?:or|and|vs\.?)\b{_S}{{2,100}})",
    rf"\b(?:which|what) (?:is|are) (?:{_LARGER}) ({_S}{{2,100}}? or {_S}{{2,100}})",
    rf"\bshould (?:i|we|one|you) (?:\w+ )?(?:use|prefer|choose|take|trust|pick|learn|run) "
    rf"({_S}{{2,100}}? or {_S}{{2,100}})",
    rf"^(?:is|are|does|do|has|have) (?!it\b|there\b)({_S}{{2,80}}? or {_S}{{2,80}}?) (?:the |a "
    rf"|have a )?"
    rf"(?:{_LARGER})\b(?! or\b)",
    rf"^({_S}{{2,200}}?(?:,| and | or |/){_S}{{1,100}}?)\s*(?:[,:;–—]| -+ )\s*(?:so |and )?"
    rf"(?:what|which|how|who|whats|any|is there|are they|does|do"
    rf"|do they){_S}{{0,60}}?\b(?:difference|"
    rf"diff|differs?|different|better|same|compare|each|which is which|related?|relation|tradeoff|"
    rf"larger|smaller|bigger)\b",
))
_PAIRS = tuple(re.compile(pattern, re.IGNORECASE) for pattern in (
    # one group a side
    rf"\bhow (?:do|does|did) ({_S}{{2,150}}?) (?:compare|differ|relate)s? (?:to|with|from|against) "
    rf"({_S}{{2,150}})",
    rf"\b{_AUX} ({_S}{{2,150}}?) (?:really |just |basically |exactly |actually |simply "
    rf"|then )*(?:the "
    rf"(?:very )?same(?: \w{{1,20}})?|identical|equal|equivalent|different|distinct|distinguishable"
    rf"|separate|related|connected|similar) (?:as|to|from|than|with) ({_S}{{2,150}})",
    rf"\b(?:what )?(?:makes?|sets?) ({_S}{{2,100}}?) (?:different|distinct"
    rf"|apart) from ({_S}{{2,150}})",
    rf"\b(?:distinguish(?:es|ed)?|tells?|separates?|differentiates?"
    rf"|discriminates?) ({_S}{{2,100}}?) (?:apart )?from "
    rf"({_S}{{2,150}})",
    rf"\bdiffer(?:ence|s) (?:of|from) ({_S}{{2,100}}?) (?:to|from|with) ({_S}{{2,150}})",
    rf"\b(?:prefer|use|using|choose|trust|take|measure) ({_S}{{2,100}}?) "
    rf"(?:over|instead of|rather than|and not) ({_S}{{2,150}})",
    rf"^({_S}{{2,150}}?),? (?:compared|as opposed|in contrast|in comparison) (?:to|with) "
    rf"({_S}{{2,150}})",
    rf"\b{_AUX} ({_S}{{2,150}}?) (?:(?:much|far|any|a lot|even|really|generally|always|usually"
    rf"|often"
    rf"|significantly|so much|still|a"
    rf"|an) )*(?:{_LARGER})(?: \w{{1,20}}){{0,3}}? than ({_S}{{2,150}})",
))
_VERSUS = re.compile(r"\s*(?:\bversus\b|\bvs\b\.?|\bv/s\b|\bv\.s\.?)\s*", re.IGNORECASE)
_COMPARE = re.compile(rf"\b(?:compare|comparing|contrast|contrasting)\b:? (?!of\b)"
                      rf"(?:(?:\w{{1,20}} ){{0,3}}\w{{1,20}}: )?({_S}{{3,300}})", re.IGNORECASE)
_SPLIT = re.compile(
    r"\s*(?:,\s*(?:and|or)?|\band\b|\bor\b|&|\bversus\b|\bvs\b\.?)\s+", re.IGNORECASE)
_SPLIT_COMPARED = re.compile(
    r"\s*(?:,\s*(?:and|or)?|\band\b|\bor\b|&|\bversus\b|\bvs\b\.?|\bwith\b|\bto\b|\bagainst\b)\s+",
    re.IGNORECASE)
_SPLIT_FROM = re.compile(r"\s*(?:\bfrom\b|\bto\b|\bwith\b)\s+", re.IGNORECASE)

_PARENTHESIS = re.compile(r"\s+\([^()]{0,120}\)|\s+\[[^\[\]]{0,120}\]")
_TAIL = re.compile(
    r"\s*(?:[?!;:]|\.(?:\s|$)|\s[-–—]+\s|,?\s*\b(?:and|but|so|then)?,? ?\b(?:which|what|whats|how"
    r"|why|who|"
    r"when|where)\b|,\s*(?:for|in|if|is|are|do|does|can|please|pls|briefly|i)\b"
    r"|\b(?:in terms of|in simple|in plain|in detail|as far as|with respect to|when it comes|in the"
    r" context|in a few|in one|in two|please|pls|briefly|exactly|respectively|anyway|then|actually"
    r"|as [a-z0-9]+ (?:calibrators?|probes?|candidates?|tracers?)|to each other|for dummies|here"
    r"|for (?:my|our|your|this|these) \w+)\b).*$",
    re.IGNORECASE | re.DOTALL)
_LEAD = re.compile(
    r"^(?:(?:and|so|but|ok(?:ay)?|hi|hello|please|pls|then|now|quick question|can you|could you"
    r"|would you"
    r"|tell me|explain(?: to me)?|describe|summari[sz]e|discuss|give me|show me|i wonder|what(?:'s"
    r"|s| is"
    r"| are| was| were| about)?|whats|how about|which(?: one)? (?:is|are)(?: better| best)?"
    r"|why (?:is|are|"
    r"do|does|use|prefer)|how (?:much|many|far|well)?(?: away)? ?(?:does|do|is|are|good|big|large"
    r"|old|hot|massive)?(?: is| are)?"
    r"|is|are|does|do|did|the difference(?:s)?|difference(?:s)?|better|best|"
    r"a comparison|both|either|between|of|using|use|the terms?|the words?|you"
    r"|to)\b[\s,:;.!-]*){1,8}",
    re.IGNORECASE)
_END = re.compile(
    r"\s+(?:differences?|diff|comparison|compared|difference explained|explained|the same|better"
    r"|which"
    r"|(?:have|has|had|give|gives|gave|get|gets|contain|contains|constrain|constrains|produce"
    r"|produces|"
    r"really|also|is|are|do|does|be|both|today|each)(?: .*)?)$", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:a|an|the|some|any|our|my|your)\s+", re.IGNORECASE)
_PHRASE = re.compile(r"\s(?:of|in|for|from|at|on|with) (?!which\b).{2,60}$", re.IGNORECASE)
_VERSION = re.compile(r"(?:[A-Z]{1,3}\d{1,2}|[yY]ear \d|[vV]\d(?:\.\d)?|\d{4})$")
_NAME = re.compile(r"^[A-Z0-9]|^[a-z]{1,3}[A-Z]")
_DOING = re.compile(r" (?:expanding|moving|travell?ing|going|growing|getting|rotating"
    r"|accelerating)$")
_QUANTITY = re.compile(r"(?:a |about |one )?(?:\d[\d.,]* ?(?:[A-Za-zσ%]|$)|(?:hundred|thousand"
    r"|million|billion)\b)")
_LAST_PHRASE = re.compile(r" (?:at|of|in|for|from|to) (\S{1,20}(?: \S{1,20})?)$")
_SYMBOL = re.compile(r"\$?\\?(?:S_?8|H_?0|sigma_?8|n_?s|A_?s|tau|r|w|w_?[0a]|Omega_?[mbkL]|N_?eff"
                     r"|r_?d|r_?s|f_?NL|h|m_?nu|M_?nu)\$?")
_QUOTE = re.compile(r"['\"“”‘] | ['\"“‘]")
_LIKE = re.compile(r"^(?:z ?[=~≈] ?|redshift )?\d[\d.,]*(?: ?[A-Za-z]{1,5})?$")
_PREPOSITION = re.compile(r"^(of|in|for|from|at|on|with|by|to) ", re.IGNORECASE)
_NO_SIDE_TEXT = """
    it its they them this that these those he she we i you one ones two both other others each us
    there
    something anything everything nothing want seen which what who ever before usual expected not
    thing things
"""
_NO_SIDE = frozenset(_NO_SIDE_TEXT.split())


def sides(question: str) -> tuple[str, ...]:
    """What a question compares, in its order.

    Args:
        question: as typed.

    Returns:
        Two to five phrases without articles; a noun or a phrase that the last one has for all of
        them ("spec and photo surveys") is given to each. () if nothing is compared.
    """
    text = clean(_PARENTHESIS.sub("", question[:_LONGEST])).strip(" ?!.")
    for parts, coordinated in _candidates(text):
        bare = [_bare(part) for part in parts]
        if coordinated:
            bare = _shared(bare)
        elif _QUANTITY.match(bare[-1]) or not all(bare):
            continue
        else:
            bare[-1] = _with_start(bare[0], bare[-1])
        found = tuple(dict.fromkeys(_ARTICLE.sub("", part) for part in bare))
        if 2 <= len(found) <= _MOST_SIDES and all(map(_is_side, found)):
            return found
    return ()


def _candidates(text: str) -> Iterator[tuple[list[str], bool]]:
    """Ways to read a question as a comparison, the surest first: its parts, and whether they stand
    side by side ("X and Y"), so that they may share a noun, or not ("X is larger than Y")."""
    if _VERSUS.search(text):
        parts = _VERSUS.split(text)
        yield [*parts[:-1], _TAIL.sub("", parts[-1])], True
    for pattern in _REGIONS[:3]:
        yield from _split(pattern, text)
    compared = _COMPARE.search(text)
    if compared is not None:
        region = _TAIL.sub("", compared[1])
        yield _SPLIT.split(region), True
        yield _SPLIT_COMPARED.split(region), True
    for pattern in _PAIRS:
        pair = pattern.search(text)
        if pair is not None:
            yield [pair[1], _TAIL.sub("", pair[2])], False
    for pattern in _REGIONS[3:]:
        yield from _split(pattern, text)


def _split(pattern: re.Pattern[str], text: str) -> Iterator[tuple[list[str], bool]]:
    found = pattern.search(text)
    if found is None:
        return
    region = _TAIL.sub("", found[1])
    parts = _SPLIT.split(region)
    yield (parts if len(parts) > 1 else _SPLIT_FROM.split(region)), True


def _bare(part: str) -> str:
    """A side without the words that ask, its article kept."""
    text = part.strip(" ?!.,:;\"'“”")
    after = re.split(r"[?!;:]\s|,\s(?=\S+ ?\S* ?\S*$)", text)
    text = _LEAD.sub("", after[-1].strip() if len(text.split()) > _MOST_WORDS else text)
    return _END.sub("", text).strip(" ?!.,:;\"'“”-")


def _is_side(part: str) -> bool:
    words = part.lower().split()
    if not 1 <= len(words) <= _MOST_WORDS or all(word in _NO_SIDE for word in words):
        return False
    if _DOING.search(part) or _QUOTE.search(part):  # "the universe expanding" is no thing
        return False
    return words[0] not in _NO_SIDE and re.search(r"\w", part) is not None


def _shared(parts: list[str]) -> list[str]:
    """What only one side says for all of them, given to each."""
    if len(parts) < 2 or not all(parts):
        return parts
    *firsts, last = parts
    last = whole = _with_start(firsts[0], last)
    phrase = _PHRASE.search(last)
    if phrase is not None and len(last[: phrase.start()].split()) <= len(firsts[0].split()) + 2:
        last = last[: phrase.start()]
    else:
        phrase = None
    last = _with_versions(firsts[0], last)
    given = [_with_noun(first, last) for first in firsts]
    if phrase is None or any(_PHRASE.search(first) for first in firsts):
        return [*given, whole if phrase is not None else last]
    return [f"{part}{phrase[0]}" for part in (*given, last)]


def _with_start(first: str, last: str) -> str:
    """"from SH0ES" or "z=10" alone, or "Planck" against "tau WMAP", with what the first side says
    before its own."""
    opened = _PREPOSITION.match(last)
    if opened is not None:
        at = first.lower().rfind(f" {opened[1].lower()} ")
        return f"{first[:at]} {last}" if at > 0 else last
    lead, _, name = first.rpartition(" ")
    if _SYMBOL.fullmatch(lead) and _NAME.match(name) and _NAME.match(last) and " " not in last:
        return f"{lead} {last}"
    own = _LAST_PHRASE.search(first)
    if own is not None and _LIKE.match(last) and _LIKE.match(own[1]):
        return f"{first[: own.start(1)]}{last}"
    return last


def _with_versions(first: str, last: str) -> str:
    """The name before a version for a version alone: "DESI DR1", "DR2 BAO"."""
    words, others = first.split(), last.split()
    if len(words) == 2 and _VERSION.match(words[1]) and others and _VERSION.match(others[0]):
        return f"{words[0]} {last}"
    return last


def _with_noun(first: str, last: str) -> str:
    """A modifier alone ("warm", "a spectroscopic", "Planck") with the noun of the last side."""
    bare, own = _ARTICLE.sub("", first), _ARTICLE.sub("", last).split()
    words = bare.split()
    if len(own) < 2 or len(words) > 2 or {w.lower() for w in words} & {w.lower() for w in own}:
        return _with_symbol(first, bare, own)
    names = library_names()
    for start in range(1, len(own)):  # the longest noun first
        if f"{bare} {' '.join(own[start:])}" in names and (
                bare not in names or len(words) == 1 and bare == first
                or normal_name(bare) == normal_name(f"{bare} {' '.join(own[start:])}")):
            return f"{first} {' '.join(own[start:])}"
    if len(words) == 1 and bare not in names and not _NAME.match(bare) and not _is_noun(bare):
        return f"{first} {' '.join(own[1:])}"
    return _with_symbol(first, bare, own)


def _with_symbol(first: str, bare: str, own: list[str]) -> str:
    """"Planck" against "SH0ES H0", "SPH" against "AMR codes", is Planck H0 and SPH codes."""
    both = len(own) > 1 and len(bare.split()) == 1 and _NAME.match(bare) and _NAME.match(own[0])
    tail = own[1:]
    symbol = _SYMBOL.fullmatch(" ".join(tail)) is not None
    if not both or not symbol and (" ".join(own) in library_names() or _VERSION.match(own[1])):
        versions = len(bare.split()) == 2 and len(own) == 3 and _VERSION.match(own[1])
        return f"{first} {own[2]}" if versions and _VERSION.match(bare.split()[1]) else first
    return f"{first} {' '.join(tail)}" if bare != own[0] else first


def _is_noun(word: str) -> bool:
    """Whether a word stands for a thing by itself as far as its ending tells."""
    low = word.lower()
    if low in GENERIC or low.endswith(("tion", "sion", "ness", "ment", "ity", "ism", "s")):
        return True
    normal = normal_name(word)
    return len(normal) == 1 and normal != (low,)
