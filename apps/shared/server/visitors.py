"""Every event of an app belongs to a visitor, waits no longer than theirs, and ends.

Gradio's queue stands in front of ours. It is first come, first served; its forty places of an app
could all be taken by what one client sent, which then sleeps before the models while nobody else
gets as far as our queue. So here

- an app has many more places, and the next one goes to the visitor who holds the fewest;
- what one page or one address may have waiting there is bounded, before the whole queue is full;
- whose an event is, and whether anybody still listens to it, is known to all that it calls
  (:mod:`apps.shared.compute.requests`);
- an event that ends by something that is no ``Exception``, such as a panic in native code, ends
  with a sentence. Gradio would never answer it, and an exit would end the server's loop.
"""

from __future__ import annotations

import asyncio
import functools
import logging
from collections import Counter
from typing import TYPE_CHECKING, Any

from fastapi import HTTPException
from gradio import queueing, route_utils

from apps.shared.compute.requests import RequestTicket, Visitor, on_behalf_of
from apps.shared.server.gradio_patches import Requirement, check

if TYPE_CHECKING:
    import gradio as gr

__all__ = ["GRADIO", "PLACES", "serve_in_turn"]

PLACES = 120
"""Events of an app that may be in our functions at once; most of them wait there for a model."""

MOST_OF_A_PAGE = 40
"""Events that one page, or one session of a program, may have in Gradio's queue and out of it."""

_FAILED = "This did not work; see the server log, or try it again."
_TOO_MANY = ("{} {} requests waiting here already; wait until some of them are answered, then ask "
             "again.")

_log = logging.getLogger(__name__)

_PREDICT = ("app", "body", "gr_request", "fn", "root_path", "record_history")
GRADIO = (
    Requirement("gradio.route_utils:call_process_api", _PREDICT),
    Requirement("gradio.queueing:Queue.process_events", uses=("call_process_api", "route_utils")),
    Requirement("gradio.queueing:Queue.get_events", ("self",),
                ("event_queue_per_concurrency_id", "queue", "current_concurrency")),
    Requirement("gradio.queueing:Queue.push", ("self", "body", "request", "username")),
    Requirement("gradio.queueing:Queue.__init__", uses=("active_jobs", "event_ids_to_events")),
    Requirement("gradio.queueing:Queue.clean_events", uses=("alive", "active_jobs")),
    Requirement("gradio.queueing:Event.__init__",
                uses=("session_hash", "fn", "request", "alive", "enqueue_time")),
    Requirement("gradio.blocks:Blocks.create_limiter", uses=("max_threads", "limiter")),
    Requirement("gradio.blocks:Blocks.queue", uses=("max_threads", "_queue")),
)
"""What this rests on."""


def serve_in_turn(demo: gr.Blocks, most: int) -> None:
    """Let an app's events belong to visitors, and wait in turn; call it after ``demo.queue``.

    Args:
        demo: the app.
        most: events that may wait in its queue.

    Raises:
        IncompatibleLibraryError: if this Gradio is not the one that is known.
    """
    check(GRADIO)
    queue: Any = demo._queue
    queue.__class__ = _QueueInTurn
    queue.most_of_an_address = max(most // 2, 1)
    if not hasattr(route_utils.call_process_api, "in_turn"):
        route_utils.call_process_api = _for_visitors(route_utils.call_process_api)


def visitor_of(event: Any) -> Visitor:
    """Whose an event of Gradio's queue is.

    A session that nobody gave is the event's own id: then the client is known by address alone.
    """
    client = getattr(event.request, "client", None)
    program = event.fn.api_visibility != "private"
    given = event.session_hash if event.session_hash != event._id else ""
    return Visitor(client.host if client else "", given, program)


class _QueueInTurn(queueing.Queue):
    """Gradio's queue, whose next event is that of the visitor who has the fewest under way."""

    most_of_an_address: int

    def get_events(self) -> Any:
        held = [visitor_of(event) for job in self.active_jobs if job for event in job]
        pages, addresses = Counter(held), Counter(one.address for one in held)

        def rank(event: Any) -> tuple[int, int, float]:
            visitor = visitor_of(event)
            return pages[visitor], addresses[visitor.address], event.enqueue_time

        for waiting in self.event_queue_per_concurrency_id.values():
            if len(waiting.queue) > 1:
                first = min(waiting.queue, key=rank)
                waiting.queue.remove(first)
                waiting.queue.insert(0, first)
        return super().get_events()

    async def push(self, body: Any, request: Any, username: str | None) -> Any:
        self._check_room(body.session_hash, request)
        return await super().push(body, request, username)

    def _check_room(self, session: str | None, request: Any) -> None:
        """
        Raises:
            HTTPException: 429, one sentence.
        """
        client = getattr(request, "client", None)
        address = client.host if client else ""
        waits = [event for one in self.event_queue_per_concurrency_id.values()
                 for event in one.queue]
        held = [event for job in self.active_jobs if job for event in job]
        if session is not None and sum(
            event.session_hash == session for event in (*held, *waits)
        ) >= MOST_OF_A_PAGE:
            raise HTTPException(429, _TOO_MANY.format("You have", MOST_OF_A_PAGE))
        if sum(visitor_of(event).address == address for event in waits) >= self.most_of_an_address:
            raise HTTPException(
                429, _TOO_MANY.format("Your address has", self.most_of_an_address))


def _ticket_of(event: Any) -> RequestTicket:
    """The one of an event, whichever of its steps asks for it."""
    found: RequestTicket | None = getattr(event, "cosmodesk_ticket", None)
    if found is None:
        found = event.cosmodesk_ticket = RequestTicket(visitor_of(event), lambda: not event.alive)
    return found


def _for_visitors(predict: Any) -> Any:
    """Gradio's function that runs one step of an event, done for its visitor, and ending."""

    @functools.wraps(predict)
    async def step(app: Any, body: Any, *arguments: Any, **named: Any) -> Any:
        events = app.get_blocks()._queue.event_ids_to_events
        event = events.get(body.event_id) if body.event_id else None
        ticket = RequestTicket() if event is None else _ticket_of(event)
        try:
            with on_behalf_of(ticket):
                return await predict(app, body, *arguments, **named)
        except Exception:
            raise
        except BaseException as error:
            task = asyncio.current_task()
            if isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling():
                ticket.cancel()  # by the visitor, or because the server stops
                raise
            raise _ended_by(error) from error

    step.in_turn = True  # type: ignore[attr-defined]
    return step


def _ended_by(error: BaseException) -> Exception:
    import gradio as gr

    _log.error("an event ended by %s", type(error).__name__, exc_info=error)
    return gr.Error(_FAILED, print_exception=False)
