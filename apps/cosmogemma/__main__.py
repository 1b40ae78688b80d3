"""Start the CosmoGemma app alone: ``python -m apps.cosmogemma``."""

from __future__ import annotations

import sys
from typing import Any

from apps.shared.server.process import run


def _site() -> Any:
    from apps.cosmogemma.app import build
    from apps.shared.server.launch import alone

    return alone(build())


if __name__ == "__main__":
    sys.exit(run("apps.cosmogemma", "CosmoGemma", _site, sys.argv[1:]))
