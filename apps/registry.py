"""The apps behind the front page. One more app is one more line in :data:`APPS`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["APPS", "AppEntry"]

_FIGURES = Path(__file__).parents[1] / "docs" / "figures" / "apps"


@dataclass(frozen=True)
class AppEntry:
    """An app: where it is, what builds it, and what the front page says of it.

    Attributes:
        path: in the address, such as "/hi-maps".
        module: that has ``build() -> gradio.Blocks``; imported after the front page is up.
        title, summary: for the front page.
        models: the trained models it calls, in words.
        data: what they were trained on, in words.
        picture: a screenshot, shown if the file exists and there is no newer picture.
        picture_module: that has ``draw() -> Picture``, or "".
    """

    path: str
    module: str
    title: str
    summary: str
    models: str
    data: str
    picture: Path
    picture_module: str = ""


APPS: tuple[AppEntry, ...] = (
    AppEntry(
        "/hi-maps", "apps.hi_maps.app", "HI maps",
        "Generate maps of neutral hydrogen for a matter density and an amplitude of fluctuations, "
        "compare their statistics with simulations, and infer the two parameters from a map.",
        "HI-CDM (diffusion), HIGlow (normalising flow), neural posterior estimation",
        "CosmoDeskPM, a particle-mesh stand-in for the CAMELS simulations, in their file layout",
        _FIGURES / "hi_maps.png", "apps.hi_maps.picture",
    ),
    AppEntry(
        "/reionization", "apps.reionization.app", "Reionization",
        "Infer from a 21 cm image how much hydrogen is still neutral and whether galaxies or black "
        "holes ionized it, observe it with SKA-Low, and generate ionized bubbles from a density "
        "field.",
        "An ensemble of networks with calibrated posteriors, a classifier of the sources, "
        "conditional diffusion",
        "21cmFAST simulations in boxes of 128 Mpc, made for this project",
        _FIGURES / "reionization.png", "apps.reionization.picture",
    ),
    AppEntry(
        "/cosmogemma", "apps.cosmogemma.app", "CosmoGemma",
        "Ask about cosmology and read the answer beside its sources, opened at the sentence that "
        "supports it; answer a multiple-choice question, or look for project ideas.",
        "Gemma 3 270M with a LoRA adapter, MiniLM for the search. Gemma is provided under and "
        "subject to the Gemma Terms of Use found at ai.google.dev/gemma/terms.",
        "Question-answer pairs of astro-ph.CO abstracts of 2018 to 2023, and a primer written for "
        "this project",
        _FIGURES / "cosmogemma.png", "apps.cosmogemma.picture",
    ),
    AppEntry(
        "/skimarxiv", "apps.skimarxiv.app", "skimArxiv",
        "The day's arXiv papers ordered by your interests, each with a one-sentence summary, its "
        "measurements and any tension with a reference; days that you missed are fetched later.",
        "A ranker of sentences and a ranking by interests, both on MiniLM embeddings; CosmoGemma "
        "for questions about a paper",
        "SciTLDR's abstracts (computer science) for the sentences, 527 labelled astro-ph.CO "
        "abstracts for the ranking",
        _FIGURES / "skimarxiv.png", "apps.skimarxiv.picture",
    ),
)
