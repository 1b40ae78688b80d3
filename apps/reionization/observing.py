"""How an image is, or was, observed, and which of its slices a network reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from apps.reionization import models
from apps.reionization.inputs import InputImage
from apps.shared import checks
from apps.shared.downloads import MetadataEntry
from apps.shared.page.events import QUICK, Components, Values, named
from core.reionization.observation import CLEAN, HOURS_RANGE, Observation, observe

__all__ = [
    "ARRAYS",
    "SLICES",
    "ObserveControls",
    "ObservedImage",
    "build",
    "observation_of",
    "observe_as",
    "observe_image",
    "reading_words",
]

Floats = NDArray[np.floating]

ARRAYS = (("None", "none"), ("SKA-Low AA*", "aa_star"), ("SKA-Low AA4", "aa4"))
SLICES = ("1", "4", "16", "64")


@dataclass(frozen=True)
class ObservedImage:
    """What the networks get.

    Attributes:
        input_image: where it is from.
        observation: how it was observed, here or before.
        original: (k, n, n) or (n, n), before an observation here, slice means removed.
        image: the same slices as observed.
        shown: index of the slice that is drawn.
    """

    input_image: InputImage
    observation: Observation
    original: Floats
    image: Floats
    shown: int

    @property
    def redshift(self) -> float:
        """Of the image."""
        return self.input_image.redshift

    @property
    def truth(self) -> float | None:
        """Mean neutral fraction, if it is known."""
        return self.input_image.truth

    @property
    def label(self) -> str:
        """Where it is from, in words."""
        return self.input_image.label

    @property
    def side_mpc(self) -> float:
        """Side of the image, comoving."""
        return float(self.image.shape[-1] * self.input_image.cell_mpc)

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
        here = self.observation.array != "none" or self.observation.wedge
        return self.input_image.clean and here

    def arguments(self) -> dict[str, Any]:
        """As the models take it."""
        return {"image": self.image, "redshift": self.redshift, "observation": self.observation,
                "cell_mpc": self.input_image.cell_mpc}

    def facts(self) -> list[MetadataEntry]:
        """Provenance of the observation, for a download."""
        how = self.observation
        return [
            MetadataEntry(
                "observed_with", "TELESCOP", how.array, "none, aa_star or aa4 of SKA-Low"
            ),
            MetadataEntry("hours", "HOURS", float(how.hours), "of integration"),
            MetadataEntry(
                "wedge_removed", "WEDGE", int(how.wedge), "foreground wedge, 1 is removed"
            ),
        ]

    def how(self) -> str:
        """How it was observed, in words."""
        if not self.input_image.clean:
            return f"observed before: {self.observation.describe()}"
        return self.observation.describe() if self.changed else "as simulated, mean removed"


@dataclass
class ObserveControls:
    """The components that say how an image is, or was, observed."""

    array: gr.Radio
    hours: gr.Slider
    wedge: gr.Checkbox
    seed: gr.Number
    slices: gr.Radio

    def linked(self) -> Components:
        """By the parameter of a link that holds each."""
        return {"array": self.array, "hours": self.hours, "wedge": self.wedge, "seed": self.seed,
                "slices": self.slices}

    def triggers(self) -> list[Any]:
        """Events after which the page is drawn anew."""
        return [self.array.input, self.hours.input, self.wedge.input, self.seed.submit,
                self.seed.blur, self.slices.input]


def build(prefix: str, kind: gr.Radio, source: gr.Radio) -> ObserveControls:
    """Lay the observation out.

    Args:
        prefix: of the elements' ids.
        kind, source: of the image; they decide whether it is observed here or was before.
    """
    with gr.Group():
        array = gr.Radio(list(ARRAYS), value="none", label="Observe with",
                         elem_id=f"{prefix}-array")
        hours = gr.Slider(*HOURS_RANGE, 1000, step=100, label="Hours of integration",
                          elem_id=f"{prefix}-hours")
        wedge = gr.Checkbox(False, label="Foreground wedge removed", elem_id=f"{prefix}-wedge")
        seed = gr.Number(1, label="Noise seed", precision=0, minimum=0,
                         maximum=checks.MAX_SEED, elem_id=f"{prefix}-seed")
        slices = gr.Radio(
            list(SLICES), value="64", label="Number of slices used",
            info="All 64 slices constrain the result far better than a few.",
            elem_id=f"{prefix}-slices",
        )

    def label(values: Values) -> Values:
        before = values["kind"] == "observed" and values["source"] == "file"
        return {"array": gr.update(label="Observed with" if before else "Observe with")}

    gr.on([kind.change, source.change],
          **named(label, {"kind": kind, "source": source}, {"array": array}), **QUICK)
    return ObserveControls(array, hours, wedge, seed, slices)


def observation_of(array: str, hours: Any, wedge: Any) -> Observation:
    """An observation from the components or a program.

    Raises:
        ValueError: one sentence.
    """
    hours = checks.number("Hours", hours, *HOURS_RANGE)
    return Observation(str(array), hours, bool(wedge))  # type: ignore[arg-type]


def observe_as(values: Values, image: InputImage, later: int = 0) -> ObservedImage:
    """An image as the page says by "array", "hours", "wedge", "seed" and "slices".

    Args:
        values: of the page.
        image: that is, or was, observed.
        later: its place in a series, so that no two images have the same noise.

    Raises:
        ValueError: one sentence.
    """
    observation = observation_of(values["array"], values["hours"], values["wedge"])
    return observe_image(image, observation, checks.seed(values["seed"]) + later, values["slices"])


def observe_image(
    image: InputImage, observation: Observation, seed: Any = 1, slices: Any = 64
) -> ObservedImage:
    """Observe an image if it is clean, and take the slices that the networks read.

    Args:
        image: the image or stack; a stack is observed whole, then thinned out.
        observation: as done here, or as it was done before.
        seed: noise seed.
        slices: at most so many of a stack, evenly spaced, its middle one among them.

    Raises:
        ValueError: one sentence.
    """
    noise_seed, most = checks.seed(seed), checks.whole("number of slices", slices, 1, 64)
    original = observe(image.image, image.redshift, CLEAN, cell_mpc=image.cell_mpc)
    observed = original
    if image.clean:
        observed = observe(image.image, image.redshift, observation, seed=noise_seed,
                           cell_mpc=image.cell_mpc)
    if original.ndim == 2:
        return ObservedImage(image, observation, original, observed, 0)
    depth = len(original)
    step = max(1, depth // most)
    middle = depth // 2
    index = np.arange(middle % step, depth, step)[:most]
    shown = int(np.argmin(np.abs(index - middle)))
    return ObservedImage(image, observation, original[index], observed[index], shown)


def reading_words(folder: str, doing: str) -> str:
    """What is being done, and that a model is loaded first if it is."""
    return doing if models.is_loaded(folder) else f"{doing}: loading the network (first use only)"
