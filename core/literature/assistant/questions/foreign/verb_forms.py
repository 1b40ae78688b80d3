"""The forms of a regular verb, from its infinitive: what a question may hold of it.

Only the forms that questions use: the third person and "we", now and in the past, participles.

Example:
    >>> [form for form, past in verb_forms("décaler", "French") if past][:2]
    ['décalé', 'décalée']
"""

from __future__ import annotations

import re

__all__ = ["adjective_forms", "plural_forms", "verb_forms"]

_ENDS: dict[str, dict[str, tuple[str, str]]] = {
    # infinitive ending: (endings of the present and future, endings of the past)
    "Spanish": {
        "ar": ("a an e en amos ando ara aran aria arian arse", "o aron aba aban ado ada ados adas"),
        "er": (
            "e en a an emos iendo era eran eria erian erse",
            "io ieron ia ian ido ida idos idas",
        ),
        "ir": (
            "e en a an imos iendo ira iran iria irian irse",
            "io ieron ia ian ido ida idos idas",
        ),
    },
    "French": {
        "er": ("e ent ons ez ant era eront erait eraient", "é ée és ées a erent ait aient"),
        "ir": ("it issent issons issant ira iront irait", "i ie is ies issait issaient"),
        "re": ("ent ons ant ra ront rait", "u ue us ues ait aient"),
    },
    "Italian": {
        "are": (
            "a ano i ino iamo ando era eranno erebbe arsi",
            "o arono ava avano ato ata ati ate",
        ),
        "ere": ("e ono a ano iamo endo era eranno erebbe ersi", "ette eva evano uto uta uti ute"),
        "ire": (
            "e ono isce iscono a ano isca iscano iamo endo ira iranno irebbe irsi",
            "irono iva ivano ito ita iti ite",
        ),
    },
    "Portuguese": {
        "ar": (
            "a am e em amos ando ara arao aria ariam ar-se",
            "ou aram ava avam ado ada ados adas",
        ),
        "er": ("e em a am emos endo era erao eria eriam", "eu eram ia iam ido ida idos idas"),
        "ir": ("e em a am imos indo ira irao iria iriam", "iu iram ia iam ido ida idos idas"),
    },
    "German": {
        "en": ("t et e en end", "te ten ete eten"),
        "ern": ("ert ern ernd", "erte erten"),
        "eln": ("elt eln elnd", "elte elten"),
    },
    "Dutch": {"en": ("t en end", "te ten de den")},
}
_APART = re.compile(r"^(?:zusammen|heraus|hervor|voraus|hinein|nach|aus|auf|ein|weg|vor|ab|an|zu)")
_JOINED = re.compile(r"^(?:be|ver|er|ent|zer|miss|her|ont|ge)")


def verb_forms(infinitive: str, language: str) -> list[tuple[str, bool]]:
    """Every regular form of a verb, and whether it is of the past.

    Args:
        infinitive: one word; of another ending than the language's infinitives it is a form itself.
        language: one with a glossary.
    """
    for ending, (now, past) in _ENDS[language].items():
        if infinitive.endswith(ending) and len(infinitive) > len(ending) + 1:
            stem = infinitive[: -len(ending)]
            forms = [(_joined(stem, end, ending), False) for end in now.split()]
            forms += [(_joined(stem, end, ending), True) for end in past.split()]
            if language in ("German", "Dutch"):
                forms += [(form, True) for form in _participles(stem, ending, language)]
            if language == "Dutch":
                for one in _dutch_stems(stem)[1:]:
                    forms += [
                        (one + "t", False),
                        (one + "te", True),
                        (one + "de", True),
                        *((form, True) for form in _participles(one, ending, language)),
                    ]
            return [(infinitive, False), *forms]
    return [(infinitive, False)]


_ADJECTIVES = {
    "Spanish": (("o", "o a os as"), ("e", "e es"), ("", " es s a")),
    "Portuguese": (("o", "o a os as"), ("e", "e es"), ("vel", "vel veis"), ("", " es s a")),
    "Italian": (
        ("co", "co ca ci chi che"),
        ("go", "go ga ghi ghe"),
        ("o", "o a i e"),
        ("e", "e i"),
        ("", ""),
    ),
    "French": (("e", "e es"), ("", " e s es")),
    "German": (("", " e en er es em"),),
    "Dutch": (("", " e"),),
}
_PLURALS = {
    "Spanish": (("z", "ces"), ("ion", "iones"), ("s", ""), ("", "s es")),
    "Portuguese": (("ao", "oes"), ("m", "ns"), ("l", "is"), ("s", ""), ("", "s es")),
    "Italian": (("ca", "che"), ("a", "e"), ("o", "i"), ("e", "i")),
    "French": (("s", ""), ("x", ""), ("au", "aux"), ("eu", "eux"), ("al", "aux"), ("", "s")),
    "German": (),
    "Dutch": (),
}


def _ended(word: str, table: tuple[tuple[str, str], ...]) -> list[str]:
    for ending, forms in table:
        if word.endswith(ending):
            stem = word[: len(word) - len(ending)]
            return [stem + form for form in forms.split(" ")] if forms else [word][: not ending]
    return []


def adjective_forms(adjective: str, language: str) -> list[str]:
    """An adjective, of which the last word may be inflected, and its feminine and plural forms."""
    before, _, last = adjective.rpartition(" ")
    forms = [
        adjective,
        *(f"{before} {form}".strip() for form in _ended(last, _ADJECTIVES[language])),
    ]
    return list(dict.fromkeys(forms))


def plural_forms(noun: str, language: str) -> list[str]:
    """The plural of a Romance noun in the regular ways; none of German or Dutch."""
    return [form for form in _ended(noun, _PLURALS[language]) if form != noun]


def _dutch_stems(stem: str) -> list[str]:
    """Of "spelen" speel, of "schrijven" schrijf."""
    end = {"v": "f", "z": "s"}.get(stem[-1:], stem[-1:])
    long = re.sub(r"(?<![aeiou])([aeou])(?=[^aeiouwx]$)", r"\1\1", stem)
    return [stem, stem[:-1] + end, long, long[:-1] + end]


def _joined(stem: str, end: str, infinitive: str) -> str:
    """A stem and an ending as they are spelt: "explique", "cambi", "mancherà"."""
    if infinitive in ("ar", "are") and end[0] in "ei":
        if infinitive == "ar":
            stem = re.sub("z$", "c", re.sub("g$", "gu", re.sub("c$", "qu", stem)))
        else:
            stem = re.sub("i$", "" if end[0] == "i" else "i", re.sub("([cg])$", r"\1h", stem))
    return stem + end


def _participles(stem: str, ending: str, language: str) -> list[str]:
    """Of a German or Dutch stem: "gemessen" is listed, "gebildet" and "erforscht" are made."""
    end = ending.removesuffix("en").removesuffix("n") + "t"
    if _JOINED.match(stem):
        return [stem + end, *([stem + "d", stem] if language == "Dutch" else ())]
    prefix = _APART.match(stem) if language == "German" else None
    before = prefix[0] if prefix else ""
    core = stem[len(before) :]
    made = [f"{before}ge{core}{end}", f"{before}ge{core}e{end}"]
    return [*made, f"{before}zu{core}{ending}"] if before else [*made, f"ge{stem}d"]
