"""Put measured numbers into a model card, where a reader looks for them."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["add_measured"]


def add_measured(folder: Path, text: str) -> None:
    """Write ``text`` as the section "Measured" of the card in ``folder``, replacing an older one.

    It goes before "Limits". A folder without a card is left alone.
    """
    path = folder / "README.md"
    if not path.exists():
        return
    before, _, after = path.read_text().partition("## Limits\n")
    before = before.partition("## Measured\n")[0]
    temporary = path.with_suffix(".tmp")
    temporary.write_text(f"{before}## Measured\n{text.strip()}\n\n## Limits\n{after}")
    os.replace(temporary, path)
