"""Figures drawn by matplotlib for the pages."""
