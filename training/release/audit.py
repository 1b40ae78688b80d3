"""Known vulnerabilities of every version that an install brings::

    python -m training.release.audit            (make audit)

asks an advisory source, PyPI's own by default, about each version that is pinned: all of
constraints.txt, and what the Spaces pin beside it. It fails unless every one of them was answered
for: a version that the source does not know was not audited, and neither was any if the source
cannot be reached.

It ends with 0: all audited, none vulnerable; 1: some are vulnerable; 2: wrong option; 3: some were
not audited; 4: no source could be reached.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import tyro
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from training.release.constraints import CONSTRAINTS, ROOT

__all__ = ["Advisory", "AuditConfig", "Finding", "SourceError", "audit", "main", "pinned"]

_CLEAN, _VULNERABLE, _, _NOT_AUDITED, _UNREACHABLE = range(5)
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^]]*\])?==([^\s;#]+)$")
_TRIES = 3
_SECONDS = 20.0
_AT_ONCE = 8


@dataclass(frozen=True)
class AuditConfig:
    """What is audited, and by whom.

    Attributes:
        source: address of a source that answers as PyPI does, at <source>/<name>/<version>/json.
        files: of pinned versions; by default constraints.txt and the requirements of the Spaces.
    """

    source: str = "https://pypi.org/pypi"
    files: tuple[Path, ...] = field(default_factory=lambda: (
        CONSTRAINTS, *sorted((ROOT / "apps").glob("*/requirements.txt"))))


@dataclass(frozen=True)
class Advisory:
    """A known vulnerability.

    Attributes:
        names: of the advisory, CVE numbers among them.
        summary: what it is, in a line; may be empty.
        fixed_in: versions without it; may be empty.
    """

    names: tuple[str, ...]
    summary: str
    fixed_in: tuple[str, ...]


@dataclass(frozen=True)
class Finding:
    """What the source says of a version.

    Attributes:
        name, version: of the package.
        advisories: on this version.
        skipped: why it was not audited, "" if it was.
        reached: whether the source answered at all, in whatever way.
    """

    name: str
    version: str
    advisories: tuple[Advisory, ...] = ()
    skipped: str = ""
    reached: bool = True


class SourceError(RuntimeError):
    """No advisory source could be reached."""


def pinned(files: Iterable[Path]) -> list[tuple[str, str]]:
    """(name, version) of every line of the files, each once; a build (+cpu) counts as its version.

    Raises:
        ValueError: one sentence, for a line that pins no version, or if there is none at all.
    """
    found = set()
    for path in files:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"{path} cannot be read; name a file of pinned versions.") from error
        for line in (line.partition("#")[0].strip() for line in lines):
            if line:
                found.add(_pin(line, path))
    if not found:
        raise ValueError("There is no version to audit; name files with lines of name==version.")
    return sorted(found)


def _pin(line: str, path: Path) -> tuple[str, str]:
    match = _PIN.match(line)
    try:
        if match is not None:
            return canonicalize_name(match[1]), Version(match[2]).public
    except InvalidVersion:
        pass
    raise ValueError(f"{path.name} has the line {line[:80]!r}, which pins no version to audit; "
                     "write name==version.")


def audit(pins: Sequence[tuple[str, str]], source: str) -> list[Finding]:
    """Ask about every version.

    Args:
        pins: (name, version) of each.
        source: see :class:`AuditConfig`.

    Raises:
        SourceError: one sentence, if the source answered for none of them.
    """
    with httpx.Client(timeout=_SECONDS, follow_redirects=True) as client:
        first = _ask(client, source, *pins[0])
        if not first.reached:  # nor will it be for all the others
            raise SourceError(
                f"No advisory source could be reached at {source} ({first.skipped}); none of "
                f"{len(pins)} versions was audited.")
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            found = [first, *threads.map(lambda pin: _ask(client, source, *pin), pins[1:])]
    if all(finding.skipped for finding in found):
        raise SourceError(
            f"{source} is no advisory source ({first.skipped}); none of {len(pins)} versions was "
            "audited.")
    return found


def _ask(client: httpx.Client, source: str, name: str, version: str) -> Finding:
    """Ask about one version, again if the source is busy."""
    for left in reversed(range(_TRIES)):
        try:
            answer = client.get(f"{source.rstrip('/')}/{name}/{version}/json")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            if not left:
                return Finding(name, version, skipped=type(error).__name__, reached=False)
            continue
        if answer.status_code < 500 and answer.status_code != 429:
            break
    if answer.status_code != 200:
        return Finding(name, version, skipped=f"the source answers {answer.status_code}")
    try:
        return _read(name, version, answer.json())
    except (ValueError, KeyError, TypeError, AttributeError):
        return Finding(name, version, skipped="the answer says nothing of vulnerabilities")


def _read(name: str, version: str, answer: dict[str, Any]) -> Finding:
    told = answer["info"]
    if (canonicalize_name(told["name"]), Version(told["version"])) != (name, Version(version)):
        return Finding(name, version, skipped="the answer is about another version")
    advisories = tuple(
        Advisory((one["id"], *one.get("aliases", ())), " ".join((one.get("summary") or "").split()),
                 tuple(one.get("fixed_in", ())))
        for one in answer["vulnerabilities"] if not one.get("withdrawn")
    )
    return Finding(name, version, advisories)


def _said(finding: Finding) -> list[str]:
    what = f"{finding.name} {finding.version}"
    if finding.skipped:
        return [f"{what}: not audited, {finding.skipped}"]
    return [
        f"{what}: {', '.join(one.names)}{f': {one.summary}' if one.summary else ''}; "
        f"fixed in {', '.join(one.fixed_in) or 'no version'}"
        for one in finding.advisories
    ]


def main(given: AuditConfig) -> int:
    """Audit, print what was found, and return the exit code."""
    try:
        found = audit(pinned(given.files), given.source)
    except ValueError as error:
        print(error, file=sys.stderr)
        return _NOT_AUDITED
    except SourceError as error:
        print(error, file=sys.stderr)
        return _UNREACHABLE
    for line in (line for finding in found for line in _said(finding)):
        print(line)
    vulnerable = sum(bool(finding.advisories) for finding in found)
    skipped = sum(bool(finding.skipped) for finding in found)
    print(f"{len(found) - skipped} of {len(found)} versions audited at {given.source}: "
          f"{vulnerable or 'none'} with a known vulnerability.")
    return _VULNERABLE if vulnerable else _NOT_AUDITED if skipped else _CLEAN


if __name__ == "__main__":
    sys.exit(main(tyro.cli(AuditConfig, description=__doc__)))
