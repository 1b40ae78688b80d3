"""What an app needs: read off its imports, and off the names that stand in its code.

Modules are found by following imports from the app's own, those inside functions too and those by
name, but not those for type checking alone. A file that is no module is needed if its name, or that
of its folder, stands as a string in a module that is needed; a model folder likewise. What is
installed is pinned as in requirements.txt.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

__all__ = ["ROOT", "Needs", "needs_of", "pins"]

ROOT = Path(__file__).resolve().parents[3]
OURS = ("apps", "core")
WEIGHTS = Path("core/weights")
NAMES_OTHERS = Path("core/settings.py")  # its defaults name what another app or a server may have
FINDERS = {"files", "find_spec", "import_module"}  # of importlib, which take a module's name
NOT_DATA = {".py", ".pyc", ".tmp", ".part"}
NO_DATA = {"README.md", "requirements.txt"}  # of the app: the Space has its own at the root


@dataclass(frozen=True)
class Needs:
    """What an app needs; paths are relative to the repository.

    Attributes:
        modules: Python files.
        data: other files beside them.
        models: names of model folders.
        packages: what has to be installed, name to version, of the imports that are pinned.
    """

    modules: tuple[Path, ...]
    data: tuple[Path, ...]
    models: tuple[str, ...]
    packages: dict[str, str]


def needs_of(*start: str, root: Path = ROOT) -> Needs:
    """Everything that is needed to import modules and to run what they import.

    Args:
        start: such as "apps.hi_maps.app".
        root: the repository.

    Raises:
        ValueError: if there is no such module.
    """
    for module in start:
        if _file(module, root) is None:
            raise ValueError(f"There is no module {module}.")
    modules, outside = _closure(start, root)
    words = {word for path in modules - {NAMES_OTHERS} for word in _strings(root / path)}
    known = pins(root / "requirements.txt")
    return Needs(
        tuple(sorted(modules)), tuple(sorted(_data(modules, words, root))),
        tuple(sorted(p.name for p in (root / WEIGHTS).iterdir() if p.name in words)),
        {name: known[name] for name in sorted(outside) if name in known},
    )


def pins(requirements: Path) -> dict[str, str]:
    """Name to version of the lines that pin one, names in the registry's normal form."""
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^\s#]+)", requirements.read_text(), re.MULTILINE)
    return {_normal(name): version for name, version in found}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _closure(start: tuple[str, ...], root: Path) -> tuple[set[Path], set[str]]:
    """Files of this repository, and names of the packages that they import from elsewhere."""
    files: set[Path] = set()
    outside: set[str] = set()
    seen: set[str] = set()
    left = list(start)
    while left:
        name = left.pop()
        if name in seen:
            continue
        seen.add(name)
        top, _, _ = name.partition(".")
        if top not in OURS:
            if top not in sys.stdlib_module_names:
                outside.add(_normal(top))
            continue
        if "." in name:
            left.append(name.rpartition(".")[0])
        file = _file(name, root)
        if file is not None:  # else a name inside a module, or a folder
            files.add(file)
            left += _imports(root / file)
    return files, outside


def _file(module: str, root: Path) -> Path | None:
    place = Path(*module.split("."))
    for path in (place / "__init__.py", place.with_suffix(".py")):
        if (root / path).is_file():
            return path
    return None


@lru_cache(maxsize=1000)
def _imports(file: Path) -> tuple[str, ...]:
    """Dotted names; of "from a import b" both a and a.b, which may be a module."""
    names: list[str] = []
    for node in _run(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            if node.level or node.module is None:
                raise ValueError(f"{file} has a relative import, which is not followed.")
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Call):
            names += _named(node)
    return tuple(names)


def _named(call: ast.Call) -> list[str]:
    """The module that a call names as a string, if it is one of those that look for a module."""
    function = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if function not in FINDERS or not call.args:
        return []
    named = call.args[0]
    name = named.value if isinstance(named, ast.Constant) else None
    return [name] if isinstance(name, str) and name.isidentifier() else []


def _run(node: ast.AST) -> Iterator[ast.AST]:
    """The tree without what is there for the type checker."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and getattr(child.test, "id", "") == "TYPE_CHECKING":
            for other in child.orelse:
                yield from (other, *_run(other))
            continue
        yield child
        yield from _run(child)


@lru_cache(maxsize=1000)
def _strings(file: Path) -> frozenset[str]:
    return frozenset(
        node.value for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _data(modules: set[Path], words: set[str], root: Path) -> set[Path]:
    """Files that the code names, beside the modules or in a folder beside them."""
    found: set[Path] = set()
    for folder in {path.parent for path in modules}:
        for path in (root / folder).iterdir():
            if path.name not in words or path.name in NO_DATA or path == root / WEIGHTS:
                continue
            if path.is_dir() and any(path.glob("*.py")):  # a package, followed by its imports
                continue
            inside = path.rglob("*") if path.is_dir() else [path]
            found |= {p.relative_to(root) for p in inside if _is_data(p)}
    return found


def _is_data(path: Path) -> bool:
    return path.is_file() and path.suffix not in NOT_DATA and not path.name.startswith(".")
