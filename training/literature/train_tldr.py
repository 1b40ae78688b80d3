"""Train the ranker of sentences behind the TL;DR on SciTLDR's training part.

    python -m training.literature.train_tldr --data scitldr/train.jsonl [--cache FILE.npz]
        [--astronomy training/literature/data/tldr_labels.jsonl --abstracts qa_2023_train.json]

Writes core/weights/tldr/coefficients.json. The penalty is chosen by cross-validation over papers;
the words' chances that the second model sees in training come from models of other papers, too.
Abstracts of astronomy whose sentences a reader judged join the fit of the second model (never
those marked as tests), since SciTLDR's summaries say what was made, and hardly what was found.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.checksums import write_checksummed
from core.literature.tldr.features import Outline, stems, word_features
from core.literature.tldr.ranker import CLIP, Linear, SummaryModel
from core.weights import coefficients_file
from training.literature.scitldr import Record, embedded, read_records, rouge1
from training.literature.tldr_labels import Labelled, read_labelled

FOLDS = 5
KNOWN_STEMS = 400
INVERSE_PENALTY = 0.1  # of the words' logistic regression
PENALTIES = (0.03, 0.1, 0.3)  # of the sentences' order
SOFTNESS = 0.05  # of the targets' softmax, in ROUGE-1
ACCEPTED = 0.3  # counts as so much ROUGE-1 above a sentence that is not accepted
WEIGHT = 3.0  # of a judged abstract; a paper of SciTLDR counts 1


@dataclass(frozen=True)
class Lesson:
    """A paper ready to learn from: its stems' features and which of them the summary uses."""

    record: Record
    outline: Outline
    vectors: np.ndarray
    found: list[str]
    features: np.ndarray
    used: np.ndarray


def lessons(records: Sequence[Record], cache: Path | None = None) -> list[Lesson]:
    """Split, embed and label every paper."""
    outlines = [Outline.of(r.paper.title, r.paper.abstract) for r in records]
    texts = [text for o in outlines for text in (o.title, *o.sentences)]
    known = embedded(texts, cache)
    made = []
    for record, outline in zip(records, outlines, strict=True):
        vectors = np.stack([known[text] for text in (outline.title, *outline.sentences)])
        found, features = word_features(outline)
        target = set(stems(max(record.targets, key=lambda t: rouge1(record.paper.abstract, [t]))))
        used = np.array([stem in target for stem in found])
        made.append(Lesson(record, outline, vectors, found, features, used))
    return made


def fit_words(papers: Sequence[Lesson]) -> tuple[Linear, dict[str, float]]:
    """Logistic regression of a word's place in the summary, and the weights of frequent stems."""
    from scipy import sparse
    from sklearn.linear_model import LogisticRegression

    frequency = Counter(stem for paper in papers for stem in paper.found)
    columns = {stem: i for i, (stem, _) in enumerate(frequency.most_common(KNOWN_STEMS))}
    features = np.concatenate([paper.features for paper in papers])
    mean, scale = features.mean(0), features.std(0) + 1e-6
    all_stems = [stem for paper in papers for stem in paper.found]
    rows = [i for i, stem in enumerate(all_stems) if stem in columns]
    places = [columns[all_stems[i]] for i in rows]
    known = sparse.csr_matrix((np.ones(len(rows)), (rows, places)),
                              shape=(len(all_stems), len(columns)))
    design = sparse.hstack([np.clip((features - mean) / scale, -CLIP, CLIP), known]).tocsr()
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=400)
    model.fit(design, np.concatenate([paper.used for paper in papers]))
    weight, each = np.split(model.coef_[0], [features.shape[1]])
    words = Linear(float(model.intercept_[0]), mean, scale, weight)
    return words, {stem: float(each[i]) for stem, i in columns.items()}


@dataclass(frozen=True)
class Table:
    """Pieces of sentences of many papers: features, ROUGE-1, and of which paper they are."""

    features: np.ndarray
    rouge: np.ndarray
    paper: np.ndarray

    def of(self, wanted: np.ndarray) -> Table:
        """The sentences of some papers, numbered anew."""
        kept = wanted[self.paper]
        number = np.cumsum(wanted) - 1
        return Table(self.features[kept], self.rouge[kept], number[self.paper[kept]])

    def joined(self, other: Table) -> Table:
        """With the papers of another table behind."""
        number = np.append(self.paper, other.paper + self.paper.max() + 1)
        features = np.concatenate([self.features, other.features])
        return Table(features, np.append(self.rouge, other.rouge), number)


def table(papers: Sequence[Lesson], models: Sequence[SummaryModel]) -> Table:
    """What the second model sees of each paper, with the first model given for it."""
    features, scores, number = [], [], []
    for i, (paper, model) in enumerate(zip(papers, models, strict=True)):
        candidates, seen = model.features(paper.outline, paper.vectors)
        shown = [paper.outline.sentences[place][a:b] for place, a, b in candidates]
        features.append(seen)
        scores += [rouge1(text, paper.record.targets) for text in shown]
        number += [i] * len(shown)
    return Table(np.concatenate(features), np.array(scores), np.array(number))


def judged_table(
    labelled: Sequence[Labelled], model: SummaryModel, cache: Path | None = None
) -> Table:
    """What the second model sees of judged abstracts; every piece is as good as its sentence."""
    outlines = [Outline.of("", one.abstract) for one in labelled]
    known = embedded(["", *(text for o in outlines for text in o.sentences)], cache)
    features, scores, number = [], [], []
    for i, (one, outline) in enumerate(zip(labelled, outlines, strict=True)):
        vectors = np.stack([known[text] for text in ("", *outline.sentences)])
        candidates, seen = model.features(outline, vectors)
        features.append(seen)
        scores += [ACCEPTED * (place in one.acceptable) for place, _, _ in candidates]
        number += [i] * len(candidates)
    return Table(np.concatenate(features), np.array(scores), np.array(number))


def fit_order(data: Table, penalty: float, judged: Table | None = None) -> Linear:
    """Half the expected ROUGE-1 under the softmax, half the cross entropy to a softmax of it."""
    import torch

    mean, scale = data.features.mean(0), data.features.std(0) + 1e-6
    weights = np.ones(int(data.paper.max()) + 1)
    if judged is not None:
        scale = np.maximum(scale, judged.features.std(0))
        weights = np.append(weights, np.full(int(judged.paper.max()) + 1, WEIGHT))
        data = data.joined(judged)
    standard = np.clip((data.features - mean) / scale, -CLIP, CLIP)
    x = torch.tensor(standard, dtype=torch.float64)
    rouge = torch.tensor(data.rouge, dtype=torch.float64)
    group = torch.tensor(data.paper)
    papers = len(weights)
    share = torch.tensor(weights / weights.sum())[group]

    def log_softmax(score: torch.Tensor) -> torch.Tensor:
        top = torch.full((papers,), -1e9, dtype=score.dtype).scatter_reduce(0, group, score, "amax")
        shifted = score - top.detach()[group]
        total = torch.zeros(papers, dtype=score.dtype).index_add(0, group, shifted.exp())
        return shifted - total.log()[group]

    wanted = log_softmax(rouge / SOFTNESS).exp()
    weight = torch.zeros(x.shape[1], dtype=x.dtype, requires_grad=True)
    optimizer = torch.optim.LBFGS(
        [weight], max_iter=300, history_size=20, line_search_fn="strong_wolfe"
    )

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        log_chance = log_softmax(x @ weight)
        value = -(share * (5 * log_chance.exp() * rouge + 0.5 * wanted * log_chance)).sum()
        value = value + penalty * weight.square().sum()
        value.backward()
        return value

    optimizer.step(loss)
    return Linear(0.0, mean, scale, weight.detach().numpy().copy())


def chosen(score: np.ndarray, data: Table) -> np.ndarray:
    """ROUGE-1 of the sentence with the best score, a paper."""
    starts = np.flatnonzero(np.diff(data.paper, prepend=-1))
    parts = zip(np.split(score, starts[1:]), np.split(data.rouge, starts[1:]), strict=True)
    return np.array([rouge[int(part.argmax())] for part, rouge in parts])


def train(
    papers: Sequence[Lesson], labelled: Sequence[Labelled] = (), cache: Path | None = None
) -> SummaryModel:
    """Both models, with the penalty that cross-validation prefers."""
    fold = np.random.default_rng(0).integers(0, FOLDS, len(papers))
    typical = float(np.mean([len(stems(t)) for p in papers for t in p.record.targets]))
    nothing = Linear(0.0, np.zeros(1), np.ones(1), np.zeros(1))

    def first(among: np.ndarray) -> SummaryModel:
        words, known = fit_words([p for p, take in zip(papers, among, strict=True) if take])
        return SummaryModel(words, known, nothing, typical)

    others = [first(fold != k) for k in range(FOLDS)]
    whole = first(np.ones(len(papers), bool))
    data = table(papers, [others[k] for k in fold])
    judged = judged_table(labelled, whole, cache) if labelled else None
    results = {}
    for penalty in PENALTIES:
        score = np.zeros(len(data.rouge))
        for k in range(FOLDS):
            order = fit_order(data.of(fold != k), penalty, judged)
            held = fold[data.paper] == k
            score[held] = order(data.features[held])
        results[penalty] = 100 * chosen(score, data).mean()
        print(f"penalty {penalty}: ROUGE-1 {results[penalty]:.2f} in cross-validation", flush=True)
    best = fit_order(data, max(results, key=results.__getitem__), judged)
    return SummaryModel(whole.words, whole.known, best, typical)


def main() -> None:
    """Train and write the coefficients."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="SciTLDR's train.jsonl")
    parser.add_argument("--astronomy", type=Path, metavar="LABELS", help="tldr_labels.jsonl")
    parser.add_argument("--abstracts", type=Path, nargs="+", default=[], metavar="FILE",
                        help='JSON lists of {"abstract": ...} that the labels are for')
    parser.add_argument("--cache", type=Path, help="npz file that keeps the embeddings")
    parser.add_argument("--output", type=Path, default=coefficients_file("tldr"))
    options = parser.parse_args()
    if bool(options.astronomy) != bool(options.abstracts):
        parser.error("--astronomy LABELS and --abstracts FILES belong together.")
    labelled = read_labelled(options.astronomy, options.abstracts) if options.astronomy else []
    learnt = [one for one in labelled if not one.test]
    model = train(lessons(read_records(options.data), options.cache), learnt, options.cache)
    write_checksummed(options.output, model.to_json(), indent=1)
    print(f"wrote {options.output.name}")


if __name__ == "__main__":
    main()
