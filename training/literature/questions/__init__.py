"""Question-answer pairs: made, filtered, read, turned into examples, scored."""
