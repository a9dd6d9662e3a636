"""The only door to the suite."""
