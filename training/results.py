"""Write docs/results.md and the README's table from what the evaluations measured.

    python -m training.results            (make results)
    python -m training.results --check    exits 1 if they are not up to date

Reads core/weights/*/metrics.json and nothing else, so that no number is written by hand.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Metrics", "main", "read_all", "readme_table", "results_page"]

ROOT = Path(__file__).parents[1]
BEGIN = "<!-- results: made by `make results`, do not edit -->"
END = "<!-- end of results -->"

MEANINGS: dict[str, str] = {
    "pk_log_median": "P(k) of log Σ: deviation of the mean, median over bins",
    "pk_log_worst": "P(k) of log Σ: worst bin",
    "pk_delta_median": "P(k) of the overdensity: deviation of the mean, median over bins",
    "pk_delta_worst": "P(k) of the overdensity: worst bin",
    "pk_scatter_median": "scatter of P(k) between maps: median deviation",
    "pdf_over_floor": "distance of the pixels' distribution, in units of its floor",
    "response_worst": "d ln P / d parameter: worst deviation",
    "pk_scatter_delta_median": "scatter of P(k) of the overdensity: median deviation",
    "pdf_distance": "distance of the pixels' distribution (Wasserstein on log Σ), dex",
    "response_bin": "d ln P / d parameter: worst single bin",
    "bispectrum_median": "equilateral bispectrum of log Σ: median deviation",
    "seconds_per_map": "seconds for one map",
    "seconds_for_16": "seconds for 16 maps",
    "nats_per_pixel": "log-density of held-out maps, nats a pixel",
    "inverse_error": "largest error of the inverse",
    "rmse_omega_m": "error of Ωₘ from the field (rms)",
    "rmse_sigma_8": "error of σ₈ from the field (rms)",
    "rmse_pk_omega_m": "error of Ωₘ from the power spectrum (rms)",
    "rmse_pk_sigma_8": "error of σ₈ from the power spectrum (rms)",
    "ratio_omega_m": "error of Ωₘ from the field over that from the power spectrum",
    "ratio_sigma_8": "error of σ₈ from the field over that from the power spectrum",
    "tarp_error": "largest departure of the TARP coverage from the diagonal",
    "coverage_68": "truths inside the 68% interval",
    "coverage_95": "truths inside the 95% interval",
    "ood_caught": "maps unlike the training data that are flagged",
    "ood_false_alarms": "simulated maps flagged by mistake",
    "r2_clean": "R² of x_HI, as simulated",
    "r2_aa4": "R² of x_HI, AA4 1,000 h",
    "r2_aastar": "R² of x_HI, AA* 1,000 h",
    "r2_aa4_wedge": "R² of x_HI, AA4 1,000 h, wedge removed",
    "rmse_clean": "error of x_HI (rms), as simulated",
    "rmse_aa4": "error of x_HI (rms), AA4 1,000 h",
    "rmse_aastar": "error of x_HI (rms), AA* 1,000 h",
    "rmse_aa4_wedge": "error of x_HI (rms), AA4 1,000 h, wedge removed",
    "bias": "mean error of x_HI",
    "flagged": "boxes flagged as unlike the training data",
    "ood_caught_units": "flagged: wrong units",
    "ood_caught_noise": "flagged: noise alone",
    "ood_caught_twin": "flagged: the same spectrum with random phases",
    "ood_caught_inverted": "flagged: sign turned around",
    "ood_caught_contrast": "flagged: another contrast than the stated telescope gives",
    "leaky_r2_clean_by_slice": "LEAKY: R² of trees on single slices, split by slice",
    "honest_r2_clean_by_slice": "the same trees and slices, split by simulation",
    "r2_corner": "R² of x_HI, corner of the parameters outside training",
    "r2_other_simulator": "R² of x_HI, boxes of another source model",
    "accuracy": "galaxies or AGN told apart, as simulated",
    "accuracy_observed": "galaxies or AGN told apart, AA4 1,000 h",
    "accuracy_hard": "galaxies or AGN told apart where the power spectra coincide",
    "false_alarms": "simulated boxes flagged by mistake",
    "hard_fraction": "test boxes in pairs whose power spectra coincide",
    "hard_boxes": "how many such boxes",
    "log_loss": "log loss of galaxies or AGN",
    "auc": "area under the ROC curve of galaxies or AGN",
    "calibration_error": "error of the probability of AGN, mean over bins",
    "pk_ratio_median": "P(k) of ionization fields: deviation, median over k < 1/Mpc and x_HI",
    "pk_ratio_worst": "P(k) of ionization fields: worst bin",
    "r_k": "cross-correlation with the simulator's field, median",
    "r_k_0.1": "cross-correlation at k = 0.1/Mpc",
    "r_k_0.3": "cross-correlation at k = 0.3/Mpc",
    "r_k_0.8": "cross-correlation at k = 0.8/Mpc",
    "bubble_path_error": "mean free path in ionized regions: deviation, median over x_HI",
    "bubble_distance": "distribution of bubble sizes (Wasserstein on ln path)",
    "x_hi_error": "mean x_HI against what was asked, largest error",
    "x_hi_error_uncorrected": "mean x_HI before it is moved to what was asked, mean error",
    "rmse": "rms difference from the simulator's field",
    "seconds": "seconds for one slice",
    "likelihood_seconds": "seconds for a posterior by HIGlow's likelihood",
    "seconds_box": "seconds for the 64 slices of a box",
    "unet_seconds_box": "seconds for the 64 slices of a box in one pass",
    "simulator_seconds": "seconds of 21cmFAST's ionization step for a box",
    "threshold_smoothing_mpc": "smoothing of the threshold's density, Mpc",
}
PREFIXES = {
    "likelihood_": "by HIGlow's likelihood",
    "plain_": "before the calibration of the pixels' distribution",
    "pk_": "from the power spectrum",
    "moments_": "from the moments",
    "baseline_": "from moments and power spectrum",
    "threshold_": "density threshold",
    "unet_density_": "one-pass U-Net, density",
    "unet_noise_": "one-pass U-Net, density and white noise",
    "unet_map_": "one-pass U-Net, density and noisy map",
    "context_": "with the neighbouring slices given",
    "corner_": "corner of the parameters outside training",
    "twin_": "the same spectrum with random phases",
    "trees_": "from moments and power spectrum by boosted trees",
    "floor_": "between two halves of the simulations",
}
SUFFIXES = {
    "_std": "standard deviation over splits or simulations",
    "_splits": "mean over splits of one member",
    "_one_slice": "one slice",
    "_hard": "where the power spectra coincide",
    "_clean": "as simulated",
    "_observed": "AA4 1,000 h",
    "_aa4": "AA4 1,000 h",
    "_aastar": "AA* 1,000 h",
    "_aa4_wedge": "AA4 1,000 h, wedge removed",
    "_corner": "corner of the parameters outside training",
    "_other_simulator": "boxes of another source model",
    **{f"_truth_quartile_{i}": f"quarter {i} of the true x_HI" for i in range(1, 5)},
    **{f"_quartile_{i}": f"quarter {i} of the estimated x_HI" for i in range(1, 5)},
    **{f"_x_hi_{i}": f"fifth {i} of x_HI" for i in range(1, 6)},
}
BESIDE = ("baseline_", "threshold_", "floor_")
"""Prefixes of the number that stands beside a metric, the first that there is."""
HEADLINES: dict[str, tuple[str, ...]] = {
    "hi_cdm": ("pk_log_median", "pk_log_worst", "pk_delta_median", "pk_delta_worst",
               "pk_scatter_median", "pdf_over_floor", "response_worst", "seconds_per_map"),
    "higlow": ("pk_log_median", "pk_log_worst", "inverse_error"),
    "hi_inference": ("rmse_omega_m", "rmse_sigma_8", "ratio_omega_m", "ratio_sigma_8",
                     "coverage_68", "coverage_95", "ood_caught", "ood_false_alarms"),
    "neutral_fraction": ("r2_clean", "r2_aa4", "r2_aastar", "r2_aa4_wedge", "coverage_68",
                         "coverage_95", "r2_corner", "r2_other_simulator", "ood_caught",
                         "ood_false_alarms"),
    "reionization_sources": ("accuracy", "accuracy_observed", "accuracy_hard"),
    "radiation": ("pk_ratio_median", "pk_ratio_worst", "r_k", "bubble_path_error", "x_hi_error",
                  "seconds", "simulator_seconds"),
}


@dataclass(frozen=True)
class Metrics:
    """metrics.json of one model."""

    folder: str
    model: str
    command: str
    data: str
    metrics: dict[str, float | None]
    targets: dict[str, float]
    plots: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> Metrics:
        """Read one file.

        Raises:
            ValueError: if it is damaged.
        """
        try:
            stored: dict[str, Any] = json.loads(path.read_text())
            return cls(
                path.parent.name, stored.get("model", path.parent.name), stored["command"],
                stored.get("data", ""), dict(stored["metrics"]), dict(stored.get("targets", {})),
                tuple(stored.get("plots", ())),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path} is damaged; run the evaluation again.") from error

    def beside_key(self, key: str) -> str | None:
        """The key of the baseline or floor of a metric, or of the power spectrum's number."""
        names = [f"{prefix}{key}" for prefix in BESIDE]
        if key.startswith("accuracy"):
            names.append(f"pk_{key}")
        if key.startswith("rmse_"):
            names.append(key.replace("rmse_", "rmse_pk_", 1))
        return next((name for name in names if name in self.metrics), None)

    def beside(self, key: str) -> float | None:
        """That number."""
        name = self.beside_key(key)
        return None if name is None else self.metrics[name]


def read_all(weights: Path) -> list[Metrics]:
    """Every model that was measured, in the order of its folder's name."""
    return [Metrics.read(path) for path in sorted(weights.glob("*/metrics.json"))]


def _show(value: float | None) -> str:
    if value is None or not math.isfinite(value):
        return ""
    return f"{value:.3g}"


def _meaning(key: str) -> str:
    """What a key means, in words; empty if it is not known."""
    if key in MEANINGS:
        return MEANINGS[key]
    for prefix, words in PREFIXES.items():
        if key.startswith(prefix) and (meaning := _meaning(key.removeprefix(prefix))):
            return f"{meaning}, {words}"
    for suffix, words in SUFFIXES.items():
        if key.endswith(suffix) and (meaning := _meaning(key.removesuffix(suffix))):
            return f"{meaning}, {words}"
    return ""


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


def _paired(metrics: Metrics) -> set[str]:
    """The metrics that are shown beside others instead of in rows of their own."""
    return {name for key in metrics.metrics if (name := metrics.beside_key(key)) is not None}


def readme_table(models: list[Metrics]) -> str:
    """The headline numbers of every model."""
    rows = []
    for model in models:
        for key in HEADLINES.get(model.folder, tuple(model.targets)):
            if key in model.metrics:
                rows.append((model.model, _meaning(key) or f"`{key}`", _show(model.metrics[key]),
                             _show(model.beside(key)), _show(model.targets.get(key))))
    if not rows:
        return "No model has been measured yet."
    head = ("model", "what", "measured", "floor or baseline", "target")
    return "\n".join(_table(head, rows))


def results_page(models: list[Metrics]) -> str:
    """docs/results.md: every number and plot, with the command that made it."""
    lines = [
        "# Measured results", "",
        "Made by `make results` from `core/weights/*/metrics.json`, which the evaluations write. "
        "Fractions, not percent. The floor of a number is the same distance between two disjoint "
        "halves of the simulations. The baseline is the same estimator given only the power "
        "spectrum (HI inference, sources), or moments and power spectrum (neutral fraction), or a "
        "threshold on the density (radiation). The HI simulations are a stand-in made for this "
        "project, not CAMELS; the reionization boxes are 21cmFAST's.", "",
    ]
    for model in models:
        lines += [f"## {model.model}", "", f"`{model.command}`", ""]
        if model.data:
            lines += [f"Data: {model.data}.".replace("..", "."), ""]
        paired = _paired(model)
        rows = [
            (f"`{key}`", _meaning(key), _show(value), _show(model.beside(key)),
             _show(model.targets.get(key)))
            for key, value in model.metrics.items() if key not in paired
        ]
        lines += _table(("key", "what", "measured", "floor or baseline", "target"), rows) + [""]
        for plot in model.plots:
            name = Path(plot).stem.replace("_", " ")
            lines += [f"![{name}]({Path(plot).as_posix().removeprefix('docs/')})", ""]
    return "\n".join(lines).rstrip() + "\n"


def _with_table(readme: str, table: str) -> str:
    if BEGIN not in readme or END not in readme:
        raise ValueError(f"README.md lacks the lines {BEGIN} and {END} around its table.")
    before, rest = readme.split(BEGIN, 1)
    return f"{before}{BEGIN}\n{table}\n{END}{rest.split(END, 1)[1]}"


def main(root: Path = ROOT, check: bool = False) -> int:
    """Write both files, or with ``check`` say whether they are up to date."""
    models = read_all(root / "core" / "weights")
    readme = root / "README.md"
    wanted = {
        root / "docs" / "results.md": results_page(models),
        readme: _with_table(readme.read_text(), readme_table(models)),
    }
    stale = [p for p, text in wanted.items() if not p.exists() or p.read_text() != text]
    names = ", ".join(p.relative_to(root).as_posix() for p in stale)
    if check:
        print(f"Not up to date: {names}." if stale else "The results are up to date.")
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".tmp")
        temporary.write_text(wanted[path])
        temporary.replace(path)
    print(f"{len(models)} models; wrote {names or 'nothing, all is up to date'}.")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(check="--check" in sys.argv[1:]))
    except ValueError as problem:
        sys.exit(str(problem))
