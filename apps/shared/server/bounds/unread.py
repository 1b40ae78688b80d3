"""Results that nobody reads: bounded in bytes and number, and gone after minutes.

Gradio keeps what an event has to say until a page or a program opens the stream of its session,
for two thousand sessions, for ever: a hundred calls of sixteen maps that nobody fetches are 280 MB.
Here each address may leave so much, the oldest goes first, and all goes when nobody came for it.

Import it only where Gradio is imported anyway.
"""

from __future__ import annotations

import asyncio
import functools
import time
import weakref
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import orjson
from gradio import queueing
from gradio.server_messages import (
    EstimationMessage,
    EventMessage,
    HeartbeatMessage,
    ProcessCompletedMessage,
    ProcessGeneratingMessage,
    ProgressMessage,
)

from apps.shared.server.addresses import neighbourhood

__all__ = ["AN_ADDRESS_BYTES", "UNREAD_SECONDS", "Mailbox", "UnreadResults", "send_message"]

UNREAD_SECONDS = 180.0
MOST_BYTES = 192 * 2**20  # of unread results in this process
AN_ADDRESS_BYTES = 48 * 2**20
AN_ADDRESS_SESSIONS = 200  # with something unread
_SESSIONS = 20_000  # of an app; Gradio would take the oldest, whoever reads it
_SMALL = 300  # bytes of a message without a result
_IN_MEMORY = 2  # bytes in memory for one of JSON: lists of numbers

_gradios_send = queueing.Queue.send_message
_REPLACED = (EstimationMessage, ProgressMessage, HeartbeatMessage)  # the latest is enough


class Mailbox(asyncio.Queue[EventMessage]):
    """The messages of one session, with how much they are and when they were last read.

    Attributes:
        size: bytes, roughly.
        address: of whoever asked, as :func:`neighbourhood` counts it.
        read: when a message was last taken, or waited for; seconds that only grow.
    """

    clock: Callable[[], float] = time.monotonic

    def __init__(self) -> None:
        super().__init__()
        self.size = 0
        self.address = ""
        self.read = self.clock()
        self._readers = 0
        self._weights: dict[int, int] = {}  # by the id of a message that is here

    @property
    def has_reader(self) -> bool:
        """Whether somebody waits for the next message."""
        return self._readers > 0

    async def get(self) -> EventMessage:
        self._readers += 1
        try:
            return await super().get()
        finally:
            self._readers -= 1
            self.read = self.clock()

    def _put(self, item: EventMessage) -> None:
        if isinstance(item, _REPLACED):
            for index, older in enumerate(self._queue):  # type: ignore[attr-defined]
                if type(older) is type(item) and older.event_id == item.event_id:
                    self.size -= self._weights.pop(id(older), 0)
                    self._queue[index] = item  # type: ignore[attr-defined]
                    break
            else:
                super()._put(item)
        else:
            super()._put(item)
        self._weights[id(item)] = _weight(item)
        self.size += self._weights[id(item)]

    def _get(self) -> EventMessage:
        item = super()._get()
        self.size -= self._weights.pop(id(item), 0)
        return item


def _weight(message: EventMessage) -> int:
    """Bytes in memory, roughly."""
    if not isinstance(message, ProcessCompletedMessage | ProcessGeneratingMessage):
        return _SMALL
    try:
        return _SMALL + _IN_MEMORY * len(orjson.dumps(
            message.output, default=str,
            option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS))
    except (TypeError, ValueError):
        return 2 * _SMALL


class UnreadResults:
    """What the sessions of all apps of this process have not read.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._queues: weakref.WeakSet[queueing.Queue] = weakref.WeakSet()

    def watch(self, queue: queueing.Queue) -> None:
        """Bound the results of an app from now on."""
        queue.pending_messages_per_session.max_size = _SESSIONS
        self._queues.add(queue)

    def _boxes(self) -> Iterator[tuple[queueing.Queue, str, Mailbox]]:
        for queue in list(self._queues):
            for session, box in list(queue.pending_messages_per_session.items()):
                if isinstance(box, Mailbox):
                    yield queue, session, box

    def bound(self) -> int:
        """Drop the oldest of what is too much; how many sessions that were."""
        boxes = [found for found in self._boxes() if found[2].size]
        sizes: Counter[str] = Counter()
        sessions: Counter[str] = Counter()
        for _, _, box in boxes:
            sizes[box.address] += box.size
            sessions[box.address] += not box.has_reader
        dropped = 0
        for queue, session, box in sorted(boxes, key=lambda found: found[2].read):
            whose = box.address
            most = sizes.total() > MOST_BYTES and whose == max(sizes, key=lambda a: sizes[a])
            if most or sizes[whose] > AN_ADDRESS_BYTES or (
                sessions[whose] > AN_ADDRESS_SESSIONS and not box.has_reader
            ):
                sizes[whose] -= box.size
                sessions[whose] -= not box.has_reader
                _drop(queue, session)
                dropped += 1
        return dropped

    def forget(self) -> int:
        """Drop what nobody has read for minutes, and what is left of sessions that read all."""
        now, dropped = self._clock(), 0
        for queue, session, box in self._boxes():
            if not box.has_reader and now - box.read > UNREAD_SECONDS:
                if box.empty() and queue.pending_event_ids_session.get(session):
                    continue  # it is still to be answered
                _drop(queue, session)
                dropped += 1
        for queue in list(self._queues):
            for session in list(queue.pending_event_ids_session):
                if session not in queue.pending_messages_per_session:
                    queue.pending_event_ids_session.pop(session, None)
        return dropped


def _drop(queue: queueing.Queue, session: str) -> None:
    """Forget a session's messages; what runs or waits for it need not go on."""
    queue.pending_messages_per_session.pop(session, None)
    queue.pending_event_ids_session.pop(session, None)
    for events in queue.active_jobs:
        for event in events or ():
            if event.session_hash == session:
                event.alive = False
    for line in queue.event_queue_per_concurrency_id.values():
        for event in [event for event in line.queue if event.session_hash == session]:
            line.queue.remove(event)
            queue.event_ids_to_events.pop(event._id, None)


results = UnreadResults()


@functools.wraps(_gradios_send)
def send_message(self: Any, event: Any, event_message: Any) -> None:
    """Gradio's, into a session that is still there, and bounded."""
    box = self.pending_messages_per_session.get(event.session_hash)
    if box is None:
        event.alive = False  # nobody will read it
        return
    if isinstance(box, Mailbox) and not box.address:
        client = getattr(event.request, "client", None)
        box.address = neighbourhood(client.host) if client else ""
    _gradios_send(self, event, event_message)
    if isinstance(event_message, ProcessCompletedMessage | ProcessGeneratingMessage):
        results.bound()
