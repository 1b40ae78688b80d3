"""A paper by its abstract, as the library stores it.

Example:
    >>> Paper("2301.01234", "A title", "An abstract.", ("Ada Lovelace",)).label
    'Ada Lovelace'
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.literature.text.author_names import is_group, surname

__all__ = ["PRIMER", "Paper"]

PRIMER = "primer:"
"""How the ids of the primer's passages begin."""


@dataclass(frozen=True)
class Paper:
    """A paper by its abstract, or a passage of the primer.

    Attributes:
        id: arXiv id without version ("2301.01234"), or "primer:" and the passage's name.
        title, abstract: plain text with LaTeX mathematics; nothing in it is ever markup.
        authors: names, the first author first.
        published: day of its first version.
        categories: of arXiv, the primary one first.
        references: arXiv ids that a primer passage rests on.
    """

    id: str
    title: str
    abstract: str
    authors: tuple[str, ...] = ()
    published: date | None = None
    categories: tuple[str, ...] = ()
    references: tuple[str, ...] = ()

    @property
    def is_primer(self) -> bool:
        """Whether it was written for this project."""
        return self.id.startswith(PRIMER)

    @property
    def label(self) -> str:
        """What a text calls it: "Planck Collaboration 2020", "Smith & Doe 2023", or its title."""
        if not self.authors:
            return self.title or self.id
        names = [surname(name) for name in self.authors]
        who = f"{names[0]} et al." if len(names) > 2 else " & ".join(names)
        if is_group(self.authors[0]):
            who = self.authors[0]
        return f"{who} {self.published.year}" if self.published else who
