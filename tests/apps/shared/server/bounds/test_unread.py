"""Results that nobody reads are bounded and go after minutes; those that are read arrive whole."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import gradio as gr
import pytest
from gradio.server_messages import EstimationMessage, ProcessCompletedMessage
from starlette.testclient import TestClient

from apps.shared.server.bounds import lookups, unread
from apps.shared.server.bounds.unread import Mailbox, UnreadResults
from apps.shared.server.launch import mount, protected
from apps.shared.server.sessions import Closed

SIZE = 200_000  # bytes of a result, as JSON


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[gr.Blocks, TestClient]]:
    monkeypatch.setattr(unread, "AN_ADDRESS_BYTES", 10 * unread._IN_MEMORY * SIZE)

    def large(number: float) -> str:
        return str(number) * SIZE

    with gr.Blocks() as demo:
        gr.State(None)
        gr.api(large, api_name="large", concurrency_limit=4)
    site = mount(demo, "/app")
    with TestClient(protected(site), base_url="http://127.0.0.1") as client:
        yield demo, client


def _waits_for(condition: Any) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def _ask(client: TestClient, number: int = 1, **more: Any) -> str:
    answer = client.post("/app/gradio_api/call/large", json={"data": [number], **more})
    return str(answer.json()["event_id"])


def _read(client: TestClient, event: str) -> str:
    return client.get(f"/app/gradio_api/call/large/{event}").text


def _kept(demo: gr.Blocks) -> int:
    return sum(box.size for box in demo._queue.pending_messages_per_session.values())


def test_a_hundred_results_that_nobody_reads_are_not_kept(
    served: tuple[gr.Blocks, TestClient]
) -> None:
    demo, client = served
    events = [_ask(client) for _ in range(100)]
    _waits_for(lambda: not demo._queue.event_ids_to_events)
    assert _kept(demo) <= unread.AN_ADDRESS_BYTES
    assert len(demo._queue.pending_event_ids_session) <= 11
    assert "1" * SIZE in _read(client, events[-1])
    gone = _read(client, events[0])
    assert gone.startswith("event: error") and "nobody read it" in gone and len(gone) < 300


def test_what_nobody_came_for_goes_after_minutes(
    served: tuple[gr.Blocks, TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    demo, client = served
    event = _ask(client)
    _waits_for(lambda: not demo._queue.event_ids_to_events)
    later = UnreadResults(lambda: time.monotonic() + unread.UNREAD_SECONDS + 1)
    soon = UnreadResults(lambda: time.monotonic() + unread.UNREAD_SECONDS / 2)
    for results in (soon, later):
        results.watch(demo._queue)
    assert soon.forget() == 0 and _kept(demo) > SIZE
    assert later.forget() == 1 and _kept(demo) == 0
    assert not demo._queue.pending_event_ids_session
    assert "nobody read it" in _read(client, event)


def test_a_session_that_read_everything_is_forgotten_too(
    served: tuple[gr.Blocks, TestClient]
) -> None:
    demo, client = served
    for _ in range(3):
        assert "complete" in _read(client, _ask(client))
    later = UnreadResults(lambda: time.monotonic() + unread.UNREAD_SECONDS + 1)
    later.watch(demo._queue)
    later.forget()
    assert not demo._queue.pending_messages_per_session
    assert not demo._queue.pending_event_ids_session


def test_who_waits_gets_the_result_whatever_others_leave(
    served: tuple[gr.Blocks, TestClient]
) -> None:
    demo, client = served
    texts: list[str] = []
    reader = threading.Thread(target=lambda: texts.append(_read(client, _ask(client, 7))))
    for _ in range(30):
        _ask(client)
    reader.start()
    for _ in range(30):
        _ask(client)
    reader.join(60)
    assert "7" * SIZE in texts[0]


def test_an_address_pays_for_what_it_leaves_itself() -> None:
    class Waiting:
        pending_event_ids_session: dict[str, set[str]] = {}
        active_jobs: tuple[Any, ...] = ()
        event_queue_per_concurrency_id: dict[str, Any] = {}
        event_ids_to_events: dict[str, Any] = {}

    class Boxes(dict[str, Mailbox]):
        max_size = 0

    queue: Any = Waiting()
    queue.pending_messages_per_session = Boxes()
    results = UnreadResults()
    results.watch(queue)
    for number in range(60):
        box = Mailbox()
        box.address = "10.0.0.1" if number else "10.0.0.2"
        output = {"data": ["x" * 2**20]}
        box.put_nowait(ProcessCompletedMessage(output=output, success=True, event_id="e"))
        queue.pending_messages_per_session[str(number)] = box
        results.bound()
    sizes = {name: box.size for name, box in queue.pending_messages_per_session.items()}
    assert "0" in sizes and "59" in sizes and "1" not in sizes
    assert sum(sizes.values()) - sizes["0"] <= unread.AN_ADDRESS_BYTES


def test_only_the_latest_estimate_is_kept() -> None:
    box = Mailbox()
    for rank in range(1000):
        for event in ("a", "b"):
            box.put_nowait(EstimationMessage(event_id=event, rank=rank, queue_size=2))
    assert box.qsize() == 2 and box.size == 2 * unread._SMALL
    last = [box.get_nowait() for _ in range(2)]
    assert {message.rank for message in last} == {999} and box.size == 0  # type: ignore[union-attr]


@pytest.mark.parametrize("session", ["x" * 4_000_000, "x" * 129, "", "a\nb", "\ud800", "\0"])
def test_an_identifier_is_short_and_printable(
    served: tuple[gr.Blocks, TestClient], session: str
) -> None:
    demo, client = served
    before = len(demo.state_holder.session_data)
    for route, body in (
        ("queue/join", {"data": [1], "fn_index": 0}), ("call/large", {"data": [1]}),
        ("cancel", {"fn_index": 0, "event_id": "e"}), ("run/large", {"data": [1]}),
    ):
        answer = client.post(f"/app/gradio_api/{route}",
                             content=json.dumps({**body, "session_hash": session}),
                             headers={"Content-Type": "application/json"})
        assert answer.status_code == 422, route
        assert len(answer.text) < 400 and "xxx" not in answer.text
    for field in ("event_id", "oauth_token"):
        sent = {"data": [1], "fn_index": 0, "session_hash": "s", field: "x" * 4_000_000}
        client.post("/app/gradio_api/queue/join", json=sent)
    assert len(demo.state_holder.session_data) <= before + 1
    assert all(len(name) <= 128 for name in demo.state_holder.session_data)


@pytest.mark.parametrize("path", [
    "heartbeat/{}", "queue/data?session_hash={}", "call/large/{}", "upload_progress?upload_id={}"])
def test_an_address_holds_no_long_identifier(
    served: tuple[gr.Blocks, TestClient], path: str
) -> None:
    _, client = served
    answer = client.get(f"/app/gradio_api/{path.format('x' * 3000)}")
    assert answer.status_code == 400 and "128" in answer.text


def test_a_stream_of_nobodys_session_ends_in_a_sentence(
    served: tuple[gr.Blocks, TestClient], caplog: pytest.LogCaptureFixture
) -> None:
    _, client = served
    page = client.get("/app/gradio_api/queue/data?session_hash=nobody")
    message = json.loads(page.text.removeprefix("data: "))
    assert message["msg"] == "unexpected_error" and message["session_not_found"]
    assert _read(client, "nothing").startswith("event: error")
    assert not [record for record in caplog.records if record.exc_info]


def test_an_address_with_many_sessions_takes_the_place_of_its_own(
    served: tuple[gr.Blocks, TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    demo, _ = served
    holder, now = demo.state_holder, lookups.asked_by
    holder.capacity = 20
    for address, names in (("10.0.0.1", ["mine"]), ("10.0.0.2", [f"s{i}" for i in range(50)])):
        asked = now.set(address)
        for name in names:
            holder[name]
        now.reset(asked)
    assert "mine" in holder and "s49" in holder and "s0" not in holder
    assert len(holder.session_data) <= 1 + 20 // 4


def test_a_session_without_a_page_is_forgotten_when_it_is_idle(
    served: tuple[gr.Blocks, TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    from apps.shared.server import sessions
    from apps.shared.server.streams import open_sessions

    demo, client = served
    for _ in range(5):
        _read(client, _ask(client))
    demo.state_holder["open"]
    open_sessions(demo)["open"] += 1
    monkeypatch.setattr(sessions, "_IDLE", -1.0)
    for session in list(demo._queue.pending_event_ids_session):
        demo._queue.pending_event_ids_session.pop(session)
    closed = Closed(demo, after=60.0)
    closed.forget(100.0)
    closed.forget(161.0)
    assert set(demo.state_holder.session_data) == {"open"}


def test_progress_that_nobody_follows_is_forgotten() -> None:
    from gradio.routes import file_upload_statuses

    from apps.shared.server.gradio_patches import forget_progress

    for number in range(2000):
        file_upload_statuses.set_done(f"upload {number}")
        file_upload_statuses._signals[f"asked {number}"].clear()
    forget_progress()
    assert len(file_upload_statuses._statuses) <= 500
    assert len(file_upload_statuses._signals) <= 1000
