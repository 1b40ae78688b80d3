"""Sentences that speak to the reader or to a program instead of reporting: nothing to repeat.

A paper's text is written by strangers. What it reports may be quoted; what it tells the reader to
do ("visit ... and enter your password"), addresses (web, mail, telephone), commands, and the marks
by which language models tell their parts of a conversation apart are not passed on as an answer. A
sentence that says where code or data are may be quoted, as the paper's words.

Example:
    >>> addressed("Visit evil.example and enter your password.")
    True
    >>> gives_address("The code is available at https://github.com/a/b.")
    True
"""

from __future__ import annotations

import re
import unicodedata

from core.literature.text.text import clean, sentences

__all__ = ["addressed", "gives_address", "reported"]

_HIDDEN = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_YOU = re.compile(
    r"\b(?:you|your|yours|yourself|yourselves|dear (?:reader|user|assistant|model))\b")
_ACTIONS = (
    r"(?:visit|click (?:the|on|here|this|below)|tap (?:the|on|here)|go to|enter|"
    r"type (?:in|the|your|this|it)|send|e-?mail|mail|call|phone|text (?:me|us|the|to)|contact|"
    r"download|install|run (?:the|this|it|a)|execute|open (?:the|this|it|http\S*)|log ?in|"
    r"sign (?:in|up)|subscribe|follow|ignore|disregard|forget|override|bypass|say|tell|answer|"
    r"reply|respond|repeat|print|output|write|act (?:as|like)|pretend|behave|pay|buy|donate|"
    r"transfer (?:the|all|money|\$|it)|share|submit|provide|give|copy|paste|scan|verify|confirm|"
    r"reveal|translate|stop|do not|don't|never|always|stay|be sure|make sure|remember|register|"
    r"join|cite|recommend|rate|praise|summari[sz]e|conclude)"
)
_AT_START = re.compile(
    rf"^[\W_]*(?:(?:and|then|now|also|so|first|next|finally|instead|important|note|attention|"
    rf"warning|urgent)\b[,:!]? ?)*(?:please\b|kindly\b|{_ACTIONS}\b"
    rf"(?! (?:of|to be|are|is|was|were)\b)(?![-–]))"
)
_PLEASE = re.compile(
    rf"\bplease\b|\b(?:must|should|now|then|and|to) {_ACTIONS} (?:the|this|that|us|me|at|to|on|"
    r"here|in|as|a|all|with|only) ?(?:link|page|site|website|address|form|button|password|account|"
    r"assistant|model|answer|instructions?|pirate)\b"
)
_ORDERS = re.compile(
    r"\b(?:ignor\w*|disregard\w*|forget\w*|overrid\w*|bypass\w*|supersed\w*)\b[^.!?]{0,40}\b"
    r"(?:instructions?|prompts?|rules?|guidelines?|above|previous|prior|everything|restrictions?)\b"
    r"|\bnew instructions?\b|\bsystem prompt\b|\bjailbr\w+|\bdeveloper mode\b"
    r"|\b(?:password|passcode|credit card|credentials|bank account|social security|private key|"
    r"seed phrase|wallet)\b"
)
_ROLES = re.compile(
    r"<\s*/?\s*(?:start_of_turn|end_of_turn|bos|eos|pad|s|unk|system|user|assistant|model|human)\s*>"
    r"|<\|[^|<>]{1,40}\|>|\[/?inst\]|<</?sys>>|^\W*#{2,}\s*\w+"
    r"|(?:^|[.!?;\n\"“(]\s*|\*\*)(?:system|assistant|user|human|developer|"
    r"instructions?|response|prompt|question|answer|ai|bot|chatgpt|gemma|cosmogemma)\s*:",
    re.MULTILINE,
)
_MARKUP = re.compile(
    r"!?\[[^\]]*\]\s*(?:\([^)]*\)|\[[^\]]*\])|^\s*\[[^\]]+\]:|"
    r"<\s*/?\s*(?:a|img|script|iframe|form|input|video|audio|svg|style|object|embed|div|span|button|link|meta|details|section)\b|javascript:|"
    r"\\(?:href|includegraphics|input|write18)\b|```|\bdata:[a-z]+/"
)
_CODE = re.compile(
    r"\b(?:curl|wget)\s+\S|\bsudo\b|\brm -\w*r|\b(?:pip|pip3|npm|conda|apt|apt-get|brew) install\b|"
    r"\bgit clone\b|\bbash -c\b|\bpowershell\b|\bchmod\b|\beval\s*\(|\bexec\s*\(|\bos\.system\b|"
    r"\bimport os\b|\bsubprocess\b|\bdrop table\b|\b(?:bash|sh|python3?) \S+\.(?:sh|py)\b|"
    r"\|\s*(?:ba)?sh\b"
)
_ADDRESS = re.compile(
    r"h(?:tt|xx)ps?\s*:|\bftp:|\bwww\.\w|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|edu|gov|io|ai|de|uk|fr|"
    r"it|es|jp|cn|ru|info|biz|xyz|app|dev|example|ly|co|me|site|online|eu|int|ch|nl|ca|au)\b(?:/\S*)?|"
    r"\b[\w-]+\[?\(?\s?dot\s?\)?\]?(?:com|org|net)\b"
)
_MAIL = re.compile(r"\S+\s?(?:@|\[at\]|\(at\))\s?[\w-]+(?:\.|\s?\[dot\]\s?|\s?\(dot\)\s?)\w+")
_PHONE = re.compile(
    r"(?:\+|\b00)\d{1,3}[ .-]?\(?\d{2,4}\)?(?:[ .-]\d{2,4}){2,}"
    r"|\b(?:tel|phone|telephone|call|fax|whatsapp|sms)\b[^.]{0,20}?\d[\d ().-]{5,}\d"
)
_RELEASE = re.compile(
    r"\b(?:availab\w*|released?|public\w*|open[- ]source\w*|repositor\w*|hosted|archived?|"
    r"code\w*|software|data|catalogu?e?s?|videos?|download\w*|found|"
    r"accessib\w*|provided|distributed|website|web ?page)\b"
)


def addressed(sentence: str) -> bool:
    """Whether a sentence speaks to the reader or to a program, or gives an address to go to.

    One that only says where code or data are does not count; :func:`gives_address` tells it.
    """
    text = _folded(sentence)
    if any(pattern.search(text) for pattern in (_YOU, _AT_START, _PLEASE, _ORDERS, _ROLES, _MARKUP,
                                                _CODE, _MAIL, _PHONE)):
        return True
    return bool(_ADDRESS.search(text)) and not _RELEASE.search(text)


def gives_address(sentence: str) -> bool:
    """Whether a sentence holds an address of the web."""
    return bool(_ADDRESS.search(_folded(sentence)))


def reported(text: str) -> str:
    """A text without the sentences that are :func:`addressed`."""
    return " ".join(part for part in sentences(clean(text)) if not addressed(part))


def _folded(text: str) -> str:
    """Letters by what they look like, so that an instruction cannot hide behind odd ones."""
    return _HIDDEN.sub("", unicodedata.normalize("NFKC", text)).lower()
