"""Parts of benchmarks/fuzz.py: where a case runs, how it is made, and what it is given to."""
