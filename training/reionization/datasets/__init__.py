"""Simulated boxes as training and evaluation see them."""
