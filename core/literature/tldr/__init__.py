"""One sentence a paper, taken from its abstract, and the checks of what is written freely."""
