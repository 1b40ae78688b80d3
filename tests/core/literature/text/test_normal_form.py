"""Terms of the field have one form, however TeX, a keyboard or a habit spells them."""

from __future__ import annotations

import math

import pytest

from core.literature.text.fts_query import full_text_query, words_apart
from core.literature.text.normal_form import shown, spellings, tokens, written
from core.literature.text.text import words
from core.literature.text.vocabulary import TERMS

SAME = [
    ["21cm", "21 cm", "21-cm", "21~cm", "$21$ cm", r"$21\,$cm", "21 centimetre", "21-centimeter",
     "21\u2011cm", "21\u2013cm"],
    ["S8", "$S_8$", "S_8", "S₈", "$S_{8}$", r"$S_{\rm 8}$", "S 8"],
    ["H0", "H_0", "$H_0$", "$H_{0}$", "H₀", "Hubble constant", r"$H_{\rm 0}$"],
    ["f_NL", "fNL", r"$f_{\rm NL}$", r"$f_{\mathrm{NL}}$", "$f_{NL}$", r"\fnl", "f NL",
     r"$f_\mathrm{NL}$", r"$f_{\textrm{NL}}$"],
    ["sigma8", r"$\sigma_8$", "σ8", "σ_8", "sigma_8", "sigma 8", "σ₈", r"$\sigma_{8}$"],
    ["LCDM", r"$\Lambda$CDM", "ΛCDM", r"\LCDM", r"$\Lambda$-CDM", "Lambda CDM", "LambdaCDM",
     r"$\Lambda{\rm CDM}$", r"$\Lambda\mathrm{CDM}$", r"$\Lambda$ cold dark matter"],
    ["HI", "H I", r"H\,I", "neutral hydrogen", r"H\,{\sc i}", r"H{\sc i}", r"{\HI}", r"\HI",
     r"H~{\small I}", r"$\mathrm{HI}$", r"\ion{H}{I}", "neutral-hydrogen"],
    ["Lyα", "Lyman-alpha", r"Ly$\alpha$", "Lya", "Ly-alpha", r"Lyman-$\alpha$", r"\lya",
     "Lyman α", r"$\mathrm{Ly}\alpha$"],
    ["z~7", "z ~ 7", r"$z\sim7$", r"$z \sim 7$", "z=7", "$z=7$", "redshift 7", "redshifts of 7",
     r"$z\approx 7$", "z ≈ 7"],
    ["w0wa", "$w_0w_a$", "w0-wa", "$w_0$-$w_a$", "$w_0w_a$CDM", "w0waCDM", "w_0 w_a", "CPL",
     "$w_{0}w_{a}$CDM", r"$w_0 w_a\mathrm{CDM}$", "w₀wₐ", "$(w_0,w_a)$"],
    ["BAO", "baryon acoustic oscillations", "Baryon Acoustic Oscillation", "BAOs"],
    ["CMB", "cosmic microwave background", "Cosmic Microwave Background"],
    ["GW", "GWs", "gravitational waves", "gravitational-wave"],
    ["SNe Ia", "SN Ia", "SNIa", "Type Ia supernovae", "type Ia supernova", "Type-Ia supernovae",
     "SNe~Ia"],
    ["reionisation", "reionization"], ["galaxies", "galaxy"], ["halos", "haloes", "halo"],
    ["polarisation", "polarization"], ["150MHz", "150 MHz"], ["DR1", "DR 1", "data release 1"],
    ["Omega_m", r"$\Omega_m$", "Ωm", "Ω_m", r"$\Omega_{\rm m}$", "Ωₘ"],
    ["photo-z", "photometric redshifts", "photo-$z$", "photo-zs", "photoz"],
    ["N_eff", r"$N_{\rm eff}$", "Neff", r"$N_\mathrm{eff}$"],
    [r"$\sum m_\nu$", "Σmν", "sum of neutrino masses", "sum of the neutrino masses"],
    ["f(R)", "$f(R)$", "f(R) gravity"], ["PBHs", "primordial black holes"],
    ["SZ", "Sunyaev-Zel'dovich", "Sunyaev--Zel'dovich", "Sunyaev-Zeldovich", "Sunyaev Zel’dovich"],
    ["EoR", "epoch of reionization", "Epoch of Reionisation"],
    [r"$f\sigma_8$", "fσ8", "f sigma8"], ["M_sun", r"$M_\odot$", "M☉", "solar masses"],
    ["non-Gaussianity", "nonGaussianity"], ["Pop III", "Population III", "Pop. III"],
    ["Müller", "Muller"], ["[CII]", "[C II]", r"[C\,{\sc ii}]"],
    ["SBI", "simulation-based inference", "likelihood-free inference"],
    ["power spectrum", "power spectra"], ["LSS", "large-scale structure"],
]


@pytest.mark.parametrize("same", SAME, ids=lambda same: same[0])
def test_all_spellings_of_a_term_are_the_same_words(same: list[str]) -> None:
    assert [text for text in same if words(text) != words(same[0])] == []
    assert words(same[0])


def test_in_a_sentence_a_term_is_found_as_alone() -> None:
    text = r"We present the 21-cm signal, $f_{\rm NL}$ and baryon acoustic oscillations of DESI."
    assert words(text) == ["present", "21cm", "signal", "fnl", "bao", "desi"]


@pytest.mark.parametrize(
    "different",
    [("S8", "S 80"), ("H0", "H2"), ("21 cm", "21 m"), ("de Sitter", "dark energy"), ("w0", "wa"),
     ("an act of faith", "ACT DR6"), ("weak lensing", "strong lensing"), ("free_form", "f r")],
)
def test_what_is_not_the_same_stays_apart(different: tuple[str, str]) -> None:
    one, other = different
    assert words(one) != words(other)


def test_the_form_of_a_form_is_itself() -> None:
    for term in TERMS.values():
        assert tokens(term.name) == [term.name]
        for spelling in (*term.spellings, term.shown):
            if spelling != "[C II]":
                assert term.name in tokens(spelling), spelling
    for same in SAME:
        for text in same:
            assert words(" ".join(words(text))) == words(text)


def test_common_words_are_left_out_as_they_stand() -> None:
    assert words("Does it do what others do?") == []
    assert words("the of and") == []


def test_every_spelling_is_looked_for() -> None:
    assert '"f rm nl"' in spellings("fnl") and '"σ 8"' in spellings("sigma8")
    assert full_text_query("21cm") == full_text_query("21-cm") == full_text_query("21 cm")
    assert full_text_query("BAO") == full_text_query("baryon acoustic oscillations")
    assert full_text_query('"weak lensing" $S_8$').startswith('"weak lensing" AND ("s8"')
    assert set(written("polarization")) == {"polarization", "polarisation"}
    assert (shown("21cm"), shown("void")) == ("21 cm", "void")


@pytest.mark.parametrize("text", ["", " ", "$", "\\", "{" * 5000, "_" * 5000, "a_" * 5000, "\x00",
                                  "\\ion{" * 2000, "日本語", "\ud800", "$" * 5000, "21" * 4000])
def test_any_text_has_a_form(text: str) -> None:
    assert isinstance(words(text), list) and isinstance(full_text_query(text), str)


@pytest.mark.parametrize(("text", "number"), [
    ("H0 tension", 2), ("weak lensing Euclid", 2), ("void", 1), ("", 0), ("the", 1),
    (" ".join(f"word{i}" for i in range(300)), 8), ('"dark matter" halo', 2),
])
def test_a_query_that_nothing_answers_is_taken_apart(text: str, number: int) -> None:
    assert len(words_apart(text)) == number
    for least in range(1, number + 1):
        query = full_text_query(text, least)
        assert query.count(" OR ((") + 1 == math.comb(number, least) or number == 1
        assert len(query) < 100_000
    assert full_text_query(text, number + 1) == ""


def test_a_single_letter_alone_answers_nothing() -> None:
    assert '("b")' not in full_text_query("b platypus", 1).split(" OR ")
