from services.incubator.bases.queries import base_by_id
from services.incubator.residencies.models import Residency
from services.incubator.residencies.queries import residency_by_id
from services.incubator.residencies.rules import Tenancy
from services.incubator.venues import queries
from services.incubator.venues.models import Allocation, Venue
from services.incubator.venues.rules import ALLOTMENT, Allotment
from services.incubator.venues.schemas import AllocationDraft, VenueDraft
from shared.errors import InvalidInput
from shared.words import Text
from shared.work import Work


async def add_venue(work: Work, draft: VenueDraft) -> Venue:
    if await base_by_id(work.session, draft.base_id) is None:
        raise InvalidInput.at(
            "/base_id",
            Text(zh="须为已有的孵化基地", en="names a base"),
            Text(zh="请在 /bases 中查询", en="see /bases"),
        )
    return work.add(Venue(**dict(draft)))


def withdraw_venue(work: Work, venue: Venue) -> Venue:
    """Give it to nobody any more; who has it keeps it to the end of the allocation."""
    return work.move(venue, "withdraw")


async def allocate_venue(work: Work, venue: Venue, draft: AllocationDraft) -> Allocation:
    """Give the venue to a resident; of two who want it at once the database refuses one."""
    residency = await residency_by_id(work.session, draft.residency_id)
    if residency is None:
        raise InvalidInput.at(
            "/residency_id",
            Text(zh="须为已有的入驻", en="names a residency"),
            Text(zh="请在 /residencies 中查询", en="see /residencies"),
        )
    if draft.ends_on < draft.starts_on:
        raise InvalidInput.at(
            "/ends_on",
            Text(zh="不得早于 starts_on", en="not before starts_on"),
            Text(zh="请更正起止日期", en="correct the days"),
        )
    verdict = ALLOTMENT.judge(
        Allotment(
            venue_state=venue.state,
            physical=residency.tenancy == Tenancy.PHYSICAL,
            starts_on=draft.starts_on,
            ends_on=draft.ends_on,
            stay_starts_on=residency.starts_on,
            stay_ends_on=residency.ends_on,
            taken=await queries.taken_between(
                work.session, venue.id, draft.starts_on, draft.ends_on
            ),
        ),
        on=work.today,
    )
    verdict.require()
    allocation = Allocation(
        venue_id=venue.id,
        residency_id=residency.id,
        owner_org=residency.owner_org,
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
    )
    work.shown = None  # the answer is about the allocation, not about the venue
    return work.add(allocation, because=verdict)


def return_venue(work: Work, allocation: Allocation) -> Allocation:
    """The resident hands it back; from tomorrow on it is free again."""
    allocation.ends_on = max(allocation.starts_on, min(allocation.ends_on, work.today))
    return work.move(allocation, "return")


async def hand_over(work: Work, residency: Residency) -> Residency:
    """Everything the resident had from the base is back; its rooms are free from tomorrow."""
    work.move(residency, "hand_over")
    for allocation in await queries.held_by(work.session, residency.id):
        return_venue(work, allocation)
    return residency
