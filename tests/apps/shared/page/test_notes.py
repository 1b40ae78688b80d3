"""Messages in a page."""

from __future__ import annotations

import logging

import pytest

from apps.shared.compute.requests import RequestCancelledError
from apps.shared.page import notes

_log = logging.getLogger(__name__)


def test_what_was_expected_says_itself_and_what_was_not_goes_to_the_log(
    caplog: pytest.LogCaptureFixture
) -> None:
    assert "No &lt;day&gt;." in notes.failure(ValueError("No <day>."), "Failed.", _log)
    assert not caplog.records
    said = notes.failure(KeyError("secret"), "Failed; see the server log.", _log)
    assert "see the server log" in said and "secret" not in said
    assert "KeyError: 'secret'" in caplog.text


def test_of_what_was_called_off_there_is_nothing_to_say(caplog: pytest.LogCaptureFixture) -> None:
    assert notes.failure(RequestCancelledError("Nobody waits."), "Failed.", _log) == ""
    assert not caplog.records
