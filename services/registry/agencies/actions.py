"""What happens to an agency on the register."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.registry.agencies import queries
from services.registry.agencies.models import Agency, Charter, Governor, Suspension
from services.registry.agencies.rules import (
    AMENDMENT,
    BODIES,
    CANCELLATION,
    SUSPENSION,
    Amendment,
    Bodies,
    Ending,
    Interruption,
)
from services.registry.agencies.schemas import (
    BodiesDraft,
    Cancellation,
    CharterAmendment,
    GovernorDraft,
    PartyOrganisationDraft,
    SuspensionOrder,
)
from services.registry.identity import resident_hash, resident_number
from shared.errors import InvalidInput
from shared.policy import Verdict
from shared.words import Text
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who sits in one of the bodies from the first day."""

    body: str
    name: str
    resident_id: str
    resident_hash: bytes


def register_agency(
    work: Work,
    agency: Agency,
    *,
    purpose: str,
    scope: str,
    methods: list[str],
    seats: Sequence[Seat],
    because: Verdict,
) -> Agency:
    """Put an agency on the register, with its charter and its bodies. Its birth is the announcement."""
    work.add(agency, because=because)
    work.add_row(
        Charter(
            agency_id=agency.id,
            number=1,
            purpose=purpose,
            scope=scope,
            methods=methods,
            in_force_since=agency.registered_on,
        )
    )
    for seat in seats:
        work.add_row(_governor(agency, seat, agency.registered_on))
    return agency


def _governor(agency: Agency, seat: Seat, since: date) -> Governor:
    return Governor(
        agency_id=agency.id,
        body=seat.body,
        name=seat.name,
        resident_id=seat.resident_id,
        resident_hash=seat.resident_hash,
        since=since,
    )


def suspend_agency(
    work: Work, agency: Agency, order: SuspensionOrder, before: Sequence[Suspension]
) -> Agency:
    """Stop an agency's work from a day on; it may take on nothing while it lasts."""
    since = order.since or work.today
    ended = [suspension.until for suspension in before if suspension.until is not None]
    verdict = SUSPENSION.judge(
        Interruption(
            today=work.today,
            since=since,
            registered_on=agency.registered_on,
            last_ended_on=max(ended, default=None),
            ground=order.ground,
        ),
        on=work.today,
    ).require()
    work.move(agency, "suspend", because=verdict, since=since)
    work.add_row(Suspension(agency_id=agency.id, since=since, ground=order.ground))
    return agency


def reinstate_agency(work: Work, agency: Agency, before: Sequence[Suspension]) -> Agency:
    """Let a suspended agency work again from today."""
    work.move(agency, "reinstate", since=work.today)
    for suspension in before:
        if suspension.until is None:
            suspension.until = max(work.today, suspension.since + timedelta(days=1))
    return agency


def cancel_agency(
    work: Work, agency: Agency, order: Cancellation, before: Sequence[Suspension]
) -> Agency:
    """Take an agency off the register once its liquidation is over."""
    verdict = CANCELLATION.judge(
        Ending(
            today=work.today,
            liquidation_ended_on=order.liquidation_ended_on,
            certificate_returned=order.certificate_returned,
            seal_returned=order.seal_returned,
        ),
        on=work.today,
    ).require()
    agency.cancelled_on = work.today
    for suspension in before:
        suspension.until = suspension.until or work.today
    work.move(agency, "cancel", because=verdict, cancelled_on=work.today)
    return agency


async def seat_bodies(work: Work, agency: Agency, draft: BodiesDraft) -> Sequence[Governor]:
    """Seat a council and a board of supervisors; whoever is not named leaves today."""
    council = [_seat(work, "council", person) for person in draft.council]
    supervisors = [_seat(work, "supervisors", person) for person in draft.supervisors]
    verdict = BODIES.judge(
        Bodies(
            on=work.today,
            council=tuple(seat.resident_hash.hex() for seat in council),
            supervisors=tuple(seat.resident_hash.hex() for seat in supervisors),
        ),
        on=work.today,
    ).require()
    for leaving in await queries.governors_on(work.session, agency.id, work.today):
        leaving.until = work.today
    seated = [_governor(agency, seat, work.today) for seat in (*council, *supervisors)]
    for governor in seated:
        work.add_row(governor)
    work.change(
        agency,
        "agency.bodies-seated",
        because=verdict,
        council=len(council),
        supervisors=len(supervisors),
    )
    return seated


def _seat(work: Work, body: str, person: GovernorDraft) -> Seat:
    number = resident_number(person.resident_id, work.today, f"/{body}")
    return Seat(body, person.name, number, resident_hash(number))


async def amend_charter(work: Work, agency: Agency, draft: CharterAmendment) -> Charter:
    """Approve a change of the charter; the versions before it stay."""
    verdict = AMENDMENT.judge(
        Amendment(
            today=work.today,
            resolved_on=draft.resolved_on,
            purpose=draft.purpose,
            scope=draft.scope,
            methods=tuple(draft.methods),
        ),
        on=work.today,
    ).require()
    versions = await queries.charters_of(work.session, agency.id)
    charter = Charter(
        agency_id=agency.id,
        number=len(versions) + 1,
        purpose=draft.purpose,
        scope=draft.scope,
        methods=list(draft.methods),
        resolved_on=draft.resolved_on,
        in_force_since=work.today,
    )
    work.add_row(charter)
    work.change(agency, "agency.charter-amended", because=verdict, number=charter.number)
    return charter


def record_party_organisation(work: Work, agency: Agency, draft: PartyOrganisationDraft) -> Agency:
    """Record the Party organisation that covers the agency."""
    if draft.founded_on > work.today:
        raise InvalidInput.at(
            "/founded_on",
            Text(zh="不得晚于今天", en="not in the future"),
            Text(zh="请填写成立的日期", en="send the day it was founded"),
        )
    agency.party_organisation = draft.kind
    agency.party_organisation_since = draft.founded_on
    return work.change(agency, "agency.party-organisation-founded", kind=draft.kind)
