"""An upload that ends badly leaves nothing on the disk, and says in a sentence why it did."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from apps.shared.server import guard
from apps.shared.server.bounds import ledger
from apps.shared.server.bounds.uploads import PARTS
from apps.shared.server.launch import mount, protected

FILE = 'Content-Disposition: form-data; name="files"; filename="{}"\r\n'
KIND = "multipart/form-data; boundary=XX"


@pytest.fixture(scope="module")
def site() -> Iterator[Any]:
    with gr.Blocks() as demo:
        gr.File()
    yield protected(mount(demo, "/app"))


def _form(*parts: tuple[str, bytes], end: bytes = b"--XX--\r\n") -> bytes:
    return b"".join(
        b"--XX\r\n" + head.encode() + b"\r\n" + body + b"\r\n" for head, body in parts) + end


async def _send(
    site: Any, pieces: list[bytes | None], kind: str = KIND, client: str = "10.0.0.1",
    query: bytes = b"",
) -> tuple[int, str]:
    """Status and text of the answer; None among the pieces breaks the connection off, and the last
    is waited for in vain if there is no end."""
    waiting = [*pieces]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if not waiting:
            await asyncio.sleep(3600)
        piece = waiting.pop(0)
        if piece is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece, "more_body": piece != b""}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await site({
        "type": "http", "method": "POST", "path": "/app/gradio_api/upload", "query_string": query,
        "raw_path": b"/app/gradio_api/upload", "root_path": "", "scheme": "http",
        "http_version": "1.1", "client": (client, 1), "server": ("127.0.0.1", 80),
        "headers": [(b"host", b"127.0.0.1"), (b"content-type", kind.encode("latin-1"))],
    }, receive, send)
    body = b"".join(message.get("body", b"") for message in sent)
    return (sent[0]["status"] if sent else 0), body.decode()


def _stored() -> set[Path]:
    return {path for path in Path(os.environ["GRADIO_TEMP_DIR"]).rglob("*") if path.is_file()}


GOOD = (FILE.format("a.npy"), b"good")
BAD: dict[str, tuple[list[bytes | None], int]] = {
    "broken off": ([b"--XX\r\n" + FILE.format("a.npy").encode() + b"\r\n", b"x" * 70_000, None],
                   400),
    "broken off after a whole part": ([_form(GOOD, end=b"--XX\r\n"), None], 400),
    "too slow": ([_form(GOOD, end=b"")], 408),
    "in a field of another name": ([_form(GOOD, (
        'Content-Disposition: form-data; name="other"; filename="b"\r\n', b"x")), b""], 400),
    "text in the field": ([_form(GOOD, (
        'Content-Disposition: form-data; name="files"\r\n', b"x")), b""], 400),
    "a part without a name": ([_form(GOOD, ("Content-Disposition: form-data\r\n", b"x")), b""],
                              400),
    "a part without headers": ([_form(GOOD, ("", b"x")), b""], 400),
    "without its end": ([_form(GOOD, end=b""), b""], 400),
    "within a part": ([_form(GOOD, end=b"") + b"--XX\r\n" + FILE.format("b").encode() + b"\r\nx",
                       b""], 400),
    "empty": ([b""], 400),
    "another boundary": ([_form(GOOD).replace(b"XX", b"YY"), b""], 400),
    "a name that leads up": ([_form(GOOD, (FILE.format(".."), b"x")), b""], 400),
    "too many parts": ([_form(*[GOOD] * (PARTS + 1)), b""], 400),
    "a large file": ([_form(GOOD, end=b"--XX\r\n" + FILE.format("b").encode() + b"\r\n"),
                      *[bytes(2**20)] * 66, b"\r\n--XX--\r\n", b""], 413),
    "large headers": ([_form((FILE.format("x" * 9000), b"x")), b""], 413),
}


@pytest.mark.parametrize("how", BAD)
def test_a_bad_upload_leaves_nothing(site: Any, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "CHUNK_SECONDS", 0.2)
    before = _stored()
    pieces, status = BAD[how]
    got, text = asyncio.run(_send(site, pieces))
    assert got in (status, 0 if None in pieces else status), text
    assert _stored() == before
    for never in ("Traceback", "/tmp", "Error", os.environ["GRADIO_TEMP_DIR"]):
        assert never not in text
    assert text.count(". ") <= 1 and len(text) < 300


@pytest.mark.parametrize("kind", [
    "multipart/form-data", "multipart/form-data; boundary=", "application/json", "", "x" * 200,
    "multipart/form-data; boundary=" + "x" * 500, "multipart/form-data; boundary=XX; charset=idna",
    "multipart/form-data; boundary=XX; charset=undefined", "\xff",
    "multipart/form-data; boundary=XX; charset=unicode_escape", 'multipart/form-data; boundary="',
])
def test_no_kind_of_content_is_an_error_of_the_server(site: Any, kind: str) -> None:
    form = _form((FILE.format("\\udcff\u00e9\\ud800.npy"), b"x"))
    status, text = asyncio.run(_send(site, [form, b""], kind))
    assert status in (200, 400, 422) and "Traceback" not in text


def test_a_good_upload_stays_until_its_hour_is_over(site: Any) -> None:
    status, text = asyncio.run(_send(site, [_form(GOOD, (FILE.format("b.npy"), b"more")), b""]))
    assert status == 200
    paths = [Path(path) for path in json.loads(text)]
    assert [path.read_bytes() for path in paths] == [b"good", b"more"]
    assert {path.name for path in paths} == {"a.npy", "b.npy"}


def test_a_bad_upload_does_not_take_another_visitors_file(site: Any) -> None:
    _, text = asyncio.run(_send(site, [_form(GOOD), b""]))
    kept = Path(json.loads(text)[0])
    asyncio.run(_send(site, [_form(GOOD, end=b"--XX\r\n"), None]))
    assert kept.read_bytes() == b"good"


def test_a_full_disk_is_said_and_leaves_nothing(
    site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gradio.route_utils import GradioUploadFile

    async def full(self: Any, data: bytes) -> None:
        raise OSError(28, "No space left on device", "/secret/place")

    monkeypatch.setattr(GradioUploadFile, "write", full)
    before = _stored()
    status, text = asyncio.run(_send(site, [_form(GOOD), b""]))
    assert status == 507 and "no room" in text and "/secret" not in text
    assert _stored() == before


def test_many_small_parts_count_as_what_they_take_on_the_disk(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "UPLOADS_AN_HOUR", 10 * 32 * ledger.FILE_BYTES)
    with gr.Blocks() as demo:
        gr.File()
    site = protected(mount(demo, "/app"))
    tiny = _form(*[(FILE.format("a"), b"x")] * 32)

    async def all_of_them() -> list[int]:
        return [(await _send(site, [tiny, b""]))[0] for _ in range(12)]

    statuses = asyncio.run(all_of_them())
    assert statuses[:10] == [200] * 10 and statuses[-1] == 429


def test_one_address_does_not_use_up_the_uploads_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "UPLOADS_AN_ADDRESS", 2**20)
    with gr.Blocks() as demo:
        gr.File()
    site = protected(mount(demo, "/app"))
    large = _form((FILE.format("a"), bytes(2**20)))
    statuses = [asyncio.run(_send(site, [large, b""], client=client))
                for client in ("10.0.0.1", "10.0.0.1", "10.0.0.2")]
    assert [status for status, _ in statuses] == [200, 429, 200]
    assert "your address" in statuses[1][1]
