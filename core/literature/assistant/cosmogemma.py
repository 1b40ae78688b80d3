"""CosmoGemma: a cosmology assistant that answers from retrieved passages and cites them.

A question is read first: in English, as it was meant, standing alone. What can be computed is
computed; what the built-in library answers is quoted from it, sentence by sentence; what papers
answer the language model writes from their best sentences, and what nothing there supports is
replaced by their own words. Every sentence of an answer is tied to the sentence that supports it.
Where the library has nothing it says so; only with its sources off does the model answer from
memory.

Papers: Lewis et al. 2020 (2005.11401) for retrieval-augmented generation; Gemma Team 2025
(2503.19786); Hu et al. 2021 (2106.09685) for the adapter.

Example:
    >>> model = CosmoGemma.load()
    >>> for reply in model.ask("What sets the scale of the BAO?"):
    ...     pass
    >>> reply.text, [s.paper.label for s in reply.sources]
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from core.literature.assistant.answering.from_library import answer_from_library
from core.literature.assistant.answering.from_memory import answer_from_memory
from core.literature.assistant.answering.from_paper import answer_from_paper
from core.literature.assistant.answering.from_pasted import answer_from_pasted, of_the_text
from core.literature.assistant.answering.live import look_up_live
from core.literature.assistant.answering.tasks import Task, Wanted, never
from core.literature.assistant.answering.writing import (
    FROM_MEMORY,
    NOT_IN_PAPER,
    NOT_SAID,
    Writer,
)
from core.literature.assistant.answering.yes_no import YesOrNo
from core.literature.assistant.composing.verdicts import Judging
from core.literature.assistant.library_answers import judged, pasted_paper
from core.literature.assistant.questions.meaning import understood
from core.literature.assistant.questions.pasted import pasted
from core.literature.assistant.quiz import NO_OPTIONS, QuizAnswer, answer_quiz, parse_quiz
from core.literature.assistant.quoting import readable
from core.literature.assistant.reply import Reply
from core.literature.assistant.retrieval import Retriever
from core.literature.ideas.choose import Asked
from core.literature.ideas.propose import Proposal, propose
from core.literature.ideas.request import asked_ideas
from core.literature.judge.judge import judged_by_default
from core.literature.language_model.adapter import load_adapter
from core.literature.language_model.backends import Backend, open_backend, open_large
from core.literature.language_model.backends.quantised import LargeModelError
from core.literature.library.library import Library
from core.literature.text.paper import Paper
from core.literature.text.text import clean
from core.weights import model_folder

__all__ = ["FROM_MEMORY", "LONGEST_QUESTION", "NOT_IN_PAPER", "NOT_SAID", "CosmoGemma", "Reply"]

LONGEST_QUESTION = 2000
"""Characters."""


class CosmoGemma:
    """The assistant: a library, a retriever and a language model.

    Args:
        library: what it reads.
        backend: what runs the language model.
        yes_bias, prior_weight, quiz_temperature: of the adapter's ``CosmoGemmaConfig``.
        notice: what to say of the model beside its answers, or "".
        judging: what passages say to a yes/no question; without it the stored questions decide.
    """

    def __init__(
        self, library: Library, backend: Backend, yes_bias: float = 0.0,
        prior_weight: float = 0.0, quiz_temperature: float = 1.0, notice: str = "",
        judging: Judging | None = None,
    ) -> None:
        self.library = library
        self.backend = backend
        self.yes_bias = yes_bias
        self.prior_weight = prior_weight
        self.quiz_temperature = quiz_temperature
        self.notice = notice
        self.judging = judging
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
                    return cls(library or Library.open(), large, judging=judged_by_default)
        folder = model_folder("cosmogemma" if folder is None else folder)
        _, config = load_adapter(folder)
        return cls(
            library or Library.open(), backend or open_backend(adapter=folder, device=device),
            config.yes_bias, config.prior_weight, config.quiz_temperature, notice,
            judged_by_default,
        )

    def warm(self) -> None:
        """Open what only some questions need, the judge and the glossaries, before one comes."""
        understood("Was ist dunkle Materie?")
        if self.judging is not None:
            self.judging("Is it so?", ["It is so."])

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
        if use_sources and paper is None:
            yield Reply()
        found = self._found(question, history, paper, reference, use_sources=use_sources,
                            live=live, quoting=not temperature, seed=seed)
        wanted = Wanted(max_tokens, temperature, seed, cancelled or never)
        replies = [found] if isinstance(found, Reply) else self._writer.written(found, wanted)
        for reply in replies:
            yield replace(reply, seconds=time.monotonic() - started)

    def _found(
        self, question: str, history: Sequence[tuple[str, str]], paper: Paper | None,
        reference: Mapping[str, tuple[float, float]] | None, *,
        use_sources: bool, live: bool, quoting: bool, seed: int,
    ) -> Reply | Task:
        """What answers a question, or what the model is to do."""
        given = pasted(question) if paper is None and use_sources else None
        if given is not None and given.wants == "check":
            return judged(given, self.retriever)
        if given is not None:
            paper, question = pasted_paper(given), given.question or question
        if paper is not None:
            answer = answer_from_paper(question, history, paper, self.retriever,
                                       reference=reference, given=given)
            return answer if given is None else of_the_text(answer)
        if use_sources:
            again = answer_from_pasted(question, history, self.retriever, reference)
            if again is not None:
                return of_the_text(again)
        if not use_sources:
            return answer_from_memory(question, history)
        return answer_from_library(question, history, self.retriever, live=live, quoting=quoting,
                                   seed=seed, judging=self.judging)

    def log_odds(self, prompt: str) -> tuple[float, float]:
        """ln p("Yes") - ln p("No") of the next token, and the probability of both together."""
        return self._writer.yes_or_no.log_odds(prompt)

    @property
    def _writer(self) -> Writer:
        yes_or_no = YesOrNo(self.backend, self.yes_bias, self.prior_weight)
        return Writer(self.backend, self.library, yes_or_no)

    def quiz(self, text: str, *, use_sources: bool = True) -> QuizAnswer:
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
        answer = answer_quiz(
            quiz, self.backend, [source.excerpt for source in sources], self.quiz_temperature
        )
        return replace(answer, sources=tuple(sources))

    def brainstorm(
        self, topic: str, *, count: int = 3, live: bool = False, seed: int = 0,
        level: Asked | None = None, given: Collection[str] = (),
    ) -> tuple[Proposal, ...]:
        """Project ideas that differ, each with its papers.

        Args:
            topic: what the projects should be about.
            count: how many, 1 to 12; fewer come where fewer bear on the topic.
            live: also search arXiv now, for papers to combine.
            seed: another one gives others.
            level: whom they are for.
            given: ids of ideas not to give again.

        Raises:
            ValueError: for an empty or too long topic, or one that nothing bears on.
        """
        topic = _checked(topic)
        if live:
            look_up_live(topic, self.library)
        wanted = asked_ideas(topic)
        if wanted is not None and wanted.topic:
            topic, level = wanted.topic, level or wanted.level
        return propose(self.library, topic, count, seed, level, given)


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
