"""What every page is made of: frame, tabs, links, notes, theme."""
