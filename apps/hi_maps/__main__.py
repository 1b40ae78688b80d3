"""Start the HI maps alone: ``python -m apps.hi_maps``."""

from __future__ import annotations

import sys
from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] = ()) -> int:
    """Serve until a signal comes; the exit code is 1 if that cannot be done."""
    from apps.shared.server.process import run

    return run("apps.hi_maps", "HI maps", _site, arguments)


def _site() -> object:
    from apps.hi_maps.app import build
    from apps.shared.server.launch import alone

    return alone(build())


if __name__ == "__main__":
    import signal

    signal.signal(signal.SIGINT, signal.SIG_DFL)  # no traceback until it is handled
    sys.exit(main(sys.argv[1:]))
