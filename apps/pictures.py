"""The pictures of the front page, drawn in a process of their own: ``python -m apps.pictures``.

Opening a model takes memory and both hands of the machine; here it is a process of low priority for
one app after the other, which prints its picture as a line and is gone. The site keeps the pictures
in memory, looks again when they are old, and never waits for one.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import importlib
import json
import logging
import os
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from apps.registry import APPS, AppEntry
from apps.shared.page.picture import Picture

__all__ = ["Gallery", "main"]

_log = logging.getLogger(__name__)

_LINE_BYTES = 8 * 2**20
_LOOK_S = 60.0  # between two looks at how old the pictures are
_TIME_LIMIT_S = 1800.0  # for a process that draws, on a machine that is busy
_AGAIN_S = 600.0  # after a failure


class Gallery:
    """The newest picture of each app.

    Args:
        apps: whose pictures are wanted.
        command: of the process that draws; the name of a module follows it.
    """

    def __init__(
        self, apps: Sequence[AppEntry],
        command: Sequence[str] = (sys.executable, "-m", "apps.pictures", "--end-with-input"),
    ) -> None:
        self._modules = {app.picture_module: app.path for app in apps if app.picture_module}
        self._command = tuple(command)
        self._pictures: dict[str, Picture] = {}
        self._due: dict[str, float] = dict.fromkeys(self._modules, 0.0)
        self.version = 0

    def get(self, path: str) -> Picture | None:
        """The picture of the app at ``path``, if there is one by now."""
        return self._pictures.get(path)

    @property
    def whole(self) -> bool:
        """Whether every picture was tried."""
        return all(self._due.values())

    async def keep(self) -> None:
        """Draw what is due, again and again, until cancelled."""
        while True:
            for name in [name for name, when in self._due.items() if time.monotonic() >= when]:
                try:
                    await self._draw(name)
                except (OSError, ValueError):
                    _log.exception("the picture of %s could not be drawn", name)
                if time.monotonic() >= self._due[name]:  # it failed: not again at once
                    self._due[name] = time.monotonic() + _AGAIN_S
            await asyncio.sleep(_LOOK_S)

    async def _draw(self, module: str) -> None:
        process = await asyncio.create_subprocess_exec(
            *self._command, module, stdout=asyncio.subprocess.PIPE,
            stdin=asyncio.subprocess.PIPE,  # it ends when this one is gone, however that happens
            stderr=asyncio.subprocess.DEVNULL, limit=_LINE_BYTES, cwd=Path(__file__).parents[1],
        )
        assert process.stdin is not None and process.stdout is not None
        try:
            async with asyncio.timeout(_TIME_LIMIT_S):
                async for line in process.stdout:
                    self._take(line.decode())
                process.stdin.close()
                await process.wait()
        except TimeoutError:
            _log.warning("the picture of %s took too long", module)
        finally:
            await _end(process)

    def _take(self, line: str) -> None:
        name, _, text = line.partition(" ")
        if name not in self._modules:
            return  # a library that prints
        answer = json.loads(text)
        if "error" in answer:
            _log.warning("%s: %s", name, answer["error"])
            return
        picture = Picture.from_json(text)
        self._pictures[self._modules[name]] = picture
        self._due[name] = time.monotonic() + picture.lasts_s
        self.version += 1


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill it if it still runs.

    One that has ended by itself is left to asyncio: killing looks first whether it has ended, which
    takes its exit status away from asyncio, and that says so at every picture.
    """
    assert process.stdin is not None
    process.stdin.close()
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _end_with_input() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


def main() -> int:
    """Draw the pictures of the modules and print each as soon as it is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    known = [app.picture_module for app in APPS]
    parser.add_argument("modules", nargs="*", default=known, help="by default those of all apps")
    parser.add_argument("--end-with-input", action="store_true",
                        help="end when the standard input is closed, as it is when a site dies")
    arguments = parser.parse_args()
    if hasattr(os, "nice"):
        os.nice(10)  # requests go first
    if arguments.end_with_input:
        threading.Thread(target=_end_with_input, daemon=True).start()
    for name in arguments.modules:
        try:
            text = importlib.import_module(name).draw().to_json()
        except Exception as error:  # the picture of another app may still be drawn
            text = json.dumps({"error": f"{type(error).__name__}: {error}"})
        print(name, text, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
