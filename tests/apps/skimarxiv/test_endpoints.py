"""The endpoints: from gradio_client, by name, plain arguments, JSON answers."""

from __future__ import annotations

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from apps.skimarxiv.pages.about import metrics_table
from core.literature.ranking.profile import Profile
from core.literature.skim.digest import ACKNOWLEDGEMENT
from core.weights import read_metrics
from tests.apps.skimarxiv.fixture import DAY, HOSTILE, PAPERS, TENSE

PROMISED = ["/day", "/numbers", "/paper", "/search"]


@pytest.fixture(scope="module")
def client(skimarxiv_address: str) -> Client:
    client = Client(skimarxiv_address, verbose=False)
    client.predict(categories="astro-ph.CO", api_name="/day")
    return client


def test_only_the_promised_endpoints_are_listed(client: Client) -> None:
    listed = client.view_api(return_format="dict", print_info=False)
    assert sorted(listed["named_endpoints"]) == PROMISED and not listed["unnamed_endpoints"]


def test_a_day_comes_in_arxiv_s_order_or_in_one_s_own(client: Client) -> None:
    found = client.predict(categories="astro-ph.CO", api_name="/day")
    assert found["origin"] == "feed" and found["day"] == DAY.isoformat()
    assert [paper["id"] for paper in found["papers"]] == [item.paper.id for item in PAPERS]
    profile = Profile(authors=("Cy Possum",), muted=("Zeldonium",)).to_json()
    own = client.predict(categories="astro-ph.CO", day=DAY.isoformat(), profile=profile,
                         api_name="/day")["papers"]
    assert own[0]["id"] == TENSE.paper.id and "follow" in own[0]["reasons"][0]
    assert own[-1]["id"] == HOSTILE.paper.id
    assert own[0]["flags"] == ["H₀ = 74 ± 1 km/s/Mpc: 5.8 sigma from Planck 2018"]


def test_search_paper_and_numbers(client: Client) -> None:
    found = client.predict(query="kangaroos", most=3, api_name="/search")["papers"]
    assert [paper["id"] for paper in found] == [TENSE.paper.id]
    paper = client.predict(id=TENSE.paper.id, api_name="/paper")
    assert paper["versions"][0]["abstract"] == paper["abstract"] == TENSE.paper.abstract
    (number,) = client.predict(
        abstract="We find $H_0 = 73.0 \\pm 1.0$ km/s/Mpc.", api_name="/numbers")["numbers"]
    assert number["value"] == 73 and number["sigma"] == pytest.approx(4.96, abs=0.02)


@pytest.mark.parametrize(("arguments", "name", "said"), [
    ({"categories": "no category!"}, "day", "no arXiv category"),
    ({"categories": "astro-ph.CO", "day": "soon"}, "day", "no day"),
    ({"categories": "astro-ph.CO", "day": "2020-01-03"}, "day", "nothing of 2020-01-03"),
    ({"categories": "astro-ph.CO", "profile": "{"}, "day", "no profile"),
    ({"query": " "}, "search", "needs words"), ({"query": "a", "most": 0}, "search", "from 1 to"),
    ({"id": "9999.99999"}, "paper", "no paper"),
    ({"abstract": "x" * 30_000}, "numbers", "30,000"),
])
def test_what_is_wrong_is_one_sentence(
    client: Client, arguments: dict[str, object], name: str, said: str
) -> None:
    with pytest.raises(AppError, match=said):
        client.predict(**arguments, api_name=f"/{name}")


def test_about_shows_what_was_measured_and_thanks_arxiv() -> None:
    table = metrics_table()
    for folder, metric in (("tldr", "rouge1"), ("tldr", "title_rouge1"), ("ranking", "ndcg10")):
        stored = read_metrics(folder)
        shown = "Not measured yet" if stored is None else f"{stored['metrics'][metric]:.3g}"
        assert shown in table
    assert "Thank you to arXiv for use of its open access interoperability" in ACKNOWLEDGEMENT
