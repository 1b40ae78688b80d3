"""CosmoGemma: retrieval, answers, citations, multiple choice."""
