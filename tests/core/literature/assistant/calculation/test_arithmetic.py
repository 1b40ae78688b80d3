"""Expressions of quantities against astropy, and what is none."""

from __future__ import annotations

import contextlib
import io
import math
import random
import time

import astropy.units as u
import pytest
from astropy import constants

from core.literature.assistant.calculation import calculate
from core.literature.assistant.calculation.expression import expression

UNITS = {"km/s/Mpc": u.km / u.s / u.Mpc, "Mpc": u.Mpc, "kpc": u.kpc, "Gyr": u.Gyr,
         "km/s": u.km / u.s, "solar masses": u.M_sun, "kg": u.kg, "MHz": u.MHz,
         "light years": u.lyr}
SIGNS = {"*": "*", "times": "*", "multiplied by": "*", "×": "*", "/": "/", "divided by": "/",
         "over": "/"}


@pytest.mark.parametrize("seed", range(40))
def test_products_are_those_of_astropy(seed: int) -> None:
    draw = random.Random(seed)
    names = draw.choices(list(UNITS), k=3)
    numbers = [round(10 ** draw.uniform(-2, 4), 4) for _ in names]
    signs = draw.choices(list(SIGNS), k=2)
    text = f"{numbers[0]} {names[0]}"
    value = numbers[0] * UNITS[names[0]]
    for sign, number, name in zip(signs, numbers[1:], names[1:], strict=True):
        text += f" {sign} {number} {name}"
        other = number * UNITS[name]
        value = value * other if SIGNS[sign] == "*" else value / other
    read = expression(text)
    assert read is not None and read.operators == 2
    found = eval(read.code, {"u": u})
    assert u.isclose(found, value, rtol=1e-9)


@pytest.mark.parametrize(("asks", "expected"), [
    ("20 km/s/Mpc times 50 Mpc", 1000), ("70 km/s/Mpc * 100 Mpc in km/s", 7000),
    ("what's 3e5 km/s divided by 70 km/s/Mpc?", 3e5 / 70), ("add 3 Mpc and 500 kpc", 3.5),
    ("5 Mpc + 2 Mpc in kpc", 7000), ("subtract 1 Gyr from 13.8 Gyr", 12.8),
    ("(2 Mpc + 3 Mpc) * 2 in kpc", 1e4), ("2 Mpc + 3 Mpc * 2 in kpc", 8000),
    ("1/H0 in Gyr for 70", (1 / (70 * u.km / u.s / u.Mpc)).to_value(u.Gyr)),
    ("c/H0 for 70", (constants.c / (70 * u.km / u.s / u.Mpc)).to_value(u.Mpc)),
    ("what is the speed of light in Mpc per Gyr", constants.c.to_value(u.Mpc / u.Gyr)),
    ("G * 1e6 solar masses / c^2 in km",
     (constants.G * 1e6 * u.M_sun / constants.c**2).to_value(u.km)),
    ("Planck mass in GeV", (1.220890e19)), ("k_B * 1e4 K in eV", 0.8617333),
    ("whats the plank time in seconds", 5.391247e-44),
    ("log10 of 5e14", math.log10(5e14)), ("log10(2e11 Msun)", math.log10(2e11)),
    ("ln of 1100", math.log(1100)), ("1420.4 MHz / (1+8)", 1420.4 / 9),
    ("(70 km/s/Mpc)^-1 in Gyr", (1 / (70 * u.km / u.s / u.Mpc)).to_value(u.Gyr)),
    ("sqrt(4 Mpc^2)", 2), ("3 Mpc - 1 Mpc", 2), ("(2 Mpc)^3 in Mpc^3", 8),
])
def test_known_results(asks: str, expected: float) -> None:
    found = calculate(asks)
    assert found is not None
    assert found.value == pytest.approx(expected, rel=1e-4)
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(found.code, {})
    assert float(out.getvalue()) == pytest.approx(found.value)


@pytest.mark.parametrize("text", [
    "2 + 2", "what is 5 times 7", "3/4", "sqrt(2)", "what's pi", "10 Mpc", "c", "what is c", "2 pi",
    "1e400 Mpc * 2", "((((((((((((1 Mpc))))))))))))*2", "__import__('os')", "G", "(1).__class__",
    "20 km/s/Mpc times", "times 50 Mpc", "20 Mpc per", "H0", "what is H0", "Planck time",
    "10 Mpc at dawn * 2", "3 Mpc * open('x')", "9 Mpc ** 9 ** 9 ** 9", "2 Mpc ^ 99999",
    "dark energy - dark matter", "h/Mpc", "LCDM + neutrinos", "CMB x LSS", "H0 - S8",
])
def test_what_is_no_expression_of_the_field_is_not_computed(text: str) -> None:
    assert calculate(text) is None


@pytest.mark.parametrize("text", ["3 Gyr + 5 Mpc", "70 km/s/Mpc * 10 Mpc in kg",
                                  "log10(3 Mpc * 2 Gyr)"])
def test_dimensions_that_do_not_fit_are_said_to(text: str) -> None:
    with pytest.raises(ValueError, match=r"dimension|unit") as caught:
        calculate(text)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("piece", ["(", "1 Mpc * ", "-", "sqrt ", "log10 of ", "2 ", "Mpc^", "/ ",
                                   "add 1 Mpc and ", "**", "c G ", "1e9 ", "× "])
def test_hostile_expressions_are_read_in_time(piece: str) -> None:
    calculate("1 Mpc * 2 in kpc")
    text = (piece * (160 // len(piece) + 1))[:159]
    start = time.process_time()
    for asks in (text, f"what is {text}", f"{text} in km", f"1 Mpc * {text}"):
        with contextlib.suppress(ValueError):
            calculate(asks, [text])
        expression(text * 20)
    assert time.process_time() - start < 1.0


@pytest.mark.parametrize(("chain", "expected"), [
    (["20 km/s/Mpc times 50 Mpc", "and times 100 Mpc?"], 2000),
    (["20 km/s/Mpc times 50 Mpc", "in m/s"], 1e6),
    (["20 km/s/Mpc times 50 Mpc", "and with 70 km/s/Mpc?", "in m/s"], 3.5e6),
    (["3 Mpc + 500 kpc", "in kpc", "plus 1 Mpc"], 4.5), (["3 Mpc + 500 kpc", "minus 1 Mpc"], 2.5),
])
def test_expressions_are_gone_on_with(chain: list[str], expected: float) -> None:
    found = calculate(chain[-1], chain[:-1])
    assert found is not None and found.value == pytest.approx(expected)
