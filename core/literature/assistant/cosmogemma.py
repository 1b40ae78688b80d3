"""CosmoGemma: a cosmology assistant that answers from retrieved passages and cites them.

A question is looked up in the library of papers; the best sentences of the best passages go to the
language model, which answers from them. Every sentence of the answer is then tied to the sentence
that supports it best. Without passages the model answers from memory, and says so.

Papers: Lewis et al. 2020 (2005.11401) for retrieval-augmented generation; Gemma Team 2025
(2503.19786); Hu et al. 2021 (2106.09685) for the adapter.

Example:
    >>> model = CosmoGemma.load()
    >>> for reply in model.ask("What sets the scale of the BAO?"):
    ...     pass
    >>> reply.text, [s.paper.label for s in reply.sources]
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from math import log
from pathlib import Path
from typing import Literal

import numpy as np

from core.literature.arxiv.search import ArxivUnavailableError, search_arxiv
from core.literature.assistant.abstract_answers import answer_in_quotation, nearest_quoted
from core.literature.assistant.citations import Citation, cite, without_unknown_citations
from core.literature.assistant.intent import ABOUT, fixed_reply
from core.literature.assistant.paper_numbers import answer_from_numbers
from core.literature.assistant.quiz import NO_OPTIONS, QuizAnswer, answer_quiz, parse_quiz
from core.literature.assistant.quoting import LEFT_OUT, passed_on, readable
from core.literature.assistant.retrieval import Retriever, Source
from core.literature.language_model.adapter import load_adapter
from core.literature.language_model.backends import Backend, open_backend, open_large
from core.literature.language_model.backends.quantised import LargeModelError
from core.literature.language_model.prompts import (
    SILENT,
    STOPS,
    grounded_prompt,
    idea_prompt,
    plain_prompt,
)
from core.literature.library.library import Library
from core.literature.text.paper import Paper
from core.literature.text.text import TermWeights, clean, sentences, words
from core.weights import model_folder

__all__ = ["FROM_MEMORY", "LONGEST_QUESTION", "CosmoGemma", "Idea", "Reply"]

FROM_MEMORY = "No source was found: this is from memory and may be wrong."
WITHOUT_SOURCES = "Sources are off: this is from memory and may be wrong."
NOT_SAID = "The passages that I found do not answer this. They are listed as the nearest ones."
NOT_IN_PAPER = "No answer was found in this abstract; the sentence nearest the question is marked."
LONGEST_QUESTION = 2000

State = Literal["searching", "writing", "done", "stopped", "refused"]


@dataclass(frozen=True)
class Reply:
    """An answer, growing while it is written; the last one is whole.

    Attributes:
        text: what is written so far.
        sources: what was found, the best first.
        citations: which sentence of which source supports the answer; known when it is done.
        state: "searching", "writing", then "done", "stopped" or "refused".
        from_memory: written without any source.
        notice: a sentence to show beside the answer, or "".
        seconds: since the question.
        tokens: pieces written.
    """

    text: str = ""
    sources: tuple[Source, ...] = ()
    citations: tuple[Citation, ...] = ()
    state: State = "searching"
    from_memory: bool = False
    notice: str = ""
    seconds: float = 0.0
    tokens: int = 0


@dataclass(frozen=True)
class Idea:
    """A project idea and the papers that it grew from."""

    text: str
    sources: tuple[Source, ...]


class CosmoGemma:
    """The assistant: a library, a retriever and a language model.

    Args:
        library: what it reads.
        backend: what runs the language model.
        yes_bias, prior_weight, quiz_temperature: of the adapter's ``CosmoGemmaConfig``.
        notice: what to say of the model beside its answers, or "".
    """

    def __init__(
        self, library: Library, backend: Backend, yes_bias: float = 0.0,
        prior_weight: float = 0.0, quiz_temperature: float = 1.0, notice: str = "",
    ) -> None:
        self.library = library
        self.backend = backend
        self.yes_bias = yes_bias
        self.prior_weight = prior_weight
        self.quiz_temperature = quiz_temperature
        self.notice = notice
        self.retriever = Retriever(library)

    @classmethod
    def load(
        cls, folder: str | Path | None = None, device: str | None = None, *,
        library: Library | None = None, backend: Backend | None = None,
    ) -> CosmoGemma:
        """Open the user's library and the fastest backend there is, or the larger model if one is
        set and can be used here.

        Args:
            folder: name or folder of the adapter; by default "cosmogemma".
            device: of torch; by default as the settings say. llama.cpp runs on the CPU.
            library: what to read; by default the user's.
            backend: what runs the language model; by default as the settings say.

        Raises:
            RuntimeError: if the language model cannot be opened.
        """
        notice = ""
        if backend is None:
            try:
                large = open_large(device)
            except LargeModelError as error:
                notice = f"The embedded model answers: {error}"
            else:
                if large is not None:  # what was measured of the adapter does not hold for it
                    return cls(library or Library.open(), large)
        folder = model_folder("cosmogemma" if folder is None else folder)
        _, config = load_adapter(folder)
        return cls(
            library or Library.open(), backend or open_backend(adapter=folder, device=device),
            config.yes_bias, config.prior_weight, config.quiz_temperature, notice,
        )

    @cached_property
    def weights(self) -> TermWeights:
        """Inverse document frequencies of words in the library."""
        return TermWeights(len(self.library), self.library.frequency)

    def ask(
        self,
        question: str,
        *,
        history: Sequence[tuple[str, str]] = (),
        use_sources: bool = True,
        live: bool = False,
        paper: Paper | None = None,
        reference: Mapping[str, tuple[float, float]] | None = None,
        max_tokens: int = 160,
        temperature: float = 0.0,
        seed: int = 0,
        cancelled: Callable[[], bool] | None = None,
    ) -> Iterator[Reply]:
        """Answer a question, piece by piece.

        Args:
            question: up to 2,000 characters.
            history: earlier (question, answer) pairs, oldest first; a question that leans on the
                one before ("And at higher redshift?") is read together with it.
            use_sources: look it up; otherwise from memory.
            live: also search arXiv now, and keep what is found in the library.
            paper: read this paper's abstract and nothing else; what is asked about its numbers is
                answered from :mod:`core.literature.measurements`.
            reference: value and standard deviation by quantity, to compare those numbers with in
                place of Planck's.
            max_tokens: longest answer.
            temperature: 0 is the likeliest answer; 1 samples as the model would.
            seed: Sampling seed.
            cancelled: asked between tokens; once true, the answer stops where it is.

        Yields:
            Growing replies.

        Raises:
            ValueError: for an empty or too long question.
        """
        started = time.monotonic()
        question = _checked(question)
        standalone = _with_context(question, history)
        numbers = answer_from_numbers(question, paper, reference) if paper is not None else None
        if paper is not None and numbers is not None:
            source, _ = self.retriever.read(question, paper)
            yield Reply(numbers.text, (source,), numbers.citations, "done",
                        seconds=time.monotonic() - started)
            return
        refusal = fixed_reply(standalone)
        if refusal == ABOUT and paper is not None:  # "Which data are used?": the paper's
            refusal = None
        if refusal is not None:
            yield Reply(refusal, state="refused", seconds=time.monotonic() - started)
            return
        sources: tuple[Source, ...] = ()
        scores = np.empty(0)
        if paper is not None:
            source, scores = self.retriever.read(standalone, paper)
            said = answer_in_quotation(standalone, source.sentences, scores, paper.title)
            if said is not None:
                yield Reply(said.text, (source,), said.citations, "done",
                            seconds=time.monotonic() - started)
                return
            sources = (source,)
        use_sources = use_sources or paper is not None
        notice = "" if use_sources else WITHOUT_SOURCES
        if paper is None and use_sources:
            yield Reply(seconds=time.monotonic() - started)
            trouble = self._look_up_live(standalone) if live else ""
            sources = tuple(self.retriever.search(standalone))
            notice = trouble
        sources = tuple(map(readable, sources))
        prompt, sources = self._prompt(standalone, sources, max_tokens)
        if use_sources and not sources:
            notice = f"{notice} {FROM_MEMORY}".strip()
        reply = Reply("", sources, (), "writing", not sources, notice)
        first = self.first_word(standalone, prompt) if sources else ""
        pieces = self.backend.stream(
            prompt + first, max_tokens=max_tokens, temperature=temperature, seed=seed, stop=STOPS,
            cancelled=cancelled,
        )
        raw = ""
        for piece in chain([first] if first else [], pieces):
            raw += piece
            written = without_unknown_citations(raw.strip(), sources)
            reply = replace(
                reply, text=passed_on(written, sources),
                tokens=reply.tokens + 1, seconds=time.monotonic() - started,
            )
            yield reply
        stopped = cancelled is not None and cancelled()
        if raw.strip() and not reply.text:
            reply = replace(reply, notice=f"{reply.notice} {LEFT_OUT}".strip())
        last = self._finished(standalone, reply, stopped, time.monotonic() - started)
        if paper is not None and last.notice == NOT_SAID:
            nearest = tuple(cite(standalone, sources, self.weights))
            last = replace(last, notice=NOT_IN_PAPER if nearest else NOT_SAID, citations=nearest)
        elif paper is not None and not stopped and last.text:
            last = _supported(last, standalone, paper, scores)
        yield last

    def first_word(self, question: str, prompt: str) -> str:
        """ " Yes" or " No" where the model begins with one of them; else "".

        The model leans to one of the two whatever it has read: what the question alone suggests is
        partly taken off, and ``yes_bias`` added.
        """
        if not _YES_NO.match(question):
            return ""
        prior = self.log_odds(plain_prompt(question)) if self.prior_weight else (0.0, 1.0)
        odds, share = self.log_odds(prompt)  # last: the answer goes on from this prompt
        if share < 0.5:
            return ""
        return " Yes" if odds - self.prior_weight * prior[0] + self.yes_bias > 0 else " No"

    def log_odds(self, prompt: str) -> tuple[float, float]:
        """ln p("Yes") - ln p("No") of the next token, and the probability of both together."""
        yes, no = self.backend.first_token(prompt, [" Yes", " No"])
        return log(yes + 1e-9) - log(no + 1e-9), yes + no

    def _finished(self, question: str, reply: Reply, stopped: bool, seconds: float) -> Reply:
        reply = replace(reply, state="stopped" if stopped else "done", seconds=seconds)
        if reply.text.startswith(SILENT.rstrip(".")):
            return replace(reply, notice=NOT_SAID)
        if not reply.sources or not reply.text:
            return reply
        claim = reply.text if words(reply.text) else question  # "Yes." says what was asked
        return replace(reply, citations=tuple(cite(claim, reply.sources, self.weights)))

    def _look_up_live(self, question: str) -> str:
        """Add what arXiv finds to the library; a sentence if it cannot be reached."""
        query = " ".join(words(question))
        if not query:
            return ""
        try:
            self.library.add(search_arxiv(query))
        except ArxivUnavailableError as error:
            return str(error)
        self.__dict__.pop("weights", None)
        return ""

    def _prompt(
        self, question: str, sources: tuple[Source, ...], max_tokens: int
    ) -> tuple[str, tuple[Source, ...]]:
        """The prompt that fits, and the sources that are in it."""
        room = self.backend.context - max_tokens - 8
        while sources:
            prompt = grounded_prompt(question, [source.excerpt for source in sources])
            if self.backend.count_tokens(prompt) <= room:
                return prompt, sources
            sources = sources[:-1]
        return plain_prompt(question), ()

    def quiz(self, text: str, *, use_sources: bool = False) -> QuizAnswer:
        """Answer a multiple-choice question in any usual form.

        Args:
            text: the question and its options, as pasted.
            use_sources: read before weighing the options.

        Raises:
            ValueError: if no question with options can be made out.
        """
        quiz = parse_quiz(text)
        if quiz is None:
            raise ValueError(NO_OPTIONS)
        found = self.retriever.search(quiz.question) if use_sources else []
        sources = [readable(source) for source in found]
        return answer_quiz(
            quiz, self.backend, [source.excerpt for source in sources], self.quiz_temperature
        )

    def brainstorm(
        self,
        topic: str,
        *,
        ideas: int = 3,
        live: bool = False,
        seed: int = 0,
        max_tokens: int = 120,
        cancelled: Callable[[], bool] | None = None,
    ) -> Iterator[tuple[Idea, ...]]:
        """Distinct project ideas, each grown from papers of the library.

        Args:
            topic: what the projects should be about.
            ideas: how many.
            live: also search arXiv now.
            seed: Sampling seed; it also decides which papers meet.
            max_tokens: longest idea.
            cancelled: asked between tokens.

        Yields:
            The ideas so far, the last one growing.

        Raises:
            ValueError: for an empty or too long topic, or one that nothing in the library bears on.
        """
        topic = _checked(topic)
        if live:
            self._look_up_live(topic)
        done: list[Idea] = []
        for number, sources in enumerate(self._pairs(topic, ideas, seed)):
            prompt = idea_prompt([source.excerpt for source in sources])
            text = ""
            for piece in self.backend.stream(
                prompt, max_tokens=max_tokens, temperature=0.7, seed=seed + number, stop=STOPS,
                cancelled=cancelled,
            ):
                text += piece
                yield (*done, _idea(text, sources))
            done.append(_idea(text, sources))
            if cancelled is not None and cancelled():
                break
        yield tuple(done)

    def _pairs(self, topic: str, count: int, seed: int) -> list[tuple[Source, ...]]:
        """Disjoint pairs of sources: the seed turns which of the near ones meet."""
        found = self.retriever.search(topic, most=2 * count + 2, sentences=3, near=0.0)
        if len(found) < 2:
            raise ValueError(
                "Nothing in the library bears on this; name an object, a survey or a method."
            )
        half = (len(found) + 1) // 2
        first, second = found[:half], found[half:]
        turn = seed % len(second)
        second = second[turn:] + second[:turn]
        pairs = list(zip(first, second, strict=False))[:count]
        return [
            (readable(replace(a, number=1)), readable(replace(b, number=2))) for a, b in pairs
        ]


def _supported(reply: Reply, question: str, paper: Paper, scores: np.ndarray) -> Reply:
    """What the model wrote of a paper, or the abstract's words where nothing there supports it."""
    if reply.citations and not _VERDICT.match(reply.text):
        return reply
    said = nearest_quoted(question, sentences(paper.abstract), scores)
    return replace(reply, text=said.text, citations=said.citations)


_VERDICT = re.compile(r"(?:yes|no)\b[,.:]", re.IGNORECASE)


def _idea(text: str, sources: tuple[Source, ...]) -> Idea:
    return Idea(passed_on(without_unknown_citations(text.strip(), sources), sources), sources)


def _checked(question: str) -> str:
    question = clean(question)
    if not question:
        raise ValueError("Write a question first.")
    if len(question) > LONGEST_QUESTION:
        raise ValueError(
            f"The question has {len(question):,} characters; at most {LONGEST_QUESTION:,} can be "
            "read at once."
        )
    return question


_YES_NO = re.compile(
    r"(?:.*[,;:]\s+)?(?:is|are|was|were|do|does|did|can|could|has|have|had|will|would|should|may|might|"
    r"must)(?:n['’]t)?\s",
    re.IGNORECASE,
)
_LEANING = re.compile(
    r"^(and|but|so|why|how about|what about|then|also|really|ok(ay)?)\b|"
    r"\b(it|its|they|them|their|that|this|those|these|he|she|former|latter)\b",
    re.IGNORECASE,
)


def _with_context(question: str, history: Sequence[tuple[str, str]]) -> str:
    """A question that leans on the one before, together with it."""
    if not history or not _LEANING.search(question) or len(words(question)) > 6:
        return question
    return f"{clean(history[-1][0])} {question}"
