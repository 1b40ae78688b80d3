"""Uploads: bounded in parts and in what they take on the disk, and gone when they end badly.

Gradio writes each part of a form into a file as it comes. It removes them if the form is malformed
or too large in one way, and leaves them for ever if the connection breaks, the time is over, a name
cannot be used, a part is in a field of another name, or the end is missing. Here every file that a
request began is removed unless the request was answered with its place.

Import it only where Gradio is imported anyway.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import os
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from gradio import route_utils
from gradio_client.utils import strip_invalid_filename_characters
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect

from apps.shared.server.bounds.ledger import FILE_BYTES, note_on_disk

__all__ = ["PARSER", "PARTS", "upload"]

PARTS = 32  # files of one request
_FIELD = "files"
_NOT_FILES = ("An upload takes files alone, each in a part of a form with the name \"files\" and a "
              "file name.")
_INCOMPLETE = "The upload is incomplete: the end of the form is missing."
_NO_FORM = "This is not a form with files (multipart/form-data)."

_begun: ContextVar[list[str] | None] = ContextVar("begun", default=None)  # files of this request
_gradios_upload = route_utils.upload_fn
_Parser = route_utils.GradioMultiPartParser
_gradios = {name: getattr(_Parser, name) for name in (
    "__init__", "on_headers_finished", "on_part_data", "on_part_end", "parse")}


@functools.wraps(_Parser.__init__)
def _init(self: Any, headers: Any, stream: Any, **options: Any) -> None:
    _gradios["__init__"](self, headers, stream,
                         **{**options, "max_files": PARTS, "max_fields": PARTS})
    self.whole = False


@functools.wraps(_Parser.on_headers_finished)
def _on_headers_finished(self: Any) -> None:
    _gradios["on_headers_finished"](self)
    part = self._current_part
    if part.file is None:
        raise MultiPartException(_NOT_FILES)
    begun = _begun.get()
    if begun is not None:
        begun.append(part.file.file.name)
    note_on_disk(FILE_BYTES)
    if part.field_name != _FIELD:
        raise MultiPartException(_NOT_FILES)
    name = strip_invalid_filename_characters(Path(part.file.filename or "").name)
    if part.file.filename and name in ("", ".", ".."):
        raise MultiPartException("A file cannot have this name; give it another.")


@functools.wraps(_Parser.on_part_data)
def _on_part_data(self: Any, data: bytes, start: int, end: int) -> None:
    _check_file(self)
    _gradios["on_part_data"](self, data, start, end)


@functools.wraps(_Parser.on_part_end)
def _on_part_end(self: Any) -> None:
    _check_file(self)
    _gradios["on_part_end"](self)


@functools.wraps(_Parser.on_end)
def _on_end(self: Any) -> None:
    self.whole = True


@functools.wraps(_Parser.parse)
async def _parse(self: Any) -> FormData:
    form = await _gradios["parse"](self)
    if not self.whole:
        raise MultiPartException(_INCOMPLETE)
    return form


def _check_file(parser: Any) -> None:
    if parser._current_part.file is None:  # a part without any headers
        raise MultiPartException(_NOT_FILES)


def _utf8(_: Any) -> str:
    """Of names; a request could name an encoding that cannot be used."""
    return "utf-8"


PARSER: dict[str, Any] = {
    "__init__": _init, "on_headers_finished": _on_headers_finished, "on_part_data": _on_part_data,
    "on_part_end": _on_part_end, "on_end": _on_end, "parse": _parse,
    "_charset": property(_utf8, lambda parser, _: None),
}
"""What takes the place of Gradio's, so that its parser of forms takes few parts, all of them files
in their field, and notes which files it began."""


@functools.wraps(_gradios_upload)
async def upload(request: Any, *arguments: Any, **options: Any) -> Any:
    """Gradio's reading of an upload; if it ends badly, nothing of it stays on the disk.

    Raises:
        MultiPartException, HTTPException: one sentence for the visitor.
    """
    begun: list[str] = []
    before = _begun.set(begun)
    try:
        answer = await _gradios_upload(request, *arguments, **options)
    except BaseException as error:
        _remove(begun)
        raise _for_visitor(error) from None
    finally:
        _begun.reset(before)
    moved_later = set(answer[1])
    _remove([path for path in begun if path not in moved_later])
    return answer


def _remove(paths: list[str]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):  # it has been moved to its place
            os.unlink(path)


def _for_visitor(error: BaseException) -> BaseException:
    """What the visitor reads instead of an error."""
    if isinstance(error, ClientDisconnect):
        return HTTPException(400, "The upload broke off.")
    if isinstance(error, MultiPartException):
        if "exceeded maximum allowed size of" in error.message and "File" in error.message:
            return MultiPartException(
                "A file is over the maximum allowed size; the page says how large one may be.")
        return error
    if isinstance(error, OSError):
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        return HTTPException(507 if full else 400,
                             "There is no room for uploads now; try again later." if full else
                             "A file could not be kept; give it another name.")
    if isinstance(error, ValueError | TypeError | LookupError | AssertionError):
        return MultiPartException(_NO_FORM)
    return error
