"""Serving: who may ask, connections, files of the pages, sessions."""
