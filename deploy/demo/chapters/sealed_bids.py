"""Steps 5 and 6."""
