"""The compiled packages of all apps live in one process, in whatever order pages are opened."""

from __future__ import annotations

import itertools
import subprocess
import sys

import pytest

PACKAGES = ("astropy.io.fits", "h5py", "xllamacpp")


@pytest.mark.parametrize("order", list(itertools.permutations(PACKAGES, 2)), ids="-".join)
def test_packages_load_beside_one_another(order: tuple[str, ...]) -> None:
    code = "; ".join(f"import {name}" for name in order)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
