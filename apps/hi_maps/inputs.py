"""Where the Infer and Twins pages take a map from: the Generate page, a simulation, an upload."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from apps.hi_maps import models
from apps.hi_maps.models import MAX_MAPS, Drawn
from apps.shared.downloads import read_truth
from core.fields import read_field

__all__ = ["MapSource", "InputMap", "build", "choose", "example_labels", "from_values"]

Floats = NDArray[np.floating]


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
class MapSource:
    """The components to choose a map with."""

    source: gr.Radio
    index: gr.Slider
    example: gr.Dropdown
    file: gr.File

    def inputs(self) -> list[gr.components.Component]:
        """In the order that :func:`choose` takes them, after the shown maps."""
        return [self.source, self.index, self.example, self.file]


def build(prefix: str) -> MapSource:
    """Lay the choice out; the parts that do not apply are hidden."""
    labels = example_labels()
    source = gr.Radio(
        [("The map on “Generate”", "shown"), ("A simulated map", "example"),
         ("A file of mine", "file")],
        value="shown", label="Map", elem_id=f"{prefix}-source",
    )
    index = gr.Slider(1, MAX_MAPS, 1, step=1, label="Which of the maps on “Generate”",
                      elem_id=f"{prefix}-map")
    example = gr.Dropdown(
        [(label, i + 1) for i, label in enumerate(labels)], value=1 if labels else None,
        label="Held-out simulation", visible=False, elem_id=f"{prefix}-example",
        info="The models never saw these.",
    )
    file = gr.File(
        label=".npy, .npz or .fits: linear surface density, square", visible=False,
        file_types=[".npy", ".npz", ".fits", ".fit"], elem_id=f"{prefix}-file", height=140,
    )
    source.change(
        _visible, [source], [index, example, file], api_visibility="private",
        show_progress="hidden", queue=False,
    )
    return MapSource(source, index, example, file)


def _visible(source: str) -> list[Any]:
    return [gr.update(visible=source == name) for name in ("shown", "example", "file")]


def example_labels() -> list[str]:
    """One line for each shipped simulation."""
    labels = []
    for number, path in enumerate(models.example_files(), 1):
        truth = read_truth(path)
        known = f": Ωₘ {truth[0]:.3f}, σ₈ {truth[1]:.3f}" if truth else ""
        labels.append(f"{number}{known}")
    return labels


def choose(
    shown: Drawn | None, source: str, index: float, example: int | None, file: str | None
) -> InputMap:
    """The map that the components ask for.

    Args:
        shown: what the Generate page shows.
        source: "shown", "example" or "file".
        index: which of the shown maps, from 1.
        example: which of the simulations, from 1.
        file: path of the upload.

    Raises:
        ValueError: one sentence, if there is no such map or it cannot be used.
    """
    if source == "shown":
        return _from_shown(shown, int(index))
    if source == "example":
        return _from_example(example)
    if source == "file":
        return _from_file(file)
    raise ValueError(f"There is no source {str(source)[:40]}; choose shown, example or file.")


def _from_shown(shown: Drawn | None, index: int) -> InputMap:
    if shown is None:
        raise ValueError("The first map is still being drawn; try again in a moment.")
    if not 1 <= index <= len(shown.maps):
        raise ValueError(
            f"Map {index} was asked for, and the Generate page shows {len(shown.maps)}; choose a "
            "number up to that, or generate more."
        )
    which = f", map {index}" if len(shown.maps) > 1 else ""
    return InputMap(
        models.to_model_size(shown.maps[index - 1].astype(float)),
        (shown.omega_m, shown.sigma_8),
        f"{shown.model}, seed {shown.seed}{which}",
    )


def _from_example(example: int | None) -> InputMap:
    files = models.example_files()
    if example is None or not 1 <= int(example) <= len(files):
        raise ValueError(f"There is no simulation {example}; choose one from 1 to {len(files)}.")
    path = files[int(example) - 1]
    return InputMap(
        models.to_model_size(read_field(path)), read_truth(path), f"Held-out simulation {example}"
    )


def _from_file(file: str | None) -> InputMap:
    if file is None:
        raise ValueError("No file was chosen; upload a .npy, .npz or .fits file with one map.")
    sigma = read_field(file)
    name = Path(file).name
    coarse = models.to_model_size(sigma)
    side = sigma.shape[0]
    how = f", averaged from {side} to {coarse.shape[0]} pixels" if side != coarse.shape[0] else ""
    return InputMap(coarse, read_truth(file), f"{name[:60]}{how}")


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
