"""What an app shows of its neighbours: links where they are served, none where it runs alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from apps.cosmogemma import papers
from apps.shared.assistant import models
from apps.shared.assistant.sources import panel
from apps.shared.page import studio
from apps.skimarxiv.cards import in_cosmogemma, missing_html
from core.literature.assistant.retrieval import Source
from core.literature.library.library import Library
from core.literature.text.paper import Paper
from tests.apps.cosmogemma.fixture import HOSTILE, MATHS

APPS = [
    studio.StudioApp("/skimarxiv", "skimArxiv"),
    studio.StudioApp("/cosmogemma", "CosmoGemma"),
]


def source_of(paper: Paper) -> Source:
    return Source(1, paper, ("A sentence.",), (0,), 1.0)


def shown(paper: Paper) -> str:
    return panel([source_of(paper)], [], "Sources")


def test_alone_there_is_no_dead_link() -> None:
    assert in_cosmogemma(MATHS.id) == "" and "/skimarxiv/" not in shown(MATHS)
    with studio.of(APPS[:1]):
        assert in_cosmogemma(MATHS.id) == "" and "/skimarxiv/" in shown(MATHS)


def test_in_the_studio_papers_lead_to_each_other() -> None:
    with studio.of(APPS):
        assert f"paper={MATHS.id}" in in_cosmogemma(MATHS.id)
        assert f'href="/skimarxiv/?paper={MATHS.id}"' in shown(MATHS)
        primer = Paper("primer:bao", "BAO", "Sound waves.", references=("2301.01234",))
        assert "/skimarxiv/" not in shown(primer) and "built-in library" in shown(primer)
        sample = Paper("sample.0001", "Voids", "A sample.", ("Ada Marsupial",))
        assert "paper=sample.0001" in shown(sample) and "no real paper" in shown(sample)
        assert '"><b>' not in in_cosmogemma('"><b>')


@pytest.mark.parametrize(("id", "said", "links"), [
    ("2401.99999", "no paper 2401.99999", 2), ("primer:bao", "passage of", 0),
    ("<b>x", "&lt;b&gt;", 0),
])
def test_a_paper_that_is_not_here_is_said_so(id: str, said: str, links: int) -> None:
    found = missing_html(id)
    assert said in found and found.count("https://arxiv.org") == links and "<b>" not in found


def test_a_paper_is_found_named_and_escaped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = Library.open(tmp_path / "library.sqlite")
    library.add([MATHS, HOSTILE])
    monkeypatch.setattr(models, "library", lambda: library)
    assert papers.find(MATHS.id) == MATHS and papers.find("sample.0001") is not None
    assert papers.find("x" * 1000) is None and papers.find("sample.9999") is None
    assert papers.wanted("") is None
    with pytest.raises(ValueError, match="no paper"):
        papers.wanted("2401.99999")
    assert papers.about("") == "" and "Quokka" in papers.about(MATHS.id)
    assert "<img" not in papers.about(HOSTILE.id) and "<b>" not in papers.about("<b>")
    assert "https://arxiv.org/abs/2401.99999" in papers.about("2401.99999")
