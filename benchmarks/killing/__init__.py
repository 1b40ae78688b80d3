"""Parts of benchmarks/kills.py: how a child is killed, and what is looked at afterwards."""
