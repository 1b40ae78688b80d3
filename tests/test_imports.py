"""Which module may import which: layers, domains, apps, the rooms of literature, and no circle."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAYERS = {  # a top-level package, and those that it may import besides itself
    "core": (), "apps": ("core",), "training": ("core",),
    "benchmarks": ("core", "apps", "training"),
}
FOLDERS_MOST = 20  # files
DOMAINS = ("hydrogen", "reionization", "literature")
APPS = ("hi_maps", "reionization", "cosmogemma", "skimarxiv")
LITERATURE = (  # from the ground up: each may import those before it
    "text", "arxiv", "facets", "language_model", "judge", "measurements", "library", "tldr",
    "ranking", "ideas", "assistant", "skim",
)
NOT_IN_CORE = ("gradio", "gradio_client", "spaces")


@cache
def modules() -> dict[str, Path]:
    """Dotted names of the project's modules and where they are."""
    paths = (path for top in LAYERS for path in (ROOT / top).rglob("*.py"))
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
            for path in paths}


@cache
def imported(name: str) -> frozenset[str]:
    """What a module imports anywhere in it, for type checking too; modules where they are ours."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(modules()[name].read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= inner & modules().keys() or {node.module}
    return frozenset(found - {name})


def edges() -> Iterator[tuple[str, str]]:
    """(module, module of ours that it imports)."""
    for name in modules():
        yield from ((name, other) for other in imported(name) if other in modules())


def room(name: str) -> str:
    """The folder of a module."""
    return name if modules()[name].name == "__init__.py" else name.rpartition(".")[0] or name


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    """One circle of a graph, empty if there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_layers_import_downwards() -> None:
    wrong = [f"{a} imports {b}" for a, b in edges()
             if b.split(".")[0] not in (a.split(".")[0], *LAYERS[a.split(".")[0]])]
    assert not wrong


def test_core_has_no_interface() -> None:
    wrong = [f"{name} imports {other}" for name in modules() if name.split(".")[0] == "core"
             for other in imported(name) if other.split(".")[0] in NOT_IN_CORE]
    assert not wrong


@pytest.mark.parametrize(("top", "parts"), [("core", DOMAINS), ("training", DOMAINS),
                                            ("apps", APPS)])
def test_domains_and_apps_do_not_import_each_other(top: str, parts: tuple[str, ...]) -> None:
    wrong = [
        f"{a} imports {b}" for a, b in edges()
        if a.startswith(f"{top}.") and b.startswith(f"{top}.") and a.count(".") and b.count(".")
        and a.split(".")[1] in parts and b.split(".")[1] in {*parts} - {a.split(".")[1]}
    ]
    assert not wrong


def test_what_all_share_imports_no_domain_and_no_app() -> None:
    wrong = [f"{a} imports {b}" for a, b in edges() if a.startswith("apps.shared.")
             and b.startswith("apps.") and b.split(".")[1] in APPS]
    wrong += [f"{a} imports {b}" for a, b in edges() if b.startswith("core.")
              and (a.startswith("core.networks.") or a.count(".") == 1 and a.startswith("core."))
              and b.split(".")[1] in DOMAINS]
    assert not wrong


def test_the_rooms_of_literature_stand_on_one_another() -> None:
    prefix = "core.literature."
    assert {name.split(".")[2] for name in modules() if name.startswith(prefix)} == {*LITERATURE}
    wrong = [
        f"{a} imports {b}" for a, b in edges() if a.startswith(prefix) and b.startswith(prefix)
        and LITERATURE.index(b.split(".")[2]) > LITERATURE.index(a.split(".")[2])
    ]
    assert not wrong


def test_no_module_is_imported_in_a_circle() -> None:
    graph: dict[str, set[str]] = {name: set() for name in modules()}
    for a, b in edges():
        graph[a].add(b)
    assert not circle(graph)


def test_no_room_is_imported_in_a_circle() -> None:
    """Rooms beside one another; an app and its pages, one inside the other, are one."""
    graph: dict[str, set[str]] = {}
    for one, other in edges():
        a, b = room(one), room(other)
        if not f"{a}.".startswith(f"{b}.") and not f"{b}.".startswith(f"{a}."):
            graph.setdefault(a, set()).add(b)
    assert not circle(graph)


def test_a_circle_would_be_found() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) and not circle({"a": {"b"}, "b": {"c"}})


def test_no_folder_is_crowded() -> None:
    crowded = {
        str(folder.relative_to(ROOT)): count
        for top in (*LAYERS, "tests") for folder in (ROOT / top).rglob("*")
        if folder.is_dir() and folder.name != "__pycache__"
        and (count := sum(path.is_file() for path in folder.iterdir())) > FOLDERS_MOST
    }
    assert not crowded
