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
    " and ", " to ", "10 ", "million", r"\cite{a}", r"\~", r"\HI", r"\protect", "US", "\x01",
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


@pytest.mark.parametrize("piece", PIECES + ["{\\'", r"\v ", "\\begin{math}", "\\emph", "\\o ",
                                           "`a` $b$ "])
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


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"Nguy{\~\^e}n, Nguy\~{\^e}n, \~\^e, \'{\^a}, \`{\u{a}}", "Nguyễn, Nguyễn, ễ, ấ, ằ"),
        (r"\v{\'c} \'{\ae} \'\o{} \'{\o} {\'{\i}} \"{\i} \"\i{} \u{\i}", "ć̌ ǽ ǿ ǿ í ï ï ĭ"),
        (r"\c{c} \c c {\c{S}} \k{a} \d{h} \.I \r{a} \={a} \H{o} \textcommabelow{t}",
         "ç ç Ş ą ḥ İ å ā ő ț"),
        (r"\aa\ \AA\ \o\ \O\ \l{} \L{}ukasz \ss{} \ae{} \i{} \ng{}", "å Å ø Ø ł Łukasz ß æ ı ŋ"),
        (r"\HI\ and {\HII} in \ion{H}{i}, \ion{C}{iv}", "HI and HII in H I, C IV"),
        (r"\protect\emph{Planck} \protect\it new \foo\emph{x}", r"Planck new \foo x"),
        (r"{\sc camb} \sc camb {\rm Mpc} \rm Mpc \textsc{Gadget} \texttt{a}", "camb camb Mpc Mpc "
         "Gadget a"),
        (r"10\Msun, 10 \msun\ and \sun-like at 70\kms", "10 M⊙, 10 M⊙ and ⊙-like at 70 km/s"),
        (r"5\arcsec, 3\farcs5, 2\arcmin, 4\degr, 1.2\micron", "5″, 3″.5, 2′, 4°, 1.2 µm"),
        (r"seen\footnote{By \url{a.b}, $z<2$}. By A\thanks{All}.", "seen (By a.b, $z<2$). By A "
         "(All)."),
        (r"as shown~\cite{a,b}; \citet{Doe20} in Fig.~\ref{f:a} \label{x}here",
         "as shown; [Doe20] in Fig. [f:a] here"),
        (r"one\newline two\\three \par four \\[2pt]", "one two three four [2pt]"),
        (r"\href{https://a.b}{our page} and \url{https://c.d/e}", "our page and https://c.d/e"),
        (r"50\% of 30% \& \#1 x\_y \{z\} % not a comment", "50% of 30% & #1 x_y {z} % not a "
         "comment"),
        (r"{\bf \emph{deep {\it er} still}} \textcolor{red}{new}", "deep er still new"),
        (r"`one' and ``two''", "‘one' and “two”"),
        (r"\begin{itemize}\item one \item two\end{itemize}", "• one • two"),
        (r"5\textsuperscript{th} CO\textsubscript{2}", "5th CO₂"),
        (r"x\,\AA\ y~z \quad w", "x Å y z w"),
    ],
)
def test_macros_of_text_are_characters(text: str, shown: str) -> None:
    assert readable(text) == shown


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("from $10 to $50 million at $z=2$", ["$z=2$"]),
        (r"\$3 billion for a telescope at $x$", ["$x$"]),
        ("US$5 million and $x=3$, or US $5 and $y$, A$3 and AU$4 for $z$",
         ["$x=3$", "$y$", "$z$"]),
        (r"a $100k telescope and $\sigma$", [r"$\sigma$"]),
        ("$1-$2 per object, $10 million to $20 million", []),
        ("It costs $10. We find $H_0=70$.", ["$H_0=70$"]),
        ("between $1,000 and $2,500 (about $3.5B) at $z=1$", ["$z=1$"]),
        ("the $ sign and $x$", ["$x$"]),
        ("about ~$10 per pixel for $N=5$", ["$N=5$"]),
        ("$10$ or $20$, $5 \\times 3$ in $2$", ["$10$", "$20$", "$5 \\times 3$", "$2$"]),
        ("$0 < z < 2 $ and $ x $ of $ y $", ["$0 < z < 2 $", "$ x $", "$ y $"]),
        (r"$2 \text{ and } 3$ to $4$", [r"$2 \text{ and } 3$", "$4$"]),
        (r"$3 \sigma$ and $5$ for $10^{5}$", [r"$3 \sigma$", "$5$", "$10^{5}$"]),
        ("a $2\\,000$ sample and $z<3$", ["$2\\,000$", "$z<3$"]),
        (r"$1.5 M_\odot$ or $10 km$ and $5 - 10$", [r"$1.5 M_\odot$", "$10 km$", "$5 - 10$"]),
        ("worth $5", []),
    ],
)
def test_money_is_no_mathematics(text: str, wanted: list[str]) -> None:
    assert formulas(text) == wanted
    shown = readable(text)
    assert formulas(shown) == wanted and shown.count("$") == 2 * len(wanted)


def test_macros_that_take_something_are_for_display_too() -> None:
    assert displayable(r"$\ion{H}{i}\,\emph{x}\protect\rm y\textsc{z}\nicefrac12$") == (
        r"$\mathrm{H\,I}\,\textit{x}\rm y\text{z}\tfrac12$")
