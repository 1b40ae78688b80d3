"""Start the skimArxiv app alone: ``python -m apps.skimarxiv``."""

from __future__ import annotations

import sys
from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] = ()) -> int:
    """Serve until a signal comes; the exit code is 1 if that cannot be done."""
    from apps.shared.server.process import run

    return run("apps.skimarxiv", "skimArxiv", _site, arguments)


def _site() -> object:
    from apps.shared.server.launch import alone
    from apps.skimarxiv.app import build

    return alone(build())


if __name__ == "__main__":
    import signal

    signal.signal(signal.SIGINT, signal.SIG_DFL)  # no traceback until it is handled
    sys.exit(main(sys.argv[1:]))
