"""One app as a Space on the Hugging Face Hub: what it needs, staged, described and uploaded."""
