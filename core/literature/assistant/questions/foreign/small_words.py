"""Small words that a glossary cannot settle alone, told by the pieces beside them.

Reflexive and repeated pronouns go ("se forment", "est-il"), "que" is what, that or than, "como"
how or like, French "a" has or to.
"""

from __future__ import annotations

from dataclasses import replace

from core.literature.assistant.questions.foreign.pieces import Piece

__all__ = ["AUXILIARIES", "settled"]

AUXILIARIES = frozenset(
    [
        "is",
        "are",
        "was",
        "were",
        "has",
        "have",
        "had",
        "can",
        "could",
        "will",
        "would",
        "should",
        "must",
        "may",
        "does",
        "do",
        "did",
    ]
)
_ROMANCE = ("Spanish", "French", "Italian", "Portuguese")
_PRONOUNS = frozenset(["il", "elle", "ils", "elles", "on", "ce", "nous", "vous", "tu", "je"])
_PREPOSITIONS = (
    "of",
    "in",
    "to",
    "for",
    "with",
    "from",
    "on",
    "by",
    "about",
    "at",
    "and",
    "or",
    "of the",
    "in the",
)
_REFLEXIVE = {
    "Spanish": ("se",),
    "French": ("se", "s"),
    "Italian": ("si", "s"),
    "Portuguese": ("se",),
}
_DONE = {"discovery": "discovered", "measurement": "measured"}
_US = {"French": "nous", "Italian": "ci", "Portuguese": "nos", "Spanish": "nos"}
_PARTICLES = frozenset(
    [
        "aus",
        "ab",
        "an",
        "auf",
        "ein",
        "zu",
        "um",
        "vor",
        "weg",
        "heraus",
        "hin",
        "her",
        "uit",
        "af",
        "toe",
        "op",
        "aan",
        "in",
        "vandaan",
        "samen",
        "mee",
        "los",
        "bei",
        "nach",
        "over",
    ]
)


def settled(pieces: list[Piece], language: str) -> list[Piece]:
    """The pieces with such words settled, and without those that English has not."""
    pieces = [piece for piece in pieces if piece.written not in ("¿", "¡")]
    if language == "French":
        pieces = _without_inverted(pieces)
    if language in _ROMANCE:
        pieces = _without_apostrophes(pieces)
    found: list[Piece] = []
    for at, piece in enumerate(pieces):
        after = pieces[at + 1] if at + 1 < len(pieces) else Piece("", "", "mark")
        before = found[-1] if found else Piece("", "", "mark")
        if language in _ROMANCE:
            english = _romance(piece, before, after, language)
        else:
            english = _germanic(piece, before, after, found)
        if english is None:
            english = _joining(piece, found)
        if english:
            kind = "past" if english in _DONE.values() else piece.kind
            found.append(replace(piece, english=english, kind=kind))
    return found


def _without_apostrophes(pieces: list[Piece]) -> list[Piece]:
    """ "l'univers" is two words."""
    return [
        piece
        for at, piece in enumerate(pieces)
        if piece.written not in ("'", "’") or at and pieces[at - 1].kind == "unread"
    ]


def _without_inverted(pieces: list[Piece]) -> list[Piece]:
    """Without the pronoun that French hangs on a verb: "-il", "-t-elle"."""
    found: list[Piece] = []
    at = 0
    while at < len(pieces):
        ahead = [piece.written for piece in pieces[at : at + 4]]
        skip = next(
            (
                n
                for n, gap in ((4, ["-", "t", "-"]), (2, ["-"]))
                if ahead[: n - 1] == gap and len(ahead) >= n and ahead[n - 1] in _PRONOUNS
            ),
            0,
        )
        if skip and found:
            told = pieces[at + skip - 1]
            if told.written in ("on", "nous", "vous", "tu", "je"):
                found.append(
                    replace(told, english="we" if told.written in ("on", "nous") else told.english)
                )
        elif not skip:
            found.append(pieces[at])
        at += skip or 1
    return found


def _romance(piece: Piece, before: Piece, after: Piece, language: str) -> str | None:
    """The English of a word of a Romance language; "" to leave it out, None for no rule."""
    verbal = after.kind in ("verb", "past") or after.english in AUXILIARIES
    word = piece.written
    if piece.english in _DONE and before.english in AUXILIARIES:
        return _DONE[piece.english]
    if piece.english in ("of", "of the"):
        if language == "French" and before.english in (
            "than",
            "no",
            "is there",
            "are there",
            "there was",
        ):
            return ""
        if language == "Italian" and before.kind == "adjective" and _compared([before]):
            return "than" if piece.english == "of" else "than the"
    if (
        word == "e"
        and language in ("Italian", "Portuguese")
        and after.kind == "adjective"
        and (before.kind == "noun")
    ):
        return "is"
    if word in _REFLEXIVE[language] and verbal and not _supposing(before, after):
        return ""
    if word == _US[language] and verbal and before.english not in ("", "we"):
        return "us" if language != "French" or before.english == "what" else "we"
    if language == "French":
        if piece.accented == "a" and (after.kind == "past" or after.written == "ete"):
            return "has"
        if word == "si" and (
            after.kind == "adjective" or before.kind != "mark" and before.english in AUXILIARIES
        ):
            return "so"
        if piece.english == "of the" and before.kind in ("verb", "mark"):
            return "the"
        if word == "d" and after.kind == "adjective":  # "d'autres planètes"
            return ""
    if piece.english == "or" and word == "o" and before.kind in ("mark", "verb"):
        return "the"
    return None


def _supposing(before: Piece, after: Piece) -> bool:
    """Whether Portuguese "se" is "if"."""
    return (
        after.written.endswith(("sse", "ssem", "ssemos"))
        or before.kind == "adjective"
        or (before.english.startswith("what would"))
    )


def _germanic(piece: Piece, before: Piece, after: Piece, found: list[Piece]) -> str | None:
    ends = after.kind == "mark" and after.written in ("", "?", ",", ".", "!")
    if piece.written in _PARTICLES and ends and any(one.kind in ("verb", "past") for one in found):
        return ""
    if piece.written in ("werden", "worden", "geworden") and ends and found:
        return "become" if before.kind == "adjective" else "be"
    if piece.written == "ons" and (after.kind == "mark" or after.written in _PARTICLES):
        return "us"
    if (
        piece.kind == "adjective"
        and piece.written.endswith("er")
        and (before.kind == after.kind == "noun")
    ):
        return f"of {piece.english}"  # "Licht ferner Galaxien"
    if piece.written in ("der", "des") and (
        before.kind in ("noun", "unread") or before.english in ("what percentage", "what fraction")
    ):
        return "of the"
    if piece.written in ("eines", "einer") and before.kind in ("noun", "unread"):
        return "of a"
    if piece.written in ("unserer", "unseres") and before.kind in ("noun", "unread"):
        return "of our"
    if piece.english == "than" and not _compared(found):
        return "as" if piece.written == "als" else None
    return None


def _joining(piece: Piece, found: list[Piece]) -> str:
    """Of "what" and "how" within a sentence: that, than, like."""
    before = found[-1] if found else None
    if before is None or before.kind == "mark":
        return piece.english
    if piece.english == "what" and before.english in _PREPOSITIONS:
        return piece.english
    if piece.english == "what":
        return "than" if _compared(found) else "that"
    if piece.english == "how" and before.kind in ("noun", "adjective", "unread"):
        return "like"
    return piece.english


def _compared(found: list[Piece]) -> bool:
    """Whether the last words compare: "more matter", "faster"."""
    return any(
        piece.english in ("more", "less")
        or piece.english.endswith("er")
        and piece.kind == "adjective"
        or piece.english.startswith("more ")
        for piece in found[-4:]
    )
