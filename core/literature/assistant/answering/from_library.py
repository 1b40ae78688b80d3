"""What answers a question without a paper: a computed number, ideas, the library's own words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.literature.assistant.answering.agreement import Agreement, agreement
from core.literature.assistant.answering.live import look_up_live
from core.literature.assistant.answering.tasks import Task
from core.literature.assistant.composing.compose import Composed
from core.literature.assistant.composing.verdicts import Judging
from core.literature.assistant.conversation.openers import greeted, opening
from core.literature.assistant.conversation.unknown import (
    names_a_finding,
    unknown_names,
    unknown_papers,
)
from core.literature.assistant.intent import ABOUT, OFF_TOPIC, UNCLEAR, fixed_reply
from core.literature.assistant.library_answers import (
    KNOWN,
    LIKELY,
    NAMED,
    THANKS,
    computed,
    ideas,
    papers_named,
    quoted_answer,
)
from core.literature.assistant.questions.greetings import ungreeted
from core.literature.assistant.questions.meaning import Meaning, understood
from core.literature.assistant.questions.names import names_in, names_lacking
from core.literature.assistant.questions.pronouns import leans
from core.literature.assistant.questions.small_talk import addresses_it
from core.literature.assistant.questions.subjects import has_subject, things_in
from core.literature.assistant.questions.turns.judgements import is_turn
from core.literature.assistant.quoting import readable
from core.literature.assistant.reply import Reply
from core.literature.assistant.retrieval import Retriever, Source
from core.literature.library.library import Library

__all__ = ["NOT_KNOWN", "NO_PAPER", "NO_VERDICT", "answer_from_library"]

NOT_KNOWN = (
    "The library has no passage on this, and what I would say from memory is not to be trusted. "
    "Ask it in other words, name the thing or the survey in full, or look into the Library page."
)
NO_PAPER = (
    "The paper {} is not known here: the library does not cite it, and I would only be guessing "
    "what it found. If you have its abstract, paste it and ask."
)
NO_NAME = "The library has never heard of {}; it may be new, rare or misspelt."
OF_THE_REST = "Of {} in general it says:"
NO_VERDICT = "I give no verdict of my own; this is what the library says of it:"
_NEAR_NAME = 0.9
_FEW = 2
_RECENT = 500
_FOR_PAPERS = 6
_NEAREST = 0.6
"""Share of the relevance usually needed that will do for the nearest passage, quoted as such."""
_BY_NAME = 0.6
"""Share of a question's words that a passage's name covers: it is no talk then."""
_ALL_NAME = 0.9
_STORED = 0.88
"""Cosine of a stored question that asks the same."""


def answer_from_library(
    question: str, history: Sequence[tuple[str, str]], retriever: Retriever, *,
    live: bool = False, quoting: bool = True, seed: int = 0, judging: Judging | None = None,
) -> Reply | Task:
    """What answers a question, or what the model is to do.

    Args:
        question: as typed.
        history: earlier (question, answer) pairs, oldest first.
        retriever: of the library.
        live: also search arXiv now, and keep what is found in the library.
        quoting: quote the primer where it answers; else the model is to write.
        seed: of the choice of ideas.
        judging: what passages say to a yes/no question.
    """
    hello = greeted(question)
    if hello:
        return Reply(hello, state="done", how="fixed")
    opened = opening(question, len(history), seed)
    if opened is not None:
        reply = answer_from_library(opened.question, (), retriever, seed=seed, judging=judging)
        return reply if isinstance(reply, Task) else _led(reply, opened.lead)
    if not history and (is_turn(question) or leans(question) and not has_subject(question)):
        return Reply(UNCLEAR, state="done", how="fixed")
    history = _reopened(history, seed)
    asked = ungreeted(question) or question
    known = computed(asked, history) or ideas(asked, retriever.library, seed)
    if known is not None:
        return known
    meaning = understood(question, history)
    if meaning.wants in ("thanks", "about"):
        return Reply(THANKS if meaning.wants == "thanks" else ABOUT, state="done", how="fixed")
    if not meaning.text:
        return Reply(meaning.notice, state="done", how="fixed")
    papers = unknown_papers(question)
    if papers:  # then the reader's own are asked too
        papers = unknown_papers(question, _authors_held(retriever.library))
    if papers:
        return Reply(NO_PAPER.format(" and ".join(papers)), state="done", how="fixed")
    trouble = look_up_live(meaning.text, retriever.library) if live else ""
    sources = tuple(retriever.search(meaning.text))
    read = " ".join(f"{source.paper.title} {source.paper.abstract}" for source in sources)
    strange = tuple(name for name in unknown_names(meaning.text, retriever.library.frequency)
                    if names_lacking(name, read))
    refusal = _refusal(meaning, sources)
    if strange and (refusal in ("", ABOUT, UNCLEAR) or refusal == OFF_TOPIC and names_a_finding(
            meaning.text, strange)):
        return _not_heard_of(strange, meaning, retriever, sources)
    if refusal:
        return Reply(refusal, state="refused", how="fixed")
    notice = f"{meaning.notice} {trouble}".strip()
    if not sources:
        sources = tuple(retriever.search(meaning.text, least=_NEAREST))
    if not sources:
        return Reply(NOT_KNOWN, state="done", how="fixed", notice=notice)
    if meaning.wants == "papers":
        more = tuple(retriever.search(meaning.text, most=_FOR_PAPERS))
        said = "\n".join(answer for _, answer in history)
        return papers_named(meaning, more or sources, retriever.library, said)
    if sources[0].paper.is_primer and quoting:
        reply = _quoted(meaning, history, retriever, sources, judging)
        return replace(reply, notice=f"{notice} {reply.notice}".strip())
    return Task(meaning.text, tuple(map(readable, sources)), notice)


def _quoted(
    meaning: Meaning, history: Sequence[tuple[str, str]], retriever: Retriever,
    sources: Sequence[Source], judging: Judging | None,
) -> Reply:
    """The library's sentences, behind what was computed of two experiments' agreement."""
    said = "\n".join(answer for _, answer in history)
    before = history[-1][0] if history and meaning.carries else ""
    agree = agreement(meaning.text, before) if not meaning.wants else None
    reply = quoted_answer(meaning, retriever, sources, judging if agree is None else None, said,
                          [asked for asked, _ in history])
    if agree is not None:
        return _computed_first(reply, agree)
    if meaning.wants == "judgement":
        return _led(reply, f"{reply.lead} {NO_VERDICT}".strip())
    return reply


def _computed_first(reply: Reply, agree: Agreement) -> Reply:
    """A stored verdict holds where what was computed gives none."""
    if reply.composed is None:
        return reply
    stored = reply.composed.verdict if not agree.verdict else ""
    lead = f"{stored.capitalize()}. {agree.text}" if stored else agree.text
    quoted = replace(reply.composed, verdict="")
    return replace(reply, text=f"{lead}\n\n{quoted.text}", lead=lead, code=agree.code,
                   composed=quoted)


def _refusal(meaning: Meaning, sources: Sequence[Source]) -> str:
    """What is said in place of an answer; "" where the library knows better than the intent."""
    text, best = meaning.text, sources[0].relevance if sources else 0.0
    named = max((source.named for source in sources), default=0.0)
    same = max((match.cosine for source in sources for match in source.matches), default=0.0)
    if best >= KNOWN or same >= _STORED:
        return ""
    refusal = fixed_reply(text) or ""
    of_the_field = any(map(things_in, meaning.sides)) and all(
        things_in(side) or side.isupper() for side in meaning.sides)
    if refusal == OFF_TOPIC and (best >= LIKELY or named >= _ALL_NAME or of_the_field):
        return ""
    known = best >= NAMED or named >= _BY_NAME or bool(names_in(text))
    if refusal == ABOUT and not addresses_it(text):
        return "" if known else UNCLEAR
    return refusal


def _led(reply: Reply, lead: str) -> Reply:
    """A reply with words in front."""
    return replace(reply, lead=lead, text=f"{lead} {reply.text}")


def _reopened(
    history: Sequence[tuple[str, str]], seed: int
) -> tuple[tuple[str, str], ...]:
    """The history with what was looked up in the place of "surprise me"."""
    openings = [opening(asked, turn, seed) for turn, (asked, _) in enumerate(history)]
    return tuple((asked if opened is None else opened.question, answer)
                 for opened, (asked, answer) in zip(openings, history, strict=True)
                 if not greeted(asked))


def _not_heard_of(
    names: Sequence[str], meaning: Meaning, retriever: Retriever, sources: Sequence[Source]
) -> Reply:
    """That a name is not known, and behind it what is known of the rest of the question."""
    lead = NO_NAME.format(" and ".join(names))
    rest = meaning.text
    for name in names:
        rest = rest.replace(name, " ")
    named = things_in(rest)
    near = [source for source in sources if source.paper.is_primer
            and source.relevance >= _NEAR_NAME]
    if not named or not near:
        return Reply(lead, state="done", how="fixed", notice=meaning.notice)
    reply = quoted_answer(meaning, retriever, near[:1])
    answer = reply.composed
    if answer is None or not answer.parts:
        return Reply(lead, state="done", how="fixed", notice=meaning.notice)
    first = answer.parts[0]
    number = first.sentences[:_FEW]
    text = " ".join(readable(near[0]).sentences[place] for place in number)
    short = Composed("", (replace(first, sentences=number, text=text, side=""),))
    citations = tuple(one for one in reply.citations if one.sentence in number)
    lead = f"{lead} {OF_THE_REST.format(named[0])}"
    return _led(replace(reply, composed=short, text=short.text, citations=citations,
                        notice=meaning.notice), lead)


def _authors_held(library: Library) -> set[tuple[str, int]]:
    """Surname and year of the papers that the reader has added of late."""
    return {(word.lower(), paper.published.year) for paper in library.recent(_RECENT)
            if paper.published is not None for author in paper.authors
            for word in author.split()}

