"""The LoRA adapter of CosmoGemma, and its forms for llama.cpp, vLLM and peft.

Its folder (core/weights/cosmogemma) holds the tensors by peft's names without their prefix, such as
``layers.0.self_attn.q_proj.lora_A.weight`` (rank, inputs) and ``...lora_B.weight`` (outputs, rank).
The weight that an adapter adds is alpha / rank * B A. llama.cpp reads a GGUF file of the same
tensors, vLLM and peft a folder in peft's form, which this writes::

    python -m core.literature.language_model.adapter cosmogemma FOLDER

Paper: Hu et al. 2021 (2106.09685).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import tempfile
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.checksums import file_sha256, matches_checksum, record_checksum
from core.files import write_whole
from core.literature.language_model.embedded_model import EMBEDDED, embedded_sha256
from core.settings import get_settings
from core.weights import load_model, model_folder

if TYPE_CHECKING:
    from torch import Tensor

__all__ = [
    "CosmoGemmaConfig",
    "TARGETS",
    "attach",
    "check_base",
    "export_peft",
    "gguf_adapter",
    "load_adapter",
    "tensors_of",
]

HUB_NAME = "google/gemma-3-270m"
"""The embedded model's name where vLLM and peft look for it."""

PREFIX = "base_model.model.model."
ARCHITECTURE = "gemma3"
GGUF_NAMES = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
TARGETS = tuple(name.partition(".")[2] for name in GGUF_NAMES)
"""Names of the layers of Gemma that an adapter adds to."""
_NAME = re.compile(r"layers\.(\d+)\.(\w+\.\w+)\.lora_([AB])\.weight")


@dataclass(frozen=True)
class CosmoGemmaConfig:
    """What an adapter belongs to.

    Attributes:
        base: :data:`core.literature.language_model.embedded_model.EMBEDDED`, or a folder or an id
            on the Hub.
        base_sha256: of the embedded model's file; empty for any other base.
        rank: of the adapter.
        alpha: what it adds is scaled by alpha / rank.
        targets: names of the layers it adds to, such as "q_proj".
        yes_bias: added to ln p("Yes") - ln p("No") where an answer read off passages begins with
            one of them, so that neither is favoured.
        prior_weight: how much of the same log-odds without the passages is taken off before
            that: what the question alone suggests (contextual calibration, 2102.09690).
        quiz_temperature: divides the scores of a multiple-choice question's options, so that the
            probabilities are honest; measured likewise.
    """

    base: str
    base_sha256: str
    rank: int
    alpha: float
    targets: tuple[str, ...]
    yes_bias: float = 0.0
    prior_weight: float = 0.0
    quiz_temperature: float = 1.0


def load_adapter(folder: Path) -> tuple[dict[str, Tensor], CosmoGemmaConfig]:
    """Tensors and configuration of an adapter, the base checked if it is the embedded one.

    Raises:
        ValueError: if a file is damaged or the base is not the one that it was trained on.
    """
    tensors, config = load_model(Path(folder), CosmoGemmaConfig)
    check_base(config)
    return tensors, config


def check_base(config: CosmoGemmaConfig) -> None:
    """Raise if the embedded model is not the one that the adapter was trained on.

    Raises:
        ValueError: in one sentence. A base that is not the embedded one is not checked.
    """
    if config.base == EMBEDDED and config.base_sha256 != embedded_sha256():
        raise ValueError(
            f"The adapter was trained on another {EMBEDDED} than the installed package has; "
            "install the version in requirements.txt."
        )


def attach(
    model: Any,
    config: CosmoGemmaConfig,
    tensors: dict[str, Tensor] | None = None,
    *,
    trainable: bool = False,
) -> Any:
    """Put an adapter on a model of transformers.

    Args:
        model: as :func:`core.literature.language_model.base_model.load_base` gives it; it is
            changed in place.
        config: of the adapter.
        tensors: of the adapter; None for a fresh one, which adds nothing yet.
        trainable: keep the adapter in float32 with gradients; else in the model's own dtype.

    Returns:
        The peft model, in training mode if it is trainable.

    Raises:
        ValueError: if names or shapes are not those of this model's layers.
    """
    from peft import get_peft_model, set_peft_model_state_dict

    with warnings.catch_warnings():  # of transformers, about a name that peft still uses
        warnings.simplefilter("ignore", FutureWarning)
        whole = get_peft_model(model, _lora_config(config), autocast_adapter_dtype=trainable)
    if tensors is not None:
        expected = {name: tuple(t.shape) for name, t in tensors_of(whole).items()}
        given = {name: tuple(t.shape) for name, t in tensors.items()}
        if given != expected:
            wrong = sorted(set(given.items()) ^ set(expected.items()))[0][0]
            raise ValueError(f"The adapter does not fit the model: {wrong} differs.")
        prefix = _prefix(whole)
        set_peft_model_state_dict(whole, {prefix + name: t for name, t in tensors.items()})
    if trainable:
        return whole.train()
    return whole.requires_grad_(False).eval()


def tensors_of(model: Any) -> dict[str, Tensor]:
    """The adapter's tensors of a peft model, by the names that the folder has."""
    from peft import get_peft_model_state_dict

    state = get_peft_model_state_dict(model, save_embedding_layers=False)
    return {name.rpartition(_prefix(model))[2]: tensor for name, tensor in state.items()}


def gguf_adapter(folder: Path) -> Path:
    """The adapter as a GGUF file for llama.cpp, converted once into the cache.

    Raises:
        ValueError: if a file is damaged, the adapter is for another base, or it has tensors that
            llama.cpp has no name for.
    """
    tensors, config = load_adapter(folder)
    if config.base != EMBEDDED:
        raise ValueError(
            f"The adapter is for {config.base}, which is not embedded; set "
            "COSMODESK_LLM_BACKEND=transformers, or COSMODESK_LLM_SERVER to a server that has it."
        )
    target = get_settings().cache / f"cosmogemma-{_adapter_sha256(folder, config)[:16]}.gguf"
    if matches_checksum(target):
        return target
    import gguf

    renamed = {_gguf_name(name): tensor for name, tensor in tensors.items()}
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch) / target.name
        writer = gguf.GGUFWriter(made, ARCHITECTURE)
        writer.add_string("general.type", "adapter")
        writer.add_string("adapter.type", "lora")
        writer.add_float32("adapter.lora.alpha", config.alpha)
        for name, tensor in renamed.items():
            writer.add_tensor(name, tensor.half().contiguous().numpy())
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        write_whole(target, made.read_bytes())
    record_checksum(target)
    return target


def export_peft(folder: Path, target: Path) -> Path:
    """Write the adapter in peft's form, which vLLM serves too (``--lora-modules``).

    Args:
        folder: of the adapter.
        target: folder to write adapter_model.safetensors and adapter_config.json into.

    Returns:
        ``target``.

    Raises:
        ValueError: if a file is damaged.
    """
    from safetensors.torch import save_file

    tensors, config = load_model(Path(folder), CosmoGemmaConfig)
    target = Path(target)
    target.mkdir(parents=True, exist_ok=True)
    lora = _lora_config(config)
    lora.inference_mode = True
    lora.base_model_name_or_path = HUB_NAME if config.base == EMBEDDED else config.base
    lora.save_pretrained(str(target))
    named = {PREFIX + name: tensor.contiguous() for name, tensor in tensors.items()}
    save_file(named, target / "adapter_model.safetensors", metadata={"format": "pt"})
    return target


def _adapter_sha256(folder: Path, config: CosmoGemmaConfig) -> str:
    described = json.dumps(asdict(config)) + file_sha256(Path(folder) / "model.safetensors")
    return hashlib.sha256(described.encode()).hexdigest()


def _lora_config(config: CosmoGemmaConfig) -> Any:
    from peft import LoraConfig

    return LoraConfig(
        r=config.rank, lora_alpha=config.alpha, target_modules=list(config.targets),  # type: ignore[arg-type]
        task_type="CAUSAL_LM",
    )  # fmt: skip


def _prefix(model: Any) -> str:
    """What stands before "layers." in the names of a peft model's adapter."""
    name = next(name for name, _ in model.named_parameters() if ".lora_A." in name)
    return PREFIX if name.startswith(PREFIX) else name.partition("layers.")[0]


def _gguf_name(name: str) -> str:
    match = _NAME.fullmatch(name)
    if match is None or match[2] not in GGUF_NAMES:
        raise ValueError(f"llama.cpp has no name for the adapter's {name}.")
    return f"blk.{match[1]}.{GGUF_NAMES[match[2]]}.weight.lora_{match[3].lower()}"


def main() -> None:
    """Export an adapter from the command line."""
    parser = argparse.ArgumentParser(description="Write an adapter in peft's form, for vLLM.")
    parser.add_argument("model", help="name or folder, such as cosmogemma")
    parser.add_argument("folder", type=Path, help="to write")
    given = parser.parse_args()
    print(export_peft(model_folder(given.model), given.folder))


if __name__ == "__main__":
    main()
