"""Spelling of questions: words that nobody knows are read as the nearest known one.

The nearest is by edits with neighbours swapped (Damerau 1964), weighed against how common a word is
and what stands beside it, as a noisy channel does (Kernighan, Church & Gale 1990). Only English is
read: put a question of another language into English first.

Example:
    >>> respelled("wat is the habble constnt").text
    'what is the hubble constant'
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np

from core.literature.assistant.questions.chat_words import written_out
from core.literature.assistant.questions.known_words import KnownWords, known_words, stems
from core.literature.text.sounds import sound
from core.literature.text.stop_words import STOP_WORDS

__all__ = ["Respelled", "respelled"]

_LONGEST = 4000
_CHUNK = re.compile(r"\S+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_NO_WORDS = re.compile(r"[\d\\_^{}=@$<>~|#*+]|://|\.[A-Za-z]|[a-z][A-Z]|[A-Z]{2}")
"""What a chunk of a formula, an address, an object or an acronym holds."""
_SHORTEST = 4
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_VOWELS = frozenset("aeiouy")
_FREQUENT = 30
_COMMON_PAIR = 4
_SURE = 10
_LONG_NAME = 6
_BY_EAR = 1.6
"""What it costs to type a word as it sounds."""
_SHORTEST_SOUND = 3
_SHORT = 6
"""Letters of the longest word that may be the beginning of another: "temp", "freq"."""


@dataclass(frozen=True)
class Respelled:
    """A question as it was meant.

    Attributes:
        text: the question with known words.
        changed: what was typed and what it was read as, in reading order.
    """

    text: str
    changed: tuple[tuple[str, str], ...] = ()


def respelled(question: str) -> Respelled:
    """Put known words for those that neither the library nor common English has.

    Args:
        question: as typed; what follows its 4,000th character is kept as it is.

    Returns:
        The question with its spaces and signs as they were. Names in capitals, numbers, TeX and
        words under four letters stay, a few of chats ("u", "pls", "wat") apart.
    """
    head, rest = question[:_LONGEST], question[_LONGEST:]
    written, chat = written_out(head)
    written, joined = _joined(written)
    spots = list(_spots(written))
    changes: dict[int, tuple[str, str, int]] = {}
    for i, spot in enumerate(spots):
        before = changes[i - 1][1] if i - 1 in changes else _beside(spots, i - 1)
        meant = _meant(spot, before, _beside(spots, i + 1))
        if meant != spot.word.lower():
            changes[i] = (spot.word, meant, spot.start)
    text, at = [], 0
    for typed, meant, start in changes.values():
        text += [written[at:start], _cased(typed, meant)]
        at = start + len(typed)
    whole = "".join([*text, written[at:]])
    made = tuple((typed, _cased(typed, meant)) for typed, meant, _ in changes.values())
    return Respelled(whole + rest, chat + joined + made)


@dataclass(frozen=True)
class _Spot:
    """A word, where it stands, whether it may be respelled and whether it opens a sentence."""

    word: str
    start: int
    free: bool
    opens: bool


def _spots(text: str) -> Iterator[_Spot]:
    in_tex, opens = False, True
    for chunk in _CHUNK.finditer(text):
        tex = in_tex or "$" in chunk[0]
        in_tex ^= chunk[0].count("$") % 2 == 1
        free = not tex and not _NO_WORDS.search(chunk[0])
        for word in _WORD.finditer(chunk[0]):
            yield _Spot(word[0], chunk.start() + word.start(), free, opens)
            opens = False
        opens = opens or chunk[0].endswith((".", "?", "!", ":"))


def _joined(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Words that were typed as two, "super nova", as one."""
    words, made = known_words(), []
    spots = list(_spots(text))
    for first, second in reversed(list(pairwise(spots))):
        end = first.start + len(first.word)
        low, one = (first.word.lower(), second.word.lower()), f"{first.word}{second.word}".lower()
        if text[end : second.start] != " " or not (first.free and second.free):
            continue
        if min(map(len, low)) < 3:
            continue
        if words.counts[one] >= _FREQUENT and 20 * words.pairs.get(low, 0) < words.counts[one]:
            text = f"{text[:end]}{text[second.start :]}"
            made.append((" ".join(low), one))
    return text, tuple(reversed(made))


def _beside(spots: list[_Spot], i: int) -> str:
    return spots[i].word.lower() if 0 <= i < len(spots) else ""


def _cased(typed: str, meant: str) -> str:
    return meant[:1].upper() + meant[1:] if typed[:1].isupper() else meant


def _meant(spot: _Spot, before: str, after: str) -> str:
    low = spot.word.lower()
    if not spot.free or len(low) < _SHORTEST or not low.isascii() or not low.isalpha():
        return low
    index = _index()
    known = index.words.knows(low)
    name = spot.word[:1].isupper() and not spot.opens
    if known and (low in STOP_WORDS or name and low != "plank"):
        return low
    if index.words.counts[low] > 2 and not index.misnamed(spot.word, before, after):
        return low
    if low.endswith("s") and index.words.counts[low[:-1]] > _SURE:
        return low  # "the suns life"
    whole = "" if known else index.written_out(low)
    if whole:
        return whole
    if known and any(index.words.counts[stem] > _SURE for stem in stems(low)):
        return low
    nearest = index.nearest(low, before, after, careful=known or name)
    return nearest or (low if known else index.apart(low)) or low


class _Index:
    """Known words by their letters, so that few need to be compared.

    Of two words at most d edits apart the counts of letters differ by at most 2 d.
    """

    def __init__(self, words: KnownWords) -> None:
        self.words = words
        common = {word: 3 if rank < 9000 else 1 for word, rank in words.english.items()}
        counts = {**common, **{w: c + common.get(w, 0) for w, c in words.counts.items()}}
        self.listed = [w for w in counts if len(w) >= 3 and w.isascii() and w.isalpha()]
        self.weight = np.array([counts[w] for w in self.listed])
        self.length = np.array([len(w) for w in self.listed], np.int16)

    @cached_property
    def letters(self) -> np.ndarray:
        """(words, 26), int8: how often each has each letter."""
        return np.array([_letters(word) for word in self.listed], np.int8)

    def nearest(self, word: str, before: str, after: str, careful: bool) -> str:
        """The word that was most likely meant; "" if none is near.

        Args:
            word: in small letters.
            before, after: its neighbours, "" for none.
            careful: it may well be right: only a frequent word one edit away that stands beside
                the same neighbours.
        """
        most = 1 if careful or len(word) < 6 else 2 if len(word) < 11 else 3
        best, found = math.inf, ""
        alike = _near(word, most) if careful else (*_near(word, most), *_sounding(word))
        for other, count, cost in alike:
            beside = self._beside(before, other, after, but=frozenset())
            if careful and (other in (f"{word}s", word[:-1])
                            or not self._sure(word, other, count, before, after)):
                continue
            if not careful and count < (1 if cost <= 1.2 else 12) and beside < 2:
                continue
            score = cost - 0.13 * math.log(count + 1) - 0.12 * math.log(beside + 1)
            if score < best:
                best, found = score, other
        return found

    def _beside(self, before: str, word: str, after: str, but: frozenset[str]) -> int:
        """How often a word stands beside one of two others, some left out."""
        pairs = [(before, word)] * (before not in but) + [(word, after)] * (after not in but)
        return max((self.words.pairs.get(pair, 0) for pair in pairs), default=0)

    def _sure(self, word: str, other: str, count: int, before: str, after: str) -> bool:
        """Whether a word that may be right is rather another: its neighbours are the other's."""
        if count < _FREQUENT:
            return False
        if self._beside(before, other, after, but=STOP_WORDS) >= _COMMON_PAIR:
            return True
        often = count >= 10 * _FREQUENT and not self.words.counts[word]
        return often and self._beside(before, other, after, but=frozenset()) >= _COMMON_PAIR

    def misnamed(self, word: str, before: str, after: str) -> bool:
        """Whether a long name typed in small letters stands where it never does: "candels" behind
        "standard" may be candles."""
        if len(word) < _LONG_NAME or not word.islower():
            return False
        beside = self._beside(before, word, after, but=frozenset())
        return beside == 0 and self.words.is_name(word)

    def written_out(self, word: str) -> str:
        """The frequent word that a short one begins, "freq"; "" if none is by far the first."""
        if len(word) > _SHORT:
            return ""
        begun = Counter({w: c for w, c in self.words.counts.items()
                         if len(w) > len(word) + 1 and w.startswith(word)})
        first = begun.most_common(1)
        if not first or first[0][1] < _FREQUENT:
            return ""
        stem = first[0][0][: len(word) + 2]
        share = sum(count for w, count in begun.items() if w.startswith(stem))
        return first[0][0] if share > 0.6 * sum(begun.values()) else ""

    def candidates(self, word: str, most: int) -> Iterator[tuple[str, int]]:
        """Words whose letters are nearly the same, and how often the library has them."""
        differs = np.abs(self.letters - np.array(_letters(word), np.int8)).sum(1, dtype=np.int16)
        near = (differs <= 2 * most) & (np.abs(self.length - len(word)) <= most)
        for i in np.flatnonzero(near):
            other = self.listed[i]
            # people seldom mistake the first letter, and then only it
            if other[0] == word[0] or other[1:] == word[1:] or other[:2] == word[1::-1]:
                yield other, int(self.weight[i])

    def apart(self, word: str) -> str:
        """Two words that were typed as one, "darkmatter"; "" if there are none."""
        splits = [(word[:i], word[i:]) for i in range(3, len(word) - 2)]
        count, one = max(((self.words.pairs.get(s, 0), s) for s in splits), default=(0, ("", "")))
        return " ".join(one) if count >= _COMMON_PAIR else ""


def _letters(word: str) -> list[int]:
    return [word.count(letter) for letter in _LETTERS]


@lru_cache(maxsize=1)
def _index() -> _Index:
    return _Index(known_words())


@lru_cache(maxsize=1)
def _by_sound() -> dict[str, list[tuple[str, int]]]:
    """The frequent words of the library that sound alike, by their sound."""
    found: dict[str, list[tuple[str, int]]] = {}
    for word, count in _index().words.counts.items():
        if count >= _FREQUENT and word.isascii() and word.isalpha():
            found.setdefault(sound(word), []).append((word, count))
    return found


@lru_cache(maxsize=4096)
def _sounding(word: str) -> tuple[tuple[str, int, float], ...]:
    """Frequent words that sound the same: "epok" for "epoch", however many letters differ."""
    key = sound(word)
    if len(key) < _SHORTEST_SOUND:
        return ()
    return tuple((other, count, _BY_EAR) for other, count in _by_sound().get(key, ())
                 if other != word and abs(len(other) - len(word)) < _SHORTEST)


@lru_cache(maxsize=4096)
def _near(word: str, most: int) -> tuple[tuple[str, int, float], ...]:
    """Words within some edits, how often the library has them, and what the edits cost."""
    near = []
    for other, count in _index().candidates(word, most):
        cost = _cost(word, other, most) if other != word else math.inf
        if cost <= most:
            near.append((other, count, cost))
    return tuple(near)


def _cost(typed: str, meant: str, most: int) -> float:
    """What it costs to type one word for another; infinite beyond some edits.

    Swapped neighbours, a letter doubled or not, and one vowel for another are likelier than other
    edits (Kernighan et al. 1990, table 2).
    """
    two_ago: list[float] = []
    last = [float(j) for j in range(len(meant) + 1)]
    for i, a in enumerate(typed, 1):
        row = [float(i)]
        for j, b in enumerate(meant, 1):
            dropped = last[j] + (0.6 if i > 1 and a == typed[i - 2] else 1.0)
            added = row[j - 1] + (0.6 if j > 1 and b == meant[j - 2] else 0.9)
            same = 0.0 if a == b else 0.8 if a in _VOWELS and b in _VOWELS else 1.0
            cost = min(dropped, added, last[j - 1] + same)
            if i > 1 and j > 1 and a == meant[j - 2] and typed[i - 2] == b != a:
                cost = min(cost, two_ago[j - 2] + 0.7)
            row.append(cost)
        if min(row) > most:
            return math.inf
        two_ago, last = last, row
    return last[-1] + (0.3 if typed[0] != meant[0] else 0.0)
