"""Whether a number in an abstract is a result, and its stated confidence level.

All functions are for text in flat notation (:mod:`core.literature.text.flat_math`).

Example:
    >>> Claims("Assuming a flat universe, we find w = -1.0 ± 0.1 (68% CL).").is_assumed(35, 38)
    False
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

__all__ = ["Claims"]

_FINDING = (
    r"(?:find|found|obtain|provid|measur|yield|infer|constrain|deriv|determin|giv|gave|report|result"
    r"|get|got|recover|estimat|best[- ]fit|detect|lead|prefer|return|deliver|show|present|reject"
    r"|set|place|achiev|observ|confirm|reveal)"
)
_MODAL = r"(?:will|would|could|can|may|might|should|expect(?:ed|s)?|if|requir\w*|need\w*)"
_CUE = re.compile(
    rf"\b(?P<assumed>{_MODAL}\b(?: [\w-]{{1,15}}){{0,3}}? {_FINDING}\w*"
    r"|assum(?!ption)\w*|assumption (?:of|that)|adopt\w*|fix(?:ed|ing|es)?\b|suppos\w*|hypothetical"
    r"|fiducial (?!(?:analys|result|constraint|data|pipeline|case|set))|input|true\b|truth|mock\w*"
    r"|simulated|synthetic|simulations? (?:with|of|assuming|for|that)|toy|priors?\b(?! to)"
    r"|characteri[sz]ed by|if\b|will\b|for instance|e\.g\.|such as|would|could|should|predict\w*)"
    rf"|\b(?P<found>{_FINDING}\w*)",
    re.IGNORECASE,
)
_FORECAST = re.compile(r"\b(?:forecast\w*|Fisher|expected to|projected (?:constraint|uncertaint)"
                       r"|we (?:expect|predict)|will be)", re.IGNORECASE)
_AFTERWARDS = re.compile(
    r"[^.;]{0,30}?\b(?:is|are|was|were|being) (?:assumed|adopted|fixed|used|taken|imposed)\b"
    r"|[^.;,]{0,15}?\b(?:as (?:an? )?(?:[A-Z]\w+ )?prior|prior\b)"
)
_IN_FUTURE = re.compile(
    r"[^.;]{0,50}?\b(?:is|are|will be|could be|can be|would be|may be) (?:\w+ )?(?:expected|"
    r"achievable|attainable|reached|achieved|forecast|within reach|feasible|possible|anticipated)\b"
)
_OF_MOCKS = re.compile(
    r"\b(?:[Mm]ocks?|[Mm]ock (?:data|catalog\w*|observations?)|[Ss]ynthetic (?:data|maps?|"
    r"catalog\w*)"
    r"|[Ss]imulated (?:data|maps?|catalog\w*|surveys?|observations?))\b(?:[^.;,]|\.(?=\d)){0,80}$"
)
_ON_MOCKS = re.compile(
    r"[^.;,=±]{0,30}?\b(?:from|in|on|with|for|using) (?:the |our |these )?(?:\w+ )?"
    r"(?:[Mm]ocks?|[Ss]imulated|[Ss]ynthetic)\b"
)
_INPUT = re.compile(
    r"\b(?:(?:[Cc]ombin|[Uu]s|[Aa]dopt|[Ii]nclud|[Aa]dd|[Ii]mpos|[Tt]ak)ing"
    r"|(?:[Cc]ombined|[Tt]ogether|[Cc]alibrated) (?:with|to|by))\b"
    r"(?:(?!\b(?:we|yield|giv|lead|provid|result|find|obtain))[^,;.=]){0,60}?\b(?:measurement|value"
    r"|constraint|prior|determination|estimate|likelihood)s?(?: (?:of|on|for))?(?: the)? ?"
    r"(?:[\w ]{0,30})$"
)
_FORECASTS = re.compile(r"\b(?:[Ww]e|paper|work) (?:\w+ )?forecast|Fisher (?:forecast|matrix|"
                        r"analysis)"
                        r"|\b[Ff]orecasts? (?:for|of)\b")
_SURVEY_TO_COME = re.compile(
    r"Stage[- ]?(?:IV|V|4|5)|\b(?:Euclid|LSST|Rubin|Roman|SKA|CMB-S4|CMB-HD|LiteBIRD|CSST|SPHEREx"
    r"|Simons Observatory|Einstein Telescope|Cosmic Explorer|LISA|MegaMapper|HIRAX|future|upcoming"
    r"|forthcoming|next-generation)\b"
)
_REFUSED = re.compile(
    r"[^.;,]{0,60}?\b(?:excluded|ruled out|disfavou?red|rejected|discarded|incompatible)\b"
)
_REFUSING = re.compile(
    r"\b(?:exclud\w*|rul(?:e|es|ed|ing) out|disfavou?r\w*|reject\w*)[^.;,]{0,40}$"
)
_DENIED = re.compile(
    r"\b(?:[Nn]o|[Nn]ot|[Nn]one|[Nn]ever|[Nn]either|cannot|without)\b[^.;,]{0,70}$"
)
_CONDITION = re.compile(r"\b(?:with|for|when|where|if|and|or|having) $")
_SUPPOSED = re.compile(
    r"(?:^|[ ,(])(?:[Ii]f|[Uu]nless|[Ss]uppos\w+|[Ww]ere|[Aa]ssum\w+|[Pp]rovided|[Ww]hether"
    r"|[Hh]ad|as though|as if)\b(?:(?!, (?:then|we)\b|; )[^;]){0,120}$"
)
_LIMIT = re.compile(r"^\w{1,8} ?[<>]")
_SENTENCE = re.compile(
    r"(?<!\bal)(?<!\bcf)(?<!\bvs)(?<!\b[Ee]q)(?<!\b[Ee]qs)(?<!\b[Ff]ig)(?<!\b[Rr]ef)(?<!\b[Ss]ec)"
    r"(?<!\bVol)(?<!\bTab)(?<!\bapprox)(?<!\b[A-Z])(?<!i\.e)(?<!e\.g)[.!?;] (?=[A-Z$(])"
)
_LEVEL = re.compile(
    r"(?P<percent>\d{2}(?:\.\d{1,3})?) ?(?:%|per cent|percent) ?[-(]?(?:C\.? ?L\b|c\.? ?l\b"
    r"|[Cc]onfiden|[Cc]redib|C\.? ?I\b|HDI|HPD|HDR|probab|level|limit|upper|lower|bound)"
    r"|\((?P<bare>\d{2}(?:\.\d{1,3})?)%\)"
    r"|(?P<sigma>[1-5])[- ]?σ ?[-(]?(?:C\.? ?L\b|c\.? ?l\b|[Cc]onfiden|[Cc]redib|level|error"
    r"|uncertaint|limit|upper|lower|bound)"
    r"|\((?P<baresigma>[1-5])σ\)|at (?P<atsigma>[1-5])[- ]?σ(?=[.,;)]|$)"
)
_OF_ANOTHER = re.compile(r"[=<>~±] ?-?[\d.]+[^=<>]{0,30}$")
_BY_SIGMA = {1: 0.6827, 2: 0.9545, 3: 0.9973, 4: 0.99994, 5: 0.9999994}
_NEAR = 45
_MOST = 12


class Claims:
    """What an abstract says about its numbers.

    Args:
        text: the abstract in flat notation.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._forecasts = _FORECASTS.search(text) is not None
        self._starts = [0, *(m.end() for m in _SENTENCE.finditer(text))]
        self._levels = [(m.start(), m.end(), _confidence(m)) for m in _LEVEL.finditer(text)]

    def sentence(self, at: int) -> tuple[int, int]:
        """Start and end of the sentence around ``at``."""
        index = bisect_right(self._starts, at)
        end = self._starts[index] if index < len(self._starts) else len(self.text)
        return self._starts[index - 1], end

    def is_assumed(self, start: int, end: int) -> bool:
        """Whether the value at ``start`` to ``end`` is assumed, simulated, forecast or predicted.

        The nearest cue before it in its sentence decides: "assuming a flat universe we find" is a
        result, "we find that a model with fixed" is not.
        """
        begin, stop = self.sentence(start)
        before = self.text[max(begin, start - 400) : start]
        after = self.text[end : min(stop, end + 80)]
        if _FORECAST.search(before) or self._is_forecast(begin, stop):
            return True
        if any(cue.match(after) for cue in (_AFTERWARDS, _IN_FUTURE, _ON_MOCKS)):
            return True
        if _OF_MOCKS.search(before) or _INPUT.search(before):
            return True
        cues = [match.lastgroup for match in _CUE.finditer(before)]
        return bool(cues) and cues[-1] == "assumed"

    def _is_forecast(self, begin: int, stop: int) -> bool:
        """Whether a paper of forecasts speaks here of a survey that is to come."""
        return self._forecasts and _SURVEY_TO_COME.search(self.text, begin, stop) is not None

    def is_condition(self, start: int, end: int) -> bool:
        """Whether the limit at ``start`` to ``end`` only selects: "models with w < -1"."""
        before = self.text[max(self.sentence(start)[0], start - 12) : start]
        return bool(_CONDITION.search(before) and _LIMIT.search(self.text[start:end]))

    def is_supposed(self, start: int) -> bool:
        """Whether the value at ``start`` stands in a condition: "if it ends at z = 8"."""
        begin = max(self.sentence(start)[0], start - 160)
        return _SUPPOSED.search(self.text[begin:start]) is not None

    def is_excluded(self, start: int, end: int) -> bool:
        """Whether the range at ``start`` to ``end`` is one that is ruled out."""
        begin, stop = self.sentence(start)
        before = self.text[max(begin, start - 80) : start]
        if _DENIED.search(before):
            return True
        after = self.text[end : min(stop, end + 100)]
        return bool(_REFUSED.match(after) or _REFUSING.search(before))

    def confidences(self, spans: list[tuple[int, int, bool]]) -> list[float | None]:
        """The confidence stated for each of the values, from 0 to 1; None where none is.

        A level right behind a value belongs to it and to those before it in the sentence that have
        none; one in front of all belongs to those that follow in the sentence. Only a level near
        68% is shared between values with errors and limits.

        Args:
            spans: start, end and whether it has errors, of every value in order.
        """
        levels: list[float | None] = [None] * len(spans)
        starts = [start for start, _, _ in spans]
        for start, end, level in self._levels:
            begin, stop = self.sentence(start)
            at = bisect_left(starts, start)
            near = range(max(0, at - _MOST), min(len(spans), at + _MOST))
            inside = [i for i in near if begin <= spans[i][0] and spans[i][1] <= stop]
            behind = [i for i in inside if spans[i][1] <= start + 1]
            if behind and start - spans[behind[-1]][1] <= _NEAR:
                alike = [i for i in behind if level < 0.7 or spans[i][2] == spans[behind[-1]][2]]
                self._attach(levels, alike, level)
            elif not _OF_ANOTHER.search(self.text[max(begin, start - 40) : start]):
                self._attach(levels, [i for i in inside if spans[i][0] >= end], level)
        return levels

    @staticmethod
    def _attach(levels: list[float | None], chosen: list[int], level: float) -> None:
        for index in chosen:
            if levels[index] is None:
                levels[index] = level


def _confidence(match: re.Match[str]) -> float:
    percent = match["percent"] or match["bare"]
    if percent:
        return float(percent) / 100
    return _BY_SIGMA[int(match["sigma"] or match["baresigma"] or match["atsigma"])]
