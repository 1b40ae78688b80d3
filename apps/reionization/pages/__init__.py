"""The tabs of the app."""
