"""Reionization boxes on disk, and the two source models."""
