"""The model on an OpenAI-compatible server, such as vLLM with the adapter.

vLLM: ``vllm serve google/gemma-3-270m --enable-lora --lora-modules cosmogemma=FOLDER`` with the
folder that :func:`core.literature.language_model.adapter.export_peft` writes (docs/scale.md). The
completions route does it all: the likelihood of a given text comes from its echo with
log-probabilities. A server that is busy is waited for, as long as it asks and no longer than a
minute.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from core.literature.language_model.backends.backend import TOP_P, Backend, check_room
from core.literature.language_model.backends.pump import POLL_SECONDS, pump
from core.literature.language_model.backends.retry import (
    PATIENCE_SECONDS,
    asked_to_wait,
    sleep,
    with_retry,
)
from core.literature.language_model.prompts import STOPS
from core.settings import get_settings

T = TypeVar("T")

__all__ = ["Server"]

CONTEXT = 4096
CONNECT_SECONDS = 5.0
SILENCE_SECONDS = 60.0
"""Longest wait for a next piece."""


class Server(Backend):
    """A model behind an address. See :class:`core.literature.language_model.backends.Backend`.

    Args:
        address: base URL, ending in /v1.
        model: its name there.
        key: if the server asks for one.
        silence: seconds without a byte after which the server is given up.
        patience: seconds that a busy server is waited for.

    Raises:
        RuntimeError: if the server does not answer or does not have the model.
    """

    name = "server"

    def __init__(
        self, address: str, model: str, key: str | None = None, *,
        silence: float = SILENCE_SECONDS, patience: float = PATIENCE_SECONDS,
    ) -> None:  # fmt: skip
        import openai

        self._address, self._model, self._patience = address, model, patience
        self._client = openai.OpenAI(
            base_url=address, api_key=key or "none", max_retries=0,
            timeout=openai.Timeout(silence, connect=CONNECT_SECONDS),
        )  # fmt: skip
        with self._errors():
            models = {m.id: m for m in self._call(lambda: list(self._client.models.list()))}
        if model not in models:
            raise RuntimeError(
                f"The server at {address} has no model {model}; COSMODESK_LLM_MODEL can be "
                f"{', '.join(sorted(models)) or 'none'}."
            )
        length = getattr(models[model], "max_model_len", None)  # vLLM tells, others do not
        self.context = length if isinstance(length, int) else CONTEXT

    @classmethod
    def from_settings(cls) -> Server:
        """The server of COSMODESK_LLM_SERVER.

        Raises:
            ValueError: if none is set.
        """
        settings = get_settings()
        if not settings.llm_server:
            raise ValueError("Set COSMODESK_LLM_SERVER to the server's address, ending in /v1.")
        key = settings.llm_key.get_secret_value() if settings.llm_key else None
        return cls(settings.llm_server, settings.llm_model, key)

    def stream(
        self, prompt: str, *, max_tokens: int, temperature: float = 0.0, seed: int = 0,
        stop: Sequence[str] = STOPS, cancelled: Callable[[], bool] | None = None,
    ) -> Iterator[str]:  # fmt: skip
        """See :meth:`core.literature.language_model.backends.Backend.stream`.

        Raises:
            RuntimeError: if the server is silent for too long or answers with an error.
        """
        check_room(self.count_tokens(prompt), max_tokens, self.context)

        def produce(take: Callable[[Any], bool]) -> None:
            def wait(seconds: float) -> bool:
                end = time.monotonic() + seconds
                while time.monotonic() < end and not take(""):  # an empty piece: is anybody there?
                    time.sleep(POLL_SECONDS)
                return not take("")

            with self._errors():
                chunks = with_retry(
                    lambda: self._client.completions.create(
                        model=self._model, prompt=prompt, max_tokens=max_tokens,
                        temperature=temperature, seed=seed, stop=[s for s in stop if s] or None,
                        top_p=TOP_P, stream=True,
                    ),
                    self._patience, wait,
                )  # fmt: skip
                if chunks is None:
                    return
                with chunks:
                    for chunk in chunks:
                        if take(chunk.choices[0].text if chunk.choices else ""):
                            return

        pieces = pump(produce, cancelled)
        with contextlib.closing(pieces):
            yield from filter(None, pieces)

    def log_likelihoods(
        self, prompt: str, continuations: Sequence[str]
    ) -> list[tuple[float, int]]:
        """See :meth:`core.literature.language_model.backends.Backend.log_likelihoods`."""
        if not all(continuations):
            raise ValueError("A continuation is empty; give at least one character.")
        if not continuations:
            return []
        with self._errors():
            prompts = [prompt, *(prompt + text for text in continuations)]
            answer = self._call(lambda: self._client.completions.create(
                model=self._model, prompt=prompts, max_tokens=0, echo=True, logprobs=1,
                temperature=0.0,
            ))  # fmt: skip
        choices = sorted(answer.choices, key=lambda choice: choice.index)
        tokens = [list(c.logprobs.token_logprobs or []) if c.logprobs else [] for c in choices]
        start = len(tokens[0])
        if start == 0 or len(tokens) != len(continuations) + 1:
            raise RuntimeError(
                f"The server at {self._address} does not echo log-probabilities, which multiple "
                "choice needs; vLLM does."
            )
        return [(math.fsum(p or 0.0 for p in t[start:]), len(t) - start) for t in tokens[1:]]

    def count_tokens(self, text: str) -> int:
        """See :meth:`core.literature.language_model.backends.Backend.count_tokens`.

        By vLLM's tokenize route; other servers are made to read the text and say how long it was.
        """
        import openai

        route = f"{self._address.rstrip('/').removesuffix('/v1')}/tokenize"
        with self._errors():
            try:
                body = {"model": self._model, "prompt": text}
                answer: Any = self._call(
                    lambda: self._client.post(route, body=body, cast_to=object)
                )
                return int(answer["count"])
            except (openai.NotFoundError, openai.BadRequestError, KeyError, TypeError):
                read = self._call(lambda: self._client.completions.create(
                    model=self._model, prompt=text, max_tokens=1, temperature=0.0
                ))  # fmt: skip
                return read.usage.prompt_tokens if read.usage else len(text) // 3

    def _call(self, call: Callable[[], T]) -> T:
        """A call that nobody leaves before it has its answer."""
        answer = with_retry(call, self._patience, sleep)
        assert answer is not None
        return answer

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        """Errors of the client as one sentence each."""
        import openai

        try:
            yield
        except openai.APITimeoutError as error:
            raise RuntimeError(f"The server at {self._address} did not answer in time.") from error
        except openai.APIConnectionError as error:
            raise RuntimeError(f"The server at {self._address} cannot be reached.") from error
        except openai.RateLimitError as error:
            asked = asked_to_wait(error.response.headers)
            when = f"in {math.ceil(asked)} s" if asked and asked < 86400 else "later"
            raise RuntimeError(
                f"The server at {self._address} has too many requests; ask again {when}."
            ) from error
        except openai.APIStatusError as error:
            raise RuntimeError(
                f"The server at {self._address} answered with an error: {error.message}."
            ) from error
        except openai.APIError as error:
            raise RuntimeError(
                f"The server at {self._address} broke off: {error.message}."
            ) from error
