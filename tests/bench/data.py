"""What is read: one agency and one tender made as people make them, then many like them in SQL."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import asyncpg

from deploy.demo.chapters.registration import filing
from deploy.demo.identities import credit_code
from tests.support.sealed_tender import SealedTender
from tests.support.suite import RunningSuite

CODE = "'52410108MJ' || lpad(upper(to_hex({n})), 7, '0') || 'X'"
"""Codes that no agency can have: their check character is never right."""
FAR = "timestamptz '2027-12-01 01:00:00+00'"
"""Deadlines of generated tenders: none of them comes while they are read."""
STATES = "(ARRAY['published', 'published', 'published', 'awarded', 'cancelled'])[1 + n % 5]"
CATEGORIES = "(ARRAY['community_service', 'elderly_care', 'youth', 'disability'])[1 + n % 4]"
DIVISIONS = "'4101080' || lpad((1 + n % 10)::text, 2, '0')"
BATCH = 50_000

OFFICE: tuple[tuple[str, str, Any], ...] = (
    ("registrar", "acceptance", None),
    ("registrar-review", "review", {"recommends": True, "opinion": "五项条件均符合。"}),
    ("registrar-approval", "approval", {"opinion": "同意成立登记。"}),
    (
        "registrar",
        "certificate",
        {"credit_code": credit_code(1), "certificate_number": "豫惠民证字第00001号"},
    ),
)


def one_agency(suite: RunningSuite) -> str:
    """Registered by three people, with six full-time staff; its code."""
    filed = filing("晨光", "410108001", full_time=6, qualified=2, first=20)
    path = "/registry/v1/applications"
    answer = suite.ask("chenguang", "POST", path, filed)
    path = f"{path}/{answer.json()['id']}"
    for caller, command, body in (("chenguang", "submission", None), *OFFICE):
        etag = {"if-match": answer.headers["etag"]}
        answer = suite.ask(caller, "POST", f"{path}/{command}", body, headers=etag)
        assert answer.status_code in (200, 201), answer.text
        if command == "certificate":
            break
    return credit_code(1)


def one_tender(suite: RunningSuite, desks: Path | None = None) -> SealedTender:
    """Published, with its seal policy, by everybody who has to do with it."""
    sealed = SealedTender(suite, desks or Path(tempfile.mkdtemp(prefix="huishe-desks-")))
    sealed.publish()
    return sealed


async def many_agencies(suite: RunningSuite, pattern: str, count: int, *, staffed: bool) -> None:
    connection = await asyncpg.connect(suite.superuser_url("huishe_registry"))
    try:
        made = {
            "id": "uuidv7()",
            "credit_code": CODE.format(n="n"),
            "name": "'惠济区第' || n || '社会工作服务中心'",
            "certificate_number": "'豫惠民证字第' || n || '号'",
            "application_id": "gen_random_uuid()",
            "category": CATEGORIES,
            "seat_division": DIVISIONS,
            # Too young for the yearly inspection: no day of theirs comes while they are read.
            "registered_on": "date '2026-01-05' + (n % 50)::int",
        }
        await multiply(connection, "agency", f"credit_code = '{pattern}'", count, made)
        if staffed:
            posts = {"id": "uuidv7()", "credit_code": CODE.format(n="n")}
            await multiply(connection, "post", f"credit_code = '{pattern}'", count, posts)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def many_tenders(suite: RunningSuite, pattern: str, count: int) -> None:
    connection = await asyncpg.connect(suite.superuser_url("huishe_procurement"))
    try:
        made = {
            "id": "uuidv7()",
            "title": "'古荥镇关爱服务采购（第' || n || '号）'",
            "state": STATES,
            "closes_at": f"{FAR} + n * interval '1 second'",
        }
        await multiply(connection, "tender", f"id = '{pattern}'", count, made)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def multiply(
    connection: "asyncpg.Connection[Any]",
    table: str,
    pattern: str,
    count: int,
    changes: Mapping[str, str],
) -> None:
    """So many rows like those of the pattern; what is said of column `n` tells them apart."""
    rows = await connection.fetch(
        "SELECT column_name FROM information_schema.columns WHERE table_name = $1 "
        "AND table_schema = 'public' ORDER BY ordinal_position",
        table,
    )
    columns = [row[0] for row in rows]
    chosen = ", ".join(changes.get(column, f'one."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    for first in range(1, count + 1, BATCH):
        last = min(count, first + BATCH - 1)
        await connection.execute(
            f"INSERT INTO {table} ({names}) SELECT {chosen} "
            f"FROM generate_series({first}::bigint, {last}) AS n, "
            f"(SELECT * FROM {table} WHERE {pattern}) AS one"
        )
