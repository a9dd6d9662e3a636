"""The tree over the journal, its checkpoints, and the way in which personal detail is erased."""

from alembic import op

from shared.database.migrations import create_proof, drop_proof

revision = "evaluation_proof"
down_revision = "evaluation_foundation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_proof(op)


def downgrade() -> None:
    drop_proof(op)
