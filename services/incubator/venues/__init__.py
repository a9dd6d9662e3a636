"""Venues (场所): rooms, desks and equipment of a base, and who has them when."""
