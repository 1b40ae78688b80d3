"""Settings: environment variables with the prefix ``COSMODESK_``, read in this one place."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.home import default_cache

__all__ = ["Settings", "get_settings"]


class Settings(BaseSettings):
    """What a user may set; each field is ``COSMODESK_<NAME>`` in the environment."""

    model_config = SettingsConfigDict(
        env_prefix="COSMODESK_", extra="ignore", env_ignore_empty=True  # set to nothing: not set
    )

    weights: Path = Field(
        default=Path(__file__).parent / "weights", description="Folder of the trained models."
    )
    cache: Path = Field(
        default=default_cache(),
        description="Folder of files made at first use, and of the library of papers.",
    )
    hub_id: str | None = Field(
        default=None,
        description="Owner on the Hugging Face Hub whose models are fetched if not here.",
    )
    host: str = Field(default="127.0.0.1", description="Address the apps listen on.")
    port: int = Field(default=7860, ge=1, le=65535, description="Port the apps listen on.")
    hosts: str = Field(
        default="",
        description="Names, with commas between, under which the apps are reached: a proxy's.",
    )
    proxies: str = Field(
        default="",
        description="Addresses or networks, with commas between, of proxies that are believed "
        "about a visitor's address (X-Forwarded-For).",
    )
    address_connections: int = Field(
        default=400, ge=8, le=100_000,
        description="Connections that one address may have open, half of them with a request in "
        "progress; more are refused.",
    )
    open_browser: bool = Field(default=True, description="Open the front page when the apps start.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="WARNING", description="What is logged; DEBUG shows tracebacks too."
    )
    device: str | None = Field(
        default=None, description='Torch device; by default "cuda" where there is one, else "cpu".'
    )
    llm_backend: Literal["auto", "llama.cpp", "transformers", "server"] = Field(
        default="auto", description="What runs the language model; auto takes the fastest there is."
    )
    llm_large: str | None = Field(
        default=None,
        description="A larger model, a folder or an id on the Hub such as google/gemma-2-2b-it, "
        "that answers in 4 bits where there is a CUDA device; elsewhere the embedded one does.",
    )
    llm_server: str | None = Field(
        default=None,
        description="Address of an OpenAI-compatible server, such as vLLM's, ending in /v1.",
    )
    llm_model: str = Field(default="cosmogemma", description="Name of the model on that server.")
    llm_key: SecretStr | None = Field(default=None, description="Key for that server.")
    arxiv_api: str = Field(
        default="https://export.arxiv.org/api/query", description="Address of arXiv's search."
    )
    arxiv_feed: str = Field(
        default="https://rss.arxiv.org/atom", description="Address of arXiv's daily feed."
    )
    queue_size: int = Field(
        default=256, ge=1,
        description="Requests to an app that may wait before more are refused.",
    )
    mcp: bool | None = Field(
        default=None,
        description="Serve the endpoints as MCP tools too; by default if the package mcp is there.",
    )
    max_upload_mb: int = Field(default=64, ge=1, le=256, description="Largest upload, MB.")

    @field_validator("log_level", mode="before")
    @classmethod
    def _in_capitals(cls, value: object) -> object:
        known = ("DEBUG", "INFO", "WARNING", "ERROR")
        return value.upper() if isinstance(value, str) and value.upper() in known else value


def get_settings() -> Settings:
    """The settings as the environment has them now.

    Raises:
        ValueError: naming the variable that has a wrong value.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"COSMODESK_{str(first['loc'][0]).upper()}"
        raise ValueError(f"{name} is {first['input']!r}: {first['msg']}.") from error
