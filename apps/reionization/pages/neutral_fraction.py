"""Page "Neutral fraction": a 21 cm image, what a telescope leaves of it, and p(x_HI | image)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from apps.reionization import figures, images, models
from apps.reionization.figures import BRIGHTNESS
from apps.reionization.images import InputImage, ObservedImage
from apps.reionization.state import PARAMETERS
from apps.shared import downloads
from apps.shared.downloads import MetadataEntry
from apps.shared.figures import plots
from apps.shared.page import links, notes
from apps.shared.page.intervals import intervals, item, plain
from apps.shared.page.layout import SIDE, grid
from apps.shared.page.pages import TabPage, boxes, event
from core.reionization.observation import CLEAN

__all__ = ["Reading", "answer", "build", "example_subject", "read"]

Floats = NDArray[np.floating]
NAME = "x_HI"
SYMBOL = "x̄<sub>HI</sub>"
_FILES = ("npy", "npz", "FITS", "PNG")


@dataclass(frozen=True)
class Reading:
    """What the network makes of an image.

    Attributes:
        posterior: a core.posterior.Posterior of x_HI.
        x_hi, density: the posterior on a grid.
        statistics: the density that moments and power spectrum alone give.
        familiarity: whether the image is like the training images.
    """

    posterior: Any
    x_hi: Floats
    density: Floats
    statistics: Floats
    out_of_distribution: Any

    @property
    def found(self) -> dict[str, dict[str, Any]]:
        """Mean and intervals under the name "x_HI"."""
        return intervals(self.posterior, [NAME])


def read(seen: ObservedImage, seed: int = 0) -> Reading:
    """The posterior of an image and whether the image is familiar.

    Raises:
        ValueError: one sentence, also if the model is missing.
    """
    model = models.neutral_fraction()
    found = model.estimate(*seen.arguments(), cell_mpc=seen.subject.cell_mpc)
    density = found.by_method["images"]
    return Reading(
        posterior=model.posterior_of(density, seed=seed),
        x_hi=model.grid,
        density=density,
        statistics=found.by_method["statistics"],
        out_of_distribution=found.out_of_distribution,
    )


def example_labels() -> list[tuple[str, int]]:
    """(words, number) of the shipped simulations."""
    return [
        (f"{i}: z = {images.example(name)['redshift']:.2f}", i)
        for i, name in enumerate(images.examples("box_"), 1)
    ]


def example_subject(number: Any) -> InputImage:
    """A shipped simulation by its number from 1.

    Raises:
        ValueError: if there is none.
    """
    names = images.examples("box_")
    if not names:
        raise ValueError("No simulations came with this copy of the app; upload an image instead.")
    if number is None or not 1 <= int(number) <= len(names):
        raise ValueError(f"There is no simulation {number}; choose one from 1 to {len(names)}.")
    name = names[int(number) - 1]
    return images.from_example(
        name, f"Held-out simulation {int(number)}, z = {images.example(name)['redshift']:.2f}"
    )


def choose(source: str, example: Any, file: str | None, z: Any, cell: Any, kind: str) -> InputImage:
    """The image that the components ask for.

    Raises:
        ValueError: one sentence.
    """
    if source == "example":
        return example_subject(example)
    if source == "file":
        return images.from_file(file, z, cell, kind)
    raise ValueError(f"There is no source {str(source)[:40]}; choose example or file.")


def build(link: gr.Textbox) -> TabPage:
    """Lay the page out, inside the tab that is open."""
    parameters = PARAMETERS["fraction"]
    gr.Markdown(
        "How much of the hydrogen in this image is still neutral? Choose a simulation that no "
        "network has seen, or bring an image; observe it with SKA-Low and watch the answer widen."
    )
    with gr.Row():
        with gr.Column(scale=0, min_width=290, elem_classes=SIDE):
            image = images.build_image(
                "re-fraction", ("A simulation", "example"), example_labels()
            )
            sight = images.build_observe("re-fraction", image.kind, image.source)
            button = gr.Button("Read it", variant="primary", elem_id="re-fraction-button")
        with gr.Column(scale=1, min_width=320):
            note, view = boxes("re-fraction", first_view(), hint=False)
    gr.Markdown("The image as the network read it, with where it comes from:")
    with gr.Row():
        buttons = [
            gr.DownloadButton(f".{name}" if name.islower() else name, size="sm", min_width=90,
                              interactive=False, elem_id=f"re-fraction-download-{name.lower()}")
            for name in _FILES
        ]
    query, shown, never = gr.Textbox(visible="hidden"), gr.State(None), gr.State(False)
    inputs = [*image.inputs(), *sight.inputs()]
    arguments = event(_draw, [*inputs, image.file], [note, view, query, shown, *buttons])
    files: dict[str, Any] = {
        "fn": _files, "inputs": [shown], "outputs": buttons, "api_visibility": "private",
        "show_progress": "hidden", "concurrency_limit": 2,
    }
    page = TabPage(parameters, inputs, query, arguments, files)
    page.draw_on([button.click, *image.triggers(), *sight.triggers()], never, link)
    page.draw(image.uploaded, never, link)
    return page


def first_view() -> str:
    """The page before any model is loaded: the first simulation, as it is."""
    if not images.examples("box_"):
        return notes.empty("No image yet: upload one and press “Read it”.")
    seen = images.look(example_subject(1), CLEAN)
    return grid(
        _image_panel(seen, figures.image_limits(seen.middle(seen.original)), before=True),
        notes.empty("Loading the network, to read the neutral fraction off this image…"),
    )


def _draw(
    skip: bool, source: str, example: Any, z: float, cell: float, kind: str, array: str,
    hours: float, wedge: bool, seed: float, slices: str, file: str | None,
    progress: gr.Progress = gr.Progress(),  # noqa: B008 - Gradio finds the tracker by its default
) -> Iterator[list[Any]]:
    stale = [gr.DownloadButton(interactive=False)] * len(_FILES)
    progress(0.1, desc="Observing the image")
    subject = choose(source, example, file, z, cell, kind)
    seen = images.look(subject, images.observation_of(array, hours, wedge), seed, slices)
    address = links.query("fraction", PARAMETERS["fraction"], (
        source, example, z, cell, kind, array, hours, wedge, seed, slices
    ))
    doing = images.reading_words("neutral_fraction", "Reading the neutral fraction")
    progress(0.3, desc=doing)
    yield ["", _view(seen, None, None, notes.empty(f"{doing}…")), address, None, *stale]
    reading = read(seen)
    warning = notes.warning(
        "This image is unlike the training data, so the result below means nothing certain: "
        + reading.out_of_distribution.reason
    ) if reading.out_of_distribution.unlike_training else ""
    waiting = "Asking where the answer comes from"
    progress(0.6, desc=waiting)
    yield [warning, _view(seen, reading, None, notes.empty(f"{waiting}…")), address, None,
           *stale]
    saliency = models.neutral_fraction().saliency(*seen.arguments(), cell_mpc=subject.cell_mpc)
    yield [warning, _view(seen, reading, saliency), address, (seen, reading), *stale]


def _image_panel(seen: ObservedImage, limits: tuple[float, float], before: bool) -> str:
    image = seen.middle(seen.original if before else seen.image)
    title = "as simulated, mean removed" if before else seen.how()
    side = len(image) * seen.subject.cell_mpc
    words = f"21 cm image at redshift {seen.subject.redshift:.2f}, {side:.0f} Mpc wide: {title}."
    return figures.image_panel(image, limits, BRIGHTNESS, title, words, side)


def image_panels(seen: ObservedImage) -> list[str]:
    """The image before and after its observation, or the one image there is.

    Both have one colour scale, unless so little is left that nothing would be seen of it.
    """
    if not seen.changed:
        return [_image_panel(seen, figures.image_limits(seen.middle(seen.image)), before=False)]
    before, after = seen.middle(seen.original), seen.middle(seen.image)
    limits = figures.image_limits(before, after)
    own = figures.image_limits(after)
    faint = own[1] - own[0] < 0.35 * (limits[1] - limits[0])
    return [_image_panel(seen, limits, before=True),
            _image_panel(seen, own if faint else limits, before=False)]


def _view(
    seen: ObservedImage, reading: Reading | None, saliency: Floats | None, instead: str = ""
) -> str:
    panels = image_panels(seen)
    heading = images.titled(seen.subject.label)
    if reading is None:
        return heading + grid(*panels, instead)
    image = seen.middle(seen.image)
    curve = figures.posterior_panel(
        [("from the image", reading.x_hi, reading.density, plots.SECOND)], seen.subject.truth,
        "the neutral fraction, given the image",
        f"Posterior of the neutral fraction: {plain(reading.found)}.",
        thin=("from moments and $P(k)$ alone", reading.x_hi, reading.statistics),
    )
    panels.append(curve)
    if saliency is not None:
        panels.append(figures.overlay_panel(
            image, saliency, figures.image_limits(image), len(image) * seen.subject.cell_mpc,
            "where the answer comes from",
            "The same image in grey; coloured where blotting out a patch moves the answer most, by "
            f"up to {float(saliency.max()):.3f}.",
        ))
    elif instead:
        panels.append(instead)
    return heading + f"<ul class='cd-words'>{words(seen, reading)}</ul>" + grid(*panels)


def words(seen: ObservedImage, reading: Reading) -> str:
    """The answer in words, as items of a list."""
    number = f"{seen.slices} slices" if seen.slices > 1 else "one slice"
    doubt = (
        "The image was flagged, see above."
        if reading.out_of_distribution.unlike_training
        else ("The image looks familiar.")
    )
    return item(SYMBOL, reading.found[NAME], seen.subject.truth) + (
        f"<li><small>Read off {number} at z = {seen.subject.redshift:.2f} ({seen.how()}); every "
        f"value from 0 to 1 was as likely before. {doubt} The answer comes from where it moves "
        "when a patch of the sky is blotted out, through all slices.</small></li>"
    )


def _facts(seen: ObservedImage, reading: Reading) -> list[MetadataEntry]:
    subject, observed = seen.subject, seen.observation
    facts = [
        MetadataEntry("field", "FIELD", "21 cm brightness temperature", "slice means removed"),
        MetadataEntry("units", "UNITS", "mK", ""),
        MetadataEntry("redshift", "REDSHIFT", float(subject.redshift), ""),
        MetadataEntry(
            "cell_mpc", "CELLMPC", float(subject.cell_mpc), "[Mpc] comoving side of a pixel"
        ),
        MetadataEntry(
            "observed_with", "TELESCOP", observed.array, "none, aa_star or aa4 of SKA-Low"
        ),
        MetadataEntry("hours", "HOURS", float(observed.hours), "of integration"),
        MetadataEntry(
            "wedge_removed", "WEDGE", int(observed.wedge), "foreground wedge, 1 is removed"
        ),
    ]
    if subject.truth is not None:
        facts.append(
            MetadataEntry("x_hi_mean", "X_HI", float(subject.truth), "true mean neutral fraction")
        )
    found = reading.found[NAME]
    facts += [
        MetadataEntry("x_hi_inferred", "XHI_MEAN", found["mean"], "posterior mean of x_HI"),
        MetadataEntry("x_hi_low_68", "XHI_LOW", found["interval_68"][0], "68% interval"),
        MetadataEntry("x_hi_high_68", "XHI_HIGH", found["interval_68"][1], "68% interval"),
        MetadataEntry("weights_sha256", "WEIGHTS", models.weights_checksum("neutral_fraction"), ""),
    ]
    return facts


def _files(shown: tuple[ObservedImage, Reading] | None) -> list[Any]:
    if shown is None:
        return [gr.skip()] * len(_FILES)
    seen, reading = shown
    facts, image = _facts(seen, reading), seen.image.astype(np.float32)
    middle = seen.middle(image)
    picture = figures.images_figure(middle[None], figures.image_limits(middle), BRIGHTNESS,
                                    [seen.how()], side_mpc=len(middle) * seen.subject.cell_mpc)
    name = f"21cm_z{seen.subject.redshift:.2f}_{seen.observation.array}"
    paths = downloads.to_files({
        f"{name}.npy": downloads.npy_bytes(image),
        f"{name}.npz": downloads.npz_bytes(image, facts, "brightness_temp"),
        f"{name}.fits": downloads.fits_bytes(
            image, facts, "mK", seen.subject.cell_mpc, "Mpc", what="brightness temperature",
            third=("SLICE", "slices across the line of sight"),
        ),
        f"{name}.png": plots.png(picture, downloads.text_chunks(facts)),
    })
    return [gr.DownloadButton(value=path, interactive=True) for path in paths]


def answer(reading: Reading) -> dict[str, Any]:
    """The reading as JSON."""
    return {
        "x_hi": reading.found[NAME],
        "grid": reading.x_hi.tolist(),
        "density": reading.density.astype(float).round(6).tolist(),
        "density_statistics": reading.statistics.astype(float).round(6).tolist(),
        "unlike_training": bool(reading.out_of_distribution.unlike_training),
        "reason": reading.out_of_distribution.reason,
    }
