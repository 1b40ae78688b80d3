// The link names no paper any more.
() => window.sk.name("")
