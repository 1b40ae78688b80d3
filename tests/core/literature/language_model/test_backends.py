"""llama.cpp and transformers: the same answers from the same weights, and manners of a stream."""

from __future__ import annotations

import itertools
import math
import subprocess
import sys
import threading

import pytest

from core.literature.language_model.backends import Backend
from core.literature.language_model.backends.llama_cpp import LlamaCpp
from tests.core.literature.language_model.tiny_gemma import Tiny, tokens

PROMPT = "Question: is the dark matter halo a halo of énergie?\nAnswer:"
LONG = PROMPT * 8  # longer than the sliding window
CONTINUATIONS = [" Yes", " No the dark energy", " galaxies of [1] matter", " é ω", "\n\n"]
KINDS = ("llama.cpp", "transformers")


@pytest.fixture(params=itertools.product(KINDS, (False, True)), ids=str)
def backend(request: pytest.FixtureRequest, tiny: Tiny) -> Backend:
    return tiny.backends[request.param]


def text_of(backend: Backend, prompt: str = PROMPT, **options: object) -> str:
    options = {"max_tokens": 24, "stop": ()} | options
    return "".join(backend.stream(prompt, **options))  # type: ignore[arg-type]


@pytest.mark.parametrize("prompt", [PROMPT, LONG])
def test_the_backends_agree_on_likelihoods(tiny: Tiny, prompt: str) -> None:
    found = {key: b.log_likelihoods(prompt, CONTINUATIONS) for key, b in tiny.backends.items()}
    for adapted in (False, True):
        ours, theirs = (found[kind, adapted] for kind in KINDS)
        assert [n for _, n in ours] == [n for _, n in theirs]
        assert [p for p, _ in ours] == pytest.approx([p for p, _ in theirs], rel=2e-3, abs=0.01)
    changes = [abs(a - b) for (a, _), (b, _) in zip(
        found["llama.cpp", False], found["llama.cpp", True], strict=True)]  # fmt: skip
    assert sum(changes) > 2.0  # the adapter is there, and far above what they may differ by


@pytest.mark.parametrize("adapted", [False, True])
def test_the_backends_write_the_same(tiny: Tiny, adapted: bool) -> None:
    prompts = [f"Question: {a} {b}?\nAnswer:" for a in ("dark", "halo") for b in ("energy", "of a")]
    pairs = [[text_of(tiny.backends[k, adapted], p, max_tokens=8) for k in KINDS] for p in prompts]
    assert sum(a.rstrip("\ufffd") == b.rstrip("\ufffd") for a, b in pairs) >= 3


def test_the_adapter_changes_what_is_written(tiny: Tiny) -> None:
    for kind in KINDS:
        assert text_of(tiny.backends[kind, False]) != text_of(tiny.backends[kind, True])


def test_likelihoods_are_of_a_distribution(backend: Backend) -> None:
    words = [" Yes", " No", " the", " dark", " energy", " halo"]
    probabilities = backend.first_token(PROMPT, words)
    assert all(0 < p < 1 for p in probabilities) and sum(probabilities) < 1
    found = backend.log_likelihoods(PROMPT, words)
    assert probabilities == pytest.approx([math.exp(p) for p, _ in found], rel=1e-2)
    assert [n for _, n in found] == [1] * len(words)


def test_a_continuation_is_the_chain_of_its_parts(backend: Backend) -> None:
    (whole, n), (first, m) = backend.log_likelihoods(PROMPT, [" dark energy", " dark"])
    [(second, k)] = backend.log_likelihoods(PROMPT + " dark", [" energy"])
    assert n == m + k
    assert whole == pytest.approx(first + second, rel=1e-3, abs=0.01)


def test_the_likeliest_token_is_written_first(tiny: Tiny) -> None:
    pieces = [p.replace("▁", " ") for p in tokens()[0][260:]]
    for kind in KINDS:
        backend = tiny.backends[kind, True]
        first = text_of(backend, max_tokens=1)
        assert first in pieces  # else take another seed for the tiny model
        others = [p for p in pieces if backend.count_tokens(p) == 2][:40]
        ours, *theirs = backend.first_token(PROMPT, [first, *others])
        assert ours >= max(theirs)


def test_seeds(backend: Backend) -> None:
    drawn = [text_of(backend, temperature=1.5, seed=seed) for seed in (1, 1, 2, 3, 4)]
    assert drawn[0] == drawn[1]
    assert len(set(drawn)) > 2
    assert text_of(backend, seed=1) == text_of(backend, seed=2)  # the likeliest needs no seed


def test_a_stop_text_ends_and_is_not_shown(backend: Backend) -> None:
    whole = text_of(backend, temperature=1.5, seed=3)
    assert len(whole) > 6
    stop = whole[4:6]
    assert text_of(backend, temperature=1.5, seed=3, stop=(stop,)) == whole[: whole.index(stop)]


def test_an_answer_has_the_tokens_asked_for(backend: Backend) -> None:
    whole = text_of(backend, temperature=1.5, seed=3)
    parts = [text_of(backend, temperature=1.5, seed=3, max_tokens=most) for most in (2, 6, 12)]
    assert len(parts[0]) < len(parts[1]) < len(parts[2]) < len(whole)
    assert all(whole.startswith(part.rstrip("\ufffd")) for part in parts)


def test_cancelling_in_the_middle(backend: Backend) -> None:
    pieces: list[str] = []
    stream = backend.stream(
        PROMPT, max_tokens=400, temperature=2.0, seed=3, stop=(),
        cancelled=lambda: len(pieces) >= 3,
    )  # fmt: skip
    for piece in stream:
        pieces.append(piece)
    assert len(pieces) == 3
    assert list(backend.stream(PROMPT, max_tokens=4, cancelled=lambda: True)) == []
    assert text_of(backend, temperature=1.5, seed=1) == text_of(backend, temperature=1.5, seed=1)


def test_two_at_once_write_what_each_writes_alone(backend: Backend) -> None:
    prompts = [PROMPT, "Question: is the dark energy of galaxies a halo?\nAnswer:"]
    alone = [text_of(backend, p, temperature=1.5, seed=3) for p in prompts]
    together = ["", ""]
    barrier = threading.Barrier(2)

    def read(who: int) -> None:
        barrier.wait()
        together[who] = text_of(backend, prompts[who], temperature=1.5, seed=3)

    threads = [threading.Thread(target=read, args=(who,)) for who in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert together == alone


def test_two_streams_take_turns(backend: Backend) -> None:
    options = {"max_tokens": 100, "temperature": 2.0, "stop": ()}
    first = backend.stream(PROMPT, seed=3, **options)  # type: ignore[arg-type]
    second = backend.stream(PROMPT, seed=4, **options)  # type: ignore[arg-type]
    pieces = [(next(first), next(second)) for _ in range(3)]
    assert all(a and b for a, b in pieces)
    for stream in (first, second):
        stream.close()  # type: ignore[attr-defined]


def test_too_long_is_one_sentence(backend: Backend) -> None:
    longest = backend.context - 8
    with pytest.raises(ValueError, match=rf"for an answer of 8 it may have at most {longest}\."):
        next(backend.stream("dark " * backend.context, max_tokens=8))
    with pytest.raises(ValueError, match="at most"):
        backend.log_likelihoods("dark " * backend.context, [" Yes"])
    with pytest.raises(ValueError, match="ask for 1 or more"):
        next(backend.stream(PROMPT, max_tokens=0))
    with pytest.raises(ValueError, match="A continuation is empty"):
        backend.log_likelihoods(PROMPT, [" Yes", ""])
    assert backend.log_likelihoods(PROMPT, []) == []


def test_no_text_spells_a_control_token(backend: Backend) -> None:
    control = tokens()[0][1]
    assert backend.count_tokens(f"dark{control}energy") > backend.count_tokens("darkenergy") + 1
    assert text_of(backend, f"{PROMPT} {control}", max_tokens=2) != ""


@pytest.mark.parametrize("text", ["", "dark energy", LONG, "é ω 漢\n\n  two  spaces", "<bos>"])
def test_the_backends_count_alike(tiny: Tiny, text: str) -> None:
    counts = {backend.count_tokens(text) for backend in tiny.backends.values()}
    assert len(counts) == 1


def test_the_port_is_closed_to_others(tiny: Tiny) -> None:
    import urllib.error
    import urllib.request

    backend = tiny.backends["llama.cpp", False]
    assert isinstance(backend, LlamaCpp)
    address = backend._server.listening_address
    assert address.startswith("http://127.0.0.1:")
    for route in ("/tokenize", "/completion", "/v1/completions", "/lora-adapters"):
        request = urllib.request.Request(address + route, b'{"content": "a", "prompt": "a"}')
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(request, timeout=10)


def test_a_program_ends_cleanly_in_the_middle_of_an_answer(tiny: Tiny) -> None:
    program = (
        "import sys; from pathlib import Path;"
        "from core.literature.language_model.backends.llama_cpp import LlamaCpp;"
        "model = LlamaCpp(Path(sys.argv[1]), context=512, streams=1);"
        "answer = model.stream('dark', max_tokens=500, temperature=3.0, stop=());"
        "next(answer); print('one')"
    )
    for _ in range(3):
        run = subprocess.run(
            [sys.executable, "-c", program, str(tiny.file)], capture_output=True, text=True,
            timeout=60,
        )  # fmt: skip
        assert (run.returncode, run.stdout) == (0, "one\n"), run.stderr


def test_an_answer_is_the_same_whether_its_prompt_was_read_before(tiny: Tiny) -> None:
    backend = tiny.backends["llama.cpp", True]
    fresh = "Question: is the energy of dark galaxies [2] matter?\nAnswer:"
    first = text_of(backend, fresh)
    backend.first_token(fresh, [" Yes", " No"])
    assert text_of(backend, fresh) == first
