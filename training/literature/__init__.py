"""From abstracts to CosmoGemma and skimArxiv: questions, fine-tuning, fits, evaluation."""

from pathlib import Path

DATA = Path(__file__).parent / "data"
"""The questions, labels and ideas that were written for this project."""
