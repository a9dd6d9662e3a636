"""The registry's tables, the divisions of 惠济区, and the calendar as far as it is published."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import shared.database.base
from shared.database.base import new_id
from shared.database.migrations import create_foundation, drop_foundation
from shared.days import published_days

revision = "registry_foundation"
down_revision = None
branch_labels = None
depends_on = None


REFERENCE = Path(__file__).resolve().parents[2] / "reference"
STATISTICS = "国家统计局统计用区划代码，2023 年（china-division 2.7.0）"
RENAMED = (
    "老鸦陈街道 in the tables of 2016 and 2017, 江山路街道 in that of 2020-11: renamed between; "
)
UNCONFIRMED_DAY = date(2020, 11, 1)


def upgrade() -> None:
    create_foundation(op)
    op.create_table(
        "agency",
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("legal_form", sa.String(length=20), nullable=False),
        sa.Column("route", sa.String(length=20), nullable=False),
        sa.Column("supervising_unit", sa.String(length=200), nullable=True),
        sa.Column("seat_division", sa.String(length=9), nullable=False),
        sa.Column("seat_address", sa.Text(), nullable=False),
        sa.Column("opening_funds", shared.database.base.MoneyColumn(), nullable=False),
        sa.Column("head_name", sa.String(length=100), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("certificate_number", sa.String(length=100), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.Column("party_organisation", sa.String(length=30), nullable=True),
        sa.Column("party_organisation_since", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("application_id", name=op.f("uq_agency_application_id")),
        sa.UniqueConstraint("credit_code", name=op.f("uq_agency_credit_code")),
    )
    op.create_index("ix_agency_category_id", "agency", ["category", "id"], unique=False)
    op.create_index(op.f("ix_agency_name"), "agency", ["name"], unique=False)
    op.create_index(op.f("ix_agency_owner_org"), "agency", ["owner_org"], unique=False)
    op.create_index(op.f("ix_agency_registered_on"), "agency", ["registered_on"], unique=False)
    op.create_index("ix_agency_seat_division_id", "agency", ["seat_division", "id"], unique=False)
    op.create_index(op.f("ix_agency_state"), "agency", ["state"], unique=False)
    op.create_table(
        "application",
        sa.Column("route", sa.String(length=20), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("legal_form", sa.String(length=20), nullable=False),
        sa.Column(
            "name_parts", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("methods", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("client_groups", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("seat_division", sa.String(length=9), nullable=True),
        sa.Column("seat_address", sa.Text(), nullable=True),
        sa.Column("tenure", sa.String(length=20), nullable=True),
        sa.Column("lease_until", sa.Date(), nullable=True),
        sa.Column("assets", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("materials", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("supervising_unit", sa.String(length=200), nullable=True),
        sa.Column("residency_id", sa.Uuid(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("answer_due", sa.Date(), nullable=True),
        sa.Column("answer_provisional", sa.Boolean(), nullable=False),
        sa.Column(
            "told_missing",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=True,
        ),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("accepted_by", sa.String(length=120), nullable=True),
        sa.Column("accepted_by_silence", sa.Boolean(), nullable=False),
        sa.Column("decision_due", sa.Date(), nullable=True),
        sa.Column("overdue_told", sa.Boolean(), nullable=False),
        sa.Column("reviewed_by", sa.String(length=120), nullable=True),
        sa.Column("review_recommends", sa.Boolean(), nullable=True),
        sa.Column("review_opinion", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.String(length=120), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("grounds", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=True),
        sa.Column("certificate_due", sa.Date(), nullable=True),
        sa.Column("certificate_provisional", sa.Boolean(), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=True),
        sa.Column("certified_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
    )
    op.create_index(
        "ix_application_created_by_id", "application", ["created_by", "id"], unique=False
    )
    op.create_index(op.f("ix_application_owner_org"), "application", ["owner_org"], unique=False)
    op.create_index("ix_application_residency_id", "application", ["residency_id"], unique=True)
    op.create_index(op.f("ix_application_state"), "application", ["state"], unique=False)
    op.create_table(
        "calendar_day",
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("is_workday", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("date", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "division",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("parent_code", sa.String(length=12), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("day_confirmed", sa.Boolean(), nullable=False),
        sa.Column("succeeded_by", sa.String(length=12), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_division")),
        sa.UniqueConstraint("code", "name", name=op.f("uq_division_code_name")),
    )
    op.create_index(
        "ix_division_parent_code_code", "division", ["parent_code", "code"], unique=False
    )
    op.create_table(
        "inspection",
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "report", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("first_reviewed_on", sa.Date(), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("conclusion", sa.String(length=10), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=True),
        sa.Column("concluded_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
    )
    op.create_index(
        "ix_inspection_credit_code_year", "inspection", ["credit_code", "year"], unique=True
    )
    op.create_index(op.f("ix_inspection_owner_org"), "inspection", ["owner_org"], unique=False)
    op.create_index(op.f("ix_inspection_state"), "inspection", ["state"], unique=False)
    op.create_index("ix_inspection_year_id", "inspection", ["year", "id"], unique=False)
    op.create_table(
        "performance_result",
        sa.Column("performance_id", sa.Uuid(), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("contract_id", sa.String(length=64), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("grade", sa.String(length=40), nullable=False),
        sa.Column("score", sa.String(length=20), nullable=True),
        sa.Column("concluded_on", sa.Date(), nullable=False),
        sa.Column("cause_event", sa.String(length=64), nullable=False),
        sa.Column("cause_position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("performance_id", name=op.f("pk_performance_result")),
    )
    op.create_index(
        "ix_performance_result_credit_code_concluded_on",
        "performance_result",
        ["credit_code", "concluded_on"],
        unique=False,
    )
    op.create_table(
        "posting",
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
    )
    op.create_index("ix_posting_community_id", "posting", ["community", "id"], unique=False)
    op.create_index("ix_posting_credit_code_id", "posting", ["credit_code", "id"], unique=False)
    op.create_index(op.f("ix_posting_owner_org"), "posting", ["owner_org"], unique=False)
    op.create_index(op.f("ix_posting_state"), "posting", ["state"], unique=False)
    op.create_index(op.f("ix_posting_worker_id"), "posting", ["worker_id"], unique=False)
    op.create_table(
        "site",
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("division", sa.String(length=9), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("areas", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
    )
    op.create_index("ix_site_credit_code_id", "site", ["credit_code", "id"], unique=False)
    op.create_index("ix_site_division_id", "site", ["division", "id"], unique=False)
    op.create_index(op.f("ix_site_owner_org"), "site", ["owner_org"], unique=False)
    op.create_index(op.f("ix_site_state"), "site", ["state"], unique=False)
    op.create_table(
        "wage_reference",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.String(length=6), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("yearly", shared.database.base.MoneyColumn(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wage_reference")),
        sa.UniqueConstraint("area", "year", name=op.f("uq_wage_reference_area_year")),
    )
    op.create_table(
        "worker",
        sa.Column("name", shared.database.base.Sensitive(), nullable=False),
        sa.Column("resident_id", shared.database.base.Sensitive(), nullable=False),
        sa.Column("resident_hash", sa.LargeBinary(), nullable=False),
        sa.Column("party_status", shared.database.base.Sensitive(), nullable=True),
        sa.Column("party_full_since", shared.database.base.Sensitive(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker")),
        sa.UniqueConstraint("resident_hash", name=op.f("uq_worker_resident_hash")),
    )
    op.create_index(op.f("ix_worker_owner_org"), "worker", ["owner_org"], unique=False)
    op.create_index(op.f("ix_worker_state"), "worker", ["state"], unique=False)
    op.create_table(
        "charter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("methods", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("resolved_on", sa.Date(), nullable=True),
        sa.Column("in_force_since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_charter_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charter")),
    )
    op.create_index(op.f("ix_charter_agency_id"), "charter", ["agency_id"], unique=False)
    op.create_table(
        "founding_person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("name", shared.database.base.Sensitive(), nullable=False),
        sa.Column("resident_id", shared.database.base.Sensitive(), nullable=False),
        sa.Column("resident_hash", sa.LargeBinary(), nullable=False),
        sa.Column("employment", sa.String(length=30), nullable=True),
        sa.Column("body", sa.String(length=20), nullable=True),
        sa.Column("head", sa.Boolean(), nullable=False),
        sa.Column(
            "certificate", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column(
            "degree", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("party_status", shared.database.base.Sensitive(), nullable=True),
        sa.Column("party_full_since", shared.database.base.Sensitive(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_founding_person_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_founding_person")),
    )
    op.create_index(
        op.f("ix_founding_person_application_id"),
        "founding_person",
        ["application_id"],
        unique=False,
    )
    op.create_table(
        "governor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.String(length=20), nullable=False),
        sa.Column("name", shared.database.base.Sensitive(), nullable=False),
        sa.Column("resident_id", shared.database.base.Sensitive(), nullable=False),
        sa.Column("resident_hash", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_governor_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_governor")),
    )
    op.create_index(op.f("ix_governor_agency_id"), "governor", ["agency_id"], unique=False)
    op.create_table(
        "post",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("employment", sa.String(length=30), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("owner_org", sa.String(length=18), nullable=True),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_post_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
    )
    op.create_index("ix_post_credit_code_id", "post", ["credit_code", "id"], unique=False)
    op.create_index(op.f("ix_post_owner_org"), "post", ["owner_org"], unique=False)
    op.create_index(op.f("ix_post_state"), "post", ["state"], unique=False)
    op.create_index(op.f("ix_post_worker_id"), "post", ["worker_id"], unique=False)
    op.create_table(
        "qualification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=True),
        sa.Column("social_work", sa.Boolean(), nullable=False),
        sa.Column("obtained_on", sa.Date(), nullable=False),
        sa.Column("registered_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["worker.id"], name=op.f("fk_qualification_worker_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualification")),
    )
    op.create_index(
        op.f("ix_qualification_worker_id"), "qualification", ["worker_id"], unique=False
    )
    op.create_table(
        "suspension",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_suspension_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspension")),
    )
    op.create_index(op.f("ix_suspension_agency_id"), "suspension", ["agency_id"], unique=False)
    op.bulk_insert(sa.table("division", *_columns(_DIVISION)), list(_divisions()))
    op.bulk_insert(sa.table("calendar_day", *_columns(_DAY)), list(_days()))


_DIVISION = (
    ("id", sa.Uuid()),
    ("code", sa.String()),
    ("name", sa.String()),
    ("kind", sa.String()),
    ("parent_code", sa.String()),
    ("since", sa.Date()),
    ("until", sa.Date()),
    ("day_confirmed", sa.Boolean()),
    ("succeeded_by", sa.String()),
    ("source", sa.Text()),
    ("note", sa.Text()),
)
_DAY = (
    ("date", sa.Date()),
    ("is_workday", sa.Boolean()),
    ("name", sa.Text()),
    ("source", sa.Text()),
)


def _columns(named: tuple[tuple[str, Any], ...]) -> list[Any]:
    return [sa.column(name, kind) for name, kind in named]


def _divisions() -> Iterator[dict[str, Any]]:
    """The divisions of 2023, and the one earlier name that is known."""
    with (REFERENCE / "divisions-410108.csv").open(encoding="utf-8", newline="") as file:
        for found in csv.DictReader(file):
            yield _division(found)
    old = {
        "code": "410108003",
        "name": "老鸦陈街道",
        "kind": "subdistrict",
        "parent_code": "410108",
    }
    yield {**_division(old), "since": None, "until": UNCONFIRMED_DAY}


def _division(found: dict[str, str]) -> dict[str, Any]:
    renamed = found["code"] == "410108003"
    return {
        "id": new_id(),
        **found,
        "since": UNCONFIRMED_DAY if renamed else None,
        "until": None,
        "day_confirmed": not renamed,
        "succeeded_by": None,
        "source": STATISTICS,
        "note": f"{RENAMED}the day is not confirmed" if renamed else None,
    }


def _days() -> Iterator[dict[str, Any]]:
    """Every day that had been published when this was written; later years are loaded by notice."""
    for day in published_days():
        yield {
            "date": day.day,
            "is_workday": day.working,
            "name": day.name,
            "source": day.source,
        }


def downgrade() -> None:
    op.drop_index(op.f("ix_suspension_agency_id"), table_name="suspension")
    op.drop_table("suspension")
    op.drop_index(op.f("ix_qualification_worker_id"), table_name="qualification")
    op.drop_table("qualification")
    op.drop_index(op.f("ix_post_worker_id"), table_name="post")
    op.drop_index(op.f("ix_post_state"), table_name="post")
    op.drop_index(op.f("ix_post_owner_org"), table_name="post")
    op.drop_index("ix_post_credit_code_id", table_name="post")
    op.drop_table("post")
    op.drop_index(op.f("ix_governor_agency_id"), table_name="governor")
    op.drop_table("governor")
    op.drop_index(op.f("ix_founding_person_application_id"), table_name="founding_person")
    op.drop_table("founding_person")
    op.drop_index(op.f("ix_charter_agency_id"), table_name="charter")
    op.drop_table("charter")
    op.drop_index(op.f("ix_worker_state"), table_name="worker")
    op.drop_index(op.f("ix_worker_owner_org"), table_name="worker")
    op.drop_table("worker")
    op.drop_table("wage_reference")
    op.drop_index(op.f("ix_site_state"), table_name="site")
    op.drop_index(op.f("ix_site_owner_org"), table_name="site")
    op.drop_index("ix_site_division_id", table_name="site")
    op.drop_index("ix_site_credit_code_id", table_name="site")
    op.drop_table("site")
    op.drop_index(op.f("ix_posting_worker_id"), table_name="posting")
    op.drop_index(op.f("ix_posting_state"), table_name="posting")
    op.drop_index(op.f("ix_posting_owner_org"), table_name="posting")
    op.drop_index("ix_posting_credit_code_id", table_name="posting")
    op.drop_index("ix_posting_community_id", table_name="posting")
    op.drop_table("posting")
    op.drop_index("ix_performance_result_credit_code_concluded_on", table_name="performance_result")
    op.drop_table("performance_result")
    op.drop_index("ix_inspection_year_id", table_name="inspection")
    op.drop_index(op.f("ix_inspection_state"), table_name="inspection")
    op.drop_index(op.f("ix_inspection_owner_org"), table_name="inspection")
    op.drop_index("ix_inspection_credit_code_year", table_name="inspection")
    op.drop_table("inspection")
    op.drop_index("ix_division_parent_code_code", table_name="division")
    op.drop_table("division")
    op.drop_table("calendar_day")
    op.drop_index(op.f("ix_application_state"), table_name="application")
    op.drop_index("ix_application_residency_id", table_name="application")
    op.drop_index(op.f("ix_application_owner_org"), table_name="application")
    op.drop_index("ix_application_created_by_id", table_name="application")
    op.drop_table("application")
    op.drop_index(op.f("ix_agency_state"), table_name="agency")
    op.drop_index("ix_agency_seat_division_id", table_name="agency")
    op.drop_index(op.f("ix_agency_registered_on"), table_name="agency")
    op.drop_index(op.f("ix_agency_owner_org"), table_name="agency")
    op.drop_index(op.f("ix_agency_name"), table_name="agency")
    op.drop_index("ix_agency_category_id", table_name="agency")
    op.drop_table("agency")
    drop_foundation(op)
