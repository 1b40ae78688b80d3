"""Project ideas: a written collection, combinations of papers, and who asks for them."""
