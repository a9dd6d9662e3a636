"""Residencies (入驻): the stay of a start-up, its stages and milestones, graduation and hand-over."""
