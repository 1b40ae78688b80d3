"""Model maps beside simulated maps: distances and figures."""
