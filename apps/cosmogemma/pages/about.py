"""Page "About": what the assistant is and is not, what it learned from, how well it does."""

from __future__ import annotations

import gradio as gr

from apps.shared.page.layout import CARD
from apps.shared.page.measured import Beside, measured_table
from core.literature.library.browse import passages
from core.literature.library.stored_questions import how_many
from core.weights import read_metrics

__all__ = ["build", "introduction", "metrics_table", "terms_link"]


def terms_link(words: str) -> str:
    """A link to the terms under which Gemma is passed on."""
    return ('<a href="https://ai.google.dev/gemma/terms" target="_blank" rel="noopener noreferrer">'
            f"{words}</a>")


_TERMS = ("Gemma is provided under and subject to the Gemma Terms of Use found at "
          f"{terms_link('ai.google.dev/gemma/terms')}.")
_INTRODUCTION = """
## What it is
A library of {passages} passages written for this project, most with the papers they rest on, and
a small language model. A question is read first: in English, as it was meant, with what was said
before.
Then it is answered in the first of these ways that fits:

1. A number that can be computed is computed with astropy, and shown with its Python.
2. What the library answers is **quoted** from it, sentence by sentence; nothing there is written by
   a model. A yes or no in front was written for such a question, or judged by a small model from
   the passage, which errs{judged}. The quotation decides.
3. What only papers answer, those of your library or a live search of arXiv, the model **writes**
   from their best sentences; what they do not support is replaced by their own words.
4. Where nothing is near, it says so. With its sources off the model answers from memory.

- **Ask**: a conversation, the sources beside it, opened at the sentences that answer.
- **Multiple choice**: the probability of each option, from its likelihood given the question.
- **Brainstorm**: projects from a written collection, and from two papers of your library.
- **Library**: all passages, to be searched and read. Everything runs on this machine, unless a
  server was set.

## What it is not
- It is no expert: it knows what its passages say, written by the end of 2026 and read twice, and
  can quote a passage that misses your question. A sentence says so where it notices.
- The model has 270 million parameters. From memory it is often wrong.
- “Not found” means not in this library. A marked sentence is the nearest support, not a proof.
- It answers questions about astronomy and physics, in English; some other languages it can read.

## What it was made from
- **Gemma 3 270M** (the base model, 4 bits), changed here by a LoRA adapter of some 8 MB.
  {terms}
- **Training**: question-answer pairs of astro-ph.CO abstracts of 2018 to 2022 without their
  abstracts, pairs of 2023 with theirs, negated and unanswerable questions made from those, and the
  library's passages.
- **Search**: SQLite's full-text index, all-MiniLM-L6-v2, and {questions} questions that are
  stored with the passages.
"""

_METRICS = {
    "accuracy": "right answers, all questions",
    "open_accuracy": "right answers, open questions",
    "yes_no_accuracy": "right answers, yes or no",
    "yes_no_balanced": "balanced accuracy, yes or no",
    "recall_1": "the right abstract found first",
    "recall_5": "the right abstract among five",
    "citation_support": "the cited passage holds the answer’s terms",
    "mcq_easy": "multiple choice, random distractors",
    "mcq_hard": "multiple choice, distractors from similar questions",
    "bleu": "BLEU",
    "chrf": "chrF",
    "rouge_l": "ROUGE-L",
    "cosine": "cosine similarity of the embeddings",
}
_FRACTIONS = ("accuracy", "open_", "yes_no", "recall", "citation", "mcq")
_BESIDE: list[Beside] = [
    ("without sources", "closed_", ""), ("base Gemma", "base_", ""),
    ("CosmoGemma 2B", "original_", ""), ("always “yes”", "always_yes_", ""),
]

_REFERENCES = """
An open question counts as right if the answer holds at least 0.3 of the reference’s informative
words, weighted by how rare they are; a yes or no question by its first word. “CosmoGemma 2B” are
the published answers of the model that this one follows, to the same questions.

## References
- CosmoGemma: the Gemma 2 2B model of the same name, fine-tuned on the same kind of pairs, and its
  published data
- Gemma 3: Gemma Team 2025, [arXiv:2503.19786](https://arxiv.org/abs/2503.19786)
- LoRA: Hu et al. 2021, [arXiv:2106.09685](https://arxiv.org/abs/2106.09685)
- Retrieval before generation: Lewis et al. 2020,
  [arXiv:2005.11401](https://arxiv.org/abs/2005.11401)
- Likelihood relative to the option alone: Brown et al. 2020,
  [arXiv:2005.14165](https://arxiv.org/abs/2005.14165)
- Thank you to arXiv for use of its open access interoperability.

## Programmatic access
`ask`, `quiz` and `brainstorm` are available through
[gradio_client](https://www.gradio.app/docs/python-client/introduction) under those names; `ask`
streams. see “Use via API” at the foot of the page.
"""


def build() -> None:
    """Lay the page out, inside the tab that is open."""
    gr.Markdown(introduction())
    gr.Markdown("## Evaluated on held-out questions\nQuestions about papers of 2023; the right "
                f"abstract has to be found among all.\n\n{metrics_table()}", elem_classes=CARD,
                elem_id="cg-measured")
    gr.Markdown(_REFERENCES)


def introduction() -> str:
    """What it is and is not; every number that may change comes from the files it counts."""
    return _INTRODUCTION.format(terms=_TERMS, passages=f"{len(passages()):,}",
                                questions=f"{how_many():,}", judged=_judged())


def _judged() -> str:
    """How often the judge is right on passages that it never read; "" if nobody measured it."""
    try:
        measured = (read_metrics("yes_no_judge") or {}).get("metrics", {})
    except ValueError:
        return ""
    if not {"accuracy", "surest"} <= measured.keys():
        return ""
    return (f": on passages that it never read it is right in {measured['accuracy']:.0%}, and in "
            f"{measured['surest']:.0%} where it is surest")


def metrics_table() -> str:
    """The measured numbers as a Markdown table, or a sentence if there are none."""
    return measured_table("cosmogemma", _METRICS, _BESIDE, _FRACTIONS)
