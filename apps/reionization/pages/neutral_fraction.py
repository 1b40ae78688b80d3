"""Page "Neutral fraction": a 21 cm image, what a telescope leaves of it, and p(x_HI | image)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from apps.reionization import figures, input_page, inputs, models
from apps.reionization.figures import BRIGHTNESS
from apps.reionization.observing import ObservedImage, observe_as, observe_image, reading_words
from apps.reionization.state import PARAMETERS
from apps.shared import downloads
from apps.shared.downloads import MetadataEntry, weights_entry
from apps.shared.figures import plots
from apps.shared.page import links, notes
from apps.shared.page.download_row import MAP_FILES, download_row
from apps.shared.page.events import Values
from apps.shared.page.glossary import terms
from apps.shared.page.intervals import intervals, item, plain
from apps.shared.page.layout import answer_column, grid, settings_column, titled
from apps.shared.page.pages import TabPage, boxes
from core.reionization.observation import CLEAN

__all__ = ["Reading", "answer", "build", "read"]

Floats = NDArray[np.floating]
NAME = "x_HI"
SYMBOL = "x̄<sub>HI</sub>"


@dataclass(frozen=True)
class Reading:
    """What the network makes of an image.

    Attributes:
        posterior: a core.posterior.Posterior of x_HI.
        x_hi, density: the posterior on a grid.
        statistics: the density that moments and power spectrum alone give.
        out_of_distribution: whether the image is like the training images.
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


def read(observed: ObservedImage, seed: int = 0) -> Reading:
    """The posterior of an image and whether the image is like the training images.

    Raises:
        ValueError: one sentence, also if the model is missing.
    """
    model = models.neutral_fraction()
    found = model.estimate(**observed.arguments())
    density = found.by_method["images"]
    return Reading(
        posterior=model.posterior_of(density, seed=seed),
        x_hi=model.grid,
        density=density,
        statistics=found.by_method["statistics"],
        out_of_distribution=found.out_of_distribution,
    )


def build(link: gr.Textbox) -> TabPage:
    """Lay the page out, inside the tab that is open."""
    gr.Markdown(
        "Infer the mean neutral fraction of hydrogen from a 21 cm image. Start with a simulation "
        "that was held out from training, or upload an image; then observe it with SKA-Low and see "
        "how the posterior widens."
    )
    gr.HTML(terms("neutral fraction", "posterior", "68% interval", "AA* and AA4",
                  "foreground wedge", "flagged"), padding=False)
    with gr.Row():
        with settings_column():
            page = input_page.build("fraction", ("A simulation", "example"),
                                    choices=inputs.example_labels())
            button = gr.Button("Infer", variant="primary", elem_id="re-fraction-button")
        with answer_column():
            answer = boxes("re-fraction", first_view(), hint=False)
    gr.Markdown("Download the image as the network received it, with its metadata:")
    files = download_row("re-fraction", MAP_FILES, _files)
    return page.connect(_draw, answer, link, [button.click], downloads=files,
                        previews=True)


def first_view() -> str:
    """The page before any model is loaded: the first simulation, as it is."""
    if not inputs.examples("box_"):
        return notes.empty("No image yet: upload one and press “Infer”.")
    observed = observe_image(inputs.example_image(1), CLEAN)
    limits = figures.image_limits(observed.middle(observed.original))
    return titled(observed.label) + grid(
        _image_panel(observed, limits, before=True),
        notes.empty("Loading the network, to infer the neutral fraction from this image…"),
    )


def _draw(values: Values, progress: gr.Progress = gr.Progress()) -> Iterator[Values]:
    progress(0.1, desc="Observing the image")
    observed = observe_as(values, inputs.choose(values))
    doing = reading_words("neutral_fraction", "Inferring the neutral fraction")
    progress(0.3, desc=doing)
    yield {"note": "", "view": _view(observed, None, None, notes.empty(f"{doing}…")),
           "query": links.query("fraction", PARAMETERS["fraction"], values), "shown": None}
    reading = read(observed)
    waiting = "Mapping the regions that the estimate depends on"
    progress(0.6, desc=waiting)
    yield {"note": notes.unlike_training(reading.out_of_distribution, "image"),
           "view": _view(observed, reading, None, notes.empty(f"{waiting}…"))}
    saliency = models.neutral_fraction().saliency(**observed.arguments())
    yield {"view": _view(observed, reading, saliency), "shown": (observed, reading)}


def _image_panel(observed: ObservedImage, limits: tuple[float, float], before: bool) -> str:
    image = observed.middle(observed.original if before else observed.image)
    title = "as simulated, mean removed" if before else observed.how()
    side = observed.side_mpc
    words = f"21 cm image at redshift {observed.redshift:.2f}, {side:.0f} Mpc wide: {title}."
    return figures.image_panel(image, limits, BRIGHTNESS, title, words, side)


def _image_panels(observed: ObservedImage) -> list[str]:
    """The image before and after its observation, or the one image there is.

    Both have one colour scale, unless so little is left that nothing would be seen of it.
    """
    before, after = observed.middle(observed.original), observed.middle(observed.image)
    own = figures.image_limits(after)
    if not observed.changed:
        return [_image_panel(observed, own, before=False)]
    limits = figures.image_limits(before, after)
    faint = own[1] - own[0] < 0.35 * (limits[1] - limits[0])
    return [_image_panel(observed, limits, before=True),
            _image_panel(observed, own if faint else limits, before=False)]


def _view(
    observed: ObservedImage, reading: Reading | None, saliency: Floats | None, instead: str = ""
) -> str:
    panels = _image_panels(observed)
    heading = titled(observed.label)
    if reading is None:
        return heading + grid(*panels, instead)
    image = observed.middle(observed.image)
    curve = figures.posterior_panel(
        [("from the image", reading.x_hi, reading.density, plots.SECOND)], observed.truth,
        "posterior of the neutral fraction",
        f"Posterior of the neutral fraction: {plain(reading.found)}.",
        thin=("from moments and $P(k)$ alone", reading.x_hi, reading.statistics),
    )
    panels.append(curve)
    if saliency is not None:
        panels.append(figures.overlay_panel(
            image, saliency, figures.image_limits(image), observed.side_mpc,
            "regions that the estimate depends on",
            "The same image in grey; in colour, the regions where masking a patch changes the "
            f"estimate most, by up to {float(saliency.max()):.3f}.",
        ))
    elif instead:
        panels.append(instead)
    return heading + f"<ul class='cd-words'>{_words(observed, reading)}</ul>" + grid(*panels)


def _words(observed: ObservedImage, reading: Reading) -> str:
    """The answer in words, as items of a list."""
    number = f"{observed.slices} slices" if observed.slices > 1 else "one slice"
    flagged = reading.out_of_distribution.unlike_training
    doubt = ("The image was flagged, see above." if flagged
             else "The image is consistent with the training data.")
    return item(SYMBOL, reading.found[NAME], observed.truth) + (
        f"<li><small>Inferred from {number} at z = {observed.redshift:.2f} ({observed.how()}) with "
        f"a flat prior on {SYMBOL} between 0 and 1. {doubt} The last panel shows how much the "
        "estimate changes when a patch of the sky is masked in all slices.</small></li>"
    )


def _facts(observed: ObservedImage, reading: Reading) -> list[MetadataEntry]:
    facts = [
        MetadataEntry("field", "FIELD", "21 cm brightness temperature", "slice means removed"),
        MetadataEntry("units", "UNITS", "mK", ""),
        MetadataEntry("redshift", "REDSHIFT", float(observed.redshift), ""),
        MetadataEntry("cell_mpc", "CELLMPC", float(observed.input_image.cell_mpc),
                      "[Mpc] comoving side of a pixel"),
        *observed.facts(),
    ]
    if observed.truth is not None:
        facts.append(
            MetadataEntry("x_hi_mean", "X_HI", float(observed.truth), "true mean neutral fraction")
        )
    found = reading.found[NAME]
    facts += [
        MetadataEntry("x_hi_inferred", "XHI_MEAN", found["mean"], "posterior mean of x_HI"),
        MetadataEntry("x_hi_low_68", "XHI_LOW", found["interval_68"][0], "68% interval"),
        MetadataEntry("x_hi_high_68", "XHI_HIGH", found["interval_68"][1], "68% interval"),
        weights_entry("neutral_fraction"),
    ]
    return facts


def _files(shown: tuple[ObservedImage, Reading]) -> dict[str, bytes]:
    observed, reading = shown
    facts, image = _facts(observed, reading), observed.image.astype(np.float32)
    middle = observed.middle(image)
    picture = figures.images_figure(middle[None], figures.image_limits(middle), BRIGHTNESS,
                                    [observed.how()], side_mpc=observed.side_mpc)
    return downloads.map_files(
        f"21cm_z{observed.redshift:.2f}_{observed.observation.array}", image, facts,
        plots.png(picture, downloads.text_chunks(facts)), array="brightness_temp", unit="mK",
        what="brightness temperature", pixel_size=observed.input_image.cell_mpc, pixel_unit="Mpc",
        third=("SLICE", "slices across the line of sight"),
    )


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
