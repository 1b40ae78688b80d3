"""Start the skimArxiv app alone: ``python -m apps.skimarxiv``."""

from __future__ import annotations

import sys
from typing import Any

from apps.shared.server.process import run


def _site() -> Any:
    from apps.shared.server.launch import alone
    from apps.skimarxiv.app import build

    return alone(build())


if __name__ == "__main__":
    sys.exit(run("apps.skimarxiv", "skimArxiv", _site, sys.argv[1:]))
