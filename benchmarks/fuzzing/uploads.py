"""Every reader of a file that somebody uploads, given spoiled files as the page would give them."""

from __future__ import annotations

import json
import random
import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.fuzzing.mutations import spoil_bytes, spoil_json
from benchmarks.fuzzing.sandbox import Work
from benchmarks.fuzzing.upload_files import npy_files, spoiled

__all__ = ["prepare_uploads"]

UPLOAD_KINDS = (
    ("HI map", "npy", 13), ("HI map", "npz", 13), ("HI map", "fits", 13),
    ("21 cm image", "npy", 10), ("21 cm image", "npz", 10), ("21 cm image", "fits", 10),
    ("21 cm image", "h5", 8), ("profile", "json", 9), ("announcements", "jsonl", 9),
    ("CMD folder", "npy", 5),
)
"""Reader, format and share in hundredths."""


def prepare_uploads(seed: int, keep: Path | None = None) -> Callable[[], Work]:
    """What makes the work of :func:`benchmarks.fuzzing.sandbox.run_cases`.

    Args:
        seed: case ``i`` is a function of this and of ``i``.
        keep: folder in which the file of each case is left.
    """

    def prepare() -> Work:
        import apps.hi_maps.inputs
        import apps.reionization.inputs  # noqa: F401
        from apps.skimarxiv.pages import settings  # noqa: F401

        folder = tempfile.TemporaryDirectory(prefix="fuzz-")
        library = _library(Path(folder.name))

        def work(case: int) -> tuple[str, Callable[[], str]]:
            chance = random.Random(f"{seed} uploads {case}")
            reader, form, _ = chance.choices(UPLOAD_KINDS, [share for *_, share in UPLOAD_KINDS])[0]
            path = (keep or Path(folder.name)) / f"case_{case}.{form}"
            path.write_bytes(_bytes(reader, form, chance))

            def do() -> str:
                try:
                    return _READERS[reader](path, library)
                finally:
                    if keep is None:
                        path.unlink(missing_ok=True)

            return f"{reader} .{form}", do

        return work

    return prepare


def _bytes(reader: str, form: str, chance: random.Random) -> bytes:
    if reader == "profile":
        text = _profile()
        return spoil_json(text, chance) if chance.random() < 0.7 else spoil_bytes(
            text.encode(), chance)
    if reader == "announcements":
        return _spoiled_announcements(chance)
    if reader == "CMD folder" and chance.random() < 0.5:
        return spoil_bytes(_parameters(), chance) + b"\x00PARAMETERS"
    return spoiled(form, chance)


# -- maps ---------------------------------------------------------------------------------------


def _hi_map(path: Path, _: Path) -> str:
    from apps.hi_maps import inputs

    found = inputs.choose({"source": "file", "file": str(path)})
    assert found.sigma.shape == (64, 64) and np.isfinite(found.sigma).all()
    assert (found.sigma > 0).all()
    assert found.truth is None or np.isfinite(found.truth).all()
    return "value"


def _image(path: Path, _: Path) -> str:
    from apps.reionization import inputs, observing
    from apps.reionization.pages import ionize
    from core.reionization.images import prepare_images

    values = {"source": "file", "file": str(path), "z": 8.0, "cell": 2.0, "kind": "clean"}
    assert np.isfinite(list(inputs.fill_from_file(values).values())).all()
    image = inputs.choose(values)
    assert np.isfinite(image.image).all()
    assert ionize.choose(values).density.ndim in (2, 3)
    observation = observing.observation_of("aa_star", 1000, False)
    observed = observing.observe_image(image, observation, 1, 16)
    ready = prepare_images(observed.image, image.cell_mpc)
    assert ready.shape[1:] == (64, 64) and np.isfinite(ready).all()
    return "value"


def _cmd_folder(path: Path, _: Path) -> str:
    from core.fields import CamelsMaps

    data = path.read_bytes()
    maps, parameters = data, _parameters()
    if data.endswith(b"\x00PARAMETERS"):
        maps, parameters = _stack(), data.removesuffix(b"\x00PARAMETERS")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "Maps_HI_X_LH_z=0.00.npy").write_bytes(maps)
        (Path(folder) / "params_LH_X.txt").write_bytes(parameters)
        found = CamelsMaps.open(folder)
        assert len(found) == 15 * found.n_simulations
        found.at_size(found.maps.shape[-1])
    return "value"


def _parameters() -> bytes:
    return b"# Omega_m sigma_8 A_SN1 A_AGN1\n0.3 0.8 1.0 1.0\n0.2 0.9 1.0 1.0\n"


def _stack() -> bytes:
    array = np.frombuffer(npy_files()[0][-16384:], np.float32).reshape(64, 64)
    header = np.lib.format.magic(1, 0)
    text = "{'descr': '<f4', 'fortran_order': False, 'shape': (30, 64, 64), }".ljust(117) + "\n"
    return header + len(text).to_bytes(2, "little") + text.encode() + array.tobytes() * 30


# -- texts --------------------------------------------------------------------------------------


def _profile() -> str:
    from core.literature.ranking.profile import Profile

    return Profile(
        "weak lensing\nvoids", ("2301.01234",), ("2302.01234", "hep-th/9901001"), ("2303.01234",),
        ("Ada Lovelace",), ("axion",), ("astro-ph.CO", "gr-qc"), {"2304.01234": 2},
        {"2304.01234": "Read it."}, {"H_0": (70.0, 1.0)}, "2026-11-20",
    ).to_json()


def _read_profile(path: Path, library: Path) -> str:
    from apps.skimarxiv.pages.settings import _import
    from core.literature.library.library import Library
    from core.literature.ranking.profile import Profile
    from core.literature.ranking.rank import rank
    from core.literature.skim.sample import sample_batch

    shown = _import({"file": str(path)})
    if "profile" not in shown:  # the page's own refusal
        raise ValueError(_words(shown["note"]))
    read = Profile.from_json(shown["profile"])
    assert Profile.from_json(read.to_json()) == read
    papers = [item.paper for item in sample_batch().announcements[:5]]
    assert len(rank(papers, read, Library(library), meaning=False)) == len(papers)
    return "value"


def _words(note: str) -> str:
    import html
    import re

    return html.unescape(re.sub(r"<[^>]*>", "", note)).strip()


def _library(folder: Path) -> Path:
    """A library with a day in it."""
    from core.literature.arxiv.announcement import Announcement, Batch
    from core.literature.library.announcements import Announcements
    from core.literature.library.library import Library
    from core.literature.text.paper import Paper

    path = folder / "library.sqlite"
    announcements = Announcements(Library.open(path, primer=False))
    day = date(2026, 11, 23)
    items = tuple(
        Announcement(Paper(f"2611.0{n:04d}", f"Voids {n}", "We count voids at $z<1$.",
                           ("Ada Lovelace",), day, ("astro-ph.CO",)), day)
        for n in range(1, 5)
    )
    announcements.record(Batch(day, ("astro-ph.CO",), items, "feed", datetime.now(UTC)))
    announcements.export(folder / "good.jsonl")
    announcements.library.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    announcements.library.close()
    return path


def _spoiled_announcements(chance: random.Random) -> bytes:
    head = '{"format": "CosmoDesk announcements", "version": 1}'
    row: dict[str, Any] = {
        "id": "2611.00009", "version": 1, "day": "2026-11-23", "title": "A title",
        "abstract": "We count voids.", "doi": "", "journal": "", "authors": ["A. Lovelace"],
        "published": "2026-11-23", "categories": ["astro-ph.CO"],
        "listed": {"astro-ph.CO": ["new"]}, "origin": "feed",
        "fetched": "2026-11-23T05:00:00+00:00",
    }
    lines = [head.encode()]
    for number in range(chance.choice((1, 3, 600))):
        text = json.dumps({**row, "id": f"2611.{number:05d}"})
        lines.append(spoil_json(text, chance) if chance.random() < (0.5 if number < 3 else 0.001)
                     else text.encode())
    data = chance.choice((b"\n", b"\n", b"\n", b"\r\n", b"\n\n", b"\r")).join(lines)
    return spoil_bytes(data, chance) if chance.random() < 0.4 else data


def _import_announcements(path: Path, library: Path) -> str:
    from core.literature.library.announcements import Announcements
    from core.literature.library.library import Library

    copy = shutil.copy(library, path.with_suffix(".sqlite"))
    store = Announcements(Library(Path(copy)))
    try:
        before = list(store.library.connection.iterdump())
        try:
            new = store.import_(path)
        except ValueError:
            assert list(store.library.connection.iterdump()) == before, "a refused file changed it"
            raise
        _same_again(store, new, path)
    finally:
        store.library.close()
        for left in path.parent.glob(f"{path.stem}.sqlite*"):
            left.unlink()
    return "value"


def _same_again(store: Any, new: int, path: Path) -> None:
    """What was taken in can be read, and goes out and in again."""
    from core.literature.library.announcements import Announcements
    from core.literature.library.library import Library

    for category, day in store.library.connection.execute(
        "SELECT DISTINCT category, day FROM issues LIMIT 50"
    ).fetchall():
        assert store.batch(date.fromisoformat(day), [category]) is not None
    out = path.with_suffix(".out")
    other = Announcements(Library(path.with_suffix(".sqlite2")))
    try:
        count = store.export(out)
        assert count >= new
        other.import_(out)
        assert other.export(out.with_suffix(".out2")) == count
        assert out.read_bytes() == out.with_suffix(".out2").read_bytes()
    finally:
        other.library.close()
        for left in (*path.parent.glob(f"{path.stem}.sqlite2*"), out, out.with_suffix(".out2")):
            left.unlink(missing_ok=True)


_READERS: dict[str, Callable[[Path, Path], str]] = {
    "HI map": _hi_map, "21 cm image": _image, "CMD folder": _cmd_folder,
    "profile": _read_profile, "announcements": _import_announcements,
}
