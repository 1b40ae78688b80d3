"""Models beside the simulator and beside what they have to beat."""
