"""Start the reionization app alone: ``python -m apps.reionization``."""

from __future__ import annotations

import sys
from typing import Any

from apps.shared.server.process import run


def _site() -> Any:
    from apps.reionization.app import build
    from apps.shared.server.launch import alone

    return alone(build())


if __name__ == "__main__":
    sys.exit(run("apps.reionization", "Reionization", _site, sys.argv[1:]))
