"""What a language says for the terms of the field and for the words of questions.

The glossaries are tables with a column a language; endings are left aside (a stemmer of a few
lines: Savoy 2006), regular verbs are conjugated, German and Dutch compounds taken apart.

Example:
    >>> [piece.english for piece in glossary("German").read("dunkle Energie?")]
    ['dark energy', '?']
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from core.literature.assistant.questions.foreign.english_order import MASS_NOUNS
from core.literature.assistant.questions.foreign.pieces import Kind, Piece
from core.literature.assistant.questions.foreign.verb_forms import (
    adjective_forms,
    plural_forms,
    verb_forms,
)
from core.literature.assistant.questions.known_words import known_words
from core.literature.text.stop_words import STOP_WORDS

__all__ = ["LANGUAGES", "Glossary", "glossary", "is_english", "rows"]

LANGUAGES = ("German", "Spanish", "French", "Italian", "Portuguese", "Dutch")
"""Those of the glossaries, in the order of their columns after English."""

_FOLDER = Path(__file__).parents[1] / "glossaries"
_FILES: tuple[tuple[str, Kind, float], ...] = (
    ("words.txt", "word", 1.0),
    ("terms_1.txt", "noun", 2.0),
    ("terms_2.txt", "noun", 2.0),
    ("terms_3.txt", "noun", 1.0),
    ("adjectives.txt", "adjective", 1.0),
    ("verbs.txt", "verb", 1.0),
)
_MOST_WORDS = 7
_TOKEN = re.compile(r"\$[^$]{0,200}\$|[^\W_]+(?:\.\d+)?|[^\w\s]")
_ENDINGS = {
    "German": r"(?:en|er|es|em|e|n|s)$",
    "Spanish": r"(?:es|os|as|o|a|e|s)$",
    "French": r"(?:es|e|s|x)$",
    "Italian": r"[aeio]$",
    "Portuguese": r"(?:oes|aes|ais|os|as|es|ao|al|o|a|e|s)$",
    "Dutch": r"(?:en|e|s)$",
}
_EN_TEXT = """
    what is how who when where which why are was the a an of and in to does do can for with from
    tell me
    explain define wat no me so is am die war was hat in an as on over or men we he of per sole age
    ha ho
    lo en de la el le des les van von di da du del il al i o e y et und u um es es se si non sur no
    as os
    not cause list mass model star data gas note main chain face son dans den dem des del pour par
"""
_EN = frozenset(_EN_TEXT.split())
_WEAK_TEXT = """
    is was in an as on over or men we he of per sole age die war hat a i o e y wat so am i wie gas
    data
    also as do dos das no na for die den dem son sont long end most bald son an man per come comes
    quale
    de la le el il al van von di da du des les en of op te ten ter lo os se si me note cause define
    compare list liste cite model problem effect quasar pulsar cluster star spectrum supernova
    neutrino
    baryon photon proton neutron atom halo lens tension inflation distance simulation expansion mass
"""
_WEAK = frozenset(_WEAK_TEXT.split())
"""Words that an English question may hold: half a sign of another language at most."""


@lru_cache(maxsize=20_000)
def is_english(word: str) -> bool:
    """Whether a word is one of English questions."""
    words = known_words()
    return (
        word in STOP_WORDS
        or word in _EN
        and word not in _WEAK
        or words.counts[word] > 2
        or (words.english.get(word, 10**6) < 8000 and len(word) > 4)
    )


@dataclass(frozen=True)
class _Phrase:
    """A phrase of a glossary: its stems, itself, its English, how surely it is of the language."""

    stems: tuple[str, ...]
    phrase: str
    english: str
    weight: float
    kind: Kind
    base: str
    done: str

    def piece(self, written: str, weight: float, language: str) -> Piece:
        """As it stands in a text, which may have a plural of it."""
        many = self.kind == "noun" and _is_plural(written, _fold(self.phrase), language)
        english = _many(self.english) if many else self.english
        return Piece(english, written, self.kind, weight, self.base, self.done)


class Glossary:
    """One language's."""

    def __init__(self, language: str):
        self._language = language
        self._ending = re.compile(_ENDINGS[language])
        self._phrases: dict[str, list[_Phrase]] = {}
        self._exact: dict[tuple[str, ...], _Phrase] = {}
        self._homographs: dict[tuple[str, ...], list[_Phrase]] = {}
        self._accented: dict[str, _Phrase] = {}
        self._stems: set[str] = set()
        for file, kind, base in _FILES:
            for row in rows(file, LANGUAGES.index(language) + 1):
                self._add(row, kind, base)
        for plain, one in [(_fold(word), one) for word, one in self._accented.items()]:
            self._exact.setdefault((plain,), one)  # where accents are left out
        for found in self._phrases.values():
            found.sort(key=lambda one: (-len(one.stems), -one.weight))

    def _add(self, row: Row, kind: Kind, sign: float) -> None:
        english, phrase = row.english, row.phrase
        plain = tuple(re.findall(r"[^\W_]+", _fold(phrase)))
        stems = tuple(map(self._stem, plain))
        weak = len(plain) == 1 and (
            plain[0] in _WEAK or _fold(english) == plain[0] or plain[0] in STOP_WORDS
        )
        same = _fold(english).replace("-", " ") == " ".join(plain)
        weak = weak or all(part in _WEAK for part in plain)
        weight = 0.0 if same else (0.4 if weak else sign) * len(plain)  # a phrase is a surer sign
        one = _Phrase(
            stems,
            phrase,
            english,
            weight,
            "past" if row.past else "word" if english.endswith("than") else kind,
            row.base,
            row.done,
        )
        if _fold(phrase) != phrase.lower():
            self._accented.setdefault(phrase.lower(), one)
            if len(plain) == 1 and kind == "word":
                return
        if plain in self._exact and kind == "verb":
            self._homographs.setdefault(plain, []).append(one)
        if plain not in self._exact:
            self._exact[plain] = one
            self._phrases.setdefault(stems[0], []).append(one)
            self._stems.update(stems)

    def _stem(self, word: str) -> str:
        short = self._ending.sub("", word) if len(word) > 4 else word
        return short if len(short) > 2 else word

    def has(self, word: str) -> bool:
        """Whether a word is one of the glossary, in itself or in a phrase."""
        return self._stem(_fold(word)) in self._stems

    def read(self, text: str) -> list[Piece]:
        """The pieces of a text in its order, the longest phrases first."""
        if self._language == "Dutch":
            text = re.sub(r"(?<=\w)['’]s\b", "s", text)  # "neutrino's" are many
        tokens = _TOKEN.findall(text)
        folded = [_fold(token) for token in tokens]
        at, pieces = 0, []
        while at < len(tokens):
            piece, count = self._longest(folded, tokens, at) or (None, 1)
            own = self._accented.get(tokens[at].lower()) if count == 1 else None
            if own is not None:  # "è" is, "e" and
                piece = own.piece(folded[at], own.weight, self._language)
            elif piece and count == 1:
                piece = self._other(tokens[at], piece, folded[at - 1] if at else "")
            piece = piece or self._compound(tokens[at], folded[at])
            pieces.append(replace(piece, accented=tokens[at].lower()))
            at += count
        return pieces

    def _longest(self, folded: list[str], tokens: list[str], at: int) -> tuple[Piece, int] | None:
        ahead = folded[at : at + 2 * _MOST_WORDS]
        solid = [i for i, word in enumerate(ahead) if word not in ("'", "’", "-")]
        plain = [ahead[i] for i in solid[:_MOST_WORDS]]
        if not plain or solid[0] != 0:
            return None
        for count in range(len(plain), 0, -1):
            words = plain[:count]
            english = all(map(is_english, words)) and tokens[at].lower() == folded[at]
            one = self._exact.get(tuple(words))
            weight = one.weight if one and not (english and count == 1) else 0.0
            if one is None and not (english or count == 1 and len(words[0]) < 4):
                one = next(iter(self._alike(tuple(words))), None)
                weight = one.weight if one else 0.0
            if one is not None:
                return one.piece(" ".join(words), weight, self._language), solid[count - 1] + 1
        return None

    def _alike(self, words: tuple[str, ...]) -> Iterator[_Phrase]:
        """The phrases that words are a form of, the likeliest first."""
        stems = tuple(map(self._stem, words))
        yield from self._homographs.get(words, ())
        if stems in self._exact:
            yield self._exact[stems]
        for cut in dict.fromkeys((stems, tuple(map(self._stem, stems)))):
            yield from (one for one in self._phrases.get(cut[0], ()) if one.stems == cut)

    def _other(self, token: str, piece: Piece, before: str) -> Piece:
        """The reading that is no noun: of a small German word, or right behind "how"."""
        german = self._language == "German" and token.islower()
        if piece.kind == "noun" and (german or before in _LEADING):
            for one in self._alike((piece.written,)):
                if one.kind in ("verb", "past") or german and one.kind == "adjective":
                    return one.piece(piece.written, one.weight, self._language)
        return piece

    def _compound(self, token: str, folded: str) -> Piece:
        """The English of a word that is made of two, "Galaxienstaub"; else the word."""
        if not folded[0].isalnum() and len(folded) == 1:
            return Piece(token, token, "mark")
        if self._language in ("German", "Dutch") and len(folded) > 8:
            for cut in range(len(folded) - 4, 3, -1):
                second = self._single(folded[cut:])
                first = self._single(folded[:cut]) or self._single(folded[:cut].rstrip("s"))
                if first and second:
                    return Piece(f"{first} {second}", folded, "noun", 2.0)
        return Piece(token, folded, "unread")

    def _single(self, word: str) -> str:
        found = self._exact.get((word,))
        if found is None and len(word) > 3:
            found = next(iter(self._alike((word,))), None)
        fits = found is not None and found.kind in ("noun", "adjective", "verb")
        return (found.base or found.english) if found is not None and fits else ""


def _fold(text: str) -> str:
    """Small letters without accents; ß is ss."""
    if text.startswith("$"):
        return text
    decomposed = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("œ", "oe"))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


@dataclass(frozen=True)
class Row:
    """A phrase of one language and its English; of a verb also the infinitive and the tense."""

    english: str
    phrase: str
    base: str = ""
    done: str = ""
    past: bool = False


def rows(name: str, column: int) -> Iterator[Row]:
    """Those of one column of a glossary.

    Raises:
        ValueError: naming a line that has not seven columns.
    """
    language = LANGUAGES[column - 1]
    for number, line in enumerate((_FOLDER / name).read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) != len(LANGUAGES) + 1:
            raise ValueError(f"Line {number} of {name} has {len(cells)} columns and not 7.")
        phrases = [phrase.strip() for phrase in cells[column].split(",") if phrase.strip()]
        english = "" if cells[0] == "~" else cells[0]
        if name == "verbs.txt":
            yield from _verb(english, phrases, language)
            continue
        if name == "adjectives.txt":
            for phrase in phrases:
                yield from (Row(english, form) for form in adjective_forms(phrase, language))
            continue
        for phrase in phrases:
            many = name.startswith("terms") and _is_plural(phrase, phrases[0], language)
            yield Row(_many(english) if many else english, phrase)
            if name.startswith("terms") and not many and " " not in phrase:
                yield from (Row(_many(english), form) for form in plural_forms(phrase, language))


_LEADING = frozenset(
    [
        "warum",
        "wieso",
        "wie",
        "wann",
        "wo",
        "como",
        "que",
        "quando",
        "cuando",
        "comment",
        "pourquoi",
        "quand",
        "come",
        "perche",
        "hoe",
        "waarom",
        "wanneer",
        "waar",
        "we",
        "wij",
        "je",
    ]
)
_PAST = {
    "German": r"^\w{0,8}ge\w+(?:t|en)$|te$|(?:ob|or|oss|und|and|ann|ing)en?$",
    "Spanish": "(?:[ai]do|[ai]da|to|ta|cho|cha|io)$",
    "French": "(?:[iu]e?s?|ert|e|int)$",
    "Italian": "(?:so|sa|si|to|ta|ti)$",
    "Portuguese": "(?:[ai]do|to|ta|u)$",
    "Dutch": r"^\w{0,4}ge\w+(?:t|d|en)$|de$|te$",
}


def _verb(english: str, phrases: list[str], language: str) -> Iterator[Row]:
    """The forms of a verb, whose English is "see/seen" or regular."""
    base, _, participle = english.partition("/")
    participle = participle or (f"{base}d" if base.endswith("e") else f"{base}ed")
    for phrase in phrases:
        single = " " not in phrase
        made = language in ("German", "Dutch") or len(verb_forms(phrase, language)) == 1
        for form, past in verb_forms(phrase, language) if single else ():
            past = past or (
                made
                and form == phrase
                and phrase != phrases[0]
                and re.search(_PAST[language], phrase) is not None
            )
            yield Row(participle if past else base, form, base, participle, past)
        if not single:
            yield Row(base, phrase, base, participle)


_PLURAL = {
    "German": r"(?:en|n|e|er|[aiou]s)$",
    "Spanish": "s$",
    "French": "[sx]$",
    "Italian": "[ie]$",
    "Portuguese": "s$",
    "Dutch": "(?:en|n|s)$",
}


def _is_plural(phrase: str, first: str, language: str) -> bool:
    """Whether a phrase is the plural of the first of its line, as its endings tell."""
    word, base = (
        text.split()[0 if language not in ("German", "Dutch") else -1] for text in (phrase, first)
    )
    alike = word[:3].lower() == base[:3].lower() and word != base
    longer = language == "Italian" or len(word) > len(base)
    return (
        alike
        and longer
        and re.search(_PLURAL[language], word) is not None
        and (language != "Italian" or base[-1] in "oae" and len(word) <= len(base) + 1)
    )


def _many(english: str) -> str:
    """An English noun phrase in the plural; as it is if it may be one or has none."""
    if " of " in english or not english[-1].isalpha() or english.endswith(("s", "x", "ae")):
        return english
    uncounted = "matter|energy|light|gas|dust|sun|web|medium"
    if re.fullmatch(rf"(?:{MASS_NOUNS})|.*(?:{uncounted})", english):
        return english
    if english.endswith("y") and english[-2] not in "aeiou":
        return f"{english[:-1]}ies"
    return f"{english}e" if english.endswith("supernova") else f"{english}s"


@lru_cache(maxsize=len(LANGUAGES))
def glossary(language: str) -> Glossary:
    """That of a language, read once."""
    return Glossary(language)
