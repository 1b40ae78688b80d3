"""The quantities of cosmology: patterns of their symbols, and their possible values.

All patterns are for text in flat notation (:mod:`core.literature.text.flat_math`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["QUANTITIES", "SYMBOL", "Quantity", "symbols"]


@dataclass(frozen=True)
class Quantity:
    """A quantity that abstracts give numbers for.

    Attributes:
        name: as :class:`core.literature.measurements.extract.Measurement` uses it.
        pattern: of its symbol or its name.
        low, high: values outside were misread or mean something else.
        unit: in which :attr:`low` and :attr:`high` are; empty without one.
        context: pattern that has to occur in the abstract; empty if any will do.
        trivial: the value of the standard model, which without an error is no measurement.
    """

    name: str
    pattern: str
    low: float
    high: float
    unit: str = ""
    context: str = ""
    trivial: float | None = None


_NAUGHT = r"(?:,?0)?"
_HUBBLE = r"[Hh]ubble(?:[- ]Lema[iî]tre)? (?:constant|parameter)"
_TRACER = (
    r"(?:[Gg]alaxy|[Qq]uasar|[Hh]alo|[Ll]inear|[Cc]lustering|[Tt]racer|[Vv]oid|[Cc]luster|HI"
    r"|[Ee]ffective) bias\b|\bbias (?:parameter|factor)s?\b"
    r"|\bbias of (?:the |these )?(?:[\w-]+ ){0,2}(?:quasars|galax|haloe?s|LRGs?|ELGs?|QSOs?"
    r"|clusters|"
    r"voids|hosts?|emitters|absorbers)"
)
_REST = r"(?:\^\d?[A-Za-z]{1,12}|\^\([A-Za-z ]{1,12}\))?"

QUANTITIES: tuple[Quantity, ...] = (
    Quantity("H0", rf"H_?[0o]{_REST}|{_HUBBLE}(?:,? ?\(?H_?0\)?,?)?", 40, 120, "km/s/Mpc"),
    Quantity("h", r"h", 0.4, 1.2),
    Quantity("S8", r"S_?8" + _REST, 0.3, 1.5),
    Quantity("f_sigma_8",
             r"f ?_?(?:σ|sigma)_?8(?:\((?:z(?:_eff)? ?[=~] ?)?[\d.]{1,5}\))?", 0.05, 1.2),
    Quantity("sigma_8", r"(?:σ|sigma)_?(?:8,0|8)" + _REST, 0.3, 1.6),
    Quantity("Omega_m h2", r"(?:Ω_(?:m|M),?0? ?h\^2|ω_m)", 0.05, 0.3),
    Quantity("Omega_b h2", r"(?:Ω_b,?0? ?h\^2|ω_b)", 0.01, 0.05),
    Quantity("Omega_c h2", r"(?:Ω_(?:c|cdm|CDM),?0? ?h\^2|ω_(?:cdm|c|CDM))", 0.03, 0.3),
    Quantity("Omega_m", rf"(?:Ω|Omega)_?(?:0,?)?(?:m|M|matter){_NAUGHT}", 0.02, 1.0),
    Quantity("Omega_b", rf"(?:Ω|Omega)_?b{_NAUGHT}", 0.005, 0.3),
    Quantity("Omega_Lambda", rf"(?:Ω|Omega)_?(?:Λ|DE|de){_NAUGHT}", 0.0, 1.2),
    Quantity("Omega_k", rf"(?:Ω|Omega)_?(?:k|K|curv){_NAUGHT}", -1.5, 1.5, trivial=0.0),
    Quantity("w0", r"w_(?:0|DE,0|de,0)", -6, 2, trivial=-1.0),
    Quantity("wa", r"w_a", -20, 20, trivial=0.0),
    Quantity("w", r"w(?:_(?:DE|de|X|x))?", -6, 0.5, trivial=-1.0),
    Quantity("n_s", r"n_[sS]", 0.8, 1.2),
    Quantity("ln10^10As", r"(?:ln|log) ?[(\[]? ?10\^10 ?A_[sS] ?[)\]]?", 2.0, 4.0),
    Quantity("10^9As", r"10\^9 ?A_[sS]|A_[sS] ?× ?10\^9", 1.0, 4.0),
    Quantity(
        "sum_mnu",
        r"Σ(?:_[iν])? ?m_(?:ν,?i?|i)|(?:M|m)_(?:ν,?(?:tot)?|tot)|Σν"
        r"|sum of (?:the )?(?:active )?neutrino masses(?:,? ?\(?Σ ?m_ν\)?)?",
        0.0, 30.0, "eV",
    ),
    Quantity("N_eff", r"N_(?:eff|ν)", 0.5, 8.0),
    Quantity("f_NL", r"f_(?:NL|nl)(?:[\^,](?:local|loc))?|f\^(?:local|loc)_(?:NL|nl)",
             -1e5, 1e6, trivial=0.0),
    Quantity("f_NL equilateral", r"f_(?:NL|nl)[\^,](?:equil|equi|eq)|f\^(?:equil|eq)_(?:NL|nl)",
             -1e5, 1e5, trivial=0.0),
    Quantity("f_NL orthogonal", r"f_(?:NL|nl)[\^,](?:orthog|ortho|orth|ort)"
             r"|f\^(?:ortho|orth)_(?:NL|nl)", -1e5, 1e5, trivial=0.0),
    Quantity("r", r"(?:tensor-to-scalar ratio,? ?\(?)?r(?:_(?:0\.\d{1,3}|T))?\)?"
             r"|tensor-to-scalar ratio", 0.0, 2.0, context=r"[Tt]ensor|ravitational wave|B\$?-mode",
             trivial=0.0),
    Quantity("tau", r"(?:τ|tau)(?:_(?:reio|rei|re|e|es|T))?", 0.01, 0.3,
             context=r"optical depth|reioni[sz]"),
    Quantity("z_re", r"z_(?:reion|reio|rei|re|ri)", 3.0, 30.0),
    Quantity("q0", r"q_0", -3.0, 2.0),
    Quantity("r_d", r"r_d(?:rag)?", 80.0, 220.0, "Mpc"),
    Quantity("A_ISW", r"A_(?:ISW|iSW|isw)", -20.0, 40.0, trivial=1.0),
    Quantity("A_lens", r"A_(?:L|lens|Lens|lensing|κ|φφ|φ)(?:\^(?:φφ|κκ|φ))?", -2.0, 5.0,
             trivial=1.0),
    Quantity("A_IA", r"A_(?:IA|1)", -20.0, 20.0, context=r"[Ii]ntrinsic[- ][Aa]lignment|\bIA\b"),
    Quantity("1-b", r"1 ?[-–] ?b(?:_(?:H|SZ|HSE|hyd\w*))?\)?", 0.2, 2.0),
    Quantity("bias", r"b(?:_(?:1|g|h|L|q|Q|lin|gal|eff|LRG|ELG|QSO|BGS|HI))?"
             r"|(?:(?:[Ll]inear|[Ee]ffective|[Ll]arge-scale) )*(?:(?:[Gg]alaxy|[Qq]uasar|[Hh]alo|"
             r"[Tt]racer|[Cc]lustering|[Vv]oid|[Cc]luster) )?bias(?: parameter| factor)?"
             r"(?:,? \(?b(?:_\w{1,4})?\)?)?",
             0.3, 15.0, context=_TRACER, trivial=1.0),
    Quantity("M_B", r"M_B", -21.0, -17.0, "mag", context=r"upernova|SN"),
    Quantity("z", r"(?<!-)z(?:_(?:eff|s|spec|phot|l|med|median|mean|lens|source))?", 0.0, 2e4),
)

_BEFORE = r"(?<![\w^/\\'.])(?<!Δ )(?<!δ )(?<![σΔδ]\()"

SYMBOL = re.compile(
    _BEFORE
    + "(?:"
    + "|".join(f"(?P<q{i}>{quantity.pattern})" for i, quantity in enumerate(QUANTITIES))
    + r"|(?P<other>[A-Za-zΑ-ω]'?(?:[_^][\w⊙*,']{1,8}){1,2}|[A-Za-zα-ω](?=,| and ))"
    + ")"
    + r"(?![\w^'])"
)
"""Finds symbols; group ``q7`` is the eighth quantity, ``other`` one that is not in the list."""


def symbols(text: str) -> list[tuple[Quantity | None, int, int]]:
    """Quantities in order with the start and the end of their symbols; None for other symbols.

    A quantity whose context is not in the text counts as another symbol.
    """
    fits = [not q.context or re.search(q.context, text) is not None for q in QUANTITIES]
    found: list[tuple[Quantity | None, int, int]] = []
    for match in SYMBOL.finditer(text):
        name = match.lastgroup or "other"
        index = int(name[1:]) if name.startswith("q") else -1
        quantity = QUANTITIES[index] if index >= 0 and fits[index] else None
        found.append((quantity, match.start(), match.end()))
    return found
