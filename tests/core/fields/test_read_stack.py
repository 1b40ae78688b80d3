"""Stacks of slices from files that nobody vouches for, HDF5 among them."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from core.fields import hdf5, read_stack

h5py = pytest.importorskip("h5py")

RNG = np.random.default_rng(0)
STACK = RNG.normal(10, 3, (5, 16, 16)).astype(np.float32)


def _h5(**arrays: np.ndarray) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with h5py.File(path, "w") as file:
            for name, array in arrays.items():
                file[name.replace("__", "/")] = array

    return write


def _bytes(content: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(content)

    return write


def _npy(array: np.ndarray) -> Callable[[Path], None]:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return _bytes(buffer.getvalue())


def _npz(**arrays: np.ndarray) -> Callable[[Path], None]:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]
    return _bytes(buffer.getvalue())


def _fits(*arrays: np.ndarray | None) -> Callable[[Path], None]:
    first, *rest = arrays
    buffer = io.BytesIO()
    fits.HDUList([fits.PrimaryHDU(first), *map(fits.ImageHDU, rest)]).writeto(buffer)
    return _bytes(buffer.getvalue())


@pytest.mark.parametrize(
    "write",
    [
        _npy(STACK), _npy(STACK[None]), _npy(STACK.astype(">f8")), _npz(seed=np.array(3), s=STACK),
        _fits(STACK), _fits(None, STACK[None]), _h5(s=STACK), _h5(group__s=STACK[None]),
        _h5(a_note=np.arange(3), seed=np.array(3), s=STACK),
    ],
)
def test_reads_a_stack(write: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "stack.bin"  # the content decides, not the name
    write(path)
    read = read_stack(path)
    assert read.dtype == np.float64
    np.testing.assert_array_equal(read, STACK.astype(float))


@pytest.mark.parametrize("write", [_npy, _fits, lambda a: _npz(a=a), lambda a: _h5(a=a)])
@pytest.mark.parametrize("image", [STACK[0], STACK[:1]])
def test_one_slice_is_an_image(write: Callable, image: np.ndarray, tmp_path: Path) -> None:
    write(image)(tmp_path / "image")
    np.testing.assert_array_equal(read_stack(tmp_path / "image"), STACK[0].astype(float))


@pytest.mark.parametrize("write", [_npz, _h5])
def test_the_wanted_name_comes_first(write: Callable, tmp_path: Path) -> None:
    write(a=0 * STACK, brightness_temp=STACK, density=2 * STACK)(tmp_path / "file")
    np.testing.assert_array_equal(read_stack(tmp_path / "file", ("brightness_temp",)), STACK)
    np.testing.assert_array_equal(read_stack(tmp_path / "file", ("density",)), 2 * STACK)
    np.testing.assert_array_equal(read_stack(tmp_path / "file", ("other",)), 0 * STACK)


def test_half_precision_and_compression(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "f.h5", "w") as file:
        file.create_dataset("s", data=STACK.astype(np.float16), chunks=(1, 16, 16),
                            compression="gzip", shuffle=True)
    np.testing.assert_array_equal(read_stack(tmp_path / "f.h5"), STACK.astype(np.float16))


def _external_link(path: Path) -> None:
    _h5(s=STACK)(path.with_name("other.h5"))
    with h5py.File(path, "w") as file:
        file["s"] = h5py.ExternalLink("other.h5", "/s")


def _external_storage(path: Path) -> None:
    path.with_name("secret").write_bytes(b"the password" * 200)
    with h5py.File(path, "w") as file:
        file.create_dataset("s", (8, 8), "u1", external=[(str(path.with_name("secret")), 0, 64)])


def _virtual(path: Path) -> None:
    _h5(s=STACK[0])(path.with_name("other.h5"))
    layout = h5py.VirtualLayout((16, 16), "f4")
    layout[:] = h5py.VirtualSource(str(path.with_name("other.h5")), "s", (16, 16))
    with h5py.File(path, "w") as file:
        file.create_virtual_dataset("s", layout)


def _huge(path: Path) -> None:
    with h5py.File(path, "w") as file:
        file.create_dataset("s", (100_000, 100_000, 100_000), "f8", chunks=(1, 100, 100))


def _huge_chunk(path: Path) -> None:
    with h5py.File(path, "w") as file:
        file.create_dataset("s", (8, 8), "f8", maxshape=(None, None), chunks=(8192, 16384),
                            compression="gzip")


def _many(path: Path) -> None:
    with h5py.File(path, "w") as file:
        for i in range(1500):
            file.create_group(str(i))


def _strings(path: Path) -> None:
    with h5py.File(path, "w") as file:
        file["s"] = np.array([["a", "b"], ["c", "d"]], dtype=object)


def _filtered(path: Path) -> None:
    with h5py.File(path, "w") as file:
        file.create_dataset("s", data=STACK.astype(np.int32), scaleoffset=True, chunks=True)


NAN = STACK.copy()
NAN[2, 3, 4] = np.nan
BAD: dict[str, tuple[Callable[[Path], None], str]] = {
    "empty": (_bytes(b""), "0 bytes"),
    "text": (_bytes(b"x_HI of an image\n"), "HDF5"),
    "pickle": (_bytes(b"\x80\x04\x95payload\x94."), "neither"),
    "oblong": (_npy(STACK[:, :8]), "square"),
    "four axes": (_h5(s=np.ones((3, 4, 8, 8))), "cubes[0]"),
    "line": (_h5(s=np.ones(9)), "3D stack"),
    "number": (_h5(s=np.array(1.0)), "3D stack"),
    "no pixels": (_npy(np.ones((0, 8, 8))), "no pixels"),
    "nothing": (_h5(), "no dataset"),
    "nan": (_h5(s=NAN), "NaN"),
    "infinite": (_npz(s=np.full((2, 4, 4), np.inf)), "infinite"),
    "complex": (_h5(s=STACK.astype(complex)), "complex"),
    "too many values": (_npy(np.zeros((300, 256, 256), np.uint8)), "256 x 256"),
    "too many slices": (_npy(np.zeros((2000, 4, 4), np.uint8)), "256 x 256"),
    "external link": (_external_link, "no dataset"),
    "external storage": (_external_storage, "another file"),
    "virtual": (_virtual, "another file"),
    "huge": (_huge, "pixels"),
    "huge chunk": (_huge_chunk, "pieces"),
    "many objects": (_many, "1000 objects"),
    "strings": (_strings, "objects"),
    "unusual filter": (_filtered, "gzip"),
    "signature alone": (_bytes(hdf5.SIGNATURE + b"\0" * 4000), "damaged"),
}


@pytest.mark.parametrize("name", BAD)
def test_refuses_in_one_sentence(name: str, tmp_path: Path) -> None:
    write, word = BAD[name]
    path = tmp_path / "secret-folder" / "upload"
    path.parent.mkdir()
    write(path)
    with pytest.raises(ValueError) as caught:
        read_stack(path)
    message = str(caught.value)
    assert word in message
    assert "\n" not in message and message.endswith(".") and len(message) < 250
    assert "secret-folder" not in message


def test_a_damaged_file_is_a_stack_or_a_sentence(tmp_path: Path) -> None:
    """Good HDF5 files with random bytes flipped or cut; whatever the library does, we go on."""
    rng = np.random.default_rng(1)
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        file.create_dataset("group/s", data=STACK[:2], compression="gzip")
    good, path = buffer.getvalue(), tmp_path / "fuzz.h5"
    for _ in range(8):
        data = bytearray(good)
        for _ in range(rng.integers(1, 12)):
            data[rng.integers(8, min(len(data), 3000))] = rng.integers(256)
        path.write_bytes(bytes(data[: rng.integers(500, len(data) + 1)]))
        try:
            assert read_stack(path).ndim in (2, 3)
        except ValueError as error:
            assert "\n" not in str(error)


def test_a_reader_that_hangs_or_dies_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "f.h5"
    _h5(s=STACK)(path)
    monkeypatch.setattr(hdf5, "_CHILD", "import time; time.sleep(30)")
    monkeypatch.setattr(hdf5, "_SECONDS", 0.2)
    with pytest.raises(ValueError, match="within"):
        read_stack(path)
    monkeypatch.setattr(hdf5, "_SECONDS", 30)
    monkeypatch.setattr(hdf5, "_CHILD", "import os; os.abort()")
    with pytest.raises(ValueError, match="damaged"):
        read_stack(path)
