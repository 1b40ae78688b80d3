"""Numbers that are typed: named where they are wrong, and never rounded or replaced in silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr
import pytest

from apps.shared import checks
from apps.shared.page.events import Values
from apps.shared.page.pages import boxes, event


@pytest.mark.parametrize(("name", "value", "said"), [
    ("omega_m", 9, "“Ωₘ, matter density” is 9; choose a number from 0.1 to 0.5."),
    ("omega_m", None, "“Ωₘ, matter density” is empty"),
    ("n", 1.5, "“Number of maps” is 1.5; choose a whole number from 1 to 16."),
    ("seed", 1.5, "“Seed” is 1.5; choose a whole number from 0 to 2147483647."),
    ("seed", -1, "“Seed” is -1"), ("seed", "x", "“Seed” is x"),
    ("seed", None, "The seed is empty; choose a whole number"),
])
def test_a_wrong_number_is_named_with_its_field(name: str, value: Any, said: str) -> None:
    def draw(values: Values) -> Iterator[Values]:
        yield {"view": str(checks.seed(values["seed"]))}

    with gr.Blocks():
        fields = {
            "omega_m": gr.Slider(0.1, 0.5, 0.3, label="Ωₘ, matter density"),
            "n": gr.Slider(1, 16, 1, step=1, label="Number of maps"),
            "seed": gr.Number(1, label="Seed", precision=0, minimum=0, maximum=checks.MAX_SEED),
        }
        answer = boxes("x", "Nothing yet.")
        run = event(draw, fields, answer).arguments()["fn"]
    values = {"omega_m": 0.3, "n": 1, "seed": 1, name: value}
    came = {field: field.preprocess(values[one]) for one, field in fields.items()}
    (last,) = run(came)
    assert said in last[answer["note"]]
