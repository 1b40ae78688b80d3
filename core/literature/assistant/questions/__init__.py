"""What a question asks for: its kind, its sides, its subject, its spelling."""
