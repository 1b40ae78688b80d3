"""Temporary files: none older than an hour, of a killed process, or after the end."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from apps.shared.server.bounds import files
from apps.shared.server.bounds.files import Keeping, sweep

HOLD = """
import sys, time
from apps.shared.server.bounds import files
folder = files.folder("files")
(folder / "left.npy").write_bytes(b"x" * 1000)
print(folder.parent, flush=True)
time.sleep(600)
"""
NEXT = "from apps.shared.server.temporary import sweep_others; sweep_others()"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(files, "own_folder", lambda: tmp_path)
    return files.folder("files")


def test_old_files_go_with_their_folders_and_the_rest_stays(tmp_path: Path) -> None:
    for name in ("a/old.npy", "a/b/older.npy", "shown/always.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "a" / "old.npy")
    kept = str(tmp_path / "shown" / "always.png")
    assert sweep(tmp_path, time.time() - 3600, [kept]) == 0
    assert sweep(tmp_path, time.time() + 1, [kept]) == 3
    assert [str(path) for path in tmp_path.rglob("*") if path.is_file()] == [kept]
    assert not (tmp_path / "a").exists() and tmp_path.is_dir()


def test_a_copy_counts_from_when_it_was_made(tmp_path: Path) -> None:
    file = tmp_path / "copied.npy"
    file.write_bytes(b"x")
    os.utime(file, (1.0, 1.0))  # as a copy keeps the time of what was copied
    assert sweep(tmp_path, time.time() - 60) == 0 and file.exists()


def test_empty_folders_go_unless_somebody_is_about_to_write(tmp_path: Path) -> None:
    (tmp_path / "empty" / "deep").mkdir(parents=True)
    sweep(tmp_path, time.time() - 3600)
    assert (tmp_path / "empty" / "deep").is_dir()
    for path in (tmp_path / "empty" / "deep", tmp_path / "empty"):
        os.utime(path, (time.time() - 100,) * 2)
    sweep(tmp_path, time.time() - 3600)
    assert not (tmp_path / "empty" / "deep").exists()


def test_too_much_goes_oldest_first(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.npy" for number in range(4)]
    for path in paths:
        path.write_bytes(bytes(2**16))
        time.sleep(0.02)
    most = 2 * files.size(paths[0].stat())
    assert sweep(tmp_path, time.time() - 3600, most=most) == 2
    assert [path.exists() for path in paths] == [False, False, True, True]


def test_small_files_count_with_their_blocks(tmp_path: Path) -> None:
    (tmp_path / "tiny").write_bytes(b"x")
    assert files.size((tmp_path / "tiny").stat()) >= 8192


def test_what_a_killed_process_left_in_a_folder_that_was_named_goes(tmp_path: Path) -> None:
    environment = {**os.environ, "GRADIO_TEMP_DIR": str(tmp_path)}
    first, second = (
        subprocess.Popen([sys.executable, "-c", HOLD], env=environment, stdout=subprocess.PIPE,
                         text=True) for _ in range(2)
    )
    try:
        assert first.stdout is not None and second.stdout is not None
        left, used = Path(first.stdout.readline().strip()), Path(second.stdout.readline().strip())
        assert left.parent == used.parent == tmp_path
        first.send_signal(signal.SIGKILL)
        first.wait()
        (tmp_path / "of-another-program").mkdir()
        assert (left / "files" / "left.npy").exists()
        subprocess.run([sys.executable, "-c", NEXT], env=environment, check=True)
        assert not left.exists() and (used / "files" / "left.npy").exists()
        assert (tmp_path / "of-another-program").is_dir()
    finally:
        for process in (first, second):
            process.kill()
            process.wait()


def test_nothing_is_left_when_the_last_app_ends(root: Path) -> None:
    keeping = Keeping(lambda: ())

    async def serve() -> None:
        async with keeping.lifespan(None):
            async with keeping.lifespan(None):
                (root / "folder").mkdir(parents=True)
                (root / "folder" / "upload.npy").write_bytes(b"x")
                (files.folder("downloads") / "map.png").write_bytes(b"x")
            assert (root / "folder" / "upload.npy").exists()

    asyncio.run(serve())
    assert not [path for path in root.parent.rglob("*") if path.is_file()]


def test_all_of_it_is_looked_at_while_apps_are_served(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "SWEEP_SECONDS", 0.02)
    now = time.time()
    keeping = Keeping(lambda: (), lambda: now)
    made = [root / "upload.npy", files.folder("downloads") / "map.png"]

    async def serve() -> None:
        nonlocal now
        async with keeping.lifespan(None):
            for path in made:
                path.write_bytes(b"x")
            await asyncio.sleep(0.2)
            assert all(path.exists() for path in made)
            now += 3600
            while any(path.exists() for path in made):
                await asyncio.sleep(0.02)

    asyncio.run(asyncio.wait_for(serve(), 30))


def test_everything_that_apps_write_for_visitors_lies_there() -> None:
    from apps.shared import downloads
    from apps.shared.server import launch  # noqa: F401 - it names the folder to Gradio

    root = files.folder("files").parent
    assert Path(os.environ["GRADIO_TEMP_DIR"]).is_relative_to(root)
    assert Path(downloads.to_files({"a.npy": b"x"})[0]).is_relative_to(root)
    assert root.stat().st_mode & 0o077 == 0
