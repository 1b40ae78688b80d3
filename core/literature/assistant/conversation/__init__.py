"""What a conversation holds: texts that were pasted, openings, and names nobody knows."""
