"""Put measured numbers into a model card, where a reader looks for them."""

from __future__ import annotations

from pathlib import Path

from core.files import write_whole

__all__ = ["add_measured"]


def add_measured(folder: Path, text: str) -> bool:
    """Write ``text`` as the section "Measured" of the card in ``folder``, replacing an older one.

    It goes before "Limits". Returns whether there is a card; a folder without one is left alone.
    """
    path = folder / "README.md"
    if not path.exists():
        return False
    before, _, after = path.read_text().partition("## Limits\n")
    before = before.partition("## Measured\n")[0]
    write_whole(path, f"{before}## Measured\n{text.strip()}\n\n## Limits\n{after}".encode())
    return True
