"""All that is changed in Gradio, or read from what it does not document, in one place.

Gradio's defaults are those of a notebook on one's own machine; some of what a server must not do
can only be switched off inside of it. Such a change would be lost in silence when Gradio moves what
is changed. So :data:`REQUIREMENTS` says what each change rests on, and :func:`apply` checks all of
it at every start: another Gradio is refused in one sentence rather than served unsecured.

========================================  ==========================================================
what                                      why
========================================  ==========================================================
``async_ssrf_protected_download``         it fetches any address that a request names
``CustomCORSMiddleware``                  it lets other ports of this machine send requests
``SessionState._update_value_in_config``  it keeps every value that a visitor ever sent
``route_utils.get_root_url``              it forgets the path an app is mounted at where an event is
                                          not queued: its files then cannot be had
``Blocks.has_launched``                   files a request names are checked only where it is set,
                                          and mounting forgets to
``Blocks.delete_cache`` and the like      bounds, whatever the app was built with
``_StaticFiles``, ``get_upload_folder``   which folders Gradio serves, for the guard
``StateHolder``, ``Queue``                which pages are closed, to forget what they kept; and
                                          whose they are, to share them
``GradioMultiPartParser``, ``upload_fn``  it leaves the files of uploads that end badly
``AsyncQueue``, ``Queue.send_message``    it keeps results that nobody reads
``PredictBody`` and the like, ``get_fn``  identifiers of any length, unknown functions: 500
``http_server.uvicorn``                   connections of an app alone are not bounded
========================================  ==========================================================
"""

from __future__ import annotations

import datetime
import functools
import importlib.metadata
import inspect
import os
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import CodeType
from typing import TYPE_CHECKING, Any

from starlette.types import ASGIApp, Receive, Scope, Send

if TYPE_CHECKING:
    import gradio as gr

__all__ = [
    "REQUIREMENTS",
    "IncompatibleLibraryError",
    "PageStates",
    "Requirement",
    "apply",
    "bound",
    "check",
    "forget_missing",
    "forget_progress",
    "incompatible",
    "kept_files",
    "mark_launched",
    "served_folders",
]


class IncompatibleLibraryError(RuntimeError):
    """A library is not the one that the apps were secured for."""


@dataclass(frozen=True)
class Requirement:
    """A part of a library whose shape is relied on.

    Attributes:
        where: "module:attribute", as :func:`pkgutil.resolve_name` takes it.
        parameters: names of its arguments, or None if they do not matter.
        uses: names of globals and attributes that its code reads or sets.
    """

    where: str
    parameters: tuple[str, ...] | None = None
    uses: tuple[str, ...] = ()

    def check(self) -> None:
        """
        Raises:
            IncompatibleLibraryError: if it is not there, or not of this shape.
        """
        package = self.where.partition(".")[0]
        try:
            found = pkgutil.resolve_name(self.where)
        except (ImportError, AttributeError):
            raise incompatible(package, f"it has no {self.where}") from None
        if self.parameters is not None and _parameters(found) != self.parameters:
            raise incompatible(package, f"{self.where} takes other arguments")
        missing = set(self.uses) - set(_names(found))
        if missing:
            raise incompatible(package, f"{self.where} does without {min(missing)}")


def incompatible(package: str, how: str) -> IncompatibleLibraryError:
    """The error that says why a package was refused."""
    version = importlib.metadata.version(package)
    return IncompatibleLibraryError(
        f"CosmoDesk is not secured for {package} {version}, because {how}; install the version in "
        "requirements.txt."
    )


def _parameters(found: Any) -> tuple[str, ...] | None:
    try:
        return tuple(inspect.signature(found).parameters)
    except (TypeError, ValueError):
        return None


def _names(found: Any) -> Iterator[str]:
    """Globals and attributes in the code of a function, and of those inside of it."""
    codes = [getattr(inspect.unwrap(found), "__code__", None)]
    while codes:
        code = codes.pop()
        if isinstance(code, CodeType):
            yield from code.co_names
            codes += [constant for constant in code.co_consts if isinstance(constant, CodeType)]


REQUIREMENTS = (
    Requirement("gradio.processing_utils:async_ssrf_protected_download", ("url", "cache_dir")),
    Requirement("gradio.processing_utils:ssrf_protected_download", ("url", "cache_dir"),
                ("async_ssrf_protected_download",)),
    Requirement("gradio.blocks:Block.async_move_resource_to_block_cache",
                uses=("async_ssrf_protected_download",)),
    Requirement("gradio.routes:CustomCORSMiddleware", ("app", "strict_cors", "parent_app")),
    Requirement("gradio.routes:App.create_app", uses=("CustomCORSMiddleware", "delete_cache")),
    Requirement("gradio.state_holder:SessionState._update_value_in_config",
                ("self", "key", "value")),
    Requirement("gradio.blocks:Blocks.preprocess_data", uses=("_update_value_in_config",)),
    Requirement("gradio.blocks:Blocks.postprocess_data", uses=("_update_value_in_config",)),
    Requirement("gradio.route_utils:get_root_url", ("request", "route_path", "root_path"),
                ("get_request_origin",)),
    Requirement("gradio.routes:App.create_app", uses=("route_utils", "get_root_url")),
    Requirement("gradio.processing_utils:_check_allowed", ("path", "check_in_upload_folder"),
                ("has_launched",)),
    Requirement("gradio.blocks:Block.__init__", uses=("has_launched", "state_session_capacity")),
    Requirement("gradio.blocks:Blocks.__init__", uses=("analytics_enabled", "delete_cache")),
    Requirement("gradio.blocks:Blocks.queue", uses=("_queue",)),
    Requirement("gradio.data_classes:_StaticFiles.all_paths"),
    Requirement("gradio.utils:get_upload_folder", (), ("environ", "get")),
    Requirement("gradio.route_utils:delete_files_created_by_app",
                uses=("temp_file_sets", "blocks")),
    Requirement("gradio.state_holder:StateHolder.__init__",
                uses=("lock", "session_data", "time_last_used")),
    Requirement("gradio.state_holder:StateHolder.set_blocks",
                uses=("state_holder", "state_session_capacity")),
    Requirement("gradio.state_holder:StateHolder.delete_state",
                ("self", "session_id", "expired_only")),
    Requirement("gradio.state_holder:SessionState.__init__", uses=("is_closed",)),
    Requirement("gradio.queueing:Queue.__init__", uses=("pending_event_ids_session",)),
    Requirement("gradio.routes:upload_fn",
                ("request", "upload_dir", "max_file_size", "upload_id", "force_move",
                 "upload_progress"), ("GradioMultiPartParser", "parse", "getlist")),
    Requirement("gradio.route_utils:GradioMultiPartParser.__init__",
                uses=("max_files", "max_fields", "_current_part", "_charset")),
    Requirement("gradio.route_utils:GradioMultiPartParser.on_headers_finished",
                ("self",), ("NamedTemporaryFile", "field_name", "file")),
    Requirement("gradio.route_utils:GradioMultiPartParser.on_part_data",
                ("self", "data", "start", "end"), ("file",)),
    Requirement("gradio.route_utils:GradioMultiPartParser.on_part_end", ("self",)),
    Requirement("gradio.route_utils:GradioMultiPartParser.on_end", ("self",)),
    Requirement("gradio.route_utils:GradioMultiPartParser.parse", ("self",),
                ("on_end", "on_part_end", "on_headers_finished", "finalize")),
    Requirement("gradio.route_utils:FileUploadProgress.track", ("self", "upload_id"),
                ("_statuses", "_signals")),
    Requirement("gradio.routes:file_upload_statuses"),
    Requirement("gradio.utils:error_payload", ("error", "show_error"), ("message",)),
    Requirement("gradio.queueing:error_payload", ("error", "show_error")),
    Requirement("gradio.queueing:Queue.process_events", uses=("error_payload",)),
    Requirement("gradio.route_utils:get_fn", ("blocks", "api_name", "body"),
                ("FnIndexInferError", "fn_index")),
    Requirement("gradio.state_holder:StateHolder.__getitem__", ("self", "session_id"),
                ("session_data", "time_last_used")),
    Requirement("gradio.queueing:Queue.push", ("self", "body", "request", "username"),
                ("AsyncQueue", "pending_messages_per_session", "pending_event_ids_session",
                 "event_ids_to_events", "get_fn")),
    Requirement("gradio.queueing:Queue.send_message", ("self", "event", "event_message"),
                ("pending_messages_per_session", "put_nowait", "alive")),
    Requirement("gradio.queueing:Queue.clean_events", uses=("active_jobs", "alive")),
    Requirement("gradio.utils:LRUCache.__init__", ("self", "max_size"), ("max_size",)),
    Requirement("gradio.data_classes:PredictBody", (
        "session_hash", "event_id", "data", "oauth_token", "event_data", "fn_index", "trigger_id",
        "simple_format", "batched")),
    Requirement("gradio.data_classes:SimplePredictBody", ("data", "session_hash", "oauth_token")),
    Requirement("gradio.data_classes:CancelBody", ("session_hash", "fn_index", "event_id")),
    Requirement("gradio.data_classes:ResetBody", ("event_id",)),
)
"""What :func:`apply` and the functions below rest on."""


def check(requirements: Iterable[Requirement]) -> None:
    """
    Raises:
        IncompatibleLibraryError: one sentence, if a library is not of the shape required.
    """
    for requirement in requirements:
        requirement.check()


def apply() -> None:
    """Check everything, then change it; a second time does no harm.

    Raises:
        IncompatibleLibraryError: one sentence, if this Gradio is not the one that is known.
    """
    check(REQUIREMENTS)
    from gradio import processing_utils, queueing, route_utils, routes, state_holder, utils

    if not hasattr(route_utils.get_root_url, "__wrapped__"):
        route_utils.get_root_url = _with_its_path(route_utils.get_root_url)
    processing_utils.async_ssrf_protected_download = _refuse_download
    routes.CustomCORSMiddleware = _NoSharing
    state_holder.SessionState._update_value_in_config = _keep_no_value
    from apps.shared.server.bounds import identifiers, lookups, unread, uploads

    for name, part in uploads.PARSER.items():
        setattr(route_utils.GradioMultiPartParser, name, part)
    routes.upload_fn = uploads.upload
    queueing.AsyncQueue = unread.Mailbox
    queueing.Queue.send_message = unread.send_message
    for name in ("PredictBody", "SimplePredictBody", "CancelBody", "ResetBody"):
        setattr(routes, name, getattr(identifiers, name))
    route_utils.get_fn = lookups.get_fn
    utils.error_payload = queueing.error_payload = lookups.error_payload
    state_holder.StateHolder.__getitem__ = lookups.session_state


async def _refuse_download(url: str, cache_dir: str) -> str:
    """Gradio fetches a file that a request names by its address; no page of ours needs that."""
    import gradio as gr

    raise gr.Error("Upload the file itself: addresses are not fetched.", print_exception=False)


def _with_its_path(root_url: Callable[..., str]) -> Callable[..., str]:
    """Find the address of an app from the path that it was asked at, whatever route that was.

    Gradio takes the route off the end of the address. For an event that is not queued it takes off
    the whole path, and behind a proxy that names its host it begins without one; then every file
    in the answer has an address outside of the app.
    """

    @functools.wraps(root_url)
    def of(request: Any, route_path: str, root_path: str | None) -> str:
        path = request.url.path.rstrip("/")
        begin = path.find("/gradio_api/")
        route = path[begin:] if begin >= 0 else route_path.rstrip("/")
        return root_url(request, route, root_path or path.removesuffix(route))

    return of


class _NoSharing:
    """Gradio's CORS layer lets in every origin, or every port of this machine; the guard none."""

    def __init__(self, app: ASGIApp, strict_cors: bool = True, parent_app: Any = None) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


def _keep_no_value(self: Any, key: int, value: Any) -> None:
    """Gradio keeps every value of every session for links to them, which are closed here."""


def bound(demo: gr.Blocks, sessions: int, cache_seconds: tuple[int, int]) -> None:
    """Bound what an app keeps, and let it report nothing.

    Args:
        demo: the app.
        sessions: pages whose state is kept; one more takes the place of the oldest.
        cache_seconds: how often temporary files are looked at, and how old they may get.
    """
    demo.analytics_enabled = False
    demo.delete_cache = cache_seconds
    demo.state_session_capacity = sessions


def mark_launched(demo: gr.Blocks) -> None:
    """Gradio checks that a file a request names was uploaded only where it takes the app for
    launched, which it forgets to note when mounting: any file of the disk could be had."""
    demo.has_launched = True


def served_folders() -> list[str]:
    """The folders in which Gradio keeps uploads, results and files of its own to serve."""
    from gradio import utils
    from gradio.data_classes import _StaticFiles

    folders = [utils.get_upload_folder(), *map(str, _StaticFiles.all_paths)]
    return [os.path.realpath(folder) for folder in folders]


class PageStates:
    """What the open and the closed pages of an app keep on the server.

    Args:
        demo: the app; it may not be served yet.
    """

    def __init__(self, demo: gr.Blocks) -> None:
        self._holder: Any = getattr(demo, "state_holder", None)
        self._queue: Any = getattr(demo, "_queue", None)

    def closed(self) -> list[str]:
        """Ids of the pages that were closed and are still kept."""
        if self._holder is None:
            return []
        return [id for id, page in list(self._holder.session_data.items()) if page.is_closed]

    def idle(self, seconds: float) -> list[str]:
        """Ids of the pages that nobody has used for a while."""
        if self._holder is None:
            return []
        before = datetime.datetime.now() - datetime.timedelta(seconds=seconds)
        return [id for id, last in list(self._holder.time_last_used.items()) if last < before]

    def waits(self, id: str) -> bool:
        """Whether an event of the page is still to be answered."""
        return bool(self._queue.pending_event_ids_session.get(id))

    def drop(self, id: str) -> None:
        """Forget what the page kept."""
        self._holder.delete_state(id)
        with self._holder.lock:
            self._holder.session_data.pop(id, None)
            self._holder.time_last_used.pop(id, None)


def kept_files(demo: gr.Blocks) -> set[str]:
    """Files that the pages of an app always show, whatever their age."""
    return {str(path) for block in demo.blocks.values()
            for path in getattr(block, "keep_in_cache", ())}


def forget_missing(demo: gr.Blocks) -> None:
    """Forget the names of files that are gone; Gradio would keep them for ever."""
    for names in demo.temp_file_sets:
        names -= {name for name in tuple(names) if not os.path.exists(name)}


def forget_progress(most: int = 500) -> None:
    """Forget the progress of uploads that nobody followed to the end, if there are many."""
    from gradio.routes import file_upload_statuses as uploads

    done = [id for id, status in uploads._statuses.items() if status.is_done]
    for id in done[:-most]:
        uploads.stop_tracking(id)
    for id in [id for id in uploads._signals if id not in uploads._statuses][:-most]:
        del uploads._signals[id]
