"""Functions and sessions that a request names: unknown ones refused, and sessions shared fairly;
and what an error says.

Import it only where Gradio is imported anyway.
"""

from __future__ import annotations

import functools
import weakref
from typing import Any

from gradio import route_utils, state_holder, utils
from gradio.exceptions import Error, InvalidPathError
from starlette.exceptions import HTTPException

from apps.shared.paths import without_paths
from apps.shared.server.addresses import asked_by
from apps.shared.server.streams import open_sessions

__all__ = ["error_payload", "get_fn", "session_state"]

_NO_FILE = "A file is not here any more: uploads go after an hour. Upload it again."
_SHARE = 4  # an address may have a quarter of the sessions that an app keeps

_gradios_get_fn = route_utils.get_fn
_gradios_payload = utils.error_payload
_gradios_state = state_holder.StateHolder.__getitem__
_asked_by: weakref.WeakKeyDictionary[Any, dict[str, str]] = weakref.WeakKeyDictionary()


@functools.wraps(_gradios_get_fn)
def get_fn(blocks: Any, api_name: str | None, body: Any) -> Any:
    """Gradio's, with an unknown function as the caller's mistake.

    Raises:
        HTTPException: 404 and one sentence.
    """
    try:
        if body.fn_index is not None and body.fn_index not in blocks.fns:
            raise KeyError(body.fn_index)  # before a session is kept for it
        return _gradios_get_fn(blocks, api_name, body)
    except (route_utils.FnIndexInferError, LookupError, TypeError):
        named = f"named {api_name[:80]!r}" if api_name else "of this number"
        sentence = f"There is no function {named}; /api lists what there is."
        raise HTTPException(404, sentence) from None


@functools.wraps(_gradios_payload)
def error_payload(error: BaseException | None, show_error: bool) -> dict[str, Any]:
    """Gradio's, without where files lie on the disk."""
    if isinstance(error, InvalidPathError | FileNotFoundError):
        error = Error(_NO_FILE, print_exception=False)
    payload: dict[str, Any] = _gradios_payload(error, show_error)
    return {name: without_paths(value) if isinstance(value, str) else value
            for name, value in payload.items()}


@functools.wraps(_gradios_state)
def session_state(self: Any, session_id: str) -> Any:
    """Gradio's; an address with many sessions makes room of its own, not of others'."""
    address = asked_by.get()
    if address and session_id not in self.session_data:
        owners = _asked_by.setdefault(self, {})
        for gone in set(owners) - set(self.session_data):
            del owners[gone]
        own = [session for session in self.session_data if owners.get(session) == address]
        if len(own) >= max(self.capacity // _SHARE, 1):
            _forget_one(self, own)
        owners[session_id] = address
    return _gradios_state(self, session_id)


def _forget_one(holder: Any, own: list[str]) -> None:
    """The session that was used longest ago, first of those that no page has open."""
    opened = open_sessions(holder.blocks)
    oldest = next((session for session in own if not opened[session]), own[0])
    holder.delete_state(oldest)
    with holder.lock:
        holder.session_data.pop(oldest, None)
        holder.time_last_used.pop(oldest, None)
