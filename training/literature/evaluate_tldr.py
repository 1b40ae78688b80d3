"""Measure the TL;DRs on a file in SciTLDR's format, as the product makes them.

    python -m training.literature.evaluate_tldr [--data FILE] [--abstractive N] [--cache FILE.npz]
        [--astronomy training/literature/data/tldr_labels.jsonl --abstracts qa_2023_train.json]

Per paper the target with the best ROUGE-1 counts (rouge_score, with stemming). Beside it: the
abstract's first sentence, the title copied, and the one sentence that matches best. Prints a JSON
line last; of SciTLDR's dev.jsonl it also writes core/weights/tldr/metrics.json.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from core.literature.text.embedding import embed
from core.literature.text.paper import Paper
from core.literature.text.text import clean, sentences
from core.literature.tldr.abstractive import abstractive
from core.literature.tldr.faithfulness import unsupported
from core.literature.tldr.tldr import Tldr, tldr, tldrs
from training.evaluation.report import WEIGHTS, print_metrics, write_metrics
from training.literature.scitldr import ROUGES, Record, embedded, read_records, rouge
from training.literature.tldr_labels import Labelled, read_labelled

DATA = Path("data/scitldr/dev.jsonl")
TARGETS = {"rouge1": 43.0, "faithfulness": 100.0}


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


def main() -> None:
    """Measure, print, and write metrics.json of the development part."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=DATA, help="file in SciTLDR's format")
    parser.add_argument("--abstractive", type=int, default=0, metavar="N",
                        help="papers to summarise in the language model's words (slow)")
    parser.add_argument("--abstracts", type=Path, nargs="+", default=[], metavar="FILE",
                        help='JSON lists of {"abstract": ...} to measure faithfulness on')
    parser.add_argument("--astronomy", type=Path, metavar="LABELS",
                        help="which of their sentences a reader accepts: tldr_labels.jsonl")
    parser.add_argument("--cache", type=Path, help="npz file that keeps the embeddings")
    parser.add_argument("--output", type=Path, help="folder of metrics.json; default: the model's "
                        "for SciTLDR's dev.jsonl, else none")
    options = parser.parse_args()
    if not options.data.exists():
        parser.error(f"{options.data} does not exist; --data takes any file in SciTLDR's format.")
    if options.astronomy and not options.abstracts:
        parser.error("--astronomy LABELS needs --abstracts FILES, the texts that they are for.")
    records = read_records(options.data)
    metrics = measured(records, make_tldrs([r.paper for r in records], options.cache))
    if options.abstracts:
        metrics |= astronomy(options.abstracts)
    if options.astronomy:
        metrics |= judged(read_labelled(options.astronomy, options.abstracts))
    if options.abstractive:
        metrics |= measured_abstractive(records[: options.abstractive])
    folder = options.output or (WEIGHTS / "tldr" if options.data.name == DATA.name else None)
    if folder is not None:
        data = f"SciTLDR (abstracts), {options.data.name}, {len(records)} papers; percent"
        write_metrics(folder, "TL;DR", metrics, TARGETS, data, [])
    for prefix in ("", "lead_", "title_", "oracle_"):
        row = ", ".join(f"{name} {metrics[prefix + name]:.1f}" for name in ROUGES)
        print(f"{prefix.rstrip('_') or 'chosen':8} {row} ± {metrics[prefix + 'rouge1_error']:.1f}")
    print_metrics(metrics)


if __name__ == "__main__":
    main()
