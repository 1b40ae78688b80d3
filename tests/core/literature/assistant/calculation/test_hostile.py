"""Text made to be slow takes no longer than its length."""

from __future__ import annotations

import time

import pytest

from core.literature.assistant.calculation import calculate

PIECES = ("1 ± ", "67.4+-0.5 ", "1 +0.1 -0.1", "+0.1_{-", "0.8(6)", "Omega_m h", "S8 = ",
          "Ω_b h^2 ",
          "sigma8 for ", "1024 x ", "512^", "and the ", "; ", "? and ", "m_nu ", "in 1/", "d_m (",
          "the value of the ", "= ? ", "particles in a ", "1 particles ", "HERA ", "2σ p = ")
FRAMES = ("{}", "what is S8 for {} and 67.4 ± 0.5", "age at z=6 {} and 1 ± 2, how many sigma",
          "which z does DESI {}", "box of 5 Mpc {} and k_max", "D_M/r_d at z=1 {} and 1 eV")


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("frame", FRAMES)
def test_hostile_text_is_read_in_time(piece: str, frame: str) -> None:
    calculate("1 eV in nm")
    room = 590 - len(frame)
    text = frame.format((piece * (room // len(piece) + 1))[:room])
    start = time.process_time()
    for before in ("", text):
        try:
            calculate(text, before)
        except ValueError as error:
            assert "\n" not in str(error)
    assert time.process_time() - start < 1.0
