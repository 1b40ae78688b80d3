"""The cosmology that a question names: one of astropy's, or parameters, or Planck18.

Example:
    >>> named_cosmology("in a flat cosmology with H0 = 70 and Om = 0.3")[0].code
    'cosmo = FlatLambdaCDM(H0=70, Om0=0.3)'
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property

from core.literature.assistant.calculation.written_numbers import NUMBER, python_number, said

__all__ = ["Cosmology", "DEFAULT", "KNOWN", "RADIATION_FROM", "named_cosmology"]

DEFAULT = "Planck18"
KNOWN = ("Planck18", "Planck15", "Planck13", "WMAP9", "WMAP7", "WMAP5", "WMAP3", "WMAP1")
RADIATION_FROM = 50.0
"""Redshift above which a cosmology given by its parameters has the radiation of the CMB too."""

_T_CMB = 2.7255  # K, Fixsen 2009, ApJ 707, 916
_H0_ALONE = 70.0  # where only "Einstein-de Sitter" is said
_OMEGA_B_H2 = 0.02242  # Planck Collaboration 2020, A&A 641, A6

_MEASURED_H0 = (40.0, 110.0)
"""km/s/Mpc; what has been published since the 1970s lies between."""

_EQUALS = r"(?: ?(?:=|:|~|of|is|as|at|to|equal to|=~) ?| )"
_RANGES = {"H0": (0.1, 1e4), "Om0": (0.0, 5.0), "Ode0": (-3.0, 5.0), "w0": (-5.0, 1.0),
           "wa": (-10.0, 10.0), "Ok0": (-2.0, 1.0), "Ob0": (0.0, 1.0), "sigma8": (0.1, 3.0)}
_SYMBOLS = {
    "H0": r"(?:H_?0|H_?o|hubble constant|hubble parameter today)",
    "Om0": r"(?:(?:(?-i:Ω)|omega) ?_?(?:m(?:atter)?|M)(?:,? ?_?0)?|O_?m_?0?|"
           r"matter density(?: parameter)?|"
           r"matter fraction|omegam)",
    "Ode0": r"(?:(?:(?-i:Ω)|omega) ?_?(?:Λ|lambda|L|de|vac|v)(?:,? ?_?0)?|O_?(?:de|L|Λ|lambda)_?0?|"
            r"(?:dark energy|vacuum) density(?: parameter)?)",
    "Ok0": r"(?:(?:(?-i:Ω)|omega) ?_?k(?:,? ?_?0)?|O_?k_?0?|curvature(?: parameter)?)",
    "Ob0": r"(?:(?:(?-i:Ω)|omega) ?_?b(?:,? ?_?0)?|O_?b_?0?|baryon (?:density|fraction))",
    "wa": r"w_?a",
    "w0": r"w(?:_?0|_?de)?",
    "sigma8": r"(?:(?:σ|sigma) ?_?8)",
    "h": r"(?:little )?h",
}
_PARAMETERS = {
    name: re.compile(rf"(?<![\w]){symbol}{_EQUALS}(?P<value>{NUMBER})(?![\w.]*\d)"
                     r"(?: ?km ?(?:/ ?s(?:ec)?|s ?\^? ?-1) ?(?:/ ?Mpc|Mpc ?\^? ?-1))?", re.I)
    for name, symbol in _SYMBOLS.items()
}
_H0_APART = re.compile(  # "1/H0 in Gyr for 70", "Hubble time for H0 of 70"
    r"(?:\bH_?0|\bhubble (?:time|constant|radius|distance|length))\b(?! ?(?:=|of|is)).{0,30}\b"
    r"(?P<for>for|with|at|if) (?P<value>\d{2,3}(?:\.\d{1,3})?)"
    r"(?: ?km ?/ ?s ?/ ?Mpc)?(?=[ ?.!]{0,3}$)", re.I)
_MATTER_H2 = re.compile(rf"(?:(?:Ω|omega) ?_?m(?:atter)?|Om) ?(?-i:h) ?\^? ?2{_EQUALS}"
                        rf"(?P<value>{NUMBER})(?![\w.]*\d)", re.I)
_NAMED = re.compile(
    r"\b(?:(?P<planck>planck|P)[ '-]?(?:20)?(?P<year>\d{2})(?! ?(?:GHz|MHz))"
    r"|(?P<wmap>WMAP)[ -]?(?P<release>\d{1,2})(?:[ -]?years?|[ -]?yr)?"
    r"|(?P<years>\d{1,2})[ -]?(?:years?|yr|th[ -]year) WMAP"
    r"|(?P<eds>einstein[ -–]{1,3}de[ -]?sitter|EdS)"
    r"|(?P<bare>planck|WMAP)(?= (?:collaboration )?(?:cosmology|parameters|values|model|results|"
    r"best[ -]fit)))\b(?: (?:flat )?(?:Λ|lambda ?)?CDM)?(?: (?:cosmology|parameters|values|results|"
    r"model|best[ -]fit))?", re.I)
_SEVEN = re.compile(r"\( ?(\d{2}(?:\.\d)?) ?[,;/] ?(0?\.\d{1,3}) ?[,;/] ?(0?\.\d{1,3}) ?\)")
_OTHER = re.compile(
    r"\b(?:in|with|for|using|assuming|adopting) (?:the |an? )?(?P<name>[A-Za-z][\w'-]{1,20})"
    r"(?: (?!Λ)[A-Z0-9][\w-]{0,12})? cosmology\b", re.I)
_OF_A_SURVEY = re.compile(
    r"\b(?:with|using|assuming|adopting|in) (?:the )?(SH0ES|Riess|KiDS(?:-\w{1,8})?|"
    r"DES(?:I)?(?: ?Y\d)?|"
    r"ACT(?: DR\d)?|SPT(?:-3G)?|eBOSS|Pantheon\+?)(?= (?:cosmology|values?|parameters|H0)|[?.!]|$)")
_ADJECTIVES = (
    "flat open closed curved standard default usual fiducial concordance same this that your my "
    "our lcdm lambdacdm cdm wcdm given adopted assumed following planck wmap any simple "
    "expanding spatially non-flat nonflat current modern "
)
_NOT_NAMES = frozenset(_ADJECTIVES.split())
_FLAT = re.compile(r"\b(?:spatially )?(non-?|not )?flat\b(?! (?:sky|space))", re.I)
_CURVED = re.compile(r"\b(?:open|closed|curved|non-?flat)\b", re.I)
_PHRASE = re.compile(
    r"\b(?:(?:in|with|for|using|assuming|adopting|under) )?(?:the |an? )?(?:spatially )?(?:non-?)?"
    r"(?:flat|open|closed|curved|standard|default|usual|fiducial|concordance)?,? ?"
    r"(?:(?:Λ|lambda[ -]?|L)CDM|w_?0 ?w_?a ?CDM|wCDM)?(?: ?(?:cosmology|universe with|"
    r"model))\b", re.I)


@dataclass(frozen=True)
class Today:
    """A parameter's value today, and how an answer says it: "0.3", "0.3097 (Planck18)"."""

    value: float
    said: str


@dataclass(frozen=True)
class Cosmology:
    """A cosmology by its name and what the question changes in it.

    Attributes:
        name: of astropy, "" where parameters make it.
        given: parameters by astropy's names, and ``sigma8`` and ``Ok0``.
        explicit: whether the question names it at all.
        wrong: one sentence where no cosmology can be made of it.
        radiation: whether the CMB's is in it.
    """

    name: str = DEFAULT
    given: dict[str, float] = field(default_factory=dict)
    explicit: bool = False
    wrong: str = ""
    radiation: bool = False

    def checked(self) -> None:
        """Raise ValueError if it is none."""
        if self.wrong:
            raise ValueError(self.wrong)
        for name, (low, high) in _RANGES.items():
            if name in self.given and not low < self.given[name] <= high:
                raise ValueError(f"{name} = {self.given[name]:g} is no cosmology that can be "
                                 f"computed: it must lie between {low:g} and {high:g}.")

    def changed_by(self, other: Cosmology) -> Cosmology:
        """This one with what a follow-up gives; another one where that names another."""
        if not other.explicit:
            return self
        if other.wrong or not other.given or other.name not in ("", DEFAULT) or (
                not self.explicit or other.name == "" and {"H0", "Om0"} <= set(other.given)):
            return other
        given = {**self.given, **other.given}
        name = "" if {"H0", "Om0"} <= set(given) else self.name
        return replace(self, name=name, given=given)

    @cached_property
    def _own(self) -> dict[str, float]:
        """Parameters of a cosmology that is none of astropy's."""
        import astropy.cosmology as astropy_cosmology

        given = {k: v for k, v in self.given.items() if k not in ("sigma8", "Ok0", "h")}
        base = getattr(astropy_cosmology, self.name or DEFAULT)
        own = {"H0": float(base.H0.value), "Om0": float(base.Om0), **given}
        if "Ok0" in self.given and "Ode0" not in own:
            own["Ode0"] = 1 - own["Om0"] - self.given["Ok0"]
        if "Ode0" in own and abs(own["Om0"] + own["Ode0"] - 1) < 1e-9:
            del own["Ode0"]
        return own

    @property
    def _is_named(self) -> bool:
        return bool(self.name) and not set(self.given) - {"sigma8"}

    @property
    def code(self) -> str:
        """The line that makes it."""
        if self._is_named:
            return f"from astropy.cosmology import {self.name} as cosmo"
        shown = ", ".join(f"{k}={python_number(self._own[k])}" for k in
                          ("H0", "Om0", "Ode0", "w0", "wa", "Ob0") if k in self._own)
        warm = f", Tcmb0={_T_CMB}" if self.radiation else ""
        return f"cosmo = {self._class}({shown}{warm})"

    @property
    def _class(self) -> str:
        """astropy's class: FlatLambdaCDM, LambdaCDM, FlatwCDM, wCDM, Flatw0waCDM, w0waCDM."""
        kind = "w0wa" if "wa" in self._own else "w" if "w0" in self._own else "Lambda"
        return f"{'' if 'Ode0' in self._own else 'Flat'}{kind}CDM"

    @property
    def imports(self) -> str:
        """The line before it, "" where :attr:`code` imports."""
        return "" if self._is_named else f"from astropy.cosmology import {self._class}"

    def today(self, name: str) -> Today:
        """H0, h, or Om0: as given, or the named cosmology's."""
        import astropy.cosmology as astropy_cosmology

        key = "H0" if name == "h" else name
        base = getattr(astropy_cosmology, self.name or DEFAULT)
        known = float(base.H0.value) if key == "H0" else float(getattr(base, key))
        value = self.given.get(key, known) / (100 if name == "h" else 1)
        taken = "" if key in self.given else f" (of {self.name or DEFAULT})"
        return Today(value, f"{value:.4g}{taken}")

    @property
    def is_negative(self) -> bool:
        """Whether its dark energy is: astropy's closed forms without radiation fail then."""
        own = {} if self._is_named else self._own
        return own.get("Ode0", 1 - own.get("Om0", 0.0)) < 0

    @property
    def warning(self) -> str:
        """One plain sentence for each parameter that no measurement comes near, or ""."""
        if self._is_named:
            return ""
        own, found = self._own, []
        if "Ode0" not in own and own["Om0"] > 1:
            found.append(f"Flat with Omega_m = {own['Om0']:g} means a negative dark energy density "
                         f"(Omega_DE = {1 - own['Om0']:.3g}).")
        elif own.get("Ode0", 0.0) < 0:
            found.append(f"Omega_DE = {own['Ode0']:g} is a negative dark energy density.")
        if "wa" not in own and own.get("w0", -1.0) > -1 / 3:
            found.append(f"With w = {own['w0']:g}, above -1/3, the dark energy does not accelerate "
                         "the expansion.")
        if not _MEASURED_H0[0] <= own["H0"] <= _MEASURED_H0[1]:
            found.append(f"H0 = {own['H0']:g} km/s/Mpc is far from every measurement, which lie "
                         "near 70.")
        return " ".join(found)

    @property
    def sigma8(self) -> float:
        """sigma_8 today: given, or that of the named cosmology, or Planck18's."""
        import astropy.cosmology as astropy_cosmology

        base = getattr(astropy_cosmology, self.name or DEFAULT)
        return self.given.get("sigma8", float(base.meta["sigma8"]))

    @property
    def omega_b(self) -> float:
        """Omega_b today: given, or that of the named cosmology, or Planck's for this H0."""
        import astropy.cosmology as astropy_cosmology

        if self._is_named:
            return float(getattr(astropy_cosmology, self.name).Ob0)
        return self._own.get("Ob0", _OMEGA_B_H2 / (self._own["H0"] / 100) ** 2)

    @property
    def shown(self) -> str:
        """As an answer names it, with H0 in km/s/Mpc and Omega_m today."""
        import astropy.cosmology as astropy_cosmology

        if self._is_named:
            known = getattr(astropy_cosmology, self.name)
            return (f"{self.name} (H0 = {said(float(known.H0.value))} km/s/Mpc, "
                    f"Om = {said(float(known.Om0))})")
        own = self._own
        more = "".join(f", {label} = {said(own[k])}" for k, label in
                       (("Ode0", "OL"), ("w0", "w0"), ("wa", "wa")) if k in own)
        more += f", T_CMB = {_T_CMB} K" if self.radiation else ""
        taken = [label for k, label in (("H0", "H0"), ("Om0", "Om")) if k not in self.given]
        more += f"; {' and '.join(taken)} from {self.name or DEFAULT}" if taken else ""
        return (f"{self._said} (H0 = {said(own['H0'])} km/s/Mpc, Om = {said(own['Om0'])}{more})")

    @property
    def _said(self) -> str:
        if self._class == "FlatLambdaCDM" and self._own["Om0"] == 1:
            return "the Einstein-de Sitter cosmology"
        kind = {"Lambda": "ΛCDM", "w": "wCDM", "w0wa": "w0waCDM"}[
            self._class.removeprefix("Flat").removesuffix("CDM")]
        return f"{'curved' if 'Ode0' in self._own else 'flat'} {kind}"


def named_cosmology(text: str) -> tuple[Cosmology, str]:
    """The cosmology of a question, and the question without it (blanks in its place)."""
    given: dict[str, float] = {}
    found = _SEVEN.search(text)
    if found and abs(float(found[2]) + float(found[3]) - 1) < 0.02:
        given |= {"H0": float(found[1]), "Om0": float(found[2])}
        text = _blanked(text, found)
    for name, pattern in _PARAMETERS.items():
        found = pattern.search(text)
        if found and (name != "h" or 0.2 < float(found["value"]) < 2) and (
                name != "w0" or float(found["value"]) < 1):
            given[name] = float(found["value"])
            text = _blanked(text, found)
    if not {"H0", "h"} & set(given) and (found := _H0_APART.search(text)):
        given["H0"] = float(found["value"])
        text = f"{text[: found.start('for')]} {text[found.end() :]}"
    if "h" in given:
        given.setdefault("H0", 100 * given.pop("h"))
        given.pop("h", None)
    if "H0" in given and "Om0" not in given and (found := _MATTER_H2.search(text)):
        given["Om0"] = round(float(found["value"]) / (given["H0"] / 100) ** 2, 6)
    name, wrong, text = _by_name(text)
    wrong = wrong or _unflat(text, given)
    if name == "EdS":
        name, given = "", {**given, "H0": given.get("H0", _H0_ALONE), "Om0": 1.0}
    explicit = bool(name or given or wrong)
    text = _PHRASE.sub(lambda m: " " * len(m[0]), text) if explicit else text
    if "wa" in given:
        given.setdefault("w0", -1.0)
    return Cosmology(name or ("" if {"H0", "Om0"} <= set(given) else DEFAULT), given, explicit,
                     wrong), text


def _by_name(text: str) -> tuple[str, str, str]:
    """(name, what is wrong, text without it)."""
    found = _NAMED.search(text)
    if found:
        return (*_known(found), _blanked(text, found))
    survey = _OF_A_SURVEY.search(text)
    if survey:
        return "", _unknown(survey[1]), _blanked(text, survey)
    other = _OTHER.search(text)
    if other and other["name"].lower() not in _NOT_NAMES:
        return "", _unknown(other["name"]), _blanked(text, other)
    return "", "", text


def _known(found: re.Match[str]) -> tuple[str, str]:
    if found["eds"]:
        return "EdS", ""
    if found["bare"]:
        return ("Planck18" if found["bare"].lower() == "planck" else "WMAP9"), ""
    name = f"Planck{found['year']}" if found["planck"] else (
        f"WMAP{int(found['release'] or found['years'])}")
    return (name, "") if name in KNOWN else ("", _unknown(name))


def _unknown(name: str) -> str:
    return (f"The cosmology {name} is not known here; known are {', '.join(KNOWN)}, "
            "Einstein-de Sitter, and parameters such as H0 = 70, Om = 0.3.")


def _unflat(text: str, given: dict[str, float]) -> str:
    """What is wrong with "flat" or "curved" beside the parameters, "" if nothing."""
    flat = _FLAT.search(text)
    total = given.get("Om0", 0) + given.get("Ode0", 0)
    if flat and not flat[1] and {"Om0", "Ode0"} <= set(given) and abs(total - 1) > 0.02:
        return f"A flat cosmology has Om + OL = 1, not {total:g}."
    if _CURVED.search(text) and given and not {"Ode0", "Ok0"} & set(given):
        return "A curved cosmology needs OL or Ok besides Om, for example Om = 0.3, OL = 0.6."
    return ""


def _blanked(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]}{' ' * len(found[0])}{text[found.end() :]}"
