"""Page "History": images at several redshifts to x_HI(z) and the optical depth beside Planck's."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from apps.reionization import figures, input_page, inputs
from apps.reionization.inputs import InputImage
from apps.reionization.observing import ObservedImage, observe_as, reading_words
from apps.reionization.pages.neutral_fraction import Reading, read
from apps.reionization.state import PARAMETERS
from apps.shared import checks
from apps.shared.downloads import weights_entry
from apps.shared.figures import plots
from apps.shared.page import links, notes
from apps.shared.page.download_row import download_row
from apps.shared.page.events import Values
from apps.shared.page.glossary import terms
from apps.shared.page.layout import answer_column, grid, settings_column, titled
from apps.shared.page.pages import TabPage, boxes
from core.reionization.history import PLANCK_TAU, History, reionization_history

__all__ = ["Series", "build", "parse_redshifts", "reconstruct", "table_of"]

Floats = NDArray[np.floating]
MAX_FILES = 10
_ROOM = 1.35  # height of the panel over that of its curve, so that its key stands above it
_SHOWN_REDSHIFTS = (5.0, 14.0)


@dataclass(frozen=True)
class Series:
    """Images at several redshifts and what they say.

    Attributes:
        observed: the images, by redshift.
        readings: of each.
        history: of all of them.
    """

    observed: list[ObservedImage]
    readings: list[Reading]
    history: History


def parse_redshifts(text: str | None, count: int) -> list[float]:
    """Redshifts that a person typed, one a file.

    Raises:
        ValueError: one sentence.
    """
    words = (text or "").replace(";", ",").split(",")
    given = [word.strip() for word in words if word.strip()]
    if len(given) != count:
        raise ValueError(
            f"{count} {'file' if count == 1 else 'files'} came and {len(given)} "
            f"{'redshift' if len(given) == 1 else 'redshifts'}; type one a file, separated by "
            "commas, such as 7, 8, 9.5."
        )
    return [inputs.redshift_of(word) for word in given]


def choose(values: Values) -> list[InputImage]:
    """The images that the page asks for, by redshift: by "source", and "files", "redshifts", "cell"
    and "kind".

    Raises:
        ValueError: one sentence.
    """
    if checks.one_of("source", values["source"], inputs.SOURCES) == "example":
        names = inputs.examples("history_")
        if not names:
            raise ValueError("No series came with this copy of the app; upload images instead.")
        chosen = [inputs.from_example(name, "Held-out simulation") for name in names]
    else:
        files = values["files"]
        if not files:
            raise ValueError("No files were chosen; upload one image or stack for each redshift.")
        if len(files) > MAX_FILES:
            raise ValueError(f"{len(files)} files came; up to {MAX_FILES} are read.")
        redshifts = parse_redshifts(values["redshifts"], len(files))
        chosen = [inputs.from_file(file, z, values["cell"], values["kind"])
                  for file, z in zip(files, redshifts, strict=True)]
    return sorted(chosen, key=lambda image: image.redshift)


def build(link: gr.Textbox) -> TabPage:
    """Lay the page out, inside the tab that is open."""
    gr.Markdown(
        "Combine images of one patch of sky at several redshifts into a history of reionization: "
        "the neutral fraction as a function of redshift, and the Thomson optical depth τ to the "
        "cosmic microwave background, compared with Planck 2018. Start with “Reconstruct”."
    )
    gr.HTML(terms("neutral fraction", "optical depth τ", "68% interval", "AA* and AA4",
                  "foreground wedge", "flagged"), padding=False)
    with gr.Row():
        with settings_column():
            page = input_page.build(
                "history", ("A simulation at six redshifts", "example"), multiple=True,
                file_label="one image or stack for each redshift, in mK",
            )
            button = gr.Button("Reconstruct", variant="primary", elem_id="re-history-button")
        with answer_column():
            answer = boxes(
                "re-history", "No history yet: choose images and press “Reconstruct”."
            )
    files = download_row("re-history", ("csv", "npz"), _files)
    return page.connect(_draw, answer, link, [button.click], downloads=files)


def _draw(values: Values, progress: gr.Progress = gr.Progress()) -> Iterator[Values]:
    progress(0.05, desc="Observing the images")
    observed = [observe_as(values, image, later) for later, image in enumerate(choose(values))]
    doing = reading_words("neutral_fraction", "Reading the images")
    progress(0.1, desc=doing)
    yield {"note": "", "view": _view(observed, None, notes.empty(f"{doing}…")), "shown": None,
           "query": links.query("history", PARAMETERS["history"], values)}
    readings = []
    for index, image in enumerate(observed, 1):
        readings.append(read(image))
        progress(0.1 + 0.8 * index / len(observed), desc="Reading the images")
    series = reconstruct(observed, readings)
    yield {"note": _warning(series), "view": _view(observed, series), "shown": series}


def reconstruct(observed: list[ObservedImage], readings: list[Reading]) -> Series:
    """The history of some images."""
    history = reionization_history(
        [one.redshift for one in observed], [reading.posterior for reading in readings]
    )
    return Series(observed, readings, history)


def _warning(series: Series) -> str:
    strange = [
        f"z = {one.redshift:g}"
        for one, reading in zip(series.observed, series.readings, strict=True)
        if reading.out_of_distribution.unlike_training
    ]
    if strange:
        return notes.warning(
            f"Images unlike the training data ({', '.join(strange)}): the history below is not "
            "reliable there."
        )
    if series.history.ordered < 0.1 / math.factorial(len(series.observed)):
        return notes.warning(
            "The images are inconsistent: analysed one by one, their neutral fractions do not "
            "decrease with time; check that the redshifts belong to the right files."
        )
    return ""


def _view(observed: list[ObservedImage], series: Series | None, instead: str = "") -> str:
    pictures = np.stack([_thumbnail(one) for one in observed])
    known = all(one.truth is not None for one in observed)
    titles = [
        f"z = {one.redshift:.2f}"
        + (rf", $\bar{{x}}_{{\rm HI}}$ = {one.truth:.2f}" if known else "")
        for one in observed
    ]
    strip = plots.svg(
        plots.maps_strip(pictures, figures.image_limits(pictures), observed[0].side_mpc, titles,
                         unit=figures.UNIT, label="mK", colours="inferno"),
        f"{len(observed)} images of the 21 cm brightness, from redshift "
        f"{observed[0].redshift:.2f} to {observed[-1].redshift:.2f}.",
        width=230 * len(observed) + 180, scroll=len(observed) > 2,
    )
    label = observed[0].label if known else f"{len(observed)} images"
    heading = titled(f"{label}, {observed[0].how()}")
    if series is None:
        return heading + strip + instead
    return heading + strip + _words(series.history) + grid(_curve(series), _depth(series.history))


def _thumbnail(one: ObservedImage) -> Floats:
    """The drawn slice, thinned to 64 pixels so that images of any size stand in one row."""
    image = one.middle(one.image)
    places = np.linspace(0, len(image) - 1, min(64, len(image))).round().astype(int)
    if len(places) < 64:
        places = np.linspace(0, len(image) - 1, 64).round().astype(int)
    return image[np.ix_(places, places)]


def _curve(series: Series) -> str:
    h = series.history
    with plots.panel("history of the neutral fraction", "redshift",
                     r"mean neutral fraction $\bar{x}_{\rm HI}$", key="lower right"
                     ) as (figure, axes):
        axes.fill_between(h.redshift, h.low_95, h.high_95, color=plots.SECOND, alpha=0.16, lw=0,
                          label="95%")
        axes.fill_between(h.redshift, h.low_68, h.high_68, color=plots.SECOND, alpha=0.28, lw=0,
                          label="68%")
        axes.plot(h.redshift, h.median, color=plots.SECOND, lw=1.7, label="median")
        z = np.array([one.redshift for one in series.observed])
        found = [reading.found["x_HI"] for reading in series.readings]
        mean = np.array([f["mean"] for f in found])
        low, high = np.array([f["interval_68"] for f in found]).T
        axes.errorbar(z, mean, np.abs([mean - low, high - mean]), fmt="o", ms=4.5,
                      color=plots.FIRST, lw=1.4, label="each image, 68%")
        truths = [(one.redshift, one.truth) for one in series.observed
                  if one.truth is not None]
        if truths:
            axes.plot(*np.array(truths).T, "x", color=plots.TRUTH, ms=7, mew=1.8, label="truth")
        axes.set_xlim(*_SHOWN_REDSHIFTS)
        axes.set_ylim(-0.02, 1.02)
    return plots.svg(figure, "Neutral fraction over redshift with its 68% and 95% band.")


def _depth(history: History) -> str:
    mean, spread = PLANCK_TAU
    low = min(float(history.tau.min()), mean - 3 * spread)
    high = max(float(history.tau.max()), mean + 3 * spread)
    edges = np.linspace(low, high, 60)
    with plots.panel("optical depth", r"$\tau$", "probability density", key="upper right"
                     ) as (figure, axes):
        axes.axvspan(mean - spread, mean + spread, ymax=1 / _ROOM, color=plots.BAND, alpha=0.3,
                     lw=0, label=f"Planck 2018: {mean} ± {spread}")
        axes.axvline(mean, ymax=1 / _ROOM, color=plots.BAND, lw=1.2, ls="--")
        counts, _ = np.histogram(history.tau, edges, density=True)
        axes.stairs(counts, edges, color=plots.SECOND, lw=1.7, label="from these images")
        axes.set_ylim(0, float(counts.max()) * 1.03 * _ROOM)
        axes.set_xlim(low, high)
        axes.locator_params(axis="x", nbins=6)
    return plots.svg(figure, "Optical depth from the images beside that of Planck 2018.")


def _words(history: History) -> str:
    tau, spread = float(history.tau.mean()), float(history.tau.std())
    mean, sigma = PLANCK_TAU
    apart = abs(tau - mean) / math.hypot(spread, sigma)
    low, high = np.quantile(history.midpoint, [0.16, 0.84])
    return (
        '<ul class="cd-words">'
        f"<li><strong>τ = {tau:.4f} ± {spread:.4f}</strong>; Planck 2018: {mean} ± {sigma}, "
        f"a difference of {apart:.1f}σ.</li>"
        f"<li><strong>Half ionized at z = {np.median(history.midpoint):.2f}</strong>: 68% interval "
        f"{low:.2f} to {high:.2f}.</li>"
        "<li><small>The neutral fraction is assumed to decrease monotonically with time; outside "
        "the redshifts of the images the band reflects the prior. The simulations are not "
        "calibrated to observations, so their τ need not agree with Planck’s.</small></li></ul>"
    )


def table_of(series: Series) -> dict[str, Floats]:
    """The history as columns."""
    h = series.history
    return {"redshift": h.redshift, "x_hi_median": h.median, "x_hi_low_68": h.low_68,
            "x_hi_high_68": h.high_68, "x_hi_low_95": h.low_95, "x_hi_high_95": h.high_95}


def _files(series: Series) -> dict[str, bytes]:
    table = table_of(series)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(table)
    writer.writerows(np.round(np.stack(list(table.values()), axis=1), 5).tolist())
    facts = [
        *series.observed[0].facts(), weights_entry("neutral_fraction"),
    ]
    buffer = io.BytesIO()
    arrays = {**table, "tau": series.history.tau,
              **{fact.name: np.asarray(fact.value) for fact in facts}}
    np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type]
    return {"reionization_history.csv": text.getvalue().encode(),
            "reionization_history.npz": buffer.getvalue()}
