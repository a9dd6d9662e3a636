"""The tender 采购公告, from the notice to the opening 开标 and the review 资格审查."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from services.procurement.disclosure.parties import the_buyer, who
from services.procurement.disclosure.process import Process, State
from services.procurement.disclosure.stages.building_blocks import (
    document,
    tender_now,
    the_item,
    the_tender,
)
from services.procurement.disclosure.stages.planning import planning
from services.procurement.disclosure.values import (
    Json,
    Publisher,
    amount,
    moment,
    period,
    present,
    reference,
)
from services.procurement.policy.codelists import Ground, Method
from shared.codelists import HUIJI_62
from shared.days import day_of

METHODS: Final[Mapping[str, tuple[str, str]]] = {
    Method.OPEN_TENDER: ("open", "公开招标"),
    Method.INVITED_TENDER: ("selective", "邀请招标"),
    Method.COMPETITIVE_CONSULTATION: ("open", "竞争性磋商（公开邀请）"),
    Method.COMPETITIVE_NEGOTIATION: ("open", "竞争性谈判（公开邀请）"),
    Method.SINGLE_SOURCE: ("direct", "单一来源"),
}
GROUNDS: Final[Mapping[str, str]] = {
    Ground.TECHNICAL_COMPLEXITY: "技术复杂",
    Ground.SPECIAL_NATURE: "性质特殊",
}


def tender_published(process: Process, publisher: Publisher) -> Json:
    tender = the_tender(process)
    method, method_zh = METHODS[tender["method"]]
    sections: Json = {
        "tag": ["tender"],
        "tender": present(
            id=tender["id"],
            title=tender["title"],
            description=tender["description"],
            status="active",
            procuringEntity=reference(the_buyer(process, publisher)),
            items=[the_item(process)],
            value=amount(tender["budget"]),
            procurementMethod=method,
            procurementMethodDetails=method_zh,
            procurementMethodRationale=_rationale(tender),
            mainProcurementCategory="services",
            legalBasis={
                "scheme": HUIJI_62,
                "id": "6.1",
                "description": "政府购买社会工作服务；适用公告之日有效的法律",
            },
            awardCriteria="ratedCriteria" if tender["factors"] else None,
            awardCriteriaDetails=_criteria(tender),
            eligibilityCriteria="；".join(item["title"] for item in tender["conditions"]),
            submissionMethod=["electronicSubmission"],
            submissionMethodDetails=_sealing(tender),
            tenderPeriod={
                "startDate": moment(tender["published_at"]),
                "endDate": moment(tender["closes_at"]),
                "durationInDays": (_day(tender["closes_at"]) - _day(tender["published_at"])).days,
            },
            contractPeriod=period(tender["starts_on"], tender["ends_on"]),
            documents=[document(publisher, "tenderNotice", "采购公告", "tenders", tender["id"])],
        ),
    }
    if process.before is not None:
        sections["tag"] = ["planning", "tender"]
        sections["planning"] = planning(process)
        sections["relatedProcesses"] = [_failed_before(process)]
    return sections


def tender_closed(process: Process, publisher: Publisher) -> Json:
    """The deadline has passed. How many bids there are is not told before they are opened."""
    root = process.newest.data.get("root")
    sealed = {
        "id": f"closing-{process.newest.subject_id}",
        "documentType": "x_closingRoot",
        "title": "截止时封存根",
        "description": root,
    }
    return {
        "tag": ["tenderUpdate"],
        "tender": tender_now(process, "active") | present(documents=[sealed] if root else None),
    }


def tender_cancelled(process: Process, publisher: Publisher) -> Json | None:
    if process.first("tender.published") is None:
        return None  # a draft that nobody outside has seen
    return {
        "tag": ["tenderCancellation"],
        "tender": tender_now(process, "cancelled") | {"amendments": [_why_ended(process)]},
    }


def tender_failed(process: Process, publisher: Publisher) -> Json:
    return {
        "tag": ["tenderUpdate"],
        "tender": tender_now(process, "unsuccessful") | {"amendments": [_why_ended(process)]},
    }


def _why_ended(process: Process) -> Json:
    return present(
        id=f"ended-{process.newest.id}",
        date=moment(process.newest.time),
        rationale=the_tender(process)["ended_because"],
    )


def _failed_before(process: Process) -> Json:
    return {
        "id": "1",
        "relationship": ["unsuccessfulProcess"],
        "title": "前一次采购未成功",
        "scheme": "ocid",
        "identifier": process.before,
    }


def _rationale(tender: State) -> str | None:
    parts = [
        GROUNDS[tender["ground"]] if tender["ground"] else None,
        tender["ground_reason"],
        f"批准文号：{tender['approval']}" if tender["approval"] else None,
    ]
    return "；".join(part for part in parts if part) or None


def _criteria(tender: State) -> str | None:
    factors = [f"{factor['title']} {factor['points']} 分" for factor in tender["factors"]]
    printed = tender["priority_rule"]["text"]["zh"] if tender["priority_rule"] else None
    return "；".join(part for part in (*factors, printed) if part) or None


def _sealing(tender: State) -> str:
    return f"密封投标，开启方式 {tender['profile']}，密封政策摘要 {tender['seal_policy_hash']}"


def tender_opened(process: Process, publisher: Publisher) -> Json:
    bids = process.rows("opened_bid")
    opened = moment(process.newest.time)
    tenderers = [who(bid) for bid in bids]
    lodged = len(bids) + process.newest.data.get("shut", 0)
    where = f"openings/{process.newest.subject_id}"
    minutes = document(publisher, "x_openingMinutes", "开标记录", where, "minutes")
    return {
        "tag": ["tenderUpdate"],
        "tender": tender_now(process, "active")
        | present(
            numberOfTenderers=len(tenderers),
            tenderers=tenderers,
            bidOpening={"date": opened, "description": "公开开标，记录可离线核验"},
            documents=[minutes],
        ),
        "bids": present(
            statistics=[
                _statistic("bids", lodged, opened),
                _statistic("bidders", len({bid["credit_code"] for bid in bids}), opened),
            ],
            details=[_bid(bid, "pending") for bid in bids],
        ),
    }


def review_concluded(process: Process, publisher: Publisher) -> Json:
    qualified = {row["credit_code"]: row["qualified"] for row in process.rows("qualification")}
    known = [bid for bid in process.rows("opened_bid") if bid["credit_code"] in qualified]
    passed = sum(qualified.values())
    told = moment(process.newest.time)
    return {
        "tag": ["tenderUpdate"],
        "tender": tender_now(process, "active"),
        "bids": {
            "statistics": [
                _statistic("validBids", passed, told),
                _statistic("qualifiedBidders", passed, told),
                _statistic("disqualifiedBidders", len(qualified) - passed, told),
            ],
            "details": [
                _bid(bid, "valid" if qualified[bid["credit_code"]] else "disqualified")
                for bid in known
            ],
        },
    }


def _bid(bid: State, status: str) -> Json:
    return present(
        id=bid["id"],
        date=moment(bid["received_at"]),
        status=status,
        tenderers=[who(bid)],
        value=amount(bid["price"]),
    )


def _statistic(measure: str, value: int, told: str) -> Json:
    return {"id": measure, "measure": measure, "value": value, "date": told}


def _day(instant: str) -> date:
    return day_of(datetime.fromisoformat(instant))
