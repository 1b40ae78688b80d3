"""The pictures of the front page, drawn in a process of their own: ``python -m apps.pictures``.

Opening every model takes memory and both hands of the machine; here it is a process with the least
priority that prints its pictures, a line each, and is gone. The site keeps them in memory, looks
again when they are old, and never waits for one.
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
import time
from collections.abc import Sequence
from pathlib import Path

from apps.registry import APPS, AppEntry
from apps.shared.picture import Picture

__all__ = ["Gallery", "main"]

_log = logging.getLogger(__name__)

_LINE_BYTES = 8 * 2**20
_LOOK_S = 60.0  # between two looks at how old the pictures are
_PATIENCE_S = 900.0  # for a process that draws, on a machine that is busy


class Gallery:
    """The newest picture of each app.

    Args:
        apps: whose pictures are wanted.
        command: of the process that draws; the modules' names follow it.
    """

    def __init__(
        self, apps: Sequence[AppEntry],
        command: Sequence[str] = (sys.executable, "-m", "apps.pictures"),
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
            due = [name for name, when in self._due.items() if time.monotonic() >= when]
            if due:
                try:
                    await self._draw(due)
                except (OSError, ValueError):
                    _log.exception("the pictures of the front page could not be drawn")
                for name in due:  # those that failed are not tried again at once
                    if time.monotonic() >= self._due[name]:
                        self._due[name] = time.monotonic() + 3600.0
            await asyncio.sleep(_LOOK_S)

    async def _draw(self, modules: Sequence[str]) -> None:
        process = await asyncio.create_subprocess_exec(
            *self._command, *modules, stdout=asyncio.subprocess.PIPE, stdin=None,
            stderr=asyncio.subprocess.DEVNULL, limit=_LINE_BYTES, cwd=Path(__file__).parents[1],
        )
        assert process.stdout is not None
        try:
            async with asyncio.timeout(_PATIENCE_S):
                async for line in process.stdout:
                    self._take(line.decode())
        except TimeoutError:
            _log.warning("the pictures of the front page took too long")
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    def _take(self, line: str) -> None:
        name, _, said = line.partition(" ")
        if name not in self._modules:
            return  # a library that prints
        answer = json.loads(said)
        if "error" in answer:
            _log.warning("%s: %s", name, answer["error"])
            return
        picture = Picture.from_json(said)
        self._pictures[self._modules[name]] = picture
        self._due[name] = time.monotonic() + picture.lasts_s
        self.version += 1


def main() -> int:
    """Draw the pictures of the modules and print each as soon as it is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    known = [app.picture_module for app in APPS]
    parser.add_argument("modules", nargs="*", default=known, help="by default those of all apps")
    chosen = parser.parse_args().modules
    if hasattr(os, "nice"):
        os.nice(19)  # whoever asks something goes first
    for name in chosen:
        try:
            said = importlib.import_module(name).draw().to_json()
        except Exception as error:  # the picture of another app may still be drawn
            said = json.dumps({"error": f"{type(error).__name__}: {error}"})
        print(name, said, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
