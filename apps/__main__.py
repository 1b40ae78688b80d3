"""All apps behind one address: ``python -m apps``, or ``make app``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from apps.shared.server.process import run

__all__ = ["main"]


def main(arguments: Sequence[str] = ()) -> int:
    """Serve until a signal comes; the exit code is 1 if that cannot be done."""
    return run("apps", "CosmoDesk", _site, arguments)


def _site() -> Any:
    from apps.registry import APPS
    from apps.site import build_site

    return build_site(APPS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
