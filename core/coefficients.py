"""Linear models whose coefficients come with the code, in one checked JSON file each."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar, Self

from core.checksums import read_checksummed
from core.weights import coefficients_file

__all__ = ["LinearModel"]


class LinearModel(ABC):
    """A model that is read from core/weights/NAME/coefficients.json.

    Attributes:
        folder_name: NAME.
    """

    folder_name: ClassVar[str]

    @classmethod
    def load(cls, folder: str | Path | None = None, device: str | None = None) -> Self:
        """Read the coefficients.

        Args:
            folder: that holds coefficients.json; by default the model's own.
            device: taken, as by all models; a linear model runs on the CPU.

        Raises:
            ValueError: if the file is damaged.
        """
        path = coefficients_file(cls.folder_name, folder)
        read_checksummed(path)
        try:
            return cls.from_json(path.read_text("utf-8"))
        except (AttributeError, KeyError, TypeError) as error:
            name = f"{cls.folder_name}/{path.name}"
            raise ValueError(f"{name} is damaged; fetch it again.") from error

    @classmethod
    @abstractmethod
    def from_json(cls, text: str) -> Self:
        """The model from the text of its file."""
