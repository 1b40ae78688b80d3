"""The endpoints: from gradio_client, by name, with plain arguments and JSON answers."""

from __future__ import annotations

import numpy as np
import pytest
from gradio_client import Client

from apps.reionization import inputs
from tests.apps.served import assert_one_sentence


@pytest.fixture(scope="module")
def client(reionization_address: str) -> Client:
    return Client(reionization_address, verbose=False)


@pytest.fixture(scope="module")
def slices() -> list:
    return inputs.example("box_2")["brightness_temp"][::8].astype(float).tolist()


def test_only_the_promised_endpoints_are_listed(client: Client) -> None:
    listed = client.view_api(return_format="dict", print_info=False)
    assert sorted(listed["named_endpoints"]) == [
        "/history", "/ionize", "/neutral_fraction", "/observe", "/sources", "/twin"
    ]
    assert not listed["unnamed_endpoints"]


def test_neutral_fraction_gives_the_answer_of_core(client: Client, slices: list) -> None:
    from core.reionization.neutral_fraction import NeutralFraction

    z = inputs.example("box_2")["redshift"]
    found = client.predict(image=slices, redshift=z, api_name="/neutral_fraction")
    _, density = NeutralFraction.load().density(np.array(slices), z)
    np.testing.assert_allclose(found["density"], density, atol=1e-3)
    assert found["x_hi"]["interval_68"][0] < found["x_hi"]["interval_68"][1]


def test_an_observed_image_is_read_as_such(client: Client) -> None:
    content = inputs.example("box_2")
    stack = content["brightness_temp"][:16].astype(float).tolist()
    observed = client.predict(image=stack, redshift=content["redshift"], array="aa4", wedge=True,
                          seed=4, api_name="/observe")
    assert observed["observation"] == "SKA-Low AA4, 1,000 h, wedge removed"
    assert np.shape(observed["image"]) == (16, 64, 64)
    options = {"redshift": content["redshift"], "array": "aa4", "wedge": True}
    before = client.predict(image=observed["image"], **options, api_name="/neutral_fraction")
    here = client.predict(image=stack, observed=False, seed=4, **options,
                          api_name="/neutral_fraction")
    assert before["x_hi"]["mean"] == pytest.approx(here["x_hi"]["mean"], abs=0.01)


def test_noise_is_unlike_the_training_data(client: Client) -> None:
    noise = np.random.default_rng(0).normal(0, 8, (64, 64)).tolist()
    found = client.predict(image=noise, redshift=8, api_name="/neutral_fraction")
    assert found["unlike_training"] and found["reason"]


def test_sources_answer_with_a_probability(client: Client) -> None:
    content = inputs.example("sources_agn")
    said = client.predict(image=content["brightness_temp"][::16].astype(float).tolist(),
                          redshift=content["redshift"], api_name="/sources")
    assert 0 <= said["probability_agn"] <= 1 and "held-out image" in said["reliability"]


def test_ionize_keeps_the_mean_and_the_seed(client: Client) -> None:
    content = inputs.example("box_2")
    density = content["density"][len(content["density"]) // 2].astype(float).tolist()
    two = client.predict(density=density, x_hi=0.4, redshift=content["redshift"], n=2, seed=3,
                         api_name="/ionize")
    one = client.predict(density=density, x_hi=0.4, redshift=content["redshift"], n=1, seed=3,
                         api_name="/ionize")
    assert np.shape(two["x_hi"]) == (2, 64, 64) and np.shape(two["expected"]) == (64, 64)
    np.testing.assert_allclose(two["x_hi"][0], one["x_hi"][0], atol=1e-3)


def test_history_gives_bands_and_tau(client: Client) -> None:
    contents = [inputs.example(name) for name in inputs.examples("history_")[::2]]
    found = client.predict(
        images_at=[c["brightness_temp"][32].astype(float).tolist() for c in contents],
        redshifts=[c["redshift"] for c in contents], api_name="/history",
    )
    assert 0.02 < found["tau"]["mean"] < 0.12 and len(found["images"]) == len(contents)
    assert np.all(np.diff(found["x_hi_median"]) > -1e-3)


def test_the_phase_randomised_image_has_the_same_spectrum(client: Client) -> None:
    content = inputs.example("box_2")
    found = client.predict(image=content["brightness_temp"][32].astype(float).tolist(),
                          redshift=content["redshift"], phases=2, api_name="/twin")
    assert found["largest_power_difference"] < 1e-3
    assert np.shape(found["twin"]) == (64, 64) and found["of_twin"]["x_hi"]


@pytest.mark.parametrize(
    ("name", "arguments", "word"),
    [
        ("/neutral_fraction", {"image": [[1.0] * 64] * 64, "redshift": 12}, "7 to 10"),
        ("/neutral_fraction", {"image": [[1.0, 2.0], [3.0]], "redshift": 8}, "square of numbers"),
        ("/neutral_fraction", {"image": [[1.0] * 32] * 32, "redshift": 8}, "128 Mpc"),
        ("/observe", {"image": [[1.0] * 64] * 64, "redshift": 8, "wedge": True}, "16 contiguous"),
        ("/observe", {"image": [[1.0] * 64] * 64, "redshift": 8, "array": "vla"}, "aa_star"),
        ("/observe", {"image": [[1.0] * 64] * 64, "redshift": 8, "hours": 1}, "100 to 10000"),
        ("/sources", {"image": "x", "redshift": 8}, "list of numbers"),
        ("/ionize", {"density": [[0.0] * 64] * 64, "x_hi": 2, "redshift": 8}, "0.98"),
        ("/ionize", {"density": [[0.0] * 64] * 64, "x_hi": 0.5, "redshift": 8, "n": 99}, "1 to 6"),
        ("/history", {"images_at": [], "redshifts": []}, "as many redshifts"),
        ("/twin", {"image": [[1.0] * 64] * 64, "redshift": 8, "phases": -1}, "whole number"),
    ],
)
def test_wrong_arguments_are_one_sentence(
    client: Client, name: str, arguments: dict, word: str
) -> None:
    assert_one_sentence(client, name, arguments, word)
