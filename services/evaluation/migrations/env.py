"""Alembic's entry for the evaluation service."""

from shared.database.migrations import run_environment

run_environment("evaluation")
