"""How a good file is spoiled: bytes, numbers, the parts of a JSON text."""

from __future__ import annotations

import json
import math
import random
import re
from collections.abc import Sequence
from typing import Any

__all__ = ["EVIL_NUMBERS", "EVIL_TEXTS", "spoil_bytes", "spoil_json"]

EVIL_NUMBERS = (
    "0", "-1", "1", "2147483647", "2147483648", "4294967295", "9223372036854775807",
    "18446744073709551616", "99999999999999999999999", "1e308", "1e400", "-1e400", "nan", "inf",
    "1.5", "0x10", "1_000", "9" * 5000, "-0", "65536", "100000", "",
)
EVIL_TEXTS = (
    "", " ", "\x00", "\x1b[31m", "‮abc", "​", "﻿", "Ä́̂̃" * 200, "A" * 100_000,
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;b&gt;", "&#x202e;", "]]>",
    "../../../../etc/passwd", "C:\\con\\nul", "%00%2e%2e", "'; DROP TABLE papers; --", "{}" * 500,
    "$" * 999, "$x" * 3000, "{" * 5000, "\\frac{" * 3000, "\\" * 5001, "$$" + "{a}" * 4000,
    "\\href{javascript:alert(1)}{x}", "(" * 4000, "((a)" * 3000, "and " * 5000, "," * 20_000,
    "0." * 5000, "1 ± " * 3000, "H_0 = " * 2000, "$\\sigma_8 = 0.8 \\pm" * 1500, "1" * 50_000,
    "z = 1" * 4000, "a" * 5000 + "!", " \t" * 20_000, "é" * 30_000, "😀" * 10_000, "e.g. " * 6000,
    "km s^{-1} " * 4000, "et al. " * 4000, "\\'{" * 3000, "\\textbf{" * 3000 + "}" * 3000,
    "10^{" * 3000, "$10^{-" * 2500, "0.3_{-0.1}^{+0.1}" * 2500, "--" * 9000, "`" * 9000,
    "[a](b" * 3000, "![" * 4000, "|a" * 4000, "\n" * 10_000, "\n> " * 4000, "# " * 5000,
)


def spoil_bytes(data: bytes, chance: random.Random, others: Sequence[bytes] = ()) -> bytes:
    """One to eight changes, most of them where headers and directories are."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        if not changed:
            break
        _change(changed, chance, others)
    return bytes(changed[: 2**21])


def _place(size: int, chance: random.Random) -> int:
    near = chance.random()
    if near < 0.45:
        return chance.randrange(min(size, 700))
    if near < 0.6:
        return size - 1 - chance.randrange(min(size, 400))
    return chance.randrange(size)


def _change(data: bytearray, chance: random.Random, others: Sequence[bytes]) -> None:
    at = _place(len(data), chance)
    length = chance.choice((1, 2, 4, 8, 80, 512, 2880))
    way = chance.randrange(10)
    if way == 0:
        data[at] ^= 1 << chance.randrange(8)
    elif way == 1:
        data[at] = chance.randrange(256)
    elif way == 2:  # a number of some width, at an edge of its range
        width = chance.choice((1, 2, 4, 8))
        value = chance.choice((0, 1, 2**(8 * width) - 1, 2**(8 * width - 1), 2**(8 * width) - 2))
        data[at : at + width] = value.to_bytes(width, chance.choice(("little", "big")))
    elif way == 3:
        del data[at : at + length]
    elif way == 4:
        data[at:at] = data[at : at + length] * chance.choice((1, 2, 50))
    elif way == 5:
        data[at:at] = chance.randbytes(min(length, 512))
    elif way == 6:
        del data[at:]
    elif way == 7:
        data[at : at + length] = bytes([chance.choice((0, 255, 32))]) * len(data[at : at + length])
    elif way == 8:
        numbers = list(re.finditer(rb"\d+", bytes(data[:8000])))
        if numbers:
            found = chance.choice(numbers)
            data[found.start() : found.end()] = chance.choice(EVIL_NUMBERS).encode()
    elif others:
        other = chance.choice(others)
        start = chance.randrange(len(other))
        data[at : at + length] = other[start : start + chance.choice((16, 512, 4096))]


def spoil_json(text: str, chance: random.Random) -> bytes:
    """A JSON text with values, names and depths that nobody expects."""
    tree = json.loads(text)
    for _ in range(chance.choice((1, 1, 2, 4))):
        tree = _spoiled(tree, chance)
    shown = json.dumps(tree, ensure_ascii=chance.random() < 0.5)
    if chance.random() < 0.15:
        shown = shown[: chance.randrange(len(shown) + 1)]
    if chance.random() < 0.1:
        shown = "[" * chance.choice((10, 100_000)) + shown
    return shown.encode("utf-8", "surrogatepass")


def _spoiled(tree: Any, chance: random.Random) -> Any:
    if isinstance(tree, dict) and tree and chance.random() < 0.8:
        key = chance.choice(list(tree))
        if chance.random() < 0.15:
            name = chance.choice(EVIL_TEXTS) if chance.random() < 0.5 else "added"
            return {**tree, name: tree[key]}
        if chance.random() < 0.15:
            return {name: value for name, value in tree.items() if name != key}
        return {**tree, key: _spoiled(tree[key], chance)}
    if isinstance(tree, list) and tree and chance.random() < 0.7:
        at = chance.randrange(len(tree))
        if chance.random() < 0.2:
            return tree * chance.choice((0, 2, 1000))
        return [*tree[:at], _spoiled(tree[at], chance), *tree[at + 1 :]]
    return _evil(chance)


def _evil(chance: random.Random) -> Any:
    return chance.choice((
        None, True, 0, -1, 1.5, 10**30, 10**400, math.nan, math.inf, [], {}, [[]], [None],
        {"a": {}}, "\ud800", "2026-02-30", "0001-01-01", "9999-12-31", "2026-01-01T00:00:00",
        "9999-12-31T23:59:59.999999-23:59", "new", "feed", "2301.01234", "hep-th/9901001",
        chance.choice(EVIL_TEXTS), chance.choice(EVIL_NUMBERS),
    ))
