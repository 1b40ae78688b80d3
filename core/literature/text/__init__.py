"""Text of papers: TeX, flat notation, sentences and words, embeddings."""
