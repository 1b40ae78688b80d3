"""Evaluate the TL;DRs on a file in SciTLDR's format.

    python -m training.literature.evaluate_tldr [--data FILE] [--abstractive N] [--write]
        [--astronomy training/literature/data/tldr_labels.jsonl --abstracts qa_2023_train.json]

Per paper the target with the best ROUGE-1 counts (rouge_score, with stemming). Beside it: the
abstract's first sentence, the title copied, and the one sentence that matches best. Prints a line
of JSON last; --write publishes the numbers in core/weights/tldr, where all that its card is about
was measured.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.literature.text.embedding import embed
from core.literature.text.paper import Paper
from core.literature.text.text import clean, sentences
from core.literature.tldr.abstractive import abstractive
from core.literature.tldr.faithfulness import unsupported
from core.literature.tldr.tldr import Tldr, tldr, tldrs
from training.evaluation.report import WEIGHTS, publish, refuse_partial, run
from training.literature.published import first_reason, missing_published
from training.literature.scitldr import ROUGES, Record, embedded, read_records, rouge
from training.literature.tldr_labels import Labelled, read_labelled

DATA = Path("data/scitldr/dev.jsonl")
TARGETS = {"rouge1": 43.0, "faithfulness": 100.0}
ABSTRACTIVE = 40


@dataclass(frozen=True)
class EvaluateConfig:
    """Command line.

    Attributes:
        data: file in SciTLDR's format.
        abstractive: papers to summarise in the language model's words (slow).
        abstracts: JSON lists of {"abstract": ...} to measure faithfulness on.
        astronomy: which of their sentences a reader accepts, as tldr_labels.jsonl.
        cache: npz file that keeps the embeddings.
        write: publish the numbers in core/weights/tldr.
    """

    data: Path = DATA
    abstractive: int = 0
    abstracts: tuple[Path, ...] = ()
    astronomy: Path | None = None
    cache: Path | None = None
    write: bool = False


def make_tldrs(papers: Sequence[Paper], cache: Path | None) -> list[Tldr]:
    """The product's sentences; with a cache of embeddings the same ones, sooner."""
    if cache is None:
        return [found for _, found in tldrs(papers)]
    texts = [[clean(paper.title), *sentences(paper.abstract)] for paper in papers]
    known = embedded([text for each in texts for text in each], cache)
    return [
        tldr(paper, np.stack([known[text] for text in each]))
        for paper, each in zip(papers, texts, strict=True)
    ]


def is_faithful(text: str, paper: Paper) -> bool:
    """Whether every number, unit and name of a text stands in the abstract (or the title)."""
    return not unsupported(text, paper.abstract, paper.title)


def _mean(values: Iterable[float]) -> float:
    return float(np.mean(list(values)))


def oracle(record: Record) -> tuple[float, float, float]:
    """Scores of the source's one sentence that matches best."""
    return max(rouge(sentence, record.targets) for sentence in record.source)


def measured(records: Sequence[Record], found: Sequence[Tldr]) -> dict[str, float]:
    """All metrics of extracted sentences; ROUGE and rates in percent."""
    pairs = list(zip(records, found, strict=True))
    scores = {
        "": np.array([rouge(t.text, r.targets) for r, t in pairs]),
        "lead_": np.array([rouge(r.source[0], r.targets) for r in records]),
        "title_": np.array([rouge(r.paper.title, r.targets) for r in records]),
        "oracle_": np.array([oracle(r) for r in records]),
    }
    metrics: dict[str, float] = {"papers": len(records)}
    for prefix, each in scores.items():
        metrics |= {prefix + name: 100 * v for name, v in zip(ROUGES, each.mean(0), strict=True)}
        metrics[f"{prefix}rouge1_error"] = 100 * each[:, 0].std() / len(records) ** 0.5
    metrics["faithfulness"] = 100 * _mean(is_faithful(t.text, r.paper) for r, t in pairs)
    metrics["extractive"] = 100 * _mean(t.text in clean(r.paper.abstract) for r, t in pairs)
    metrics["words"] = _mean(len(t.text.split()) for _, t in pairs)
    metrics["whole_sentences"] = 100 * _mean(
        t.text == sentences(r.paper.abstract)[t.sentence] for r, t in pairs
    )
    return metrics


def measured_abstractive(records: Sequence[Record]) -> dict[str, float]:
    """Metrics of what is shown when the model's own words are asked for, and of those alone."""
    from core.literature.language_model.backends import open_backend
    from core.weights import model_folder

    backend = open_backend(adapter=model_folder("cosmogemma"))
    start = time.perf_counter()
    shown = [(r, *abstractive(r.paper, backend)) for r in records]
    seconds = time.perf_counter() - start
    scores = np.array([rouge(text, r.targets)[0] for r, text, _, _ in shown])
    faithful = [is_faithful(text, r.paper) for r, text, _, _ in shown]
    return {
        "abstractive_papers": len(shown),
        "abstractive_rouge1": 100 * scores.mean(),
        "abstractive_rouge1_error": 100 * scores.std() / len(shown) ** 0.5,
        "abstractive_faithfulness": 100 * np.mean(faithful),
        "abstractive_faithfulness_error": 100 * np.std(faithful) / len(shown) ** 0.5,
        "abstractive_accepted": 100 * np.mean([new for _, _, new, _ in shown]),
        "abstractive_seconds": seconds / len(shown),
    }


def judged(labelled: Sequence[Labelled]) -> dict[str, float]:
    """How often the sentence is one that the reader of the labels accepts; test abstracts alone.

    Beside it: the first sentence, the last, and the one nearest to the mean of all.
    """
    kept = [one for one in labelled if one.test]
    if not kept:
        raise ValueError("None of these abstracts is marked as a test.")
    papers = [Paper(str(i), "", one.abstract) for i, one in enumerate(kept)]
    right = []
    for one, (_, found) in zip(kept, tldrs(papers), strict=True):
        texts = sentences(one.abstract)
        vectors = embed(texts)
        centre = int((vectors @ vectors.mean(0)).argmax())
        right.append([i in one.acceptable for i in (found.sentence, 0, len(texts) - 1, centre)])
    shares = dict(zip(("", "lead_", "last_", "centroid_"), np.mean(right, 0), strict=True))
    top1 = {f"{prefix}astronomy_top1": 100 * float(share) for prefix, share in shares.items()}
    error = (shares[""] * (1 - shares[""]) / len(kept)) ** 0.5
    return {"astronomy_judged": len(kept), **top1, "astronomy_top1_error": 100 * float(error)}


def astronomy(files: Sequence[Path]) -> dict[str, float]:
    """Faithfulness and the time on abstracts of cosmology, which have no targets and no titles."""
    rows = [row for path in files for row in json.loads(path.read_text("utf-8"))]
    abstracts = list(dict.fromkeys(row["abstract"] for row in rows))
    papers = [Paper(str(i), "", text) for i, text in enumerate(abstracts)]
    start = time.perf_counter()
    found = list(tldrs(papers))
    seconds = time.perf_counter() - start
    return {
        "astronomy_papers": len(papers),
        "astronomy_faithfulness": 100 * _mean(is_faithful(t.text, p) for p, t in found),
        "astronomy_extractive": 100 * _mean(t.text in clean(p.abstract) for p, t in found),
        "seconds_for_100": 100 * seconds / len(papers),
    }


def evaluate(config: EvaluateConfig) -> dict[str, float]:
    """Measure everything that is asked for; return the numbers by name.

    Raises:
        ValueError: if a file is missing.
    """
    if not config.data.exists():
        raise ValueError(
            f"{config.data} does not exist; --data takes any file in SciTLDR's format."
        )
    if config.astronomy and not config.abstracts:
        raise ValueError("--astronomy LABELS needs --abstracts FILES, the texts that they are for.")
    partial = _partial(config)
    refuse_partial(config.write, partial)
    records = read_records(config.data)
    metrics = measured(records, make_tldrs([r.paper for r in records], config.cache))
    if config.abstracts:
        metrics |= astronomy(config.abstracts)
    if config.astronomy:
        metrics |= judged(read_labelled(config.astronomy, config.abstracts))
    if config.abstractive:
        metrics |= measured_abstractive(records[: config.abstractive])
    for prefix in ("", "lead_", "title_", "oracle_"):
        row = ", ".join(f"{name} {metrics[prefix + name]:.1f}" for name in ROUGES)
        print(f"{prefix.rstrip('_') or 'chosen':8} {row} ± {metrics[prefix + 'rouge1_error']:.1f}")
    publish(
        metrics, write=config.write, partial=partial, folder=WEIGHTS / "tldr", model="TL;DR",
        data=f"SciTLDR (abstracts), {config.data.name}, {len(records)} papers; percent",
        targets=TARGETS,
    )  # fmt: skip
    return metrics


def _partial(config: EvaluateConfig) -> str:
    """Why the measurement is less than the card's, in words; empty if it is not."""
    return first_reason(
        missing_published([config.data], "SciTLDR's dev.jsonl"),
        missing_published(config.abstracts, "qa_2023_train.json"),
        "" if config.astronomy else "--astronomy names no labels",
        f"--abstractive asks for fewer than the card's {ABSTRACTIVE} papers"
        if config.abstractive < ABSTRACTIVE else "",
    )


if __name__ == "__main__":
    run(evaluate, EvaluateConfig, __doc__)
