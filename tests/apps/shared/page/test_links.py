"""State in the address: what is written is read back, what is wrong is said."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from apps.hi_maps.state import PARAMETERS as HI_MAPS
from apps.reionization.state import PARAMETERS as REIONIZATION
from apps.shared.page.links import Choice, Real, Text, Whole, query, read, write

PARAMETERS = (Real("omega_m", 0.3, 0.1, 0.5), Whole("n", 1, 1, 16), Choice("m", "a", ("a", "b")))


def test_written_values_are_read_back() -> None:
    values = {"omega_m": 0.125, "n": 7, "m": "b"}
    assert read(PARAMETERS, dict(parse_qsl(write(PARAMETERS, values)))) == (values, [])


@pytest.mark.parametrize(("tab", "page"), [*HI_MAPS.items(), *REIONIZATION.items()])
def test_defaults_of_every_page_survive_a_link(tab: str, page: tuple) -> None:
    defaults = {p.name: p.default for p in page}
    asked = query(tab, page, defaults)
    assert asked.startswith(f"tab={tab}&")
    assert read(page, dict(parse_qsl(asked))) == (defaults, [])


def test_the_query_of_a_tab_has_its_own_values_in_the_order_of_its_link() -> None:
    values = {"m": None, "file": "x.npy", "n": 7, "omega_m": 0.125}
    assert query("one", PARAMETERS, values) == "tab=one&omega_m=0.125&n=7"
    assert query("one", (Choice("wedge", "no", ("no", "yes")),), {"wedge": True}) == (
        "tab=one&wedge=yes")


@pytest.mark.parametrize(
    "query",
    [
        {"omega_m": "0.9"}, {"omega_m": "nan"}, {"omega_m": "x"}, {"n": "1.5"}, {"n": "0"},
        {"n": "9" * 400}, {"m": "<script>"}, {"omega_m": ""},
    ],
)
def test_a_wrong_value_becomes_the_default_and_a_sentence(query: dict[str, str]) -> None:
    values, problems = read(PARAMETERS, query)
    assert values == {"omega_m": 0.3, "n": 1, "m": "a"}
    assert len(problems) == 1 and next(iter(query)) in problems[0] and "instead" in problems[0]


def test_foreign_parameters_are_left_alone() -> None:
    assert read(PARAMETERS, {"__theme": "dark"})[1] == []


def test_words_survive_a_link_and_too_many_are_said() -> None:
    page = (Text("q", "", 20),)
    values = {"q": "a&b=c <d>\n\u03a9"}
    assert read(page, dict(parse_qsl(write(page, values)))) == (values, [])
    assert read(page, {"q": "x" * 21})[0] == {"q": ""}
    assert "at most 20 characters" in read(page, {"q": "x" * 21})[1][0]
