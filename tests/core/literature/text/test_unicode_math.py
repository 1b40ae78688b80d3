"""TeX as Unicode: every passage and sample, and what is written to break it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.literature import skim
from core.literature.library import primer
from core.literature.text.tex import mathematics, readable
from core.literature.text.tex_signs import STYLES
from core.literature.text.unicode_math import body_of, unicode_text

PASSAGES = Path(primer.__file__).parent / "primer_data" / "passages.jsonl"
SAMPLE = Path(skim.__file__).parent / "sample.jsonl"


def texts() -> Iterator[str]:
    for file in (PASSAGES, SAMPLE):
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            yield from (row[key] for key in ("title", "text", "abstract") if key in row)


TEXTS = list(texts())
LEFT_OVER = re.compile(
    r"\\|[_^]\s*\{|[{}]|\$(?!\d)|\s[_^]|[_^](?:\s|$)|\^-\d|\b(?:in|of|at|with|from|by) [.,;]"
    r"|\(\s*\)|\s[.,;](?:\s|$)"
)


def test_there_are_formulas_to_try() -> None:
    assert sum(len(mathematics(readable(text))) for text in TEXTS) > 500


@pytest.mark.parametrize("part", range(10))
def test_nothing_of_tex_is_left_over_and_no_formula_is_lost(part: int) -> None:
    for text in TEXTS[part::10]:
        _nothing_left_or_lost(text)


def _nothing_left_or_lost(text: str) -> None:
    shown = unicode_text(text)
    if "`" in text:  # a recipe: its code is to the letter
        assert re.findall(r"`[^`]+`", shown) == re.findall(r"`[^`]+`", text)
        text, shown = re.sub(r"`[^`]+`", "code", text), re.sub(r"`[^`]+`", "code", shown)
    left = LEFT_OVER.search(re.sub(r"[{}]", "", shown) if r"\{" in text else shown)
    assert not left, shown
    here = Counter(unicodedata.normalize("NFKD", shown))
    wanted: Counter[str] = Counter()
    for start, end in mathematics(readable(text)):
        body = body_of(readable(text)[start:end])
        commands = re.findall(r"\\([A-Za-z]+)", body)
        body = re.sub(r"\\(?:begin|end)\{\w+\}|\\[A-Za-z]+", " ", body)
        wanted += Counter(sign for sign in body if sign.isalnum())
        assert unicode_text(f"${body}$") or not body.strip(" {}_^") or set(commands) <= STYLES
    assert not wanted - here


@pytest.mark.parametrize(("tex", "shown"), [
    (r"$H_0 = 73.4 \pm 1.1$ km s$^{-1}$ Mpc$^{-1}$ in flat $\Lambda$CDM.",
     "H₀ = 73.4 ± 1.1 km s⁻¹ Mpc⁻¹ in flat ΛCDM."),
    (r"$H_0=70\,\mathrm{km\,s^{-1}\,Mpc^{-1}}$", "H₀ = 70 km s⁻¹ Mpc⁻¹"),
    (r"s^-1 Mpc^-1 and s^{-1} Mpc ^{-1}", "s⁻¹ Mpc⁻¹ and s⁻¹ Mpc⁻¹"),
    (r"$S_8 \equiv \sigma_8\sqrt{\Omega_{\rm m}/0.3}$", "S₈ ≡ σ₈√(Ωₘ/0.3)"),
    (r"$A_{\rm IA}$, A_{\rm IA} and A_ IA", "A_IA, A_IA and A_IA"),
    (r"$w_a = -0.86^{+0.23}_{-0.20}$ or $0.1_{-0.2}^{+0.3}\,$eV",
     "wₐ = −0.86 +0.23/−0.20 or 0.1 +0.3/−0.2 eV"),
    (r"$1{,}200$ deg$^2$, $10,000$ and $(0.3,0.8)$", "1,200 deg², 10,000 and (0.3, 0.8)"),
    (r"$M \gtrsim 10^{14.5}\,h^{-1} M_\odot$", "M ≳ 10^14.5 h⁻¹M⊙"),
    (r"\(x^2\), \[y\] and $$z$$", "x², y and z"),
    (r"\begin{equation} a_{ij}=3 \end{equation}", "aᵢⱼ = 3"),
    (r"$\frac{1}{2}$ $\frac{a+b}{2}$ $\sqrt[3]{x}$", "1/2 (a + b)/2 ³√x"),
    (r"$\stackrel{<}{\sim} 3$, $\bar{x}_{\rm HI}$, $\hat\gamma$, $\not=$", "≲3, x̄_HI, γ̂, ≠"),
    (r"H_0, S_8 and sigma_8 in my_file_1.txt", "H₀, S₈ and sigma_8 in my_file_1.txt"),
    (r"$\notamacro{x}$ and \notamacro{x}", "notamacro x and notamacro x"),
    (r"from \$10 to \$50, cut at $H_", "from $10 to $50, cut at H_"),
    (r"a $<$ b", "a < b"), ("plain words", "plain words"), ("", ""), ("$$", ""), ("$ $", ""),
])  # fmt: skip
def test_a_formula_is_what_an_astronomer_would_type(tex: str, shown: str) -> None:
    assert unicode_text(tex) == shown


@pytest.mark.parametrize("body", [
    r"\rule{500em}{500em}", r"\hspace{500em}", r"\kern 500em", r"\raisebox{500em}{}",
    r"\phantom{X}", r"\color{red}", r"\\[500em]",
])  # fmt: skip
def test_what_takes_room_and_shows_nothing_is_nothing(body: str) -> None:
    assert unicode_text(f"a ${body}$ b") == "a b"


@pytest.mark.parametrize("body", [
    "{" * 3000 + "x" + "}" * 3000, r"\frac{1}{" * 3000 + "x" + "}" * 3000, "x" + "^{x" * 3000,
    r"\sqrt" * 3000 + " x", r"\bar" * 5000 + " x", "}" * 3000 + "x", "x" * 100_000,
    r"\left(" * 3000 + "x",
    r"\text{" * 3000 + "x", r"\sqrt[" * 3000 + "x", r"\stackrel" * 3000 + " x", "'" * 50_000 + "x",
], ids=range(12))  # fmt: skip
def test_what_is_written_to_break_it_is_read_and_its_letter_stays(body: str) -> None:
    assert "x" in unicodedata.normalize("NFKC", unicode_text(f"${body}$"))
