"""The options of a server: ``python -m apps --port 8000``, and the same for an app alone.

An option stands above the environment variable of the same name, which stands above the default:
it is put into the environment, so that whatever reads a setting, child processes too, finds it.
Nothing heavy is imported here, so that --help and --version answer at once.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from core import __version__

__all__ = ["read_options"]

_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_PREFIX = "COSMODESK_"


class _Parser(argparse.ArgumentParser):
    """Refuses in one sentence, without a page of usage in front of it."""

    def error(self, message: str) -> NoReturn:
        shown = "".join(c if c.isprintable() else repr(c)[1:-1] for c in message)
        print(f"{self.prog}: {shown[:300]}; --help lists the options.", file=sys.stderr)
        sys.exit(2)


def read_options(module: str, title: str, arguments: Sequence[str]) -> bool:
    """Take the options into the environment.

    Args:
        module: that is run, such as "apps.hi_maps".
        title: of what it serves.
        arguments: of the command line, without the command.

    Returns:
        Whether a browser was asked for, so that one opens even where no display is found.

    Raises:
        SystemExit: 0 after --help and --version, 2 for a wrong option.
    """
    parser = _parser(module, title)
    given, unknown = parser.parse_known_args(list(arguments))
    if unknown:
        first = unknown[0]
        parser.error(f"there is no option {first!r}" if first.startswith("-")
                     else f"it takes options alone, and {first!r} is none")
    for name, value in vars(given).items():
        if value is not None:
            os.environ[_PREFIX + name.upper()] = str(value)
    return bool(given.open_browser)


def _parser(module: str, title: str) -> _Parser:
    parser = _Parser(
        prog=f"python -m {module}", description=f"Serve {title} until Ctrl+C.", allow_abbrev=False,
        epilog="Each option stands above the environment variable in brackets. README.md lists "
        "more settings.",
    )
    parser.add_argument("--host", type=_host, metavar="ADDRESS",
                        help="to listen on, by default 127.0.0.1 (COSMODESK_HOST)")
    parser.add_argument("--port", type=_port, metavar="NUMBER",
                        help="to listen on, by default 7860 (COSMODESK_PORT)")
    browser = parser.add_mutually_exclusive_group()
    browser.add_argument("--open", dest="open_browser", action="store_true", default=None,
                         help="open the page in a browser, by default where there is a display "
                         "(COSMODESK_OPEN_BROWSER)")
    browser.add_argument("--no-browser", dest="open_browser", action="store_false", default=None,
                         help="open none")
    parser.add_argument("--log-level", type=_level, metavar="LEVEL",
                        help=f"{', '.join(_LEVELS)}; by default WARNING (COSMODESK_LOG_LEVEL)")
    parser.add_argument("--version", action="version", version=f"CosmoDesk {__version__}")
    return parser


def _host(text: str) -> str:
    if not text.strip() or len(text.split()) != 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no address; one is 127.0.0.1")
    return text.strip()


def _level(text: str) -> str:
    if text.upper() not in _LEVELS:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no level; choose {', '.join(_LEVELS[:-1])} or {_LEVELS[-1]}")
    return text.upper()


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= 65535):
        raise argparse.ArgumentTypeError(f"{text!r} is no port; give a whole number, 1 to 65535")
    return int(text)
