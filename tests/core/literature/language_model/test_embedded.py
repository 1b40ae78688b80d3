"""The real embedded model: it knows things, and both backends read its 4 bits alike."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.literature.language_model.backends import Backend, open_backend
from core.literature.language_model.backends.llama_cpp import LlamaCpp
from core.literature.language_model.embedded_model import embedded_file, embedded_sha256
from core.literature.language_model.prompts import STOPS, grounded_prompt, plain_prompt
from tests.core.literature.language_model import tiny_gemma

GEMMA = {  # outputs, inputs
    "self_attn.q_proj": (1024, 640),
    "self_attn.k_proj": (256, 640),
    "self_attn.v_proj": (256, 640),
    "self_attn.o_proj": (640, 1024),
    "mlp.gate_proj": (2048, 640),
    "mlp.up_proj": (2048, 640),
    "mlp.down_proj": (640, 2048),
}
PROMPT = grounded_prompt(
    "What is the splashback radius sensitive to?",
    ["The splashback radius is sensitive to the accretion over one crossing time but largely "
     "insensitive to the prior history. We find $R_{sp} = 1.2 \\pm 0.1$ Mpc from 3,684 clusters."],
)  # fmt: skip
CONTINUATIONS = [
    " The accretion over one crossing time.",
    " The prior history of the clusters.",
    " Dark energy is a cosmological constant with $w = -1$, as far as data tell.",
    " 1.2 Mpc from 3,684 clusters.",
]


@pytest.fixture(scope="module")
def base() -> Iterator[Backend]:
    yield LlamaCpp(embedded_file(), context=1024, streams=2)


def test_it_reads(base: Backend) -> None:
    found = base.log_likelihoods(PROMPT, CONTINUATIONS)
    means = [value / count for value, count in found]
    assert means[0] > means[1] > means[2]
    text = "".join(base.stream(PROMPT, max_tokens=40))
    assert "accretion" in text
    assert not any(stop in text for stop in STOPS)


def test_words_come_whole(base: Backend) -> None:
    pieces = list(base.stream("Ωₘ = 0.3, σ₈ = 0.8, Λ > 0; 宇宙, 🌌🌌🌌", max_tokens=40, stop=()))
    assert len(pieces) > 10 and "\ufffd" not in "".join(pieces)


@pytest.mark.slow
def test_the_backends_agree_with_an_adapter(
    base: Backend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to what rounding activations to 8 bits does in llama.cpp, far less than the adapter."""
    monkeypatch.setattr(tiny_gemma, "SHAPES", GEMMA)
    monkeypatch.setattr(tiny_gemma, "LAYERS", 18)
    monkeypatch.setenv("COSMODESK_DEVICE", "cpu")
    folder = tiny_gemma.random_adapter(tmp_path, embedded_sha256(), size=0.02)
    backends = {
        ("llama.cpp", False): base,
        ("llama.cpp", True): open_backend("llama.cpp", folder),
        ("transformers", False): open_backend("transformers"),
        ("transformers", True): open_backend("transformers", folder),
    }
    sums = {key: [p for p, _ in b.log_likelihoods(PROMPT, CONTINUATIONS)]
            for key, b in backends.items()}  # fmt: skip
    for adapted in (False, True):
        ours, theirs = sums["llama.cpp", adapted], sums["transformers", adapted]
        assert sum(abs(a - b) for a, b in zip(ours, theirs, strict=True)) < 0.02 * abs(sum(theirs))
    effects = {
        kind: [a - b for a, b in zip(sums[kind, True], sums[kind, False], strict=True)]
        for kind in ("llama.cpp", "transformers")
    }
    assert sum(map(abs, effects["transformers"])) > 5.0
    assert effects["llama.cpp"] == pytest.approx(effects["transformers"], rel=0.15, abs=1.0)
    questions = ["Is dark energy real?", "What is a halo?", "Which survey maps galaxies?"]
    same = 0
    for adapted, question in itertools.product((False, True), questions):
        ours, theirs = (
            "".join(backends[k, adapted].stream(plain_prompt(question), max_tokens=4, stop=()))
            for k in ("llama.cpp", "transformers")
        )
        same += ours.split()[:1] == theirs.split()[:1]
    assert same >= 4
