"""Events whose values go by name: a function gets a dict of its inputs and gives a dict of outputs.

Gradio hands the values of a set of components to a function as one dict, and takes a dict of what
changes; :func:`named` puts names in place of the components, so that nothing depends on an order.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import gradio as gr

__all__ = ["QUICK", "Components", "Values", "named", "show_chosen"]

Components = Mapping[str, gr.components.Component | gr.State | Any]
"""Components by the names that a function knows them by."""

Values = dict[str, Any]
"""Their values, or what they are set to. An output that is not named stays as it is."""


def named(
    function: Callable[..., Values | Iterator[Values]], inputs: Components, outputs: Components
) -> dict[str, Any]:
    """Arguments fn, inputs and outputs of a Gradio event.

    Args:
        function: or generator; its first argument is the values of ``inputs`` by name, then what
            Gradio gives by type (gr.Request, gr.Progress, gr.EventData). It returns or yields
            values of ``outputs`` by name.
        inputs: the components whose values it gets.
        outputs: the components that it may set.

    Example:
        >>> with gr.Blocks():
        ...     n, square = gr.Number(2), gr.Number()
        ...     event = named(lambda values: {"square": values["n"] ** 2}, {"n": n},
        ...                   {"square": square})
        >>> event["fn"]({n: 3}) == {square: 9}
        True
    """

    def by_name(data: Mapping[Any, Any]) -> Values:
        return {name: data[component] for name, component in inputs.items()}

    def by_component(values: Values) -> dict[Any, Any]:
        if not values:  # Gradio takes an empty dict for a value
            return {component: gr.skip() for component in outputs.values()}
        return {outputs[name]: value for name, value in values.items()}

    @functools.wraps(function)  # Gradio looks at the arguments for what it gives by type
    def run(data: Mapping[Any, Any], *more: Any, **given: Any) -> Any:
        return by_component(function(by_name(data), *more, **given))  # type: ignore[arg-type]

    @functools.wraps(function)
    def steps(data: Mapping[Any, Any], *more: Any, **given: Any) -> Iterator[dict[Any, Any]]:
        for values in function(by_name(data), *more, **given):
            yield by_component(values)  # type: ignore[arg-type]

    generates = inspect.isgeneratorfunction(inspect.unwrap(function))
    return {"fn": steps if generates else run, "inputs": set(inputs.values()),
            "outputs": set(outputs.values())}


QUICK: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "queue": False}
"""Settings of an event that is done at once: it waits for nothing and shows no progress."""


def show_chosen(choice: gr.Radio, parts: Components) -> None:
    """Show the part of the page that a choice names, and hide the others.

    Args:
        choice: its values are the names.
        parts: by name.
    """

    def visible(values: Values) -> Values:
        return {name: gr.update(visible=values["choice"] == name) for name in parts}

    choice.change(**named(visible, {"choice": choice}, parts), **QUICK)
