r"""One form for a text, however TeX, a keyboard or a habit spells its terms.

"21cm", "21-cm" and "21 cm" are one word; so are "S8" and ``$S_8$``, "BAO" and what it stands for.
Search, ranking and retrieval all read texts in this form, so that they agree on what a paper says.

Example:
    >>> tokens(r"the 21-cm signal, $f_{\rm NL}$ and baryon acoustic oscillations")
    ['the', '21cm', 'signal', 'fnl', 'and', 'bao']
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from core.literature.text.flat_math import flatten
from core.literature.text.stop_words import STOP_WORDS
from core.literature.text.vocabulary import TERMS

__all__ = ["as_phrase", "shown", "spelled_out", "spellings", "tokens", "tokens_apart", "written"]

_GREEK = re.compile(r"[α-ωΑ-Ω]")
_GREEK_NAMES = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
    "upsilon phi chi psi omega"
)
_BASE = rf"(?<![A-Za-z0-9])([A-Za-z]|(?i:fsigma|{'|'.join(_GREEK_NAMES.split())}))"
_INDEXED = re.compile(rf"{_BASE} ?_ ?([A-Za-z0-9]+)")
_INDEX = re.compile(
    r"_\s*(?:\{(?:[^{}]|\{[^{}]*\})*\}|[0-9]+|[mbckrde](?=h\b|h\^)|[A-Za-z]+|\\[A-Za-z]+)"
)
_CLOSED = re.compile(r"(?<=[\w}])(\$|\})(?=[A-Za-z])")
_FONT = re.compile(r"\\(?:small|scriptsize|footnotesize|scshape|upshape)(?![A-Za-z])\s?")
_ION = re.compile(r"\\ion\s*\{(\w+)\}\s*\{(\w+)\}")
_SCALAR = re.compile(r"(?<![A-Za-z0-9\\])A ?_ ?s(?![A-Za-z0-9])")
"""The scalar amplitude in flat notation: joined as other symbols are, it would be the word "as"."""
_MANY = re.compile(r"(?<![A-Za-z])([A-Z]{2,6})s(?![A-Za-z])")
_SIGNS = str.maketrans({"⊙": "sun", "☉": "sun", "ɪ": "I"})
_RELEASE = re.compile(r"(?<![a-z])(?:data release|dr)[\s-]?([0-9]+)(?![0-9])")
_TOKEN = re.compile(r"[^\W_]+(?:\.[0-9]+)?")
_UNITS = "mhz ghz khz hz gpc mpc kpc pc gyr myr kev gev tev mev ev mm cm km arcmin deg sigma"
_QUANTITY = re.compile(rf"([0-9]+(?:\.[0-9]+)?)({'|'.join(_UNITS.split())})")

_SAME_STEMS = (
    "ion polar normal marginal general optim character parametr quant minim maxim regular local "
    "organ random thermal virial rescal standard summar real util visual factor discret symmetr "
    "recombin therm"
)
_BRITISH = re.compile(rf"(.*(?:{'|'.join(_SAME_STEMS.split())}))is(ations?|e|ed|es|er|ing)")
_AMERICAN = re.compile(r"iz(ations?|e|ed|es|er|ing)$")
_OTHER_SPELLINGS = {
    "catalogue": "catalog", "centre": "center", "colour": "color", "modelling": "modeling",
    "modelled": "modeled", "neighbour": "neighbor", "behaviour": "behavior", "haloe": "halo",
    "favour": "favor", "grey": "gray", "fibre": "fiber", "metre": "meter", "analyse": "analyze",
    "centimetre": "centimeter", "kilometre": "kilometer", "artefact": "artifact",
    "supernovae": "supernova", "biase": "bias", "gase": "gas", "nebulae": "nebula",
    "nuclei": "nucleus", "lense": "lens", "indice": "index", "spectra": "spectrum",
}
_ALSO_SPELT: dict[str, list[str]] = {}
for _one, _same in _OTHER_SPELLINGS.items():
    _ALSO_SPELT.setdefault(_same, []).append(_one)
_UNCHANGED = frozenset(["series", "species", "lens", "gas", "bias"])
_LONGEST = 8
_LONGEST_WORD = 60
"""Letters of a word that may have another spelling; a line of one letter would take minutes."""


def tokens(text: str) -> list[str]:
    """The words of a text in order, small, singular, in one spelling; terms by their names.

    Names of terms are those of :data:`core.literature.text.vocabulary.TERMS`; telling a word from
    a common one is left to the caller. The tokens of joined tokens are the tokens.
    """
    return _with_terms(tokens_apart(text))


def as_phrase(text: str) -> str:
    """The tokens between spaces, so that a phrase is looked for in another as a string."""
    return f" {' '.join(tokens(text))} "


def tokens_apart(text: str) -> list[str]:
    """As :func:`tokens`, each word by itself: "fast", "radio", "burst" and not "frb"."""
    text = _ION.sub(r" \1 \2 ", _FONT.sub("", _composed(text)))
    text = _CLOSED.sub(r"\1 ", _INDEX.sub(r"\g<0> ", text))
    flat = _MANY.sub(r"\1", spelled_out(flatten(text).text.translate(_SIGNS)))
    flat = _SCALAR.sub(" scalar amplitude ", flat)
    flat = _INDEXED.sub(r"\1\2", _INDEXED.sub(r"\1\2", flat))
    decomposed = unicodedata.normalize("NFKD", flat.replace("'", "").replace("’", ""))
    low = "".join(c for c in decomposed if not unicodedata.combining(c)).lower()
    low = _RELEASE.sub(r" dr\1 ", low)
    found: list[str] = []
    for token in _TOKEN.findall(low):
        quantity = _QUANTITY.fullmatch(token)
        found += quantity.groups() if quantity else [token]
    return [_one_spelling(token) for token in found]


def spelled_out(text: str) -> str:
    """Greek letters by name, as LaTeX names them: σ8 is sigma8, ΛCDM is Lambda CDM."""
    return _GREEK.sub(_name_of, _composed(text))


def _composed(text: str) -> str:
    """In one form of Unicode; an index that would make a word of its symbol stays one."""
    return unicodedata.normalize("NFKC", text.replace("Aₛ", "A_s"))


def shown(token: str) -> str:
    """A token as a page writes it: "21cm" as "21 cm", "fnl" as "f_NL", others as they are."""
    return TERMS[token].shown if token in TERMS else token


@lru_cache(maxsize=8192)
def written(token: str) -> tuple[str, ...]:
    """The ways in which a text may write a token, in plain words, the token's own first."""
    found = {token: None}
    if token in TERMS:
        found |= {form: None for spelling in TERMS[token].spellings for form in _forms(spelling)}
        return tuple(found)
    found |= {_BRITISH.sub(r"\1iz\2", token): None, _AMERICAN.sub(r"is\1", token): None}
    found |= {re.sub(r"(?<=[a-z])(?=[0-9])|(?<=[0-9])(?=[a-z])", " ", token): None}
    found |= dict.fromkeys(_ALSO_SPELT.get(token, ()))
    return tuple(found)


@lru_cache(maxsize=8192)
def spellings(token: str) -> str:
    """A token as FTS5 looks for it: in every spelling, each quoted.

    "sigma8" is also "sigma 8", "polarisation" also "polarization", "bao" also what it stands for.
    """
    quoted = ['"' + form.replace('"', '""') + '"' for form in written(token)]
    return f"({' OR '.join(quoted)})"


_FONTS = ("", "rm ", "mathrm ", "text ", "textrm ", "mathsf ", "it ")
_GREEK_SIGNS = {name: sign for name, sign in zip(
    _GREEK_NAMES.split(), "αβγδεζηθικλμνξπρστυφχψω", strict=True)}


def _forms(spelling: str) -> list[str]:
    """A spelling of the table in small letters: a symbol with an index joined, apart and with the
    fonts that TeX puts between, since an index of words knows no TeX."""
    base, mark, index = spelling.lower().partition("_")
    if not mark or " " in base or "_" in index or " " in index:
        return [_flat(spelling)]
    bases = [base, *filter(None, [_GREEK_SIGNS.get(base)])]
    return [f"{b}{index}" for b in bases] + [f"{b} {font}{index}" for b in bases for font in _FONTS]


def _flat(spelling: str) -> str:
    return spelling.lower().replace("_", "").replace("-", " ")


@lru_cache(maxsize=65536)
def _one_spelling(word: str) -> str:
    """Singular and American; common words as they are."""
    if word in STOP_WORDS or len(word) > _LONGEST_WORD:
        return word
    word = _OTHER_SPELLINGS.get(word, word)
    if len(word) > 3 and word.endswith("s") and word not in _UNCHANGED:
        if word.endswith("ies") and len(word) > 4:
            word = f"{word[:-3]}y"
        elif word.endswith(("sses", "xes", "ches", "shes")):
            word = word[:-2]
        elif not word.endswith(("ss", "us", "is")):
            word = word[:-1]
    word = _OTHER_SPELLINGS.get(word, word)
    return _BRITISH.sub(r"\1iz\2", word)


@lru_cache(maxsize=1)
def _sequences() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Spellings as tokens and the term they name, by their first token, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for term in TERMS.values():
        for form in (term.name, *(f for s in term.spellings for f in (s, *_forms(s)))):
            parts = tuple(tokens_apart(form))
            if not parts or _two_letters(parts):
                continue
            known = found.setdefault(parts[0], [])
            if (parts, term.name) not in known:
                known.append((parts, term.name))
    for listed in found.values():
        listed.sort(key=lambda pair: -len(pair[0]))
    return found


def _two_letters(parts: tuple[str, ...]) -> bool:
    """Two letters apart say too little to be a term: "w", "a" of "w(a, b)"; "h", "i" do."""
    return len("".join(parts)) == 2 == len(parts) and parts[1] in "abcdekms"


def _with_terms(plain: list[str]) -> list[str]:
    sequences = _sequences()
    found, at = [], 0
    while at < len(plain):
        for parts, name in sequences.get(plain[at], ()):
            if tuple(plain[at : at + len(parts)]) == parts:
                found.append(name)
                at += len(parts)
                break
        else:
            found.append(plain[at])
            at += 1
    return found


def _name_of(letter: re.Match[str]) -> str:
    name = unicodedata.name(letter[0]).split("LETTER ")[-1].split(" ")[0].lower()
    name = {"lamda": "lambda", "final": "sigma"}.get(name, name)
    following = letter.string[letter.end() : letter.end() + 1]
    return name + (" " if following.isalpha() else "")
