"""Alembic's entry for the procurement service."""

from shared.database.migrations import run_environment

run_environment("procurement")
