"""Many people in the studio at once: errors, waiting times, memory, and words that keep flowing.

    python -m benchmarks.load [--minutes 1] [--users 20] [--pause 8] [--write]

The studio runs in a process of its own; the visitors (:mod:`benchmarks._users`) speak its protocol
as browsers do, with all scripts and styles, and share the machine with it. They open pages, move
sliders, upload, ask, read the day, and some are programs. The last line is JSON:

- ``requests``, ``errors``: of everything, and how many went wrong;
- ``front_page``: seconds, median, 95% and longest, of a front page asked for every second;
- ``memory_mb_a_minute``: growth of the studio's memory after the first 40% of the time, by least
  squares; ``memory_mb`` in the third and in the last quarter of the time;
- ``first_word``, ``between_words``: seconds of CosmoGemma's answers, while maps are drawn;
- ``slider_to_maps``: seconds from a slider of HI maps to its maps;
- ``map_waits``: the mean of these for each visitor who moved it at least three times: shortest,
  median and longest mean, and the longest over the median and over the shortest;
- ``sent_again``: requests that were sent once more on a new connection, because the server had
  closed the one that was kept (:mod:`benchmarks._connections`);
- ``waiting_told``: how many times a page said what it waits for.

``--write`` keeps docs/figures/apps/load.png and load.csv, the figures in docs/measured/load.json,
and makes the table of docs/reliability.md.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks._browser import Browser, Figures
from benchmarks._studio import Memory, Studio, recorded_assets, studio
from benchmarks._users import visitor
from benchmarks.progress import keep
from benchmarks.results import write_tables

FIGURES = Path(__file__).parents[1] / "docs" / "figures" / "apps"
WARM = 0.4
"""Of the time: models load, caches fill."""
ENOUGH = 3
"""Moves of a slider from which a visitor's mean wait says something."""
GRACE = 300.0
"""Seconds after the end in which what was asked for has to come."""


async def load(one: Studio, assets: dict[str, list[str]], minutes: float, users: int, pause: float,
               seed: int) -> Figures:
    """Let people in, and out again."""
    figures = Figures()
    end = time.monotonic() + 60 * minutes
    people = []
    for i in range(users):
        browser = Browser(one.address, figures, assets, f"visitor {i}")
        person = visitor(browser, random.Random(f"{seed} {i}"), pause, end)
        people.append(asyncio.create_task(person))
    front = asyncio.create_task(_ask_front_page(one.address, figures, end))
    _, late = await asyncio.wait([front, *people], timeout=60 * minutes + GRACE)
    for task in late:
        figures.fail("a visitor", f"still waited {GRACE:.0f} s after the end")
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    return figures


async def _ask_front_page(address: str, figures: Figures, end: float) -> None:
    """The front page every second, without the assets a browser would ask for."""
    browser = Browser(address, figures)
    while time.monotonic() < end:
        try:
            await browser.get("/", "front page, every second")
        except Exception as error:
            figures.fail("front page", repr(error))
        await asyncio.sleep(1.0)
    await browser.close()


def spread(values: Sequence[float]) -> list[float]:
    """Median, 95% and longest."""
    if not values:
        return []
    return [round(float(v), 3) for v in (*np.quantile(values, (0.5, 0.95)), max(values))]


def waits_of_visitors(waits: Mapping[str, Sequence[float]], at_least: int = ENOUGH
                      ) -> dict[str, object]:
    """How evenly visitors waited: the mean of each who asked often enough, and their ratios.

    Args:
        waits: seconds, by visitor.
        at_least: requests that a visitor has to have.
    """
    means = sorted(float(np.mean(own)) for own in waits.values() if len(own) >= at_least)
    middle = float(np.median(means)) if means else 0.0
    return {
        "visitors": len(means), "at_least": at_least,
        "mean_s": [round(v, 1) for v in (means[0], middle, means[-1])] if means else [],
        "longest_to_median": round(means[-1] / middle, 2) if len(means) > 1 else None,
        "longest_to_shortest": round(means[-1] / means[0], 2) if len(means) > 1 else None,
    }


def report(one: Studio, figures: Figures, minutes: float, users: int) -> dict[str, object]:
    """Print it all, and return what the last line says."""
    print(f"{'seconds':52s} {'count':>7s} {'median':>8s} {'95%':>8s} {'longest':>8s}")
    for kind, values in sorted(figures.seconds.items()):
        median, most, longest = spread(values)
        print(f"{kind:52s} {len(values):7d} {median:8.2f} {most:8.2f} {longest:8.2f}")
    for error in sorted(set(figures.errors)):
        print(f"ERROR {figures.errors.count(error)} x {error}")
    for words in sorted(set(figures.words))[:: max(len(set(figures.words)) // 8, 1)]:
        print(f"said while waiting: {words}")
    memory, seconds = one.memory, figures.seconds
    for name, own in sorted(figures.waits.items(), key=lambda item: np.mean(item[1])):
        print(f"{name}: {len(own)} times from a slider to its maps, {np.mean(own):.1f} s")
    return {
        "users": users, "minutes": minutes,
        "requests": sum(map(len, figures.seconds.values())), "errors": len(figures.errors),
        "megabytes_sent": round(figures.bytes / 1e6),
        "front_page": spread(figures.seconds.get("front page, every second", [])),
        "start": [round(s, 1) for s in one.start],
        "memory_mb": [round(memory.mean(0.5, 0.75)), round(memory.mean(0.75, 1.0))],
        "memory_mb_a_minute": round(memory.slope(WARM * memory.seconds[-1]), 1),
        "threads": max(memory.threads),
        "first_word": spread(figures.seconds.get("CosmoGemma: the first word", [])),
        "between_words": spread(figures.gaps), "waiting_told": len(figures.words),
        "slider_to_maps": spread(seconds.get("HI maps: a slider to its maps", [])),
        "map_waits": waits_of_visitors(figures.waits),
        "reionization": spread(seconds.get("reionization: opened, all there", [])),
        "sent_again": figures.sent_again,
    }


def draw(memory: Memory, path: Path) -> None:
    """The memory over time."""
    from matplotlib.figure import Figure

    figure = Figure((7, 3.2), layout="constrained")
    axes = figure.subplots()
    minutes = np.array(memory.seconds) / 60
    axes.plot(minutes, memory.megabytes, color="#0b6477")
    axes.axvspan(0, WARM * minutes[-1], color="#0b6477", alpha=0.08, lw=0)
    axes.set(xlabel="minutes", ylabel="memory of the studio [MB]", ylim=(0, None),
             xlim=(0, minutes[-1]))
    figure.savefig(path, dpi=150, metadata={"Software": None})


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--pause", type=float, default=8.0, help="mean seconds between two things")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--settle", type=float, default=180.0,
                        help="seconds to wait at most for the front page's pictures")
    parser.add_argument("--write", action="store_true",
                        help="keep figure and CSV in docs/figures/apps")
    wanted = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the studio ends too
    with studio(settle=wanted.settle) as one:
        print(f"front page after {one.start[0]:.1f} s, all apps after {one.start[1]:.1f} s")
        assets = recorded_assets(one.address)
        one.watch()
        figures = asyncio.run(
            load(one, assets, wanted.minutes, wanted.users, wanted.pause, wanted.seed))
        print(one.log.read_text(errors="replace")[-3000:])
        found = report(one, figures, wanted.minutes, wanted.users)
    found = {"command": f"python -m benchmarks.load --minutes {wanted.minutes:g} "
                        f"--users {wanted.users} --write", **found}
    if wanted.write:
        one.memory.write(FIGURES / "load.csv")
        draw(one.memory, FIGURES / "load.png")
        keep("load", found)
        write_tables()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
