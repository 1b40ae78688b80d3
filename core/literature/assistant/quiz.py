r"""Multiple-choice questions: parsed in any usual form, answered by likelihood.

An option counts by how much likelier the question makes it, per token:

.. math:: s_i = \frac{\ln p(o_i \mid q) - \ln p(o_i)}{n_i},

with :math:`n_i` its tokens, so that neither long options lose nor common words win (Brown et al.
2020, 2005.14165, section 2.4; Holtzman et al. 2021, 2104.08315). The probabilities are the softmax
of :math:`s_i`.

Example:
    >>> parse_quiz("What are BAO? (a) sound waves (b) gas clouds (c) instruments").options
    ('sound waves', 'gas clouds', 'instruments')
"""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from core.literature.assistant.retrieval import Source
from core.literature.language_model.backends.backend import Backend
from core.literature.language_model.prompts import grounded_prompt, plain_prompt
from core.literature.text.text import clean, sentences

__all__ = ["LONGEST", "MOST_OPTIONS", "NO_OPTIONS", "Quiz", "QuizAnswer", "answer_quiz",
           "parse_quiz"]

LONGEST = 8_000
MOST_OPTIONS = 12
MOST_QUESTIONS = 40
NO_OPTIONS = ("No options were found: write the question, then each option on a line of its own "
              "that begins with A), B), C) and so on.")

ALONE = "Answer:"
"""What an option alone is weighed after."""


@dataclass(frozen=True)
class Quiz:
    """A question with its options.

    Attributes:
        question: without labels and instructions.
        options: at least two.
        letters: their labels as written: "A" or "b" or "3"; A, B, C ... where there were none.
    """

    question: str
    options: tuple[str, ...]
    letters: tuple[str, ...]


@dataclass(frozen=True)
class QuizAnswer:
    """The option that is likeliest, and how likely each is.

    Attributes:
        quiz: what was asked.
        probabilities: of the options; they add up to 1.
        letter: label of the likeliest.
        sources: what was read first.
    """

    quiz: Quiz
    probabilities: tuple[float, ...]
    letter: str
    sources: tuple[Source, ...] = ()


def answer_quiz(
    quiz: Quiz, backend: Backend, context: Sequence[str] = (), temperature: float = 1.0
) -> QuizAnswer:
    """Weigh the options.

    Args:
        quiz: question and options.
        backend: the language model.
        context: passages to read first, the best first; the last ones are left out if they do not
            fit.
        temperature: divides the scores; it changes how sure the answer is, not which it is.

    Raises:
        ValueError: if the question and its longest option do not fit in the model's context.
    """
    continuations = [f" {option}" for option in quiz.options]
    alone = backend.log_likelihoods(ALONE, continuations)
    longest = max(tokens for _, tokens in alone)
    prompt = _fitting_prompt(quiz.question, context, backend, longest)
    asked = backend.log_likelihoods(prompt, continuations)
    scores = np.array(
        [(given - own) / n for (given, n), (own, _) in zip(asked, alone, strict=True)]
    )
    weights = np.exp((scores - scores.max()) / temperature)
    probabilities = weights / weights.sum()
    best = int(np.argmax(probabilities))
    return QuizAnswer(quiz, tuple(probabilities.tolist()), quiz.letters[best])


def _fitting_prompt(question: str, context: Sequence[str], backend: Backend, longest: int) -> str:
    for most in range(len(context), 0, -1):
        prompt = grounded_prompt(question, context[:most])
        if backend.count_tokens(prompt) + longest <= backend.context:
            return prompt
    return plain_prompt(question)


# -- reading -------------------------------------------------------------------------------------

_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_LABELS = (
    tuple(string.ascii_uppercase[:MOST_OPTIONS]),
    tuple(string.ascii_lowercase[:MOST_OPTIONS]),
    tuple(str(i + 1) for i in range(MOST_OPTIONS)),
    _ROMAN,
    tuple(label.upper() for label in _ROMAN),
)
_LABEL = r"(?P<label>[A-Za-z]|\d{1,2}|[ivx]{1,4}|[IVX]{1,4})"
_WIDE = str.maketrans("（）［］【】．：、）", "()[][].:.)")

# the ways to mark an option, each tried on its own so that a text's other marks do not mix in
_AT_LINE = (
    rf"[(\[{{]\s*{_LABEL}\s*[)\]}}][.:]?\s*(?=\S)",
    rf"{_LABEL}\s*\)\s*(?=\S)",
    rf"{_LABEL}\s*\.(?!\d)\s*(?=\S)",
    rf"{_LABEL}\s*:\s*(?=\S)",
    rf"{_LABEL}\s*\](?!\w)\s*(?=\S)",
    rf"{_LABEL}\s+[-–—=|>]+\s+(?=\S)",
    rf"\|\s*{_LABEL}\s*\|\s*(?=\S)",
    rf"{_LABEL}[ \t]*\n\s*(?=\S)",
)
_BARE = r"(?P<label>[A-Z])\s+(?=\S)"
_INLINE = (
    rf"[(\[{{]{_LABEL}[)\]}}][.:]?\s+(?=\S)",
    rf"{_LABEL}\)\s*(?=\S)",
    rf"{_LABEL}\.\s+(?=\S)",
    rf"{_LABEL}:\s*(?=\S)",
)
_LAST_QUESTION = (
    re.compile(r"(?<=\s)(?:Which|What|Who|When|Where|Why|How|In which|Of (?:these|the))\b"
               r"[^?\n]*\?\s*$"),
    re.compile(r"^[^?\n]*\?\s*\Z", re.MULTILINE),
)
_LINE_START = r"^[ \t]*(?:[-*•>+]\s+)?(?:(?:option|choice|answer)\s+)?"
_WORD_START = r"(?:(?<=\s)|^)(?:(?:[Oo]ption|[Cc]hoice)\s+)?"

_HEADER = re.compile(
    r"\s*(?:^|(?<=\s))(?:the |possible |answer |available |multiple[- ])*"
    r"(?:options|choices|answers|alternatives)(?: are)?\s*:?\s*$",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"(?:^|(?<=[\s.:]))\**(?:question|problem|q)\s*(?:no\.?\s*)?\d*\s*[:.)]\**\s*", re.IGNORECASE
)
_INSTRUCTION = re.compile(
    r"(?:you are (?:an?|the)\b|you will be\b|act as\b|your task\b|please\b|answer (?:the|this)\b|"
    r"choose (?:the|one|from)\b|select (?:the|one|from)\b|pick (?:the|one)\b|"
    r"the following (?:is|are)\b|here is\b|below is\b|read the\b|"
    r"this is a\b|multiple[- ]choice\b|mcq\b|the question is\b|"
    r"(?:astro\w+|cosmology)\b[^.?]*multiple[- ]choice)",
    re.IGNORECASE,
)
_LEAD_IN = re.compile(
    r"^(?:(?:please )?(?:answer|choose|select|pick)[^?:]{0,90}|multiple[- ]choice[^?:]{0,40}|mcq|"
    r"the question is|here is[^?:]{0,60}):\s+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:^|(?<=[\s.;]))[*\"'{(\[]*(?:output format|(?:the |your )?(?:correct |final |right |best )?"
    r"(?:answer|ANSWER)\s*(?:[:=]|is\b|\n|$)|solution\s*:|explanation\s*:|"
    r"(?:determine|give|choose|select|pick|provide|reply|respond|return|write|indicate|explain|"
    r"think|answer|please)\s+(?:the|your|with|only|one|just|by|step|a|answer|respond|choose|"
    r"select|reply|give|provide|explain|why|in)\b|let'?s think|end of question|justify\b)",
    re.IGNORECASE,
)
_ANSWERED = re.compile(
    r"\s*[*\"'{(\[]*(?:the )?(?:correct )?answer[*\"']*\s*(?:[:=]|is)\s*[*\"'(\[]*"
    r"(?:[A-La-l]|\d{1,2})\b(?!\w)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\?\s*[\"')*]*\s*$|\b(?:which|choose|select|pick|correct|options?|choices?|best)\b|_{2,}|\.{3}",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Marks:
    """Labels that follow each other: where each begins and where its text begins."""

    labels: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def parse_quiz(text: str) -> Quiz | None:
    """Find a question and its options in a text.

    Options may be marked A) (A) A. A: [A] a) 1. i) and the like, each on its line or all in one,
    or be bullets or a list after "Options:". Instructions around them are left out. Of several
    questions, the first that has no answer yet counts.

    Returns:
        None if it is no multiple-choice question, or longer than :data:`LONGEST` characters.
    """
    if len(text) > LONGEST:
        return None
    text = text.translate(_WIDE).replace("**", "").replace("\r\n", "\n").replace("\r", "\n")
    found = [quiz for marks in _chains(text) if (quiz := _quiz(text, marks)) is not None]
    open_ones = [quiz for quiz, answered in found if not answered]
    if found:
        return open_ones[0] if open_ones else found[-1][0]
    return _unlabelled(text) or _asked_last(text)


def _asked_last(text: str) -> Quiz | None:
    """Options first and the question last: "1. a 2. b 3. c Which came first?"."""
    first = re.match(rf"\s*[(\[]?{_LABEL}[).\]:]\s", text)
    asked = next(filter(None, (way.search(text) for way in _LAST_QUESTION)), None)
    if first is None or asked is None or not asked.start():
        return None
    turned = f"{asked[0].strip()}\n{text[: asked.start()].strip()}"
    found = [quiz for marks in _chains(turned) if (quiz := _quiz(turned, marks)) is not None]
    return found[0][0] if found and len(found[0][0].options) > 2 else None


def _chains(text: str) -> list[_Marks]:
    """Runs of labels in the way of marking that yields the most of them."""
    ways = [_runs(text, _LINE_START + way, re.MULTILINE | re.IGNORECASE) for way in _AT_LINE]
    bare = _runs(text, r"^[ \t]*" + _BARE, re.MULTILINE)
    ways.append([marks for marks in bare if len(marks.labels) > 2])
    if not any(ways):
        ways = [
            [marks for marks in _runs(text, _WORD_START + way) if _asks_inline(text, marks)]
            for way in _INLINE
        ]
    return max(ways, key=lambda runs: max((len(r.labels) for r in runs), default=0))


def _runs(text: str, pattern: str, flags: int = 0) -> list[_Marks]:
    """Runs A, B, C ... (or a, 1, i ...) of a pattern's labels, at least two long, in order."""
    matches = list(re.finditer(pattern, text, flags))
    runs = []
    for labels in _LABELS:
        run: list[re.Match[str]] = []
        for match in matches:
            label = match["label"]
            if label == labels[0]:
                runs.append(run)
                run = [match]
            elif run and len(run) < len(labels) and label == labels[len(run)]:
                run.append(match)
        runs.append(run)
    runs = [run for run in runs if len(run) > 1]
    longest = {run[0].start(): run for run in sorted(runs, key=len)}
    return [
        _Marks(
            tuple(m["label"] for m in run),
            tuple(m.start() for m in run),
            tuple(m.end() for m in run),
        )
        for _, run in sorted(longest.items())[:MOST_QUESTIONS]
    ]


def _asks_inline(text: str, marks: _Marks) -> bool:
    """Whether labels within a line are options, not initials or a list's parts."""
    head = text[: marks.starts[0]].rstrip()
    if head.endswith(("?", ":", "_", "...", "\n")) or _HEADER.search(head):
        return True
    bracketed = text[marks.starts[0]] in "([{" or text[: marks.ends[0]].rstrip().endswith(")")
    return bracketed and len(marks.labels) > 2


def _quiz(text: str, marks: _Marks) -> tuple[Quiz, bool] | None:
    """The quiz that labels mark, and whether its answer stands below it."""
    question = _question(text[: marks.starts[0]])
    stops = [*marks.starts[1:], len(text)]
    raw = [text[a:b] for a, b in zip(marks.ends, stops, strict=True)]
    inline = "\n" not in text[marks.starts[0] : marks.starts[-1]]
    raw[-1], rest = _without_tail(raw[-1], inline)
    options = [_option(part) for part in raw]
    if not question or not all(options) or sum(o.endswith("?") for o in options) > 1:
        return None
    if not marks.labels[0].isalpha() and not _ASKS.search(question):
        return None  # a numbered list of things to do
    if options[-1].endswith("?"):  # "... (a) open, (b) flat or (c) closed?"
        options[-1] = options[-1].rstrip("? ")
        question = question.rstrip("? ,:") + "?"
    return Quiz(question, tuple(options), marks.labels), bool(_ANSWERED.match(rest))


def _without_tail(part: str, inline: bool) -> tuple[str, str]:
    """The last option, and what follows it."""
    part = part.rstrip() + "\n"
    ends = [m.start() for m in [_TAIL.search(part)] if m and part[: m.start()].strip()]
    ends += [m.start() for m in [re.search(r"\n\s*\n", part)] if m]
    ends += [m.start() for m in [_QUESTION.search(part)] if m and part[: m.start()].strip()]
    if inline:
        ends.append(part.index("\n"))
    end = min(ends, default=len(part))
    return part[:end], part[end:]


def _option(part: str) -> str:
    option = re.sub(r"(?:[,;|]|\b(?:or|and))*\s*$", "", clean(part)).rstrip(" ,;|")
    return option.strip("\"'“”") if option.count('"') + option.count("'") == 2 else option


def _question(head: str) -> str:
    """The question in what stands before its options: the last one, without instructions."""
    head = _HEADER.sub("", head.rstrip()).rstrip()
    labelled = list(_QUESTION.finditer(head))
    head = head[labelled[-1].end() :] if labelled else _without_instructions(_last_block(head))
    head = re.sub(r"^\s*(?:\d{1,3}\s*[.)]|[-*#•]+)\s+", "", clean(head))
    head = _LEAD_IN.sub("", head)
    head = _HEADER.sub("", head).strip()
    return head.strip("\"“”") if head.count('"') == 2 and head[0] == head[-1] == '"' else head


def _last_block(head: str) -> str:
    """What follows the answer of an earlier question, if there is one."""
    given = re.compile(r"^\W*(?:correct )?answer\W.*\n", re.IGNORECASE | re.MULTILINE)
    answers = list(given.finditer(head))
    return head[answers[-1].end() :] if answers else head


def _without_instructions(head: str) -> str:
    blocks = [b for b in re.split(r"\n\s*\n", head) if b.strip()]
    parts = [s for block in blocks for line in block.split("\n") for s in sentences(line)]
    kept = [s for s in parts if not (_INSTRUCTION.match(s) and not s.endswith("?"))]
    return " ".join(kept) or head


def _unlabelled(text: str) -> Quiz | None:
    """Options without labels: lines, bullets or a list after a header, or bullets after a "?"."""
    lines = text.split("\n")
    for i, line in enumerate(lines):
        listed = re.match(r"\s*(?:options|choices)\s*[:=]\s*(\[.+\])\s*$", line, re.IGNORECASE)
        if listed:
            options = _literal(listed[1])
        elif line.strip() and _HEADER.fullmatch(line):
            options = _listed(lines[i + 1 :], bullets=False)
        elif line.rstrip().endswith("?"):
            options = _listed(lines[i + 1 :], bullets=True)
            options = options if len(options) > 2 else []
        else:
            continue
        if not 2 <= len(options) <= MOST_OPTIONS or not all(options):
            continue
        asked = lines[: i + 1] if line.rstrip().endswith("?") else lines[:i]
        question = _question("\n".join(asked))
        if question:
            return Quiz(question, tuple(options), tuple(string.ascii_uppercase[: len(options)]))
    return None


def _listed(lines: Sequence[str], bullets: bool) -> list[str]:
    return list(islice(_lines(lines, bullets), MOST_OPTIONS + 1))


def _literal(text: str) -> list[str]:
    try:
        found = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return []
    return [clean(str(option)) for option in found] if isinstance(found, list) else []


def _lines(lines: Sequence[str], bullets: bool) -> Iterator[str]:
    begun = False
    for line in lines:
        bullet = re.match(r"\s*[-*•+]\s+", line)
        if not line.strip() and not begun:
            continue
        if not line.strip() or _TAIL.match(line.strip()) or (bullets and not bullet):
            return
        begun = True
        yield _option(line[bullet.end() :] if bullet else line)
