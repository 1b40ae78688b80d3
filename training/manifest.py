"""manifest.json of simulated sets: what was made, by which code and command."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from core.files import write_whole

__all__ = ["write_manifest"]


def write_manifest(path: Path, content: dict[str, Any]) -> None:
    """Write a manifest, with the code's version and the command beside ``content``."""
    version = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False
    ).stdout.strip()
    record = {"code_version": version or "unknown", "command": " ".join(sys.argv), **content}
    write_whole(path, f"{json.dumps(record, indent=1)}\n".encode())
