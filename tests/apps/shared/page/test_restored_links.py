"""A link gives a page back, whatever it holds: every tab of the apps that one builds like another.

The property: random values within their ranges, written into a link in any order, come back as they
were, each in the component of its own name; and what the components then hold writes the same link.
"""

from __future__ import annotations

import random
from typing import Any
from urllib.parse import parse_qsl, urlencode

import gradio as gr
import pytest

from apps.hi_maps import app as hi_maps
from apps.hi_maps import models
from apps.hi_maps.state import PARAMETERS as HI_MAPS
from apps.reionization import app as reionization
from apps.reionization.state import PARAMETERS as REIONIZATION
from apps.shared.page import links
from apps.shared.page.links import Choice, Parameter, Real, Whole
from apps.shared.page.pages import TabPage

LINKS = 25
TABS = [("hi_maps", tab) for tab in HI_MAPS] + [("reionization", tab) for tab in REIONIZATION]
IDS = {"z": "redshift", "map": "map", "omega_m": "omega-m", "sigma_8": "sigma-8", "x_hi": "x-hi"}
"""What the id of a component ends with, where that is not the name of its parameter."""


class Restored:
    """An app, and what opening it with a query sets."""

    def __init__(self, app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pages: dict[str, TabPage] = {}
        connect = app.connect

        def spy(demo: gr.Blocks, tabs: gr.Tabs, tab: Choice, pages: dict, *more: Any) -> None:
            self.pages = pages
            connect(demo, tabs, tab, pages, *more)

        monkeypatch.setattr(app, "connect", spy)
        self.demo = app.build()
        (self.restore,) = (fn.fn for fn in self.demo.fns.values() if fn.name == "restore")

    def __call__(self, query: str) -> dict[Any, Any]:
        """Values by component, as Gradio gets them."""
        class Request:
            query_params = dict(parse_qsl(query, keep_blank_values=True))

        return self.restore({}, Request())


@pytest.fixture(scope="module")
def apps() -> dict[str, Restored]:
    with pytest.MonkeyPatch.context() as patch:
        return {"hi_maps": Restored(hi_maps, patch), "reionization": Restored(reionization, patch)}


def drawn_at_random(parameter: Parameter, chance: random.Random) -> Any:
    """A value within the parameter's range, as many digits as its link has."""
    if isinstance(parameter, Real):
        return float(f"{round(chance.uniform(parameter.low, parameter.high), parameter.digits):g}")
    if isinstance(parameter, Whole):
        last = len(models.example_files()) if parameter.name == "example" else parameter.high
        return chance.randint(parameter.low, last)
    assert isinstance(parameter, Choice)
    return chance.choice(parameter.options)


@pytest.mark.parametrize(("name", "tab"), TABS, ids=[f"{app}-{tab}" for app, tab in TABS])
def test_any_values_come_back_as_they_were(
    apps: dict[str, Restored], name: str, tab: str
) -> None:
    app, chance = apps[name], random.Random(f"{name} {tab}")
    page = app.pages[tab]
    for _ in range(LINKS):
        values = {p.name: drawn_at_random(p, chance) for p in page.parameters}
        written = [("tab", tab), *((p.name, p.format(values[p.name])) for p in page.parameters)]
        chance.shuffle(written)
        found = app(urlencode(written))
        held = {p.name: found[page.inputs[p.name]] for p in page.parameters}
        expected: dict[str, Any] = {
            p.name: values[p.name] == "yes"
            if isinstance(page.inputs[p.name], gr.Checkbox) else values[p.name]
            for p in page.parameters
        }
        if expected.get("walk") == "none":  # there is no such choice; another flag holds it back
            expected["walk"] = "omega_m"
        assert held == expected
        if values.get("walk", "omega_m") != "none":
            assert dict(parse_qsl(links.query(tab, page.parameters, held))) == dict(written)


@pytest.mark.parametrize(("name", "tab"), TABS, ids=[f"{app}-{tab}" for app, tab in TABS])
def test_every_component_has_the_name_of_its_parameter(
    apps: dict[str, Restored], name: str, tab: str
) -> None:
    for parameter, component in apps[name].pages[tab].inputs.items():
        ending = IDS.get(parameter, parameter.replace("_", "-"))
        if component.elem_id is not None:
            assert component.elem_id.endswith(f"-{ending}"), parameter
        else:
            assert parameter in ("model", "n", "seed")


@pytest.mark.parametrize("name", ["hi_maps", "reionization"])
def test_a_link_opens_its_tab_and_draws_no_other(apps: dict[str, Restored], name: str) -> None:
    app = apps[name]
    for tab, page in app.pages.items():
        found = app(f"tab={tab}")
        assert not any(isinstance(v, gr.Tabs) for v in found.values())  # the browser opened it
        assert [v for c, v in found.items() if isinstance(c, gr.Textbox) and v == tab] == [tab]
        skipped = [value for component, value in found.items()
                   if isinstance(component, gr.State) and value is True]
        others = [one for other, one in app.pages.items() if other != tab and not one.leads]
        assert len(skipped) == len(others) + (name == "hi_maps")  # no walk was asked for
        assert page.query not in found


def test_what_a_link_says_of_maps_goes_for_the_page_that_draws_them(
    apps: dict[str, Restored],
) -> None:
    app = apps["hi_maps"]
    generate, infer = app.pages["generate"], app.pages["infer"]
    found = app("map=2&tab=infer&seed=7&omega_m=0.2&n=3&method=likelihood&walk=sigma_8")
    assert [found[generate.inputs[k]] for k in ("omega_m", "n", "seed")] == [0.2, 3, 7]
    assert found[generate.inputs["walk"]] == "sigma_8"
    assert [found[infer.inputs[k]] for k in ("map", "method")] == [2, "likelihood"]


def test_a_simulation_that_does_not_exist_is_the_last_one(apps: dict[str, Restored]) -> None:
    page = apps["hi_maps"].pages["infer"]
    found = apps["hi_maps"]("tab=infer&source=example&example=99")
    assert found[page.inputs["example"]] == len(models.example_files())



@pytest.mark.parametrize(("name", "query", "words"), [
    ("hi_maps", "omega_m=7&model=x", ("omega_m = 7", "0.1 to 0.5", "HIGlow")),
    ("hi_maps", "tab=compare&n=9&omega_m_b=nan", ("n = 9", "omega_m_b = nan", "1 to 8")),
    ("reionization", "tab=nowhere&array=vla&hours=3", ("tab = nowhere", "vla", "100 to 10000")),
    ("reionization", "tab=ionize&wedge=maybe&n=9", ("n = 9",)),
])
def test_what_is_not_understood_is_said(
    apps: dict[str, Restored], name: str, query: str, words: tuple[str, ...]
) -> None:
    found = apps[name](query)
    (note,) = (value for value in found.values() if "cd-warning" in str(value))
    assert all(word in note for word in words) and "wedge" not in note
