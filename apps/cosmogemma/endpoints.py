"""The endpoints for gradio_client; names and arguments are a promise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from apps.cosmogemma import papers
from apps.cosmogemma.examples import QUESTIONS, QUIZZES, TOPICS
from apps.cosmogemma.pages.brainstorm import IDEAS, checked_topic
from apps.cosmogemma.pages.quiz import checked_quiz
from apps.shared import endpoints
from apps.shared.assistant import turns
from apps.shared.assistant.asked import searched
from apps.shared.assistant.session import Turn, answering, checked_options, checked_question
from apps.shared.checks import seed as checked_seed
from apps.shared.endpoints import Endpoint
from core.literature.arxiv.ids import abs_url
from core.literature.library.browse import browsed, topics

if TYPE_CHECKING:
    from core.literature.assistant.cosmogemma import Reply
    from core.literature.assistant.quiz import QuizAnswer
    from core.literature.assistant.retrieval import Source

__all__ = ["ENDPOINTS", "serve"]


def serve() -> None:
    """Offer the endpoints, inside the app that is open."""
    endpoints.serve(ENDPOINTS, **turns.EVENT)


def api_ask(
    question: str, sources: bool = True, live: bool = False, length: int = 160,
    temperature: float = 0.0, seed: int = 1, paper: str = "",
) -> Iterator[dict]:
    """Answer a question about cosmology, piece by piece.

    Args:
        question: up to 4000 characters; a multiple-choice question is answered as such.
        sources: whether to look it up in the library first.
        live: whether to search arXiv too.
        length: longest answer in tokens, 32 to 320.
        temperature: 0 to 1.2; 0 gives the likeliest answer.
        seed: Sampling seed; matters above temperature 0.
        paper: arXiv id of a paper of the library, to be answered from its abstract alone.

    Returns:
        Growing answers: state ("waiting", "searching", "writing", then "done" or "refused"), text,
        from_memory, notice, sources with number, id, title, url and excerpt, and citations with
        the number of the source, the sentence and its support. words are the parts of the text,
        each with whose it is ("paper" where it stands in a source to the letter, "model", or
        "page" for what CosmoGemma says of itself) and that source's number. For a
        multiple-choice question: letter, probabilities by letter. how is "quoted", "written",
        "computed" (then code gives the number), "ideas" or "fixed"; next_questions are questions
        that the library answers too.
    """
    settings = {"sources": sources, "live": live, "length": length, "temperature": temperature,
                "seed": seed}
    turn = Turn(checked_question(question), checked_options(settings, papers.wanted(paper)))
    with turns.begin(None) as request:
        for grown in answering(turn, [], request):
            yield _as_json(grown)


def _as_json(turn: Turn) -> dict[str, Any]:
    if turn.quiz is not None:
        return {"state": "done", "text": turn.quiz.letter, **_quiz_json(turn.quiz)}
    if turn.reply is None:
        return {"state": "waiting", "text": "", "notice": turn.doing}
    reply = turn.reply
    sentences = {source.number: source.sentences for source in reply.sources}
    return {
        "state": reply.state, "text": reply.text, "from_memory": reply.from_memory,
        "notice": reply.notice, "sources": _sources_json(reply.sources),
        "citations": [
            {"number": c.number, "sentence": sentences[c.number][c.sentence],
             "support": round(float(c.support), 4)}
            for c in reply.citations
        ],
        "words": _words_json(reply), "how": reply.how, "code": reply.code,
        "next_questions": list(reply.next_questions),
        "seconds": round(reply.seconds, 3), "tokens": reply.tokens,
    }


def _words_json(reply: Reply) -> list[dict[str, Any]]:
    """The answer in parts, each with whose words it is."""
    from core.literature.assistant.quoting import whose_words

    if reply.how in ("fixed", "computed", "ideas"):
        return [{"text": reply.text, "of": "page", "number": None}]
    return [{"text": part.text, "of": part.of, "number": part.number}
            for part in whose_words(reply.text, reply.sources)]


def _sources_json(sources: Sequence[Source]) -> list[dict[str, Any]]:
    return [
        {"number": s.number, "id": s.paper.id, "title": s.paper.title, "url": abs_url(s.paper.id),
         "references": list(s.paper.references), "excerpt": s.excerpt,
         "relevance": round(float(s.relevance), 4)}
        for s in sources
    ]


def _quiz_json(answer: QuizAnswer) -> dict[str, Any]:
    quiz = answer.quiz
    return {
        "letter": answer.letter, "question": quiz.question,
        "options": dict(zip(quiz.letters, quiz.options, strict=True)),
        "probabilities": {
            letter: round(float(p), 5)
            for letter, p in zip(quiz.letters, answer.probabilities, strict=True)
        },
    }


def api_quiz(text: str, sources: bool = True) -> dict:
    """Answer a multiple-choice question.

    Args:
        text: the question and its options in any usual form, up to 4000 characters.
        sources: whether to read before weighing the options.

    Returns:
        letter, question, options and probabilities by letter.
    """
    text = checked_quiz(text)
    with turns.in_turn() as assistant:
        return _quiz_json(assistant.quiz(text, use_sources=bool(sources)))


def api_brainstorm(topic: str, live: bool = False, seed: int = 1) -> dict:
    """Three project ideas on a topic.

    Args:
        topic: an object, a survey or a method, up to 300 characters.
        live: whether to search arXiv too, for papers to combine.
        seed: another one gives other ideas.

    Returns:
        ideas, each with id, title, question, data, method, first_step, learnt, risk, suits, origin
        ("collection" or "combination" of two papers of the library) and papers, each with id,
        label, title, url, and the sentence of its abstract that the idea takes up, or "".
    """
    topic, chosen = checked_topic(topic), checked_seed(seed)
    with turns.in_turn() as assistant:
        found = assistant.brainstorm(searched(topic), count=IDEAS, live=bool(live), seed=chosen)
    return {"ideas": [
        {**asdict(idea), "papers": [{**asdict(paper), "url": abs_url(paper.id)}
                                    for paper in idea.papers]}
        for idea in found
    ]}


def api_calculate(question: str) -> dict:
    """A number of cosmology or astronomy, computed with astropy: distances, ages, look-back times,
    angles, frequencies of the 21 cm line, densities, conversions of units, haloes.

    Args:
        question: in words, up to 4000 characters, such as "age of the universe at z = 6"; the
            cosmology is Planck18 unless it names another.

    Returns:
        text, value, unit, code (Python that prints the value), quantity and cosmology.
    """
    from core.literature.assistant.calculation.calculator import calculate

    found = calculate(checked_question(question))
    if found is None:
        raise ValueError("No quantity to compute was found; ask for one, such as the comoving "
                         "distance to z = 2.")
    return asdict(found)


def api_library(search: str = "", topic: str = "") -> dict:
    """The passages of the built-in library.

    Args:
        search: words to look for, up to 300 characters; "" for all.
        topic: one of the topics; "" for all.

    Returns:
        topics with how many passages each has, and passages (at most 50), each with id, topic,
        title, text and references.
    """
    found = browsed(search, topic)
    return {"topics": topics(), "passages": [
        {"id": p.id, "topic": p.topic, "title": p.title, "text": p.text,
         "references": list(p.references)} for p in found[:50]
    ]}


ENDPOINTS = (
    Endpoint(api_ask, "ask", {"question": QUESTIONS[0].text, "length": 64},
            'answer["state"], answer["text"]'),
    Endpoint(api_quiz, "quiz", {"text": QUIZZES[0].text}, 'answer["probabilities"]'),
    Endpoint(api_brainstorm, "brainstorm", {"topic": TOPICS[0], "seed": 1},
            'answer["ideas"][0]["title"]'),
    Endpoint(api_calculate, "calculate", {"question": "How old was the Universe at z = 6?"},
            'answer["text"], answer["code"]'),
    Endpoint(api_library, "library", {"search": "baryon acoustic oscillations"},
            'answer["passages"][0]["title"]'),
)
