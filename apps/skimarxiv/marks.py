"""An abstract as HTML: sentences that a TL;DR can point at, and its numbers marked.

A mark never cuts a formula: a number inside one marks the whole formula.

Example:
    >>> abstract("We find $a<b$. It is so.", tldr=1)[:46]
    '<span class="sk-s sk-s0">We find <span>$a<b$</'
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from apps.shared.page.untrusted import math_html
from core.literature.text.tex import DOLLAR, displayable, mathematics
from core.literature.text.text import clean, sentences

if TYPE_CHECKING:
    from core.literature.measurements.extract import Measurement

__all__ = ["abstract", "around", "shown"]

Span = tuple[int, int]

_LONE = "<span>&#36;</span>"  # alone in its element it pairs with no other dollar


def shown(text: str) -> str:
    """Text of a paper as HTML; its mathematics is left to the browser, which draws it.

    Macros that KaTeX does not know are replaced by what they stand for, for the eye only.
    """
    parts, at = [], 0
    for start, end in mathematics(text):
        parts += [text[at:start].replace("$", DOLLAR), displayable(text[start:end])]
        at = end
    rest = text[at:].replace("$", DOLLAR)
    return math_html("".join([*parts, rest])).replace(DOLLAR, _LONE)


def abstract(
    text: str, tldr: int | None = None, numbers: Sequence[Measurement] = (), told: str = ""
) -> str:
    """An abstract as HTML.

    Args:
        text: the abstract; its spaces may be any.
        tldr: number of the sentence that is its TL;DR, if it was chosen.
        told: the words of the TL;DR; a sentence that is whole in them is marked, too.
        numbers: that stand in ``text``; left unmarked if its spaces are not single.

    Returns:
        A span of class ``sk-s sk-sN`` a sentence N, the TL;DR ``sk-told`` too, and in them a
        mark of class ``sk-m sk-mI`` for number I.
    """
    whole = clean(text)
    marks = [(n.start, n.end) for n in numbers] if whole == text else []
    formulas = mathematics(whole)
    parts, start = [], 0
    for i, sentence in enumerate(sentences(whole)):
        start = whole.index(sentence, start)
        end = start + len(sentence)
        classes = f"sk-s sk-s{i}" + (
            " sk-told" if i == tldr or sentence in told else ""
        )
        body = _marked(whole, (start, end), marks, formulas)
        parts.append(f'<span class="{classes}">{body}</span>')
        start = end
    return " ".join(parts)


def around(text: str, span: Span, reach: int = 60) -> str:
    """The words around a span as HTML, the span marked; formulas and words are never cut."""
    formulas = mathematics(text)
    start, end = _whole(span, formulas)
    left = text.rfind(" ", 0, max(start - reach, 0)) + 1
    right = text.find(" ", min(end + reach, len(text)))
    left, right = _whole((left, right if right >= 0 else len(text)), formulas)
    return (("… " if left else "") + _piece(text[left:start]) + f"<mark>{shown(text[start:end])}"
            "</mark>" + _piece(text[end:right]) + (" …" if right < len(text) else ""))


def _marked(text: str, within: Span, marks: Sequence[Span], formulas: Sequence[Span]) -> str:
    start, end = within
    merged: list[tuple[int, int, list[int]]] = []
    for (a, b), i in sorted((_whole(mark, formulas), i) for i, mark in enumerate(marks)):
        a, b = max(a, start), min(b, end)
        if a >= b:
            continue
        if merged and a < merged[-1][1]:
            c, d, numbers = merged[-1]
            merged[-1] = (c, max(b, d), [*numbers, i])
        else:
            merged.append((a, b, [i]))
    parts, at = [], start
    for a, b, numbers in merged:
        classes = " ".join(f"sk-m{i}" for i in numbers)
        parts += [_piece(text[at:a]), f'<mark class="sk-m {classes}">{shown(text[a:b])}</mark>']
        at = b
    return "".join([*parts, _piece(text[at:end])])


def _piece(text: str) -> str:
    """In a span of its own, so that a lone dollar pairs with none of the next piece."""
    if not text.strip():
        return text
    left, right = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{left}<span>{shown(text)}</span>{right}"


def _whole(mark: Span, formulas: Sequence[Span]) -> Span:
    """A span and all of each formula that it touches."""
    start, end = mark
    for a, b in formulas:
        if a < end and start < b:
            start, end = min(start, a), max(end, b)
    return start, end
