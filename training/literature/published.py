"""The published files that the model cards of this domain are about.

The cards of CosmoGemma, of the ranking, of the TL;DRs and of the question filter name these files;
what is measured on others is printed, but does not take the place of the numbers in the cards.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from training.evaluation.whole import missing_files

__all__ = ["first_reason", "missing_published"]

_SHA256 = {
    "qa_2018_2022_train.json": "d88144b317f4cd721b018382be408b025b455711c3e86a6048ef48144b4629fc",
    "qa_2023_dev.json": "dbbeccd3001c48baf5632aa6c60da4d2c6bb3274f71279bf7adadb836eeb4305",
    "qa_2023_train.json": "35284d18b9a4ec4d5a33b2d727c58f12bd379c9f89b555d17fe4a9130322173e",
    "SciTLDR's dev.jsonl": "3191fa98ccc09521332b7a1cd63b1930be4e8df125a235ccd31e40329709525e",
}


def missing_published(paths: Iterable[Path], *names: str) -> str:
    """Which published files are not among ``paths``, in words; empty if all are.

    Args:
        paths: files that were given, under any name.
        names: of the files that a card is about.
    """
    return missing_files(paths, {name: _SHA256[name] for name in names})


def first_reason(*reasons: str) -> str:
    """The first reason why a measurement is partial; empty if there is none."""
    return next(filter(None, reasons), "")
