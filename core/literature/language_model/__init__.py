"""The language model: base, adapter, prompts, and the backends that run it."""
