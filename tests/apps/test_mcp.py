"""The endpoints as tools of an assistant, over MCP; needs the optional package mcp."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from apps.api_page import endpoints_of
from apps.registry import APPS
from tests.apps.cosmogemma.fixture import MATHS_QUESTION, Scripted
from tests.apps.studio import served_studio

pytest.importorskip("mcp")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("studio")
    with served_studio(folder, lambda _: Scripted("They are 27.5 Mpc wide.")) as address:
        yield address


def visit(address: str, *calls: tuple[str, dict[str, Any]]) -> tuple[list[Any], list[Any]]:
    """The tools at an address, and what came of calls of them."""
    from mcp import ClientSession
    from mcp.client.streamable_http import streamablehttp_client

    async def talk() -> tuple[list[Any], list[Any]]:
        async with (streamablehttp_client(f"{address}/gradio_api/mcp/") as (get, send, _),
                    ClientSession(get, send) as session):
            await session.initialize()
            tools = (await session.list_tools()).tools
            return tools, [await session.call_tool(name, given) for name, given in calls]

    return asyncio.run(talk())


@pytest.mark.parametrize("app", APPS, ids=[app.path for app in APPS])
def test_the_tools_are_the_endpoints_and_nothing_else(studio: str, app: Any) -> None:
    tools, _ = visit(studio + app.path)
    endpoints = endpoints_of(app)
    assert [tool.name for tool in tools] == [endpoint.name for endpoint in endpoints]
    for tool in tools:
        assert tool.description
        assert all(one.get("description") for one in tool.inputSchema["properties"].values()), tool


def test_a_tool_answers_as_core_does(studio: str) -> None:
    from core.hydrogen.higlow import HIGlow

    _, (drawn, wrong, loose) = visit(
        f"{studio}/hi-maps",
        ("generate", {"omega_m": 0.2, "sigma_8": 0.9, "model": "HIGlow", "n": 1, "seed": 5}),
        ("generate", {"omega_m": 0.9}), ("generate", {"omega_m": [0.2]}),
    )
    assert not drawn.isError
    maps = ast.literal_eval(drawn.content[0].text)["maps"]
    np.testing.assert_allclose(maps, HIGlow.load().sample(0.2, 0.9, 1, 5), rtol=1e-4)
    assert wrong.isError and "from 0.1 to 0.5" in wrong.content[0].text
    assert loose.isError and "number" in loose.content[0].text


def test_a_question_is_answered_whole(studio: str) -> None:
    _, (answer, refused) = visit(
        f"{studio}/cosmogemma", ("ask", {"question": MATHS_QUESTION}), ("ask", {"question": ""}),
    )
    last = ast.literal_eval(answer.content[-1].text)
    assert last["state"] == "done" and "27.5" in last["text"] and last["sources"]
    assert refused.isError and "no question yet" in refused.content[0].text
