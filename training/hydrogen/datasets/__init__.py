"""HI maps to train and measure on: sets in the CMD layout, and maps unlike them."""
