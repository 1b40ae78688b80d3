"""The one shape of every trained model: loaded from its folder, then asked with one verb."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar

from core.device import chosen_device
from core.weights import load_model, save_model

if TYPE_CHECKING:
    import torch
    from torch import Tensor

__all__ = ["Model"]

Config = TypeVar("Config")


class Model(ABC, Generic[Config]):
    """A model folder's content, ready to answer. Use :meth:`load`.

    A subclass names its folder and its configuration, and says in :meth:`_restore` and
    :meth:`_tensors` what the saved tensors are.
    """

    folder: ClassVar[str]
    """Name of the shipped model's folder."""

    config_class: ClassVar[type[Any]]
    """The frozen dataclass that config.json holds."""

    config: Config

    @classmethod
    def load(
        cls, folder: str | Path | None = None, device: str | torch.device | None = None
    ) -> Self:
        """The trained model.

        Args:
            folder: name or path of the model folder; the shipped model by default.
            device: torch device; by default COSMODESK_DEVICE, else "cuda" where there is one.

        Raises:
            core.weights.ModelNotFoundError: if there is no such folder.
            ValueError: if a file is damaged or holds another kind of model.
        """
        tensors, config = load_model(folder or cls.folder, cls.config_class)
        return cls._restore(config, tensors, chosen_device(device))

    def save(self, folder: str | Path, card: str | None = None) -> None:
        """Write weights, config and card (text of README.md); :meth:`load` reads them back."""
        save_model(folder, self._tensors(), self.config, card)

    @classmethod
    @abstractmethod
    def _restore(cls, config: Any, tensors: dict[str, Tensor], device: str) -> Self:
        """The model of saved tensors, on a device."""

    @abstractmethod
    def _tensors(self) -> dict[str, Tensor]:
        """What to save."""
