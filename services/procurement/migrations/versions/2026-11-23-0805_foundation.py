"""The tables of the procurement service, on the foundation that every service stands on."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import shared.database.base
from shared.database.migrations import create_foundation, drop_foundation

revision = "procurement_foundation"
down_revision = None
branch_labels = None
depends_on = None

WHAT_WAS_LODGED_STANDS = (
    """
    CREATE FUNCTION bids_stand() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'what was lodged is never changed: % on %', TG_OP, TG_TABLE_NAME;
    END $$
    """,
    *(
        f"""
        CREATE TRIGGER bids_stand BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION bids_stand()
        """
        for table in ("bid_commit", "bid_part", "bid_piece")
    ),
)


def upgrade() -> None:
    create_foundation(op)

    op.create_table(
        "bid",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submitter_mark", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid")),
    )
    op.create_table(
        "consequence",
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("result", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("concluded_on", sa.Date(), nullable=False),
        sa.Column("performance_id", sa.String(length=80), nullable=False),
        sa.Column("cause_source", sa.String(length=40), nullable=False),
        sa.Column("cause_event", sa.String(length=80), nullable=False),
        sa.Column("cause_position", sa.Integer(), nullable=False),
        sa.Column("table_in_force_since", sa.Date(), nullable=False),
        sa.Column("table_confirmed", sa.Boolean(), nullable=False),
        sa.Column("lifted_because", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consequence")),
        sa.UniqueConstraint("cause_event", "kind", name=op.f("uq_consequence_cause_event_kind")),
    )
    op.create_index(
        op.f("ix_consequence_contract_id"), "consequence", ["contract_id"], unique=False
    )
    op.create_index(
        "ix_consequence_credit_code_id", "consequence", ["credit_code", "id"], unique=False
    )
    op.create_index(op.f("ix_consequence_owner_org"), "consequence", ["owner_org"], unique=False)
    op.create_index(op.f("ix_consequence_state"), "consequence", ["state"], unique=False)
    op.create_table(
        "custodian",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organ", sa.String(length=40), nullable=False),
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.Column("card_text", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custodian")),
        sa.UniqueConstraint("key_id", name=op.f("uq_custodian_key_id")),
    )
    op.create_index(op.f("ix_custodian_owner_org"), "custodian", ["owner_org"], unique=False)
    op.create_index(op.f("ix_custodian_state"), "custodian", ["state"], unique=False)
    op.create_index("ix_custodian_state_id", "custodian", ["state", "id"], unique=False)
    op.create_table(
        "need",
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("client_group", sa.String(length=60), nullable=False),
        sa.Column("rural_focus_group", sa.String(length=60), nullable=True),
        sa.Column("service_area", sa.String(length=60), nullable=True),
        sa.Column("service_field", sa.String(length=60), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need")),
    )
    op.create_index("ix_need_client_group_id", "need", ["client_group", "id"], unique=False)
    op.create_index("ix_need_division_id", "need", ["division", "id"], unique=False)
    op.create_index(op.f("ix_need_owner_org"), "need", ["owner_org"], unique=False)
    op.create_index(op.f("ix_need_state"), "need", ["state"], unique=False)
    op.create_table(
        "project",
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("purchase_kind", sa.String(length=20), nullable=False),
        sa.Column("matter", sa.String(length=60), nullable=False),
        sa.Column("service_methods", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("need_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("posts", sa.Integer(), nullable=True),
        sa.Column("budget_lines", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("budget", shared.database.base.MoneyColumn(), nullable=False),
        sa.Column("personnel", shared.database.base.MoneyColumn(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
    )
    op.create_index(
        "ix_project_need_ids", "project", ["need_ids"], unique=False, postgresql_using="gin"
    )
    op.create_index(op.f("ix_project_owner_org"), "project", ["owner_org"], unique=False)
    op.create_index(op.f("ix_project_state"), "project", ["state"], unique=False)
    op.create_table(
        "seal_policy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tender_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seal_policy")),
        sa.UniqueConstraint("hash", name=op.f("uq_seal_policy_hash")),
        sa.UniqueConstraint("tender_id", "version", name=op.f("uq_seal_policy_tender_id_version")),
    )
    op.create_table(
        "signing_key",
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("suite", sa.String(length=8), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_key")),
        sa.UniqueConstraint("key_id", name=op.f("uq_signing_key_key_id")),
        sa.UniqueConstraint("public_key", name=op.f("uq_signing_key_public_key")),
    )
    op.create_index(op.f("ix_signing_key_owner_org"), "signing_key", ["owner_org"], unique=False)
    op.create_index("ix_signing_key_owner_org_id", "signing_key", ["owner_org", "id"], unique=False)
    op.create_index(op.f("ix_signing_key_state"), "signing_key", ["state"], unique=False)
    op.create_table(
        "bid_commit",
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("manifest_hash", sa.LargeBinary(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitter_mark", sa.LargeBinary(), nullable=False),
        sa.Column("tender_mark", sa.LargeBinary(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_bid_commit_bid_id")),
        sa.PrimaryKeyConstraint("nonce", "manifest_hash", name=op.f("pk_bid_commit")),
        sa.UniqueConstraint("bid_id", name=op.f("uq_bid_commit_bid_id")),
    )
    op.create_index("ix_bid_commit_manifest_hash", "bid_commit", ["manifest_hash"], unique=False)
    op.create_index("ix_bid_commit_received_at", "bid_commit", ["received_at"], unique=False)
    op.create_table(
        "bid_part",
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_bid_part_bid_id")),
        sa.PrimaryKeyConstraint("bid_id", "part", name=op.f("pk_bid_part")),
    )
    op.create_table(
        "bid_piece",
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_bid_piece_bid_id")),
        sa.PrimaryKeyConstraint("bid_id", "part", "start", name=op.f("pk_bid_piece")),
    )
    op.create_table(
        "release",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ocid", sa.String(length=80), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tags", postgresql.ARRAY(sa.String(length=40)), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_release_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("event_id", name=op.f("uq_release_event_id")),
    )
    op.create_index("ix_release_ocid_id", "release", ["ocid", "id"], unique=False)
    op.create_index("ix_release_project_id_id", "release", ["project_id", "id"], unique=False)
    op.create_table(
        "seal_policy_custodian",
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("custodian_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["custodian_id"], ["custodian.id"], name=op.f("fk_seal_policy_custodian_custodian_id")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["seal_policy.id"], name=op.f("fk_seal_policy_custodian_policy_id")
        ),
        sa.PrimaryKeyConstraint("policy_id", "number", name=op.f("pk_seal_policy_custodian")),
    )
    op.create_index(
        op.f("ix_seal_policy_custodian_custodian_id"),
        "seal_policy_custodian",
        ["custodian_id"],
        unique=False,
    )
    op.create_table(
        "tender",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("ground", sa.String(length=40), nullable=True),
        sa.Column("ground_reason", sa.Text(), nullable=True),
        sa.Column("approval", sa.Text(), nullable=True),
        sa.Column("budget", shared.database.base.MoneyColumn(), nullable=False),
        sa.Column("personnel", shared.database.base.MoneyColumn(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("stable", sa.Text(), nullable=True),
        sa.Column("delegated", sa.Boolean(), nullable=False),
        sa.Column("required_grade", sa.String(length=2), nullable=True),
        sa.Column("grade_review", sa.Text(), nullable=True),
        sa.Column("fixed_price", sa.Boolean(), nullable=False),
        sa.Column("bond", shared.database.base.MoneyColumn(), nullable=True),
        sa.Column("conditions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("factors", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("profile", sa.String(length=20), nullable=False),
        sa.Column("minimum_bids", sa.Integer(), nullable=False),
        sa.Column("release_window_minutes", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("priority_rule", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("seal_policy_hash", sa.String(length=64), nullable=True),
        sa.Column("ended_because", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_tender_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tender")),
    )
    op.create_index("ix_tender_method_id", "tender", ["method", "id"], unique=False)
    op.create_index(op.f("ix_tender_owner_org"), "tender", ["owner_org"], unique=False)
    op.create_index(op.f("ix_tender_project_id"), "tender", ["project_id"], unique=False)
    op.create_index(op.f("ix_tender_state"), "tender", ["state"], unique=False)
    op.create_index("ix_tender_state_closes_at", "tender", ["state", "closes_at"], unique=False)
    op.create_index("ix_tender_state_id", "tender", ["state", "id"], unique=False)
    op.create_table(
        "closed_tender",
        sa.Column("tender_id", sa.Uuid(), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["seal_policy.id"], name=op.f("fk_closed_tender_policy_id")
        ),
        sa.ForeignKeyConstraint(
            ["tender_id"], ["tender.id"], name=op.f("fk_closed_tender_tender_id")
        ),
        sa.PrimaryKeyConstraint("tender_id", name=op.f("pk_closed_tender")),
    )
    op.create_table(
        "opened_bid",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tender_id", sa.Uuid(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("price", shared.database.base.MoneyColumn(), nullable=False),
        sa.Column("personnel", shared.database.base.MoneyColumn(), nullable=False),
        sa.Column("signatory", sa.Text(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("envelope", sa.Text(), nullable=False),
        sa.Column("part_keys", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tender_id"], ["tender.id"], name=op.f("fk_opened_bid_tender_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opened_bid")),
        sa.UniqueConstraint(
            "tender_id", "credit_code", name=op.f("uq_opened_bid_tender_id_credit_code")
        ),
    )
    op.create_index(op.f("ix_opened_bid_credit_code"), "opened_bid", ["credit_code"], unique=False)
    op.create_table(
        "opening_remark",
        sa.Column("tender_id", sa.Uuid(), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tender_id"], ["tender.id"], name=op.f("fk_opening_remark_tender_id")
        ),
        sa.PrimaryKeyConstraint("tender_id", "credit_code", name=op.f("pk_opening_remark")),
    )
    op.create_table(
        "opening_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tender_id", sa.Uuid(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tender_id"], ["tender.id"], name=op.f("fk_opening_session_tender_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_session")),
    )
    op.create_index(
        "ix_opening_session_tender_id_started_at",
        "opening_session",
        ["tender_id", "started_at"],
        unique=False,
    )
    op.create_table(
        "panel",
        sa.Column("tender_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("draw", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.ForeignKeyConstraint(["tender_id"], ["tender.id"], name=op.f("fk_panel_tender_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel")),
        sa.UniqueConstraint("tender_id", name=op.f("uq_panel_tender_id")),
    )
    op.create_index(op.f("ix_panel_owner_org"), "panel", ["owner_org"], unique=False)
    op.create_index(op.f("ix_panel_state"), "panel", ["state"], unique=False)
    op.create_table(
        "review",
        sa.Column("tender_id", sa.Uuid(), nullable=False),
        sa.Column("bidders", sa.Integer(), nullable=False),
        sa.Column("qualified", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.ForeignKeyConstraint(["tender_id"], ["tender.id"], name=op.f("fk_review_tender_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("tender_id", name=op.f("uq_review_tender_id")),
    )
    op.create_index(op.f("ix_review_owner_org"), "review", ["owner_org"], unique=False)
    op.create_index(op.f("ix_review_state"), "review", ["state"], unique=False)
    op.create_table(
        "shut_bid",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tender_id", sa.Uuid(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("envelope", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("where", sa.Text(), nullable=False),
        sa.Column("fault", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["tender_id"], ["tender.id"], name=op.f("fk_shut_bid_tender_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shut_bid")),
    )
    op.create_index(op.f("ix_shut_bid_tender_id"), "shut_bid", ["tender_id"], unique=False)
    op.create_table(
        "award",
        sa.Column("tender_id", sa.Uuid(), nullable=False),
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("ranking", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=True),
        sa.Column("price", shared.database.base.MoneyColumn(), nullable=True),
        sa.Column("report_due_on", sa.Date(), nullable=False),
        sa.Column("recommended_on", sa.Date(), nullable=False),
        sa.Column("decision_due_on", sa.Date(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.String(length=120), nullable=True),
        sa.Column("notice_due_on", sa.Date(), nullable=True),
        sa.Column("announced_on", sa.Date(), nullable=True),
        sa.Column("contract_due_on", sa.Date(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("experts", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("refusals", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name=op.f("fk_award_panel_id")),
        sa.ForeignKeyConstraint(["tender_id"], ["tender.id"], name=op.f("fk_award_tender_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award")),
        sa.UniqueConstraint("panel_id", name=op.f("uq_award_panel_id")),
        sa.UniqueConstraint("tender_id", name=op.f("uq_award_tender_id")),
    )
    op.create_index(op.f("ix_award_credit_code"), "award", ["credit_code"], unique=False)
    op.create_index(op.f("ix_award_owner_org"), "award", ["owner_org"], unique=False)
    op.create_index(op.f("ix_award_state"), "award", ["state"], unique=False)
    op.create_table(
        "custodian_release",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("custodian_key_id", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["opening_session.id"], name=op.f("fk_custodian_release_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custodian_release")),
        sa.UniqueConstraint(
            "session_id",
            "custodian_key_id",
            name=op.f("uq_custodian_release_session_id_custodian_key_id"),
        ),
    )
    op.create_table(
        "kept_root_release",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["opening_session.id"], name=op.f("fk_kept_root_release_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_root_release")),
        sa.UniqueConstraint(
            "session_id", "nonce", name=op.f("uq_kept_root_release_session_id_nonce")
        ),
    )
    op.create_table(
        "opening_minutes",
        sa.Column("tender_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("leaves", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["opening_session.id"], name=op.f("fk_opening_minutes_session_id")
        ),
        sa.ForeignKeyConstraint(
            ["tender_id"], ["tender.id"], name=op.f("fk_opening_minutes_tender_id")
        ),
        sa.PrimaryKeyConstraint("tender_id", name=op.f("pk_opening_minutes")),
    )
    op.create_table(
        "qualification",
        sa.Column("tender_id", sa.Uuid(), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("qualified", sa.Boolean(), nullable=False),
        sa.Column("verdict", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_qualification_review_id")
        ),
        sa.ForeignKeyConstraint(
            ["tender_id"], ["tender.id"], name=op.f("fk_qualification_tender_id")
        ),
        sa.PrimaryKeyConstraint("tender_id", "credit_code", name=op.f("pk_qualification")),
    )
    op.create_index(
        op.f("ix_qualification_credit_code"), "qualification", ["credit_code"], unique=False
    )
    op.create_index(
        op.f("ix_qualification_review_id"), "qualification", ["review_id"], unique=False
    )
    op.create_table(
        "seat",
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.String(length=120), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("expert", sa.Boolean(), nullable=False),
        sa.Column("interests", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name=op.f("fk_seat_panel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
    )
    op.create_index(op.f("ix_seat_client_id"), "seat", ["client_id"], unique=False)
    op.create_index(op.f("ix_seat_owner_org"), "seat", ["owner_org"], unique=False)
    op.create_index(op.f("ix_seat_panel_id"), "seat", ["panel_id"], unique=False)
    op.create_index(op.f("ix_seat_state"), "seat", ["state"], unique=False)
    op.create_table(
        "contract",
        sa.Column("tender_id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("amount", shared.database.base.MoneyColumn(), nullable=False),
        sa.Column("personnel", shared.database.base.MoneyColumn(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("milestones", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("late_reason", sa.Text(), nullable=True),
        sa.Column("publication_due_on", sa.Date(), nullable=True),
        sa.Column("filing_due_on", sa.Date(), nullable=True),
        sa.Column("ended_because", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk_contract_award_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_contract_project_id")
        ),
        sa.ForeignKeyConstraint(["tender_id"], ["tender.id"], name=op.f("fk_contract_tender_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
    )
    op.create_index("ix_contract_award_id_state", "contract", ["award_id", "state"], unique=False)
    op.create_index("ix_contract_credit_code_id", "contract", ["credit_code", "id"], unique=False)
    op.create_index(op.f("ix_contract_owner_org"), "contract", ["owner_org"], unique=False)
    op.create_index(op.f("ix_contract_state"), "contract", ["state"], unique=False)
    op.create_index(op.f("ix_contract_tender_id"), "contract", ["tender_id"], unique=False)
    op.create_table(
        "scoresheet",
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=False),
        sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name=op.f("fk_scoresheet_panel_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_scoresheet_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scoresheet")),
        sa.UniqueConstraint("panel_id", "seat_id", name=op.f("uq_scoresheet_panel_id_seat_id")),
    )
    op.create_index(op.f("ix_scoresheet_owner_org"), "scoresheet", ["owner_org"], unique=False)
    op.create_index(op.f("ix_scoresheet_state"), "scoresheet", ["state"], unique=False)
    op.create_table(
        "payment",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("milestone", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=True),
        sa.Column("amount", shared.database.base.MoneyColumn(), nullable=False),
        sa.Column("cleared", shared.database.base.MoneyColumn(), nullable=False),
        sa.Column("paid", shared.database.base.MoneyColumn(), nullable=False),
        sa.Column("invoice", sa.Text(), nullable=True),
        sa.Column("cause_event", sa.String(length=80), nullable=True),
        sa.Column("consequence_id", sa.Uuid(), nullable=True),
        sa.Column("correction", sa.Text(), nullable=True),
        sa.Column("references", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.ForeignKeyConstraint(
            ["consequence_id"], ["consequence.id"], name=op.f("fk_payment_consequence_id")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_payment_contract_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint(
            "contract_id", "milestone", name=op.f("uq_payment_contract_id_milestone")
        ),
    )
    op.create_index(op.f("ix_payment_credit_code"), "payment", ["credit_code"], unique=False)
    op.create_index(op.f("ix_payment_owner_org"), "payment", ["owner_org"], unique=False)
    op.create_index(op.f("ix_payment_state"), "payment", ["state"], unique=False)
    op.create_index("ix_payment_state_id", "payment", ["state", "id"], unique=False)

    for statement in WHAT_WAS_LODGED_STANDS:
        op.execute(statement)


def downgrade() -> None:
    op.drop_index("ix_payment_state_id", table_name="payment")
    op.drop_index(op.f("ix_payment_state"), table_name="payment")
    op.drop_index(op.f("ix_payment_owner_org"), table_name="payment")
    op.drop_index(op.f("ix_payment_credit_code"), table_name="payment")
    op.drop_table("payment")
    op.drop_index(op.f("ix_scoresheet_state"), table_name="scoresheet")
    op.drop_index(op.f("ix_scoresheet_owner_org"), table_name="scoresheet")
    op.drop_table("scoresheet")
    op.drop_index(op.f("ix_contract_tender_id"), table_name="contract")
    op.drop_index(op.f("ix_contract_state"), table_name="contract")
    op.drop_index(op.f("ix_contract_owner_org"), table_name="contract")
    op.drop_index("ix_contract_credit_code_id", table_name="contract")
    op.drop_index("ix_contract_award_id_state", table_name="contract")
    op.drop_table("contract")
    op.drop_index(op.f("ix_seat_state"), table_name="seat")
    op.drop_index(op.f("ix_seat_panel_id"), table_name="seat")
    op.drop_index(op.f("ix_seat_owner_org"), table_name="seat")
    op.drop_index(op.f("ix_seat_client_id"), table_name="seat")
    op.drop_table("seat")
    op.drop_index(op.f("ix_qualification_review_id"), table_name="qualification")
    op.drop_index(op.f("ix_qualification_credit_code"), table_name="qualification")
    op.drop_table("qualification")
    op.drop_table("opening_minutes")
    op.drop_table("kept_root_release")
    op.drop_table("custodian_release")
    op.drop_index(op.f("ix_award_state"), table_name="award")
    op.drop_index(op.f("ix_award_owner_org"), table_name="award")
    op.drop_index(op.f("ix_award_credit_code"), table_name="award")
    op.drop_table("award")
    op.drop_index(op.f("ix_shut_bid_tender_id"), table_name="shut_bid")
    op.drop_table("shut_bid")
    op.drop_index(op.f("ix_review_state"), table_name="review")
    op.drop_index(op.f("ix_review_owner_org"), table_name="review")
    op.drop_table("review")
    op.drop_index(op.f("ix_panel_state"), table_name="panel")
    op.drop_index(op.f("ix_panel_owner_org"), table_name="panel")
    op.drop_table("panel")
    op.drop_index("ix_opening_session_tender_id_started_at", table_name="opening_session")
    op.drop_table("opening_session")
    op.drop_table("opening_remark")
    op.drop_index(op.f("ix_opened_bid_credit_code"), table_name="opened_bid")
    op.drop_table("opened_bid")
    op.drop_table("closed_tender")
    op.drop_index("ix_tender_state_id", table_name="tender")
    op.drop_index("ix_tender_state_closes_at", table_name="tender")
    op.drop_index(op.f("ix_tender_state"), table_name="tender")
    op.drop_index(op.f("ix_tender_project_id"), table_name="tender")
    op.drop_index(op.f("ix_tender_owner_org"), table_name="tender")
    op.drop_index("ix_tender_method_id", table_name="tender")
    op.drop_table("tender")
    op.drop_index(op.f("ix_seal_policy_custodian_custodian_id"), table_name="seal_policy_custodian")
    op.drop_table("seal_policy_custodian")
    op.drop_index("ix_release_project_id_id", table_name="release")
    op.drop_index("ix_release_ocid_id", table_name="release")
    op.drop_table("release")
    op.drop_table("bid_piece")
    op.drop_table("bid_part")
    op.drop_index("ix_bid_commit_received_at", table_name="bid_commit")
    op.drop_index("ix_bid_commit_manifest_hash", table_name="bid_commit")
    op.drop_table("bid_commit")
    op.drop_index(op.f("ix_signing_key_state"), table_name="signing_key")
    op.drop_index("ix_signing_key_owner_org_id", table_name="signing_key")
    op.drop_index(op.f("ix_signing_key_owner_org"), table_name="signing_key")
    op.drop_table("signing_key")
    op.drop_table("seal_policy")
    op.drop_index(op.f("ix_project_state"), table_name="project")
    op.drop_index(op.f("ix_project_owner_org"), table_name="project")
    op.drop_index("ix_project_need_ids", table_name="project", postgresql_using="gin")
    op.drop_table("project")
    op.drop_index(op.f("ix_need_state"), table_name="need")
    op.drop_index(op.f("ix_need_owner_org"), table_name="need")
    op.drop_index("ix_need_division_id", table_name="need")
    op.drop_index("ix_need_client_group_id", table_name="need")
    op.drop_table("need")
    op.drop_index("ix_custodian_state_id", table_name="custodian")
    op.drop_index(op.f("ix_custodian_state"), table_name="custodian")
    op.drop_index(op.f("ix_custodian_owner_org"), table_name="custodian")
    op.drop_table("custodian")
    op.drop_index(op.f("ix_consequence_state"), table_name="consequence")
    op.drop_index(op.f("ix_consequence_owner_org"), table_name="consequence")
    op.drop_index("ix_consequence_credit_code_id", table_name="consequence")
    op.drop_index(op.f("ix_consequence_contract_id"), table_name="consequence")
    op.drop_table("consequence")
    op.drop_table("bid")
    op.execute("DROP FUNCTION bids_stand()")
    drop_foundation(op)
