"""The model in transformers: for any base of the Hub, for GPUs, and without llama.cpp."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.device import chosen_device
from core.literature.language_model.backends.backend import (
    TOP_K,
    TOP_P,
    Backend,
    check_room,
    cpu_threads,
)
from core.literature.language_model.backends.stops import StopCutter
from core.literature.language_model.prompts import STOPS

if TYPE_CHECKING:
    import torch
    from torch import Tensor

__all__ = ["Transformers"]

CONTEXT = 4096
BATCH = 8
UNFINISHED = "\N{REPLACEMENT CHARACTER}"


class Transformers(Backend):
    """A causal model of transformers. See :class:`core.literature.language_model.backends.Backend`.

    Args:
        model: with its adapter merged or attached, in eval mode.
        tokenizer: of the model, a fast one.
        context: tokens that a prompt and its answer may have together.
    """

    name = "transformers"

    def __init__(self, model: Any, tokenizer: Any, *, context: int = CONTEXT) -> None:
        self.context = min(context, model.config.get_text_config().max_position_embeddings)
        self._model, self._tokenizer = model, tokenizer
        ends = model.generation_config.eos_token_id
        ends = [ends] if isinstance(ends, int) else list(ends or [])
        self._ends = {*ends, tokenizer.eos_token_id} - {None}

    @classmethod
    def load(cls, folder: Path | None = None, device: str | None = None) -> Transformers:
        """The base that the adapter names (the embedded one without an adapter).

        On a GPU a base of the Hub is quantised to 4 bits, the adapter stays beside it; else the
        adapter is merged into the weights.

        Args:
            folder: of the adapter; None for none.
            device: of torch; by default as the settings say.

        Raises:
            ValueError: if the adapter does not fit its base.
            RuntimeError: if the base cannot be loaded.
        """
        import torch

        from core.literature.language_model.adapter import attach, load_adapter
        from core.literature.language_model.base_model import load_base
        from core.literature.language_model.embedded_model import EMBEDDED

        device = chosen_device(device)
        tensors, config = (None, None) if folder is None else load_adapter(folder)
        base = EMBEDDED if config is None else config.base
        four_bit = base != EMBEDDED and device.startswith("cuda")
        dtype = torch.float32 if device == "cpu" else torch.bfloat16
        if device == "cpu":
            torch.set_num_threads(cpu_threads())
        try:
            model, tokenizer = load_base(base, dtype=dtype, four_bit=four_bit, device=device)
        except OSError as error:
            raise RuntimeError(f"The model {base} could not be loaded: {error}") from error
        if config is not None:
            model = attach(model, config, tensors)
            if not four_bit:
                model = model.merge_and_unload()
        return cls(model if four_bit else model.to(device), tokenizer)

    @property
    def device(self) -> str:
        """Where the model is, such as "cpu" or "cuda:0"."""
        return str(self._model.device)

    def stream(
        self, prompt: str, *, max_tokens: int, temperature: float = 0.0, seed: int = 0,
        stop: Sequence[str] = STOPS, cancelled: Callable[[], bool] | None = None,
    ) -> Iterator[str]:  # fmt: skip
        """See :meth:`core.literature.language_model.backends.Backend.stream`."""
        tokens = self._tokens(prompt)
        check_room(len(tokens), max_tokens, self.context)
        cutter, written, shown = StopCutter(stop), list[int](), 0
        for token in self._draw(tokens, max_tokens, temperature, seed):
            if cancelled is not None and cancelled():
                return
            written.append(token)
            text = self._tokenizer.decode(written, skip_special_tokens=True)
            if text.endswith(UNFINISHED):  # bytes of a character that is not whole yet
                continue
            piece = cutter.add(text[shown:])
            shown = len(text)
            if piece:
                yield piece
            if cutter.stopped:
                return
        if rest := cutter.rest():
            yield rest

    def log_likelihoods(
        self, prompt: str, continuations: Sequence[str]
    ) -> list[tuple[float, int]]:
        """See :meth:`core.literature.language_model.backends.Backend.log_likelihoods`."""
        tokens = [self._tokens(text, special=False) for text in continuations]
        if not all(tokens):
            raise ValueError("A continuation is empty; give at least one character.")
        before = self._tokens(prompt)
        check_room(len(before), max(map(len, tokens), default=1), self.context)
        found: list[tuple[float, int]] = []
        for start in range(0, len(tokens), BATCH):
            batch = tokens[start : start + BATCH]
            sums = self._sums(before, batch)
            found += [(value, len(these)) for value, these in zip(sums, batch, strict=True)]
        return found

    def count_tokens(self, text: str) -> int:
        """See :meth:`core.literature.language_model.backends.Backend.count_tokens`."""
        return len(self._tokens(text))

    def _draw(
        self, tokens: Sequence[int], most: int, temperature: float, seed: int
    ) -> Iterator[int]:
        """Tokens of an answer up to its end."""
        import torch

        device = self._model.device
        generator = torch.Generator(device).manual_seed(seed)
        step, cache = torch.tensor([list(tokens)], device=device), None
        for _ in range(most):
            with torch.inference_mode():
                out = self._model(
                    input_ids=step, past_key_values=cache, use_cache=True, logits_to_keep=1
                )
                cache = out.past_key_values
                token = _choose(out.logits[0, -1].float(), temperature, generator)
                step = token.view(1, 1)
            if int(token) in self._ends:
                return
            yield int(token)

    def _sums(self, before: Sequence[int], batch: Sequence[Sequence[int]]) -> list[float]:
        """Sum of ln p of each continuation; only their positions go through the large head."""
        import torch

        length = len(before) + max(map(len, batch))
        ids = torch.zeros(len(batch), length, dtype=torch.long)
        mask, wanted = torch.zeros_like(ids), torch.zeros_like(ids, dtype=torch.bool)
        for row, these in enumerate(batch):
            end = len(before) + len(these)
            ids[row, :end] = torch.tensor([*before, *these])
            mask[row, :end] = 1
            wanted[row, len(before) - 1 : end - 1] = True
        device = self._model.device
        with torch.inference_mode():
            hidden = self._decoder()(
                input_ids=ids.to(device), attention_mask=mask.to(device), use_cache=False
            ).last_hidden_state
            logits = self._model.get_output_embeddings()(hidden[wanted.to(device)]).float()
            cap = getattr(self._model.config.get_text_config(), "final_logit_softcapping", None)
            if cap:
                logits = cap * torch.tanh(logits / cap)
            targets = torch.tensor([t for these in batch for t in these], device=device)
            chosen = logits.log_softmax(-1).gather(1, targets[:, None])[:, 0].cpu()
        return [float(part.sum()) for part in chosen.split([len(these) for these in batch])]

    def _decoder(self) -> Any:
        model = self._model
        return (model.get_base_model() if hasattr(model, "peft_config") else model).get_decoder()

    def _tokens(self, text: str, special: bool = True) -> list[int]:
        # split: no text can spell a control token
        found = self._tokenizer(text, add_special_tokens=special, split_special_tokens=True)
        return list(found["input_ids"])


def _choose(logits: Tensor, temperature: float, generator: torch.Generator) -> Tensor:
    """The likeliest token, or one drawn from the likeliest ``TOP_K`` that hold ``TOP_P``."""
    import torch

    if temperature <= 0:
        return logits.argmax()
    values, tokens = logits.topk(TOP_K)  # sorted, the likeliest first
    before = (p := values.softmax(-1)).cumsum(-1) - p
    values = (values / temperature).masked_fill(before >= TOP_P, -math.inf)
    return tokens[torch.multinomial(values.softmax(-1), 1, generator=generator)[0]]
