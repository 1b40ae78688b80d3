"""An answer in the chat: the library's sentences look quoted, a number shows its code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apps.shared.assistant.growing import without_open_formula
from apps.shared.assistant.sources import cited
from apps.shared.page.untrusted import safe_markdown
from core.literature.text.flat_math import flatten

if TYPE_CHECKING:
    from core.literature.assistant.composing.compose import Composed
    from core.literature.assistant.reply import Reply

__all__ = ["MORE", "options", "reply_words"]

MORE: tuple[tuple[str, str], ...] = (
    ("More", "Explain that in more detail."), ("Simpler", "Put that in simpler words."),
    ("Which papers?", "Which papers is that from?"),
)
"""What one press asks after an answer: the words on the button, and the question."""


def reply_words(reply: Reply, doing: str) -> str:
    """Safe Markdown.

    Args:
        reply: growing or whole.
        doing: what is being waited for, or "" at the end.
    """
    text = safe_markdown(without_open_formula(reply.text) if doing else reply.text).strip()
    if not text and reply.state in ("searching", "writing"):
        return f"*{doing or 'Writing'}…*"
    if not text and reply.state == "stopped":
        return "*Stopped before it began.*"
    parts = [_quoted(reply.composed, reply.lead) if reply.composed is not None else text
             or "*The model wrote nothing; ask in other words.*"]
    if reply.composed is None:
        missing = [n for n in cited(reply.sources, reply.citations) if f"[{n}]" not in text]
        if missing and reply.state in ("done", "stopped"):
            parts[0] += " " + "".join(f"[{number}]" for number in missing)
    if reply.code:
        parts.append(f"```python\n{reply.code}\n```")
    if reply.state == "stopped":
        parts.append("*Stopped here.*")
    if reply.notice:
        parts.append(f"*{safe_markdown(reply.notice)}*")
    return "\n\n".join(parts)


def _quoted(answer: Composed, lead: str) -> str:
    """The verdict, then the sentences of each passage as a quotation with its number."""
    shown = [safe_markdown(lead)] if lead else []
    if answer.verdict:
        shown.append(f"**{answer.verdict.capitalize()}.**")
    for part in answer.parts:
        if part.side:
            shown.append(f"**{safe_markdown(part.side[:1].upper() + part.side[1:])}**")
        shown.append(f"> {' '.join(safe_markdown(part.text).split())} [{part.number}]")
    return "\n\n".join(shown)


def options(reply: Reply) -> list[dict[str, Any]]:
    """What can be asked next at one press: more of the same, and what the library answers too."""
    if reply.state != "done" or reply.how not in ("quoted", "written") or not reply.sources:
        return []
    more = [{"label": label, "value": question} for label, question in MORE]
    plain = [flatten(text).text for text in reply.next_questions]  # a button draws no TeX
    return more + [{"label": text, "value": text} for text in plain]
