"""How an answer is wanted: plain, short, with formulas, step by step."""
