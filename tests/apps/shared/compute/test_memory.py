"""Memory goes back to the system."""

from __future__ import annotations

import subprocess
import sys

import pytest

GROW = """
import threading
from pathlib import Path

from apps.shared.compute.memory import limit_arenas, release_memory

few = {few}
assert not few or limit_arenas()

def use():
    kept = [bytes(100_000) for _ in range(20)]
    ready.wait()

ready = threading.Barrier(41)
threads = [threading.Thread(target=use) for _ in range(40)]
for thread in threads:
    thread.start()
ready.wait()
for thread in threads:
    thread.join()
heaps = sum("---p" in line and line.split()[5:] == [] for line in open("/proc/self/maps"))
release_memory()
print(heaps)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="a setting of glibc")
def test_threads_share_few_heaps() -> None:
    def heaps(few: bool) -> int:
        code = GROW.replace("{few}", str(few))
        return int(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                                  check=True).stdout)

    assert heaps(True) < heaps(False) - 5
