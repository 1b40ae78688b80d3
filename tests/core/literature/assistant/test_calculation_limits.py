"""What is not computed: explanations, measured values, papers; and what cannot be."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.literature.assistant.calculation import calculate
from core.literature.assistant.calculation.cosmologies import Cosmology
from core.literature.assistant.calculation.program import run

ROOT = Path(__file__).parents[4]
NOT_ASKED = (
    "What is the luminosity distance?", "How old is the Universe?", "What is the 21 cm line?",
    "What did Planck 2018 measure for H0?", "Why is z = 6 the end of reionization?",
    "Does JWST see galaxies at z = 14?", "What is the luminosity function at z = 6?",
    "What is the age of the oldest galaxies at z=6?", "What is the neutral fraction at z = 7?",
    "How is the luminosity distance measured at z=1?", "What is the distance to Andromeda?",
    "What is the Hubble constant?", "How many light years across is the Milky Way?",
    "What is the difference between comoving and proper distance?",
    "Which surveys cover 100 deg^2 at "
    "z=1?", "What is the sound horizon?", "Who discovered the CMB?",
    "List three ideas about z = 6 quasars", "What is the critical density of the universe?",
    "Are 1e12 Msun halos common at z = 10?", "How massive is the Milky Way?",
    "What is BAO at 150 Mpc?", "What is the mass of neutrinos in eV?", "What happens at z = 1100?",
    "What is the most distant galaxy, z = 14.3?", "Compare Planck18 and WMAP9",
    "What is the temperature of the CMB?", "How many galaxies are there at z = 2?",
    "How hot was the IGM at z = 5?", "What is the virial theorem?", "What is the scale factor?",
    "What is the size of the universe?", "What is the redshift of recombination?",
    "What does a redshift of 6 mean?", "How does the 21 cm signal evolve from z = 20 to z = 6?",
    "what fraction of hydrogen is neutral at z = 8?", "what do quasars at z = 6 tell us",
    "What is the stellar mass of galaxies at z = 3?", "What value of sigma8 does DES Y3 find?",
    "Tell me about 1e9 Msun black holes at z = 7", "What limits on 1 eV neutrinos exist?",
    "What is the power spectrum at k = 0.1 h/Mpc?", "What is the resolution of SKA at 150 MHz?",
    "thanks", "", "   ", "Is 1 Mpc at z=1 larger than 1 arcmin?", "How big is a galaxy cluster?",
    "What is the bias of halos of 1e12 Msun at z=1?", "How far away is the nearest galaxy?",
    "What is the age of the Universe according to Planck 2018?",
    "What is the brightness temperature of the 21 cm signal at z=17 in EDGES?",
    "How do galaxies form at z=2?", "What is the distance ladder out to 40 Mpc?",
    "What is the mean free path at z=6?", "What is the S8 tension of 3 sigma?",
    "What is the dispersion measure of FRBs at z=1?", "How is sigma_8 = 0.8 measured?",
    "What is the Gunn-Peterson optical depth at z = 6?", "Explain the age at z=6",
    "Can massive neutrinos of 0.1 eV suppress structure growth at z=1?",
    "what is the typical velocity dispersion of a 1e15 Msun cluster",
    "Which instruments see Lyman alpha at z = 3?", "Summarise what is known about z=2 quasars",
)
IMPOSSIBLE = (
    ("age at z = "
     "-2", "above -1"), ("age at redshift -1", "above -1"), ("age at z = 1e9", "at most"),
    ("luminosity distance to z = -0.5", "0 or more"), ("distance at z = 1e400", "at most"),
    ("growth factor at z=1e6", "at most"), ("virial radius of -1e12 Msun at z=1", "above zero"),
    ("virial radius of 0 Msun at z = 1", "above zero"), ("virial radius of 1e30 Msun", "below"),
    ("what angle is 1 Mpc at z = 0", "above 0"), ("how big is 1 arcsec at z=0", "above 0"),
    ("how big is -10 arcsec at z=2", "above zero"), ("age at z=6 in WMAP12", "Planck18"),
    ("age at z=6 in the Smith cosmology", "Smith"), ("distance to z=1 with Planck21", "Planck21"),
    ("luminosity distance for H0 = -70 at z=1", "H0"), ("age at z=1 for H0 = 0, Om=0.3", "H0"),
    ("distance to z=1 in a closed universe with Om = 0.3", "OL"),
    ("flat universe with Om = 0.3 and OL=0.6, age at z=1", "0.9"),
    ("redshift of a look-back time of 15 Gyr", "15 Gyr"),
    ("redshift at a comoving distance of 20000 Mpc", "smaller"),
    ("21 cm at 2000 MHz, what redshift", "blueshift"), ("a = -1 redshift", "above zero"),
    ("multipole of 0 degrees", "above zero"), ("what angle is l = -5", "above zero"),
    ("k = -1 h/Mpc length scale", "above zero"), ("what redshift is 400000 km/s", "light"),
    ("volume in 50000 deg^2 to "
     "z=1", "whole sky"), ("Schwarzschild radius of -5 Msun", "above zero"),
    ("convert -3 Mpc to ly", "above zero"), ("CMB temperature at z = -3", "above -1"),
    ("distance modulus at z=0", "not finite"), ("CMB at -5 K, what redshift", "above zero"),
    ("apparent magnitude of M = -20 at z = 0", "above 0"),
)


@pytest.mark.parametrize("question", NOT_ASKED)
def test_what_asks_for_no_calculation_gets_none(question: str) -> None:
    assert calculate(question) is None


def test_questions_about_papers_and_passages_ask_for_no_calculation() -> None:
    lines = (ROOT / "training/literature/data/primer_questions.jsonl").read_text().splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    computed = [question for question in questions if calculate(question) is not None]
    assert len(questions) > 300 and len(computed) < 0.002 * len(questions), computed


@pytest.mark.parametrize(("question", "says"), IMPOSSIBLE)
def test_what_cannot_be_is_said_in_a_sentence(question: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as caught:
        calculate(question)
    message = str(caught.value)
    assert message.endswith(".") and message[0].isupper() and "\n" not in message


PIECES = ("a ", "1 ", "z=1 ", "(", "10^", "m", "kilo", "one hundred ", "h^-1 ", "1,000,", "[ C",
          "half a ", "comoving ", "=~", "please ", "-", "how is a ", "\\frac{", "1e", "in the ",
          "redshift of about ", "Om ", "in flat ", "einstein de ", "Lyman ", "between 1 and ",
          "^(", "Msun h^-1 ", "0.", "²", "$", "_{", "million ", "light ", "\t\n", "😀", "\x00")


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("frame", ["{}", "age at z=6 {}", "how far {} z=2", "1 Mpc {} kpc"])
def test_hostile_text_takes_no_longer_than_its_length(piece: str, frame: str) -> None:
    calculate("1 eV in nm")
    for length in (550, 200_000):
        text = frame.format((piece * (length // len(piece) + 1))[:length])
        start = time.process_time()
        for before in ("", text):
            try:
                calculate(text, before)
            except ValueError as error:
                assert "\n" not in str(error)
        assert time.process_time() - start < 1.0


def test_nothing_is_imported_before_it_is_needed() -> None:
    code = ("import sys; from core.literature.assistant.calculation import calculate; "
            "assert calculate('What is dark energy?') is None; "
            "print(sorted({m for m in ('astropy', 'scipy', 'torch') if m in sys.modules}))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("question", [
    "age at z=6 in __import__('os').system('ls') cosmology",
    "age at z=6; import os; print(os.environ)", "luminosity distance to z=1 {cosmology.__class__}",
    "convert 3 Mpc to ly\nprint(open('/etc/passwd').read())", "distance to z=1 in `id` Mpc",
])
def test_nothing_of_the_question_gets_into_the_code(question: str) -> None:
    try:
        found = calculate(question)
    except ValueError:
        return
    if found is not None:
        names = {node.id for node in ast.walk(ast.parse(found.code)) if isinstance(node, ast.Name)}
        assert names <= {"u", "cosmo", "print", "t", "d", "x"}


@pytest.mark.parametrize("code", [
    "import os\nprint(os.getpid())", "print(open('/etc/passwd'))", "print(().__class__)",
    "from subprocess import run\nprint(1)", "x = eval('1')\nprint(x)", "print(__builtins__)",
])
def test_the_runner_runs_no_other_code(code: str) -> None:
    with pytest.raises(ValueError):
        run(code, {}, Cosmology())
