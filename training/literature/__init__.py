"""From abstracts to CosmoGemma: questions, fine-tuning, evaluation."""
