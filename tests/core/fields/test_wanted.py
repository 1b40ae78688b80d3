"""What refuses an array is a sentence, whatever its header claims."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from core.fields.reading import read_field, read_stack
from core.fields.wanted import shown_shape


@pytest.mark.parametrize("shape", [
    (0, 4), (3,), (2, 64, 64, 64), (1,) * 900, (2,) * 3000, (10**40, 10**40), (10**3000, 4, 4),
    (-(10**40), 4), (5000, 5000), (1, 1, 10**9, 10**9),
])  # fmt: skip
@pytest.mark.parametrize("read", [read_field, read_stack])
def test_any_shape_of_a_header_is_refused_in_a_sentence(read, shape, tmp_path: Path) -> None:
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "<f4", "fortran_order": False, "shape": shape}
    )
    path = tmp_path / "map.npy"
    path.write_bytes(header.getvalue() + bytes(64))
    with pytest.raises(ValueError, match=r"^[A-Z].*\.$") as refused:
        read(path)
    assert len(str(refused.value)) < 200


def test_a_usual_shape_is_shown_whole() -> None:
    assert shown_shape((15, 256, 256)) == str((15, 256, 256))
    assert shown_shape((7,)) == "(7,)"
    assert shown_shape(()) == "()"
    assert shown_shape((2,) * 40) == "(2, 2, 2, 2, 2, 2, ...) of 40 axes"
