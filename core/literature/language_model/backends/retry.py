"""Calls to a busy server: wait as long as it asks for, then call again."""

from __future__ import annotations

import email.utils
import math
import random
import time
from collections.abc import Callable, Mapping
from typing import TypeVar

T = TypeVar("T")

__all__ = ["PATIENCE_SECONDS", "asked_to_wait", "with_retry", "sleep"]

PATIENCE_SECONDS = 60.0
"""Longest that an answer is waited for in all, before its first piece."""

_BUSY = (429, 502, 503, 504)  # too many requests; a proxy before a server that starts or restarts
_FIRST_SECONDS, _LONGEST_SECONDS = 0.5, 8.0


def sleep(seconds: float) -> bool:
    """Wait; true, since nobody leaves in between."""
    time.sleep(seconds)
    return True


def asked_to_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds that an answer's Retry-After asks for: a number or a date; None if it does not."""
    text = headers.get("retry-after", "").strip()
    try:
        seconds = float(text)
    except ValueError:
        try:
            seconds = email.utils.parsedate_to_datetime(text).timestamp() - time.time()
        except (TypeError, ValueError):
            return None
    return max(seconds, 0.0) if not math.isnan(seconds) else None


def with_retry(
    call: Callable[[], T], patience: float = PATIENCE_SECONDS, wait: Callable[[float], bool] = sleep
) -> T | None:
    """Call, and call again while the server is busy (429, or not up yet).

    A server that cannot be reached or has an error of its own is called once more; one that is
    silent for too long is not.

    Args:
        call: of the openai client, which must not retry by itself.
        patience: seconds to wait in all. A server that asks for more is not waited for.
        wait: waits so many seconds; false if the answer is not wanted any more.

    Returns:
        What the call returned; None if it is not wanted any more.

    Raises:
        openai.APIError: of the last call.
    """
    import openai

    waited, attempt, once_more = 0.0, 0, True
    while True:
        try:
            return call()
        except openai.APITimeoutError:
            raise
        except openai.APIStatusError as error:
            asked = asked_to_wait(error.response.headers)
            if error.status_code not in _BUSY:
                if error.status_code < 500 or not once_more:
                    raise
                once_more = False
            # not all at the same moment again
            pause = min(_FIRST_SECONDS * 2**attempt, _LONGEST_SECONDS) * random.uniform(0.75, 1.25)
            pause = pause if asked is None else asked
            if waited + pause > patience:
                raise
        except openai.APIConnectionError:
            if not once_more:
                raise
            once_more, pause = False, _FIRST_SECONDS
        attempt += 1
        waited += pause
        if not wait(pause):
            return None
