"""A judge of yes/no questions: what a passage says to one."""
