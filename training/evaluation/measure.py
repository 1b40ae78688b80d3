"""Measure every model again whose data are here, then rewrite the tables: numbers and plots.

    python -m training.evaluation.measure              (make results)
    python -m training.evaluation.measure --hydrogen DIR --only hi_cdm   one model, data elsewhere
    python -m training.evaluation.measure --list       what would run, and what is missing

Each evaluation runs in a process of its own and prints its numbers; with --write it publishes them
in core/weights/*/metrics.json and its plots in docs/figures, and fails where its data are less than
what the model's card is about. A model whose data are not here keeps the numbers it has; that is
said. A failed evaluation does not stop the others. The tables (:mod:`training.evaluation.results`)
come last.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import tyro

from training.evaluation import results

__all__ = ["Evaluation", "MeasureConfig", "evaluations", "main", "missing"]

ROOT = Path(__file__).parents[2]
LABELS = Path("training/literature/data/tldr_labels.jsonl")


@dataclass(frozen=True)
class MeasureConfig:
    """Command line.

    Attributes:
        hydrogen: HI maps in the CMD layout (make train-hi makes them).
        reionization: folder of set_a.h5 and set_b.h5 (make train-reionization).
        questions: pairs to ask CosmoGemma.
        corpus: pairs among whose abstracts it searches.
        summaries: folder of SciTLDR's dev.jsonl.
        abstracts: those of tldr_labels.jsonl, if any.
        papers: files of abstracts with topics for the ranking.
        pairs: those whose questions the question filter accepts.
        write: publish what is measured.
        only: names of folders in core/weights, or "simulations", "history", "observation".
        list: say what would run and what is missing, and run nothing.
    """

    hydrogen: Path = Path("data/hydrogen")
    reionization: Path = Path("data/reionization")
    questions: Path = Path("data/literature/questions.jsonl")
    corpus: Path = Path("data/literature/pairs.jsonl")
    summaries: Path = Path("data/scitldr")
    abstracts: Path | None = None
    papers: tuple[Path, ...] = (Path("data/literature/papers.jsonl"),)
    pairs: Path = Path("data/literature/pairs.jsonl")
    write: bool = False
    only: tuple[str, ...] = ()
    list: bool = False


@dataclass(frozen=True)
class Evaluation:
    """One command.

    Attributes:
        name: of what it measures.
        module: under ``training``.
        arguments: of the module.
        needs: files and folders without which it cannot run.
        package: that has to be installed.
    """

    name: str
    module: str
    arguments: tuple[str, ...]
    needs: tuple[Path, ...]
    package: str | None = None

    @property
    def command(self) -> list[str]:
        """To run it from the root of the repository."""
        return [sys.executable, "-m", f"training.{self.module}", *self.arguments]


def evaluations(config: MeasureConfig) -> list[Evaluation]:
    """All there are, in the order of the tables."""
    hi, boxes = config.hydrogen, config.reionization
    tldr: tuple[str, ...] = ("--data", str(config.summaries / "dev.jsonl"))
    if config.abstracts is not None:
        tldr += ("--abstracts", str(config.abstracts), "--astronomy", str(LABELS))
    if config.write:
        tldr += ("--abstractive", "40")
    write = ("--write",) if config.write else ()

    def of(name: str, module: str, data: Path, *needs: Path, package: str | None = None
           ) -> Evaluation:
        arguments = ("--data", str(data), *write)
        return Evaluation(name, module, arguments, needs or (data,), package)

    return [
        of("simulations", "hydrogen.evaluate_simulations", hi),
        of("hi_cdm", "hydrogen.evaluate_hi_cdm", hi),
        of("higlow", "hydrogen.evaluate_higlow", hi),
        of("hi_inference", "hydrogen.evaluate_inference", hi),
        of("neutral_fraction", "reionization.evaluate_neutral_fraction", boxes, boxes / "set_a.h5"),
        of("reionization_sources", "reionization.evaluate_sources", boxes, boxes / "set_b.h5"),
        of("radiation", "reionization.evaluate_radiation", boxes, boxes / "set_a.h5"),
        of("history", "reionization.evaluate_history", boxes, boxes / "set_a.h5"),
        of("observation", "reionization.check_observation", boxes, package="tools21cm"),
        Evaluation(
            "cosmogemma", "literature.evaluate_cosmogemma",
            ("--data", str(config.questions), "--corpus", str(config.corpus), *write),
            (config.questions, config.corpus),
        ),
        of("intent", "literature.evaluate_intent", config.pairs),
        Evaluation("yes_no_judge", "literature.evaluate_judge", write, ()),
        Evaluation(
            "tldr", "literature.evaluate_tldr", (*tldr, *write), (config.summaries / "dev.jsonl",)
        ),
        Evaluation(
            "ranking", "literature.evaluate_ranking",
            ("--data", *map(str, config.papers), *write), config.papers,
        ),
    ]


def missing(evaluation: Evaluation) -> str:
    """What it lacks, in words; empty if it can run."""
    lacking = [str(path) for path in evaluation.needs if not path.exists()]
    if evaluation.package and find_spec(evaluation.package) is None:
        lacking.append(f"the package {evaluation.package}")
    return " and ".join(lacking)


def main(config: MeasureConfig) -> int:
    """Run what can run, say what cannot, write the tables; 1 if an evaluation failed."""
    every = evaluations(config)
    unknown = sorted(set(config.only) - {each.name for each in every})
    if unknown:
        raise ValueError(
            f"There is no {', '.join(unknown)}; choose from {', '.join(e.name for e in every)}."
        )
    failed = []
    for each in every:
        if config.only and each.name not in config.only:
            continue
        lacking = missing(each)
        words = " ".join(each.command[1:])
        if lacking:
            print(f"{each.name}: not measured again, for want of {lacking}.", flush=True)
        elif config.list:
            print(f"{each.name}: python {words}", flush=True)
        else:
            print(f"{each.name}: python {words}", flush=True)
            if subprocess.run(each.command, cwd=ROOT, check=False).returncode:
                failed.append(each.name)
    if config.list:
        return 0
    if failed:
        print(f"Failed, their old numbers stand: {', '.join(failed)}.", flush=True)
    return max(results.main(), int(bool(failed)))


if __name__ == "__main__":
    try:
        sys.exit(main(tyro.cli(MeasureConfig, description=__doc__)))
    except ValueError as problem:
        sys.exit(str(problem))
