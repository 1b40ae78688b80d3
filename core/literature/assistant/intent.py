"""Intent classification: is a question one for this assistant? Fixed replies where it is not.

A multinomial logistic regression on the embedding of the question, on counts of a few kinds of
words (names of the field, which the embedding knows badly; words of harm, of other roles and of
everyday life) and on the similarity to the primer. The labels are "on" (cosmology, astronomy and
their foundations), "off" (anything else, harmful requests and attempts to change the assistant's
role included) and "meta" (greetings, and questions about the assistant). The threshold accepts
nearly every question of the field; core/weights/intent, which training/literature/train_intent.py
writes, says how many of the others are accepted. It reads English.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from core.coefficients import LinearModel
from core.literature.library.primer import passage_vectors, read_primer
from core.literature.text.embedding import DIMENSION, embed
from core.literature.text.text import clean, words

__all__ = ["ABOUT", "IN_NEED", "OFF_TOPIC", "UNCLEAR", "Intent", "IntentModel", "features",
           "fixed_reply", "intent_of", "load_intent_model"]  # fmt: skip

Label = Literal["on", "off", "meta"]

OFF_TOPIC = (
    "That is outside what I am made for. I answer questions on cosmology and astronomy: the "
    "universe and its contents, the surveys and simulations that study them, and the methods used."
)
ABOUT = (
    "I am CosmoGemma, an assistant for cosmology and astronomy: a library of passages written for "
    "it, and a small Gemma model fine-tuned on questions from arXiv abstracts. I look a question "
    "up, quote what answers it and show where it is from; I compute distances, ages and the like, "
    "and list ideas for projects. Ask me about the universe, paste an abstract or a "
    "multiple-choice question. I can be wrong: check the sources."
)
UNCLEAR = (
    "I cannot tell what this is about. Name the thing, the survey or the value in the question, "
    "and I look it up."
)
IN_NEED = (
    "I am sorry that you feel this way. I am only an assistant for astronomy, but you need not "
    "carry this alone: please talk to someone you trust, or call your local emergency number or a "
    "helpline (findahelpline.com lists them by country)."
)
_NEED = re.compile(
    r"\b(?:kill|hurt|cut|harm|hang|starve)(?:ing)? myself\b|\bend(?:ing)? my life\b|\bsuicid|"
    r"\bwant to die\b",
    re.IGNORECASE,
)

_NAMES = """
    CMB CMBR BAO BAOs H0 S8 LCDM wCDM CDM WDM FDM ISW kSZ tSZ SZ RSD LSS GR MOND TeVeS BBN EoR
    IGM ISM CGM AGN AGNs GRB GRBs FRB FRBs SMBH PBH PBHs WIMP WIMPs ALP ALPs BSM EFT EFTofLSS
    HOD SFR IMF PTA fNL Neff Planck WMAP COBE ACT SPT BICEP BICEP2 Keck LiteBIRD DESI SDSS BOSS
    eBOSS DES KiDS HSC LSST Euclid Rubin JWST HST Webb Hubble Roman WFIRST Gaia SPHEREx Pantheon
    SH0ES SKA LOFAR HERA MWA EDGES SARAS CHIME HIRAX MeerKAT ASKAP ALMA VLA VLT ELT DSA LIGO
    Virgo KAGRA LISA NANOGrav Einstein IceCube XENON XENONnT LZ Fermi eROSITA Chandra Athena TNG
    IllustrisTNG Illustris EAGLE SIMBA CAMELS Quijote Millennium Astrid CAMB CLASS healpy
    HEALPix astropy FITS MCMC NFW ICL Friedmann Lemaitre Lemaître Penzias Kepler Newton Hawking
    Schwarzschild Chandrasekhar Zwicky Sagittarius Andromeda Pluto Neptune Uranus Saturn Jupiter
    Mars Venus
"""
_TERMS = r"""
    cosmo(?:s|log\w*|gon\w*) astro(?:nom\w*|phys\w*) galaxies galactic quasars? pulsars?
    blazars? magnetars? supernova\w* kilonova\w* neutron\Wstars? white\Wdwarfs? black\Wholes?
    exoplanets? dark\Wmatter dark\Wenergy microwave\Wbackground big\Wbang
    hubble\W(?:constant|tension|parameter|diagram|flow) redshifts? reioni[sz]\w*
    gravitational\W\w+ lensing neutrinos? baryon\w* hal(?:o|os|oes) n-body power\Wspectr\w+
    bispectr\w+ lambda-?cdm lyman\S* 21\W?-?cm axions? wimps? multipoles? interstellar
    intergalactic stellar telescopes? parsecs? megaparsecs? light-?\W?years? milky\Wway
    general\Wrelativity spacetime planets? planetary orbits? comets? asteroids? nebula\w* solar
    lunar eclipse\w* sunspots? inflaton inflationary primordial sigma_?8 omega_?m w0 wa universe
    multiverse expansion\Wrate expanding photometric spectroscopic cosmic hydrogen helium
    deuterium nucleosynthesis parallax cepheids? standard\W(?:candles?|sirens?|rulers?) gluon\w*
    boson graviton\w* wormholes? horizon tensor-to-scalar polari[sz]ation shear
    convergence\Wmaps? mocks? posteriors? priors? likelihoods? nested\Wsampling
    fisher\Wforecasts? simulation-based emulators?
"""
_HARM = r"""
    bombs? explosives? explod\w* weapons? guns? kill\w* murder\w* poison\w* drugs? meth\w*
    napalm nerve\Wgas hack\w* malware ransomware phish\w* viruses steal\w* stolen launder\w*
    forg(?:e|ed|ing) blackmail stalk\w* torture\w* terror\w* sexual nude\w* porn\w* suicid\w*
    myself racist hateful smuggl\w* abuse attack\w* threat\w* illegal\w* deepfake\w* lethal
    burgl\w* bully\w* propaganda rob insult\w* swear break\Winto
"""
_ROLE = r"""
    ignore disregard forget\W(?:that|all|your|everything) override pretend act\Was
    play\Wthe\Wrole you\Ware\W(?:now|my|a|no\Wlonger) be\Wmy be\Wa stop\Wbeing system\Wprompt
    developer\Wmode instructions restrictions password shell script base64 repeat\Wthe
"""
_EVERYDAY = r"""
    recipes? cook\w* bake\w* eat\w* wine boyfriend girlfriend husband wife dating love
    horoscopes? zodiac retrograde tarot aries taurus gemini leo scorpio capricorn aquarius
    pisces lucky luck films? movies? songs? sings? sang actors? actress\w* celebrit\w* series
    episodes? phones? iphone samsung laptop hotels? restaurants? buy cheap price discount loans?
    stocks? bitcoin mortgage salary savings taxes? vote election president football soccer
    tennis score team doctor symptoms? dose pills? pain skin diet lawyer divorce landlord
    homework essay poem story jokes? translate css html sql javascript java git docker amazon
    photoshop website flat\Wearth faked? aliens? nasa\Wfak\w+ chemtrails? conspiracy wedding
    birthday dogs? cats? my
"""


def _pattern(listed: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(listed.split())})(?!\w)", flags)


_CUES = (_pattern(_NAMES, 0), _pattern(_TERMS), _pattern(_HARM), _pattern(_ROLE),
         _pattern(_EVERYDAY))  # fmt: skip
_MOST = 2
_SCALE = 4.0


@lru_cache(maxsize=1)
def _primer() -> tuple[np.ndarray, frozenset[str]]:
    """Unit vectors (n, 384) of the primer's sentences, and its words."""
    passages = read_primer()
    known = [vectors for vectors in passage_vectors(passages) if vectors is not None]
    vocabulary = frozenset(word for p in passages for word in words(f"{p.title} {p.text}"))
    return np.concatenate([np.empty((0, DIMENSION), np.float32), *known]), vocabulary


def features(questions: Sequence[str]) -> np.ndarray:
    """The features of questions that the regression takes.

    Returns:
        Array (len(questions), 384 + 8), float32: embeddings; how many words of each kind stand in
        the question, at most 2; the highest and the tenth highest cosine with a sentence of the
        primer, and the fraction of the question's words that the primer has.
    """
    vectors = embed(questions)
    sentences, vocabulary = _primer()
    cosines = vectors @ sentences.T if len(sentences) > 9 else np.zeros((len(questions), 10))
    near = np.sort(np.partition(cosines, -10, axis=1)[:, -10:], axis=1)
    shares = [
        sum(w in vocabulary for w in asked) / max(len(asked), 1)
        for asked in (words(question) for question in questions)
    ]
    counts = [
        [min(len(set(cue.findall(question))), _MOST) for cue in _CUES] for question in questions
    ]
    counted = np.array(counts).reshape(len(questions), len(_CUES))
    parts = [vectors, counted, _SCALE * near[:, [9, 0]], np.array(shares)[:, None]]
    return np.concatenate(parts, axis=1).astype(np.float32)


@dataclass(frozen=True)
class Intent:
    """What a question asks for.

    Attributes:
        label: "on", "off" or "meta".
        probability: that it is on topic, 0 to 1.
    """

    label: Label
    probability: float


@dataclass(frozen=True)
class IntentModel(LinearModel):
    """The fitted regression.

    Attributes:
        labels: in the order of the weights.
        weights: (labels, 384 + 8), of :func:`features`.
        biases: (labels,).
        threshold: probability from which a question counts as on topic.
    """

    folder_name = "intent"

    labels: tuple[Label, ...]
    weights: np.ndarray
    biases: np.ndarray
    threshold: float

    @classmethod
    def from_json(cls, text: str) -> IntentModel:
        """See :meth:`core.coefficients.LinearModel.from_json`."""
        stored = json.loads(text)
        return cls(
            tuple(stored["labels"]), np.array(stored["weights"], np.float32),
            np.array(stored["biases"], np.float32), float(stored["threshold"]),
        )  # fmt: skip

    def classify(self, vector: np.ndarray) -> Intent:
        """The intent of one question, given its :func:`features` (384 + 8,)."""
        logits = self.weights @ vector + self.biases
        odds = np.exp(logits - logits.max())
        by_label = dict(zip(self.labels, (odds / odds.sum()).tolist(), strict=True))
        on = by_label["on"]
        if on >= self.threshold and on >= by_label["meta"]:
            return Intent("on", on)
        return Intent("meta" if by_label["meta"] > by_label["off"] else "off", on)


@lru_cache(maxsize=1)
def load_intent_model() -> IntentModel:
    """The model that comes with the code, read once."""
    return IntentModel.load()


def intent_of(question: str) -> Intent:
    """Classify a question.

    Raises:
        ValueError: if it is empty.
    """
    question = clean(question)
    if not question:
        raise ValueError("The question is empty; write one first.")
    return load_intent_model().classify(features([question])[0])


def fixed_reply(question: str) -> str | None:
    """What to say to a question that is not to be looked up; None for one on topic."""
    label = intent_of(question).label
    if label == "on":
        return None
    if _NEED.search(question):
        return IN_NEED
    return ABOUT if label == "meta" else OFF_TOPIC
