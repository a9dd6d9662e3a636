"""Alembic's entry for the registry."""

from shared.database.migrations import run_environment

run_environment("registry")
