r"""Authors' names from a line of text, in whichever way it was written.

Example:
    >>> authors_of("Jane Doe (1), DESI Collaboration: A. Roe & B. Poe ((1) Leiden, NL)")
    ('Jane Doe', 'DESI Collaboration', 'A. Roe', 'B. Poe')
    >>> authors_of("van der Berg, J.; Smith, A., Jr. (for the Void Consortium)")
    ('J. van der Berg', 'A. Smith, Jr.', 'Void Consortium')
    >>> [surname(name) for name in ("Ada van der Berg", "John Smith, Jr.", "DESI Collaboration")]
    ['van der Berg', 'Smith', 'DESI Collaboration']
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from core.literature.text.tex import mathematics, readable
from core.literature.text.text import clean

__all__ = ["authors_of", "is_group", "surname", "without_suffix"]

_MOST_AUTHORS = 10_000
_LONGEST_NAME = 200

_BODY = (
    r"(?:Collaborations?|Consorti(?:um|a)|Teams?|Groups?|Networks?|Surveys?|Projects?|Committee|"
    r"Observator(?:y|ies)|Telescopes?|Experiments?|Alliance|Partnership|Initiative|Task Force)"
)
_GROUP = re.compile(rf"\b{_BODY}\b", re.I)
_GROUP_AT_END = re.compile(
    r"\b(?:Collaborations?|Consorti(?:um|a)|Teams?|Groups?|Networks?|Alliance)$", re.I
)
_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|IV|2nd|3rd|4th")
_DEGREE = re.compile(r"(?:Ph\.?\s?D|M\.?D|M\.?Sc|B\.?Sc|Dr|Prof)\.?")
_PARTICLE = (
    r"(?:van|von|vom|zu|zum|zur|der|den|de|del|della|delle|degli|di|da|das|do|dos|du|des|la|las|"
    r"le|lo|los|ter|ten|te|el|al|bin|ibn|ben|af|av|y|e|Van|Von|De|Del|Della|Di|Da|Du|La|Le|El|Al|"
    r"Mac|St\.?|San|Santa|'t|d'|dell'|op|in|het)"
)
_PARTICLES = re.compile(rf"{_PARTICLE}")
_INITIALS = re.compile(r"(?:[^\W\d_a-zß-öø-ÿ](?:[a-z]{0,1}\.|(?=[\s-]|$))[\s-]*){1,5}")
_LABEL = re.compile(r"authors?|by|with|and|for|including|members|on behalf of", re.I)
_SURNAME = re.compile(
    rf"(?:{_PARTICLE}\s+){{0,3}}[^\W\d_][\w'’‘.-]*(?:[\s][^\W\d_][\w'’-]+){{0,2}}"
)
_ONE_SURNAME = re.compile(rf"(?:{_PARTICLE}\s+){{0,3}}[^\W\d_]{{2,}}[\w'’‘-]*")
_GIVEN = re.compile(r"[^\W\d_][^\W\d_.'’-]*\.?(?:[\s-]+[^\W\d_][^\W\d_'’-]*\.?){0,3}")
_FOR = re.compile(
    r"(?i:^(?:(?:and|with|for|by|from|including|also|authors?:?|on\s+behalf\s+of|in\s+collaboration"
    r"\s+with|members\s+of|representing)\s+)+)(?:the\s+)?|^the\s+"
)
_AND_OTHERS = re.compile(
    r"\s*(?:\b(?:and\s+)?et\.?\s+al(?:ii|\b\.?)|\band\s+(?:\d+\s+|many\s+)?(?:\w+\s+)?(?:others|"
    r"co-?authors|collaborators)|\b\d+\s+(?:additional|more|other)\s+authors?.*|\.\.\.|…)\s*$", re.I
)
_MARKS = re.compile(
    r"^[\s\d*†‡§¶#.,^~-]+(?=[^\W\d_])|(?:[\s,^_{}\[\]\d*†‡§¶#⁰-⁹¹²³₀-₉]|(?<=\d)[a-z])+$"
)
_AND = re.compile(r"\s*&\s*|(?:^|\s)(?:and|AND)(?=\s)")
_PLURAL = re.compile(r"(?:Collaborations|Consortia|Teams|Groups|Networks|Observatories)$", re.I)
_SPEAKING = re.compile(
    r"\s(?:for|on behalf of)\s+"
    r"(?=[^,;:]{1,120}\b(?:Collaborations?|Consorti(?:um|a)|Teams?)\b)", re.I
)
_COMMAS = str.maketrans({"，": ",", "、": ",", "،": ",", "；": ";", "：": ":", "（": "(", "）": ")",
                         "＆": "&", "\u00a0": " "})


def authors_of(line: str) -> tuple[str, ...]:
    """Names from one line, first names first; without affiliations, TeX as characters.

    Groups ("DESI Collaboration", "the Void team") are authors of their own, also where they stand
    in brackets after a name. "Last, First" is turned round where the whole line is so written.

    Args:
        line: names between commas, semicolons, "and" or "&".
    """
    text = _without_formulas(line).translate(_COMMAS).replace(r"\&", "&")
    outside, bracketed = _brackets(clean(text))
    text = _AND_OTHERS.sub("", readable(outside))
    names: list[str] = []
    for name in _ordered(list(_pieces(_SPEAKING.sub(", ", text)))):
        _add(names, name)
    for inside in bracketed:
        for name in _groups_in(readable(inside)):
            _add(names, name)
    return tuple(names[:_MOST_AUTHORS])


def is_group(name: str) -> bool:
    """Whether an author is a collaboration, a consortium, a team or the like."""
    return bool(_GROUP.search(name))


def without_suffix(name: str) -> str:
    """A name without ", Jr." or " III" at its end.

    Example:
        >>> [without_suffix(name) for name in ("John Smith, Jr.", "Ann Lee III", "Bo Li")]
        ['John Smith', 'Ann Lee', 'Bo Li']
    """
    head, _, last = name.rstrip().rpartition(" ")
    return head.rstrip(" ,") if head and _SUFFIX.fullmatch(last) else name


def surname(name: str) -> str:
    """What a text calls an author: with its particles, without Jr.; a group by all of its name."""
    if is_group(name):
        return name
    words = without_suffix(name).split()
    start = len(words) - 1
    while start > 1 and words[start - 1][:1].islower() and _PARTICLES.fullmatch(words[start - 1]):
        start -= 1
    return " ".join(words[max(start, 0) :])


def _without_formulas(text: str) -> str:
    """Marks of affiliations are often written ``$^{1,2}$``."""
    parts, at = [], 0
    for start, end in mathematics(text):
        parts.append(text[at:start])
        if re.search(r"[A-Za-z]{2}", text[start:end]) and "^" not in text[start:end]:
            parts.append(text[start:end].replace(",", " "))
        at = end
    return re.sub(r"\^\{[^{}]{0,40}\}|\\inst\{[^{}]{0,40}\}", " ", "".join([*parts, text[at:]]))


def _brackets(text: str) -> tuple[str, list[str]]:
    """What is outside of brackets, and what is in each of the outermost."""
    depth, kept, inside, start = 0, [], [], 0
    for i, character in enumerate(text):
        if character in "([" and (depth or character == "(" or text[i + 1 : i + 2].isdigit()):
            if not depth:
                start = i + 1
            depth += 1
        elif character in ")]" and depth:
            depth -= 1
            if not depth:
                inside.append(text[start:i])
        elif not depth and character not in ")]":
            kept.append(character)
    return "".join(kept), inside


def _pieces(text: str) -> Iterator[tuple[bool, str]]:
    """(begins after more than a comma, piece), in order."""
    for part in re.split(r"[;:]", text):
        for stretch in _at_and(part):
            for j, piece in enumerate(stretch.split(",")):
                yield (not j, piece.strip())


def _at_and(part: str) -> list[str]:
    """Split at "and", but not within the name of a group ("Fermi and Swift Collaborations")."""
    found: list[str] = []
    at = 0
    for match in _AND.finditer(part):
        left = part[at : match.start()].rpartition(",")[2].strip()
        right = part[match.end() :].partition(",")[0].strip()
        right = _AND.split(right, maxsplit=1)[0].strip() or right
        if _divides(left, right):
            found.append(part[at : match.start()])
            at = match.end()
    return [*found, part[at:]]


def _divides(left: str, right: str) -> bool:
    """Whether the "and" between two pieces stands between two authors."""
    if not left or _GROUP_AT_END.search(left) or not _GROUP.search(right):
        return True
    if re.match(r"(?:the|for|on behalf)\s", right, re.I) and not _PLURAL.search(right):
        return True
    named = len(left.split()) > 1 and not _GROUP.search(left) and not re.search(
        r"\b(?:Energy|Dark|Array|Mission|Science|Space|Sky|Galaxy)\b", left)
    return named and not _PLURAL.search(right)


def _ordered(pieces: Sequence[tuple[bool, str]]) -> list[str]:
    """The names of pieces; those that are written "Last, First" are turned round."""
    given = [(hard, piece) for hard, piece in pieces if piece]
    people = [(hard, piece) for hard, piece in given
              if not _is_body(piece) and not _SUFFIX.fullmatch(piece)
              and not _DEGREE.fullmatch(piece)]
    if not _is_last_first(people):
        return [piece for _, piece in given]
    names: list[str] = []
    left = ""
    for _, piece in given:
        if _SUFFIX.fullmatch(piece) and names or _is_body(piece):
            names.append(piece)
        elif left:
            head = without_suffix(left)
            names += [f"{piece} {head}", *([left[len(head) :].strip(" ,")] if head != left else [])]
            left = ""
        else:
            left = piece
    return [*names, left] if left else names


def _is_body(piece: str) -> bool:
    return bool(_GROUP.search(piece))


def _is_last_first(people: Sequence[tuple[bool, str]]) -> bool:
    """Whether pieces are surnames and given names in turn, all of them."""
    if not people or len(people) % 2:
        return False
    lefts = [(hard, without_suffix(piece)) for hard, piece in people[::2]]
    rights = [(hard, piece) for hard, piece in people[1::2]]
    if any(hard for hard, _ in rights) or not all(_SURNAME.fullmatch(p) for _, p in lefts):
        return False
    if any(re.search(r"(?:^|\s)[^\W\d_]\.", piece) for _, piece in lefts):
        return False
    if all(_INITIALS.fullmatch(piece) for _, piece in rights):
        return True
    single = all(_ONE_SURNAME.fullmatch(piece) for _, piece in lefts)
    apart = all(hard for hard, _ in lefts)
    cased = all(piece[0].isupper() for _, piece in rights)
    return single and apart and cased and all(_GIVEN.fullmatch(piece) for _, piece in rights)


def _groups_in(inside: str) -> list[str]:
    """Groups for which a bracket says that somebody speaks; of an affiliation none."""
    spoken = re.match(r"(?i:for|on behalf of|and|with|the|representing)\s", inside)
    pieces = [piece for _, piece in _pieces(inside) if piece]
    groups = [p for p in pieces if _GROUP_AT_END.search(p) and not re.search(r"\d", p[:2])]
    alone = len(groups) == len(pieces) and all(
        re.search(r"(?i:collaborations?|consorti\w+|team)$", p) for p in pieces)
    return groups if spoken or alone else []


def _add(names: list[str], name: str) -> None:
    name = _AND_OTHERS.sub("", _FOR.sub("", clean(name)))
    name = clean(_MARKS.sub("", name))[:_LONGEST_NAME]
    if names and _SUFFIX.fullmatch(name):
        names[-1] += f", {name}"
    elif re.search(r"[^\W\d_]", name) and not (
        _LABEL.fullmatch(name) or _DEGREE.fullmatch(name)
    ):
        names.append(name)
