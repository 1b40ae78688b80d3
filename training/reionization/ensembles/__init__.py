"""Ensembles of networks of 21 cm images: their training and the widths of their answers."""
