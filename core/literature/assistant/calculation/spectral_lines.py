"""Spectral lines by the names that people type; wavelengths in vacuum.

Atomic lines as in NIST and SDSS's vacuum list, molecular and fine-structure lines as in CDMS and
Splatalogue, the 21 cm line from Hellwig et al. (1970).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["LINES", "Line", "line_in"]


@dataclass(frozen=True)
class Line:
    """A line: its name, the value it has at rest, and the unit of that (MHz, GHz, Å, keV, μm)."""

    name: str
    rest: float
    unit: str
    pattern: str


def _ion(element: str, stage: str) -> str:
    return rf"(?-i:\[? ?{element} ?-?{stage} ?\]?)"


_A = r"(?: ?(?:Å|A|angstroms?|Angstroms?))?\b"
_CO = (115.2712018, 230.538, 345.7959899, 461.0407682, 576.2679305, 691.4730763, 806.651806,
       921.7997, 1036.912393, 1151.985452)  # GHz


def _hydrogen() -> list[Line]:
    found = [
        Line("deuterium 92 cm line", 327.3843525, "MHz", r"(?:deuterium )?92[- ]?cm"),
        Line("21 cm line", 1420.405751768, "MHz",
             r"(?:21(?:\.1)?[- ]?(?:cm|centimet(?:er|re))(?!\w)|neutral hydrogen(?: line)?|"
             r"(?-i:HI(?= |,|\?|$)|H ?I (?=line|21|hyperfine|emission|signal|at))|"
             r"hydrogen (?:hyperfine|spin[- ]flip)|"
             r"hyperfine(?= line)|spin[- ]flip)"),
        Line("Lyman limit", 911.753, "Å", r"(?:lyman[- ](?:limit|break|edge)|912" + _A + r")"),
    ]
    greek = (("α", "alpha", "a"), ("β", "beta", "b"), ("γ", "gamma", "g"), ("δ", "delta", "d"))
    series = (("Lyman", r"(?:lyman|ly)", (1215.670, 1025.722, 972.537, 949.743), "Å"),
              ("H", r"(?:h|balmer)", (6564.61, 4862.68, 4341.68, 4102.89), "Å"),
              ("Paschen", r"(?:paschen|pa)", (18756.1, 12821.6, 10941.1, 10052.1), "Å"),
              ("Brackett", r"(?:brackett|br)", (40522.6, 26258.7, 21661.2, 19450.9), "Å"))
    for name, start, rests, unit in series:
        for (sign, word, letter), rest in zip(greek, rests, strict=True):
            short = {"Lyman": f"|{letter}", "H": f"|(?<=H)(?-i:{letter})"}.get(name, "")
            ends = f"(?:{sign}|{word}{short})"
            number = rf"(?: ?\(?{str(int(rest))[:-1]}\d{_A}\)?)?"
            found.append(Line(f"{name} {word} line", rest, unit,
                              rf"{start}[- ]?{ends}(?!\w){number}"))
    return found


def _fine_structure() -> list[Line]:
    return [
        Line("[C II] 158 μm line", 1900.5369, "GHz",
             rf"(?:{_ion('C', '(?:II|ii|2)')}|ionized carbon)(?: ?\(?15[78](?:\.7\d?)? ?-?(?:μm|um|"
             r"microns?)\)?)?(?! ?\])(?!\w)"),
        Line("[O III] 88 μm line", 3393.00624, "GHz",
             rf"{_ion('O', '(?:III|iii|3)')} ?\(?88(?:\.4\d?)?(?: ?-?(?:μm|um|microns?))?\)?"),
        Line("[O III] 52 μm line", 5785.8796, "GHz",
             rf"{_ion('O', '(?:III|iii|3)')} ?\(?5[12](?:\.8\d?)?(?: ?-?(?:μm|um|microns?))\)?"),
        Line("[O I] 63 μm line", 4744.77749, "GHz", rf"{_ion('O', '(?:I|i)')} ?\(?63"
             r"(?: ?-?(?:μm|um|microns?))?\)?"),
        Line("[O I] 145 μm line", 2060.06886, "GHz", rf"{_ion('O', '(?:I|i)')} ?\(?14[56]"
             r"(?: ?-?(?:μm|um|microns?))?\)?"),
        Line("[N II] 205 μm line", 1461.13141, "GHz", rf"{_ion('N', '(?:II|ii)')} ?\(?205"
             r"(?: ?-?(?:μm|um|microns?))?\)?"),
        Line("[N II] 122 μm line", 2459.38010, "GHz", rf"{_ion('N', '(?:II|ii)')} ?\(?12[12]"
             r"(?: ?-?(?:μm|um|microns?))?\)?"),
        Line("[C I] 2-1 line", 809.34197, "GHz", rf"{_ion('C', '(?:I|i)')} ?\(?2 ?[-–→] ?1\)?"),
        Line("[C I] 1-0 line", 492.160651, "GHz",
             rf"{_ion('C', '(?:I|i)')}(?: ?\(?1 ?[-–→] ?0\)?)?(?!\w)"),
    ]


def _molecules() -> list[Line]:
    found = [Line(f"CO({up}-{up - 1}) line", rest, "GHz",
                  rf"CO ?\(?(?:J ?= ?)?{up} ?(?:[-–→]|to) ?{up - 1}\)?(?!\d)")
             for up, rest in enumerate(_CO, start=1)]
    return [*found, Line("HCN(1-0) line", 88.6318470, "GHz", r"HCN ?\(?1 ?[-–→] ?0\)?"),
            Line("HCO+(1-0) line", 89.1885247, "GHz", r"HCO ?\+ ?\(?1 ?[-–→] ?0\)?"),
            Line("water maser line", 22.23508, "GHz", r"(?:water|H_?2O) maser"),
            Line("OH 1667 MHz line", 1667.359, "MHz", r"OH (?:mega)?maser|OH 1667(?: ?MHz)?"),
            Line("helium-3 hyperfine line", 8665.649867, "MHz", r"(?:\^?3)He ?\+?|helium-3"),
            Line("Fe K alpha line", 6.4, "keV", r"(?:Fe|iron) ?K ?-?(?:α|alpha)(?: line)?"),
            ]


def _metals() -> list[Line]:
    def line(name: str, element: str, stage: str, rest: float, extra: str = "") -> Line:
        return Line(f"{name} line", rest, "Å", rf"{_ion(element, stage)}{extra}")

    number = r"(?: ?\(?{0}" + _A + r"\)?)"
    return [
        line("[O III] 4960", "O", "(?:III|iii|3)", 4960.295, number.format("49(?:59|60)")),
        line("[O III] 5008", "O", "(?:III|iii|3)", 5008.240,
             number.format("500[78]") + r"?(?!\w)"),
        line("O III] 1666", "O", "(?:III|iii)", 1666.150, number.format("1666")),
        line("[O II] 3728", "O", "(?:II|ii|2)", 3728.48, number.format("372[6-9]") + r"?(?!\w)"),
        line("[N II] 6585", "N", "(?:II|ii)", 6585.27, number.format("658[345]") + r"?(?!\w)"),
        line("[S II] 6718", "S", "(?:II|ii)", 6718.29, number.format("671[678]") + r"?(?!\w)"),
        line("[S III] 9533", "S", "(?:III|iii)", 9533.2, number.format("953[0-3]") + r"?(?!\w)"),
        line("Mg II 2800", "Mg", "(?:II|ii)", 2799.12,
             number.format("(?:2798|2799|2800)") + r"?(?!\w)"),
        line("C IV 1549", "C", "(?:IV|iv)", 1549.06, number.format("15(?:48|49|50)") + r"?(?!\w)"),
        line("C III] 1909", "C", "(?:III|iii)", 1908.73, number.format("190[6-9]") + r"?(?!\w)"),
        line("He II 1640", "He", "(?:II|ii)", 1640.42, number.format("1640") + r"?(?!\w)"),
        line("He I 10833", "He", "(?:I|i)", 10833.3, number.format("1083[0-3]") + r"?(?!\w)"),
        line("N V 1240", "N", "(?:V|v)", 1240.14, number.format("1240") + r"?(?!\w)"),
        line("O VI 1034", "O", "(?:VI|vi)", 1033.82, number.format("103[2-8]") + r"?(?!\w)"),
        line("Si IV 1397", "Si", "(?:IV|iv)", 1396.76, number.format("1[34]9?[037]") + r"?(?!\w)"),
        Line("4000 Å break", 4000.0, "Å", r"(?:4000" + _A + r"[- ]?break|D4000)"),
        Line("Balmer break", 3646.0, "Å", r"[Bb]almer (?:break|limit|edge)"),
        Line("Ca K line", 3934.78, "Å", r"Ca(?: ?II)?[ -]K\b"),
        Line("Ca H line", 3969.59, "Å", r"Ca(?: ?II)?[ -]H\b"),
        Line("Na D line", 5895.6, "Å", r"(?:Na ?I?|sodium) D\b"),
    ]


LINES = (*_hydrogen(), *_fine_structure(), *_molecules(), *_metals())
"""More particular names first."""

_COMPILED = tuple((line, re.compile(rf"(?<![\w\[]){line.pattern}", re.I)) for line in LINES)


def line_in(text: str) -> tuple[Line | None, str]:
    """The first line that a question names, and the question with "§" in its place."""
    for line, pattern in _COMPILED:
        if found := pattern.search(text):
            rest = pattern.sub("", text[found.end() :])  # "HI 21 cm" is one line
            return line, f"{text[: found.start()]} § {rest}"
    return None, text
