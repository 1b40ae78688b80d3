"""TeX as a person reads it, and mathematics that nobody touches."""

from __future__ import annotations

import random
import time

import pytest

from core.literature.text.tex import DOLLAR, KNOWN_MACROS, displayable, mathematics, readable

PIECES = [
    "$", "$$", r"\$", r"\(", r"\)", r"\[", r"\]", r"\begin{equation}", r"\end{equation}", "{", "}",
    "\\", r"\\", r"\'e", r"\"{o}", r"\v{c}", r"\ss", r"\emph{", r"{\it ", r"\foo{", "~", "--",
    "``", "''", "<", ">", "&", "z", " ", "H_0", r"\alpha", r"\Msun", r"\,", r"\!", "(", "3", "\0",
    "\n", "é", r"\textsuperscript{", r"\%", r"\href{a}{", r"\textbackslash", "-", "😀",
]


def formulas(text: str) -> list[str]:
    return [text[start:end] for start, end in mathematics(text)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"Andr\'e, H{\'e}ctor, Mart\'{\i}nez, Mart{\'\i}nez", "André, Héctor, Martínez, Martínez"),
        (r"\v{C}ech, \v Cech, \c{C}a\u{g}lar, Erd\H{o}s", "Čech, Čech, Çağlar, Erdős"),
        (r"Stra{\ss}e, S\o ren, {\O}rsted, Ma\l{}ek, \AA ngstr\"om", "Straße, Søren, Ørsted, "
         "Małek, Ångström"),
        (r"\emph{the $z<2$ \textbf{sample}} of {\it Planck} and {NASA}", "the $z<2$ sample of "
         "Planck and NASA"),
        (r"Fig.~2, Smith~et~al., 10~Mpc, $H_0$~is", "Fig. 2, Smith et al., 10 Mpc, $H_0$ is"),
        ("at z~2, ~10 Gyr, (~5)", "at z~2, ~10 Gyr, (~5)"),
        ("2010--2020 --- ``dark''", "2010–2020 — “dark”"),
        (r"\Lambda CDM, \alpha particles, 5\% \& 3\,Mpc", "ΛCDM, α particles, 5% & 3 Mpc"),
        (r"10\textsuperscript{-3}", "10⁻³"),
        (r"\unknown{x} and \Foo", r"\unknown{x} and \Foo"),
        ("the set {a, b} of {Planck}", "the set {a, b} of Planck"),
        ("a lone $ and x<y", f"a lone {DOLLAR} and x<y"),
        (r"$0<z<2$ \(a<b\) \[c\] $$d$$ \begin{align}e~--\end{align}",
         r"$0<z<2$ \(a<b\) \[c\] $$d$$ \begin{align}e~--\end{align}"),
    ],
)
def test_as_a_person_reads_it(text: str, shown: str) -> None:
    assert readable(text) == shown


def test_an_escaped_dollar_pairs_with_nothing() -> None:
    text = readable(r"It costs \$3 at $z=2$ and \$5 at $z=3$.")
    assert formulas(text) == ["$z=2$", "$z=3$"]
    assert text.count("$") == 4 and text.count(DOLLAR) == 2


def test_mathematics_is_byte_for_byte_the_same() -> None:
    generator = random.Random(5)
    seen = 0
    for _ in range(6_000):
        text = "".join(generator.choices([*PIECES, *["$"] * 8], k=generator.randrange(1, 24)))
        shown = readable(text)
        assert formulas(shown) == formulas(text), text
        seen += len(formulas(text))
    assert seen > 3_000


@pytest.mark.parametrize("piece", PIECES + ["{\\'", r"\v ", "\\begin{math}", "\\emph", "\\o "])
def test_linear_in_time(piece: str) -> None:
    started = time.thread_time()
    readable(piece * 5_000)
    readable((piece + " " * 40) * 500)
    assert time.thread_time() - started < 1.0


def test_openings_without_an_end_are_looked_for_once() -> None:
    started = time.thread_time()
    assert mathematics(r"\(" * 200_000) == []
    assert time.thread_time() - started < 1.5


def test_macros_for_display() -> None:
    assert displayable(r"$10^{14}\,\Msun, M_\sun$") == r"$10^{14}\,{M_\odot}, M_{\odot}$"
    assert displayable(r"\sunny \lambda \ensuremath{x}") == r"\sunny \lambda {x}"


@pytest.mark.parametrize("name", KNOWN_MACROS)
def test_a_known_macro_is_gone_after_one_pass(name: str) -> None:
    shown = displayable(rf"x_\{name}{{a}} + \{name} b")
    assert displayable(shown) == shown
    assert shown.count("{") == shown.count("}")
