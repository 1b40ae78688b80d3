"""What the workers of test_tasks.py do."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path


def square(number: int, seconds: float) -> tuple[int, int]:
    """number ** 2 after a while, and which process it was."""
    time.sleep(seconds)
    return number**2, os.getpid()


def deadly(number: int, folder: str, times: int) -> int:
    """Kills its worker the first ``times`` times that it is run."""
    mark = Path(folder) / str(number)
    lives = int(mark.read_text()) if mark.exists() else 0
    mark.write_text(str(lives + 1))
    if lives < times:
        os.kill(os.getpid(), signal.SIGKILL)
    return number
