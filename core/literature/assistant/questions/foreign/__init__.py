"""Questions of other languages: their glossaries, verbs and word order."""
