"""The day's papers put together: entries, digest, journal club."""
