"""Turn by turn among visitors: whose request comes next.

Visitors take turns, one request each, however many they wait with. They do so on three levels:
among addresses, among the visitors of an address (each open page is one, all its programs together
are another), and among the sessions of its programs. One client therefore gains nothing by forty
requests and little by forty sessions, while the pages of a classroom behind one address share what
that address gets evenly.

An address gets the square root of the number of its visitors who wait: a class of 25 gets five
turns for each one of somebody who is alone, not 25 and not one. The addresses cannot be told apart
by more than that: one person with 25 pages looks the same.

The turns are those of start-time fair queueing (Goyal, Vin & Cheng 1997, IEEE/ACM ToN 5, 690). On
each level a visitor who begins to wait is due at the level's time, or where its last turn ended;
the one due first is next; its turn costs one over its weight. The level's time grows by at least
one over the weights of those who wait by each turn, so that nobody is overtaken by an endless row
of new visitors.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Protocol

__all__ = ["RoundRobin", "Waiting"]

Prefix = tuple[str, ...]


class Waiting(Protocol):
    """What waits.

    Attributes:
        path: of its visitor, one name for each level.
        arrived: when it came; decides within a visitor, and where visitors are due alike.
    """

    @property
    def path(self) -> Prefix: ...

    @property
    def arrived(self) -> float: ...


class RoundRobin:
    """What waits, in the order of turns.

    Example:
        >>> from types import SimpleNamespace as Request
        >>> robin = RoundRobin()
        >>> for arrived, name in enumerate("AAAB"):
        ...     robin.put(Request(path=(name,), arrived=arrived))
        >>> "".join(request.path[0] for request in robin.order())
        'ABAA'
    """

    def __init__(self) -> None:
        self._waiting: list[Waiting] = []
        self._due: dict[Prefix, float] = {}  # of each visitor, on its level
        self._time: dict[Prefix, float] = {}  # of the level below each
        self._step: dict[Prefix, float] = {}  # by which it grows with the next turn

    def __len__(self) -> int:
        return len(self._waiting)

    def __iter__(self) -> Iterator[Waiting]:
        return iter(self._waiting)

    def put(self, item: Waiting) -> None:
        """Let something wait."""
        for prefix in _prefixes(item.path):
            if not any(other.path[: len(prefix)] == prefix for other in self._waiting):
                self._due[prefix] = max(
                    self._due.get(prefix, 0.0), self._time.get(prefix[:-1], 0.0))
        self._waiting.append(item)

    def remove(self, item: Waiting) -> None:
        """Let it go without a turn, which costs its visitor nothing."""
        self._waiting.remove(item)
        self._forget()

    def take(self) -> Waiting:
        """The next one, which waits no longer.

        Raises:
            IndexError: if nothing waits.
        """
        if not self._waiting:
            raise IndexError("nothing waits")
        inside: Sequence[Waiting] = self._waiting
        for level in range(len(inside[0].path)):
            children = _children(inside, level)
            chosen = min(children, key=lambda one: (self._due[one], children[one][0].arrived))
            self._charge(chosen, children)
            inside = children[chosen]
        found = min(inside, key=lambda item: item.arrived)
        self._waiting.remove(found)
        self._forget()
        return found

    def charge(self, path: Prefix) -> None:
        """Count a further turn of a visitor who did not have to wait for it."""
        for prefix in _prefixes(path):
            due = max(self._due.get(prefix, 0.0), self._time.get(prefix[:-1], 0.0))
            self._due[prefix] = due + 1.0
        self._forget()

    def forget(self) -> None:
        """Everybody begins anew; for when nobody waits or is served."""
        self._due, self._time, self._step = {}, {}, {}

    def order(self) -> list[Waiting]:
        """All that wait, as their turns come if nobody joins."""
        copy = RoundRobin()
        copy._waiting = list(self._waiting)
        copy._due, copy._time, copy._step = dict(self._due), dict(self._time), dict(self._step)
        return [copy.take() for _ in range(len(self))]

    def _charge(self, chosen: Prefix, children: dict[Prefix, list[Waiting]]) -> None:
        level = len(chosen) - 1
        weights = {one: _weight(level, items) for one, items in children.items()}
        parent, due = chosen[:-1], self._due[chosen]
        now = self._time.get(parent, 0.0) + self._step.get(parent, 0.0)
        self._time[parent] = max(due, now)
        self._step[parent] = 1.0 / sum(weights.values())  # until this turn has ended
        self._due[chosen] = due + 1.0 / weights[chosen]

    def _forget(self) -> None:
        """Drop the visitors of whom nothing is left to know."""
        waits = {prefix for item in self._waiting for prefix in _prefixes(item.path)}
        kept: dict[Prefix, float] = {}
        for one in sorted(self._due, key=len):  # an address before its visitors
            owes = self._due[one] > self._time.get(one[:-1], 0.0)
            if one in waits or (owes and (len(one) == 1 or one[:-1] in kept)):
                kept[one] = self._due[one]
        self._due = kept
        self._time = {one: now for one, now in self._time.items() if not one or one in kept}


def _prefixes(path: Prefix) -> list[Prefix]:
    return [path[: level + 1] for level in range(len(path))]


def _children(items: Sequence[Waiting], level: int) -> dict[Prefix, list[Waiting]]:
    """What waits by who it belongs to on a level; the first to come stands first."""
    children: dict[Prefix, list[Waiting]] = {}
    for item in sorted(items, key=lambda item: item.arrived):
        children.setdefault(item.path[: level + 1], []).append(item)
    return children


def _weight(level: int, items: Sequence[Waiting]) -> float:
    """Of an address by its visitors who wait; of everybody else one."""
    if level:
        return 1.0
    return math.sqrt(len({item.path[:2] for item in items}))
