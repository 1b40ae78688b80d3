"""The kind of a question: a definition, a value, yes or no, why, how, a comparison, a list, who.

Example:
    >>> kind_of("What value of H0 does SH0ES get?"), kind_of("wat is the habble constnt")
    ('value', 'definition')
"""

from __future__ import annotations

import re

from core.literature.assistant.questions.library_names import library_names
from core.literature.assistant.questions.names import names_in
from core.literature.library.stored_questions import Kind
from core.literature.text.text import clean

__all__ = ["Kind", "kind_of", "more_wanted", "simpler_wanted"]

_POLITE = re.compile(
    r"^(?:(?:hi|hello|hey|ok(?:ay)?|so|well|and|but|also|then|sorry|thanks?|thank you|please|pls"
    r"|plz"
    r"|um+|quick question|question"
    r"|(?:could|can|would|will) (?:you|u)(?= (?:please |pls |kindly |maybe |also |just )?"
    r"(?:explain|tell|give|list|name|describe|define|compare|summari[sz]e|show|help|say|remind"
    r"|elaborate|clarify|walk|teach|calculate|compute|convert))|i (?:want|need|would"
    r" like|'d like) to (?:know|understand|ask)|i am wondering|i'm wondering|i wonder|do you know"
    r"|you know|any idea|tell me|explain(?: to me)?|help me understand|remind me"
    r")\b[\s,:;.!?-]*){1,6}", re.IGNORECASE)
_LAST = re.compile(r"[^.!?]*\?")

_COMPARISON = re.compile(
    r"\b(?:differen(?:ce|t|ces)|differs?|compare[ds]?|comparison|comparing|versus|vs\.?"
    r"|distinguish\w*"
    r"|contrast|as opposed to|rather than|prefer\w* .{0,60}\bover"
    r"|(?:better|worse|larger|bigger|smaller|stronger|older|hotter|faster|more [a-z]+"
    r"|less [a-z]+) than"
    r"|which (?:is|are|one is|of (?:them|these|the two)) (?:the )?(?:better|larger|bigger|smaller"
    r"|older"
    r"|faster|hotter|stronger|more|most|less)|similarit\w+|how many sigmas? (?:apart|away)"
    r"|(?:the same|identical)(?: thing)? as|relat(?:ed|ion|ionship) (?:to each other|between))\b",
    re.IGNORECASE)
_LIST = re.compile(
    r"^(?:(?:please )?(?:list|enumerate|name|give(?: me)?) (?:me )?(?!the (?:value|number"
    r"|definition)\b)"
    r"(?:all |some |the |a few |examples|several |main |three |two |four |five |ten |\d+ )"
    r"|(?:which|what) (?:are|were) (?:the |some |all |main |other |possible )+[a-z0-9 -]{0,60}?"
    r"(?:s|a|ae)\b(?! of (?:the )?[a-z]+ (?:constant|mass|age))"
    r"|(?:which|what) (?:[a-z0-9-]+ ){0,3}(?:experiments|surveys|telescopes|codes|methods|probes"
    r"|simulations|models|kinds|types|ways|effects|systematics|candidates|missions|instruments"
    r"|satellites|observatories|statistics|solutions|problems|stages|phases|elements|components)\b"
    r"|what kinds? of|what types? of|how many (?:kinds|types)|examples? of)", re.IGNORECASE)
_WHO_WHEN = re.compile(
    r"^(?:who|whom|whose|when|in (?:what|which) year|what year|where (?:is|was|are|were)"
    r"|which (?:astronomer|physicist|scientist|person|team|group)s?)\b", re.IGNORECASE)
_EPOCH = re.compile(
    r"^when (?:did|does|do|was|were|will|is|are) .{0,60}(?:universe|reioni[sz]ation|recombin\w+"
    r"|decoupl\w+"
    r"|first (?:stars|galaxies|light)|inflation|dark ages|equality|dark energy|big bang|matter"
    r"|photons"
    r"|neutrinos|atoms|nuclei|begin|start|end|form|happen|take place|occur)", re.IGNORECASE)
_VALUE = re.compile(
    r"^(?:the )?(?:age|mass|size|radius|diameter|temperature|distance|density|luminosity|speed) "
    r"(?:of|to) "
    r"|^(?:how (?:much|many|old|far|large|big|small|long|fast|hot|cold|heavy|massive|dense|bright"
    r"|deep"
    r"|high|low|often|accurate\w*|precise\w*|strong|wide|thick|late|early|close|luminous|common"
    r"|rare"
    r"|likely|well (?:is|are|do|does|can))\b"
    r"|(?:what|which) (?:[a-z-]+ ){0,3}(?:value|limit|bound|constraint|number)s?\b"
    r"|(?:what|which) (?!(?:is|are|was|were|do|does) (?!the |its |their ))(?:[a-z-]+ ){0,3}"
    r"(?:size|mass"
    r"|temperature|age"
    r"|redshift|distance|fraction|percentage|rate|error|uncertainty|significance|scale|density"
    r"|speed"
    r"|frequency|wavelength|energy|accuracy|precision|resolution|area|volume|sensitivity)s?\b"
    r"|what(?:'s| is| are| was| were) (?:the |its )?(?:current |present |measured |best |latest "
    r"|exact "
    r"|typical |numerical |observed |mean |total |latest |expected |predicted ){0,3}(?:value|limit"
    r"|bound"
    r"|constraint|number|size|mass(?:es)?|temperature|age|redshift|distance|fraction|percentage"
    r"|rate"
    r"|error|uncertainty|density|speed|frequency|wavelength|energy|radius|diameter"
    r"|luminosity)s? (?:of"
    r"|for|to|in|on|from|at)\b|at (?:what|which) (?:redshift|scale|frequency|wavelength|mass"
    r"|energy|time"
    r"|temperature|distance)|to what (?:precision|accuracy|redshift)|value of\b)"
    r"|\b(?:what|which) (?:value|number|limit|[A-Za-z0-9_$\\{}]{1,20}) (?:do|does|did|has|have|was"
    r"|is)"
    r" (?:[A-Za-z0-9-]+ ){1,5}(?:find|get|measure|give|obtain|report|infer|derive|prefer|yield"
    r"|found"
    r"|measured)\b|\bwhat (?:do|does|did) (?:[A-Za-z0-9-]+ ){1,5}(?:find|get|measure|obtain"
    r"|say) (?:for|as"
    r"|about)? ?(?:the )?[A-Za-z]", re.IGNORECASE)
_YES_NO = re.compile(
    r"^(?:is|are|was|were|am|do|does|did|can|could|has|have|had|will|would|should|may|might|must)"
    r"(?:n['’]?t)?\s", re.IGNORECASE)
_STATE = re.compile(
    r"^(?!(?:what|which|who|when|where|why|how|list|name|define|explain|describe)\b)[^?]{3,120}"
    r"\b(?:ruled out|detected|solved|resolved|confirmed|excluded|discovered|measured|found|proven"
    r"|known|observed|possible|real|true|dead|allowed|viable|over|working|operating|running)"
    r"(?: yet| now| today| already| at all| or not| by [A-Za-z0-9 -]{2,30})?\s*\?$",
    re.IGNORECASE)
_FITS = re.compile(
    r"^(?!(?:what|which|who|when|where|why|how|list|name|define|explain|describe)\b)[^?]{3,80}?"
    r"\b(?:compatible|consistent|in agreement|in tension|at odds) with\b[^?]{2,80}\?\s*$",
    re.IGNORECASE)
"""A state in question, without its verb: "DGP model ruled out?"."""
_IF = re.compile(
    r"^(?:if|since|because|given that|assuming)\b(?![^?]*\b(?:what|which|who|when|where|why|how)\b)"
    r"[^?]{5,120}?\b(?:do|does|did|is|are|was|were|will|would|can|could|should|has|have)\s"
    r"(?:that|this|it|the|we|they|there|all|our|[A-Za-z-]+)\s", re.IGNORECASE)
"""A condition first: "If space expands does the Earth grow?"."""
_TAG = re.compile(r",? (?:right|correct|isn't it|doesn't it|or not|yes or no|true or false)\s*\?*$",
                  re.IGNORECASE)
_WHY = re.compile(r"^(?:why|how come|what (?:causes?|caused|is the (?:reason|cause)|makes?|made"
    r"|led)\b"
                  r"|for what reason|what for)", re.IGNORECASE)
_HOW = re.compile(r"^(?:how|by what (?:means|method)|in what way|what (?:method|technique)s? )",
                  re.IGNORECASE)
_FEW_WORDS = 6
_QUANTITY = re.compile(
    r"(?<![\w-])(?:H_?0|S_?8|(?:f_?)?sigma_?8|[nA]_?s|tau|N_?eff|[rw]|[rw]_?[0ad]|Omega_?\w{1,6}|f_?NL"
    r"|f_?sky|z_?\w{1,4}|m_?nu|A_?L|area|mass(?:es)?|age|distance|redshift|limits?|bounds?|value|size"
    r"|diameter|radius|resolution|sensitivity|depth|launch|cost|frequency|frequencies|bands?|volume"
    r"|temperature|luminosity|footprint|amplitude|error|precision)(?![\w-])", re.IGNORECASE)
_BARE_SYMBOL = re.compile(
    r"\W{0,2}(?:H_?0|S_?8|f?sigma_?8|[nA]_?s|tau|N_?eff|w_?[0a]|Omega_?\w{1,6}|f_?NL|r_?d|q_?0"
    r"|T_?CMB|A_?L)\W{1,3}", re.IGNORECASE)
_DEFINITION = re.compile(
    r"^(?:what(?:'s|s| is| are| was| were| does| do)?|wat|define|definition|meaning|describe"
    r"|explain"
    r"|give (?:me )?(?:a|the) definition)\b", re.IGNORECASE)
_MORE = re.compile(
    r"\b(?:in (?:more|greater|further) detail|more detail(?:s|ed)?|elaborate|expand on|tell me more"
    r"|say more|more (?:please|about (?:it|this|that))|longer answer|dig deeper"
    r"|anything else)\b|^(?:more|and\?|go on|continue)\W*$", re.IGNORECASE)
_SIMPLER = re.compile(
    r"\b(?:simpl(?:er|y|e words?|e terms?|ify)|plain (?:words|english|language)|layman\w*"
    r"|like (?:i'm|i am"
    r"|im) (?:five|5|a (?:child|kid))|eli5|easier|for (?:a |my )?(?:child|kids?(?!-|\w)|beginners?"
    r"|journalist"
    r"|grandmother)|dumb it down|i (?:don't|do not|dont) (?:understand|get) (?:it|that|this))\b",
    re.IGNORECASE)


def kind_of(question: str) -> Kind:
    """The kind of a question; of a bare term ("BAO?") a definition.

    Args:
        question: as typed; of several sentences the last one that asks counts.
    """
    text = _asked(question)
    if (_YES_NO.match(_main_clause(text)) or _STATE.match(text) or _IF.match(text)
            or _FITS.match(text)
            ) and not _SIDES.search(text):
        return "yes_no"
    if _COMPARISON.search(text) and not _WHY.match(text):
        return "comparison"
    if _EPOCH.match(text):
        return "value"
    for kind, pattern in _THEN:
        if pattern.match(text) if kind != "value" else pattern.search(text):
            return kind
    return "value" if _quantity_of_a_name(text) else "definition"


def _quantity_of_a_name(text: str) -> bool:
    """Whether a few words without a verb name a quantity and whose it is ("SPT-3G H0"), or only the
    symbol of one ("H0?")."""
    if _BARE_SYMBOL.fullmatch(text):
        return True
    return (len(text.split()) <= _FEW_WORDS and not _DEFINITION.match(text)
            and _QUANTITY.search(text) is not None and bool(names_in(text))
            and not library_names().passages(text))  # "Hubble radius" is a thing's name


def _main_clause(text: str) -> str:
    """A question without what stands in front of it: "at z = 0, do ...", "PNG: is it ..."."""
    for cut in _FRONT.finditer(text):
        rest = text[cut.end() :].lstrip()
        if _YES_NO.match(rest):
            return rest
    return text


_FRONT = re.compile(r"[,;:?.]\s|\s[-–—]+\s")
_SIDES = re.compile(r"\b(?:differences?|compare|comparison|versus|vs\.?)\b", re.IGNORECASE)
_THEN: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("list", _LIST), ("who_when", _WHO_WHEN), ("why", _WHY), ("yes_no", _YES_NO), ("value", _VALUE),
    ("how", _HOW), ("definition", _DEFINITION),
)


def _asked(question: str) -> str:
    """The part that asks, without politeness."""
    text = clean(question)[:2000]
    asking = _LAST.findall(text)
    if asking and len(text) > 200:
        text = asking[-1].strip()
    if _TAG.search(text):
        return f"is it {text}"
    return _POLITE.sub("", text, count=1).strip() or text


def more_wanted(question: str) -> bool:
    """Whether more of the last answer is asked for, and nothing new."""
    return _MORE.search(question) is not None and len(question) < 90


def simpler_wanted(question: str) -> bool:
    """Whether plain words are asked for."""
    return _SIMPLER.search(question) is not None
