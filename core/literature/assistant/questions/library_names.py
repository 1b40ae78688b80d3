"""The names of things in a question: titles and aliases of the library's passages.

Example:
    >>> [found.text for found in library_names().found("What is the BAO scale in DESI?")]
    ['BAO scale', 'DESI']
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from core.literature.library.primer import Passage, read_primer
from core.literature.text.normal_form import tokens
from core.literature.text.paper import PRIMER, Paper
from core.literature.text.stop_words import STOP_WORDS

__all__ = ["GENERIC", "LibraryNames", "NamedThing", "library_names", "names_of", "normal_name"]

_CHUNK = re.compile(r"\S+")
_EDGES = " \t?!.,;:()[]\"“”'‘’"
_LONGEST = 6
_MOST_WORDS = 60
_ASKS_TEXT = """
    is are was were do does did can could will would should has have what why how who when where
    which
"""
_ASKS = frozenset(_ASKS_TEXT.split())
_ARTICLES = frozenset(["the", "a", "an"])

GENERIC = frozenset(tokens("""
    accuracy advantage aim amount answer approach area argument article assumption average basis
    best better big bound case cause challenge change chance code combination comparison
    consequence constraint current data date definition depth derivation detail difference discovery
    distance effect energy equation error estimate evidence example experiment explanation factor
    feature figure formula fraction frequency function future goal help history idea image impact
    implication importance information interpretation issue kind level limit limitation list
    literature longer lower main mass mean meaning means measure measured measurement mechanism
    method model name nobel number object observation one origin paper parameter people picture
    point possible precision prediction prior prize problem process proof property prove proven
    quantity question range rate ratio reason reference relation result review role sample scale
    sensitivity shape sigma significance signal simple size solution source speed start state
    status step story strength study survey system technique telescope tension term test theory
    thing time today tool topic type uncertainty unit upper usual usually value version way word
    work year latest exact exactly really actually know known see look say tell explain get find
    found give happen mean need call called use used useful important matter detect detected
    detection discover discovered confirm confirmed new old early late high higher low large
    larger small smaller long short first last next then now please numerical numerically typical
    launch launched end begin percent per cent analyse depend affect interesting true false
    correct wrong right sure maybe simply briefly summary note probe msun mpc kpc gyr myr kelvin
"""))
"""Words that do not say what a question is about, in the normal form of words."""


@dataclass(frozen=True)
class NamedThing:
    """A name in a text.

    Attributes:
        start, end: where it stands.
        text: as it is written there.
        name: its normal form.
        passages: whose title or alias it is.
    """

    start: int
    end: int
    text: str
    name: tuple[str, ...]
    passages: tuple[str, ...]


def normal_name(text: str) -> tuple[str, ...]:
    """A name in normal form, without an article in front."""
    parts = tokens(text)
    return tuple(parts[1:] if len(parts) > 1 and parts[0] in _ARTICLES else parts)


class LibraryNames:
    """Titles and aliases of passages, found in texts in any spelling."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._passages: dict[tuple[str, ...], list[str]] = {}
        self._names: dict[str, list[tuple[str, ...]]] = {}
        for passage in passages:
            for name in (passage.title, *passage.aliases):
                normal = normal_name(name)
                if normal and normal[0] not in _ASKS and not all(p in STOP_WORDS for p in normal):
                    known = self._passages.setdefault(normal, [])
                    if passage.id not in known:
                        known.append(passage.id)
                        self._names.setdefault(passage.id, []).append(normal)

    def __contains__(self, text: str) -> bool:
        return normal_name(text) in self._passages

    def passages(self, text: str) -> tuple[str, ...]:
        """The passages that have a text as title or alias."""
        return tuple(self._passages.get(normal_name(text), ()))

    def names(self, passage: str) -> tuple[tuple[str, ...], ...]:
        """The title and aliases of a passage, in normal form."""
        return tuple(self._names.get(passage, ()))

    def found(self, text: str) -> list[NamedThing]:
        """The names in a text in reading order, none inside another; generic words are none."""
        chunks = [(m.start(), m.end()) for m in _CHUNK.finditer(text)][:_MOST_WORDS]
        at, names = 0, []
        while at < len(chunks):
            for count in range(min(_LONGEST, len(chunks) - at), 0, -1):
                thing = self._thing(text, chunks[at][0], chunks[at + count - 1][1])
                if thing is not None:
                    names.append(thing)
                    at += count
                    break
            else:
                at += 1
        return names

    def _thing(self, text: str, start: int, end: int) -> NamedThing | None:
        part = text[start:end]
        start += len(part) - len(part.lstrip(_EDGES))
        part = part.strip(_EDGES)
        if not part or re.search(r"[?!;:,]\s", part):  # a name does not run over a stop
            return None
        parts = tuple(tokens(part))
        if not parts or parts[0] in _ARTICLES or all(p in GENERIC for p in parts):
            return None
        passages = self._passages.get(parts)
        if not passages:
            return None
        return NamedThing(start, start + len(part), part, parts, tuple(passages))


def names_of(paper: Paper) -> tuple[str, ...]:
    """The title of a text and, of a passage, its other names."""
    return (paper.title, *_aliases().get(paper.id.removeprefix(PRIMER), ()))


@lru_cache(maxsize=1)
def _aliases() -> dict[str, tuple[str, ...]]:
    return {passage.id: passage.aliases for passage in read_primer()}


@lru_cache(maxsize=1)
def library_names() -> LibraryNames:
    """Those of the library that comes with the code, read once."""
    return LibraryNames(read_primer())
