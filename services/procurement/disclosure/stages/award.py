"""The award 中标、成交结果: announced, or given up by the one who won it."""

from services.procurement.disclosure.parties import name_of, supplier
from services.procurement.disclosure.process import Process, State
from services.procurement.disclosure.stages.building_blocks import (
    award_id,
    document,
    tender_now,
    the_award,
    the_item,
    the_tender,
)
from services.procurement.disclosure.values import (
    Json,
    Publisher,
    amount,
    day_begun,
    period,
    present,
)


def award_announced(process: Process, publisher: Publisher) -> Json:
    award = the_award(process)
    tender = the_tender(process)
    bid = next(
        (b for b in process.rows("opened_bid") if b["credit_code"] == award["credit_code"]), None
    )
    return {
        "tag": ["award"],
        "tender": tender_now(process, "complete"),
        "awards": [
            _award_now(process, "active")
            | present(
                title=tender["title"],
                description=_ranked(process, award),
                date=day_begun(award["decided_on"]),
                value=amount(award["price"]),
                suppliers=[supplier(process, award["credit_code"])],
                items=[the_item(process)],
                contractPeriod=period(tender["starts_on"], tender["ends_on"]),
                relatedBid=bid["id"] if bid else None,
                documents=[document(publisher, "awardNotice", "结果公告", "awards", award["id"])],
            )
        ],
    }


def award_refused(process: Process, publisher: Publisher) -> Json:
    refusal = the_award(process)["refusals"][-1]
    why = f"中标人未签订合同：{refusal['reason']}"
    return {
        "tag": ["awardCancellation"],
        "tender": tender_now(process, "active"),
        "awards": [_award_now(process, "cancelled") | {"description": why}],
    }


def _award_now(process: Process, status: str) -> Json:
    award = the_award(process)
    return {"id": award_id(award["id"], award["credit_code"]), "status": status}


def _ranked(process: Process, award: State) -> str:
    places = (
        f"{place['place']}. {name_of(process, place['credit_code'])}，报价 {place['price']} 元，"
        f"总分 {place['total']}"
        for place in award["ranking"]
    )
    return "评审排序：" + "；".join(places)
