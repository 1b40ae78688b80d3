"""The model card of CosmoGemma."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["measured", "training_card"]

_ROWS = (
    ("", "with sources"),
    ("closed_", "from memory"),
    ("base_", "the base without the adapter, from memory, four examples shown"),
    ("original_", "original CosmoGemma 2B, from memory"),
    ("copied_", "the best sentence found, as it stands"),
    ("always_yes_", 'always "yes"'),
)
_COLUMNS = (
    ("accuracy", "all"), ("open_accuracy", "open"), ("yes_no_accuracy", "yes/no"),
    ("yes_no_balanced", "yes/no balanced"), ("bleu", "BLEU"), ("chrf", "chrF"),
    ("rouge_l", "ROUGE-L"), ("cosine", "cosine"),
)


def training_card(
    base: str, counts: dict[str, int], rank: int, minutes: float, gemma: bool
) -> str:
    """Text of README.md of an adapter.

    Args:
        base: the model that it adapts.
        counts: examples by kind.
        rank: of the adapter.
        minutes: wall-clock time of the training.
        gemma: whether the base comes under Gemma's terms.
    """
    data = ", ".join(f"{count:,} {kind}" for kind, count in counts.items())
    terms = (
        "Gemma is provided under and subject to the Gemma Terms of Use found at "
        "https://ai.google.dev/gemma/terms. This adapter is a Model Derivative of Gemma: the base "
        "is unchanged, the adapter's weights are new. Use is restricted as section 3.2 of those "
        "terms and the Gemma Prohibited Use Policy say, and whoever passes it on must pass these "
        "terms on."
        if gemma else "As the base's."
    )
    return f"""---
license: {"gemma" if gemma else "other"}
base_model: {"google/gemma-3-270m" if gemma else base}
library_name: peft
language: en
tags: [cosmology, astronomy, retrieval-augmented-generation, lora]
---
# CosmoGemma

A LoRA adapter (rank {rank}) that makes {base} answer questions on cosmology from passages that it
is given, and in the style of the field from memory; it also writes project ideas from two passages.
The application finds the passages, shows them beside the answer, and says so when there are none.

## Data
{data}. Closed-book pairs: made by Llama 3.1 8B from abstracts of arXiv astro-ph.CO of 2018 to 2023
(the public training data of the original CosmoGemma). Questions with passages: 2,800 on 400 of
those abstracts and three on each passage of the built-in primer, written for this project by a
language model (Claude) and checked for form, not one by one by a person.

## Training
`python -m training.literature.train_cosmogemma`: {minutes:.0f} minutes on two CPU cores shared with
other work. Loss on answers only; a yes or no that must be read off a passage counts most.

## Measured
Not yet: run training.literature.evaluate_cosmogemma.

## Limits
The base has 270 million parameters. From memory it knows little and makes fluent errors. Trust
only what a shown sentence supports, and read that sentence. It was trained on abstracts and short
passages in English. It does not calculate, follow long arguments, remember a conversation beyond
the previous question, or know papers that appeared after its library was filled. A yes or no from a
passage is wrong about as often as measured above, most often where one word decides.

## Licence
{terms}
"""


def measured(numbers: dict[str, float], data: str) -> str:
    """The section "Measured": a row for each answerer.

    Args:
        numbers: as the evaluation prints them.
        data: what was asked and searched, in words.
    """
    lines = [
        f"Accuracy by `python -m training.literature.evaluate_cosmogemma` on {data}. An answer is "
        "correct if its first word agrees (yes/no), or if it contains at least 0.3 of the "
        "reference's content words that the question lacks (open). The standard error of the first "
        f"number is {numbers['accuracy_error']:.3f}.",
        "",
        "| | " + " | ".join(title for _, title in _COLUMNS) + " |",
        "|---" * (len(_COLUMNS) + 1) + "|",
    ]
    for prefix, title in _ROWS:
        if f"{prefix}accuracy" in numbers:
            cells = [_shown(numbers[f"{prefix}{key}"]) for key, _ in _COLUMNS]
            lines.append(f"| {title} | " + " | ".join(cells) + " |")
    lines += [
        "",
        f"The correct abstract is found first for {numbers['recall_1']:.3f} of the questions and "
        f"among five for {numbers['recall_5']:.3f}; {numbers['citation_support']:.3f} of the "
        "answers cite a passage that holds the reference's terms.",
        *_choices(numbers),
    ]
    return "\n".join(lines)


def _choices(numbers: dict[str, float]) -> Sequence[str]:
    if "mcq_hard" not in numbers:
        return ()
    base = (
        f" (base: {numbers['base_mcq_easy']:.2f} and {numbers['base_mcq_hard']:.2f})"
        if "base_mcq_easy" in numbers else ""
    )
    return (
        f"Multiple choice with four options, from memory: {numbers['mcq_easy']:.2f} with random "
        f"distractors, {numbers['mcq_hard']:.2f} with those of the nearest questions{base}.",
    )


def _shown(value: float) -> str:
    return f"{value:.1f}" if abs(value) > 1.5 else f"{value:.3f}"
