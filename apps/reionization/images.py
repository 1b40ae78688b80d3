"""Where the images of a page come from, how they are observed, and which slices a network reads."""

from __future__ import annotations

import functools
import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from apps.reionization import models
from apps.shared import checks
from apps.shared.downloads import read_truth
from core.fields import read_stack
from core.reionization.constants import CELL_MPC, REDSHIFT_RANGE
from core.reionization.observation import CLEAN, HOURS_RANGE, Observation, observe

__all__ = [
    "ARRAYS",
    "EXAMPLES",
    "FILE_TYPES",
    "SLICES",
    "ImageControls",
    "ObserveControls",
    "ObservedImage",
    "InputImage",
    "build_image",
    "build_observe",
    "example",
    "examples",
    "from_file",
    "from_values",
    "look",
    "observation_of",
]

Floats = NDArray[np.floating]

EXAMPLES = Path(__file__).parent / "examples"
FILE_TYPES = [".npy", ".npz", ".fits", ".fit", ".h5", ".hdf5"]
FIELD_NAMES = ("brightness_temp", "delta_tb", "image")
"""Names that are looked for first in a file with several arrays."""

ARRAYS = (("None", "none"), ("SKA-Low AA*", "aa_star"), ("SKA-Low AA4", "aa4"))
SLICES = ("1", "4", "16", "64")
IMAGE_KINDS = (
    ("A clean simulation, to be observed here", "clean"),
    ("Observed already, as set below", "observed"),
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


@dataclass(frozen=True)
class ObservedImage:
    """What the networks get.

    Attributes:
        subject: where it is from.
        observation: how it was observed, here or before.
        original: (k, n, n) or (n, n), before an observation here, slice means removed.
        image: the same slices as observed.
        shown: index of the slice that is drawn.
    """

    subject: InputImage
    observation: Observation
    original: Floats
    image: Floats
    shown: int

    @property
    def slices(self) -> int:
        """How many slices the networks read."""
        return len(self.image) if self.image.ndim == 3 else 1

    def middle(self, stack: Floats) -> Floats:
        """The drawn slice of ``original``, ``image`` or a saliency map like them."""
        return stack[self.shown] if stack.ndim == 3 else stack

    @property
    def changed(self) -> bool:
        """Whether it was observed here, with an effect."""
        return self.subject.clean and (self.observation.array != "none" or self.observation.wedge)

    def arguments(self) -> tuple[Floats, float, Observation]:
        """Image, redshift and observation, as the models take them."""
        return self.image, self.subject.redshift, self.observation

    def how(self) -> str:
        """How it was observed, in words."""
        if not self.subject.clean:
            return f"observed before: {self.observation.describe()}"
        return self.observation.describe() if self.changed else "as simulated, mean removed"


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
    """A shipped simulation as a subject."""
    content = example(name)
    return InputImage(content["brightness_temp"], content["redshift"], content["cell_mpc"], True,
                   content["x_hi_mean"], label)


# -- the components --------------------------------------------------------------------------------


@dataclass
class ImageControls:
    """The components to choose an image with; ``uploaded`` follows an upload.

    Where several files may come, ``redshifts`` takes the place of ``redshift``.
    """

    source: gr.Radio
    example: gr.Radio | None
    file: gr.File
    redshift: gr.Number
    cell: gr.Number
    kind: gr.Radio
    uploaded: Any
    redshifts: gr.Textbox | None = None

    def inputs(self) -> list[gr.components.Component]:
        """In the order of a link: without the file, which no link can hold."""
        chosen = [] if self.example is None else [self.example]
        redshift = [self.redshift] if self.redshifts is None else []
        return [self.source, *chosen, *redshift, self.cell, self.kind]

    def triggers(self) -> list[Any]:
        """Events after which the page is drawn anew."""
        chosen = [] if self.example is None else [self.example.input]
        redshift = self.redshift if self.redshifts is None else self.redshifts
        return [*chosen, redshift.submit, redshift.blur, self.cell.submit, self.cell.blur,
                self.kind.input]


def build_image(
    prefix: str, first: tuple[str, str], choices: Sequence[tuple[str, int]] | None = None,
    file_label: str = "21 cm image or stack of slices, in mK", multiple: bool = False,
) -> ImageControls:
    """Lay the choice of an image out; the parts that do not apply are hidden.

    Args:
        prefix: of the elements' ids.
        first: (words, value) of the choice beside "A file of mine".
        choices: examples to choose from; None if there is nothing to choose.
        file_label: what the file has to hold.
        multiple: whether several files may come.
    """
    own_words = "Files of mine" if multiple else "A file of mine"
    source = gr.Radio([first, (own_words, "file")], value=first[1], label="Image",
                      elem_id=f"{prefix}-source")
    picked = None if choices is None else gr.Radio(
        list(choices), value=choices[0][1] if choices else None, label="Held-out simulation",
        info="No network saw these.", elem_id=f"{prefix}-example",
    )
    with gr.Column(visible=False) as own:
        file = gr.File(
            label=f".npy, .npz, .fits or .h5: {file_label}", file_types=FILE_TYPES, height=140,
            elem_id=f"{prefix}-file", file_count="multiple" if multiple else "single",
        )
        redshift = gr.Number(8.0, label="Redshift", minimum=REDSHIFT_RANGE[0], step=0.1,
                             maximum=REDSHIFT_RANGE[1], elem_id=f"{prefix}-redshift",
                             visible=not multiple)
        redshifts = gr.Textbox(
            label="Redshifts, in the order of the files", placeholder="7, 8, 9.5",
            info="Separated by commas; a file that says its redshift fills this in.", max_lines=1,
            elem_id=f"{prefix}-redshifts",
        ) if multiple else None
        cell = gr.Number(CELL_MPC, label="Side of a pixel, comoving Mpc", minimum=0.1, maximum=4.0,
                         step=0.1, elem_id=f"{prefix}-cell")
        kind = gr.Radio(
            list(IMAGE_KINDS), value="clean", label="My image is", elem_id=f"{prefix}-kind"
        )
    parts = [own] if picked is None else [own, picked]

    def show(chosen: str) -> Any:
        updates = [gr.update(visible=chosen == "file"), gr.update(visible=chosen != "file")]
        return updates[: len(parts)] if len(parts) > 1 else updates[0]

    source.change(show, [source], parts, api_visibility="private", show_progress="hidden",
                  queue=False)
    fill: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "queue": False}
    if redshifts is None:  # a file may say itself what it shows
        filled = file.upload(_fill, [file, redshift, cell], [redshift, cell], **fill)
    else:
        filled = file.upload(_fill_redshifts, [file, redshifts], [redshifts], **fill)
    return ImageControls(source, picked, file, redshift, cell, kind, filled.then, redshifts)


def _fill(file: str | None, redshift: float, cell: float) -> list[Any]:
    """Redshift and pixel scale as a file has them, else what the page has."""
    found = []
    for name, value in (("redshift", redshift), ("cell_mpc", cell)):
        told = None if file is None else read_truth(file, (name,))
        found.append(value if told is None else round(float(told[0]), 4))
    return found


def _fill_redshifts(files: list[str] | None, typed: str) -> str:
    """Redshifts as the files have them, in their order, else what was typed."""
    told = [read_truth(file, ("redshift",)) for file in files or []]
    if not told or any(one is None for one in told):
        return typed
    return ", ".join(f"{one[0]:g}" for one in told if one is not None)


@dataclass
class ObserveControls:
    """The components that say how an image is, or was, observed."""

    array: gr.Radio
    hours: gr.Slider
    wedge: gr.Checkbox
    seed: gr.Number
    slices: gr.Radio | None

    def inputs(self) -> list[gr.components.Component]:
        """In the order of a link."""
        own = [self.array, self.hours, self.wedge, self.seed]
        return own if self.slices is None else [*own, self.slices]

    def triggers(self) -> list[Any]:
        """Events after which the page is drawn anew."""
        own = [self.array.input, self.hours.release, self.wedge.input, self.seed.submit,
               self.seed.blur]
        return own if self.slices is None else [*own, self.slices.input]


def build_observe(prefix: str, kind: gr.Radio, source: gr.Radio, slices: str | None = "64"
                  ) -> ObserveControls:
    """Lay the observation out.

    Args:
        prefix: of the elements' ids.
        kind, source: of the image; they decide whether it is observed here or was before.
        slices: how many the networks read at first; None for no choice.
    """
    with gr.Group():
        array = gr.Radio(list(ARRAYS), value="none", label="Observe it with",
                         elem_id=f"{prefix}-array")
        hours = gr.Slider(*HOURS_RANGE, 1000, step=100, label="Hours of integration",
                          elem_id=f"{prefix}-hours")
        wedge = gr.Checkbox(False, label="Foreground wedge removed", elem_id=f"{prefix}-wedge")
        seed = gr.Number(1, label="Seed of the noise", precision=0, minimum=0,
                         maximum=checks.MAX_SEED, elem_id=f"{prefix}-seed")
        read = None if slices is None else gr.Radio(
            list(SLICES), value=slices, label="Slices that are read",
            info="A whole box of 64 tells far more than a few.", elem_id=f"{prefix}-slices",
        )

    def name(chosen: str, from_where: str) -> Any:
        before = chosen == "observed" and from_where == "file"
        return gr.update(label="It was observed with" if before else "Observe it with")

    gr.on([kind.change, source.change], name, [kind, source], [array], api_visibility="private",
          show_progress="hidden", queue=False)
    return ObserveControls(array, hours, wedge, seed, read)


# -- from the components to images -----------------------------------------------------------------


def observation_of(array: str, hours: Any, wedge: Any) -> Observation:
    """An observation from the components or a program.

    Raises:
        ValueError: one sentence.
    """
    hours = checks.number("Hours", hours, *HOURS_RANGE)
    return Observation(str(array), hours, bool(wedge))  # type: ignore[arg-type]


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
    """An upload as a subject.

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
                   f"{Path(file).name[:60]} ({size}), z = {z:g}")


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


def look(
    subject: InputImage, observation: Observation, seed: Any = 1, slices: Any = 64
) -> ObservedImage:
    """Observe a subject if it is clean, and take the slices that the networks read.

    Args:
        subject: the image or stack; a stack is observed whole, then thinned out.
        observation: as done here, or as it was done before.
        seed: of the noise.
        slices: at most so many of a stack, evenly spaced, its middle one among them.

    Raises:
        ValueError: one sentence.
    """
    noise_seed, most = checks.seed(seed), checks.whole("number of slices", slices, 1, 64)
    plain = observe(subject.image, subject.redshift, CLEAN, cell_mpc=subject.cell_mpc)
    seen = plain
    if subject.clean:
        seen = observe(subject.image, subject.redshift, observation, seed=noise_seed,
                       cell_mpc=subject.cell_mpc)
    if plain.ndim == 2:
        return ObservedImage(subject, observation, plain, seen, 0)
    depth = len(plain)
    step = max(1, depth // most)
    middle = depth // 2
    index = np.arange(middle % step, depth, step)[:most]
    shown = int(np.argmin(np.abs(index - middle)))
    return ObservedImage(subject, observation, plain[index], seen[index], shown)


def reading_words(folder: str, doing: str) -> str:
    """What is being done, and that a model is loaded first if it is."""
    return doing if models.is_loaded(folder) else f"{doing}: loading the network, this once"


def titled(label: str) -> str:
    """A label as a heading of a panel."""
    return f"<p><strong>{html.escape(label)}</strong></p>"
