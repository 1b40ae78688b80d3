"""The strip of numbers under a title: what was measured, and what disagrees with a reference."""

from __future__ import annotations

import html
from collections.abc import Collection
from typing import TYPE_CHECKING

from apps.skimarxiv import marks
from core.literature.measurements.quantity_names import NAMES

if TYPE_CHECKING:
    from core.literature.measurements.extract import Measurement
    from core.literature.skim.entries import Entry

__all__ = ["NAMES", "chips", "flags", "flagged", "words"]

_MOST = 8


def words(number: Measurement, probe: bool = False) -> str:
    """A number in one line of plain text, such as "H₀ = 73 ± 1 km/s/Mpc".

    Args:
        number: of a paper.
        probe: say what it comes from, too, if that is known: "H₀ = 73 ± 1 km/s/Mpc (Cepheids)".
    """
    from core.literature.measurements.written import written

    return written(number, probe)


def flagged(entry: Entry) -> list[tuple[Measurement, float]]:
    """Numbers that are far from their reference (beyond ``FLAG_ABOVE``), the furthest first."""
    from core.literature.measurements.tension import FLAG_ABOVE

    return sorted(
        ((number, sigma) for number, sigma in zip(entry.measurements, entry.tensions, strict=True)
         if sigma is not None and sigma > FLAG_ABOVE),
        key=lambda pair: -pair[1],
    )


def flags(entry: Entry, own: Collection[str] = ()) -> str:
    """A line that says which numbers disagree with their reference, or nothing.

    Args:
        entry: the paper.
        own: quantities whose reference the reader set.
    """
    from core.literature.measurements.extract import repeated
    from core.literature.skim.digest import compared_with

    found = flagged(entry)
    if not found:
        return ""
    several = repeated(entry.measurements)
    said = "; ".join(
        f"{html.escape(words(number, number.quantity in several))} is {_sigmas(number, sigma)} "
        f"from "
        f"{html.escape(compared_with(number, tuple(own)))}"
        for number, sigma in found[:4]
    )
    return f'<p class="sk-flag"><strong>More than 2 σ off:</strong> {said}.</p>'


def _sigmas(number: Measurement, sigma: float) -> str:
    """A limit gives the least that the distance can be."""
    return f"{'at least ' if number.relation in '<>' else ''}{sigma:.1f} σ"


def chips(entry: Entry) -> str:
    """A button a number; hovered or focused it shows the words that it comes from."""
    from core.literature.measurements.extract import repeated
    from core.literature.measurements.written import note_on

    several = repeated(entry.measurements)
    off = {id(number) for number, _ in flagged(entry)}
    text = entry.announcement.paper.abstract
    parts = []
    for i, number in enumerate(entry.measurements[:_MOST]):
        around = marks.around(text, (number.start, number.end))
        out = " sk-chip-out" if id(number) in off else ""
        note = f" ({said})" if (said := note_on(number)) else ""
        out += " sk-chip-assumed" if note else ""
        parts.append(
            f'<button type="button" class="sk-chip sk-n-{i}{out}">'
            f"{html.escape(words(number, number.quantity in several))}"
            f'{note}<span class="sk-tip">{around}</span></button>'
        )
    more = len(entry.measurements) - _MOST
    if more > 0:
        parts.append(f'<span class="sk-more">and {more} more in the abstract</span>')
    return f'<div class="sk-strip">{"".join(parts)}</div>' if parts else ""
