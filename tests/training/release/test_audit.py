"""The audit, against a server that answers as PyPI does."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.apps.served import free_port
from training.release.audit import AuditConfig, main, pinned
from training.release.constraints import CONSTRAINTS, ROOT, read_constraints

FOUND = {
    "id": "PYSEC-2026-1", "aliases": ["CVE-2026-1234"], "fixed_in": ["2.1"], "withdrawn": None,
    "summary": "Reads any file\nof the server.", "link": "https://example.org", "details": "",
}


def answer(name: str, version: str, *vulnerabilities: dict[str, Any]) -> dict[str, Any]:
    return {"info": {"name": name, "version": version}, "urls": [],
            "vulnerabilities": list(vulnerabilities)}


CLEAN = {"/pypi/clean/1.0/json": answer("clean", "1.0"),
         "/pypi/under-score/2.0.0/json": answer("Under_Score", "2.0.0")}
VULNERABLE = {"/pypi/weak/2.0/json": answer("weak", "2.0", FOUND)}


@contextmanager
def advisories(answers: dict[str, Any], status: int = 404, busy: int = 0) -> Iterator[str]:
    """A source that knows these answers; the status is what it says of all others.

    Args:
        answers: path to what is sent as JSON, or to bytes.
        status: for other paths.
        busy: how many requests are answered 503 before.
    """
    left = [busy]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = answers.get(self.path)
            left[0] -= 1
            code = 503 if left[0] >= 0 else 200 if known is not None else status
            body = known if isinstance(known, bytes) else json.dumps(known).encode()
            self.send_response(code)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/pypi"
        server.shutdown()


def audited(tmp_path: Path, text: str, source: str) -> int:
    file = tmp_path / "pins.txt"
    file.write_text(text)
    return main(AuditConfig(source, (file,)))


def test_clean_versions_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with advisories(CLEAN) as source:
        assert audited(tmp_path, "# a file\nclean==1.0  # via x\nUnder_Score==2.0.0\n", source) == 0
    assert capsys.readouterr().out == (
        f"2 of 2 versions audited at {source}: none with a known vulnerability.\n")


def test_a_vulnerable_version_fails_with_what_is_known_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with advisories(CLEAN | VULNERABLE) as source:
        assert audited(tmp_path, "clean==1.0\nweak==2.0\n", source) == 1
    first, last = capsys.readouterr().out.splitlines()
    assert first == ("weak 2.0: PYSEC-2026-1, CVE-2026-1234: Reads any file of the server.; "
                     "fixed in 2.1")
    assert last.endswith("1 with a known vulnerability.")


def test_a_withdrawn_advisory_is_none(tmp_path: Path) -> None:
    withdrawn = answer("weak", "2.0", FOUND | {"withdrawn": "2026-02-01T00:00:00Z"})
    with advisories({"/pypi/weak/2.0/json": withdrawn}) as source:
        assert audited(tmp_path, "weak==2.0\n", source) == 0


@pytest.mark.parametrize(("path", "sent", "why"), [
    ("/pypi/other/1/json", None, "the source answers 404"),
    ("/pypi/odd/3.0/json", b"<html>", "says nothing of vulnerabilities"),
    ("/pypi/odd/3.0/json", {"info": {"name": "odd", "version": "3.0"}}, "says nothing"),
    ("/pypi/odd/3.0/json", b"[]", "says nothing"),
    ("/pypi/odd/3.0/json", answer("odd", "3.1"), "about another version"),
    ("/pypi/odd/3.0/json", answer("even", "3.0"), "about another version"),
], ids=["unknown", "no JSON", "no vulnerabilities", "a list", "other version", "other name"])
def test_what_was_not_audited_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], path: str, sent: Any, why: str
) -> None:
    with advisories(CLEAN | ({path: sent} if sent is not None else {})) as source:
        assert audited(tmp_path, "clean==1.0\nodd==3.0\n", source) == 3
    said = capsys.readouterr().out
    assert "odd 3.0: not audited" in said and why in said and "1 of 2 versions audited" in said


def test_a_vulnerable_version_counts_more_than_a_skipped_one(tmp_path: Path) -> None:
    with advisories(VULNERABLE) as source:
        assert audited(tmp_path, "clean==1.0\nweak==2.0\n", source) == 1


def test_a_source_that_is_down_fails_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = f"http://127.0.0.1:{free_port()}/pypi"
    assert audited(tmp_path, "clean==1.0\nweak==2.0\n", source) == 4
    said = capsys.readouterr()
    assert said.out == "" and len(said.err.splitlines()) == 1
    assert "No advisory source could be reached" in said.err and "none of 2 versions" in said.err


@pytest.mark.parametrize("status", [404, 403, 500])
def test_a_source_that_knows_nothing_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], status: int
) -> None:
    with advisories({}, status) as source:
        assert audited(tmp_path, "clean==1.0\nweak==2.0\n", source) == 4
    assert f"answers {status}" in capsys.readouterr().err


def test_a_busy_source_is_asked_again(tmp_path: Path) -> None:
    with advisories(CLEAN, busy=2) as source:
        assert audited(tmp_path, "clean==1.0\n", source) == 0


def test_a_build_counts_as_its_version(tmp_path: Path) -> None:
    known = {"/pypi/torch/2.13.0/json": answer("torch", "2.13.0")}
    with advisories(known) as source:
        assert audited(tmp_path, "torch==2.13.0+cpu\n", source) == 0
        assert audited(tmp_path, "torch==2.13.0\n", source) == 0


@pytest.mark.parametrize("line", ["torch>=2", "torch", "-r other.txt", "a @ https://x.org/a.whl",
                                  "torch==*", "torch==2.0,<3", "==1"])
def test_a_line_that_pins_nothing_is_not_passed_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    with advisories(CLEAN) as source:
        assert audited(tmp_path, f"clean==1.0\n{line}\n", source) == 3
    assert line in capsys.readouterr().err


def test_nothing_to_audit_is_no_clean_audit(tmp_path: Path) -> None:
    with advisories(CLEAN) as source:
        assert audited(tmp_path, "# nothing\n", source) == 3
        assert main(AuditConfig(source, (tmp_path / "none.txt",))) == 3


def test_by_default_every_version_of_an_install_is_audited() -> None:
    pins = pinned(AuditConfig().files)
    named = re.findall(r"^[^#\s]", CONSTRAINTS.read_text(), re.MULTILINE)
    assert len(read_constraints()) == len(named)
    assert {(name, version) for name, (version, _) in read_constraints().items()} <= set(pins)
    assert "spaces" in dict(pins) and AuditConfig().files[0].parent == ROOT
