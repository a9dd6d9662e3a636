"""How alembic runs the gateway's migrations: on the connection it is given, with timeouts."""

import sqlalchemy as sa
from alembic import context

from gateway.compat.models import SigningKey
from gateway.migrations import LOCK_TIMEOUT, STATEMENT_TIMEOUT
from gateway.tokens.models import Client

connection = context.config.attributes["connection"]
tables = {Client.metadata, SigningKey.metadata}  # importing them makes them known; they are one
context.configure(connection=connection, target_metadata=[*tables], compare_type=True)
connection.execute(sa.text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
connection.execute(sa.text(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'"))
with context.begin_transaction():
    context.run_migrations()
