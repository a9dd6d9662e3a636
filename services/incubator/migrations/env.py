"""Alembic's entry for the incubator service."""

from shared.database.migrations import run_environment

run_environment("incubator")
