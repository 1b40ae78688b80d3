"""What a visitor may send and leave: uploads, files, results that nobody reads, identifiers."""
