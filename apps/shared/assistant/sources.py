"""The papers beside an answer, opened at the sentence that supports it; the bars of a quiz.

HTML for ``gr.Markdown``, which draws the LaTeX in it. Whatever comes from a paper or from the model
goes through :func:`apps.shared.page.untrusted.math_html`.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from apps.shared.page import notes
from apps.shared.page.studio import in_studio
from apps.shared.page.untrusted import math_html
from core.literature.arxiv.ids import abs_url, is_arxiv_id
from core.literature.skim.sample import is_sample

if TYPE_CHECKING:
    from core.literature.assistant.citations import Citation
    from core.literature.assistant.quiz import QuizAnswer
    from core.literature.assistant.retrieval import Source
    from core.literature.text.paper import Paper

__all__ = ["bars", "cited", "link", "panel", "source_cards", "waiting"]


def panel(
    sources: Sequence[Source], citations: Sequence[Citation], heading: str,
    reference: Callable[[str], str] = str, elsewhere: bool = True,
) -> str:
    """Sources of one answer; those that support it are open, the others closed.

    Args:
        sources: what the model read.
        citations: which sentences support the answer.
        heading: above them, plain text.
        reference: words for a paper that a passage of the primer rests on, from its arXiv id.
        elsewhere: whether they can be opened in skimArxiv, where that is served too.
    """
    if not sources:
        return ""
    return (f'<div class="cg-panel"><h3>{html.escape(heading)}</h3>'
            + source_cards(sources, citations, reference, elsewhere=elsewhere) + "</div>")


def cited(sources: Sequence[Source], citations: Sequence[Citation]) -> list[int]:
    """Numbers of the sources that support an answer, in order."""
    known = {source.number for source in sources}
    return sorted({citation.number for citation in citations} & known)


def source_cards(
    sources: Sequence[Source], citations: Sequence[Citation] = (),
    reference: Callable[[str], str] = str, open_all: bool = False, elsewhere: bool = True,
) -> str:
    """A foldable card a source."""
    supporting = cited(sources, citations)
    cards = []
    for source in sources:
        marked = {c.sentence for c in citations if c.number == source.number}
        is_open = open_all or source.number in supporting
        cards.append(
            f'<details class="cg-source"{" open" if is_open else ""}><summary>'
            f'<span class="cg-number">{int(source.number)}</span>{math_html(source.paper.title)}'
            f"</summary><p class='cg-where'>{_where(source.paper, reference)}"
            f"{_in_skimarxiv(source.paper) if elsewhere else ''}</p>"
            f"<p class='cg-text'>{_excerpt(source, marked)}</p>{_rest(source, marked)}</details>"
        )
    return "".join(cards)


def link(arxiv_id: str, words: str = "") -> str:
    """A link to arXiv, or plain text if this is no arXiv id."""
    shown, page = html.escape(words or f"arXiv:{arxiv_id}"), abs_url(arxiv_id)
    if page is None:
        return shown
    return f'<a href="{page}" target="_blank" rel="noopener noreferrer">{shown}</a>'


def _in_skimarxiv(paper: Paper) -> str:
    """A link that opens the paper there, beside its notes and versions; in another tab of the
    browser, so that the conversation stays."""
    sample = is_sample(paper.id)
    if not in_studio("/skimarxiv") or not (sample or is_arxiv_id(paper.id)):
        return ""
    return (f' · <a href="/skimarxiv/?paper={quote(paper.id)}" target="_blank" '
            f'rel="noopener">Open in skimArxiv</a>')


def _where(paper: Paper, reference: Callable[[str], str]) -> str:
    if paper.is_primer:
        rests = ", ".join(link(known, reference(known)) for known in paper.references)
        return f"From the built-in library{f', after {rests}' if rests else ''}"
    if is_sample(paper.id):
        return f"{math_html(paper.label)} · a sample, no real paper"
    label = math_html(paper.label)
    return f"{label} · {link(paper.id)}" if paper.label != paper.title else link(paper.id)


def _excerpt(source: Source, marked: Collection[int]) -> str:
    """The sentences that the model read, gaps as dots, the supporting ones marked."""
    parts, last = [], -1
    for i in sorted({*source.chosen, *marked}):
        if not 0 <= i < len(source.sentences):
            continue
        text = math_html(source.sentences[i])
        parts.append(("… " if i != last + 1 else "")
                     + (f"<mark>{text}</mark>" if i in marked else text))
        last = i
    return " ".join(parts) + (" …" if last + 1 < len(source.sentences) else "")


def _rest(source: Source, marked: Collection[int]) -> str:
    if len({*source.chosen, *marked}) >= len(source.sentences):
        return ""
    text = math_html(" ".join(source.sentences))
    whole = "Whole passage" if source.paper.is_primer else "Whole abstract"
    return (f"<details class='cg-rest'><summary>{whole}</summary><p>{text}</p></details>")


def bars(answer: QuizAnswer) -> str:
    """A quiz answered: the letter first, then a bar an option."""
    quiz = answer.quiz
    rows = []
    for letter, option, share in zip(quiz.letters, quiz.options, answer.probabilities, strict=True):
        best = ' class="cg-best"' if letter == answer.letter else ""
        percent = 100 * min(max(float(share), 0.0), 1.0)
        rows.append(
            f'<li{best}><span class="cg-letter">{html.escape(letter)}</span>'
            f'<span class="cg-option">{math_html(option)}</span>'
            f'<span class="cg-share">{percent:.0f}%</span><span class="cg-track">'
            f'<span class="cg-fill" style="width:{percent:.1f}%"></span></span></li>'
        )
    chosen: Any = dict(zip(quiz.letters, quiz.options, strict=True)).get(answer.letter, "")
    return (f'<div class="cg-cards"><p class="cg-answer"><strong>{html.escape(answer.letter)}'
            f'</strong><span>{math_html(chosen)}</span></p><p>{math_html(quiz.question)}</p>'
            f'<ol class="cg-bars">{"".join(rows)}</ol></div>')


def waiting(sentence: str) -> str:
    """What will stand here, or what it waits for; for a Markdown component."""
    return notes.empty(sentence)
