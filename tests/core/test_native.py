"""What native code raises reaches whoever waits for it."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from core.literature.text import embedding
from core.native import panics_as_errors


class PanicException(BaseException):  # noqa: N818  as pyo3 names what Rust's panics become
    """A BaseException, as those of tokenizers and safetensors."""


def _caught(error: BaseException) -> BaseException | None:
    try:
        with panics_as_errors("The tokenizer"):
            raise error
    except BaseException as found:
        return found


@pytest.mark.parametrize("error", [PanicException(), SystemExit(1)], ids=["panic", "exit"])
def test_a_panic_is_one_sentence(error: BaseException) -> None:
    found = _caught(error)
    assert type(found) is RuntimeError and str(found) == "The tokenizer failed inside a library."
    assert found.__cause__ is error


@pytest.mark.parametrize("error", [ValueError("a"), MemoryError(), GeneratorExit()], ids=repr)
def test_what_python_knows_stays_as_it_is(error: BaseException) -> None:
    assert _caught(error) is error


def test_an_interrupt_is_somebody_s_wish_in_the_main_thread_alone() -> None:
    interrupt, found = KeyboardInterrupt(), []
    assert _caught(interrupt) is interrupt
    thread = threading.Thread(target=lambda: found.append(_caught(interrupt)))
    thread.start()
    thread.join()
    assert type(found[0]) is RuntimeError


def test_a_panic_of_the_embedding_is_an_error_and_the_next_text_is_embedded(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    class Model:
        def encode(self, *_: Any, **__: Any) -> None:
            raise PanicException("index out of bounds")

    with monkeypatch.context() as patch:
        patch.setattr(embedding, "_model", Model)
        for _ in range(2):  # the turn is free again
            with pytest.raises(RuntimeError, match="The embedding model failed"):
                embedding.embed(["dark matter"])
    assert embedding.embed(["dark matter"]).shape == (1, embedding.DIMENSION)
