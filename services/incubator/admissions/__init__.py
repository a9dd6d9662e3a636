"""Admissions (准入): applying to the base in a round, being ranked, and being chosen."""
