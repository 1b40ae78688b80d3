"""Answers that need no language model: quoted from the library, computed, ideas, fixed words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from core.literature.assistant.calculation.calculator import calculate
from core.literature.assistant.citations import Citation
from core.literature.assistant.composing.compose import (
    Composed,
    Side,
    compose,
    named_for_all,
    told_besides,
)
from core.literature.assistant.composing.next_questions import next_questions
from core.literature.assistant.composing.verdicts import Judging
from core.literature.assistant.questions.kinds import kind_of
from core.literature.assistant.questions.library_names import library_names, names_of
from core.literature.assistant.questions.meaning import Meaning, understood
from core.literature.assistant.questions.names import found_names, names_lacking
from core.literature.assistant.questions.pasted import Pasted
from core.literature.assistant.quoting import readable
from core.literature.assistant.reply import Reply
from core.literature.assistant.retrieval import Retriever, Source
from core.literature.ideas.propose import as_markdown, propose
from core.literature.ideas.request import asked_ideas
from core.literature.library.library import Library
from core.literature.text.embedding import embed
from core.literature.text.paper import PRIMER, Paper
from core.literature.text.tex import CODE
from core.literature.text.text import words

__all__ = [
    "KNOWN", "LIKELY", "NAMED", "THANKS", "computed", "ideas", "judged", "papers_named",
    "pasted_paper", "quoted_answer", "sides_found", "summary",
]  # fmt: skip

THANKS = "You are welcome. Ask on, whenever you like."
NO_PAPERS = "The passages found name no papers; they are shown beside this."
NO_MORE = "That is all that the passages found say of this; the papers behind them say more."
NO_OTHER_PAPERS = (
    "The library rests on no other papers for this than those already named; with a search of "
    "arXiv, or on the Library page, there may be more."
)
CLAIM = "I do not judge claims by myself; this is what the library says of it:"
NO_CLAIM = "The library says nothing of this claim."

KNOWN = 2.2
"""Relevance from which a question is the library's own, whatever else it looks like."""
LIKELY = 1.35
"""Relevance from which a question is of the field, although it does not look so."""
NAMED = 1.9
"""Relevance from which a text that speaks to nobody is a question, although it looks like talk: of
twenty such ("test", "what now") none had more than 1.86; "fine structure constant" has 2.09."""
_OF_SIDE = 6
_NEAR_SIDE = 0.6
_COMPARING_TEXT = """
    difference differences different between compare compared comparison versus vs same better
    worse tradeoff trade-off what which one ones each main key differ differs contrast
"""
_COMPARING = frozenset(_COMPARING_TEXT.split())

_SURE = 1.15
"""Relevance from which a passage is on the very subject of the question."""
_UNSURE = "No passage of the library is on exactly this; the nearest one is quoted."


def computed(question: str, history: Sequence[tuple[str, str]]) -> Reply | None:
    """The number that a question asks to compute; None if it asks for none."""
    try:
        found = calculate(question, [asked for asked, _ in history])
    except ValueError as error:
        return Reply(str(error), state="done", how="computed")
    if found is None:
        return None
    return Reply(found.text, state="done", how="computed", code=found.code)


def ideas(question: str, library: Library, seed: int = 0) -> Reply | None:
    """Project ideas, if a question asks for some."""
    wanted = asked_ideas(question)
    if wanted is None:
        return None
    try:
        found = propose(library, wanted.topic, wanted.count, seed, wanted.level)
    except ValueError as error:
        return Reply(str(error), state="done", how="ideas")
    return Reply(as_markdown(found), state="done", how="ideas")


def sides_found(
    meaning: Meaning, sources: Sequence[Source], retriever: Retriever
) -> tuple[tuple[Source, ...], tuple[Side, ...]]:
    """The sides of a comparison, each looked up by itself.

    Returns:
        The sources with those of the sides behind them, numbered anew, and the sides.
    """
    known = {source.paper.id: source for source in sources}
    if meaning.sides and named_for_all(sources, meaning.sides) is None:
        wider = retriever.search(meaning.text, most=_OF_SIDE, near=_NEAR_SIDE)
        joint = named_for_all(wider, meaning.sides)
        if joint is not None:
            joint = replace(readable(joint), number=len(known) + 1)
            known.setdefault(joint.paper.id, joint)
    sides = []
    asked = _asked_of_each(meaning)
    for name in meaning.sides:
        source = _of_side(name, asked, retriever)
        if source is not None:
            known.setdefault(source.paper.id, replace(source, number=len(known) + 1))
            sides.append(Side(name, replace(source, number=known[source.paper.id].number)))
    return tuple(known.values()), tuple(sides)


def _of_side(name: str, asked: str, retriever: Retriever) -> Source | None:
    """The passage on one side: one of that name, if there is any; what else was asked decides."""
    found = retriever.search(f"{name} {asked}".strip(), most=_OF_SIDE, near=_NEAR_SIDE)
    if not found:
        return None
    own = {f"{PRIMER}{id}" for id in library_names().passages(name)}
    return next((source for source in found if source.paper.id in own), found[0])


def _asked_of_each(meaning: Meaning) -> str:
    """The words of a comparison that belong to none of its sides: "area and depth"."""
    of_sides = set(" ".join(meaning.sides).lower().split())
    return " ".join(word for word in re.findall(r"[\w$\\-]+", meaning.text)
                    if words(word) and word.lower() not in of_sides | _COMPARING)


def quoted_answer(
    meaning: Meaning, retriever: Retriever, sources: Sequence[Source],
    judging: Judging | None = None, shown: str = "", asked: Sequence[str] = (),
) -> Reply:
    """The sentences of the library that answer a question.

    Args:
        meaning: of the question.
        retriever: for the sides of a comparison.
        sources: found for it, the best first; at least one.
        judging: what passages say to a yes/no question.
        shown: the answers before it, which "more" does not repeat.
        asked: the questions before it, which are not suggested again.
    """
    found = tuple(map(readable, sources))
    sides: tuple[Side, ...] = ()
    if meaning.kind == "comparison":
        found, sides = sides_found(meaning, found, retriever)
    answer = compose(meaning.text, meaning.kind, found, sides, wants=meaning.wants,
                     judging=judging, shown=shown, manner=meaning.manner)
    if not answer.parts:
        return Reply(NO_MORE, found, state="done", how="fixed", asked=meaning.text,
                     next_questions=next_questions(meaning.text, found, before=asked))
    if meaning.second and not sides:
        found, answer = _with_second(meaning.second, found, answer, retriever)
    used = {part.number for part in answer.parts}
    beside = tuple(source for source in found if source.number in used or source.number <= 3)
    lacking = _lacking(meaning, found, answer)
    return Reply(
        f"{lacking} {answer.text}".strip(), beside, _citations(answer), "done", how="quoted",
        code=_code(answer),
        notice="" if lacking else _doubt(found, answer), lead=lacking,
        next_questions=next_questions(meaning.text, found, before=asked), asked=meaning.text,
        composed=answer,
    )


def _with_second(
    question: str, sources: tuple[Source, ...], answer: Composed, retriever: Retriever
) -> tuple[tuple[Source, ...], Composed]:
    """An answer with what tells the second of two questions, if it does not yet."""
    best = next(iter(retriever.search(question, most=1)), None)
    if best is None:
        return sources, answer
    best = readable(best)
    known = {source.paper.id: source.number for source in sources}
    number = known.get(best.paper.id, len(sources) + 1)
    told = {place for part in answer.parts if part.number == number for place in part.sentences}
    best = replace(best, number=number)
    more = told_besides(best, kind_of(question), told)
    if more is None:
        return sources, answer
    if best.paper.id not in known:
        sources = (*sources, best)
    return sources, replace(answer, parts=(*answer.parts, more))


def _citations(answer: Composed) -> tuple[Citation, ...]:
    return tuple(Citation(part.number, sentence, 1.0)
                 for part in answer.parts for sentence in part.sentences)


_STATEMENT = re.compile(r"\bimport \w|\w ?= ?\S|\w\(")


def _code(answer: Composed) -> str:
    """The Python that the quoted sentences hold, a statement a line, to be copied; "" for one call
    or none."""
    found = [line for part in answer.parts for code in CODE.findall(part.text)
             for line in code.strip("`").split("; ") if _STATEMENT.search(line)]
    return "\n".join(dict.fromkeys(found)) if len(found) > 1 else ""


def _lacking(meaning: Meaning, sources: Sequence[Source], answer: Composed) -> str:
    """The names asked for that the quoted sentences do not speak of, in a sentence that stands in
    front of them; "" if they do. What is typed in small letters is no name, unless it is one of the
    library."""
    used = {part.number for part in answer.parts}
    read = " ".join(f"{'. '.join(names_of(source.paper))}. {' '.join(source.sentences)}"
                    for source in sources if source.number in used)
    lacking = set(names_lacking(meaning.text, read))
    written = [(found.name, meaning.text[found.start : found.end])
               for found in found_names(meaning.text)]
    said = dict.fromkeys(text for name, text in written if name in lacking
                         and (not text.islower() or text in library_names()))
    return f"The sentences quoted do not speak of {', '.join(said)}." if said else ""


def _doubt(sources: Sequence[Source], answer: Composed) -> str:
    """That no passage is on exactly this, if so."""
    return _UNSURE if sources[0].relevance < _SURE and not answer.verdict else ""


def papers_named(
    meaning: Meaning, sources: Sequence[Source], library: Library, shown: str = ""
) -> Reply:
    """The papers behind an answer: those that the passages rest on, or those that were found; the
    nearest to the question first.

    Args:
        meaning: of the question.
        sources: found for it.
        library: that knows the papers.
        shown: the answers before; papers named there are not named again.
    """
    held: dict[str, tuple[str, int]] = {}
    for source in sources:
        for id in source.paper.references if source.paper.is_primer else (source.paper.id,):
            known = library.reference(id)
            label = (f"{source.paper.label}, {source.paper.title}" if known is None
                     else f"{known.label}, {known.title}")
            held.setdefault(id, (label, source.number))
    new = [id for id in held if f"arXiv:{id})" not in shown]
    if not new:
        return Reply(NO_OTHER_PAPERS if held else NO_PAPERS, tuple(sources), (), "done",
                     how="quoted", asked=meaning.text)
    vectors = embed([meaning.text, *(held[id][0] for id in new)])
    near = sorted(zip(new, (vectors[1:] @ vectors[0]).tolist(), strict=True),
                  key=lambda one: -one[1])
    lines = "\n".join(f"- {held[id][0]} (arXiv:{id}) [{held[id][1]}]" for id, _ in near)
    said = f"On “{meaning.text}” the library rests on:\n\n{lines}"
    return Reply(said, tuple(sources), (), "done", how="quoted", asked=meaning.text)


def pasted_paper(given: Pasted) -> Paper:
    """A pasted text as a paper without a name."""
    return Paper("pasted", "The text that you pasted", given.text)


def summary(read: Source, count: int) -> Reply:
    """The sentences of a text that tell most of it, in its order.

    Args:
        read: the text.
        count: of sentences; 1 gives its TL;DR.
    """
    from core.literature.tldr.tldr import tldr

    found = tldr(read.paper)
    chances = found.probabilities
    best = sorted(sorted(range(len(chances)), key=lambda i: -chances[i])[: max(count, 1)])
    text = found.text if count == 1 else " ".join(read.sentences[i] for i in best)
    return Reply(f"{text} [1]", (read,), tuple(Citation(1, i, 1.0) for i in best), "done",
                 how="quoted")


def judged(given: Pasted, retriever: Retriever) -> Reply:
    """What the library says of a claim that was pasted, for the reader to compare."""
    meaning = understood(given.text)
    sources = retriever.search(given.text)
    if not sources:
        return Reply(NO_CLAIM, state="done", how="fixed")
    reply = quoted_answer(meaning, retriever, sources)
    return replace(reply, text=f"{CLAIM} {reply.text}", lead=f"{CLAIM} {reply.lead}".strip())
