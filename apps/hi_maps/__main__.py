"""Start the HI maps alone: ``python -m apps.hi_maps``."""

from __future__ import annotations

import sys
from typing import Any

from apps.shared.server.process import run


def _site() -> Any:
    from apps.hi_maps.app import build
    from apps.shared.server.launch import alone

    return alone(build())


if __name__ == "__main__":
    sys.exit(run("apps.hi_maps", "HI maps", _site, sys.argv[1:]))
