"""The embedded model in llama.cpp, in this process: fastest on a CPU.

llama.cpp comes as xllamacpp with its own server, which runs several texts at once in one batch. It
also opens a port on 127.0.0.1: a random key closes that to others, and only the tokenizer, which
has no other door, is asked through it. Prompts go in as numbers of tokens, so that no text can
spell a control token.

The likelihood of a text that is given: a grammar of token numbers leaves the sampler no choice, and
the probabilities reported are those before the grammar.
"""

from __future__ import annotations

import contextlib
import json
import math
import secrets
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from core.literature.language_model.backends.backend import (
    TOP_K,
    TOP_P,
    Backend,
    check_room,
    cpu_threads,
)
from core.literature.language_model.backends.pump import pump
from core.literature.language_model.prompts import STOPS

__all__ = ["LlamaCpp"]

CONTEXT = 4096
STREAMS = 4
SILENT = -1  # verbosity
EVERY_TOKEN = 1 << 20
TOKENIZE_SECONDS = 60.0

NOTHING = {"choices": [{"text": ""}]}

Piece = tuple[int, bool]
"""A token and whether it is less than a character."""


class LlamaCpp(Backend):
    """A GGUF model with or without an adapter. See
    :class:`core.literature.language_model.backends.Backend`.

    Args:
        model: GGUF file.
        adapter: GGUF file of a LoRA adapter.
        context: tokens that a prompt and its answer may have together.
        streams: texts that are written at the same time; more wait.
        threads: of the CPU; by default all that this process has, at most 8.

    Raises:
        RuntimeError: if the model cannot be loaded.
    """

    name = "llama.cpp"

    def __init__(
        self,
        model: Path,
        adapter: Path | None = None,
        *,
        context: int = CONTEXT,
        streams: int = STREAMS,
        threads: int | None = None,
    ) -> None:
        import xllamacpp

        self.context = context
        self._key = secrets.token_urlsafe(32)
        parameters = xllamacpp.CommonParams()
        parameters.model.path = str(model)
        parameters.n_ctx = context * streams
        parameters.n_parallel = streams
        parameters.n_batch = 512  # cancelled() is heard between batches of the prompt
        parameters.cpuparams.n_threads = threads or cpu_threads()
        parameters.cpuparams_batch.n_threads = threads or cpu_threads()
        parameters.swa_full = True  # so that any beginning of a text can be used again
        parameters.cache_ram_mib = 0
        parameters.n_ctx_checkpoints = 0
        parameters.api_keys = [self._key]
        parameters.ui = False
        parameters.endpoint_slots = False
        parameters.verbosity = SILENT
        if adapter is not None:
            lora = xllamacpp.CommonAdapterLoraInfo()
            lora.path, lora.scale = str(adapter), 1.0
            parameters.lora_adapters = [lora]
        try:
            self._server = xllamacpp.Server(parameters)
        except Exception as error:
            raise RuntimeError(f"llama.cpp could not load {model.name}: {error}.") from error
        self._open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open

    @classmethod
    def load(cls, folder: Path | None = None, device: str | None = None) -> LlamaCpp:
        """The embedded model.

        Args:
            folder: of the adapter (:mod:`core.literature.language_model.adapter`); None for none.
            device: taken, as by all models; this one runs on the CPU.

        Raises:
            ValueError: if the adapter was trained on another base.
        """
        from core.literature.language_model.adapter import gguf_adapter
        from core.literature.language_model.embedded_model import embedded_file

        return cls(embedded_file(), None if folder is None else gguf_adapter(folder))

    def stream(
        self, prompt: str, *, max_tokens: int, temperature: float = 0.0, seed: int = 0,
        stop: Sequence[str] = STOPS, cancelled: Callable[[], bool] | None = None,
    ) -> Iterator[str]:  # fmt: skip
        """Write on from a prompt; see
        :meth:`core.literature.language_model.backends.Backend.stream`.

        The same call writes the same text as long as it is alone; beside others the sums are made
        in another order, and a choice between two near-equal words can fall the other way.
        """
        tokens = self._tokens(prompt)
        check_room(len(tokens), max_tokens, self.context)
        request = {
            "prompt": tokens, "n_predict": max_tokens, "stream": True, "return_progress": True,
            "temperature": temperature, "seed": seed, "top_k": TOP_K, "top_p": TOP_P, "min_p": 0.0,
            "stop": list(stop), "cache_prompt": True,
        }  # fmt: skip

        def produce(take: Callable[[Any], bool]) -> None:
            # the prompt first, so that the answer goes on from the same stored state whether the
            # prompt was read before (by first_token, or for another try) or not
            if not self._read(tokens, take):
                self._server.handle_completions(request, take)

        chunks = pump(produce, cancelled, daemon=False)
        with contextlib.closing(chunks):
            for chunk in chunks:
                text = _choice(chunk)["text"]
                if text:
                    yield text

    def log_likelihoods(
        self, prompt: str, continuations: Sequence[str]
    ) -> list[tuple[float, int]]:
        """See :meth:`core.literature.language_model.backends.Backend.log_likelihoods`."""
        pieces = [self._pieces(text, special=False) for text in continuations]
        if not all(pieces):
            raise ValueError("A continuation is empty; give at least one character.")
        before = self._tokens(prompt)
        check_room(len(before), max(map(len, pieces), default=1), self.context)
        # the prompt first, so that all continuations go on from the same stored state
        self._complete({"prompt": before, "n_predict": 0})
        return [(self._log_likelihood(before, these), len(these)) for these in pieces]

    def count_tokens(self, text: str) -> int:
        """See :meth:`core.literature.language_model.backends.Backend.count_tokens`."""
        return len(self._tokens(text))

    def _log_likelihood(self, before: list[int], pieces: Sequence[Piece]) -> float:
        """ln p of these pieces after the tokens ``before``."""
        tokens = [token for token, _ in pieces]
        if not any(single for _, single in pieces):
            return self._forced(before, tokens)
        total = 0.0
        for at, (token, single) in enumerate(pieces):
            so_far = before + tokens[:at]
            total += self._of_byte(so_far, token) if single else self._forced(so_far, [token])
        return total

    def _forced(self, before: list[int], tokens: Sequence[int]) -> float:
        """ln p of tokens that are whole characters: a grammar that lets nothing else through."""
        answer = self._complete(
            {
                "prompt": before, "n_predict": len(tokens), "n_probs": 1, "temperature": 0.0,
                "grammar": "root ::= " + " ".join(f"<[{token}]>" for token in tokens),
            }  # fmt: skip
        )
        found = _choice(answer)["logprobs"]["content"]
        if [token["id"] for token in found] != list(tokens):
            raise RuntimeError("llama.cpp did not follow the tokens that it was given.")
        return math.fsum(token["logprob"] for token in found)

    def _of_byte(self, before: list[int], token: int) -> float:
        """ln p of a token that is a part of a character, which no grammar accepts.

        Looked up among all, while a token that is whole is drawn: only then are they reported.
        """
        answer = self._complete(
            {
                "prompt": before, "n_predict": 1, "n_probs": EVERY_TOKEN, "temperature": 0.0,
                "logit_bias": [[self._tokens("a", special=False)[0], 1e4]],
            }  # fmt: skip
        )
        found = _choice(answer)["logprobs"]["content"][0]["top_logprobs"]
        return next(float(other["logprob"]) for other in found if other["id"] == token)

    def _read(self, tokens: Sequence[int], take: Callable[[Any], bool]) -> bool:
        """Read a prompt into the store, and return whether it was stopped in between."""
        stopped = False

        def progress(chunk: Any) -> bool:
            nonlocal stopped
            stopped = stopped or take(chunk if "error" in chunk else NOTHING)
            return stopped

        self._server.handle_completions(
            {
                "prompt": tokens, "n_predict": 0, "stream": True, "return_progress": True,
                "cache_prompt": True,
            },  # fmt: skip
            progress,
        )
        return stopped

    def _complete(self, request: dict[str, Any]) -> Any:
        return self._server.handle_completions({**request, "cache_prompt": True})

    def _tokens(self, text: str, *, special: bool = True) -> list[int]:
        return [token for token, _ in self._pieces(text, special=special)]

    def _pieces(self, text: str, *, special: bool) -> list[Piece]:
        """The text's tokens; ``special`` puts the mark of a beginning before them."""
        body = {
            "content": text, "add_special": special, "parse_special": False, "with_pieces": True
        }  # fmt: skip
        request = urllib.request.Request(
            f"{self._server.listening_address}/tokenize", json.dumps(body).encode(),
            {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"},
        )  # fmt: skip
        try:
            with self._open(request, timeout=TOKENIZE_SECONDS) as reply:
                pieces = json.load(reply)["tokens"]
            return [(piece["id"], not isinstance(piece["piece"], str)) for piece in pieces]
        except (OSError, ValueError, KeyError) as error:
            raise RuntimeError(f"llama.cpp could not split a text into tokens: {error}.") from error


def _choice(chunk: Any) -> Any:
    """The one choice of an answer in OpenAI's form.

    Raises:
        RuntimeError: if it is an error.
    """
    if "error" in chunk:
        raise RuntimeError(f"llama.cpp could not answer: {chunk['error'].get('message', chunk)}.")
    return chunk["choices"][0]
