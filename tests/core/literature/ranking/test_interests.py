"""Interests as people type them: read as terms, widened, and in need of a word of evidence."""

from __future__ import annotations

import pytest

from core.literature.ranking.interests import encoded, evidence_in, in_words, read_interests
from core.literature.ranking.relevance import load_relevance_model


def test_an_interest_says_what_it_became() -> None:
    (interest,) = read_interests("21cm")
    assert in_words(interest) == (
        "21cm → 21 cm, HI, reionization signal, cosmic dawn, intensity mapping")
    assert [in_words(one) for one in read_interests("peaks of voids")] == ["peaks of voids"]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("weak lensing\n21 cm", [("wl",), ("21cm",)]),
        ("H0, $S_8$; fNL", [("h0",), ("s8",), ("fnl",)]),
        ("I am interested in dark energy", [("darkenergy",)]),
        ("papers about BAO", [("bao",)]), ("$w(a,b)$ models", [("w", "b", "model")]),
        ("BAO, baryon acoustic oscillations", [("bao",)]), ("", []), ("the, of", []),
    ],
)  # fmt: skip
def test_interests_are_read_one_by_one(text: str, terms: list[tuple[str, ...]]) -> None:
    assert [interest.terms for interest in read_interests(text)] == terms


def test_a_paper_needs_a_word_of_it() -> None:
    relevance = load_relevance_model()
    (interest,) = read_interests("21cm")
    texts = [relevance.encode(text) for text in (
        "The 21-cm bispectrum", "HI intensity mapping with MeerKAT", "Haloes of dark matter")]
    assert evidence_in(texts, interest, relevance).tolist() == [True, True, False]


def test_what_was_written_weighs_more_than_what_is_related() -> None:
    relevance = load_relevance_model()
    (interest,) = read_interests("BAO")
    text = encoded(interest, relevance, None)
    weights = dict(zip(text.terms, text.weights.tolist(), strict=True))
    assert weights["bao"] == max(weights.values()) and "soundhorizon" in weights
    assert sum(weight**2 for weight in weights.values()) == pytest.approx(1, abs=1e-5)
