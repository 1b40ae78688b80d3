"""A user without a home: a number that no password file knows, in a container."""

from __future__ import annotations

import getpass
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from core.home import default_cache, home_folder, provide_home, writable

ROOT = Path(__file__).parents[2]
NOBODY = ("unshare", "--user", "--map-user=12345", "--map-group=12345")
"""A process as a user of a number without a name; nothing outside the process changes."""

SHOWS = """
import getpass, os
from pathlib import Path
from core.settings import Settings
from core.home import provide_home
cache = Settings().cache
provide_home(cache)
import matplotlib
Path(matplotlib.get_cachedir())
print(cache, Path.home(), getpass.getuser(), sep="|")
"""


def run_as_nobody(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run code as a user without name, with this environment and the path alone."""
    if subprocess.run([*NOBODY, "true"], capture_output=True).returncode:
        pytest.skip("this system lets nobody change the number of the user")
    given = {"PATH": os.environ["PATH"], **environment}
    return subprocess.run([*NOBODY, sys.executable, "-c", code], cwd=ROOT, env=given, text=True,
                          capture_output=True, timeout=120)


@pytest.mark.parametrize("home", [{}, *({"HOME": home} for home in (
    "", "/", "/proc", "/proc/none", "relative"))], ids=str)
def test_without_a_home_everything_goes_into_the_cache(
    tmp_path: Path, home: dict[str, str]
) -> None:
    cache = tmp_path / "cache"
    done = run_as_nobody(SHOWS, COSMODESK_CACHE=str(cache), TMPDIR=str(tmp_path), **home)
    assert done.stdout.strip() == f"{cache}|{cache / 'home'}|user12345" and done.stderr == ""


def test_without_home_and_cache_the_temporary_folder_serves(tmp_path: Path) -> None:
    done = run_as_nobody(SHOWS, TMPDIR=str(tmp_path))
    place = tmp_path / "cosmodesk-home-12345"
    assert done.stdout.strip() == f"{place}|{place / 'home'}|user12345" and done.stderr == ""
    assert place.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in tmp_path.iterdir()] == [place.name]


def test_every_module_of_core_that_a_notebook_imports_does_without_a_home(tmp_path: Path) -> None:
    names = ("core.settings", "core.weights", "core.literature.library.library",
             "core.hydrogen.hi_cdm", "core.literature.assistant.cosmogemma",
             "core.reionization.neutral_fraction", "core.literature.skim.cli")
    done = run_as_nobody("; ".join(f"import {name}" for name in names), TMPDIR=str(tmp_path))
    assert done.returncode == 0, done.stderr


def test_where_nothing_can_be_written_one_sentence_says_so(tmp_path: Path) -> None:
    done = run_as_nobody(
        "import sys\nfrom apps.__main__ import main\nsys.exit(main(['--no-browser']))",
        COSMODESK_CACHE="/proc/cosmodesk", TMPDIR=str(tmp_path))
    assert done.returncode == 1 and done.stdout == "" and len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("The folder /proc/cosmodesk cannot be written to")
    assert "COSMODESK_CACHE" in done.stderr


def test_a_home_that_is_there_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USER", "somebody")
    provide_home(tmp_path / "cache")
    assert os.environ["HOME"] == str(tmp_path) and os.environ["USER"] == "somebody"
    assert home_folder() == tmp_path and default_cache() == tmp_path / ".cache" / "cosmodesk"
    assert [path.name for path in (tmp_path / "cache").iterdir()] == []


def test_a_folder_of_another_user_does_not_stand_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(os, "getuid", lambda: 54321)  # who asks; the folder is this one's
    place = tmp_path / "cosmodesk-home-54321"
    place.mkdir()
    with pytest.raises(ValueError, match="belongs to another user"):
        provide_home(place)


def test_a_folder_that_is_not_there_is_writable_if_it_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert writable(tmp_path / "a" / "b") and not writable(tmp_path / "file" / "a")
    assert not writable(Path("/proc/none/a")) or os.getuid() == 0
    assert getpass.getuser()
