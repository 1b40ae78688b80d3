"""Recording, opening a day and search among 100,000 announcements; see benchmarks/literature.py.

The abstracts are made up by recombining sentences of the primer, as there.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from core.literature.arxiv.announcement import Announcement, Batch
from core.literature.library.announcements import Announcements
from core.literature.library.library import Library
from core.literature.library.primer import read_primer
from core.literature.text.paper import Paper
from core.literature.text.text import sentences

__all__ = ["announcements_part"]

CATEGORIES = ("astro-ph.CO", "gr-qc", "astro-ph.GA", "hep-ph")
FIRST = date(2010, 1, 4)
QUERIES = (
    "dark matter", "weak lensing shear power spectrum", "void", "the hubble constant tension",
    "lovelace", "rubin voids", '"cosmic microwave background"', "galaxy", "sigma8", "banana",
    "baryon acoustic oscillations redshift survey", "universe galaxy matter dark", "h0 lcdm",
)


def make_announcements(path: Path, count: int, a_day: int = 100) -> Announcements:
    """An announcement in one or two categories a paper, a hundred a day."""
    known = [sentence for passage in read_primer() for sentence in sentences(passage.text)]
    rng = np.random.default_rng(0)
    announcements = Announcements(Library.open(path, primer=False))
    for start in range(0, count, a_day):
        announcements.record(_batch(rng, known, FIRST + timedelta(days=start // a_day), a_day))
    return announcements


def _batch(rng: np.random.Generator, known: list[str], day: date, count: int) -> Batch:
    names = ("Ada Lovelace", "Vera C. Rubin", "Jörg Müller", "Henrietta Leavitt", "Fritz Zwicky")
    items = []
    for number in range(count):
        chosen = [known[i] for i in rng.integers(len(known), size=rng.integers(5, 10))]
        own = rng.choice(CATEGORIES, size=rng.integers(1, 3), replace=False, p=(0.4, 0.3, 0.2, 0.1))
        paper = Paper(
            f"{day:%y%m}.{day.day:02d}{number:03d}", " ".join(chosen[0].split()[:8]),
            " ".join(chosen), tuple(rng.choice(names, size=3)), day, tuple(map(str, own)),
        )
        items.append(Announcement(paper, day))
    return Batch(day, CATEGORIES, tuple(items), "feed", datetime.now(UTC))


def best_ms(work: Callable[[], object], repeats: int = 5) -> float:
    """The shortest time in milliseconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return 1e3 * min(times)


def announcements_part(path: Path | None, count: int) -> None:
    """Print the times."""
    with tempfile.TemporaryDirectory() as folder:
        path = path or Path(folder) / "library.sqlite"
        start = time.perf_counter()
        store = (
            Announcements(Library.open(path, primer=False)) if path.exists()
            else make_announcements(path, count)
        )
        held = store.library.one("SELECT count(*) FROM announced")[0]
        print(f"{held:,} announcements, made in {time.perf_counter() - start:.0f} s, "
              f"{path.stat().st_size / 1e6:.0f} MB")
        _days(store, path)
        _searches(store)


def _days(store: Announcements, path: Path) -> None:
    days = [day for day, _ in store.days(CATEGORIES, 10_000)]
    rng = np.random.default_rng(1)
    known = [sentence for passage in read_primer() for sentence in sentences(passage.text)]

    def record() -> None:
        store.record(batches.pop())

    batches = [_batch(rng, known, days[0] + timedelta(days=i), 100) for i in range(5, 0, -1)]
    print(f"{'ms':46s}     best of 5")
    for name, work in (
        ("record a batch of 100", record),
        ("open the library", lambda: Library(path).close()),
        ("the last batch of a category", lambda: store.last(CATEGORIES[:1])),
        ("the last batch of four categories", lambda: store.last(CATEGORIES)),
        ("a batch in the middle", lambda: store.batch(days[len(days) // 2], CATEGORIES[:2])),
        ("the list of 60 days", lambda: store.days(CATEGORIES)),
    ):
        print(f"{name:46s} {best_ms(work):8.1f}")
    code = (
        "import sys, time; from pathlib import Path\n"
        "from core.literature.library.library import Library\n"
        "from core.literature.library.announcements import Announcements\n"
        "start = time.perf_counter()\n"
        "Announcements(Library.open(Path(sys.argv[1]), primer=False)).last(['astro-ph.CO'])\n"
        "print(1e3 * (time.perf_counter() - start))"
    )
    run = [sys.executable, "-c", code, str(path)]
    found = [float(subprocess.run(run, check=True, capture_output=True).stdout) for _ in range(5)]
    print(f"{'a new process: open, the last batch':46s} {min(found):8.1f}")


def _searches(store: Announcements) -> None:
    first = FIRST + timedelta(days=400)
    kinds: dict[str, dict] = {
        "all": {}, "one category": {"categories": ["hep-ph"]},
        "30 days long ago": {"since": first, "until": first + timedelta(days=30)},
    }
    print(f"\n{'search, ms':46s} {'found':>8s}" + "".join(f"{name:>18s}" for name in kinds))
    worst = 0.0
    for query in QUERIES:
        found = len(store.search(query))
        times = [
            best_ms(lambda q=query, o=options: store.search(q, **o))  # type: ignore[misc]
            for options in kinds.values()
        ]
        worst = max(worst, *times)
        print(f"{query:46s} {found:8d}" + "".join(f"{ms:18.1f}" for ms in times))
    print(f"the slowest: {worst:.0f} ms")
