"""Measure every model, write its numbers down, and make the tables from them."""
