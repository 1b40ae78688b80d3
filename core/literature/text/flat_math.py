r"""Abstracts in flat notation, so that one pattern finds a formula in all its spellings.

Example:
    >>> flatten(r"$H_{\rm 0} = 70\,\pm 2$ km s$^{-1}$").text
    'H_0 = 70 ± 2 km s^-1'
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Flat", "flatten"]

_STYLE_NAMES = (
    "mathrm rm text textrm textit textbf texttt textsc mathit mathbf mathsf mathtt it bf sc tt em "
    "emph mbox hbox left right big Big bigg Bigg displaystyle mathcal cal boldsymbol bm bar "
    "overline hat widehat tilde vec langle rangle ensuremath operatorname mathord limits"
)
_STYLES = "|".join(_STYLE_NAMES.split())

_SIGNS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "Delta": "Δ", "nu": "ν", "mu": "μ",
    "omega": "ω", "Omega": "Ω", "sigma": "σ", "Sigma": "Σ", "sum": "Σ", "tau": "τ", "Lambda": "Λ",
    "lambda": "λ", "epsilon": "ε", "varepsilon": "ε", "theta": "θ", "xi": "ξ", "phi": "φ",
    "chi": "χ", "kappa": "κ", "rho": "ρ", "pi": "π", "eta": "η", "Phi": "Φ", "Psi": "Ψ",
    "odot": "⊙", "sun": "⊙", "Msun": "M_⊙", "msun": "M_⊙", "Sun": "⊙", "hMsun": "h^-1 M_⊙",
    "pm": "±", "times": "×", "cdot": "·", "sqrt": "√", "equiv": "≡", "in": "∈", "infty": "∞",
    "sim": "~", "simeq": "~", "approx": "~", "approxeq": "~", "cong": "~",
    "lt": "<", "le": "<", "leq": "<", "leqslant": "<", "lesssim": "<", "lsim": "<", "leqq": "<",
    "gt": ">", "ge": ">", "geq": ">", "geqslant": ">", "gtrsim": ">", "gsim": ">", "geqq": ">",
    "prime": "'", "log": "log", "ln": "ln", "quad": " ", "qquad": " ", "thinspace": " ",
    "ell": "ℓ", "star": "*", "ast": "*", "percent": "%", "sc": "", "kms": "km s^-1",
    "degree": "°", "deg": "deg", "circ": "°", "dots": "…", "ldots": "…", "to": "→",
    "km": "km", "s": "s", "Mpc": "Mpc", "kpc": "kpc", "eV": "eV", "per": "/",
    "kmsMpc": "km/s/Mpc", "kmsmpc": "km/s/Mpc", "Hunit": "km/s/Mpc", "Hunits": "km/s/Mpc",
    "hunits": "km/s/Mpc",
}

_CHARACTERS = {
    "−": "-", "–": "–", "—": "—", "∼": "~", "≈": "~", "≃": "~", "≲": "<", "≤": "<", "⩽": "<",
    "≳": ">", "≥": ">", "⩾": ">", "∑": "Σ", "☉": "⊙", "μ": "μ", "µ": "μ", "\u00a0": " ",
}

_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-", strict=True))
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉ₘₛₐ", "0123456789msa", strict=True))

_PIECE = re.compile(
    r"(?P<plain>[A-Za-z0-9.,;:()\[\]=<>/!?'%*|]+)"
    r"|\\(?:" + _STYLES + r")(?![A-Za-z])\s?"
    r"|\\[A-Za-z]+"
    r"|\\."
    r"|[${}]"
    r"|\+/-|\+-|---?"
    rf"|[{''.join(_RAISED)}]+|[{''.join(_LOWERED)}]+"
    r"|\s+"
    r"|.",
    re.DOTALL,
)
_NUMBER_NEXT = re.compile(r" ?\$?[-.\d]")
_STYLE = re.compile(r"\\(?:" + _STYLES + r")(?![A-Za-z])\s?")


@dataclass(frozen=True)
class Flat:
    """A text in flat notation and where it comes from.

    Attributes:
        text: mathematics without dollars, braces and fonts; Greek letters, relations and plus-minus
            as single characters; spaces single.
        starts, ends: for every character of ``text`` the part of the original it stands for.
    """

    text: str
    starts: list[int]
    ends: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The part of the original behind ``text[start:end]``, which is not empty."""
        return self.starts[start], self.ends[end - 1]


def flatten(text: str) -> Flat:
    """Rewrite an abstract in flat notation, in time linear in its length."""
    output: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _PIECE.finditer(text):
        if match["plain"]:
            output.extend(match["plain"])
            starts.extend(range(match.start(), match.end()))
            ends.extend(range(match.start() + 1, match.end() + 1))
            continue
        written = _rewritten(match[0], text[match.end() : match.end() + 3])
        if written in ("_", "^") and output and output[-1] == " ":
            for pile in (output, starts, ends):
                pile.pop()
        if written == " " and (not output or output[-1] in " _^"):
            continue
        for character in written:
            output.append(character)
            starts.append(match.start())
            ends.append(match.end())
    return Flat("".join(output), starts, ends)


def _rewritten(piece: str, following: str) -> str:
    if piece[0] == "\\" and len(piece) > 1:
        return _command(piece)
    if piece in ("$", "{", "}"):
        return ""
    if piece in ("+/-", "+-"):
        return "±"
    if piece in ("--", "---"):
        return "–"
    if piece == "~":
        return "~" if _NUMBER_NEXT.match(following) else " "
    if piece.isspace():
        return " "
    if piece[0] in _RAISED:
        return "^" + "".join(_RAISED[character] for character in piece)
    if piece[0] in _LOWERED:
        return "_" + "".join(_LOWERED[character] for character in piece)
    return _CHARACTERS.get(piece, piece)


def _command(piece: str) -> str:
    if _STYLE.fullmatch(piece):
        return ""
    name = piece[1:]
    if name.isalpha():
        return _SIGNS.get(name, piece)
    if name in ",;: " or name.isspace():
        return " "
    return name if name in "%$&#_" else ""
