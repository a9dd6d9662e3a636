"""The tables of the evaluation service, on the foundation that every service stands on."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import shared.database.base
from shared.database.migrations import create_foundation, drop_foundation

revision = "evaluation_foundation"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_foundation(op)

    op.create_table(
        "committee",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("members", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee")),
    )
    op.create_index(op.f("ix_committee_owner_org"), "committee", ["owner_org"], unique=False)
    op.create_index(op.f("ix_committee_state"), "committee", ["state"], unique=False)
    op.create_table(
        "evaluator",
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("accredited_until", sa.Date(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("ties", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("experts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluator")),
    )
    op.create_index("ix_evaluator_kind_id", "evaluator", ["kind", "id"], unique=False)
    op.create_index(op.f("ix_evaluator_owner_org"), "evaluator", ["owner_org"], unique=False)
    op.create_index(op.f("ix_evaluator_state"), "evaluator", ["state"], unique=False)
    op.create_index(
        "uq_evaluator_credit_code",
        "evaluator",
        ["credit_code"],
        unique=True,
        postgresql_where=sa.text("state <> 'withdrawn'"),
    )
    op.create_table(
        "scheme",
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("edition", sa.String(length=40), nullable=False),
        sa.Column("tree", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("gates", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheme")),
    )
    op.create_index(op.f("ix_scheme_owner_org"), "scheme", ["owner_org"], unique=False)
    op.create_index(op.f("ix_scheme_state"), "scheme", ["state"], unique=False)
    op.create_table(
        "assessment",
        sa.Column("scheme_id", sa.Uuid(), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("agency_name", sa.Text(), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("credit_record", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("evaluator_id", sa.Uuid(), nullable=True),
        sa.Column("evaluator_org", sa.String(length=18), nullable=True),
        sa.Column("sheets", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("marks", sa.Numeric(precision=6, scale=2), nullable=True),
        sa.Column("proposed_grade", sa.String(length=2), nullable=True),
        sa.Column("committee_id", sa.Uuid(), nullable=True),
        sa.Column("ballot_round", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(length=2), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("noticed_on", sa.Date(), nullable=True),
        sa.Column("notice_ends_on", sa.Date(), nullable=True),
        sa.Column("announced_on", sa.Date(), nullable=True),
        sa.Column("grade_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committee.id"], name=op.f("fk_assessment_committee_id")
        ),
        sa.ForeignKeyConstraint(
            ["evaluator_id"], ["evaluator.id"], name=op.f("fk_assessment_evaluator_id")
        ),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_assessment_scheme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
    )
    op.create_index(
        "ix_assessment_credit_code_id", "assessment", ["credit_code", "id"], unique=False
    )
    op.create_index(
        "ix_assessment_evaluator_org_id", "assessment", ["evaluator_org", "id"], unique=False
    )
    op.create_index(op.f("ix_assessment_owner_org"), "assessment", ["owner_org"], unique=False)
    op.create_index(op.f("ix_assessment_state"), "assessment", ["state"], unique=False)
    op.create_index(
        "uq_assessment_under_way",
        "assessment",
        ["credit_code"],
        unique=True,
        postgresql_where=sa.text("state NOT IN ('rejected', 'withdrawn', 'announced')"),
    )
    op.create_table(
        "performance",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("tender_id", sa.Uuid(), nullable=True),
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("amount", shared.database.base.MoneyColumn(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("evaluator_id", sa.Uuid(), nullable=True),
        sa.Column("evaluator_org", sa.String(length=18), nullable=True),
        sa.Column("items", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("judged", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("survey", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=True),
        sa.Column("score", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("result", sa.String(length=20), nullable=True),
        sa.Column("objection", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("concluded_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.ForeignKeyConstraint(
            ["evaluator_id"], ["evaluator.id"], name=op.f("fk_performance_evaluator_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_performance")),
        sa.UniqueConstraint("contract_id", "stage", name=op.f("uq_performance_contract_id_stage")),
    )
    op.create_index(
        "ix_performance_credit_code_id", "performance", ["credit_code", "id"], unique=False
    )
    op.create_index(
        "ix_performance_evaluator_org_id", "performance", ["evaluator_org", "id"], unique=False
    )
    op.create_index(op.f("ix_performance_owner_org"), "performance", ["owner_org"], unique=False)
    op.create_index(op.f("ix_performance_state"), "performance", ["state"], unique=False)
    op.create_table(
        "grade",
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("agency_name", sa.Text(), nullable=False),
        sa.Column("grade", sa.String(length=2), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("law", sa.Text(), nullable=False),
        sa.Column("governed_on", sa.Date(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("announced_on", sa.Date(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("counts_from", sa.Date(), nullable=False),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.Column("cancelled_because", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_grade_assessment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade")),
    )
    op.create_index("ix_grade_credit_code_id", "grade", ["credit_code", "id"], unique=False)
    op.create_index("ix_grade_grade_id", "grade", ["grade", "id"], unique=False)
    op.create_index(op.f("ix_grade_owner_org"), "grade", ["owner_org"], unique=False)
    op.create_index(op.f("ix_grade_state"), "grade", ["state"], unique=False)
    op.create_index("ix_grade_valid_until", "grade", ["valid_until"], unique=False)
    op.create_table(
        "objection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("raised_by", sa.String(length=120), nullable=False),
        sa.Column("raised_for", sa.String(length=18), nullable=True),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("decide_by", sa.Date(), nullable=False),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_objection_assessment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
    )
    op.create_index(
        "ix_objection_assessment_id_id", "objection", ["assessment_id", "id"], unique=False
    )
    op.create_table(
        "vote",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("member", sa.String(length=120), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("choice", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_vote_assessment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote")),
        sa.UniqueConstraint(
            "assessment_id", "round", "member", name=op.f("uq_vote_assessment_id_round_member")
        ),
    )


def downgrade() -> None:

    op.drop_table("vote")
    op.drop_index("ix_objection_assessment_id_id", table_name="objection")
    op.drop_table("objection")
    op.drop_index("ix_grade_valid_until", table_name="grade")
    op.drop_index(op.f("ix_grade_state"), table_name="grade")
    op.drop_index(op.f("ix_grade_owner_org"), table_name="grade")
    op.drop_index("ix_grade_grade_id", table_name="grade")
    op.drop_index("ix_grade_credit_code_id", table_name="grade")
    op.drop_table("grade")
    op.drop_index(op.f("ix_performance_state"), table_name="performance")
    op.drop_index(op.f("ix_performance_owner_org"), table_name="performance")
    op.drop_index("ix_performance_evaluator_org_id", table_name="performance")
    op.drop_index("ix_performance_credit_code_id", table_name="performance")
    op.drop_table("performance")
    op.drop_index(
        "uq_assessment_under_way",
        table_name="assessment",
        postgresql_where=sa.text("state NOT IN ('rejected', 'withdrawn', 'announced')"),
    )
    op.drop_index(op.f("ix_assessment_state"), table_name="assessment")
    op.drop_index(op.f("ix_assessment_owner_org"), table_name="assessment")
    op.drop_index("ix_assessment_evaluator_org_id", table_name="assessment")
    op.drop_index("ix_assessment_credit_code_id", table_name="assessment")
    op.drop_table("assessment")
    op.drop_index(op.f("ix_scheme_state"), table_name="scheme")
    op.drop_index(op.f("ix_scheme_owner_org"), table_name="scheme")
    op.drop_table("scheme")
    op.drop_index(
        "uq_evaluator_credit_code",
        table_name="evaluator",
        postgresql_where=sa.text("state <> 'withdrawn'"),
    )
    op.drop_index(op.f("ix_evaluator_state"), table_name="evaluator")
    op.drop_index(op.f("ix_evaluator_owner_org"), table_name="evaluator")
    op.drop_index("ix_evaluator_kind_id", table_name="evaluator")
    op.drop_table("evaluator")
    op.drop_index(op.f("ix_committee_state"), table_name="committee")
    op.drop_index(op.f("ix_committee_owner_org"), table_name="committee")
    op.drop_table("committee")

    drop_foundation(op)
