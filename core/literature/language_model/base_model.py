"""The model under the adapter: the embedded Gemma, or any causal model of the Hub."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.literature.language_model.embedded_model import EMBEDDED, embedded_copy

if TYPE_CHECKING:
    import torch

__all__ = ["load_base"]


def load_base(
    name: str = EMBEDDED, *, dtype: torch.dtype | None = None, four_bit: bool = False,
    device: str = "cuda",
) -> tuple[Any, Any]:
    """Open a causal language model and its tokenizer.

    Args:
        name: :data:`core.literature.language_model.embedded_model.EMBEDDED`, a local folder, or an
            id on the Hub.
        dtype: of its weights; float32 by default.
        four_bit: quantise by bitsandbytes; the embedded model is never quantised again.
        device: of a quantised model, which goes there while it is read.

    Returns:
        (model in eval mode, tokenizer), of transformers.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig

    options: dict[str, Any] = {"dtype": dtype or torch.float32}
    if name == EMBEDDED:
        name = str(embedded_copy())
    elif four_bit:
        options["quantization_config"] = BitsAndBytesConfig(
            load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=torch.bfloat16,
        )
        options |= {"dtype": torch.bfloat16, "device_map": {"": device}}
    tokenizer = AutoTokenizer.from_pretrained(name)
    model = AutoModelForCausalLM.from_pretrained(name, use_safetensors=True, **options)
    return model.eval(), tokenizer
