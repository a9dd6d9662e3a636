"""The tables of the incubator service, on the foundation that every service stands on."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import shared.database.base
from shared.database.migrations import create_foundation, drop_foundation

revision = "incubator_foundation"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_foundation(op)
    # No double booking compares ids and ranges in one index. The extension is a trusted one.
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")

    op.create_table(
        "base",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("division", sa.String(length=9), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base")),
    )
    op.create_index(op.f("ix_base_owner_org"), "base", ["owner_org"], unique=False)
    op.create_index(op.f("ix_base_state"), "base", ["state"], unique=False)
    op.create_index(
        "uq_base_standing",
        "base",
        [sa.literal_column("(true)")],
        unique=True,
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_table(
        "fund",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("balance", shared.database.base.MoneyColumn(), nullable=False),
        sa.Column("given", shared.database.base.MoneyColumn(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_fund_balance_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund")),
        sa.UniqueConstraint("name", "year", name=op.f("uq_fund_name_year")),
    )
    op.create_index(op.f("ix_fund_owner_org"), "fund", ["owner_org"], unique=False)
    op.create_index(op.f("ix_fund_state"), "fund", ["state"], unique=False)
    op.create_table(
        "budget_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("base_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("appropriation", shared.database.base.MoneyColumn(), nullable=False),
        sa.Column("spent", shared.database.base.MoneyColumn(), nullable=False),
        sa.CheckConstraint(
            "spent >= 0 AND spent <= appropriation",
            name=op.f("ck_budget_line_within_appropriation"),
        ),
        sa.ForeignKeyConstraint(["base_id"], ["base.id"], name=op.f("fk_budget_line_base_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_line")),
        sa.UniqueConstraint(
            "base_id", "year", "line", name=op.f("uq_budget_line_base_id_year_line")
        ),
    )
    op.create_table(
        "round",
        sa.Column("base_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.CheckConstraint("places > 0", name=op.f("ck_round_places_positive")),
        sa.ForeignKeyConstraint(["base_id"], ["base.id"], name=op.f("fk_round_base_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
    )
    op.create_index("ix_round_base_id_id", "round", ["base_id", "id"], unique=False)
    op.create_index("ix_round_closes_on", "round", ["closes_on"], unique=False)
    op.create_index(op.f("ix_round_owner_org"), "round", ["owner_org"], unique=False)
    op.create_index(op.f("ix_round_state"), "round", ["state"], unique=False)
    op.create_table(
        "rule_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("base_id", sa.Uuid(), nullable=False),
        sa.Column("system", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=False),
        sa.Column("adopted_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["base_id"], ["base.id"], name=op.f("fk_rule_document_base_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_document")),
        sa.UniqueConstraint(
            "base_id",
            "system",
            "in_force_from",
            name=op.f("uq_rule_document_base_id_system_in_force_from"),
        ),
    )
    op.create_table(
        "venue",
        sa.Column("base_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("monthly_value", shared.database.base.MoneyColumn(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.CheckConstraint("monthly_value >= 0", name=op.f("ck_venue_value_not_negative")),
        sa.ForeignKeyConstraint(["base_id"], ["base.id"], name=op.f("fk_venue_base_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue")),
    )
    op.create_index("ix_venue_base_id_id", "venue", ["base_id", "id"], unique=False)
    op.create_index(op.f("ix_venue_owner_org"), "venue", ["owner_org"], unique=False)
    op.create_index(op.f("ix_venue_state"), "venue", ["state"], unique=False)
    op.create_table(
        "candidate",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tenant_kind", sa.String(length=30), nullable=False),
        sa.Column("client_groups", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("rural_focus_groups", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("service_fields", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("check_due", sa.Date(), nullable=False),
        sa.Column("check_due_provisional", sa.Boolean(), nullable=False),
        sa.Column("check_note", sa.Text(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column(
            "explanation", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name=op.f("ck_candidate_score_in_range")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_candidate_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate")),
        sa.UniqueConstraint(
            "round_id", "created_by", name=op.f("uq_candidate_round_id_created_by")
        ),
    )
    op.create_index(op.f("ix_candidate_owner_org"), "candidate", ["owner_org"], unique=False)
    op.create_index(op.f("ix_candidate_state"), "candidate", ["state"], unique=False)
    op.create_table(
        "expense",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("budget_line_id", sa.Uuid(), nullable=False),
        sa.Column("amount", shared.database.base.MoneyColumn(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("spent_on", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.String(length=120), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_expense_positive")),
        sa.ForeignKeyConstraint(
            ["budget_line_id"], ["budget_line.id"], name=op.f("fk_expense_budget_line_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expense")),
    )
    op.create_index(
        "ix_expense_budget_line_id_id", "expense", ["budget_line_id", "id"], unique=False
    )
    op.create_table(
        "residency",
        sa.Column("base_id", sa.Uuid(), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tenant_kind", sa.String(length=30), nullable=False),
        sa.Column("tenancy", sa.String(length=20), nullable=False),
        sa.Column("client_groups", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("service_fields", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("hand_over_by", sa.Date(), nullable=True),
        sa.Column("hand_over_provisional", sa.Boolean(), nullable=False),
        sa.Column("file", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("people", shared.database.base.Sensitive(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_residency_in_order")),
        sa.ForeignKeyConstraint(["base_id"], ["base.id"], name=op.f("fk_residency_base_id")),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.id"], name=op.f("fk_residency_candidate_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residency")),
        sa.UniqueConstraint("candidate_id", name=op.f("uq_residency_candidate_id")),
    )
    op.create_index("ix_residency_base_id_id", "residency", ["base_id", "id"], unique=False)
    op.create_index(op.f("ix_residency_owner_org"), "residency", ["owner_org"], unique=False)
    op.create_index(op.f("ix_residency_state"), "residency", ["state"], unique=False)
    op.create_table(
        "allocation",
        sa.Column("venue_id", sa.Uuid(), nullable=False),
        sa.Column("residency_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("venue_id"), "="),
            (sa.text("daterange(starts_on, ends_on, '[]')"), "&&"),
            using="gist",
            name="ex_allocation_no_double_booking",
        ),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_allocation_in_order")),
        sa.ForeignKeyConstraint(
            ["residency_id"], ["residency.id"], name=op.f("fk_allocation_residency_id")
        ),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_allocation_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
    )
    op.create_index(op.f("ix_allocation_owner_org"), "allocation", ["owner_org"], unique=False)
    op.create_index(
        "ix_allocation_residency_id_id", "allocation", ["residency_id", "id"], unique=False
    )
    op.create_index(op.f("ix_allocation_state"), "allocation", ["state"], unique=False)
    op.create_index("ix_allocation_venue_id_id", "allocation", ["venue_id", "id"], unique=False)
    op.create_table(
        "grant",
        sa.Column("fund_id", sa.Uuid(), nullable=False),
        sa.Column("residency_id", sa.Uuid(), nullable=False),
        sa.Column("instrument", sa.String(length=40), nullable=False),
        sa.Column("value", shared.database.base.MoneyColumn(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_until", sa.Date(), nullable=False),
        sa.Column("reviewed_by", sa.String(length=120), nullable=True),
        sa.Column("approved_by", sa.String(length=120), nullable=True),
        sa.Column("rejected_because", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_grant_fund_id")),
        sa.ForeignKeyConstraint(
            ["residency_id"], ["residency.id"], name=op.f("fk_grant_residency_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant")),
    )
    op.create_index(op.f("ix_grant_owner_org"), "grant", ["owner_org"], unique=False)
    op.create_index("ix_grant_residency_id_id", "grant", ["residency_id", "id"], unique=False)
    op.create_index(op.f("ix_grant_state"), "grant", ["state"], unique=False)
    op.create_table(
        "milestone",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("residency_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=True),
        sa.Column("proof", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["residency_id"], ["residency.id"], name=op.f("fk_milestone_residency_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
    )
    op.create_index(
        "ix_milestone_residency_id_id", "milestone", ["residency_id", "id"], unique=False
    )
    op.create_table(
        "ledger_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fund_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("instrument", sa.String(length=40), nullable=True),
        sa.Column("grant_id", sa.Uuid(), nullable=True),
        sa.Column("residency_id", sa.Uuid(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=True),
        sa.Column("period_until", sa.Date(), nullable=True),
        sa.Column("value", shared.database.base.MoneyColumn(), nullable=False),
        sa.Column("cash", shared.database.base.MoneyColumn(), nullable=False),
        sa.Column("balance", shared.database.base.MoneyColumn(), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.String(length=120), nullable=False),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_ledger_line_balance_not_negative")),
        sa.CheckConstraint("value > 0", name=op.f("ck_ledger_line_value_positive")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_ledger_line_fund_id")),
        sa.ForeignKeyConstraint(["grant_id"], ["grant.id"], name=op.f("fk_ledger_line_grant_id")),
        sa.ForeignKeyConstraint(
            ["residency_id"], ["residency.id"], name=op.f("fk_ledger_line_residency_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_line")),
        sa.UniqueConstraint("fund_id", "number", name=op.f("uq_ledger_line_fund_id_number")),
    )
    op.create_index("ix_ledger_line_fund_id_id", "ledger_line", ["fund_id", "id"], unique=False)
    op.create_index(
        "ix_ledger_line_residency_id_id", "ledger_line", ["residency_id", "id"], unique=False
    )


def downgrade() -> None:

    op.drop_index("ix_ledger_line_residency_id_id", table_name="ledger_line")
    op.drop_index("ix_ledger_line_fund_id_id", table_name="ledger_line")
    op.drop_table("ledger_line")
    op.drop_index("ix_milestone_residency_id_id", table_name="milestone")
    op.drop_table("milestone")
    op.drop_index(op.f("ix_grant_state"), table_name="grant")
    op.drop_index("ix_grant_residency_id_id", table_name="grant")
    op.drop_index(op.f("ix_grant_owner_org"), table_name="grant")
    op.drop_table("grant")
    op.drop_index("ix_allocation_venue_id_id", table_name="allocation")
    op.drop_index(op.f("ix_allocation_state"), table_name="allocation")
    op.drop_index("ix_allocation_residency_id_id", table_name="allocation")
    op.drop_index(op.f("ix_allocation_owner_org"), table_name="allocation")
    op.drop_table("allocation")
    op.drop_index(op.f("ix_residency_state"), table_name="residency")
    op.drop_index(op.f("ix_residency_owner_org"), table_name="residency")
    op.drop_index("ix_residency_base_id_id", table_name="residency")
    op.drop_table("residency")
    op.drop_index("ix_expense_budget_line_id_id", table_name="expense")
    op.drop_table("expense")
    op.drop_index(op.f("ix_candidate_state"), table_name="candidate")
    op.drop_index(op.f("ix_candidate_owner_org"), table_name="candidate")
    op.drop_table("candidate")
    op.drop_index(op.f("ix_venue_state"), table_name="venue")
    op.drop_index(op.f("ix_venue_owner_org"), table_name="venue")
    op.drop_index("ix_venue_base_id_id", table_name="venue")
    op.drop_table("venue")
    op.drop_table("rule_document")
    op.drop_index(op.f("ix_round_state"), table_name="round")
    op.drop_index(op.f("ix_round_owner_org"), table_name="round")
    op.drop_index("ix_round_closes_on", table_name="round")
    op.drop_index("ix_round_base_id_id", table_name="round")
    op.drop_table("round")
    op.drop_table("budget_line")
    op.drop_index(op.f("ix_fund_state"), table_name="fund")
    op.drop_index(op.f("ix_fund_owner_org"), table_name="fund")
    op.drop_table("fund")
    op.drop_index(
        "uq_base_standing", table_name="base", postgresql_where=sa.text("state <> 'closed'")
    )
    op.drop_index(op.f("ix_base_state"), table_name="base")
    op.drop_index(op.f("ix_base_owner_org"), table_name="base")
    op.drop_table("base")

    op.execute("DROP EXTENSION btree_gist")
    drop_foundation(op)
