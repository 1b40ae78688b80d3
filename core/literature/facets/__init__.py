"""What a paper is about: surveys, simulations, statistics, objects."""
