"""First token and tokens a second of each backend beside llama.cpp without anything around it.

The same weights (the embedded model with the adapter, and without), the same prompts (each a
little different, so that nothing is remembered), the same threads, turn by turn in one run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from core.literature.language_model.adapter import gguf_adapter
from core.literature.language_model.backends import Backend, open_backend
from core.literature.language_model.backends.backend import cpu_threads
from core.literature.language_model.embedded_model import embedded_file
from core.literature.language_model.prompts import idea_prompt
from core.literature.library.primer import read_primer
from core.weights import ModelNotFoundError, model_folder

Stream = Callable[[str, int], Iterator[str]]


def plain(adapter: Path | None) -> Stream:
    """llama.cpp's own server as it comes, but for the threads."""
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(embedded_file())
    parameters.n_ctx = 4096
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = cpu_threads()
    parameters.verbosity = -1
    if adapter is not None:
        lora = xllamacpp.CommonAdapterLoraInfo()
        lora.path, lora.scale = str(gguf_adapter(adapter)), 1.0
        parameters.lora_adapters = [lora]
    server = xllamacpp.Server(parameters)

    def stream(prompt: str, most: int) -> Iterator[str]:
        times: list[float] = []

        def take(chunk: Any) -> bool:
            if chunk["choices"][0]["text"]:
                times.append(time.perf_counter())
            return False

        server.handle_completions(
            {"prompt": prompt, "n_predict": most, "temperature": 0, "stream": True}, take
        )
        yield from times  # type: ignore[misc]

    return stream


def wrapped(backend: Backend, prompt: str, most: int) -> Iterator[str]:
    """Our stream."""
    return backend.stream(prompt, max_tokens=most, stop=())


def prompts(count: int) -> list[str]:
    """Ideas wanted from three passages each, none like another: their answers are long."""
    passages = read_primer()
    step = len(passages) // count
    return [idea_prompt([p.text for p in passages[i * step : i * step + 3]]) for i in range(count)]


def measure(stream: Stream, prompt: str, most: int) -> tuple[float, float]:
    """Seconds to the first piece, and pieces a second after it (nan for fewer than 5)."""
    start = time.perf_counter()
    times = [t if isinstance(t, float) else time.perf_counter() for t in stream(prompt, most)]
    if not times:
        return np.nan, np.nan
    rate = (len(times) - 1) / (times[-1] - times[0]) if len(times) >= 5 else np.nan
    return times[0] - start, rate


def speed_part(repeats: int, most: int) -> None:
    """Time and print."""
    try:
        adapter: Path | None = model_folder("cosmogemma")
    except ModelNotFoundError as error:
        print(error)
        adapter = None
    streams: dict[str, Stream] = {"plain llama.cpp, base": plain(None)}
    streams["llama.cpp, base"] = partial(wrapped, open_backend("llama.cpp"))
    if adapter is not None:
        streams["plain llama.cpp, adapter"] = plain(adapter)
        streams["llama.cpp, adapter"] = partial(wrapped, open_backend("llama.cpp", adapter))
    streams["transformers"] = partial(wrapped, open_backend("transformers", adapter))
    texts = prompts(repeats + 1)
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in streams}
    for turn, prompt in enumerate(texts):
        for name, stream in streams.items():
            result = measure(stream, prompt, most)
            if turn > 0:  # the first warms up
                found[name].append(result)
    medians = {name: np.nanmedian(np.array(rows), axis=0) for name, rows in found.items()}
    print(f"{cpu_threads()} threads, {repeats} prompts, up to {most} tokens; ratios to plain")
    for name, (first, rate) in medians.items():
        peer = "base" if "base" in name or adapter is None else "adapter"
        first_of, rate_of = medians[f"plain llama.cpp, {peer}"]
        print(
            f"{name:26s} first token {first:6.2f} s ({first / first_of:5.2f})   "
            f"{rate:6.1f} tokens/s ({rate / rate_of:5.2f})"
        )
