"""What a request may hold: short identifiers, values of bounded depth, whole characters.

Gradio keeps a session's id as it comes, in half a dozen places, and passes on whatever JSON can
hold; what cannot be written again ends a stream in the middle. Here a request that no page or
client would send is refused in one sentence before anything is kept.

Import it only where Gradio is imported anyway.
"""

from __future__ import annotations

import logging
from typing import Any

from fastapi.exceptions import RequestValidationError
from gradio import data_classes
from pydantic import ValidationError, field_validator, model_validator
from starlette.requests import Request
from starlette.responses import JSONResponse

from apps.shared.server.addresses import LONGEST, is_identifier

__all__ = ["HANDLERS", "CancelBody", "PredictBody", "ResetBody", "SimplePredictBody"]

DEEPEST = 48
"""Lists and objects within each other."""

_log = logging.getLogger(__name__)


def _identifier(value: str | None) -> str | None:
    if value is not None and not is_identifier(value):
        raise ValueError(f"an identifier has 1 to {LONGEST} printable characters")
    return value


def _bounded(value: Any) -> Any:
    """A value that can be written again; level by level, so that nesting costs no stack."""
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise ValueError(f"lists and objects may be {DEEPEST} deep")
        deeper: list[Any] = []
        for one in level:
            if isinstance(one, str):
                _whole(one)
            elif isinstance(one, dict):
                for name in one:
                    _whole(name)
                deeper += one.values()
            elif isinstance(one, list):
                deeper += [part for part in one if isinstance(part, str | list | dict)]
        level = deeper
    return value


def _whole(text: str) -> None:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise ValueError("a text holds half a character (a lone surrogate)") from None


class PredictBody(data_classes.PredictBody):
    """Data for an event, by its number or its name."""

    _ids = field_validator("session_hash", "event_id")(_identifier)
    _values = field_validator("data", "event_data")(_bounded)

    @model_validator(mode="after")
    def _as_one_visitor(self) -> PredictBody:
        self.batched = False  # only the queue makes batches
        self.oauth_token = None  # no page of ours takes one
        return self


class SimplePredictBody(data_classes.SimplePredictBody):
    """Data for an endpoint."""

    _ids = field_validator("session_hash")(_identifier)
    _values = field_validator("data")(_bounded)


class CancelBody(data_classes.CancelBody):
    """An event that is not wanted any more."""

    _ids = field_validator("session_hash", "event_id")(_identifier)


class ResetBody(data_classes.ResetBody):
    """An event that begins again."""

    _ids = field_validator("event_id")(_identifier)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    """Where a body is wrong and what would be right, without the body."""
    found = error.errors() if isinstance(error, RequestValidationError | ValidationError) else []
    sentence = "The request does not fit what this address takes."
    if found:
        first = found[0]
        where = ".".join(str(part)[:40] for part in first.get("loc", ())[:3])
        sentence = f"The request is wrong at {where or 'its body'}: {str(first['msg'])[:200]}."
    return JSONResponse({"detail": sentence}, 422)


async def _unfit(request: Request, error: Exception) -> JSONResponse:
    """Gradio stumbled over a request: one line for the log, one sentence for the caller."""
    _log.warning("%s %s was not understood: %s", request.method, request.url.path[:200],
                 type(error).__name__)
    return JSONResponse({"detail": "The request does not fit what this address takes."}, 400)


HANDLERS: dict[Any, Any] = {
    RequestValidationError: _invalid,
    ValidationError: _invalid,
    **dict.fromkeys(
        (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError,
         RuntimeError, OSError), _unfit),
}
"""Answers to what Gradio's own routes raise, by the class of the error."""
