"""What is computed of observations: angles, lines, magnitudes, instruments, errors."""
