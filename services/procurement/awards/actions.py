from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.procurement.awards.models import Award
from services.procurement.awards.rules import (
    DECISION,
    Decision,
    Offer,
    Place,
    PriorityFacts,
    explain,
    rank,
    rounded,
)
from services.procurement.awards.schemas import Confirmation
from services.procurement.clients import SupplierFacts
from services.procurement.openings.queries import opened_bids
from services.procurement.panels.lifecycle import PanelState
from services.procurement.panels.models import Panel
from services.procurement.panels.queries import panel_of, sheets_of, sitting_seats
from services.procurement.policy.codelists import Measure
from services.procurement.policy.figures import SIGNING_DAYS
from services.procurement.reviews.queries import qualified_codes
from services.procurement.tenders.actions import award_tender, fail_tender
from services.procurement.tenders.models import Tender
from services.procurement.tenders.queries import tender_for_update
from shared.actor import Actor
from shared.errors import Conflict, Forbidden, NotFound
from shared.money import Money
from shared.words import Text
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Due:
    """Until when the next steps are due, by the registry's calendar."""

    report: date
    decision: date
    provisional: bool


async def recommend_award(
    work: Work, tender: Tender, facts: Mapping[str, SupplierFacts], due: Due
) -> Award:
    """Rank the qualified bids by the panel's scores and hand the report to the purchaser."""
    tender.lifecycle.after(tender.state, "award")
    panel = await panel_of(work.session, tender.id)
    if panel is None or panel.state != PanelState.SCORED:
        raise Conflict(Text(zh="评审尚未完成", en="the panel has not handed in all its scores"))
    governed_by = tender.published_on or work.today
    price_points = sum(f["points"] for f in tender.factors if f["measure"] == Measure.PRICE)
    places = rank(await _offers(work, tender, panel, facts), price_points, governed_by)
    first = [place.scored.offer for place in places if place.number == 1]
    alone = first[0] if len(first) == 1 else None
    return work.add(
        Award(
            credit_code=alone.credit_code if alone else None,
            price=alone.price if alone else None,
            tender_id=tender.id,
            panel_id=panel.id,
            ranking=[_written(place, facts) for place in places],
            report_due_on=due.report,
            recommended_on=work.today,
            decision_due_on=due.decision,
            provisional=due.provisional,
            refusals=[],
        )
    )


async def confirm_award(
    work: Work, award: Award, confirmation: Confirmation, notice_due: date
) -> Award:
    """Decide for the first in the order recommended; by somebody who neither ranked nor scored."""
    award.lifecycle.after(award.state, "confirm")
    await _decide(work, award, confirmation, "confirm", notice_due)
    tender = await _tender(work, award.tender_id)
    award_tender(work, tender, award_id=award.id)
    return award


async def pass_on_award(
    work: Work, award: Award, confirmation: Confirmation, notice_due: date
) -> Award:
    """Decide for the next in order after the winner refused."""
    award.lifecycle.after(award.state, "pass_on")
    await _decide(work, award, confirmation, "pass_on", notice_due)
    return award


async def announce_award(work: Work, award: Award) -> Award:
    """Tell everybody who won, by which ranking, and who sat on the panel."""
    seats = await sitting_seats(work.session, award.panel_id)
    award.experts = [seat.name for seat in seats if seat.expert]
    award.announced_on = work.today
    award.contract_due_on = work.today + timedelta(days=SIGNING_DAYS.on(work.today))
    return work.move(award, "announce", contract_due_on=award.contract_due_on)


def refuse_award(work: Work, award: Award, reason: str) -> Award:
    """The winner does not sign. The winner says so, or after the term the purchaser."""
    award.lifecycle.after(award.state, "refuse")
    if work.actor.org != award.credit_code:
        if not work.actor.has("purchaser"):
            raise Forbidden(Text(zh="不得代他人拒绝", en="nobody refuses for another"))
        _is_over(work, award)
    award.refusals = [
        *award.refusals,
        {
            "credit_code": award.credit_code,
            "on": work.today.isoformat(),
            "by": work.actor.client_id,
            "reason": reason,
        },
    ]
    return work.move(award, "refuse")


async def void_award(work: Work, award: Award, reason: str) -> Award:
    """After a refusal the purchaser may also start anew: the tender fails."""
    work.move(award, "void")
    await fail_tender(work, await _tender(work, award.tender_id), reason=reason)
    return award


async def _decide(
    work: Work, award: Award, confirmation: Confirmation, move: str, notice_due: date
) -> None:
    first = _first_left(award)
    seats = await sitting_seats(work.session, award.panel_id)
    verdict = DECISION.judge(
        Decision(
            decides=work.actor.client_id,
            recommended_by=award.created_by,
            panel=frozenset(seat.client_id for seat in seats),
            registers_agencies=_registers_agencies(work.actor),
            first=[place["credit_code"] for place in first],
            drawn=confirmation.drawn,
            draw_reference=confirmation.draw_reference,
            due=award.decision_due_on,
            today=work.today,
            refused=[refusal["credit_code"] for refusal in award.refusals],
        ),
        on=work.today,
    )
    verdict.require()
    drawn = [place for place in first if place["credit_code"] == confirmation.drawn]
    chosen = (drawn or first)[0]
    award.credit_code, award.price = chosen["credit_code"], Money.parse(chosen["price"])
    award.decided_on, award.decided_by = work.today, work.actor.client_id
    award.notice_due_on = notice_due
    award.contract_due_on = None
    work.move(award, move, because=verdict)


def _first_left(award: Award) -> Sequence[dict[str, Any]]:
    """Whoever holds the best place that nobody refused."""
    refused = {refusal["credit_code"] for refusal in award.refusals}
    left = [place for place in award.ranking if place["credit_code"] not in refused]
    best = min((place["place"] for place in left), default=0)
    return [place for place in left if place["place"] == best]


def _registers_agencies(actor: Actor) -> bool:
    return actor.has("registrar", "supervisor")


def _is_over(work: Work, award: Award) -> None:
    if award.contract_due_on is None or work.today <= award.contract_due_on:
        raise Conflict(
            Text(
                zh="签订期限未满，仅中标人可拒绝",
                en="only the winner may refuse before the term is over",
            )
        )


async def _offers(
    work: Work, tender: Tender, panel: Panel, facts: Mapping[str, SupplierFacts]
) -> Sequence[Offer]:
    qualified = set(await qualified_codes(work.session, tender.id))
    sheets = await sheets_of(work.session, panel.id)
    return [
        Offer(
            credit_code=bid.credit_code,
            price=bid.price,
            totals=[_total(sheet.lines, bid.credit_code) for sheet in sheets if sheet.lines],
            priority=_priority(facts[bid.credit_code]),
        )
        for bid in await opened_bids(work.session, tender.id)
        if bid.credit_code in qualified
    ]


def _total(lines: Sequence[Mapping[str, Any]], credit_code: str) -> Decimal:
    points = (Decimal(line["points"]) for line in lines if line["credit_code"] == credit_code)
    return sum(points, Decimal("0.00"))


def _priority(facts: SupplierFacts) -> PriorityFacts:
    return PriorityFacts(facts.on, facts.grade_held, facts.passed_twice)


def _written(place: Place, facts: Mapping[str, SupplierFacts]) -> dict[str, Any]:
    scored = place.scored
    return {
        "place": place.number,
        "credit_code": scored.offer.credit_code,
        "price": str(scored.offer.price),
        "price_score": str(scored.price),
        "technical": str(rounded(scored.technical)),
        "technical_exact": str(scored.technical),
        "total": str(rounded(scored.total)),
        "total_exact": str(scored.total),
        "priority": scored.priority,
        "tied_with": list(place.shares),
        "verdict": explain(place).as_dict(),
        "facts": facts[scored.offer.credit_code].as_dict(),
    }


async def _tender(work: Work, tender_id: UUID) -> Tender:
    tender = await tender_for_update(work.session, tender_id)
    if tender is None:
        raise NotFound()
    return tender
