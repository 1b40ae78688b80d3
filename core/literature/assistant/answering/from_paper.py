"""What answers a question on one paper: its numbers, or its own sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from core.literature.assistant.abstract_answers import answer_in_quotation
from core.literature.assistant.answering.tasks import Task
from core.literature.assistant.intent import ABOUT, fixed_reply
from core.literature.assistant.library_answers import summary
from core.literature.assistant.paper_numbers import answer_from_numbers
from core.literature.assistant.questions.meaning import understood
from core.literature.assistant.questions.pasted import Pasted
from core.literature.assistant.quoting import readable
from core.literature.assistant.reply import Reply
from core.literature.assistant.retrieval import Retriever
from core.literature.text.paper import Paper

__all__ = ["answer_from_paper"]


def answer_from_paper(
    question: str, history: Sequence[tuple[str, str]], paper: Paper, retriever: Retriever, *,
    reference: Mapping[str, tuple[float, float]] | None = None, given: Pasted | None = None,
) -> Reply | Task:
    """What answers a question on a paper, or what the model is to do.

    Args:
        question: as typed.
        history: earlier (question, answer) pairs, oldest first.
        paper: read whether it is in the library or not.
        retriever: that reads it.
        reference: value and standard deviation by quantity, to compare its numbers with.
        given: what was pasted, if the paper is that.
    """
    standalone = understood(question, history).text or question
    read = retriever.read(standalone, paper)
    if given is not None and given.wants == "summary":
        return summary(read, given.sentences)
    numbers = answer_from_numbers(question, paper, reference)
    if numbers is not None:
        return Reply(numbers.text, (read,), numbers.citations, "done", how="quoted")
    refusal = fixed_reply(standalone) if given is None else None
    if refusal is not None and refusal != ABOUT:  # "Which data are used?": the paper's
        return Reply(refusal, state="refused", how="fixed")
    said = answer_in_quotation(standalone, read.sentences, np.array(read.scores), paper.title)
    if said is not None:
        return Reply(said.text, (read,), said.citations, "done", how="quoted")
    return Task(standalone, (readable(read),), "", paper)
