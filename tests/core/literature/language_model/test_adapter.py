"""The adapter's folder, what others read, and the copy of the base for transformers."""

from __future__ import annotations

import shutil
from pathlib import Path

import gguf
import pytest
import torch

from core.checksums import file_sha256
from core.literature.language_model.adapter import (
    CosmoGemmaConfig,
    attach,
    export_peft,
    gguf_adapter,
    load_adapter,
    tensors_of,
)
from core.literature.language_model.base_model import load_base
from core.literature.language_model.embedded_model import EMBEDDED
from core.weights import load_model, save_model
from tests.core.literature.language_model.tiny_gemma import (
    LAYERS,
    SHAPES,
    TARGETS,
    Tiny,
    embedded_tiny,
    random_adapter,
)

IDS = torch.tensor([[2, 290, 298, 305, 316]])


def logits(model: object) -> torch.Tensor:
    with torch.inference_mode():
        return model(input_ids=IDS).logits  # type: ignore[operator]


def test_what_is_attached_comes_back(tiny: Tiny) -> None:
    with embedded_tiny(tiny.file):
        tensors, config = load_adapter(tiny.adapter)
        model, _ = load_base(EMBEDDED)
    before = logits(model)
    whole = attach(model, config, tensors)
    back = tensors_of(whole)
    assert back.keys() == tensors.keys() and len(back) == 2 * LAYERS * len(SHAPES)
    for name, tensor in tensors.items():
        torch.testing.assert_close(back[name], tensor, check_dtype=False, rtol=0, atol=0)
    assert not whole.training and not any(p.requires_grad for p in whole.parameters())
    assert (logits(whole) - before).abs().max() > 0.1


def test_a_fresh_adapter_learns_and_adds_nothing_yet(tiny: Tiny) -> None:
    with embedded_tiny(tiny.file):
        model, _ = load_base(EMBEDDED, dtype=torch.bfloat16)
    before = logits(model)
    whole = attach(model, CosmoGemmaConfig(EMBEDDED, "", 4, 8.0, TARGETS), trainable=True)
    trained = {n for n, p in whole.named_parameters() if p.requires_grad}
    assert trained and all(".lora_" in name for name in trained)
    assert all(t.dtype == torch.float32 for t in tensors_of(whole).values())
    torch.testing.assert_close(logits(whole.eval()), before)


def test_peft_reads_the_export(tiny: Tiny, tmp_path: Path) -> None:
    from peft import PeftModel

    with embedded_tiny(tiny.file):
        tensors, config = load_adapter(tiny.adapter)
        ours = attach(load_base(EMBEDDED)[0], config, tensors)
        base, _ = load_base(EMBEDDED)
    theirs = PeftModel.from_pretrained(base, str(export_peft(tiny.adapter, tmp_path / "peft")))
    torch.testing.assert_close(logits(theirs), logits(ours))


def test_the_file_for_llama_cpp(tiny: Tiny) -> None:
    with embedded_tiny(tiny.file):
        path = gguf_adapter(tiny.adapter)
        assert gguf_adapter(tiny.adapter) == path
        tensors, config = load_adapter(tiny.adapter)
    reader = gguf.GGUFReader(path)
    assert reader.fields["general.type"].contents() == "adapter"
    assert reader.fields["adapter.type"].contents() == "lora"
    assert reader.fields["adapter.lora.alpha"].contents() == config.alpha
    found = {tensor.name: tensor.data for tensor in reader.tensors}
    assert len(found) == len(tensors)
    a = tensors["layers.3.mlp.down_proj.lora_A.weight"].numpy()
    assert (found["blk.3.ffn_down.weight.lora_a"] == a).all()


def test_another_adapter_is_another_file(tiny: Tiny, tmp_path: Path) -> None:
    sha = file_sha256(tiny.file)
    folders = [
        random_adapter(tmp_path / "seed", sha, seed=1),
        random_adapter(tmp_path / "alpha", sha, alpha=16.0),
    ]
    with embedded_tiny(tiny.file):
        made = {gguf_adapter(folder) for folder in (tiny.adapter, *folders)}
        assert len(made) == 3
        assert not [left for file in made for left in file.parent.glob(".*.part")]


def test_another_base_is_refused(tiny: Tiny, tmp_path: Path) -> None:
    folder = random_adapter(tmp_path / "a", "0" * 64)
    hub = random_adapter(tmp_path / "b", "", base="google/gemma-2-2b-it")
    with embedded_tiny(tiny.file):
        with pytest.raises(ValueError, match="trained on another gemma-3-270m"):
            load_adapter(folder)
        with pytest.raises(ValueError, match="trained on another gemma-3-270m"):
            gguf_adapter(folder)
        with pytest.raises(ValueError, match="is for google/gemma-2-2b-it, which is not embedded"):
            gguf_adapter(hub)
        assert load_adapter(hub)[1].base == "google/gemma-2-2b-it"  # transformers may open it


def test_a_wrong_tensor_is_named(tiny: Tiny, tmp_path: Path) -> None:
    tensors, config = load_model(tiny.adapter, CosmoGemmaConfig)
    name = "layers.2.self_attn.v_proj.lora_B.weight"
    with embedded_tiny(tiny.file):
        model, _ = load_base(EMBEDDED)
        with pytest.raises(ValueError, match=f"does not fit the model: {name} differs"):
            attach(model, config, tensors | {name: tensors[name][:3]})
        odd = save_model(tmp_path, {"layers.0.mlp.router.lora_A.weight": tensors[name]}, config)
        with pytest.raises(ValueError, match="no name for the adapter's layers.0.mlp.router"):
            gguf_adapter(odd)


def test_a_damaged_adapter_is_refused(tiny: Tiny, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny.adapter, tmp_path / "copy")
    file = folder / "model.safetensors"
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    with embedded_tiny(tiny.file), pytest.raises(ValueError, match="does not match its checksum"):
        gguf_adapter(folder)


def test_the_copy_is_made_once_and_has_the_files_numbers(tiny: Tiny) -> None:
    with embedded_tiny(tiny.file):
        from core.literature.language_model.embedded_model import embedded_copy

        folder = embedded_copy()
        made = (folder / "model.safetensors").stat().st_mtime_ns
        assert embedded_copy() == folder
        model, tokenizer = load_base(EMBEDDED)
    assert (folder / "model.safetensors").stat().st_mtime_ns == made
    assert [p.name for p in folder.parent.glob(f".{EMBEDDED}*")] == []
    stored = {t.name: t.data for t in gguf.GGUFReader(tiny.file).tensors}
    state = model.state_dict()
    for ours, theirs, shift in (
        ("model.embed_tokens", "token_embd", 0.0),
        ("model.layers.4.mlp.up_proj", "blk.4.ffn_up", 0.0),
        ("model.layers.4.self_attn.q_norm", "blk.4.attn_q_norm", 1.0),
    ):
        expected = torch.from_numpy(stored[f"{theirs}.weight"].copy()) - shift
        torch.testing.assert_close(state[f"{ours}.weight"], expected, rtol=1e-3, atol=1e-4)
    assert tokenizer("dark energy")["input_ids"][0] == tokenizer.bos_token_id
