"""Where the images of a page come from: shipped simulations, files, lists of a program."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from apps.shared import checks
from apps.shared.downloads import read_truth
from apps.shared.file_label import file_label
from apps.shared.page.events import QUICK, Components, Values, named, show_chosen
from core.fields import read_stack
from core.reionization.constants import CELL_MPC, REDSHIFT_RANGE

__all__ = [
    "EXAMPLES",
    "FILE_TYPES",
    "SOURCES",
    "InputControls",
    "InputImage",
    "build",
    "choose",
    "example",
    "example_image",
    "example_labels",
    "example_name",
    "examples",
    "from_example",
    "from_file",
    "from_values",
    "redshift_of",
]

Floats = NDArray[np.floating]

EXAMPLES = Path(__file__).parent / "examples"
FILE_TYPES = [".npy", ".npz", ".fits", ".fit", ".h5", ".hdf5"]
FIELD_NAMES = ("brightness_temp", "delta_tb", "image")
"""Names that are looked for first in a file with several arrays."""

SOURCES = ("example", "file")
"""Where an image comes from: a shipped simulation, an upload."""

IMAGE_KINDS = (
    ("Noise-free, to be observed here", "clean"),
    ("Already observed, as set below", "observed"),
)


@dataclass(frozen=True)
class InputImage:
    """An image or a stack that a page works on.

    Attributes:
        image: (n, n) or (S, n, n) in mK, neighbouring slices across the line of sight.
        redshift: of the image.
        cell_mpc: side of a pixel.
        clean: a simulation that may be observed here; otherwise it was observed already.
        truth: mean neutral fraction, if it is known.
        label: where it is from, in words.
    """

    image: Floats
    redshift: float
    cell_mpc: float
    clean: bool
    truth: float | None
    label: str


# -- the shipped simulations -----------------------------------------------------------------------


@functools.lru_cache(maxsize=32)
def example(name: str) -> dict[str, Any]:
    """A file of the examples: arrays as float32, single values as Python numbers and text.

    Raises:
        ValueError: if it is not there.
    """
    path = EXAMPLES / f"{name}.npz"
    if not path.is_file():
        raise ValueError(f"The example {name} is not there; upload an image instead.")
    with np.load(path, allow_pickle=False) as stored:
        return {
            key: stored[key].astype(np.float32) if stored[key].ndim else stored[key].item()
            for key in stored.files
        }


def examples(prefix: str) -> list[str]:
    """Names of the examples that begin with ``prefix``, in order."""
    return sorted(path.stem for path in EXAMPLES.glob(f"{prefix}*.npz"))


def from_example(name: str, label: str) -> InputImage:
    """A shipped simulation by the name of its file."""
    content = example(name)
    return InputImage(content["brightness_temp"], content["redshift"], content["cell_mpc"], True,
                      content["x_hi_mean"], label)


def example_labels() -> list[tuple[str, int]]:
    """(words, number) of the shipped simulations that a page lets choose from."""
    return [
        (f"{i}: z = {example(name)['redshift']:.2f}", i)
        for i, name in enumerate(examples("box_"), 1)
    ]


def example_name(number: Any) -> tuple[str, str]:
    """Name of the file of one of them by its number from 1, and its label.

    Raises:
        ValueError: if there is none.
    """
    names = examples("box_")
    if not names:
        raise ValueError("No simulations came with this copy of the app; upload an image instead.")
    number = checks.numbered("simulation", number, len(names))
    name = names[number - 1]
    return name, f"Held-out simulation {number}, z = {example(name)['redshift']:.2f}"


def example_image(number: Any) -> InputImage:
    """One of them by its number from 1.

    Raises:
        ValueError: if there is none.
    """
    return from_example(*example_name(number))


# -- the components --------------------------------------------------------------------------------


@dataclass
class InputControls:
    """The components to choose an image with.

    Where several files may come, ``redshifts`` takes the place of ``redshift``.

    Attributes:
        uploaded: takes the arguments of an event that follows an upload.
    """

    source: gr.Radio
    example: gr.Radio | None
    file: gr.File
    redshift: gr.Number
    redshifts: gr.Textbox | None
    cell: gr.Number
    kind: gr.Radio
    uploaded: Any

    def linked(self) -> Components:
        """By the parameter of a link that holds each."""
        chosen = {} if self.example is None else {"example": self.example}
        redshift = {"z": self.redshift} if self.redshifts is None else {}
        return {"source": self.source, **chosen, **redshift, "cell": self.cell, "kind": self.kind}

    def unlinked(self) -> Components:
        """What no link can hold, by name."""
        return {"file": self.file} if self.redshifts is None else {
            "files": self.file, "redshifts": self.redshifts}

    def triggers(self) -> list[Any]:
        """Events after which the page is drawn anew."""
        chosen = [] if self.example is None else [self.example.input]
        redshift = self.redshift if self.redshifts is None else self.redshifts
        return [*chosen, redshift.submit, redshift.blur, self.cell.submit, self.cell.blur,
                self.kind.input]


def build(
    prefix: str, first: tuple[str, str], choices: Sequence[tuple[str, int]] | None = None,
    file_label: str = "21 cm image or stack of slices, in mK", multiple: bool = False,
) -> InputControls:
    """Lay the choice of an image out; the parts that do not apply are hidden.

    Args:
        prefix: of the elements' ids.
        first: (words, value) of the choice beside "Upload a file".
        choices: examples to choose from; None if there is nothing to choose.
        file_label: what the file has to hold.
        multiple: whether several files may come.
    """
    own_words = "Upload files" if multiple else "Upload a file"
    source = gr.Radio([first, (own_words, "file")], value=first[1], label="Image",
                      elem_id=f"{prefix}-source")
    picked = None if choices is None else build_examples(prefix, choices)
    with gr.Column(visible=False) as own:
        file = gr.File(
            label=f".npy, .npz, .fits or .h5: {file_label}", file_types=FILE_TYPES, height=140,
            elem_id=f"{prefix}-file", elem_classes="cd-upload",
            file_count="multiple" if multiple else "single",
        )
        redshift = gr.Number(8.0, label="Redshift", minimum=REDSHIFT_RANGE[0], step=0.1,
                             maximum=REDSHIFT_RANGE[1], elem_id=f"{prefix}-redshift",
                             visible=not multiple)
        redshifts = gr.Textbox(
            label="Redshifts, in the order of the files", placeholder="7, 8, 9.5",
            info="Separated by commas; filled in from the files if they state it.", max_lines=1,
            elem_id=f"{prefix}-redshifts",
        ) if multiple else None
        cell = gr.Number(CELL_MPC, label="Side of a pixel, comoving Mpc", minimum=0.1, maximum=4.0,
                         step=0.1, elem_id=f"{prefix}-cell")
        kind = gr.Radio(
            list(IMAGE_KINDS), value="clean", label="My image is", elem_id=f"{prefix}-kind"
        )
    show_chosen(source, {"file": own} if picked is None else {"file": own, first[1]: picked})
    if redshifts is None:  # a file may say itself what it shows
        filled: Components = {"z": redshift, "cell": cell}
        fill = named(fill_from_file, {"file": file, **filled}, filled)
    else:
        filled = {"redshifts": redshifts}
        fill = named(fill_from_files, {"files": file, **filled}, filled)
    uploaded = file.upload(**fill, **QUICK).then
    return InputControls(source, picked, file, redshift, redshifts, cell, kind, uploaded)


def build_examples(prefix: str, choices: Sequence[tuple[str, int]]) -> gr.Radio:
    """The choice of a shipped simulation.

    Args:
        prefix: of the element's id.
        choices: (words, number) each.
    """
    return gr.Radio(list(choices), value=choices[0][1] if choices else None,
                    label="Held-out simulation", info="Not used in training.",
                    elem_id=f"{prefix}-example")


def fill_from_file(values: Values) -> Values:
    """Redshift "z" and pixel scale "cell" as the "file" has them, else what the page has."""
    file, found = values["file"], {}
    for name, key in (("z", "redshift"), ("cell", "cell_mpc")):
        stated = None if file is None else read_truth(file, (key,))
        found[name] = values[name] if stated is None else round(float(stated[0]), 4)
    return found


def fill_from_files(values: Values) -> Values:
    """The "redshifts" as the "files" have them, in their order, else what was typed."""
    stated = [read_truth(file, ("redshift",)) for file in values["files"] or []]
    if not stated or any(one is None for one in stated):
        return {"redshifts": values["redshifts"]}
    return {"redshifts": ", ".join(f"{one[0]:g}" for one in stated if one is not None)}


# -- from the components to images -----------------------------------------------------------------


def choose(values: Values) -> InputImage:
    """The image that the page asks for by "source", and "example", or "file", "z", "cell", "kind".

    Raises:
        ValueError: one sentence.
    """
    if checks.one_of("source", values["source"], SOURCES) == "example":
        return example_image(values["example"])
    return from_file(values["file"], values["z"], values["cell"], values["kind"])


def redshift_of(value: Any) -> float:
    """A redshift within the trained range.

    Raises:
        ValueError: one sentence.
    """
    return checks.number("The redshift", value, *REDSHIFT_RANGE, why="outside the trained range")


def cell_of(value: Any) -> float:
    """A pixel scale.

    Raises:
        ValueError: one sentence.
    """
    return checks.number("The side of a pixel", value, 0.1, 4.0, why="not a size in Mpc")


def from_file(
    file: str | None, redshift: Any, cell: Any, kind: str,
    names: Sequence[str] = FIELD_NAMES,
) -> InputImage:
    """An upload.

    Raises:
        ValueError: one sentence.
    """
    if file is None:
        raise ValueError(
            "No file was chosen; upload a .npy, .npz, .fits or .h5 file with an image or a stack."
        )
    z, cell_mpc = redshift_of(redshift), cell_of(cell)
    image = read_stack(file, names)
    truth = read_truth(file, ("x_hi_mean",))
    known = float(truth[0]) if truth is not None and 0 <= truth[0] <= 1 else None
    size = " × ".join(str(n) for n in image.shape)
    return InputImage(image, z, cell_mpc, kind == "clean", known,
                      f"{file_label(file, names, stack=True)} ({size}), z = {z:g}")


def from_values(values: Any, redshift: Any, cell: Any, kind: str) -> InputImage:
    """An image that came as nested lists through the API.

    Raises:
        ValueError: one sentence.
    """
    try:
        image = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(
            "The image is not a square of numbers; give a list of 64 lists of 64 values, or a list "
            "of those."
        ) from error
    if image.ndim not in (2, 3) or image.shape[-1] != image.shape[-2] or not image.size:
        raise ValueError(
            f"The image has shape {image.shape}; (64, 64) or (slices, 64, 64) is needed."
        )
    if not np.isfinite(image).all():
        raise ValueError("The image holds values that are NaN or infinite; fill them first.")
    if kind not in ("clean", "observed"):
        raise ValueError(f"kind is {str(kind)[:40]}; choose clean or observed.")
    return InputImage(image, redshift_of(redshift), cell_of(cell), kind == "clean", None, "image")
