"""Page "Ionization": a slice of the density in, samples of the neutral fraction out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from apps.reionization import figures, inputs, models
from apps.reionization.figures import DENSITY, DIFFERENCE, IONIZATION
from apps.reionization.observing import reading_words
from apps.reionization.state import MAX_SAMPLES, PARAMETERS
from apps.shared import checks, downloads
from apps.shared.downloads import MetadataEntry, weights_entry
from apps.shared.figures import plots
from apps.shared.file_label import file_label
from apps.shared.page import links, notes
from apps.shared.page.download_row import MAP_FILES, download_row
from apps.shared.page.events import QUICK, Values, named, show_chosen
from apps.shared.page.glossary import terms
from apps.shared.page.layout import answer_column, grid, settings_column, titled
from apps.shared.page.pages import TabPage, boxes, event
from core.fields import read_stack
from core.reionization.constants import BOX_SIZE_MPC, CELL_MPC, X_HI_RANGE

__all__ = ["Slice", "build", "choose", "draw"]

Floats = NDArray[np.floating]
NAMES = ("density", "overdensity")
_X_HI_LIMITS = (0.0, 1.0)


@dataclass(frozen=True)
class Slice:
    """A slice of the density.

    Attributes:
        density: (n, n) overdensity, or (S, n, n) with its neighbours, S odd, it in the middle.
        redshift: of the slice.
        x_hi: (n, n) what the simulator makes of it, if that is known.
        label: where it is from, in words.
    """

    density: Floats
    redshift: float
    x_hi: Floats | None
    label: str

    @property
    def middle(self) -> Floats:
        """(n, n) the slice itself."""
        return self.density[len(self.density) // 2] if self.density.ndim == 3 else self.density


@dataclass(frozen=True)
class Drawn:
    """Ionization fields and what made them.

    Attributes:
        given: the slice.
        x_hi: mean neutral fraction asked for.
        samples: (n, N, N) neutral fraction.
        expected: (N, N) the one-pass network's answer.
        seed: noise seed.
    """

    given: Slice
    x_hi: float
    samples: Floats
    expected: Floats
    seed: int


def choose(values: Values) -> Slice:
    """The slice that the page asks for by "source", and "example", or "file" and "z".

    Raises:
        ValueError: one sentence.
    """
    if checks.one_of("source", values["source"], inputs.SOURCES) == "example":
        name, label = inputs.example_name(values["example"])
        content = inputs.example(name)
        return Slice(content["density"], content["redshift"], content["x_hi"], label)
    file = values["file"]
    if file is None:
        raise ValueError(
            "No file was chosen; upload a .npy, .npz, .fits or .h5 file with a slice of the "
            "overdensity, 64 x 64 cells of 2 Mpc."
        )
    z = inputs.redshift_of(values["z"])
    density = read_stack(file, NAMES)
    return Slice(density, z, None, f"{file_label(file, NAMES, stack=True)}, z = {z:g}")


def draw(given: Slice, x_hi: Any, n: Any, seed: Any, progress: models.Progress | None = None
         ) -> Drawn:
    """Samples of the ionization of a slice.

    Raises:
        ValueError: one sentence, also if the model is missing.
    """
    asked = checks.number("x_hi", x_hi, *X_HI_RANGE, why="outside the trained range")
    count = checks.whole("number of samples", n, 1, MAX_SAMPLES)
    whole_seed = checks.seed(seed)
    model = models.radiation()
    density = _with_neighbours(given.density, model.config.reach)
    expected = model.denoise(density, asked, given.redshift)
    samples = model.sample(density, asked, given.redshift, count, whole_seed, progress=progress)
    return Drawn(given, asked, samples, expected, whole_seed)


def _with_neighbours(density: Floats, reach: int) -> Floats:
    """The middle slice with as many neighbours as the model takes, or alone if there are fewer."""
    if density.ndim == 2:
        return density
    middle = len(density) // 2
    if min(middle, len(density) - 1 - middle) < reach or reach == 0:
        return density[middle]
    return density[middle - reach : middle + reach + 1]


def build(link: gr.Textbox) -> TabPage:
    """Lay the page out, inside the tab that is open."""
    default = {p.name: p.default for p in PARAMETERS["ionize"]}
    gr.Markdown(
        "### Density to ionization\n"
        "Generate ionized bubbles from a density field, without specifying the sources. Given a "
        "slice of the density and its mean neutral fraction, a diffusion model samples the "
        "ionization field: the samples agree where the density determines it and differ elsewhere. "
        "Start with “Draw samples”."
    )
    gr.HTML(terms("neutral fraction", "seed", "P(k)"), padding=False)
    with gr.Row():
        with settings_column():
            source = gr.Radio([("A simulation", "example"), ("Upload a file", "file")],
                              value="example", label="Density", elem_id="re-ionize-source")
            example = inputs.build_examples("re-ionize", inputs.example_labels())
            with gr.Column(visible=False) as own:
                file = gr.File(
                    label=".npy, .npz, .fits or .h5: overdensity, 64 × 64 cells of 2 Mpc, or a "
                    "stack, whose middle slice is used", file_types=inputs.FILE_TYPES, height=140,
                    elem_id="re-ionize-file", elem_classes="cd-upload",
                )
                redshift = gr.Number(default["z"], label="Redshift", step=0.1,
                                     elem_id="re-ionize-redshift")
            x_hi = gr.Slider(*X_HI_RANGE, default["x_hi"], step=0.001,
                             label="Neutral fraction of the slice", elem_id="re-ionize-x-hi")
            n = gr.Slider(1, MAX_SAMPLES, default["n"], step=1, label="Samples",
                          elem_id="re-ionize-n")
            seed = gr.Number(default["seed"], label="Seed", precision=0, minimum=0,
                             maximum=checks.MAX_SEED, elem_id="re-ionize-seed")
            button = gr.Button("Draw samples", variant="primary", elem_id="re-ionize-button")
        with answer_column():
            answer = boxes("re-ionize", "No bubbles yet: choose a slice and press “Draw samples”.")
    files = download_row("re-ionize", MAP_FILES, _files)
    show_chosen(source, {"example": example, "file": own})
    linked = {"source": source, "example": example, "z": redshift, "x_hi": x_hi, "n": n,
              "seed": seed}
    page = TabPage(PARAMETERS["ionize"], linked, event(_draw, {**linked, "file": file}, answer),
                   files)
    page.draw_on([button.click, x_hi.input, n.input, seed.submit, seed.blur, redshift.submit,
                  redshift.blur, file.upload], link)
    fill = named(_fill_mean, {"example": example}, {"x_hi": x_hi})
    page.draw(example.input(**fill, **QUICK).then, link)
    return page


def _fill_mean(values: Values) -> Values:
    """The neutral fraction of an example's slice, for the slider."""
    try:
        truth = choose({"source": "example", **values}).x_hi
    except ValueError:
        return {}
    if truth is None:
        return {}
    return {"x_hi": round(float(np.clip(truth.mean(), *X_HI_RANGE)), 3)}


def _draw(values: Values, progress: gr.Progress = gr.Progress()) -> Iterator[Values]:
    given = choose(values)
    doing = reading_words("radiation", "Drawing the bubbles")
    progress(0.05, desc=doing)
    yield {"note": "", "view": _view(given, None, notes.empty(f"{doing}…")), "shown": None,
           "query": links.query("ionize", PARAMETERS["ionize"], values)}
    drawn = draw(given, values["x_hi"], values["n"], values["seed"],
                 lambda fraction: progress(fraction, desc="Drawing the bubbles"))
    yield {"view": _view(given, drawn), "shown": drawn}


def _view(given: Slice, drawn: Drawn | None, instead: str = "") -> str:
    z = given.redshift
    logs = np.log10(1 + np.maximum(given.middle, -0.99))
    side = len(logs) * CELL_MPC
    panels = [figures.image_panel(
        logs, figures.image_limits(logs), DENSITY, "input: density",
        f"Density of a slice {side:.0f} Mpc wide at redshift {z:.2f}.", side,
    )]
    if given.x_hi is not None:
        mean = float(given.x_hi.mean())
        panels.append(figures.image_panel(
            given.x_hi, _X_HI_LIMITS, IONIZATION,
            f"21cmFAST: neutral fraction {mean:.3f}",
            f"The simulator's own neutral fraction of the slice, {mean:.3f} on average.",
        ))
    heading = titled(given.label)
    if drawn is None:
        return heading + grid(*panels, instead)
    mean = float(drawn.samples[0].mean())
    panels.append(figures.image_panel(
        drawn.samples[0], _X_HI_LIMITS, IONIZATION, f"sample 1: neutral fraction {mean:.3f}",
        f"First sample of the neutral fraction, {mean:.3f} on average.",
    ))
    panels.append(_second_look(drawn))
    panels.append(figures.image_panel(
        drawn.expected, _X_HI_LIMITS, IONIZATION, "one-pass network: expected value",
        "Expected neutral fraction of every cell by the one-pass network.",
    ))
    panels.append(_spectra(drawn))
    return heading + _words(drawn) + grid(*panels) + _strip(drawn)


def _second_look(drawn: Drawn) -> str:
    truth = drawn.given.x_hi
    if truth is not None:
        return figures.image_panel(
            drawn.samples[0] - truth, (-1.0, 1.0), DIFFERENCE, "sample 1 − 21cmFAST",
            "Difference of the first sample and the simulator's answer.",
        )
    spread = drawn.samples.std(axis=0)
    return figures.image_panel(
        spread, (0.0, 0.5), {"label": r"spread of $x_{\rm HI}$", "colours": "magma"},
        "where the samples differ", "Standard deviation over the samples.",
    )


def _spectra(drawn: Drawn) -> str:
    fields: list[tuple[str, Floats, Any]] = []
    if drawn.given.x_hi is not None:
        fields.append(("21cmFAST", drawn.given.x_hi, plots.BAND))
    n = len(drawn.samples)
    fields.append((f"samples, mean of {n}" if n > 1 else "sample", drawn.samples, plots.FIRST))
    fields.append(("one-pass network", drawn.expected, plots.SECOND))
    first = "21cmFAST" if drawn.given.x_hi is not None else "samples"
    return figures.spectrum_panel(
        fields, r"$P(k)$ of $x_{\rm HI}$",
        f"Power spectra of the neutral fraction and their ratio to {first}.",
        ratio_label=f"ratio to\n{first}", unit="Mpc$^2$",
    )


def _strip(drawn: Drawn) -> str:
    if len(drawn.samples) < 2:
        return ""
    titles = [f"sample {i}" for i in range(1, len(drawn.samples) + 1)]
    return plots.svg(
        plots.maps_strip(drawn.samples, _X_HI_LIMITS, BOX_SIZE_MPC, titles, unit=figures.UNIT,
                         label=r"$x_{\rm HI}$", colours="inferno"),
        f"{len(titles)} samples of the neutral fraction for the same density.",
        width=230 * len(titles) + 180, scroll=len(titles) > 2,
    )


def _words(drawn: Drawn) -> str:
    means = drawn.samples.mean(axis=(-2, -1))
    low, high = f"{means.min():.3f}", f"{means.max():.3f}"
    have = "the samples have" if len(means) > 1 else "the sample has"
    text = (f"Requested neutral fraction {drawn.x_hi:.3f}; {have} {low}"
            + (f" to {high}." if high != low else "."))
    truth = drawn.given.x_hi
    if truth is not None and abs(float(truth.mean()) - drawn.x_hi) > 0.02:
        text += (
            f" The simulator's slice has {truth.mean():.3f}, so part of the difference comes from "
            "the requested value."
        )
    return f"<p><small>{text}</small></p>"


def _facts(drawn: Drawn) -> list[MetadataEntry]:
    return [
        MetadataEntry("field", "FIELD", "neutral fraction", "of hydrogen"),
        MetadataEntry("model", "MODEL", "Radiation (diffusion)", "generative model of CosmoDesk"),
        MetadataEntry("redshift", "REDSHIFT", float(drawn.given.redshift), ""),
        MetadataEntry("x_hi_asked", "X_HI", drawn.x_hi, "mean neutral fraction asked for"),
        MetadataEntry("seed", "SEED", drawn.seed, "seed of the draw"),
        MetadataEntry("n_samples", "NMAPS", len(drawn.samples), "samples of this seed"),
        MetadataEntry(
            "density", "DENSITY", drawn.given.label.split(",")[0], "where the density is from"
        ),
        MetadataEntry("cell_mpc", "CELLMPC", CELL_MPC, "[Mpc] comoving side of a cell"),
        weights_entry("radiation"),
    ]


def _files(drawn: Drawn) -> dict[str, bytes]:
    facts, n = _facts(drawn), len(drawn.samples)
    maps = drawn.samples[0] if n == 1 else drawn.samples
    picture = figures.images_figure(drawn.samples, _X_HI_LIMITS, IONIZATION,
                                    [f"sample {i + 1}" for i in range(n)])
    return downloads.map_files(
        f"ionization_z{drawn.given.redshift:.2f}_xHI{drawn.x_hi:.3f}_seed{drawn.seed}_n{n}", maps,
        facts, plots.png(picture, downloads.text_chunks(facts)), array="x_hi", unit="1",
        what="neutral fraction", pixel_size=CELL_MPC, pixel_unit="Mpc",
    )
