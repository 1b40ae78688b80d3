"""What answers a question without a paper: a computed number, ideas, the library's own words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.literature.assistant.answering.agreement import Agreement, agreement
from core.literature.assistant.answering.live import look_up_live
from core.literature.assistant.answering.tasks import Task
from core.literature.assistant.composing.verdicts import Judging
from core.literature.assistant.intent import ABOUT, OFF_TOPIC, fixed_reply
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
from core.literature.assistant.questions.meaning import understood
from core.literature.assistant.questions.names import names_in
from core.literature.assistant.questions.small_talk import addresses_it
from core.literature.assistant.quoting import readable
from core.literature.assistant.reply import Reply
from core.literature.assistant.retrieval import Retriever, Source

__all__ = ["NOT_KNOWN", "answer_from_library"]

NOT_KNOWN = (
    "The library has no passage on this, and what I would say from memory is not to be trusted. "
    "Ask it in other words, name the thing or the survey in full, or look into the Library page."
)
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
    asked = ungreeted(question) or question
    known = computed(asked, history) or ideas(asked, retriever.library, seed)
    if known is not None:
        return known
    meaning = understood(question, history)
    if meaning.wants in ("thanks", "about"):
        return Reply(THANKS if meaning.wants == "thanks" else ABOUT, state="done", how="fixed")
    if not meaning.text:
        return Reply(meaning.notice, state="done", how="fixed")
    trouble = look_up_live(meaning.text, retriever.library) if live else ""
    sources = tuple(retriever.search(meaning.text))
    refusal = _refusal(meaning.text, sources)
    if refusal:
        return Reply(refusal, state="refused", how="fixed")
    notice = f"{meaning.notice} {trouble}".strip()
    if not sources:
        sources = tuple(retriever.search(meaning.text, least=_NEAREST))
    if not sources:
        return Reply(NOT_KNOWN, state="done", how="fixed", notice=notice)
    if meaning.wants == "papers":
        return papers_named(meaning, sources, retriever.library)
    if sources[0].paper.is_primer and quoting:
        before = history[-1][1] if history else ""
        agree = agreement(meaning.text) if not meaning.wants else None
        reply = quoted_answer(meaning, retriever, sources, judging if agree is None else None,
                              before)
        reply = reply if agree is None else _led(reply, agree)
        return replace(reply, notice=f"{notice} {reply.notice}".strip())
    return Task(meaning.text, tuple(map(readable, sources)), notice)


def _led(reply: Reply, agree: Agreement) -> Reply:
    """A quoted answer behind what was computed; a stored verdict holds where that gives none."""
    if reply.composed is None:
        return reply
    stored = reply.composed.verdict if not agree.verdict else ""
    lead = f"{stored.capitalize()}. {agree.text}" if stored else agree.text
    quoted = replace(reply.composed, verdict="")
    return replace(reply, text=f"{lead}\n\n{quoted.text}", lead=lead, code=agree.code,
                   composed=quoted)


def _refusal(text: str, sources: Sequence[Source]) -> str:
    """What is said in place of an answer; "" where the library knows better than the intent."""
    best = sources[0].relevance if sources else 0.0
    named = max((source.named for source in sources), default=0.0)
    same = max((match.cosine for source in sources for match in source.matches), default=0.0)
    if best >= KNOWN or same >= _STORED:
        return ""
    refusal = fixed_reply(text) or ""
    if refusal == OFF_TOPIC and (best >= LIKELY or named >= _ALL_NAME):
        return ""
    known = best >= NAMED or named >= _BY_NAME or bool(names_in(text))
    return "" if refusal == ABOUT and known and not addresses_it(text) else refusal

