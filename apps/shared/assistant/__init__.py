"""The chat that CosmoGemma and skimArxiv both show."""
