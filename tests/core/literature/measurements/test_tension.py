"""Tension with a reference: errors towards it, limits, ranges, own references."""

from __future__ import annotations

import pytest

from core.literature.measurements.extract import Measurement, measurements
from core.literature.measurements.tension import FLAG_ABOVE, PLANCK_2018, tension


def of(text: str) -> Measurement:
    return measurements(f"We find {text}.")[0]


def test_planck_agrees_with_itself() -> None:
    for name, written in (("H0", r"$H_0=67.36\pm0.54$"), ("S8", r"$S_8=0.832\pm0.013$"),
                          ("sigma_8", r"$\sigma_8=0.8111\pm0.0060$"),
                          ("Omega_m", r"$\Omega_m=0.3153\pm0.0073$"),
                          ("n_s", r"$n_s=0.9649\pm0.0042$")):
        m = of(written)
        assert m.quantity == name and tension(m) == pytest.approx(0.0)
        assert (m.value, m.plus) == (PLANCK_2018[name].value, PLANCK_2018[name].sigma)


def test_every_reference_names_its_source() -> None:
    assert all("arXiv:" in r.source and r.sigma > 0 for r in PLANCK_2018.values())


def test_the_local_hubble_constant_is_flagged_and_a_loose_one_is_not() -> None:
    local, loose = tension(of(r"$H_0=73.04\pm1.04$ km/s/Mpc")), tension(of(r"$h=0.73\pm0.04$"))
    assert local == pytest.approx((73.04 - 67.36) / (1.04**2 + 0.54**2) ** 0.5)
    assert local is not None and loose is not None and local > FLAG_ABOVE > loose


def test_the_error_on_the_side_of_the_reference_counts() -> None:
    above = tension(of("$S_8 = 0.9^{+0.5}_{-0.01}$"))
    below = tension(of("$S_8 = 0.7^{+0.5}_{-0.01}$"))
    assert above is not None and below is not None and above > FLAG_ABOVE > below


@pytest.mark.parametrize("text", [
    "$S_8 = 0.5$", r"$\sum m_\nu < 0.12$ eV (95% CL)", "$z = 5.1 \\pm 0.1$",
    r"$n_s < 0.99$ (95% CL)", r"$n_s < 0.9$",
])
def test_without_an_error_or_a_reference_there_is_none(text: str) -> None:
    assert tension(of(text)) is None


def test_assumed_values_are_never_in_tension() -> None:
    m = measurements(r"Assuming $H_0 = 80 \pm 1$ km/s/Mpc.")[0]
    assert m.assumed and tension(m) is None


def test_a_limit_that_excludes_the_reference_says_no_more_than_its_confidence() -> None:
    at95, at997 = (tension(of(f"$n_s < 0.9$ ({level}% CL)")) for level in ("95", "99.7"))
    assert at95 == pytest.approx(1.96, abs=0.01) and at997 == pytest.approx(2.97, abs=0.01)


def test_a_range_counts_at_its_confidence() -> None:
    wide, tight = (tension(of(f"$0.60<S_8<0.72$ ({level}% CL)")) for level in ("68", "99.7"))
    assert wide is not None and tight is not None and tight > wide > FLAG_ABOVE
    assert tension(of("$0.60<S_8<0.72$")) is None


def test_own_references_replace_planck_for_their_quantity_only() -> None:
    m = of(r"$H_0=73.0\pm1.0$ km/s/Mpc")
    assert tension(m, {"H0": (73.0, 1.0)}) == 0.0
    assert tension(m, {"S8": (0.7, 0.1)}) == tension(m)
    assert tension(of("$z = 5.0 \\pm 0.5$"), {"z": (6.0, 0.0)}) == pytest.approx(2.0)


@pytest.mark.parametrize("sigma", [-1.0, float("nan"), float("inf")])
def test_a_reference_needs_a_standard_deviation(sigma: float) -> None:
    with pytest.raises(ValueError, match="standard deviation"):
        tension(of(r"$H_0=73.0\pm1.0$"), {"H0": (70.0, sigma)})
