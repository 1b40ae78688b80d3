"""The larger model: how it is opened, what it answers, and what is said where it cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.literature.assistant import cosmogemma
from core.literature.assistant.cosmogemma import CosmoGemma
from core.literature.language_model.backends import Backend, open_large
from core.literature.language_model.backends.quantised import LargeModelError, Quantised
from core.literature.language_model.embedded_model import embedded_copy
from core.literature.library.library import Library
from tests.core.literature.language_model.tiny_gemma import Tiny, embedded_tiny

MODULE = "core.literature.language_model.backends.quantised"

PROMPT = "Question: Is the dark matter halo a galaxies?\nAnswer:"


@pytest.fixture
def folder(tiny: Tiny, tmp_path: Path) -> Iterator[Path]:
    """A Gemma 2 of random weights as a folder of the Hub's form, with the tiny model's words."""
    import torch
    from transformers import AutoTokenizer, Gemma2Config, Gemma2ForCausalLM

    with embedded_tiny(tiny.file):
        tokenizer = AutoTokenizer.from_pretrained(embedded_copy())
        torch.manual_seed(0)
        config = Gemma2Config(
            vocab_size=len(tokenizer), hidden_size=64, intermediate_size=128, num_hidden_layers=2,
            num_attention_heads=2, num_key_value_heads=1, head_dim=32, query_pre_attn_scalar=32,
            max_position_embeddings=512, initializer_range=0.2,
            **{f"{name}_token_id": getattr(tokenizer, f"{name}_token_id")
               for name in ("bos", "eos", "pad")},
        )
        place = tmp_path / "gemma-2-tiny"
        Gemma2ForCausalLM(config).save_pretrained(place)
        tokenizer.save_pretrained(place)
        yield place


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What transformers is asked for; the model is opened without being quantised."""
    from transformers import AutoModelForCausalLM

    options: dict[str, Any] = {}
    real = AutoModelForCausalLM.from_pretrained

    def without(name: str, **given: Any) -> Any:
        options.update(given, name=name)
        return real(name, dtype=given["dtype"])

    monkeypatch.setattr(AutoModelForCausalLM, "from_pretrained", without)
    monkeypatch.setattr(f"{MODULE}.find_spec", lambda name: name)
    return options


def test_it_is_opened_in_four_bits_on_the_device(folder: Path, asked: dict[str, Any]) -> None:
    backend = Quantised.on_device(str(folder), "cpu")
    config = asked["quantization_config"].to_dict()
    assert config["load_in_4bit"] and not config["load_in_8bit"]
    assert config["bnb_4bit_quant_type"] == "nf4" and config["bnb_4bit_use_double_quant"]
    assert config["bnb_4bit_compute_dtype"] == "bfloat16" == str(asked["dtype"]).split(".")[1]
    assert asked["device_map"] == {"": "cpu"} and asked["name"] == str(folder)
    assert backend.name == "quantised" and backend.model_name == str(folder)
    assert "".join(backend.stream(PROMPT, max_tokens=5, stop=()))
    assert len(backend.log_likelihoods(PROMPT, [" Yes", " No"])) == 2


def test_the_assistant_uses_it_without_the_adapters_numbers(
    folder: Path, asked: dict[str, Any], library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COSMODESK_LLM_LARGE", str(folder))
    monkeypatch.setenv("COSMODESK_DEVICE", "cuda")
    monkeypatch.setattr(
        Quantised, "open", lambda model, device: Quantised.on_device(model, "cpu")
    )
    model = CosmoGemma.load(library=library)
    assert model.backend.name == "quantised" and model.notice == ""
    assert (model.yes_bias, model.prior_weight, model.quiz_temperature) == (0.0, 0.0, 1.0)


def test_without_cuda_the_embedded_model_answers_and_it_is_said(
    folder: Path, library: Library, monkeypatch: pytest.MonkeyPatch, tiny: Tiny
) -> None:
    monkeypatch.setenv("COSMODESK_LLM_LARGE", "google/gemma-2-2b-it")
    asked: list[str | None] = []

    def open_backend(adapter: Path, device: str | None) -> Backend:
        asked.append(device)
        return tiny.backends["llama.cpp", True]

    monkeypatch.setattr(cosmogemma, "open_backend", open_backend)
    model = CosmoGemma.load(tiny.adapter, "cpu", library=library)
    assert asked == ["cpu"]
    assert model.backend.name == "llama.cpp"
    assert "google/gemma-2-2b-it needs a CUDA device" in model.notice
    assert model.notice.startswith("The embedded model answers: ")


@pytest.mark.parametrize(("name", "value"), [
    ("COSMODESK_LLM_SERVER", "http://127.0.0.1:9/v1"), ("COSMODESK_LLM_BACKEND", "llama.cpp"),
])
def test_what_is_asked_for_by_name_comes_first(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    assert open_large() is None
    monkeypatch.setenv("COSMODESK_LLM_LARGE", "google/gemma-2-2b-it")
    with pytest.raises(LargeModelError):
        open_large()
    monkeypatch.setenv(name, value)
    assert open_large() is None


def test_every_reason_is_one_sentence(
    tmp_path: Path, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    (tmp_path / "empty").mkdir()
    empty = str(tmp_path / "empty")
    for model, said in (("nobody/nothing", "cannot be fetched"), (empty, "cannot be opened")):
        with pytest.raises(LargeModelError, match=said) as error:
            Quantised.on_device(model, "cpu")
        assert "\n" not in str(error.value) and str(error.value).endswith(".")
    monkeypatch.setattr(f"{MODULE}.find_spec", lambda name: None)
    with pytest.raises(LargeModelError, match="bitsandbytes, which is missing"):
        Quantised.on_device("nobody/nothing", "cpu")


def test_bitsandbytes_quantises_the_tiny_model(folder: Path) -> None:
    """The real package, where it is installed: four bits stay near the weights they are of."""
    pytest.importorskip("bitsandbytes")
    pytest.importorskip("accelerate")
    from core.literature.language_model.backends.transformers_backend import Transformers
    from core.literature.language_model.base_model import load_base

    small, whole = Quantised.on_device(str(folder), "cpu"), Transformers(*load_base(str(folder)))
    kinds = [type(module).__name__ for module in small._model.modules()]
    assert kinds.count("Linear4bit") == 14  # seven in each layer; the embedding stays as it is
    near, far = ([value for value, _ in backend.log_likelihoods(PROMPT, [" Yes", " the dark"])]
                 for backend in (small, whole))
    assert near == pytest.approx(far, rel=0.25) and near != far
    assert "".join(small.stream(PROMPT, max_tokens=5, stop=()))
