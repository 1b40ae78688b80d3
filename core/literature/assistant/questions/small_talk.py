"""Questions about the assistant itself: all words of such a one belong to talk.

Example:
    >>> of_the_assistant("hi! who are you and what can u do"), of_the_assistant("hi mass function")
    (True, False)
"""

from __future__ import annotations

import re

from core.literature.assistant.questions.chat_words import written_out
from core.literature.assistant.questions.greetings import ungreeted
from core.literature.text.text import clean

__all__ = ["addresses_it", "of_the_assistant"]

_LONGEST = 200
"""Characters of the longest text that is read as talk."""
_MOST_READ = 2000
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SENTENCE = re.compile(r"[.!?;]+(?:\s+|$)")
_ADDRESS = frozenset({"you", "your", "yours", "yourself", "cosmogemma"})
_OF_SELF = re.compile(
    r"\bthis (?:very |little )?(?:bot|chat|chatbot|page|app|site|website|tool|assistant|program"
    r"|ai|service)\b|\bcosmo gemma\b|\bthe bot\b")
_HOMEWORK = re.compile(
    r"\bhelp (?:me )?(?:out )?with (?:my|an?|some|this|our|the)(?: (?:physics|astronomy|cosmology"
    r"|astrophysics|science|maths?))? (?:homework|assignments?|exams?|coursework|class|course)\b")
_CLOSED_TEXT = """
    who whom what what's which where how why when are is was were am be been being do does did can
    could will would have has got i me my and or but also then so just only really actually exactly
    ever please tell say introduce describe about by name called made make built build created
    create creator creators maker makers programmed developed developer developers designed wrote
    trained training owns owner behind work works working function functions operate operates based
    on run use using model models language llm ai artificial intelligence bot chatbot robot machine
    computer program software assistant human person people real alive sentient conscious chatgpt
    gpt open source gpt-3 gpt-4 gpt-5 openai claude gemini gemma llama google deepmind anthropic
    microsoft copilot siri alexa mistral deepseek grok version kind type sort of from for to in help
    helping helpful useful answer answers answering question questions ask asking know knowledge
    able capable capabilities features limits limitations weaknesses strengths good bad best at
    smart intelligent clever stupid dumb reliable accurate trustworthy trust correct wrong mistake
    mistakes hallucinate hallucinations lie lying remember forget memory store save record
    conversation conversations chat internet online our sleep believe god hear web access browse
    speak read languages english german french spanish italian chinese japanese feelings feel
    emotions like love favourite favorite hobby hobbies old age live located doing today there here
    listening busy free cost paid company large learn images homework assignment assignments exam
    exams coursework studies class job purpose things stuff topics subjects something anything else
    better than ok okay cool thanks thank fine well not aren't don't can't isn't you're who's i'm
    pdf pdfs calculations calculate sums maths
"""
_CLOSED = frozenset(_CLOSED_TEXT.split())
_SCIENCES = frozenset({"astronomy", "cosmology", "astrophysics", "physics", "science", "space"})
_BEFORE_SCIENCE = frozenset({"about", "like", "love", "know", "at"})
_OF_SCIENCE = frozenset({"question", "questions"})
_BEFORE_A = frozenset({"you", "or", "to", "just", "only", "really", "actually", "ask", "have",
                       "answer", "use", "is"})
_PHRASE = re.compile(
    r"\b(?:talk|talking|speak|speaking|chat|chatting) (?:to|with)\b|\bwith (?:me|you)\b"
    r"|\bhelp(?:ing)? (?:me )?(?:out )?with\b|\bthe (?:internet|web|net|difference|best|purpose)\b"
    r"|\b(?:search|look up|read|use) (?:the )?(?:internet|web|google|arxiv|papers)\b|\bfor me\b"
    r"|\b(?:what )?(?:i|we) (?:just )?(?:said|asked|told you)\b(?: (?:before|earlier|last))?"
    r"|\bget your (?:answers?|knowledge|information|data)\b"
    r"|\b(?:write|run) (?:some )?(?:python )?(?:code|programs)\b"
    r"|\bin (?:one sentence|a few words)\b"
    r"|\b(?:your|training) data\b|\byour favou?rite [a-z]{2,15}\b(?=\W*$)")
_ANYBODY = re.compile(
    r"\b(?:how|why|when|where) (?:do|does|can|could|would|will|did|have) you "
    r"(?!(?:actually |really )?(?:work|function|operate|help|do|answer|feel|live|come|get your)\b)")
"""What "you" means anybody in: "how do you make a model"."""
_ALONE = re.compile(
    r"(?:please )?help(?: me)?(?: please)?|i (?:really )?need (?:some |your? )?help(?: please)?"
    r"|my name is [^\W\d_]{1,20}|i(?:'m| am) new here|what (?:can|do|should) i do here"
    r"|(?:who|what) am i (?:talking|speaking|chatting) (?:to|with)(?: here)?"
    r"|am i (?:talking|speaking|chatting) (?:to|with) (?:a |an )?(?:human|person|bot|robot|machine"
    r"|computer|ai|real person|chatbot)"
    r"|is (?:there )?(?:anyone|anybody|someone|somebody) (?:there|here|home)|(?:anyone|anybody) "
    r"(?:there|here|home)|(?:what|which questions|what (?:kind of )?questions) can i ask(?: here)?"
    r"|can i ask (?:a question|something|questions)|i have a question|where do i (?:start|begin)")


def of_the_assistant(question: str) -> bool:
    """Whether a text only greets, or asks about the assistant and nothing else.

    Args:
        question: as typed.
    """
    text = clean(question)
    if not text or len(text) > _LONGEST:
        return False
    parts = [part for part in _SENTENCE.split(ungreeted(text)) if _WORD.search(part)]
    return all(map(_speaks_of_it, parts)) and (bool(parts) or _WORD.search(text) is not None)


def _speaks_of_it(sentence: str) -> bool:
    low = _plain(sentence)
    if _ALONE.fullmatch(low):
        return True
    if _ADDRESS.isdisjoint(low.split()) or _ANYBODY.search(low):
        return False
    words = _PHRASE.sub("ok", low).split()
    return all(map(_of_talk, ["", *words], words, [*words[1:], ""]))


def addresses_it(question: str) -> bool:
    """Whether a text speaks to somebody or of the assistant: "you", "yourself", "this bot"."""
    text = question[:_MOST_READ]
    return not _ADDRESS.isdisjoint(_plain(text).split()) or of_the_assistant(text)


def _plain(text: str) -> str:
    """In small letters without signs, "you" for every name of the assistant."""
    low = " ".join(_WORD.findall(written_out(text.lower())[0].lower().replace("’", "'")))
    return _HOMEWORK.sub("you help", _OF_SELF.sub("you", low))


def _of_talk(before: str, word: str, after: str) -> bool:
    """Whether a word between two others belongs to talk; "a" and the sciences do in some places."""
    if word in ("a", "an"):
        return before in _BEFORE_A
    if word in _SCIENCES:
        return before in _BEFORE_SCIENCE or after in _OF_SCIENCE
    return word in _CLOSED or word in _ADDRESS
