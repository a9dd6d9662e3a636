"""Each kind of event as an OCDS release: a plain function from the process so far to a document.

A release says what became public with its event and repeats nothing else, save the organisations
it names and the status of what it touches. Nothing about a bidder is read before the opening, and
nothing about a winner before the notice.
"""

from collections.abc import Callable, Mapping
from typing import Final

from services.procurement.disclosure.parties import parties, the_buyer
from services.procurement.disclosure.process import Process
from services.procurement.disclosure.stages import award, contract, planning, tender
from services.procurement.disclosure.values import Json, Publisher, moment, reference

Telling = Callable[[Process, Publisher], Json | None]
"""What a kind of event adds to its release: the tags and the sections; None when nothing."""

RELEASES: Final[Mapping[str, Telling]] = {
    "project.planned": planning.project_planned,
    "project.budgeted": planning.project_budgeted,
    "project.withdrawn": planning.project_withdrawn,
    "tender.published": tender.tender_published,
    "tender.closed": tender.tender_closed,
    "tender.opened": tender.tender_opened,
    "review.concluded": tender.review_concluded,
    "tender.failed": tender.tender_failed,
    "tender.cancelled": tender.tender_cancelled,
    "award.announced": award.award_announced,
    "award.refused": award.award_refused,
    "contract.signed": contract.contract_signed,
    "consequence.imposed": contract.consequence_imposed,
    "payment.released": contract.payment_released,
    "contract.completed": contract.contract_completed,
    "contract.terminated": contract.contract_terminated,
}


def release_of(process: Process, publisher: Publisher, release_id: str) -> Json | None:
    """The release that the newest event of the process calls for, if it calls for one."""
    telling = RELEASES.get(process.newest.kind)
    sections = telling(process, publisher) if telling else None
    if sections is None:
        return None
    return {
        "ocid": process.ocid,
        "id": release_id,
        "date": moment(process.newest.time),
        "language": "zh",
        "initiationType": "tender",
        "parties": parties(process, publisher, sections),
        "buyer": reference(the_buyer(process, publisher)),
        **sections,
    }
