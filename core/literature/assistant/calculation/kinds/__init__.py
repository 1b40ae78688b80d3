"""What can be computed: each function answers its questions and gives None for others."""
