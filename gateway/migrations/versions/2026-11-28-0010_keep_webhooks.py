"""Keep webhook subscriptions, what is sent to them, and answers already given.

Revision ID: gat202611280010
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "gat202611280010"
down_revision = "gat202611230755"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "webhook_subscription",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(64), nullable=False),
        sa.Column("url", sa.String(2000), nullable=False),
        sa.Column("services", ARRAY(sa.String(40)), nullable=False),
        sa.Column("kinds", ARRAY(sa.String(120)), nullable=False),
        sa.Column("subject", sa.String(200)),
        sa.Column("description", sa.String(200)),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(40)),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("earlier_secret", sa.LargeBinary()),
        sa.Column("earlier_until", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_subscription")),
    )
    op.create_index(
        "ix_webhook_subscription_client_id", "webhook_subscription", ["client_id", "id"]
    )
    op.create_table(
        "webhook_turn",
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("lease", sa.Uuid()),
        sa.Column("leased_until", MOMENT),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", MOMENT),
        sa.Column("resting_until", MOMENT),
        sa.PrimaryKeyConstraint("subscription_id", name=op.f("pk_webhook_turn")),
        _of_a_subscription(),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("webhook_id", sa.String(64), nullable=False),
        sa.Column("service", sa.String(40)),
        sa.Column("position", sa.BigInteger()),
        sa.Column("kind", sa.String(120), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT),
        sa.Column("tried", JSONB(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
        sa.UniqueConstraint(
            "subscription_id",
            "webhook_id",
            name=op.f("uq_webhook_delivery_subscription_id_webhook_id"),
        ),
        _of_a_subscription(),
    )
    op.create_index("ix_webhook_delivery_listed", "webhook_delivery", ["subscription_id", "id"])
    op.create_index(
        "ix_webhook_delivery_waiting",
        "webhook_delivery",
        ["subscription_id", "seq"],
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_webhook_delivery_dead",
        "webhook_delivery",
        ["subscription_id"],
        postgresql_where=sa.text("state = 'dead'"),
    )
    op.create_index("ix_webhook_delivery_finished_at", "webhook_delivery", ["finished_at"])
    op.create_table(
        "webhook_cursor",
        sa.Column("service", sa.String(40), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("service", name=op.f("pk_webhook_cursor")),
    )
    op.create_table(
        "webhook_replay",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.String(40), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_replay")),
        _of_a_subscription(),
    )
    op.create_index(
        op.f("ix_webhook_replay_subscription_id"), "webhook_replay", ["subscription_id"]
    )
    # The form that every service keeps its answers in (shared/records/receipts.py).
    op.create_table(
        "receipt",
        sa.Column("client_id", sa.String(120), nullable=False),
        sa.Column("operation", sa.String(120), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", JSONB(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("kept_since", MOMENT, server_default=sa.func.clock_timestamp(), nullable=False),
        sa.PrimaryKeyConstraint("client_id", "operation", "key"),
    )


def _of_a_subscription() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["subscription_id"], ["webhook_subscription.id"], ondelete="CASCADE"
    )


def downgrade() -> None:
    for table in (
        "receipt",
        "webhook_replay",
        "webhook_cursor",
        "webhook_delivery",
        "webhook_turn",
        "webhook_subscription",
    ):
        op.drop_table(table)
