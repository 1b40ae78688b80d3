"""The pieces of a question in the order of English, as far as retrieval and its kind need it.

Adjectives go before nouns, verbs from the end of a German or Dutch clause behind the subject,
and a question begins with its question word or its auxiliary.
"""

from __future__ import annotations

from dataclasses import replace

from core.literature.assistant.questions.foreign.pieces import Piece
from core.literature.assistant.questions.foreign.small_words import AUXILIARIES

__all__ = ["arranged"]

_ASKS = (
    "why",
    "how",
    "when",
    "where",
    "what",
    "which",
    "who",
    "whom",
    "whose",
    "is",
    "are",
    "was",
    "can",
    "does",
    "explain",
    "define",
    "list",
    "compare",
    "convert",
    "tell",
    "if",
    "in",
    "to",
)
_WITH_VERB = ("not", "can", "has", "be", "become")
_HELPING = ("has", "have", "had", "was", "were", "is", "are")
_LED = ("why", "how", "when", "where")
_BEFORE_NOUN = frozenset(
    [
        "the",
        "a",
        "our",
        "its",
        "my",
        "their",
        "this",
        "these",
        "of",
        "many",
        "some",
        "all",
        "every",
        "most",
        "both",
        "two",
        "three",
        "four",
        "five",
        "first",
        "second",
        "third",
        "last",
        "in",
        "one",
        "very",
        "so",
        "infinite",
    ]
)
_JOINS = ("of", "of the", "of a", "of our", "and", "like")
_OBJECT = (
    "discover",
    "find",
    "find out",
    "show",
    "say",
    "tell",
    "teach",
    "predict",
    "mean",
    "observe",
    "detect",
    "describe",
)
_SUBJECTS = frozenset(
    ["we", "it", "they", "you", "I", "one", "something", "someone", "he", "nothing", "everything"]
)


def arranged(pieces: list[Piece], language: str) -> list[Piece]:
    """The pieces as English has them.

    Args:
        pieces: with their small words settled.
        language: of the question.
    """
    pieces = _participles(pieces, language in ("German", "Dutch"))
    if language in ("German", "Dutch"):
        pieces = _verb_from_the_end(pieces)
    else:
        pieces = _adjectives_first(pieces)
    return _opened(pieces)


def _helper(piece: Piece) -> str:
    """The auxiliary of a piece, "why is" or "can we" too; "" if it has none."""
    words = piece.english.split()
    if piece.kind != "word" or len(words) > 2:
        return ""
    return next((word for word in reversed(words) if word in AUXILIARIES), "")


def _participles(pieces: list[Piece], same: bool) -> list[Piece]:
    """ "is expanding" for a gerund; "has discovered" where a form may be either (same)."""
    helped = False
    found: list[Piece] = []
    for piece in pieces:
        if piece.kind == "mark" and piece.written not in ("-", "'", "’"):
            helped = False
        elif _helper(piece):
            helped = _helper(piece) in _HELPING
        elif (
            piece.kind == "verb"
            and piece.done
            and (helped and same or found and found[-1].english.endswith("than"))
        ):
            piece = replace(piece, english=piece.done, kind="past")
        elif piece.kind == "verb" and helped and piece.written.endswith("ndo"):
            piece = replace(piece, english=f"{piece.base.removesuffix('e')}ing")
        elif piece.kind == "past" and found and found[-1].english in _SUBJECTS and not helped:
            piece = _plain(piece)
        found.append(piece)
    return found


def _adjectives_first(pieces: list[Piece]) -> list[Piece]:
    """ "galaxies distant" and "stars more old" turned round."""
    found = list(pieces)
    for at in range(1, len(found)):
        more = found[at - 1].english in ("more", "less", "very") and at > 1
        noun = at - 2 if more else at - 1
        if found[at].kind == "adjective" and found[noun].kind in ("noun", "unread"):
            whole, of, last = found[noun].english.rpartition(" of the ")
            if of:  # the size of the universe, observable
                found[noun] = replace(found[noun], english=f"{whole}{of}{found[at].english} {last}")
                found[at] = replace(found[at], english="")
                continue
            found[noun : at + 1] = [*found[noun + 1 : at + 1], found[noun]]
    return found


def _group(pieces: list[Piece], start: int) -> int:
    """Where the subject that begins at a place ends; the place itself if none does."""
    at = start
    while at < len(pieces) and (
        pieces[at].english in _BEFORE_NOUN or pieces[at].kind == "adjective"
    ):
        at += 1
    if at >= len(pieces):
        return start
    if pieces[at].kind in ("noun", "unread"):
        at += 1
        while at < len(pieces) and (
            pieces[at].kind in ("noun", "unread") or pieces[at].written == "-"
        ):
            at += 1
    elif at == start and pieces[at].english in _SUBJECTS:
        return at + 1
    else:
        return start
    if at < len(pieces) and pieces[at].english in _JOINS:
        return max(at, _group(pieces, at + 1)) if _group(pieces, at + 1) > at + 1 else at
    return at


def _verb_from_the_end(pieces: list[Piece]) -> list[Piece]:
    """ "can we dark matter not see" as "can we not see dark matter"."""
    aux = next((i for i, piece in enumerate(pieces) if _helper(piece)), None)
    if aux is None:
        return pieces
    end = next(
        (
            i
            for i in range(aux, len(pieces))
            if pieces[i].kind == "mark" and pieces[i].written not in ("-", "'", "’")
        ),
        len(pieces),
    )
    start = end
    while start > aux + 1 and (
        pieces[start - 1].kind in ("verb", "past")
        or start < end
        and pieces[start - 1].english in _WITH_VERB
    ):
        start -= 1
    led = pieces[0].english in ("which", "what", "who") and aux >= 1 + (pieces[0].english != "who")
    to = aux + 1 if led or pieces[aux].english == "can we" else _group(pieces, aux + 1)
    if not aux < to < start < end:
        return pieces
    last = pieces[end - 1]
    if pieces[aux].english == "will" and (last.kind == "past" or last.written.endswith("t")):
        pieces = [
            *pieces[:aux],
            replace(pieces[aux], english="are"),
            *pieces[aux + 1 : end - 1],
            replace(last, english=last.done or last.english),
            *pieces[end:],
        ]
    return [*pieces[:to], *pieces[start:end], *pieces[to:start], *pieces[end:]]


def _opened(pieces: list[Piece]) -> list[Piece]:
    """With "do" or the auxiliary where an English question has it."""
    if not pieces or pieces[-1].written != "?":
        return pieces
    first = pieces[0].english.split()[:1]
    if first and first[0].lower() in _LED:
        lead = 1
        if len(pieces[0].english.split()) > 2 or len(pieces) < 3:
            return pieces
        if pieces[0].english == "how many":
            lead = _group(pieces, 1)
    elif pieces[0].english == "what" and (
        _group(pieces, 1) > 1
        and pieces[1].kind != "noun"
        or any(piece.base in _OBJECT for piece in pieces[1:3])
    ):
        lead = 1
    elif first and (first[0].lower() in _ASKS or pieces[0].english in AUXILIARIES):
        return pieces
    else:
        lead = 0
    return [*pieces[:lead], *_asking(pieces[lead:])]


def _asking(pieces: list[Piece]) -> list[Piece]:
    """A clause as English asks it: "the stars shine" and "shine the stars" get their "do"."""
    nots = [piece for piece in pieces[:1] if piece.english == "not"]
    rest = pieces[len(nots) :]
    if len(rest) > 3 and rest[0].english in AUXILIARIES and rest[1].kind in ("verb", "past"):
        end = _group(rest, 2)  # "has discovered Hubble the expansion"
        if end > 2:
            return [rest[0], *rest[2:end], *nots, rest[1], *rest[end:]]
    if rest and rest[0].kind in ("verb", "past"):
        end = _group(rest, 1)
        if end > 1:
            return [_do(rest[0], rest[1:end]), *rest[1:end], *nots, _plain(rest[0]), *rest[end:]]
        return pieces
    end = _group(rest, 0)
    if not 0 < end < len(rest):
        return pieces
    late = [piece for piece in rest[end : end + 1] if piece.english in ("not", "us")]
    verb = end + len(late)
    if verb < len(rest) and rest[verb].english in AUXILIARIES:
        return [rest[verb], *rest[:end], *nots, *late, *rest[verb + 1 :]]
    if verb < len(rest) and rest[verb].kind in ("verb", "past"):
        return [
            _do(rest[verb], rest[:end]),
            *rest[:end],
            *nots,
            *late,
            _plain(rest[verb]),
            *rest[verb + 1 :],
        ]
    return pieces


def _do(verb: Piece, subject: list[Piece]) -> Piece:
    noun = next((piece.english for piece in subject if piece.kind in ("noun", "unread")), "we")
    many = (
        noun.endswith("s")
        and not noun.endswith("ss")
        or noun in ("we", "they")
        or any(piece.english == "and" for piece in subject)
    )
    return Piece("did" if verb.kind == "past" else "do" if many else "does", "", "word")


def _plain(verb: Piece) -> Piece:
    return replace(verb, english=verb.base or verb.english)
