"""The tension between a measured and a reference value, in standard deviations.

Example:
    >>> from core.literature.measurements.extract import measurements
    >>> found = measurements(r"We find $S_8 = 0.776 \\pm 0.017$.")
    >>> round(tension(found[0]), 1)
    2.6
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

from core.literature.measurements.extract import Measurement

__all__ = ["FLAG_ABOVE", "PLANCK_2018", "ReferenceValue", "is_stated", "tension"]

FLAG_ABOVE = 2.0
"""A value further than this from its reference, in standard deviations, deserves a flag."""

_BASE = "Planck 2018 VI (arXiv:1807.06209), Table 2: TT,TE,EE+lowE+lensing, flat LCDM"
_BAO = "Planck 2018 VI (arXiv:1807.06209): TT,TE,EE+lowE+lensing+BAO"
_SUPERNOVAE = "Planck 2018 VI (arXiv:1807.06209): TT,TE,EE+lowE+lensing+BAO+Pantheon"


@dataclass(frozen=True)
class ReferenceValue:
    """A value to compare with.

    Attributes:
        value, sigma: with the unit of the quantity in
            :mod:`core.literature.measurements.quantities`.
        label: how to name it beside a number.
        source: the paper, the data and the model.
    """

    value: float
    sigma: float
    label: str
    source: str


def _planck(value: float, sigma: float, source: str = _BASE) -> ReferenceValue:
    return ReferenceValue(value, sigma, "Planck 2018", source)


PLANCK_2018: dict[str, ReferenceValue] = {
    "H0": _planck(67.36, 0.54),
    "Omega_m": _planck(0.3153, 0.0073),
    "Omega_Lambda": _planck(0.6847, 0.0073),
    "sigma_8": _planck(0.8111, 0.0060),
    "S8": _planck(0.832, 0.013),
    "n_s": _planck(0.9649, 0.0042),
    "tau": _planck(0.0544, 0.0073),
    "Omega_b h2": _planck(0.02237, 0.00015),
    "Omega_c h2": _planck(0.1200, 0.0012),
    "Omega_m h2": _planck(0.1430, 0.0011),
    "ln10^10As": _planck(3.044, 0.014),
    "10^9As": _planck(2.100, 0.030),
    "z_re": _planck(7.67, 0.73),
    "r_d": _planck(147.09, 0.26),
    "Omega_k": _planck(0.0007, 0.0019, _BAO + ", with curvature free"),
    "N_eff": _planck(2.99, 0.17, _BAO + ", with N_eff free"),
    "w": _planck(-1.028, 0.031, _SUPERNOVAE + ", with constant w free"),
    "w0": _planck(-0.957, 0.080, _SUPERNOVAE + ", with w0 and wa free"),
    "wa": _planck(-0.29, 0.29, _SUPERNOVAE + ", with w0 and wa free; errors +0.32 -0.26"),
    "f_NL": _planck(-0.9, 5.1, "Planck 2018 IX (arXiv:1905.05697), local, T+E"),
}
"""ReferenceValue values by quantity. What is no parameter of flat LCDM comes from a model with that
parameter free and further data, as its source says."""


_LIKE_PLANCK = re.compile(r"[Pp]lanck|CMB|[Mm]icrowave|[Ee]arly")


def is_stated(
    measurement: Measurement, reference: Mapping[str, tuple[float, float]] | None = None
) -> bool:
    """Whether :func:`tension` gives the distance that the paper itself states.

    It does where the paper compares with Planck or the CMB, and the reader has no own reference.
    """
    said, quantity = measurement.stated, measurement.quantity
    if said is None or said.agrees or quantity not in PLANCK_2018:
        return False
    if measurement.assumed or measurement.simulated:
        return False
    return quantity not in (reference or {}) and _LIKE_PLANCK.search(said.against) is not None


def tension(
    measurement: Measurement, reference: Mapping[str, tuple[float, float]] | None = None
) -> float | None:
    r"""Distance from the reference in standard deviations.

    :math:`|x - x_\mathrm{ref}| / \sqrt{\sigma^2 + \sigma_\mathrm{ref}^2}` with the error of
    the measurement on the side of the reference. Correlations are unknown: with a value from the
    same data it is too small. A range at a stated confidence counts as its middle with the error
    for that confidence. Where the paper itself states its distance from Planck or the CMB, that
    counts, for its authors know the correlations; said as an agreement ("within 1σ") it is the
    most that the distance can be. A limit gives None unless it excludes the reference at a stated
    confidence; then the result is the least that this implies, so that a limit at 95% is never
    more than two.

    Args:
        measurement: an assumed or quoted value has no tension, nor has one from mock data.
        reference: value and standard deviation by quantity, in place of :data:`PLANCK_2018` for
            the quantities that are in it.

    Returns:
        At least 0; None without an error or without a reference.

    Raises:
        ValueError: if a reference's standard deviation is negative or not finite.
    """
    if is_stated(measurement, reference) and measurement.stated:
        return measurement.stated.sigma
    distance = _computed(measurement, reference or {})
    said = measurement.stated
    if distance is None or said is None or not said.agrees or not _LIKE_PLANCK.search(said.against):
        return distance
    return distance if measurement.quantity in (reference or {}) else min(distance, said.sigma)


def _computed(
    measurement: Measurement, reference: Mapping[str, tuple[float, float]]
) -> float | None:
    against = _reference(measurement.quantity, reference)
    if against is None or measurement.assumed or measurement.simulated:
        return None
    value, sigma = against
    if not math.isfinite(value) or not 0 <= sigma < math.inf:
        raise ValueError("A reference needs a finite value and a standard deviation from 0 up.")
    if measurement.relation in ("<", ">"):
        return _of_limit(measurement, value, sigma)
    centre, error = _centre(measurement, value)
    scale = math.hypot(error or 0.0, sigma)
    return abs(centre - value) / scale if error and centre is not None else None


def _reference(
    quantity: str, own: Mapping[str, tuple[float, float]]
) -> tuple[float, float] | None:
    if quantity in own:
        return own[quantity]
    planck = PLANCK_2018.get(quantity)
    return (planck.value, planck.sigma) if planck else None


def _centre(m: Measurement, reference: float) -> tuple[float, float | None]:
    if m.relation == "range" and m.low is not None and m.high is not None:
        width = (m.high - m.low) / 2
        return (m.low + m.high) / 2, width / _quantile(m.confidence) if m.confidence else None
    if m.value is None:
        return 0.0, None
    return m.value, m.minus if m.value > reference else m.plus


def _of_limit(m: Measurement, value: float, sigma: float) -> float | None:
    limit = m.high if m.relation == "<" else m.low
    if limit is None or not m.confidence:
        return None
    beyond = value - limit if m.relation == "<" else limit - value
    if beyond <= 0:
        return None
    least = _quantile(m.confidence)
    return min(least, beyond / sigma) if sigma else least


def _quantile(confidence: float) -> float:
    """Standard deviations of a two-sided interval of this confidence."""
    return NormalDist().inv_cdf((1 + min(max(confidence, 0.01), 0.999999)) / 2)
