"""Cosmology in words: a language model that reads before it answers, and the library it reads."""
