"""Functions for programs: held to their hints, described whole, wrong calls answered in words."""

from __future__ import annotations

import inspect
import math
import subprocess
from collections.abc import Iterator
from typing import Any

import gradio as gr
import pytest

from apps.api_page import (
    api_page,
    curl_example,
    described,
    endpoints_of,
    python_example,
)
from apps.registry import APPS, AppEntry
from apps.shared import endpoints
from apps.shared.endpoints import ComputedValue, Endpoint, checked, guarded, mcp_served
from core.settings import Settings

OFFERED = [(app, endpoint) for app in APPS for endpoint in endpoints_of(app)]
NAMES = [f"{app.path}/{endpoint.name}" for app, endpoint in OFFERED]


def test_every_app_offers_endpoints() -> None:
    assert {app.path for app, _ in OFFERED} == {app.path for app in APPS}


def nested(depth: int) -> list:
    value: list = [1.0]
    for _ in range(depth):
        value = [value]
    return value


WRONG: dict[str, Any] = {
    "nothing": None, "an object": {"a": 1}, "a long text": "x" * 1_000_000, "too large": 1e308,
    "not a number": math.nan, "below": -1, "endless": math.inf, "many digits": 10**400,
    "deep": nested(900), "a list of texts": [["x"] * 64] * 64, "an empty list": [],
    "a list of nothing": [None], "huge": [[0.0] * 2000] * 2000,
}


def example_of(endpoint: Endpoint) -> dict[str, Any]:
    return {name: eval(value.code) if isinstance(value, ComputedValue) else value
            for name, value in endpoint.example.items()}


def called(endpoint: Endpoint, arguments: dict[str, Any]) -> Any:
    """As Gradio calls it: by position, all of what the signature has."""
    bound = inspect.signature(endpoint.function).bind(**arguments)
    bound.apply_defaults()
    answer = guarded(endpoint)(*bound.args)
    return list(answer) if endpoint.streams else answer


def a_sentence(said: str) -> bool:
    return 10 < len(said) < 400 and "\n" not in said and "Traceback" not in said


@pytest.mark.parametrize(("app", "endpoint"), OFFERED, ids=NAMES)
def test_every_wrong_argument_is_refused_in_a_sentence(app: AppEntry, endpoint: Endpoint) -> None:
    good = example_of(endpoint)
    for name in inspect.signature(endpoint.function).parameters:
        for what, wrong in WRONG.items():
            with pytest.raises(gr.Error) as caught:
                called(endpoint, {**good, name: wrong})
            assert a_sentence(caught.value.message), (name, what, caught.value.message)


@pytest.mark.parametrize(("app", "endpoint"), OFFERED, ids=NAMES)
def test_every_endpoint_is_described_and_has_examples_that_fit(
    app: AppEntry, endpoint: Endpoint
) -> None:
    documented = described(endpoint)
    signature = inspect.signature(endpoint.function)
    assert [one.name for one in documented.arguments] == list(signature.parameters)
    assert documented.summary.endswith(".") and documented.returns.endswith(".")
    assert all(one.words.endswith(".") for one in documented.arguments)
    good = example_of(endpoint)
    signature.bind(**good)
    hints = endpoints.get_type_hints(endpoint.function)
    for name, value in good.items():
        assert checked(name, value, hints[name]) == value
    compile(python_example(app.path, endpoint), "example", "exec")
    shell = curl_example(app.path, endpoint)
    assert subprocess.run(["bash", "-n", "-c", shell], check=False).returncode == 0


def test_the_page_shows_every_endpoint_twice_over() -> None:
    page = api_page(APPS)
    for app, endpoint in OFFERED:
        element = f'id="{app.path.strip("/")}-{endpoint.name}"'
        assert page.count(element) == 1
    assert page.count("<pre") == 2 * len(OFFERED)


def _stream(n: int, word: str = "a") -> Iterator[str]:
    """Words.

    Args:
        n: how many.
        word: which.

    Returns:
        Words.
    """
    for i in range(n):
        if i == 2:
            raise RuntimeError("a secret of the server")
        yield word


def test_what_goes_wrong_inside_keeps_its_secret() -> None:
    endpoint = Endpoint(_stream, "stream")
    assert called(endpoint, {"n": 2.0}) == ["a", "a"]
    with pytest.raises(gr.Error) as caught:
        called(endpoint, {"n": 3})
    assert "secret" not in caught.value.message and a_sentence(caught.value.message)


@pytest.mark.parametrize(("value", "hint", "expected"), [
    (1, float, 1.0), (2.0, int, 2), ("", str, ""), (True, bool, True), ([[1, 2.5]], list, None),
])
def test_right_arguments_pass(value: Any, hint: type, expected: Any) -> None:
    found = checked("x", value, hint)
    assert found == (value if expected is None else expected)
    assert type(found) is hint


@pytest.mark.parametrize(("value", "hint"), [
    (True, float), ("1", float), (1.5, int), (1e30, int), (0, bool), ("yes", bool), (b"", str),
    ([True], list), ([[["x"]]], list), ((1, 2), list),
])
def test_what_only_looks_right_does_not(value: Any, hint: type) -> None:
    with pytest.raises(ValueError, match="^x (is|holds) "):
        checked("x", value, hint)


def test_a_function_without_hints_is_not_served() -> None:
    def loose(x):  # type: ignore[no-untyped-def]
        return x

    with pytest.raises(TypeError, match="x without a hint"):
        guarded(Endpoint(loose, "loose"))


def test_mcp_is_there_when_its_package_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoints.importlib.util, "find_spec", lambda _: None)
    assert not mcp_served(Settings()) and not mcp_served(Settings(mcp=False))
    with pytest.raises(ValueError, match="pip install"):
        mcp_served(Settings(mcp=True))
    monkeypatch.setattr(endpoints.importlib.util, "find_spec", lambda _: "here")
    assert mcp_served(Settings()) and not mcp_served(Settings(mcp=False))
