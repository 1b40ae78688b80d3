"""Answers out of the library's own sentences, by the kind of question."""
