r"""Questions that people ask, with rules that tell a right answer.

A rule is a group of patterns of which one has to be found in the answer's plain text (``$H_0$``
reads H0, ``\Omega_m`` reads Ωm); an answer is right if every group is found, nothing of
``must_not``, and, for a yes-or-no question, the verdict opens it. Words alone are judged: a fluent
wrong answer with the right terms passes, which is why answers are read as well.

Example:
    >>> question = read_asked([path])[0]
    >>> graded(question, "The Universe is 13.79 billion years old.").right
    True
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from core.literature.text.flat_math import flatten
from core.literature.text.text import clean

__all__ = ["AskedQuestion", "Grade", "graded", "plain", "read_asked"]

_EVASIVE = re.compile(
    r"do(?:es)? not (?:say|answer|mention|have)|no (?:passage|answer|source)|not found"
    r"|(?:cannot|can't) answer|outside what|made for|do not know", re.IGNORECASE)
_VERDICT = re.compile(r"\W*(yes|no)\b", re.IGNORECASE)


@dataclass(frozen=True)
class AskedQuestion:
    """A question and its rules.

    Attributes:
        id: of the question.
        kind: "definition", "value", "yes_no", "comparison", "why_how", "list", "calculation",
            "follow_up" or "other".
        text: as it was typed.
        after: the questions before it, the latest last.
        must: groups of patterns.
        must_not: patterns that only a wrong answer has.
        verdict: "yes", "no" or "".
        right, wrong: an answer of each kind, which the rules tell apart.
    """

    id: str
    kind: str
    text: str
    after: tuple[str, ...]
    must: tuple[tuple[str, ...], ...]
    must_not: tuple[str, ...]
    verdict: str
    right: str = ""
    wrong: str = ""


@dataclass(frozen=True)
class Grade:
    """What the rules say of an answer.

    Attributes:
        right: whether it is.
        evasive: whether it only says that there is no answer.
        contrary: whether it opens with the other verdict.
        missing: the first group that was not found, or what should not be there; "" if it is right.
    """

    right: bool
    evasive: bool
    contrary: bool
    missing: str


def read_asked(files: Iterable[Path]) -> list[AskedQuestion]:
    """The questions of some files, one JSON object a line.

    Raises:
        ValueError: naming the line that cannot be read.
    """
    rows = [(file, number, line) for file in files
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
            if line.strip()]
    before: dict[str, tuple[str, ...]] = {}
    found = []
    for file, number, line in rows:
        try:
            row = json.loads(line)
            found.append(_question(row, before))
            before[str(row["id"])] = (*found[-1].after, row["question"])
        except (KeyError, TypeError, json.JSONDecodeError, re.error) as error:
            raise ValueError(f"Line {number} of {file.name}: {error}.") from error
    return found


def _question(row: dict, before: dict[str, tuple[str, ...]]) -> AskedQuestion:
    for pattern in (*(one for group in row["must"] for one in group), *row["must_not"]):
        re.compile(pattern)
    after = str(row.get("after") or "")
    earlier = before.get(after, (after,) if after else ())
    return AskedQuestion(
        str(row["id"]), row["kind"], row["question"], earlier,
        tuple(map(tuple, row["must"])), tuple(row["must_not"]), row.get("verdict") or "",
        row.get("right", ""), row.get("wrong", ""),
    )


def plain(answer: str) -> str:
    """An answer without TeX and Markdown, as the patterns read it."""
    text = flatten(clean(re.sub(r"\[\d+\]", "", answer))).text
    return re.sub(r"(?<=\w)[_^](?=\w)", "", text).replace("*", "")


def graded(question: AskedQuestion, answer: str) -> Grade:
    """Grade an answer by the rules of its question."""
    text = plain(answer)
    found = _VERDICT.match(text)
    contrary = bool(question.verdict and found and found[1].lower() != question.verdict)
    missing = _missing(question, text)
    if question.verdict and (found is None or contrary):
        missing = missing or f"the verdict {question.verdict}"
    evasive = bool(missing) and _EVASIVE.search(text) is not None
    return Grade(not missing, evasive, contrary, missing)


def _missing(question: AskedQuestion, text: str) -> str:
    for group in question.must:
        if not any(re.search(one, text, re.IGNORECASE) for one in group):
            return f"nothing of {' | '.join(group)[:200]}"
    forbidden = (one for one in question.must_not if re.search(one, text, re.IGNORECASE))
    return next((f"there is {one}" for one in forbidden), "")
