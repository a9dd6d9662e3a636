"""Committees (评估委员会): who votes on grades, and for how long."""
