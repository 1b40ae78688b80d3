"""Every module that is run says what it takes, and does nothing else when asked for it."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core import __version__

ROOT = Path(__file__).parents[1]
SERVERS = ("apps", "apps.hi_maps", "apps.reionization", "apps.cosmogemma", "apps.skimarxiv")
HEAVY = ("torch", "gradio", "numpy", "starlette", "pydantic")


def run(module: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", module, *arguments], cwd=ROOT, text=True,
                          capture_output=True, timeout=120, env=os.environ | environment)


def runnable() -> list[str]:
    """Modules with a part for being run, and not those of Spaces or tests."""
    found = []
    for top in ("apps", "core", "training", "benchmarks"):
        for path in sorted((ROOT / top).rglob("*.py")):
            if any("__main__" in ast.unparse(node.test)
                   for node in ast.parse(path.read_text()).body if isinstance(node, ast.If)):
                name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                found.append(name.removesuffix(".__main__"))
    return [name for name in found if not name.startswith("training.release.spaces")]


def test_there_are_modules_to_run() -> None:
    assert {*SERVERS, "core.literature.skim", "benchmarks", "training.release.audit"} <= {
        *runnable()}


@pytest.mark.parametrize("module", SERVERS)
def test_a_server_tells_its_options_and_version_at_once_and_starts_nothing(
    module: str, tmp_path: Path
) -> None:
    for option, words in (("--help", ("--host", "--port", "--no-browser", "--version")),
                          ("-h", ("--help",)), ("--version", (f"CosmoDesk {__version__}",))):
        done = run(module, option, TMPDIR=str(tmp_path), COSMODESK_PORT="nonsense")
        assert done.returncode == 0 and done.stderr == ""
        assert all(word in done.stdout for word in words)
    assert list(tmp_path.iterdir()) == []


def test_nothing_heavy_is_imported_for_that() -> None:
    code = ("import sys\nfrom apps.__main__ import main\ntry: main(['--help'])\n"
            f"except SystemExit: print([name for name in {HEAVY} if name in sys.modules])")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(("given", "word"), [
    (("--prot", "80"), "--prot"), (("--por", "80"), "--por"), (("serve",), "takes options alone"),
    (("--port", "abc"), "1 to 65535"), (("--port", "0"), "1 to 65535"),
    (("--port", "65536"), "1 to 65535"), (("--port", "-1"), "--port"), (("--port",), "--port"),
    (("--port", "８０８０"), "1 to 65535"), (("--host", ""), "127.0.0.1"),
    (("--host", "a b"), "127.0.0.1"), (("--log-level", "loud"), "'loud' is no level; choose DEBUG"),
    (("--open", "--no-browser"), "--no-browser"), (("--a\nb",), "--a"),
], ids=" ".join)
@pytest.mark.parametrize("module", ["apps", "apps.hi_maps"])
def test_a_wrong_option_is_refused_in_one_sentence(
    module: str, given: tuple[str, ...], word: str
) -> None:
    done = run(module, *given)
    assert done.returncode == 2 and done.stdout == "" and word in done.stderr
    assert len(done.stderr.splitlines()) == 1 and "Traceback" not in done.stderr


def test_the_command_line_stands_above_the_environment(tmp_path: Path) -> None:
    from tests.apps.started import started

    with started(tmp_path, "apps", COSMODESK_PORT="1", COSMODESK_HOST="192.0.2.1") as server:
        server.process.wait(60)  # the host of the environment holds, and is not of this machine
    assert "of 192.0.2.1 cannot be used" in server.log
    given = ("--host", "127.0.0.1", "--log-level", "error")
    with started(tmp_path, "apps", *given, COSMODESK_HOST="192.0.2.1",
                 COSMODESK_LOG_LEVEL="nonsense") as server:
        server.wait_for("/")
        assert f"CosmoDesk is at {server.address} " in server.end()[1]


def test_the_version_is_the_same_everywhere() -> None:
    assert f'version = "{__version__}"' in (ROOT / "pyproject.toml").read_text()
    assert f"version: {__version__}" in (ROOT / "CITATION.cff").read_text()


@pytest.mark.slow
@pytest.mark.parametrize("module", runnable())
def test_every_module_that_is_run_has_help(module: str) -> None:
    begun = time.time()
    done = run(module, "--help")
    assert done.returncode == 0 and "usage" in done.stdout.lower(), done.stderr
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    assert not [name for name in tracked.stdout.splitlines()
                if (ROOT / name).is_file() and (ROOT / name).stat().st_mtime > begun]


@pytest.mark.parametrize(("given", "words"), [
    ({"COSMODESK_HOST": "nonsense.invalid"}, "The host nonsense.invalid has no address"),
    ({"COSMODESK_DEVICE": "nonsense"}, "COSMODESK_DEVICE is nonsense"),
    ({"COSMODESK_DEVICE": "meta:x"}, "COSMODESK_DEVICE is meta:x"),
], ids=str)
def test_what_cannot_be_served_is_one_sentence_at_the_start(
    given: dict[str, str], words: str, tmp_path: Path
) -> None:
    done = run("apps", TMPDIR=str(tmp_path), COSMODESK_PORT="7861", **given)
    assert done.returncode == 1 and words in done.stderr and done.stdout == ""
    assert len(done.stderr.splitlines()) == 1 and "Port" not in done.stderr
