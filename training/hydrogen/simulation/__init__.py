"""The stand-in simulation: gravity, haloes, neutral hydrogen."""
