"""arXiv: ids, its feed and its search, the days on which it announces."""
