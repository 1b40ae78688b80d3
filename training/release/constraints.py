"""constraints.txt: the version of every package that an install brings, and what brings it.

    python -m training.release.constraints            (make constraints)

requirements.txt names what the code imports; what those bring along is chosen by pip on the day of
the install. This asks pip once, without installing anything, and keeps the answer: `make`, CI and
the Spaces install by it, so that a fresh install in two years resolves as the tested one did. Run
it after a version in one of the requirements files has changed.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from core.files import write_whole

__all__ = ["CONSTRAINTS", "REQUIREMENTS", "brought", "main", "read_constraints", "resolved", "text"]

ROOT = Path(__file__).resolve().parents[2]
CONSTRAINTS = ROOT / "constraints.txt"
REQUIREMENTS = tuple(
    ROOT / place / "requirements.txt" for place in ("", "training", "training/reionization")
)

_HEADER = (
    "# Every version that an install of the requirements files resolves to, and what brings it.\n"
    "# Made by `make constraints` on Python {python}; change the requirements, not this.\n"
)
_LINE = re.compile(r"^([a-z0-9-]+)==(\S+)(?:  # via (.+))?$", re.MULTILINE)

Installed = Mapping[str, Mapping[str, Any]]
"""Canonical name to the metadata of a package, as pip reports them."""


def resolved(requirements: Iterable[Path] = REQUIREMENTS) -> dict[str, Mapping[str, Any]]:
    """What pip would install into an empty environment; nothing is installed.

    Raises:
        RuntimeError: with the end of pip's words, if it finds no answer.
    """
    files = [part for path in requirements for part in ("-r", str(path))]
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet",
               "--report", "-", *files]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"pip does not resolve the requirements: {done.stderr[-500:]}")
    found = json.loads(done.stdout)["install"]
    return {canonicalize_name(one["metadata"]["name"]): one["metadata"] for one in found}


def text(installed: Installed, python: str) -> str:
    """The file's text: a line a package, with the names of the packages that ask for it."""
    asked_by: dict[str, set[str]] = {name: set() for name in installed}
    for name, others in _asked(installed).items():
        for other in others & set(installed) - {name}:
            asked_by[other].add(name)
    lines = []
    for name in sorted(installed):
        version = str(installed[name]["version"]).partition("+")[0]  # +cpu is a build of the same
        via = ", ".join(sorted(asked_by[name]))
        lines.append(f"{name}=={version}" + (f"  # via {via}" if via else ""))
    return _HEADER.format(python=python) + "\n".join(lines) + "\n"


def _asked(installed: Installed) -> dict[str, set[str]]:
    """Names that each package asks for, with the extras that others ask it for."""
    extras: dict[str, set[str]] = {name: {""} for name in installed}
    while True:
        before = sum(map(len, extras.values()))
        found = {name: _requirements(installed[name], extras[name]) for name in installed}
        for one in (one for ones in found.values() for one in ones):
            extras.get(canonicalize_name(one.name), set()).update(one.extras)
        if sum(map(len, extras.values())) == before:
            return {name: {canonicalize_name(one.name) for one in ones}
                    for name, ones in found.items()}


def _requirements(metadata: Mapping[str, Any], extras: set[str]) -> list[Requirement]:
    found = (Requirement(line) for line in metadata.get("requires_dist", []))
    return [one for one in found if one.marker is None
            or any(one.marker.evaluate({"extra": extra}) for extra in extras)]


def read_constraints(path: Path = CONSTRAINTS) -> dict[str, tuple[str, frozenset[str]]]:
    """Name to (version, names of the packages that ask for it)."""
    return {
        name: (version, frozenset(via.split(", ")) if via else frozenset())
        for name, version, via in _LINE.findall(path.read_text())
    }


def brought(
    names: Iterable[str], constraints: Mapping[str, tuple[str, frozenset[str]]] | None = None
) -> dict[str, str]:
    """Name to version of what packages bring along, themselves not among it.

    Args:
        names: of the packages, in canonical form.
        constraints: as :func:`read_constraints` reads them.
    """
    known = read_constraints() if constraints is None else constraints
    wanted = set(names)
    reached, grown = set(wanted), True
    while grown:
        more = {name for name, (_, via) in known.items() if via & reached} - reached
        reached |= more
        grown = bool(more)
    return {name: known[name][0] for name in sorted(reached - wanted) if name in known}


def main() -> int:
    """Write the file."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    write_whole(CONSTRAINTS, text(resolved(), version).encode())
    print(f"{CONSTRAINTS.name}: {len(read_constraints())} versions")
    return 0


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()  # it takes nothing but --help
    sys.exit(main())
