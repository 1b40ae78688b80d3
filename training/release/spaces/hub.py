"""The Hub as deploying and publishing need it: a token, a repository, one commit."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

__all__ = ["HubRefusedError", "api", "check_repo_id", "upload"]


class HubRefusedError(RuntimeError):
    """The Hub cannot be used; the message is one sentence."""


def check_repo_id(repo_id: str) -> None:
    """Raise unless it has the form OWNER/NAME.

    Raises:
        ValueError: in one sentence.
    """
    if not re.fullmatch(r"[A-Za-z0-9][\w.-]*/[\w.-]{1,96}", repo_id):
        raise ValueError(f"{repo_id} is no repository of the Hub; write OWNER/NAME.")


def api() -> Any:
    """A client that may write.

    Raises:
        HubRefusedError: if this machine is set offline, or there is no token.
    """
    from huggingface_hub import HfApi, get_token

    if os.environ.get("HF_HUB_OFFLINE", "0").lower() in ("1", "true", "yes", "on"):
        raise HubRefusedError(
            "HF_HUB_OFFLINE is set, so nothing can be uploaded; unset it, or use --dry-run."
        )
    token = get_token()
    if not token:
        raise HubRefusedError(
            "There is no token of the Hub: set HF_TOKEN to one that may write, or run "
            "`hf auth login`; --dry-run needs none."
        )
    return HfApi(token=token)


def upload(client: Any, repo_id: str, kind: str, folder: Path, message: str, **options: Any) -> str:
    """Make the repository if it is not there, and put a folder into it in one commit.

    Args:
        client: of :func:`api`.
        repo_id: OWNER/NAME.
        kind: "space" or "model".
        folder: whose files replace all that the repository has.
        message: of the commit.
        options: of ``create_repo``.

    Returns:
        The repository's address.

    Raises:
        HubRefusedError: in one sentence; what was in the repository is then unchanged.
    """
    try:
        address = client.create_repo(repo_id, repo_type=kind, exist_ok=True, **options)
        client.upload_folder(
            repo_id=repo_id, repo_type=kind, folder_path=str(folder), delete_patterns="*",
            commit_message=message,
        )
    except Exception as error:  # no network, no right, no such owner: one answer to all
        told = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
        raise HubRefusedError(f"The Hub did not take {repo_id}: {told}.") from error
    return str(address)
