from collections.abc import Mapping, Sequence
from typing import Any

from services.procurement.clients import SupplierFacts
from services.procurement.openings.models import OpenedBid
from services.procurement.openings.queries import opened_bids
from services.procurement.policy.codelists import Grade, Method
from services.procurement.policy.figures import METHOD_DEMANDS
from services.procurement.reviews.models import Qualification, Review
from services.procurement.reviews.rules import CONTINUATION, QUALIFICATION, Bidder, Checked, Field
from services.procurement.reviews.schemas import BidderCheck, ReviewDraft
from services.procurement.suppliers.queries import record_of
from services.procurement.suppliers.rules import Record
from services.procurement.tenders.actions import fail_tender
from services.procurement.tenders.models import Tender
from shared.days import day_of
from shared.errors import InvalidInput, Unavailable
from shared.policy import Verdict
from shared.words import Text
from shared.work import Work


async def review_bidders(
    work: Work, tender: Tender, draft: ReviewDraft, asked: Mapping[str, SupplierFacts]
) -> Review:
    """Say of every opened bid whether its bidder is qualified; too few, and the tender fails."""
    tender.lifecycle.after(tender.state, "award")
    bids = await opened_bids(work.session, tender.id)
    _cover_every_bidder(draft, bids)
    if not {bid.credit_code for bid in bids} <= asked.keys():
        # The bids were opened between the asking and the lock: nobody was asked about them.
        raise Unavailable(
            Text(zh="刚刚开标，请重试", en="the bids were opened just now: ask again")
        )
    checks = {check.credit_code: check for check in draft.bidders}
    verdicts = {
        bid.credit_code: await _judge(
            work, tender, bid, checks[bid.credit_code], asked[bid.credit_code]
        )
        for bid in bids
    }
    qualified = sum(verdict.passed for verdict in verdicts.values())
    review = Review(tender_id=tender.id, bidders=len(bids), qualified=qualified)
    governed_by = tender.published_on or work.today
    needed = METHOD_DEMANDS[Method(tender.method)].on(governed_by).least_suppliers
    continuation = CONTINUATION.judge(Field(qualified, len(bids), needed), on=governed_by)
    work.add(review, because=continuation)
    await work.session.flush()
    for code, verdict in verdicts.items():
        work.add_row(
            Qualification(
                tender_id=tender.id,
                credit_code=code,
                review_id=review.id,
                qualified=verdict.passed,
                verdict=verdict.as_dict(),
                facts={**asked[code].as_dict(), "checked": checks[code].model_dump(mode="json")},
            )
        )
    if not continuation.passed:
        await fail_tender(work, tender, continuation)
    return review


def _cover_every_bidder(draft: ReviewDraft, bids: Sequence[OpenedBid]) -> None:
    named = [check.credit_code for check in draft.bidders]
    opened = {bid.credit_code for bid in bids}
    if len(named) != len(set(named)):
        raise InvalidInput.at(
            "/bidders",
            Text(zh="每个投标人只能列一次", en="names each bidder once"),
            Text(zh="请删除重复项", en="remove the duplicate"),
        )
    if set(named) != opened:
        raise InvalidInput.at(
            "/bidders",
            Text(zh="须恰为开标记录中的全部投标人", en="names exactly the bidders of the opening"),
            Text(
                zh="请按开标记录填写统一社会信用代码",
                en="take the credit codes from the minutes of the opening",
            ),
        )


async def _judge(
    work: Work, tender: Tender, bid: OpenedBid, check: BidderCheck, asked: SupplierFacts
) -> Verdict:
    on = day_of(tender.closes_at)
    governed_by = tender.published_on or on
    record = Record(on, await record_of(work.session, bid.credit_code))
    standing = asked.standing
    titles = {item["code"]: item["title"] for item in tender.conditions}
    found = {item.code: item for item in check.conditions}
    query = check.credit_query
    return QUALIFICATION.judge(
        Bidder(
            governed_by=governed_by,
            on=on,
            known=standing is not None,
            registered=standing is not None and standing.registered,
            suspended=standing is not None and standing.suspended,
            category=standing.category if standing else None,
            legal_proof=check.legal_proof,
            grade=asked.grade_held,
            required_grade=Grade(tender.required_grade) if tender.required_grade else None,
            credit_query=_named(query.model_dump()) if query else None,
            credit_clean=query is not None and query.clean,
            taxes_proof=check.taxes_and_insurance,
            conditions=[
                Checked(title, found[code].fulfilled, found[code].evidence)
                for code, title in titles.items()
                if code in found
            ],
            unchecked=[title for code, title in titles.items() if code not in found],
            price=bid.price,
            budget=tender.budget,
            personnel=bid.personnel,
            record=record,
        ),
        on=governed_by,
    )


def _named(query: Mapping[str, Any]) -> str:
    return f"{query['reference']}，{query['queried_on']}"
