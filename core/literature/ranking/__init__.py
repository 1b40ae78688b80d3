"""The order of papers for one reader, and the reasons for it."""
