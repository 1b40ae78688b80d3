"""The library: papers, primer passages and announcements in one SQLite file."""
