"""Names of instruments, surveys and collaborations, whose words are no topics of a paper.

"Dark Energy Survey" says whose data are used, not that a paper is about dark energy. A name is one
of the vocabularies of surveys and simulations, one of the list here, or what is written like one: a
run of capitalised words that ends in a word such as Survey, Telescope or Collaboration. Where every
word is capitalised, as in many titles, such a run is a name only behind "the".

Example:
    >>> without_names("We use the Dark Energy Camera to study dark matter.").split()
    ['We', 'use', 'the', 'to', 'study', 'dark', 'matter.']
"""

from __future__ import annotations

import re

from core.literature.facets.vocabulary import SIMULATIONS, SURVEYS

__all__ = ["without_names"]

_KNOWN = (
    r"Dark Energy Science Collaboration", r"Dark Energy Camera(?: Legacy Survey)?",
    r"Dark Energy Spectroscopic \w+", r"Dark Energy (?:Bedrock|Task Force|Explorer)",
    r"Dark Matter Particle Explorer", r"Dark Energy Survey(?: Supernova Program(?:me)?)?",
    r"Hobby[- ]Eberly Telescope Dark Energy Experiment",
    r"Gravitational[- ][Ww]ave (?:Transient Catalog(?:ue)?|Open Science Cent(?:er|re))",
    r"Laser Interferometer Gravitational[- ][Ww]ave Observatory",
    r"North American Nanohertz Observatory for Gravitational Waves",
    r"Kamioka Gravitational Wave Detector", r"European Pulsar Timing Array",
    r"Gravitational[- ][Ww]ave International Committee",
    r"Einstein (?:Telescope|Probe)", r"Cosmic Explorer", r"(?:Nearby )?Supernova (?:Factory|"
    r"Cosmology Project|Legacy Survey|H0 for the Equation of State)",
    r"Supernovae(?: and| &|,)? H_?0,? for the Equation of State(?: of [Dd]ark [Ee]nergy)?",
    r"Carnegie Supernova Project(?:[- ]II?)?", r"High-[zZ] Supernova Search(?: Team)?",
    r"Zwicky Transient Facility", r"Foundation Supernova Survey",
    r"(?:Carnegie[- ]|Chicago[- ])+Hubble Program(?:me)?",
    r"(?:Lite \(Light\)|Light) satellite for the stud(?:y|ies) of B-mode polari[sz]ation and "
    r"[Ii]nflation from cosmic background [Rr]adiation [Dd]etection",
    r"Primordial Inflation (?:Polari[sz]ation )?Explorer",
    r"Baryon(?:ic)? Acoustic Oscillations? (?:from|in) (?:Integrated )?Neutral Gas Observations",
    r"(?:extended )?Baryon Oscillation Spectroscopic Survey",
    r"Hydrogen Epoch of Reioni[sz]ation Arrays?",
    r"Experiment to Detect the Global (?:EoR|Epoch of Reioni[sz]ation) Signature",
    r"Precision Array (?:for|to) Prob(?:ing|e) the Epoch of Reioni[sz]ation",
    r"Canadian Hydrogen (?:Intensity Mapping Experiment|Observatory[\w -]{0,40})",
    r"Hydrogen Intensity(?: Mapping)? and Real-?time Analysis e?X?periment",
    r"(?:Radio|Deep) [Ss]ynoptic Array", r"CHIME/FRB", r"CMB-(?:S4|S3|HD|BHARAT)",
    r"Cosmic Microwave Background[- ]Stage[- ]?(?:4|IV)",
    r"Background Imag(?:ing|er) of Cosmic Extragalactic Polari[sz]ation",
    r"CO Mapping Array (?:Project|Pathfinder)", r"Cosmic Dawn Cent(?:er|re)",
    r"Dark Cosmology Cent(?:er|re)", r"IceCube Neutrino Observatory",
    r"Tip of the Red Giant Branch (?:Program|Project|Team)",
    r"Strong Lensing Legacy Survey", r"Dark Ages Radio Explorer",
    r"Dark Ages Polari[sz]ation Pathfinder", r"Time[- ]Delay COSMOgraphy", r"Local Volume Mapper",
)  # fmt: skip
_NOUN = (
    r"(?:Survey|Surveyor|Instrument|Camera|Telescope|Array|Observatory|Experiment|Explorer|Satellite"
    r"|Mission|Collaboration|Consortium|Project|Probe|Program|Programme|Facility|Spectrograph"
    r"|Spectrometer|Interferometer|Detector|Antenna|Catalog|Catalogue|Institute|Cent(?:er|re)"
    r"|Laboratory|Factory|Pathfinder|Team|Task Force|Working Group|Workshop|Conference|Society"
    r"|Department|Foundation|Alert Network|Archive|Data Release|Data Challenge)"
)
_CAPITAL = r"[A-Z][\w'-]{0,24}"
_JOINT = r"(?: (?:of the|of|for|and|&))? "
_WRITTEN_LIKE_ONE = re.compile(
    rf"(?<![\w-])(?:{_CAPITAL}{_JOINT}){{1,7}}?{_NOUN}(?![\w-])"
    rf"(?: (?:for|of)(?: the)?(?: {_CAPITAL}){{1,4}})?"
    rf"|(?<![\w-]){_NOUN} (?:for|of)(?: the)?(?: {_CAPITAL}){{1,4}}"
)
_WITH_ARTICLE = re.compile(rf"(?<=\b[Tt]he )(?:{_WRITTEN_LIKE_ONE.pattern})")
_VOCABULARY = re.compile(
    r"(?<![\w\\])(?:" + "|".join([*_KNOWN, *SURVEYS.values(), *SIMULATIONS.values()]) + r")(?!\w)"
)
_LONG_WORD = re.compile(r"(?<![\w-])[A-Za-z]\w{3,}")
_MOSTLY = 0.7


def without_names(text: str, title: str = "") -> str:
    """A text with spaces where such names stand; it keeps its length.

    Args:
        text: in flat notation, of any length; time is linear in it.
        title: what begins the text, if anything does; where all of it is capitalised, a name that
            is only written like one needs "the" before it.
    """
    text = _VOCABULARY.sub(_blank, text)
    at = len(title) if _is_capitalised(title) else 0
    return _WITH_ARTICLE.sub(_blank, text[:at]) + _WRITTEN_LIKE_ONE.sub(_blank, text[at:])


def _is_capitalised(title: str) -> bool:
    found = _LONG_WORD.findall(title)
    return sum(word[0].isupper() for word in found) >= _MOSTLY * max(len(found), 1)


def _blank(name: re.Match[str]) -> str:
    return " " * len(name[0])
