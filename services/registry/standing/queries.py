"""Reading what the standing of an agency rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.standing.models import PerformanceResult
from shared import sensitive

# Everything that a standing of today rests on, in one statement; what the ordinary queries read
# one after the other, in their order.
DOSSIER = """
WITH today AS (SELECT (business_now() AT TIME ZONE 'Asia/Shanghai')::date AS day)
SELECT today.day, agency.*,
    (SELECT since FROM suspension
     WHERE agency_id = agency.id AND since <= day AND (until IS NULL OR until > day)
     LIMIT 1) AS suspended_since,
    (SELECT json_agg(result ORDER BY concluded_on, performance_id) FROM performance_result AS result
     WHERE result.credit_code = agency.credit_code AND concluded_on <= day) AS performance,
    (SELECT json_agg(inspection ORDER BY year) FROM inspection
     WHERE inspection.credit_code = agency.credit_code) AS inspections,
    (SELECT json_agg(json_build_object(
            'employment', post.employment,
            'party_status', encode(worker.party_status, 'hex'),
            'party_full_since', encode(worker.party_full_since, 'hex'),
            'held', (SELECT json_agg(held ORDER BY obtained_on, id) FROM qualification AS held
                     WHERE held.worker_id = worker.id)
        ) ORDER BY post.id)
     FROM post JOIN worker ON worker.id = post.worker_id
     WHERE post.credit_code = agency.credit_code AND post.started_on <= day
       AND (post.ended_on IS NULL OR post.ended_on > day)) AS staff
FROM agency, today
WHERE agency.credit_code = $1
"""
_DAYS = ("concluded_on", "due_on", "filed_on", "obtained_on", "registered_until")


@dataclass(frozen=True, slots=True)
class Dossier:
    """An agency today; each part has the attributes of the model that it was read from."""

    on: date
    agency: Any
    suspended_since: date | None
    performance: Sequence[Any]
    inspections: Sequence[Any]
    staff: Sequence[tuple[Any, Sequence[Any]]]
    """Post and person as one, with the qualifications held."""


async def dossier_of(connection: Any, credit_code: str) -> Dossier | None:
    row = await connection.fetchrow(DOSSIER, credit_code)
    if row is None:
        return None
    return Dossier(
        on=row["day"],
        agency=SimpleNamespace(**row),
        suspended_since=row["suspended_since"],
        performance=_read(row["performance"]),
        inspections=_read(row["inspections"]),
        staff=[(_opened(one), one.held or ()) for one in _read(row["staff"])],
    )


def _read(text: str | None) -> Sequence[Any]:
    """Rows as PostgreSQL wrote them, their days as days."""
    return [_as_row(found) for found in orjson.loads(text)] if text else ()


def _as_row(found: dict[str, Any]) -> Any:
    for name in _DAYS:
        if found.get(name):
            found[name] = date.fromisoformat(found[name])
    if found.get("held"):
        found["held"] = [_as_row(held) for held in found["held"]]
    return SimpleNamespace(**found)


def _opened(person: Any) -> Any:
    """Sealed columns, as the mapper opens them."""
    for name in ("party_status", "party_full_since"):
        sealed = getattr(person, name)
        setattr(person, name, sealed and sensitive.decrypt(bytes.fromhex(sealed)))
    return person


async def performance_until(
    session: AsyncSession, credit_code: str, on: date
) -> Sequence[PerformanceResult]:
    """Evaluations concluded by the day, oldest first."""
    statement = (
        select(PerformanceResult)
        .where(PerformanceResult.credit_code == credit_code, PerformanceResult.concluded_on <= on)
        .order_by(PerformanceResult.concluded_on, PerformanceResult.performance_id)
    )
    return (await session.scalars(statement)).all()
