"""Whose a number is: this paper's, or one that it quotes to compare with, in flat notation.

Example:
    >>> text = "We find S8 = 0.76 ± 0.02, lower than the Planck value of S8 = 0.83 ± 0.02."
    >>> Sources(text, Claims(text)).is_quoted(62, 78)
    True
"""

from __future__ import annotations

import re

from core.literature.facets.vocabulary import SURVEYS
from core.literature.measurements.context import Claims

__all__ = ["SOURCE", "Sources"]

SOURCE = (
    r"(?:" + "|".join(f"(?:{pattern})" for pattern in SURVEYS.values())
    + r"|SH0ES|S[Hh]oES|CCHP|H0LiCOW|TDCOSMO|SPARC|Riess|Freedman)"
)
"""Who may have measured something: surveys, telescopes and teams."""

_VALUE = (
    r"(?:values?|results?|measurements?|constraints?|estimates?|determinations?|predictions?|"
    r"inferences?|expectations?|best[- ]fits?|analys[ie]s|findings?|posteriors?|numbers?)"
)
_EARLIER = (
    r"(?:literature|previous(?:ly)?|earlier|published|past|prior|recent|latest|canonical|accepted|"
    r"concordance|other|existing|fiducial|external|independent|reported)"
)
_ELSEWHERE = (
    r"(?:local|CMB|early[- ](?:[Uu]niverse|time)|late[- ](?:[Uu]niverse|time)|distance[- ]ladder|"
    r"Λ?CDM|L?CDM|standard|primary CMB|microwave background|cosmic shear|weak[- ]lensing|BBN)"
)
_TOLD = (
    r"(?:found|reported|measured|obtained|inferred|claimed|published|derived|determined|estimated|"
    r"gave|suggested|advocated|announced)"
)
_COMPARES = (
    r"(?:compar(?:ed|ison|ing|able|es?)(?: \w+)? (?:to|with)|relative to|in contrast (?:to|with)|"
    r"contrast(?:s|ing)? with|as opposed to|than|(?:tension|conflict|odds|variance) with|"
    r"discrepan\w+ (?:with|from)|versus|vs\.?|away from|(?:differ|deviat|depart|offset)\w* from|"
    r"(?:is|are|lies|be) from|unlike|contrary to|instead of|rather than|(?:dis)?agree\w* (?:\w+ )?"
    r"with|(?:dis)?agreement (?:\w+ )?with|σ from)"
)
_CUE = re.compile(
    rf"(?P<quoted>\b(?i:{_COMPARES})\b"
    rf"|\b(?i:the|their|its|an?) (?:[\w+/-]+ ){{0,2}}?{_EARLIER} (?:[\w+/-]+ ){{0,3}}?{_VALUE}\b"
    rf"|\b(?i:the|their) (?:[\w+/-]+ ){{0,2}}?{_ELSEWHERE} (?:[\w+/-]+ ){{0,3}}?{_VALUE}\b"
    r"(?! (?:alone )?(?:yields?|gives?|leads?|results? in|returns?|moves?|shifts?))"
    rf"|\b(?i:the|their) {_EARLIER} ?$"
    rf"|{SOURCE}(?: \w+)?,? and (?:the )?{SOURCE}(?: \w+)? (?:find|report|measure|infer|obtain)\b"
    rf"|\b{SOURCE}(?:'s)?(?:[ -](?:20\d\d|[\w+/-]+)){{0,3}}? {_VALUE}\b"
    rf"|\bet al\b\.?,? ?(?:\(\d{{4}}\w?\)|\d{{4}}\w?)?(?: \w+){{0,2}} ?(?:{_TOLD}|finds?|"
    rf"reports?)\b"
    rf"|\b(?:{SOURCE}|[Tt]eams?|[Cc]ollaborations?|[Gg]roups?)(?: (?:\(?\d{{4}}\)?|\w+)){{0,2}}? "
    rf"(?:has |have |had )?(?:recently |previously |also )?{_TOLD}\b"
    rf"|\b(?i:{_EARLIER}) (?:[\w+/-]+ ){{0,3}}?(?:stud(?:y|ies)|works?|analys[ie]s|measurements?|"
    r"results?|papers?|authors?|claims?)\b"
    rf"|\b(?i:while|whereas|but) (?:the )?{SOURCE} "
    rf"|\b(?:has|have|had|was|were) (?:\w+ )?previously\b"
    rf"|\([^()]{{0,30}}?{SOURCE}[^()]{{0,20}}?[:=,] ?)"
    r"|(?P<own>\b(?:[Ww]e|[Oo]urs?|I)\b|\b[Tt]his (?:work|paper|analysis|study|letter|article)\b"
    r"|\b[Hh]ere\b|;|, (?:giving|yielding|finding|obtaining|resulting in|leading to"
    r"|and (?:finds?|obtains?|infers?|measures?|constrains?|derives?|gives?|yields?))\b"
    r"|\b(?:moves?|shifts?|changes?|updated|revised|becomes?) (?:\w+ )?(?:to|by)?\b"
    r"|\b(?:[Tt]he|[Tt]hese) (?:\w+ )?data (?:alone )?(?:give|yield|prefer|favou?r|imply)\b)"
)
_WEAK = re.compile(
    r"\b(?:consistent|compatible|inconsistent|accord(?:ance)?) (?:\w+ )?with\b[^;=]{0,80}$"
)
_OPPOSED = re.compile(
    rf"(?:^; |[;,] |\b(?:while|whereas|but|though|although) )(?:the )?{SOURCE}(?: "
    rf"(?!and\b)[\w+-]+){{0,2}} "
    r"(?:reports?|gives?|finds?|prefers?|yields?|favou?rs?|measures?|infers?|implies|has|predicts?)\b"
    r"[^;,]*$"
)
_AFTER = re.compile(
    r"[)\]]?(?: ?\([^()]{0,40}\))?,? ?(?:which |that |as )?(?:is |was |were |has been |have been )?"
    r"(?:recently |previously |originally |independently )?"
    rf"(?:{_TOLD}|given|quoted|favou?red|preferred|predicted|expected) "
    r"(?:by|in|from) (?:the |an? )?"
    rf"(?!this\b|our\b|us\b|combin|fit|[\wΛ]*CDM\b|(?:flat|spatially|non|an?|joint)\b)"
    rf"(?:{SOURCE}|[A-Z][\w'-]+|{_EARLIER}|standard|general relativity|local)"
    r"|[^.;,()=±]{0,25}\(?[A-Z]\w+ et al\b"
    r"|[^.;,()=±]{0,12}that (?:[\w-]+ ){1,3}predicts?\b"
)
_NAMES_SOURCE = re.compile(rf"\b(?:{SOURCE}|{_VALUE}|{_ELSEWHERE}|{_EARLIER})\b")
_NEW_ITEM = re.compile(r"[,;] (?:and|with|while|as well as|together with)\b(?P<item>[^,;=]*)$")
_RATIO = re.compile(
    r"(?:[Rr]elative to|[Cc]ompared (?:to|with)|[Ww]ith respect to|over) "
    r"(?:(?!which|that|and\b)[\wΛ-]+ ){1,5}"
    r"(?:is|was|are|equals)(?: (?:found|measured|constrained|inferred)(?: to be)?)? "
)
_BEGINS = re.compile(_COMPARES, re.IGNORECASE)
_OPENS = re.compile(r"(?:[A-Z]\w+ )?$")
_OWN_WORK = re.compile(
    r"\b(?:[Ww]e|[Oo]ur|I)\b|\b(?:[Ii]n )?[Tt]his (?:work|paper|analysis|study|letter|article|"
    r"thesis)"
    r"|\b[Hh]ere\b|\b(?:is|are) (?:presented|reported|found|obtained)\b"
)
_OF_OTHERS = re.compile(
    r"\b(?:tension|discrepan\w+|disagree\w*|while|whereas|but|has|have|reported|found|measured|"
    r"previous\w*|local|recent\w*|latest|long-standing)\b"
)
_REACH = 220


class Sources:
    """What an abstract says about where its numbers come from.

    Args:
        text: the abstract in flat notation.
        claims: of the same text.
    """

    def __init__(self, text: str, claims: Claims) -> None:
        self.text, self._claims = text, claims
        own = _OWN_WORK.search(text)
        self._own_from = claims.sentence(own.start())[0] if own else 0

    def is_quoted(self, start: int, end: int, repeated: bool = False) -> bool:
        """Whether the value at ``start`` to ``end`` is another work's.

        Args:
            start, end: of the value with its symbol.
            repeated: the paper has given a value of this quantity before.
        """
        begin, stop = self._claims.sentence(start)
        before = self.text[max(begin, start - _REACH) : start]
        after = self.text[end : min(stop, end + 90)]
        if start < self._own_from and _OF_OTHERS.search(self.text[begin:stop]):
            return True
        if _AFTER.match(after):
            return True
        cues = list(_CUE.finditer(before))
        own = max((cue.end() for cue in cues if cue.lastgroup == "own"), default=0)
        if repeated and _OPPOSED.search(self.text[max(0, begin - 2) : start]):
            return True
        if repeated and (weak := _WEAK.search(before, own)) and not _is_over(weak[0]):
            return True
        if not cues or cues[-1].lastgroup == "own":
            return False
        first = len(cues) - 1
        while first and cues[first - 1].lastgroup == "quoted":
            first -= 1
        since = before[cues[first].start() :]
        opens = _OPENS.fullmatch(self.text[begin : start - len(since)]) is not None
        if _RATIO.fullmatch(since) and not _NAMES_SOURCE.search(since):
            return False
        return not (_is_over(since) or (opens and _goes_on(since)))


def _goes_on(since: str) -> bool:
    """Whether a sentence that begins with what it compares to has come to its own matter."""
    return _BEGINS.match(since) is not None and ", " in since


def _is_over(since: str) -> bool:
    """Whether another item of the sentence has begun: "in tension with Planck, and Omega_m"."""
    item = _NEW_ITEM.search(since)
    return item is not None and not _NAMES_SOURCE.search(item["item"])
