"""Turns of a conversation that lean on what was said, by their kinds."""
