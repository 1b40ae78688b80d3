"""The science: fields, statistics and models, in a notebook as in the apps."""

__version__ = "0.1.0"
