"""Clients' public keys, people of identity providers, mandates, and what was revoked or used up.

Revision ID: gat202611280020
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "gat202611280020"
down_revision = "gat202611280010"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.alter_column("client", "secret_hash", nullable=True)
    op.add_column(
        "client",
        sa.Column("keys", JSONB(), nullable=False, server_default=sa.text("'[]'::jsonb")),
    )
    op.create_table(
        "client_use",
        _client(),
        sa.Column("last_token_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_client_use")),
    )
    op.create_table(
        "used_assertion",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_used_assertion")),
    )
    op.create_index("ix_used_assertion_expires_at", "used_assertion", ["expires_at"])
    op.create_table(
        "revoked_token",
        sa.Column("token_id", sa.String(64), nullable=False),
        _client(),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("token_id", name=op.f("pk_revoked_token")),
    )
    op.create_index("ix_revoked_token_client_id", "revoked_token", ["client_id"])
    op.create_index("ix_revoked_token_expires_at", "revoked_token", ["expires_at"])
    op.create_table(
        "mandate",
        sa.Column("id", sa.Uuid(), nullable=False),
        _client(),
        sa.Column("org", sa.String(18), nullable=False),
        sa.Column("roles", ARRAY(sa.String(40)), nullable=False),
        *_term(),
        sa.Column("document", sa.String(120), nullable=False),
        *_record(),
        sa.CheckConstraint("cardinality(roles) > 0", name=op.f("ck_mandate_has_a_role")),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_mandate_begins_before_it_ends")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
    )
    op.create_index("ix_mandate_client_id", "mandate", ["client_id"])
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(200), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        _client(),
        *_term(),
        *_record(),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_person_begins_before_it_ends")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_index("ix_person_client_id", "person", ["client_id"])
    op.create_index(
        "uq_person_issuer_subject",
        "person",
        ["issuer", "subject"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    for table in ("person", "mandate", "revoked_token", "used_assertion", "client_use"):
        op.drop_table(table)
    op.drop_column("client", "keys")
    # A client without a secret stays shut out: nothing hashes to this.
    op.execute("UPDATE client SET secret_hash = 'scrypt$2048$8$1$00$00' WHERE secret_hash IS NULL")
    op.alter_column("client", "secret_hash", nullable=False)


def _client() -> sa.Column[str]:
    return sa.Column("client_id", sa.String(64), sa.ForeignKey("client.client_id"), nullable=False)


def _term() -> list[sa.Column[object]]:
    return [
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
    ]


def _record() -> list[sa.Column[object]]:
    return [sa.Column("added_at", INSTANT, nullable=False), sa.Column("ended_at", INSTANT)]
