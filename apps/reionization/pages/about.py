"""Page "About": what the models learned from, how well they do, where they stop."""

from __future__ import annotations

import gradio as gr

from apps.shared.page.layout import CARD
from apps.shared.page.measured import Beside, measured_table

__all__ = ["build", "metrics_table"]

_INTRODUCTION = """
## What you see
The first stars and black holes ionized the hydrogen between the galaxies, bubble by bubble. Neutral
hydrogen shines at a wavelength of 21 cm, so an image at that wavelength, stretched by the expansion
to a metre or two, shows the bubbles as holes. The images here are 128 Mpc wide (comoving), in
64 × 64 pixels of 2 Mpc, at redshifts 7 to 10, in millikelvin with the mean of every slice removed,
as an interferometer removes it.

## What the models learned from
**Simulations made for this project with 21cmFAST**, whose ionizing sources follow a simple model (a
fixed number of ionizing photons a baryon in haloes above a least temperature), in boxes of 128 Mpc.
The number of photons, the least temperature and the largest bubble were drawn anew for every box,
and the neutral fraction covers 0.02 to 0.98 evenly. For the sources, haloes of 21cmFAST were lit by
galaxies or by AGN with random slopes, and the neutral fraction of both was matched. Every
number below is from initial conditions that were held out from training.

**A telescope is imitated** by thermal noise and resolution of SKA-Low (stages AA* and AA4,
baselines up to 2 km) for the hours chosen, and by cutting out the wedge of Fourier modes that
foregrounds fill. Gain errors, the ionosphere, foreground residues and radio interference are left
out.

## Where it stops
- The networks are specific to their simulator. Images of another code, box size or source model may
  give biased results without being flagged; the line “other simulator” below says how
  much is lost with one of them.
- A small box holds few bubbles: the neutral fraction is that of the box, not of the universe.
- The probability of AGN is calibrated for the two source models it was trained on, in equal parts.
- Density to ionization: the neutral fraction has to be given, and at this size a network is no
  faster than the simulator it imitates on a CPU; what it has instead are samples and gradients.
"""

_FRACTION = {
    "r2_clean": "R² of the neutral fraction, clean boxes",
    "r2_aa4": "R², SKA-Low AA4, 1,000 h",
    "r2_aa_star": "R², SKA-Low AA*, 1,000 h",
    "r2_aa4_wedge": "R², AA4, 1,000 h, wedge removed",
    "r2_clean_one_slice": "R², one clean slice alone",
    "r2_aa4_one_slice": "R², one slice, AA4, 1,000 h",
    "r2_corner": "R², region of parameter space held out",
    "r2_other_simulator": "R², another simulator of the sources",
    "r2_other_simulator_aa4": "R², another simulator, AA4, 1,000 h",
    "coverage_68": "coverage of the 68% interval",
    "coverage_95": "coverage of the 95% interval",
    "ood_caught": "out-of-distribution images flagged",
    "ood_false_alarms": "simulated images flagged by mistake",
    "honest_r2_clean_by_slice": "R² of trees on single slices, split by simulation",
    "leaky_r2_clean_by_slice": "the same split by slice: LEAKY, for comparison only",
}
_SOURCES = {
    "accuracy": "accuracy, clean boxes",
    "accuracy_observed": "accuracy, SKA-Low AA4, 1,000 h",
    "accuracy_aa_star": "accuracy, SKA-Low AA*, 1,000 h",
    "accuracy_aa4_wedge": "accuracy, AA4, 1,000 h, wedge removed",
    "accuracy_hard": "accuracy, where the power spectra nearly coincide",
    "calibration_error": "calibration error of the probability, clean boxes",
}
_RADIATION = {
    "pk_ratio_median": "P(k), median deviation for k < 1/Mpc",
    "pk_ratio_worst": "P(k), worst bin",
    "r_k": "correlation with the simulator’s field, median r(k)",
    "r_k_0.1": "r(k) at 0.1/Mpc",
    "r_k_0.8": "r(k) at 0.8/Mpc",
    "bubble_path_error": "mean free path in ionized regions, deviation",
    "x_hi_error": "error of the mean neutral fraction",
    "seconds": "seconds for one slice",
    "seconds_box": "seconds for the 64 slices of a box",
    "unet_seconds_box": "seconds for a box in one pass",
    "simulator_seconds": "seconds of 21cmFAST’s ionization step for a box",
}
_Card = tuple[str, str, str, dict[str, str], list[Beside], tuple[str, ...]]
_CARDS: tuple[_Card, ...] = (
    (
        "Neutral fraction", "neutral_fraction",
        "An ensemble of networks is given a description of one slice, several or a whole box "
        "(the distribution of brightness at several resolutions and the power across and along "
        "the line of sight), is given the redshift and how the image was observed, and answers "
        "with a density of the neutral fraction whose intervals were calibrated on simulations "
        "held back. Beside it: the same kind of network given moments and power spectrum alone, "
        "trained on the same rows.",
        _FRACTION, [("moments and P(k)", "baseline_", "r2_")], ("coverage", "ood"),
    ),
    (
        "Sources", "reionization_sources",
        "A network that classifies whether galaxies or AGN ionized the bubbles. Beside it: "
        "classifiers that see the power spectrum or the moments alone.",
        _SOURCES, [("P(k) alone", "pk_", "accuracy"), ("moments alone", "moments_", "accuracy")],
        ("accuracy", "calibration"),
    ),
    (
        "Density to ionization", "radiation",
        "A conditional diffusion model draws the neutral fraction given the density, and a "
        "one-pass U-Net gives the expected value. Beside it: a threshold on the smoothed density "
        "at the same mean.",
        _RADIATION, [
            ("threshold on the density", "threshold_", ("pk_", "r_k", "bubble", "x_hi")),
            ("noise floor: two halves of the simulations", "floor_", ("pk_", "bubble")),
        ],
        ("pk_", "bubble"),
    ),
)

_REFERENCES = """
## References
- Neutral fraction from 21 cm images: Mangena, Hassan & Santos 2020,
  [arXiv:2003.04905](https://arxiv.org/abs/2003.04905)
- Galaxies or AGN: Hassan et al. 2019, [arXiv:1807.03317](https://arxiv.org/abs/1807.03317)
- Ionization from density: Masipa et al. 2023, [arXiv:2303.12065](https://arxiv.org/abs/2303.12065)
- Why networks are tested on unseen simulations: Sooknunan et al.,
  [arXiv:2412.15893](https://arxiv.org/abs/2412.15893)
- 21cmFAST: Mesinger, Furlanetto & Cen 2011, [arXiv:1003.3878](https://arxiv.org/abs/1003.3878);
  Murray et al. 2020, [arXiv:2010.15121](https://arxiv.org/abs/2010.15121)
- tools21cm, against which the telescope was checked: Giri, Mellema & Jensen 2020,
  [doi:10.21105/joss.02363](https://doi.org/10.21105/joss.02363)
- Optical depth: Planck Collaboration 2020, [arXiv:1807.06209](https://arxiv.org/abs/1807.06209)

## Programmatic access
`neutral_fraction`, `observe`, `sources`, `ionize`, `history` and `twin` are available through
[gradio_client](https://www.gradio.app/docs/python-client/introduction) under those names, with
plain numbers and lists; see “Use via API” at the foot of the page.
"""


def build() -> None:
    """Lay the page out, inside the tab that is open."""
    gr.Markdown(_INTRODUCTION)
    gr.Markdown("## The models, evaluated on held-out simulations\nA ± is the spread over "
                "five ways to split the simulations.")
    for title, folder, words, *_ in _CARDS:
        gr.Markdown(f"### {title}\n{words}\n\n{metrics_table(folder)}", elem_classes=CARD)
    gr.Markdown(_REFERENCES)


def metrics_table(folder: str) -> str:
    """A model's measured numbers as a Markdown table, or a sentence if there are none."""
    for _, name, _, meanings, beside, fractions in _CARDS:
        if name == folder:
            return measured_table(folder, meanings, beside, fractions)
    return measured_table(folder, {})
