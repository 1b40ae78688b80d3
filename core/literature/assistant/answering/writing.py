"""The model writes from the sources, and what it wrote is checked against them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from core.literature.assistant.abstract_answers import nearest_quoted
from core.literature.assistant.answering.tasks import Task, Wanted
from core.literature.assistant.answering.yes_no import YesOrNo
from core.literature.assistant.citations import cite, without_unknown_citations
from core.literature.assistant.quoting import LEFT_OUT, passed_on
from core.literature.assistant.reply import Reply
from core.literature.assistant.retrieval import Source
from core.literature.language_model.backends import Backend
from core.literature.language_model.prompts import SILENT, STOPS, grounded_prompt, plain_prompt
from core.literature.library.library import Library
from core.literature.text.paper import Paper
from core.literature.text.text import TermWeights, sentences, words

__all__ = ["FROM_MEMORY", "NOT_IN_PAPER", "NOT_SAID", "Writer"]

FROM_MEMORY = "No source was found: this is from memory and may be wrong."
NOT_SAID = "The passages that I found do not answer this. They are listed as the nearest ones."
NOT_IN_PAPER = "No answer was found in this abstract; the sentence nearest the question is marked."
_SPARE = 8
"""Tokens of the context that are left free."""
_VERDICT = re.compile(r"(?:yes|no)\b[,.:]", re.IGNORECASE)


@dataclass(frozen=True)
class Writer:
    """The language model as a writer of answers.

    Attributes:
        backend: what runs it.
        library: whose words weigh in the choice of citations.
        yes_or_no: decides the first word where a question asks for it.
    """

    backend: Backend
    library: Library
    yes_or_no: YesOrNo

    def written(self, task: Task, wanted: Wanted) -> Iterator[Reply]:
        """What the model writes, growing, and at the end checked.

        What an abstract does not support is replaced by its own words.

        Yields:
            Growing replies; the last one has its citations.
        """
        prompt, sources = self._prompt(task.question, task.sources, wanted.max_tokens)
        lost = "" if sources or not task.sources else FROM_MEMORY  # no room for them
        reply = Reply("", sources, (), "writing", not sources, f"{task.notice} {lost}".strip(),
                      asked=task.question)
        first = self.yes_or_no.first_word(task.question, prompt) if sources else ""
        pieces = self.backend.stream(
            prompt + first, max_tokens=wanted.max_tokens, temperature=wanted.temperature,
            seed=wanted.seed, stop=STOPS, cancelled=wanted.cancelled,
        )
        raw = ""
        for piece in chain([first] if first else [], pieces):
            raw += piece
            written = without_unknown_citations(raw.strip(), sources)
            reply = replace(reply, text=passed_on(written, sources), tokens=reply.tokens + 1)
            yield reply
        stopped = wanted.cancelled()
        if raw.strip() and not reply.text:
            reply = replace(reply, notice=f"{reply.notice} {LEFT_OUT}".strip())
        last = self._finished(task.question, reply, stopped)
        if task.paper is not None and last.notice == NOT_SAID:
            nearest = tuple(cite(task.question, sources, self._weights()))
            last = replace(last, notice=NOT_IN_PAPER if nearest else NOT_SAID, citations=nearest)
        elif task.paper is not None and not stopped and last.text:
            last = _supported(last, task.question, task.paper, task.sources[0])
        yield last

    def _finished(self, question: str, reply: Reply, stopped: bool) -> Reply:
        """With its citations, or the word that the sources do not answer."""
        reply = replace(reply, state="stopped" if stopped else "done")
        if reply.text.startswith(SILENT.rstrip(".")):
            return replace(reply, notice=NOT_SAID)
        if not reply.sources or not reply.text:
            return reply
        claim = reply.text if words(reply.text) else question  # "Yes." says what was asked
        return replace(reply, citations=tuple(cite(claim, reply.sources, self._weights())))

    def _prompt(
        self, question: str, sources: tuple[Source, ...], max_tokens: int
    ) -> tuple[str, tuple[Source, ...]]:
        """The prompt that fits, and the sources that are in it."""
        room = self.backend.context - max_tokens - _SPARE
        while sources:
            prompt = grounded_prompt(question, [source.excerpt for source in sources])
            if self.backend.count_tokens(prompt) <= room:
                return prompt, sources
            sources = sources[:-1]
        return plain_prompt(question), ()

    def _weights(self) -> TermWeights:
        """Inverse document frequencies of words in the library, as it is now."""
        return TermWeights(len(self.library), self.library.frequency)


def _supported(reply: Reply, question: str, paper: Paper, read: Source) -> Reply:
    """What the model wrote of a paper, or the abstract's words where nothing there supports it."""
    if reply.citations and not _VERDICT.match(reply.text):
        return reply
    said = nearest_quoted(question, sentences(paper.abstract), np.array(read.scores))
    return replace(reply, text=said.text, citations=said.citations, how="quoted")
