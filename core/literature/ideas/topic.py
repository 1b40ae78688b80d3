r"""How far a text speaks of a topic: by the topic's names, not by any of its words.

A topic is the phrases that little words join ("Hubble tension" with "standard sirens"). A phrase is
spoken of, from 0 to 1, by the part of a text (title, question, a keyword ...) that has most of it:
the share :math:`w` of its words or their other names, weighted by how rare they are, less where
they stand apart. Of several phrases the rare ones count most.

Example:
    >>> topic = Topic("Hubble tension with standard sirens", TermWeights.of(texts))
    >>> topic.degree(Spoken("Spectral sirens and H0", "Which ...?", ("dark sirens",), ("...",)))
    1.0
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from core.literature.ideas.themes import SIMULATIONS, SURVEYS
from core.literature.library.primer import read_primer
from core.literature.text.normal_form import tokens, tokens_apart
from core.literature.text.stop_words import STOP_WORDS
from core.literature.text.text import TermWeights
from core.literature.text.vocabulary import TERMS

__all__ = ["SPEAKS", "Spoken", "Topic", "written_out"]

SPEAKS = 0.6
"""Degree from which a text speaks of a topic."""

_STOPS = re.compile(r"[,;:/+&()]|\s[-–—]+\s")
_GENERIC = frozenset(tokens("""
    analysis analyses application approach area astronomy astrophysics challenge code constraint
    cosmological cosmology data detection effect evolution experiment exploration field forecast
    general idea inference investigation issue limit master measurement measuring method model
    modeling modelling new observation observational phd physics possible prediction probe problem
    project question relation research result science search signal software space statistic study
    survey systematic test testing theoretical theory tool topic uncertainty universe
    work thesis student telescope constraining detecting probing
"""))
"""What says nothing of a topic where anything else does."""
_BOUND, _LOOSE = 0.85, 0.6
"""For words of a phrase that stand apart: rare ones, others."""
_RARE = 2.0
_TERM_ALONE = 0.75
_OF_A_TOOL = 0.4
_MOST_OF = 0.75
"""Share of a phrase's words without which it is another: redshift-space distortions are no
spectral ones."""
_BLAND = _GENERIC | {"cosmic", "galaxy"}
_FACTORS = (1.0, 0.85, 0.7)
"""Of a title, question or keyword; of all these together; of the whole text."""

_OTHER_NAMES_TEXT = """
    png: f_NL; g_NL; non gaussian bias
    hubbletension: H0; hubble constant; distance ladder
    s8tension: S8; sigma8
    wl: cosmic shear; galaxy galaxy lensing; convergence map; shear calibration; lensing map
    eor: reionization; ionized bubble; neutral fraction
    reionization: eor; ionized bubble; neutral fraction
    pta: nanograv; nanohertz background; epta
    sgwb: nanograv; pulsar timing; nanohertz background; stochastic background; induced wave
    supernova: SN Ia; lensed supernova
    snia: supernova; hubble residual
    bbn: deuterium; primordial helium; helium abundance; helium 3; Y_p
    rsd: growth rate; redshift space
    neutrino: neutrino mass; N_eff
    summnu: neutrino mass
    peculiar velocity: bulk flow; void outflow; velocity reconstruction
    bulk flow: peculiar velocity
    cluster count: cluster abundance; cluster mass function
    cluster abundance: cluster count
    cluster: galaxy cluster
    mass map: mass mapping; convergence map
    mass mapping: mass map; convergence map
    b mode: tensor to scalar ratio; delensing
    bmode: b mode; tensor to scalar ratio
    tensor scalar ratio: tensor to scalar ratio; b mode
    primordial gravitational wave: tensor to scalar ratio; b mode
    inflation: primordial feature; inflaton; reheating; e fold; quasi single field inflation
    axion: ultralight axion; fuzzy dark matter; ultralight boson
    fdm: ultralight axion; ultralight boson; fuzzy component
    darkenergy: w0wa; quintessence; phantom crossing; w(z)
    w0wa: phantom crossing; dark energy
    modifiedgravity: f(R); horndeski; brans dicke; chameleon; fifth force; braiding; mu sigma; gravitational slip; general relativity test
    gr: gravitational slip; test of gravity
    p1d: flux power spectrum; 1d power spectrum; one dimensional flux power
    lyaforest: flux power spectrum; forest dip; dark gap
    emulator: surrogate model
    sbi: neural posterior; likelihood free inference
    photoz: redshift distribution; source redshift
    baryonic feedback: baryonification; agn feedback; baryonic suppression; baryonic effect
    baryonic effect: baryonic feedback; baryonification; baryonic suppression
    baryon: baryonic feedback; baryonification
    quasar: quaia
    smbh: massive black hole; overmassive black hole; little red dot; black hole mass function
    high redshift galaxy: jwst; uv luminosity function; high redshift
    high redshift: jwst; z > 8; z = 10
    first galaxy: high redshift; jwst
    first star: pop iii; cosmic dawn
    popiii: first star; minihalo
    language model: llm
    llm: language model
    large language model: language model
    nbody: n body; particle mesh
    n body: particle mesh
    nbody simulation: n body; particle mesh
    n body simulation: particle mesh
    simulation: n body; camels; hydrodynamical
    hydrodynamical simulation: camels; illustristng; subgrid
    spectral distortion: mu distortion; recombination radiation; compton y monopole
    time delay: time delay cosmography; lensed supernova
    stronglensing: time delay cosmography; lens modelling; cluster lens model; lensed quasar; lensed supernova; double source plane; lens finder; gravitational imaging
    mildly nonlinear: nonlinear power
    interacting dark energy: coupled dark energy; coupled quintessence
    coupled dark energy: interacting dark energy; coupled quintessence
    deep learning: neural network
    ml: neural network; deep learning; diffusion model; convolutional network
    neural network: convolutional network; graph network; cnn; gnn
    diffusion model: score based model; diffusion prior
    milky way satellite: satellite galaxy; ultra faint dwarf
    dwarf galaxy: ultra faint dwarf; dwarf spheroidal
    distance ladder: Cepheid; TRGB; JAGB
    h0: hubble constant; hubble tension
    cosmological principle: cosmic dipole; isotropy; homogeneity
    isotropy: anisotropy; cosmic dipole; hemispherical asymmetry
    anisotropic: isotropy; dipole
    cmb anomaly: lack of correlation; hemispherical asymmetry; statistical isotropy; large angle anomaly
    intensity mapping: line intensity mapping; hi power spectrum
    meerkat: meerklass
    lsst: rubin
    gravitational wave: gwtc; siren; lisa; nanohertz background
    gw: gwtc; siren; lisa; pta
    galaxy formation: star formation; stellar mass
    topological data analysis: persistent homology; minkowski functional; betti
    topology: persistent homology; minkowski functional; genus
    galaxy cluster: cluster mass; cluster lensing
    hi: 21 cm; alfalfa
    21cm: hi intensity mapping
    ksz: kinetic sz
    sz: thermal sz; kinetic sz; compton y; relativistic sz
    tsz: compton y
    cmb: planck pr4; act dr6; spt 3g
"""  # noqa: E501


def _phrases(text: str) -> list[tuple[str, ...]]:
    """The words between stop words, apart where some make a known name: "JWST high-z galaxies" is
    JWST and high-z galaxies; a term that holds stop words, "epoch of reionization", is whole."""
    found: list[list[str]] = [[]]
    for token in tokens(text):
        if token in STOP_WORDS:
            found.append([])
        else:
            found[-1].append(token)
    return [name for phrase in found for name in _known_apart(tuple(phrase))]


def _known_apart(phrase: tuple[str, ...]) -> list[tuple[str, ...]]:
    if len(phrase) < 3 and not set(phrase) & TERMS.keys() or phrase in _other_names():
        return [phrase]
    if all(word in TERMS and word != "redshift" or (word,) in _other_names() for word in phrase):
        return [(word,) for word in phrase]
    for count in range(min(len(phrase) - 1, _LONGEST_NAME), 1, -1):
        for at in range(len(phrase) - count + 1):
            if phrase[at : at + count] in _other_names():
                return [*_known_apart(phrase[:at]), phrase[at : at + count],
                        *_known_apart(phrase[at + count :])]
    return [phrase]


def _parts(text: str) -> tuple[str, ...]:
    return tuple(t for t in tokens(text) if t not in STOP_WORDS)


_Names = dict[tuple[str, ...], float]
_ALIAS, _WRITTEN = 0.85, 0.95
"""What another name of the library, or of the table, counts."""


@lru_cache(maxsize=1)
def _other_names() -> dict[tuple[str, ...], _Names]:
    """By a name without stop words its other names and narrower ones, with all their words, of the
    library (a passage's aliases are names of its title) and written down."""
    found: dict[tuple[str, ...], _Names] = {}
    for passage in read_primer():
        if _OF_SEVERAL.search(passage.title):
            continue
        names = [name for name in (passage.title, *passage.aliases) if _is_name(name)]
        for name in names:
            found.setdefault(_parts(name), {}).update(
                {tuple(tokens(other)): _ALIAS for other in names if other != name})
    for line in _OTHER_NAMES_TEXT.strip().splitlines():
        name, others = line.split(":", 1)
        found.setdefault(_parts(name), {}).update(
            {tuple(tokens(other)): _WRITTEN for other in others.split(";")})
    return found


def _is_name(text: str) -> bool:
    """Whether it is short, and of one word only as an abbreviation or a term: "anomalies" is no
    name of those of the CMB."""
    parts = _parts(text)
    if len(parts) == 1:
        return len(parts[0]) > 1 and (parts[0] in TERMS or not text[1:].islower())
    return 0 < len(parts) <= _LONGEST_NAME


_LONGEST_NAME = 4
_OF_SEVERAL = re.compile(r"\b(?:and|or|vs|versus|kinds|types|compared|lists?|with)\b|[,;]",
                         re.IGNORECASE)
"""Title of a passage on several things, whose aliases are not names of one."""


@dataclass(frozen=True)
class Spoken:
    """A text in parts.

    Attributes:
        title, question, keywords: what it is about.
        body: what else it says.
    """

    title: str
    question: str
    keywords: tuple[str, ...]
    body: tuple[str, ...]

    @cached_property
    def units(self) -> tuple[tuple[_Unit, ...], ...]:
        """The parts: each that says what it is about, all these together, and everything."""
        heads = [_both(text) for text in (self.title, self.question, *self.keywords)]
        about = " | ".join(heads)
        rest = " | ".join(map(_both, self.body))
        return tuple(map(_unit, heads)), (_unit(about),), (_unit(f"{about} | {rest}"),)


_Unit = tuple[str, frozenset[str]]
"""Its words in a row, and each once."""


def _unit(row: str) -> _Unit:
    return f" {row} ", frozenset(row.split())


def _both(text: str) -> str:
    """With terms by their names, then word by word where that differs."""
    named, apart = " ".join(tokens(text)), " ".join(tokens_apart(text))
    return named if named == apart else f"{named} | {apart}"


class Topic:
    """A topic by its phrases.

    Args:
        text: in known words.
        weights: of words in the texts that may speak of it.
    """

    def __init__(self, text: str, weights: TermWeights) -> None:
        self._weights = weights
        known = _other_names()
        whole = _parts(text)
        phrases = [p for part in _STOPS.split(text) for p in _phrases(part) if p]
        if whole in known:
            phrases = [whole]
        telling = [p if p in known else tuple(w for w in p if w not in _GENERIC) for p in phrases]
        kept = telling if any(telling) else phrases
        self.phrases = tuple(dict.fromkeys(phrase for phrase in kept if phrase))
        self._names: dict[tuple[str, ...], _Names] = {
            phrase: {**_bare(phrase), **known.get(phrase, {}), phrase: 1.0}
            for phrase in self.phrases}

    @property
    def is_known(self) -> bool:
        """Whether the field has a name for it: "cat" may be anything, "PBH" is not."""
        return any(phrase in _other_names() or TERMS.keys() & set(phrase)
                   for phrase in self.phrases)

    def degree(self, text: Spoken) -> float:
        """How far a text speaks of all its phrases, 0 to 1."""
        total = spoken = 0.0
        for phrase, names in self._names.items():
            weight = self._rarity(phrase, names) ** 2
            total += weight
            spoken += weight * max(self._of_name(name, worth, text)
                                   for name, worth in names.items())
        return spoken / total if total else 0.0

    def _rarity(self, phrase: Sequence[str], names: _Names) -> float:
        """Of a phrase's rarest word; that of another name of one word where it is less rare. With
        what a survey or simulation is used counts less than for what."""
        own = max(self._weights(word) for word in phrase)
        if len(self.phrases) > 1 and " ".join(phrase) in _tools():
            own *= _OF_A_TOOL
        return min([own, *(self._weights(name[0]) for name, worth in names.items()
                           if len(name) == 1 and worth == _WRITTEN)])

    def _of_name(self, name: Sequence[str], worth: float, text: Spoken) -> float:
        """What a name counts in a text: the phrase itself in parts too, another name only whole."""
        row = f" {' '.join(name)} "
        for factor, units in zip(_FACTORS, text.units, strict=True):
            if any(row in unit for unit, _ in units):
                return factor * worth
        if worth < 1.0:
            return 0.0
        return max(factor * self._part_of(name, unit)
                   for factor, units in zip(_FACTORS, text.units, strict=True) for unit in units)

    def _part_of(self, phrase: Sequence[str], unit: _Unit) -> float:
        """The share of a phrase that a part has."""
        had = [word for word in phrase if _has(unit, word)]
        if all(word in _BLAND for word in had):
            return 0.0
        weights = {word: self._weights(word) for word in phrase}
        share = sum(weights[word] for word in set(had)) / sum(weights.values())
        if len(phrase) == 1:
            return _WRITTEN
        if len(had) < 2 or len(had) < _MOST_OF * len(phrase):
            return min(share, _LOOSE - 0.05)
        bound = len(had) > 2 or min(weights[word] for word in had) >= _RARE
        return share * (_BOUND if bound else _LOOSE - 0.05)


@lru_cache(maxsize=1)
def _tools() -> frozenset[str]:
    """The surveys and simulations, as a phrase has them."""
    return frozenset(" ".join(_parts(name)) for name in (*SURVEYS, *SIMULATIONS))


def _bare(phrase: tuple[str, ...]) -> _Names:
    """Of "21 cm systematics" the term that it is about."""
    telling = tuple(word for word in phrase if word not in _GENERIC)
    alone = len(telling) == 1 and telling[0] not in TERMS
    return {} if alone or not telling or telling == phrase else {telling: _TERM_ALONE}


def _has(unit: _Unit, word: str) -> bool:
    """Whether a part has a word or a narrower name of it."""
    row, held = unit
    return word in held or any(name in row for name in _narrow(word))


@lru_cache(maxsize=4096)
def _narrow(word: str) -> tuple[str, ...]:
    return tuple(f" {' '.join(name)} " for name in _other_names().get((word,), ()))


def written_out(text: str) -> str:
    """A topic with abbreviations in words, for an embedding, which knows no "PBH"."""
    found = [_long(token) for token in tokens(text)]
    return " ".join(found) if found != tokens_apart(text) else text


def _long(token: str) -> str:
    spelt = TERMS[token].spellings if token in TERMS else ()
    return next((form for form in spelt if " " in form and "_" not in form), token)
