"""Numbers that somebody types: refused in a sentence that names their field.

Gradio refuses them before a page hears of it, in a message in the corner that does not say which
field it means, and rounds what was to be whole.
"""

from __future__ import annotations

import math
from abc import ABCMeta
from functools import cache
from typing import Any

import gradio as gr

from apps.shared.page.events import Components, Values

__all__ = ["check", "take_as_typed"]


def take_as_typed(inputs: Components) -> None:
    """Let numbers come to the page as they were typed; :func:`check` looks at them there."""
    for component in inputs.values():
        kind: Any = type(component)
        if issubclass(kind, gr.Number | gr.Slider) and kind.preprocess is not _same:
            component.__class__ = _as_typed(kind)


def _same(self: Any, payload: Any) -> Any:
    return payload


@cache
def _as_typed(kind: Any) -> type:
    """The same component by the same name: Gradio makes one anew, by its class, at every update.

    Made without its metaclass's constructor, which writes a file of hints beside this one.
    """
    return ABCMeta.__new__(type(kind), kind.__name__, (kind,), {"preprocess": _same})


def check(inputs: Components, values: Values) -> None:
    """Look at the numbers among some values; a box may be empty where a page lets it.

    Args:
        inputs: the components by name.
        values: of them.

    Raises:
        ValueError: one sentence, naming the field and what would be right.
    """
    for name, component in inputs.items():
        if isinstance(component, gr.Number | gr.Slider):
            _check(component, values.get(name))


def _check(field: gr.Number | gr.Slider, value: Any) -> None:
    if value is None and isinstance(field, gr.Number):
        return
    low = -math.inf if field.minimum is None else field.minimum
    high = math.inf if field.maximum is None else field.maximum
    whole = field.precision == 0 or (isinstance(field, gr.Slider) and field.step == 1)
    usable = isinstance(value, int | float) and low <= value <= high
    if usable and (not whole or value == int(value)):
        return
    said = "empty" if value is None else str(value)[:40]
    within = "" if math.inf in (-low, high) else f" from {low:.10g} to {high:.10g}"
    what = "whole number" if whole else "number"
    raise ValueError(f"“{field.label}” is {said}; choose a {what}{within}.")
