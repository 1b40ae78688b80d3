"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core import files
from core.files import sweep, whole_file, whole_folder, write_whole

ROOT = Path(__file__).parents[2]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_an_error_leaves_the_old_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a[1]*.txt"
    write_whole(path, b"old")
    with pytest.raises(RuntimeError), whole_file(path) as file:
        file.write(b"half")
        raise RuntimeError
    assert path.read_bytes() == b"old"
    assert names(path.parent) == [path.name]
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_library_that_opens_files_by_name_writes_whole_ones(tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    path = tmp_path / "boxes.h5"
    with whole_file(path) as whole, h5py.File(whole.name, "w", locking=False) as file:
        file["x"] = [1, 2, 3]
        assert not path.exists()
    with h5py.File(path) as file:
        assert file["x"][:].tolist() == [1, 2, 3]
    assert names(tmp_path) == ["boxes.h5"]


def test_what_a_killed_writer_left_goes_and_a_living_one_keeps_its_own(tmp_path: Path) -> None:
    path = tmp_path / "a[1]*.txt"
    code = (
        "import os, signal, sys; from pathlib import Path; from core.files import whole_file\n"
        "with whole_file(Path(sys.argv[1])) as file:\n"
        "    file.write(b'half')\n    os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT, check=False,
                            env=os.environ)
    assert killed.returncode == -signal.SIGKILL
    (left,) = names(tmp_path)
    with whole_file(path) as file:
        assert left not in names(tmp_path)
        file.write(b"first")
        write_whole(path, b"second")  # another writer at the same time
        assert path.read_bytes() == b"second"
    assert path.read_bytes() == b"first"
    assert names(tmp_path) == [path.name]
    assert sweep(tmp_path, "*") == 0


def test_a_folder_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "model"
    with pytest.raises(RuntimeError, match="half"), whole_folder(target) as folder:
        (folder / "a").write_text("1")
        raise RuntimeError("half")
    assert list(tmp_path.iterdir()) == []
    with whole_folder(target) as folder:
        (folder / "a").write_text("1")
        assert not target.exists()
        with whole_folder(target) as faster:
            (faster / "a").write_text("2")
    assert (target / "a").read_text() == "2"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("opened_first", [True, False])
def test_a_folder_swept_before_it_is_locked_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened_first: bool
) -> None:
    opened, swept = files._opened_folder, []

    def beside_a_sweep(folder: Path) -> int | None:
        if swept:
            return opened(folder)
        swept.append(folder)
        handle = opened(folder) if opened_first else None
        folder.rmdir()
        return handle

    monkeypatch.setattr(files, "_opened_folder", beside_a_sweep)
    with whole_folder(tmp_path / "model") as folder:
        (folder / "a").write_text("1")
    assert swept and names(tmp_path) == ["model"]


FOLDER = """
import sys, time
from pathlib import Path
from core.files import whole_folder
with whole_folder(Path(sys.argv[1]) / "model") as folder:
    (folder / "weights").write_bytes(b"half")
    print("writing", flush=True)
    time.sleep(60)
"""


def test_what_a_killed_writer_of_a_folder_left_goes_and_what_another_writes_stays(
    tmp_path: Path,
) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", FOLDER, str(tmp_path)], cwd=ROOT, text=True,
                                stdout=subprocess.PIPE) for _ in range(2)]
    try:
        for writer in writers:
            assert writer.stdout is not None and writer.stdout.readline() == "writing\n"
        assert len(names(tmp_path)) == 2
        writers[0].send_signal(signal.SIGKILL)
        writers[0].wait()
        (tmp_path / ".model.of_mine").mkdir()  # no temporary one, by its name and by what is in it
        (tmp_path / ".model.ours0000").mkdir()
        (tmp_path / ".model.ours0000" / "notes").touch()
        with whole_folder(tmp_path / "model") as folder:
            (folder / "weights").write_bytes(b"whole")
        assert (tmp_path / "model" / "weights").read_bytes() == b"whole"
        left = [name for name in names(tmp_path)
                if name not in ("model", ".model.of_mine", ".model.ours0000")]
        assert len(left) == 1 and (tmp_path / left[0] / "model" / "weights").is_file()
        assert len(names(tmp_path)) == 4
    finally:
        for writer in writers:
            writer.kill()
            writer.communicate()
