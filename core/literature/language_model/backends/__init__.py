"""The language model behind one interface: llama.cpp, transformers or a server."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from core.literature.language_model.backends.backend import Backend
from core.settings import get_settings

__all__ = ["Backend", "open_backend", "open_large"]


def open_backend(
    kind: str | None = None, adapter: Path | None = None, device: str | None = None
) -> Backend:
    """Open the language model.

    Args:
        kind: "llama.cpp", "transformers", "server", or "auto": the server if one is set, else
            llama.cpp if it is installed, else transformers. By default as the settings say.
        adapter: folder of the adapter (:mod:`core.literature.language_model.adapter`); None for the
            base alone. A server has its own.
        device: of torch, for transformers; by default as the settings say. llama.cpp runs on the
            CPU, a server where it is.

    Raises:
        ValueError: if the kind is unknown, no server is set, or the adapter is for another base.
        RuntimeError: if the model cannot be loaded.
    """
    settings = get_settings()
    kind = kind or settings.llm_backend
    if kind == "auto":
        installed = find_spec("xllamacpp") is not None
        kind = "server" if settings.llm_server else "llama.cpp" if installed else "transformers"
    if kind == "llama.cpp":
        from core.literature.language_model.backends.llama_cpp import LlamaCpp

        return LlamaCpp.load(adapter)
    if kind == "transformers":
        from core.literature.language_model.backends.transformers_backend import Transformers

        return Transformers.load(adapter, device)
    if kind == "server":
        from core.literature.language_model.backends.server import Server

        return Server.from_settings()
    raise ValueError(f'The backend is "llama.cpp", "transformers", "server" or "auto", not {kind}.')


def open_large(device: str | None = None) -> Backend | None:
    """The larger model, if one is set and nothing else is asked for; it needs a CUDA device.

    Args:
        device: of torch; by default as the settings say.

    Raises:
        core.literature.language_model.backends.quantised.LargeModelError: one sentence, if it
        cannot be used here.
    """
    settings = get_settings()
    if not settings.llm_large or settings.llm_server or settings.llm_backend != "auto":
        return None
    from core.literature.language_model.backends.quantised import Quantised

    return Quantised.open(settings.llm_large, device)
