"""The numbers of an abstract, and how far they are from reference values."""
