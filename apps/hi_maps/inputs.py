"""Where the maps of a page come from: the Generate page, shipped simulations, files, lists of a
program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from apps.hi_maps import models
from apps.hi_maps.models import MAX_MAPS, Drawn
from apps.shared import checks
from apps.shared.downloads import read_truth
from apps.shared.file_label import file_label
from apps.shared.page import notes
from apps.shared.page.events import Components, Values, show_chosen
from core.fields import read_field

__all__ = [
    "SOURCES",
    "InputControls",
    "InputMap",
    "build",
    "choose",
    "example_labels",
    "from_values",
]

Floats = NDArray[np.floating]

SOURCES = ("shown", "example", "file")
"""Where a map comes from: drawn on the Generate page, a shipped simulation, an upload."""


@dataclass(frozen=True)
class InputMap:
    """A map that a page works on.

    Attributes:
        sigma: (64, 64) linear.
        truth: (Omega_m, sigma_8) if they are known.
        label: where it is from, in words.
    """

    sigma: Floats
    truth: tuple[float, float] | None
    label: str


@dataclass
class InputControls:
    """The components to choose a map with."""

    source: gr.Radio
    map: gr.Slider
    example: gr.Dropdown
    file: gr.File

    def linked(self) -> Components:
        """By the parameter of a link that holds each."""
        return {"source": self.source, "map": self.map, "example": self.example}

    def unlinked(self) -> Components:
        """What no link can hold, by name."""
        return {"file": self.file}

    def triggers(self) -> list[Any]:
        """Events after which the page is drawn anew."""
        return [self.file.upload, self.example.input, self.map.input]


def build(prefix: str) -> InputControls:
    """Lay the choice out; the parts that do not apply are hidden.

    Args:
        prefix: of the elements' ids.
    """
    labels = example_labels()
    source = gr.Radio(
        [("The map on “Generate”", "shown"), ("A simulated map", "example"),
         ("Upload a file", "file")],
        value="shown", label="Map", elem_id=f"{prefix}-source",
    )
    number = gr.Slider(1, MAX_MAPS, 1, step=1, label="Which of the maps on “Generate”",
                       elem_id=f"{prefix}-map")
    example = gr.Dropdown(
        [(label, i) for i, label in enumerate(labels, 1)], value=1 if labels else None,
        label="Held-out simulation", visible=False, elem_id=f"{prefix}-example",
        info="Not used in training.",
    )
    file = gr.File(
        label=".npy, .npz or .fits: linear surface density, square", visible=False,
        file_types=[".npy", ".npz", ".fits", ".fit"], elem_id=f"{prefix}-file", height=140,
        elem_classes="cd-upload",
    )
    show_chosen(source, {"shown": number, "example": example, "file": file})
    return InputControls(source, number, example, file)


def example_labels() -> list[str]:
    """One line for each shipped simulation."""
    labels = []
    for number, path in enumerate(models.example_files(), 1):
        truth = read_truth(path)
        known = f": Ωₘ {truth[0]:.3f}, σ₈ {truth[1]:.3f}" if truth else ""
        labels.append(f"{number}{known}")
    return labels


def choose(values: Values) -> InputMap:
    """The map that the page asks for by "source", and "shown" and "map", "example", or "file".

    Raises:
        ValueError: one sentence, if there is no such map or it cannot be used.
    """
    source = checks.one_of("source", values["source"], SOURCES)
    if source == "shown":
        return _from_shown(values["shown"], int(values["map"]))
    if source == "example":
        return _from_example(values["example"])
    return _from_file(values["file"])


def _from_shown(shown: Drawn | None, number: int) -> InputMap:
    if shown is None:
        raise notes.NotYetError(
            "“Generate” shows no map yet; open this tab again when it does, or choose an example.")
    if not 1 <= number <= len(shown.maps):
        raise ValueError(
            f"Map {number} was asked for, and the Generate page shows {len(shown.maps)}; choose a "
            "number up to that, or generate more."
        )
    which = f", map {number}" if len(shown.maps) > 1 else ""
    return InputMap(
        models.to_model_size(shown.maps[number - 1].astype(float)),
        (shown.omega_m, shown.sigma_8),
        f"{shown.model}, seed {shown.seed}{which}",
    )


def _from_example(example: Any) -> InputMap:
    files = models.example_files()
    number = checks.numbered("simulation", example, len(files))
    path = files[number - 1]
    return InputMap(
        models.to_model_size(read_field(path)), read_truth(path), f"Held-out simulation {number}"
    )


def _from_file(file: str | None) -> InputMap:
    if file is None:
        raise ValueError("No file was chosen; upload a .npy, .npz or .fits file with one map.")
    sigma = read_field(file)
    coarse = models.to_model_size(sigma)
    side = sigma.shape[0]
    how = f", averaged from {side} to {coarse.shape[0]} pixels" if side != coarse.shape[0] else ""
    return InputMap(coarse, read_truth(file), f"{file_label(file)}{how}")


def from_values(values: Any) -> Floats:
    """A map that came as nested lists through the API.

    Raises:
        ValueError: if it is not a square of positive finite numbers of a usable size.
    """
    try:
        sigma = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(
            "The map is not a square of numbers; give a list of 64 lists of 64 values."
        ) from error
    if sigma.ndim != 2 or sigma.shape[0] != sigma.shape[1]:
        raise ValueError(f"The map has shape {sigma.shape}; a square of (64, 64) values is needed.")
    bad = int(np.count_nonzero(~np.isfinite(sigma)))
    if bad:
        raise ValueError(
            f"The map holds {bad} of {sigma.size} values that are NaN or infinite; fill them first."
        )
    return models.to_model_size(sigma)
