"""Keep signing keys and nonces of the compat profile.

Revision ID: gat202611280105
"""

import sqlalchemy as sa
from alembic import op

revision = "gat202611280105"
down_revision = "gat202611280020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "compat_key",
        sa.Column("client_id", sa.String(64), nullable=False),
        sa.Column("algorithm", sa.String(20), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.client_id"], name=op.f("fk_compat_key_client")
        ),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_compat_key")),
    )
    op.create_table(
        "compat_nonce",
        sa.Column("client_id", sa.String(64), nullable=False),
        sa.Column("nonce", sa.String(64), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("client_id", "nonce", name=op.f("pk_compat_nonce")),
    )
    op.create_index("ix_compat_nonce_until", "compat_nonce", ["until"])


def downgrade() -> None:
    op.drop_table("compat_nonce")
    op.drop_table("compat_key")
