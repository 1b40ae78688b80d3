"""What answers a question on a text that was pasted some turns before."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.literature.assistant.answering.from_paper import answer_from_paper
from core.literature.assistant.answering.tasks import Task
from core.literature.assistant.citations import Citation
from core.literature.assistant.conversation.remembered import Remembered, remembered
from core.literature.assistant.counts import asked_for
from core.literature.assistant.library_answers import computed, pasted_paper
from core.literature.assistant.paper_numbers import NOT_SAID
from core.literature.assistant.questions.library_names import GENERIC
from core.literature.assistant.questions.meaning import understood
from core.literature.assistant.questions.subjects import content_words
from core.literature.assistant.quoting import quoted
from core.literature.assistant.reply import Reply
from core.literature.assistant.retrieval import Retriever
from core.literature.text.addressed import addressed
from core.literature.text.normal_form import tokens
from core.literature.text.text import sentences
from core.literature.tldr.features import stems

__all__ = ["NOT_IN_TEXT", "answer_from_pasted", "of_the_text"]

NOT_IN_TEXT = "The text you pasted does not say that."
_AUTHORS = re.compile(
    r"\bauthors?\b|\bwho (?:wrote|published|did|made|led|are they|are these people)\b",
    re.IGNORECASE)
_SIGNED = re.compile(r"\bet al\b|\bauthors?\s*:|\bby [A-Z]\.? ?[A-Z][a-z]+,", re.IGNORECASE)
_WHICH = re.compile(
    r"(?:which|what|with which|with what|from which|from what|in which) (?:the )?"
    r"(?P<noun>[a-z][a-z-]{2,30})(?=\W*$| (?:do|does|did|is|are|was|were|has|have)\b)",
    re.IGNORECASE)
_DOES = re.compile(
    r"what (?:do|did|does|have|has) (?:they|it|the authors?|(?:this|the) (?:paper|text|abstract"
    r"|study|work)) (?P<verb>[a-z]{3,20})(?: (?P<particle>out))?\W*$", re.IGNORECASE)
_GENERAL_VERBS = frozenset({"find", "found", "conclude", "say", "mean", "show", "get", "claim",
                            "think", "report", "discuss", "want", "learn"})
_QUANTITY = re.compile(
    r"(?:redshift|value|error|limit|significance|survey|data|result|uncertaint|mass|size)\w*$",
    re.IGNORECASE)
_FEWEST, _MOST_OF = 3, 0.6
"""Words of a question, and the share of them, that a sentence needs to be named by it."""
_NO_NOUN = frozenset({"do", "does", "did", "are", "was", "were", "about", "else", "they", "is",
                      "instrument", "dataset", "field", "telescopes", "conclude", "conclusion"})


def answer_from_pasted(
    question: str, history: Sequence[tuple[str, str]], retriever: Retriever,
    reference: Mapping[str, tuple[float, float]] | None = None,
) -> Reply | Task | None:
    """What answers a question on a text pasted before, or what the model is to do.

    Args:
        question: as typed.
        history: earlier (question, answer) pairs, oldest first.
        retriever: that reads the text.
        reference: value and standard deviation by quantity, to compare its numbers with.

    Returns:
        None where nothing was pasted, or the question is about something else.
    """
    found = remembered(question, history)
    if found is None or understood(question).wants in ("thanks", "about", "more", "simpler"):
        return None
    if not found.sure and computed(question, history) is not None:
        return None
    if found.sure and _cannot_say(found):
        return Reply(NOT_IN_TEXT, state="done", how="fixed")
    named = _sentences_naming(found) if found.sure else ()
    if named:
        paper = pasted_paper(found.given)
        read = retriever.read(found.question, paper)
        told = [read.sentences[place] for place in named]
        return Reply(f"The text says: {quoted(' '.join(told))}", (read,),
                     tuple(Citation(1, place, 1.0) for place in named), "done", how="quoted")
    answer = of_the_text(answer_from_paper(
        found.question, found.asked, pasted_paper(found.given), retriever, reference=reference,
        given=replace(found.given, wants="answer")))
    if found.sure:
        return answer
    said = isinstance(answer, Reply) and answer.text != NOT_IN_TEXT
    return answer if said else None


def of_the_text(reply: Reply | Task) -> Reply | Task:
    """The reply in the words for a text that has no title: no abstract was named."""
    if isinstance(reply, Task) or reply.text != NOT_SAID:
        return reply
    return replace(reply, text=NOT_IN_TEXT)


def _sentences_naming(found: Remembered) -> tuple[int, ...]:
    """Places of the sentences with the very verb or noun that is asked about, at most two."""
    does, which = _DOES.match(found.question), _WHICH.match(found.question)
    if does is not None and does["verb"].lower() not in _GENERAL_VERBS:
        wanted = f"{does['verb']} {does['particle'] or ''}"
    elif which is not None and which["noun"].lower() not in _NO_NOUN and not _QUANTITY.match(
            which["noun"]):
        wanted = which["noun"]
    else:
        return ()
    asked = set(stems(wanted))
    told = sentences(found.given.text)
    having = [place for place, text in enumerate(told)
              if asked and asked <= set(stems(text)) and not addressed(text)]
    return tuple(having[:2]) or _nearly_all_there(found.question, told)


def _nearly_all_there(question: str, told: Sequence[str]) -> tuple[int, ...]:
    """The place of the sentence with most of the things that a question without a verb names:
    "which tracers and which lensing maps?"."""
    asked = set(stems(" ".join(content_words(question))))
    if len(asked) < _FEWEST or not told:
        return ()
    shares = [len(asked & set(stems(text))) / len(asked) for text in told]
    best = max(range(len(told)), key=lambda place: shares[place])
    return (best,) if shares[best] >= _MOST_OF and not addressed(told[best]) else ()


def _cannot_say(found: Remembered) -> bool:
    """Whether what is asked for is nowhere in the text: its authors, the number of a thing."""
    text, asked = found.given.text, found.question
    if _AUTHORS.search(asked):
        return _SIGNED.search(text) is None
    which = _WHICH.match(asked)
    noun = asked_for(asked.lower()) or (which["noun"] if which else "")
    if not noun or noun.lower() in _NO_NOUN:
        return False
    head = noun.split()[-1]
    general = all(word in GENERIC for word in tokens(head))
    return not general and not set(stems(head)) & set(stems(text))
