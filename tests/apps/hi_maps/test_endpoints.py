"""The endpoints: from gradio_client, by name, with plain arguments and JSON answers."""

from __future__ import annotations

import numpy as np
import pytest
from gradio_client import Client

from apps.hi_maps import models
from apps.hi_maps.pages import generate
from apps.hi_maps.state import PARAMETERS
from apps.shared.downloads import weights_checksum
from tests.apps.served import assert_one_sentence


@pytest.fixture(scope="module")
def client(hi_maps_address: str) -> Client:
    return Client(hi_maps_address, verbose=False)


def test_only_the_promised_endpoints_are_listed(client: Client) -> None:
    listed = client.view_api(return_format="dict", print_info=False)
    assert sorted(listed["named_endpoints"]) == [
        "/compare", "/generate", "/infer", "/twin", "/walk"
    ]
    assert not listed["unnamed_endpoints"]


def test_generate_gives_the_maps_of_core(client: Client) -> None:
    from core.hydrogen.hi_cdm import HICDM

    drawn = client.predict(omega_m=0.25, sigma_8=0.9, n=2, seed=3, api_name="/generate")
    expected = HICDM.load().sample(0.25, 0.9, 2, 3)
    np.testing.assert_allclose(drawn["maps"], expected, rtol=1e-4)
    assert drawn["units"] == "(Msun/h)/(Mpc/h)^2" and len(drawn["power_spectrum_log"]) == 2


def test_the_snippet_makes_the_same_map() -> None:
    namespace: dict = {}
    exec(generate.snippet("HIGlow", 0.25, 0.9, 2, 3), namespace)
    drawn = models.draw("HIGlow", 0.25, 0.9, 2, 3)
    np.testing.assert_allclose(namespace["maps"], drawn.maps, rtol=1e-4)


def test_the_shipped_first_view_is_what_the_model_gives() -> None:
    values = {p.name: p.default for p in PARAMETERS["generate"] if p.name != "walk"}
    with np.load(generate.FIRST_VIEW) as stored:
        assert str(stored["weights_sha256"]) == weights_checksum("hi_cdm")
        np.testing.assert_allclose(
            np.log10(stored["sigma"]), np.log10(models.draw(**values).maps), atol=0.01
        )


def test_walk_changes_one_parameter_at_one_seed(client: Client) -> None:
    drawn = client.predict(parameter="sigma_8", omega_m=0.3, model="HIGlow", seed=2,
                           api_name="/walk")
    assert [d["sigma_8"] for d in drawn] == pytest.approx(list(np.linspace(0.6, 1.0, 7)), abs=1e-3)
    assert {d["omega_m"] for d in drawn} == {0.3} and {d["seed"] for d in drawn} == {2}


def test_compare_answers_with_ratios(client: Client) -> None:
    pair = client.predict(omega_m_a=0.2, omega_m_b=0.2, sigma_8_a=0.8, sigma_8_b=0.8,
                          model="HIGlow", api_name="/compare")
    assert pair["ratio_power_log"] == pytest.approx(np.ones(len(pair["k_h_mpc"])))


def test_infer_reads_a_simulation_and_flags_noise(client: Client) -> None:
    with np.load(models.example_files()[0]) as stored:
        sigma, truth = stored["sigma"], float(stored["omega_m"])
    found = client.predict(map=sigma.astype(float).tolist(), api_name="/infer")
    assert abs(found["omega_m"]["mean"] - truth) < 0.2
    assert found["omega_m"]["interval_68"][0] < found["omega_m"]["interval_68"][1]
    noise = np.random.default_rng(0).uniform(1, 2, (64, 64)).tolist()
    flagged = client.predict(map=noise, api_name="/infer")
    assert flagged["unlike_training"] and flagged["reason"]


def test_the_phase_randomised_map_has_the_same_spectrum(client: Client) -> None:
    with np.load(models.example_files()[0]) as stored:
        sigma = stored["sigma"].astype(float).tolist()
    found = client.predict(map=sigma, seed=1, api_name="/twin")
    assert found["largest_power_difference"] < 1e-8
    assert abs(found["skewness"][1]) < abs(found["skewness"][0])


@pytest.mark.parametrize(
    ("name", "arguments", "word"),
    [
        ("/generate", {"omega_m": 0.9}, "0.5"),
        ("/generate", {"omega_m": "x"}, "give a number"),
        ("/generate", {"n": 1000}, "16"),
        ("/generate", {"seed": -1}, "whole number"),
        ("/generate", {"model": "other"}, "HI-CDM"),
        ("/walk", {"parameter": "h"}, "omega_m or sigma_8"),
        ("/compare", {"n": 9}, "1 to 8"),
        ("/infer", {"map": [[1.0, 2.0], [3.0]]}, "square of numbers"),
        ("/infer", {"map": [[1.0] * 50] * 50}, "multiple"),
        ("/twin", {"map": [[-1.0] * 64] * 64}, "above zero"),
    ],
)
def test_wrong_arguments_are_one_sentence(
    client: Client, name: str, arguments: dict, word: str
) -> None:
    assert_one_sentence(client, name, arguments, word)
