"""A pasted abstract or paragraph and what is asked of it: it is to be read, not searched for.

Example:
    >>> found = pasted("TL;DR: We present a catalogue of 2000 voids. We find that they are empty.")
    >>> found.wants, found.sentences
    ('summary', 1)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from core.literature.assistant.questions.told import tells_of_self
from core.literature.text.text import clean, sentences

__all__ = ["Pasted", "pasted"]

Wants = Literal["summary", "answer", "check"]

_LONGEST = 20_000
_LINE = 30
_DEFAULT_SENTENCES = 3
_NUMBERS = {"a": 1, "an": 1, "one": 1, "single": 1, "two": 2, "couple": 2, "three": 3, "few": 3,
            "four": 4, "five": 5, "six": 6, "some": 3, "ten": 10}

_SUMMARY = re.compile(
    r"\b(?:summari[sz]e|summary|sum up|sum (?:this|it) up|tl;? ?dr|too long|shorten|condense"
    r"|boil (?:this|it)"
    r" down|in a nutshell|gist|key (?:points?|results?|findings?|message)|main (?:points?|results?"
    r"|findings?|"
    r"message|takeaways?)|take-?aways?|paraphrase|rephrase|recap|res[uú]m\w+"
    r"|zusammen\w{0,3}fass\w*|riassum\w+|samenvat\w*|digest|abridge|bottom line"
    r"|(?:explain|rewrite|simplify|describe|put|say|translate) (?:me )?(?:this|that|it"
    r"|the (?:following|"
    r"abstract|paragraph|text|passage|above))"
    r"|what(?:'s| is| are)? (?:this|the) (?:abstract|paper|paragraph|text|passage|following|above)?"
    r"\s?(?:about|saying)?)\b", re.IGNORECASE)
_COUNT = re.compile(
    r"\b(\d{1,2}|a|an|one|single|two|a couple(?: of)?|three|a few|few|four|five|six|some|ten) "
    r"(?:short |simple |plain |concise |brief |bullet |key |main )?"
    r"(sentences?|lines?|bullets?|bullet points?|points?|takeaways?|paragraphs?|words|facts"
    r"|tweets?)\b",
    re.IGNORECASE)
_CHECK = re.compile(
    r"\b(?:is|are|was) (?:this|that|it|the (?:following|above|statement|claim|sentence)s?) "
    r"(?:(?:statement|claim|sentence|paragraph|text|passage|all|really|actually|still) )?(?:right"
    r"|correct|true|"
    r"accurate|ok(?:ay)?|valid|wrong|false|sound|plausible)\b"
    r"|\b(?:true or false|right or wrong|fact[- ]?check|check (?:this|whether|if|the following)|"
    r"do you agree|what(?:'s| is) wrong with|any (?:mistakes?|errors?)|did i get (?:this|it"
    r"|that) right"
    r"|verify (?:this|the))\b", re.IGNORECASE)
_POINTS = re.compile(
    r"\b(?:(?:the )?(?:following|above|below)|(?:this|the|that) (?:abstract|paragraph|text|passage"
    r"|paper|"
    r"excerpt|quote|statement|summary|sentence|article|press release)|(?:this|it)(?=\s*:)|they"
    r"|the authors?"
    r"|here)\b", re.IGNORECASE)
_ORDER = re.compile(
    r"^(?:please |pls |now |can you |could you |would you )*(?:summari[sz]e|explain|tell|list|give"
    r"|extract|"
    r"find|name|identify|rewrite|simplify|shorten|translate|describe|tl;? ?dr|what|which|who|how"
    r"|why|"
    r"does|do|did|is|are|in (?:one|two|three|\d|a few|simple|plain)|question|q\s*:|check|verify"
    r"|sum)\b",
    re.IGNORECASE)
_REPORTS = re.compile(
    r"\b(?:we|this (?:paper|letter|work|study|article|thesis)|our|the authors|here,? we|in this "
    r"(?:paper|work|letter|study))\b[^.!?]{0,60}?\b(?:present|report|find|found|show|measure|study"
    r"|studied|"
    r"investigate|use|used|analy[sz]e|constrain|develop|introduce|propose|apply|perform"
    r"|demonstrate|derive|"
    r"detect|compare|explore|discuss|obtain|conclude|combine|describe|examine|marginali[sz]e"
    r"|results?|"
    r"analysis|sample|method|model|measurements?|constraints?|data|estimate|provide|review|test"
    r"|infer)\w*"
    r"|\barXiv:\d|\bet al\b|\babstract\s*[:.]|(?:±|\\pm|\+-|\+/-)\s?\d|\bper cent\b",
    re.IGNORECASE)
_QUOTED = re.compile(r"(?:\"\"\"|[\"“”«„]|''|(?<![\w])['‘])(.{30,18000}?)(?:\"\"\"|[\"”“»]|''"
    r"|['’](?!\w))",
                     re.DOTALL)
_LABEL = re.compile(
    r"\b(?:abstract|text|paragraph|passage|context|excerpt|quote|statement|article)\s*[:\n]\s*|<<+"
    r"|>>+",
    re.IGNORECASE)
_HERE = re.compile(
    r"^(?:here(?:'s| is| are| comes)|this is|consider|read|given|take"
    r"|look at)\b[^.:!?]{0,60}[.:]\s+", re.IGNORECASE)
_ASKS = re.compile(
    r"(?:what|how|why|which|who|when|where|and|its?|is|are|do|does)\b", re.IGNORECASE)
_ASKED = re.compile(r"\b(?:question|q)\s*:\s*", re.IGNORECASE)
_OPTIONS = re.compile(r"(?:^|\s)\(?[aA1][).:]\s.{1,400}?\s\(?[bB2][).:]\s", re.DOTALL)
_BRIEF = re.compile(r"\b(?:brief|short|quick)", re.IGNORECASE)
_SHORTENED = re.compile(
    r"\s*(tl;? ?dr\b[^.:\n]{0,40}?)(?:[:.,\n]|\s(?=We\b|This\b|In\b))\s*(.+)",
    re.IGNORECASE | re.DOTALL)
_WEIGHT = 60
"""Words of a text that reports results, from which on it is pasted even if nothing says so."""
_LIGHT = 35
"""The same of one that reports three times and asks nothing."""
_SHORT = 8
"""Words of the shortest text that is pasted."""


@dataclass(frozen=True)
class Pasted:
    """A text and what is wanted of it.

    Attributes:
        text: the abstract or paragraph.
        question: what is asked, as typed; "" if the text came alone.
        wants: a "summary", an "answer" from it, or a "check" of whether it is right.
        sentences: how many a summary should have; 0 for an answer.
    """

    text: str
    question: str
    wants: Wants
    sentences: int = 0


def pasted(question: str) -> Pasted | None:
    """Take a pasted text and its question apart.

    Args:
        question: as typed; of a longer one the first 20,000 characters are read.

    Returns:
        None if no text is pasted: a question however long, somebody's own situation, a question of
        multiple choice.
    """
    question = question[:_LONGEST]
    if _OPTIONS.search(question):
        return None
    parts = _quoted(question) or _labelled(question) or _by_sentences(question)
    if parts is None:
        return None
    asked, text = (clean(part).strip(" :-–—") for part in parts)
    text = _HERE.sub("", text.strip("\"“”«»„'‘’ "))
    if len(text.split()) < _SHORT:
        return None
    return _wanted(asked, text)


def _wanted(asked: str, text: str) -> Pasted:
    if _CHECK.search(asked):
        return Pasted(text, asked, "check")
    if not asked or _SUMMARY.search(asked) and not _asks_a_thing(asked):
        return Pasted(text, asked, "summary", _sentence_count(asked))
    return Pasted(text, asked, "answer")


def _asks_a_thing(asked: str) -> bool:
    """Whether something is asked of the text besides its summary."""
    rest = _SUMMARY.sub("", asked)
    return re.search(r"\b(?:what|which|how|why|who|when|where)\b.{6,}\?", rest) is not None


def _sentence_count(asked: str) -> int:
    found = _COUNT.search(asked)
    if found is None:
        return 1 if re.search(r"\btl;? ?dr\b|bottom line", asked, re.IGNORECASE) else (
            2 if _BRIEF.search(asked) else _DEFAULT_SENTENCES)
    number, unit = found[1].lower().split(), found[2].lower()
    count = int(number[0]) if number[0].isdigit() else max(_NUMBERS.get(word, 1) for word in number)
    if unit == "words":
        return max(1, round(count / 25))
    if unit.startswith("paragraph"):
        return 4 * count
    return max(1, min(count, 10))


def _quoted(question: str) -> tuple[str, str] | None:
    """A text in quotation marks and what stands around it."""
    found = _QUOTED.search(question)
    if found is None or len(found[1].split()) < _SHORT:
        return None
    asked = clean(f"{question[: found.start()]} {question[found.end() :]}")
    if not asked or len(asked.split()) > 60 or not ("?" in asked or _points(asked)):
        return None
    return asked, found[1]


def _labelled(question: str) -> tuple[str, str] | None:
    """"Abstract: ... Question: ...", an order with a colon, or one in a line of its own."""
    lines = [line.strip() for line in question.strip().split("\n") if line.strip()]
    asked = _ASKED.search(question)
    label = _LABEL.search(question)
    if label is not None and label.start() < 200 and (asked is not None or len(lines) > 1
                                                      or not question[: label.start()].strip()):
        text = question[label.end() :]
        mark = _ASKED.search(text)
        if mark is not None:
            return f"{question[: label.start()]} {text[mark.end() :]}", text[: mark.start()]
        if question[: label.start()].strip():
            before = _ASKED.sub("", question[: label.start()])
            return before, text
        return _by_sentences(text, labelled=True)
    colon = re.match(r"\s*([^:\n]{3,200}?):\s+(.+)", question, re.DOTALL)
    if colon is not None and _is_order(colon[1]) and len(colon[2].split()) >= _SHORT and not (
            _ASKS.match(colon[2])):
        inner = _last_asks(colon[2]) if not _SUMMARY.search(colon[1]) else None
        return (f"{colon[1]}: {inner[0]}", inner[1]) if inner else (colon[1], colon[2])
    if len(lines) > 1 and len(max(lines, key=len).split()) >= _LINE:
        longest = max(range(len(lines)), key=lambda i: len(lines[i]))
        ends = [i for i in (0, len(lines) - 1) if i != longest and len(lines[i].split()) < _LINE
                and (lines[i].endswith("?") or _ORDER.match(lines[i]))]
        if ends and not tells_of_self(question):
            return lines[ends[0]], "\n".join(line for i, line in enumerate(lines) if i != ends[0])
    return None


def _is_order(text: str) -> bool:
    return bool(_SUMMARY.search(text) or _CHECK.search(text)
                or _POINTS.search(text) and (_ORDER.match(text) or "?" in text))


def _by_sentences(question: str, labelled: bool = False) -> tuple[str, str] | None:
    """A report of sentences, with a question or an order before or after it."""
    parts = sentences(question)
    single = len(parts) < 2 and not _SUMMARY.match(question)
    if not labelled and (tells_of_self(question) or single):
        return None
    first = _first_asks(question)
    last = _last_asks(question)
    for asked in (last, first):
        if asked is None:
            continue
        reports = len(_REPORTS.findall(asked[1]))
        pointed = _points(asked[0])
        weight = len(asked[1].split())
        claim = _CHECK.search(asked[0]) is not None  # it may be short
        if labelled or claim or reports > 2 or weight >= (20 if not pointed else 15) and (
                reports or pointed):
            return asked
    reports, weight = len(_REPORTS.findall(question)), len(question.split())
    if labelled or reports > 1 and weight >= _WEIGHT or (
            reports > 2 and weight >= _LIGHT and "?" not in question):
        return "", question
    return None


def _points(asked: str) -> bool:
    """Whether a question is on a text that is at hand."""
    return any(pattern.search(asked) for pattern in (_POINTS, _SUMMARY, _CHECK))


def _asking(sentence: str) -> bool:
    return sentence.rstrip(" \"'”’)").endswith("?") or bool(
        _ORDER.match(sentence) and (_SUMMARY.search(sentence) or _CHECK.search(sentence)
                                    or _POINTS.search(sentence)) and len(sentence.split()) < _LINE)


def _last_asks(text: str) -> tuple[str, str] | None:
    """The sentences at the end that ask, and the text before them."""
    parts = sentences(text)
    start = len(parts)
    while start > 0 and _asking(parts[start - 1]):
        start -= 1
    if start in (0, len(parts)):
        return None
    return " ".join(parts[start:]), " ".join(parts[:start])


def _first_asks(text: str) -> tuple[str, str] | None:
    """The sentences at the start that ask, and the text after them."""
    parts = sentences(text)
    end = 0
    while end < len(parts) and _asking(parts[end]):
        end += 1
    if end in (0, len(parts)):
        opened = _SHORTENED.match(text)
        return (opened[1], opened[2]) if opened else None
    return " ".join(parts[:end]), " ".join(parts[end:])
