"""The stand-in simulation: gravity, haloes, neutral hydrogen; designs, and sets on disk."""
