"""Page "About": what the models learned from, how well they do, where they stop."""

from __future__ import annotations

import gradio as gr

from apps.shared.page.layout import CARD
from apps.shared.page.measured import measured_table

__all__ = ["build", "metrics_table"]

_INTRODUCTION = """
## What you see
Maps of neutral hydrogen at redshift 0: the surface density Σ of a slab 5 Mpc/h deep, over a
periodic box 25 Mpc/h wide, in 64 × 64 pixels. They are drawn by two generative models that know
nothing but the matter density Ωₘ and the amplitude of fluctuations σ₈, and read back by a third
network.

## What the models learned from
**CosmoDeskPM, a stand-in simulation, not CAMELS.** The systems this page follows were trained on
the CAMELS hydrodynamical simulations, which cannot be shipped here. So the models learned from a
particle-mesh simulation made for this project: gravity in 25 Mpc/h boxes down to z = 0, haloes
found in it, hydrogen painted in haloes and in the diffuse gas, and two parameters of the painting
that vary unseen, in the role of supernova and black-hole feedback. Files have the layout of the
CAMELS Multifield Dataset, so the real maps can take its place (see `docs/camels.md`).

**Do not read these maps as a prediction for the real sky.** What is shown is that the method works:
that maps of the right statistics can be drawn, and parameters read back, within one simulation.
"""

_CARDS: tuple[tuple[str, str, str], ...] = (
    (
        "HI-CDM", "hi_cdm",
        "A diffusion model of log₁₀ Σ given (Ωₘ, σ₈), with periodic convolutions and a "
        "second-order deterministic sampler: one seed is one starting noise, so moving a slider "
        "changes the same structures. Feedback is marginalised. Outside the sliders’ ranges it "
        "refuses.",
    ),
    (
        "HIGlow", "higlow",
        "A normalising flow given (Ωₘ, σ₈): quick to draw from, less faithful than HI-CDM, and "
        "with an exact likelihood, so it can also be inverted for the parameters.",
    ),
    (
        "Inference", "hi_inference",
        "A convolutional network that sums a map up, a flow over the two parameters, the same "
        "estimator given the power spectrum alone, and a check whether a map is like the training "
        "data. The posterior holds within CosmoDeskPM; for a map from elsewhere it is not "
        "calibrated, flagged or not.",
    ),
)

_MEANINGS: dict[str, str] = {
    "pk_log_median": "P(k) of log Σ, median deviation",
    "pk_log_worst": "P(k) of log Σ, worst bin",
    "pk_delta_median": "P(k) of the overdensity, median deviation",
    "pk_delta_worst": "P(k) of the overdensity, worst bin",
    "pk_scatter_median": "scatter of P(k) between maps, median deviation",
    "pdf_over_floor": "distance of the pixels’ distribution, in floors",
    "response_worst": "response of P(k) to the parameters, worst deviation",
    "seconds_per_map": "seconds for one map",
    "inverse_error": "largest error of the inverse",
    "rmse_omega_m": "error of Ωₘ, whole field (rms)",
    "rmse_pk_omega_m": "error of Ωₘ, power spectrum alone (rms)",
    "rmse_sigma_8": "error of σ₈, whole field (rms)",
    "rmse_pk_sigma_8": "error of σ₈, power spectrum alone (rms)",
    "coverage_68": "truths inside the 68% interval",
    "coverage_95": "truths inside the 95% interval",
    "ood_caught": "unlike maps that are flagged",
    "ood_false_alarms": "simulated maps flagged by mistake",
    "likelihood_rmse_omega_m": "error of Ωₘ, HIGlow’s likelihood (rms)",
    "likelihood_rmse_sigma_8": "error of σ₈, HIGlow’s likelihood (rms)",
    "likelihood_coverage_68": "truths inside the 68% interval, HIGlow’s likelihood",
    "likelihood_coverage_95": "truths inside the 95% interval, HIGlow’s likelihood",
}
_FLOORS = ("pk_", "pdf_", "response")
_FRACTIONS = ("pk_", "response", "coverage", "ood_", "likelihood_coverage")

_REFERENCES = """
## Where this comes from
- HIFlow: Hassan et al. 2022, [arXiv:2110.02983](https://arxiv.org/abs/2110.02983)
- HIGlow: Friedman & Hassan 2022, [arXiv:2211.12724](https://arxiv.org/abs/2211.12724)
- Diffusion with EDM preconditioning: Karras et al. 2022,
  [arXiv:2206.00364](https://arxiv.org/abs/2206.00364)
- Diffusion models of CAMELS fields: Mudur et al. 2023,
  [arXiv:2312.07534](https://arxiv.org/abs/2312.07534)
- The CAMELS Multifield Dataset: Villaescusa-Navarro et al. 2022,
  [arXiv:2109.10915](https://arxiv.org/abs/2109.10915)
- HI in haloes: Villaescusa-Navarro et al. 2018,
  [arXiv:1804.09180](https://arxiv.org/abs/1804.09180)

## From a program
`generate`, `walk`, `compare`, `infer` and `twin` answer to
[gradio_client](https://www.gradio.app/docs/python-client/introduction) under those names, with
plain numbers and lists; “Use via API” below this page shows how.
"""


def build() -> None:
    """Lay the page out, inside the tab that is open."""
    gr.Markdown(_INTRODUCTION)
    gr.Markdown("## The models, measured on simulations they never saw")
    for title, folder, words in _CARDS:
        gr.Markdown(f"### {title}\n{words}\n\n{metrics_table(folder)}", elem_classes=CARD)
    gr.Markdown(_REFERENCES)


def metrics_table(folder: str) -> str:
    """A model's measured numbers as a Markdown table, or a sentence if there are none."""
    return measured_table(
        folder, _MEANINGS, [("floor: two halves of the simulations", "floor_", _FLOORS)], _FRACTIONS
    )
