"""What the front page shows of CosmoGemma: an answer to one of its own examples."""

from __future__ import annotations

import html

from apps.cosmogemma.examples import QUESTIONS
from apps.cosmogemma.state import PARAMETERS
from apps.shared.page import links
from apps.shared.page.picture import Picture, day_number, plain
from core.literature.assistant.cosmogemma import CosmoGemma, Reply

__all__ = ["draw"]

_SHORT = 2  # examples at the beginning whose answers fit on a card
_TOKENS = 96
_SOURCES = 3


def draw() -> Picture:
    """An answer beside what it rests on; the day decides the question."""
    question = QUESTIONS[day_number() % _SHORT].text
    *_, reply = CosmoGemma.load().ask(question, max_tokens=_TOKENS)
    if not reply.text:
        raise ValueError("The model wrote nothing.")
    return Picture(
        "Answered today by CosmoGemma from its library; it can be wrong.",
        f"tab=ask&{links.write(PARAMETERS['ask'], {'q': question})}",
        html=_card(question, reply),
    )


def _card(question: str, reply: Reply) -> str:
    cited = {citation.number for citation in reply.citations}
    found = sorted(reply.sources, key=lambda source: source.number not in cited)[:_SOURCES]
    listed = "".join(
        f"<li>[{source.number}] {plain(source.paper.title)}</li>"
        for source in sorted(found, key=lambda source: source.number)
    )
    beside = f'<p class="small">It read</p><ul>{listed}</ul>' if listed else ""
    return f'<p class="asked">{html.escape(question)}</p><p>{plain(reply.text)}</p>{beside}'
