"""Spellings of chats, written out: "u", "pls", "wats", "diff btw".

Example:
    >>> written_out("wats the diff btw u and me")[0]
    'what is the difference between you and me'
"""

from __future__ import annotations

import re

__all__ = ["written_out"]

_MEANT = {
    "wat": "what", "wut": "what", "wht": "what", "wats": "what is", "whats": "what is",
    "wuts": "what is", "wot": "what", "wots": "what is", "wy": "why", "wher": "where",
    "wer": "where", "hoo": "who", "hows": "how is", "whys": "why is", "whos": "who is",
    "wheres": "where is",
    "whens": "when is", "theres": "there is", "y'all": "you all", "pls": "please", "plz": "please",
    "plss": "please", "plse": "please", "thx": "thanks", "tnx": "thanks", "thanx": "thanks",
    "ty": "thank you", "tysm": "thank you so much", "ppl": "people", "bc": "because",
    "cuz": "because", "coz": "because", "becuz": "because", "abt": "about",
    "wrt": "with respect to",
    "w/": "with", "w/o": "without", "b/w": "between", "btwn": "between", "btween": "between",
    "b/c": "because", "teh": "the", "hte": "the", "adn": "and", "nad": "and", "taht": "that",
    "thsi": "this", "waht": "what", "hwo": "how", "hav": "have", "wen": "when", "wich": "which",
    "whihc": "which", "shud": "should", "cud": "could", "wud": "would", "dis": "this",
    "tho": "though",
    "gimme": "give me", "lemme": "let me", "wanna": "want to", "gonna": "going to",
    "kinda": "kind of",
    "dunno": "do not know", "idk": "I do not know", "tmrw": "tomorrow", "univ": "universe",
    "im": "I am", "ive": "I have", "dont": "don't", "doesnt": "doesn't", "didnt": "didn't",
    "isnt": "isn't", "arent": "aren't", "wasnt": "wasn't", "werent": "weren't", "cant": "can't",
    "couldnt": "couldn't", "wouldnt": "wouldn't", "shouldnt": "shouldn't", "hasnt": "hasn't",
    "havent": "haven't", "hadnt": "hadn't", "wont": "won't", "thats": "that's", "youre": "you're",
    "ur": "your", "urs": "yours", "cn": "can", "wid": "with", "nd": "and", "dat": "that",
    "alot": "a lot", "brite": "bright", "nite": "night", "thru": "through",
    "eli5": "explain like I'm five", "sm1": "someone", "smth": "something", "sth": "something",
    "gal": "galaxy", "gals": "galaxies", "sims": "simulations", "calc": "calculate",
    "freq": "frequency", "freqs": "frequencies", "temp": "temperature", "temps": "temperatures",
    "approx": "approximately", "obs": "observations", "prob": "probably", "esp": "especially",
}
_TYPED = "|".join(re.escape(word) for word in sorted(_MEANT, key=len, reverse=True))
_HOMEWORK_TOO = re.compile(r"^hw(?= (?:old|big|far|fast|hot|cold|many|much|long|large|small"
                           r"|heavy|do|does|did|is|are|was|were|can|could|come|to|we|the)\b)",
                           re.IGNORECASE)
"""Of an opening "hw" that asks how; elsewhere it is homework."""
_WHY = re.compile(r"^y(?= (?:is|are|was|were|do|does|did|can|cant|can't|dont|don't|doesnt|isnt|has"
                  r"|have|the|we|would|should|so)\b)", re.IGNORECASE)
_CHAT = re.compile(rf"(?<![\w$\\/'’.-])(?:{_TYPED})(?![\w$/'’-])")
"""In small letters: in capitals they are names (OBS, SIMS)."""
_OPENED = re.compile(rf"^(?:{_TYPED})(?![\w$/'’-])", re.IGNORECASE)
_YOU = re.compile(
    r"(?<![\w$\\/.,-])(?<!\bthe )(?<!\bin )(?<!\bof )(?<!\band )u(?![\w$/',=()-])"
    r"(?! (?:band|filter|mag|magnitude|(?:and|or|minus) [griz]\b|g)\b)")
_ARE = re.compile(
    r"(?<=\b)(what|wat|wot|how|who|where|why|when)( )r(?= (?:u|you|the|they|these|those|we|there"
    r"|all|both"
    r"|some|(?:[a-z]{3,20} )?[a-z]{3,30}s)\b)(?! (?:does|is|was|has)\b)"
    r"|^()()r(?= (?:u|you|the|they|these|those|we|there|all)\b)", re.IGNORECASE)
_DIFFERENCE = re.compile(
    r"(?:(?<=^)|(?<=\bthe )|(?<=\bwhat is )|(?<=\ba ))diff(?=\b(?!\.? ?(?:eq|rot)))(?![\w-])"
    r"|\bdiff(?=\.? (?:between|of|btw|bw|bet|in)\b)|(?<= )diff(?=\s*\?*$)", re.IGNORECASE)
_BETWEEN = re.compile(r"(?<=\bdifference )(?:btw|bw|bet|b/t|of btw)\b|(?<=\bdiff )(?:btw|bw|bet)\b",
                      re.IGNORECASE)


def written_out(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The text without the spellings of chats, and each that was written out."""
    changed: list[tuple[str, str]] = []

    def note(typed: str, meant: str) -> str:
        changed.append((typed, meant))
        return meant

    text = _ARE.sub(lambda m: f"{m[1] or m[3] or ''}{m[2] or m[4] or ''}{note('r', 'are')}", text)
    text = _WHY.sub(lambda m: note(m[0], "why"), text)
    text = _HOMEWORK_TOO.sub(lambda m: note(m[0], "how"), text)
    text = _OPENED.sub(lambda m: note(m[0], _MEANT[m[0].lower()]), text)
    text = _CHAT.sub(lambda m: note(m[0], _MEANT[m[0]]), text)
    text = _YOU.sub(lambda m: note(m[0], "you"), text)
    text = _DIFFERENCE.sub(lambda m: note(m[0], "difference"), text)
    text = _BETWEEN.sub(lambda m: note(m[0], "between"), text)
    return text, tuple(changed)
