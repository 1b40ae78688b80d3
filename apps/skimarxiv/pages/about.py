"""Page "About": what the page does, how well, where it ends, and thanks to arXiv."""

from __future__ import annotations

import gradio as gr

from apps.shared.page.layout import CARD
from apps.shared.page.measured import Beside, measured_table
from core.literature.skim.digest import ACKNOWLEDGEMENT

__all__ = ["build", "metrics_table"]

_INTRODUCTION = """
## What it does
It reads arXiv's daily feed for the categories that you choose, keeps every announcement in a
library on the machine that it runs on, and shows them in the order of your interests.

- **TL;DR**: one sentence of the abstract itself, chosen by a ranker of sentences; press “TL;DR” and
  it is marked where it stands. In a paper's details a small language model writes one in other
  words, which is shown only if every number, unit and survey in it stands in the abstract.
- **Order**: similarity of meaning to what you wrote, to papers that you named, liked or disliked,
  and authors you follow; a paper that is opened says why it stands where it does. A like or a
  dislike orders the list at once. One place in the list is
  kept for a paper far from your interests, so that they do not close in on you.
- **Numbers**: parameters, redshifts, masses and significances, found by patterns, each with the
  words it comes from. One more than 2σ from its reference (Planck 2018, or yours) is flagged.
- **Missed days** are fetched when you come back. Replaced papers show what their new version
  changed.

## What it does not
- It reads titles and abstracts, never papers. A TL;DR is what the abstract says, not whether it is
  true.
- Patterns miss numbers that are written unusually, and a flag compares with one reference: it says
  nothing of the model, of priors, or of data that both share.
- Days taken from arXiv's search are those of submission, shifted to the announcement, and so only
  approximate; the page says where a day comes from.
- Your profile (interests, likes, saved papers, notes) is in this browser, not on a server. Whoever
  clears the browser's storage clears it; export it in the settings.
"""

_TLDR = {
    "rouge1": "ROUGE-1", "rouge2": "ROUGE-2", "rougeL": "ROUGE-L",
    "faithfulness": "numbers, units and names that stand in the abstract",
}
_BESIDE_TLDR: list[Beside] = [
    ("first sentence", "lead_", "rouge"), ("title copied", "title_", "rouge"),
    ("best sentence possible", "oracle_", "rouge"),
]
_RANKING = {"ndcg10": "nDCG of the first ten", "auc": "area under the ROC curve"}
_BESIDE_RANKING: list[Beside] = [
    ("TF-IDF", "tfidf_", ""), ("newest first", "recency_", ""), ("at random", "random_", ""),
]

_REFERENCES = f"""
## References
- Titles and abstracts: arXiv, whose metadata are in the public domain (CC0); papers stay at arXiv.
- TL;DRs: SciTLDR, Cachola et al. 2020, [arXiv:2004.15011](https://arxiv.org/abs/2004.15011)
- Meanings of texts: all-MiniLM-L6-v2, after Reimers & Gurevych 2019,
  [arXiv:1908.10084](https://arxiv.org/abs/1908.10084)
- Reference values: Planck Collaboration 2018, [arXiv:1807.06209](https://arxiv.org/abs/1807.06209)

{ACKNOWLEDGEMENT}

## Programmatic access
`day`, `search`, `paper` and `numbers` are available through
[gradio_client](https://www.gradio.app/docs/python-client/introduction) under those names, and
`python -m core.literature.skim --categories astro-ph.CO --markdown` writes the digest from a cron
job.
"""


def build() -> None:
    """Lay the page out, inside the tab that is open."""
    gr.Markdown(_INTRODUCTION)
    gr.Markdown(f"## Measured\n{metrics_table()}", elem_classes=CARD, elem_id="sk-measured")
    gr.Markdown(_REFERENCES, elem_id="sk-references-text")


def metrics_table() -> str:
    """The measured numbers as Markdown tables, or sentences if there are none."""
    return (
        "TL;DRs beside those that authors and readers wrote (SciTLDR, the part for development, "
        f"in per cent):\n\n{measured_table('tldr', _TLDR, _BESIDE_TLDR)}\n\n"
        "The order for readers with five likes, on topics that nothing was fitted on:\n\n"
        f"{measured_table('ranking', _RANKING, _BESIDE_RANKING)}"
    )
