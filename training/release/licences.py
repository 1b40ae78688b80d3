"""docs/licences.md: the licence of every package that an install brings, as its own metadata say::

    python -m training.release.licences            (make licences)

The table is made anew; what stands around it (models, data, scripts and fonts) is written by hand.
What is installed in the pinned version is read here, the rest from what pip downloads. Nothing is
guessed: a package that names no licence is listed as unknown.
"""

from __future__ import annotations

import email
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import tyro
from packaging.utils import canonicalize_name
from packaging.version import Version

from core.files import write_whole
from training.release.audit import AuditConfig, pinned
from training.release.constraints import ROOT

__all__ = ["PAGE", "UNKNOWN", "PackageInfo", "installed", "licence", "main", "row", "rows"]

PAGE = ROOT / "docs" / "licences.md"
UNKNOWN = "**unknown**: its metadata name none"
_BEGIN = "<!-- packages: made by `make licences`, do not edit -->\n"
_END = "<!-- end of packages -->\n"
_HEAD = "| package | version | licence, as its metadata say |\n|---|---|---|\n"
_LONGEST = 90
_OSI = "OSI Approved"
_TITLE = re.compile(r"licen[cs]e", re.IGNORECASE)


@dataclass(frozen=True)
class PackageInfo:
    """What a package says of its licence.

    Attributes:
        metadata: of the package.
        title: first line of its licence file, "" if it has none.
    """

    metadata: Message
    title: str = ""


def licence(package: PackageInfo) -> str:
    """The licence in the package's own words: its expression, field, classifiers, or its file."""
    data = package.metadata
    field = (data.get("License") or "").strip()
    classifiers = [line.rpartition(" :: ")[2] for line in data.get_all("Classifier") or ()
                   if line.startswith("License ::")]
    named = ", ".join(one for one in classifiers if one != _OSI)
    if data.get("License-Expression"):
        return str(data["License-Expression"])
    if field and "\n" not in field and len(field) <= _LONGEST and field.lower() != "unknown":
        return field
    if named:
        return named
    if _TITLE.search(package.title) and len(package.title) <= _LONGEST:
        return f"{package.title} (title of its licence file)"
    return UNKNOWN


def installed(name: str, version: str) -> PackageInfo | None:
    """A package that is installed here in this version, whatever its build; else None."""
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return None
    if Version(found.version).public != version:
        return None
    files = sorted(file for file in found.files or () if _is_licence(str(file)))
    text = files[0].read_text() if files else ""
    return PackageInfo(email.message_from_string(found.read_text("METADATA") or ""), _first(text))


def downloaded(pins: Sequence[tuple[str, str]]) -> dict[str, PackageInfo]:
    """Packages by name, from the files that pip downloads; nothing is installed.

    Raises:
        RuntimeError: with the end of pip's words, if one cannot be had.
    """
    if not pins:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "--dest",
                   folder, *(f"{name}=={version}" for name, version in pins)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"pip cannot download the packages: {done.stderr[-500:]}")
        found = [_archived(path) for path in sorted(Path(folder).iterdir())]
    return {canonicalize_name(str(package.metadata["Name"])): package for package in found}


def _archived(path: Path) -> PackageInfo:
    """A wheel or a source archive."""
    texts: dict[str, bytes] = {}
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            texts = {name: wheel.read(name) for name in wheel.namelist() if _wanted(name)}
    else:
        with tarfile.open(path) as archive:
            for member in archive.getmembers():
                file = archive.extractfile(member) if _wanted(member.name) else None
                if file is not None:
                    texts[member.name] = file.read()
    facts = min((name for name in texts if not _is_licence(name)), key=lambda name: name.count("/"))
    titles = sorted((name for name in texts if _is_licence(name)), key=lambda n: (n.count("/"), n))
    title = texts[titles[0]].decode(errors="replace") if titles else ""
    told = texts[facts].decode("utf-8", errors="replace")
    return PackageInfo(email.message_from_string(told), _first(title))


def _wanted(name: str) -> bool:
    return name.endswith((".dist-info/METADATA", "/PKG-INFO")) or _is_licence(name)


def _is_licence(name: str) -> bool:
    inside = ".dist-info/" in name or name.count("/") == 1
    return inside and Path(name).name.upper().startswith(("LICENSE", "LICENCE", "COPYING"))


def _first(text: str) -> str:
    return next((line.strip(" #*=-\t") for line in text.splitlines() if line.strip(" #*=-\t")), "")


def row(name: str, version: str, package: PackageInfo) -> str:
    """A line of the table."""
    return f"| {name} | {version} | {licence(package).replace('|', '/')} |"


def rows(text: str) -> dict[str, tuple[str, str]]:
    """Name to (version, licence) of the page's table."""
    table = text.partition(_BEGIN)[2].partition(_END)[0]
    found = re.findall(r"^\| ([a-z0-9-]+) \| (\d\S*) \| (.+) \|$", table, re.MULTILINE)
    return {name: (version, licence) for name, version, licence in found}


def main() -> int:
    """Write the table."""
    pins = pinned(AuditConfig().files)
    here = {name: installed(name, version) for name, version in pins}
    missing = downloaded([pin for pin in pins if here[pin[0]] is None])
    lines = [row(name, version, here[name] or missing[name]) for name, version in pins]
    text = PAGE.read_text(encoding="utf-8")
    before, begin, rest = text.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"{PAGE.name} has no place for the table.")
    write_whole(PAGE, (before + begin + _HEAD + "\n".join(lines) + "\n" + end + after).encode())
    unknown = sum(UNKNOWN in line for line in lines)
    print(f"{PAGE.name}: {len(lines)} packages, {unknown} without a licence in their metadata")
    return 0


if __name__ == "__main__":
    sys.exit(tyro.cli(main, description=__doc__))
