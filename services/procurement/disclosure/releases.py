"""Each kind of event as an OCDS release: a plain function from the process so far to a document.

A release says what became public with its event and repeats nothing else, save the organisations
it names and the status of what it touches. Nothing about a bidder is read before the opening, and
nothing about a winner before the notice.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from services.procurement.disclosure.process import Process, State
from services.procurement.disclosure.values import (
    Json,
    Publisher,
    amount,
    day_begun,
    moment,
    organisation,
    party_id,
    period,
    present,
    reference,
)
from services.procurement.policy.codelists import BudgetKind, Ground, Method, Result, Stage
from shared.codelists import HUIJI_62, PolicyCode, PurchasableMatter, ServiceMethod
from shared.days import day_of

Telling = Callable[[Process, Publisher], Json | None]
"""What a kind of event adds to its release: the tags and the sections; None when nothing."""

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
BUDGET_KINDS: Final[Mapping[str, str]] = {
    BudgetKind.PAY: "薪酬待遇",
    BudgetKind.TRAINING: "培训",
    BudgetKind.SOCIAL_INSURANCE: "社会保险",
    BudgetKind.HOUSING_FUND: "住房公积金",
    BudgetKind.ACCIDENT_INSURANCE: "意外伤害保险",
    BudgetKind.ACTIVITY: "活动经费",
    BudgetKind.MATERIALS: "物资",
    BudgetKind.MANAGEMENT: "管理费",
    BudgetKind.TAX: "税费",
    BudgetKind.OTHER: "其他",
}
STAGES: Final[Mapping[str, str]] = {Stage.MID: "中期评价", Stage.FINAL: "末期评价"}
RESULTS: Final[Mapping[str, str]] = {
    Result.EXCELLENT: "优秀",
    Result.GOOD: "良好",
    Result.BASIC: "基本合格",
    Result.FAILED: "不合格",
}
IMPLEMENTING: Final = frozenset({"consequence.imposed", "payment.released"})


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
        "parties": _parties(process, publisher, sections),
        "buyer": reference(_buyer(process, publisher)),
        **sections,
    }


# --- planning 计划 ---------------------------------------------------------------------------------


def project_planned(process: Process, publisher: Publisher) -> Json:
    return {"tag": ["planning"], "planning": _planning(process)}


def project_budgeted(process: Process, publisher: Publisher) -> Json:
    first = process.told[0] is process.newest
    return {"tag": ["planning" if first else "planningUpdate"], "planning": _planning(process)}


def project_withdrawn(process: Process, publisher: Publisher) -> Json:
    planning = {"rationale": f"采购项目已撤回。{_answered_needs(process)}"}
    return {"tag": ["planningUpdate"], "planning": planning}


def _planning(process: Process) -> Json:
    project = _project(process)
    return {
        "rationale": f"{_answered_needs(process)}{project['description']}",
        "budget": {
            "id": project["id"],
            "description": project["title"],
            "project": project["title"],
            "projectID": project["id"],
            "amount": amount(project["budget"]),
            "budgetBreakdown": [
                {
                    "id": str(line["number"]),
                    "description": f"{BUDGET_KINDS[line['kind']]}：{line['purpose']}",
                    "amount": amount(line["amount"]),
                }
                for line in project["budget_lines"]
            ],
        },
    }


def _answered_needs(process: Process) -> str:
    if not process.needs:
        return ""
    titles = "、".join(need["title"] for need in process.needs)
    people = sum(need["people"] for need in process.needs)
    return f"回应需求 {len(process.needs)} 项（{titles}），涉及 {people} 人。"


# --- the tender 采购公告 ---------------------------------------------------------------------------


def tender_published(process: Process, publisher: Publisher) -> Json:
    tender = _tender(process)
    method, method_zh = METHODS[tender["method"]]
    sections: Json = {
        "tag": ["tender"],
        "tender": present(
            id=tender["id"],
            title=tender["title"],
            description=tender["description"],
            status="active",
            procuringEntity=reference(_buyer(process, publisher)),
            items=[_item(process)],
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
            documents=[_document(publisher, "tenderNotice", "采购公告", "tenders", tender["id"])],
        ),
    }
    if process.before is not None:
        sections["tag"] = ["planning", "tender"]
        sections["planning"] = _planning(process)
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
        "tender": _tender_now(process, "active") | present(documents=[sealed] if root else None),
    }


def tender_cancelled(process: Process, publisher: Publisher) -> Json | None:
    if process.first("tender.published") is None:
        return None  # a draft that nobody outside has seen
    return {
        "tag": ["tenderCancellation"],
        "tender": _tender_now(process, "cancelled") | {"amendments": [_why_ended(process)]},
    }


def tender_failed(process: Process, publisher: Publisher) -> Json:
    return {
        "tag": ["tenderUpdate"],
        "tender": _tender_now(process, "unsuccessful") | {"amendments": [_why_ended(process)]},
    }


def _why_ended(process: Process) -> Json:
    return present(
        id=f"ended-{process.newest.id}",
        date=moment(process.newest.time),
        rationale=_tender(process)["ended_because"],
    )


def _failed_before(process: Process) -> Json:
    return {
        "id": "1",
        "relationship": ["unsuccessfulProcess"],
        "title": "前一次采购未成功",
        "scheme": "ocid",
        "identifier": process.before,
    }


def _item(process: Process) -> Json:
    project = _project(process)
    posts = {"quantity": project["posts"], "unit": {"name": "岗位"}} if project["posts"] else {}
    divisions = sorted({need["division"] for need in process.needs})
    where = {
        "description": "、".join(divisions),
        "gazetteer": {"scheme": "CN-GBT-10114", "identifiers": divisions},
    }
    return present(
        id="1",
        description=project["title"],
        classification=_classified(PurchasableMatter(project["matter"])),
        additionalClassifications=[
            _classified(ServiceMethod(method)) for method in project["service_methods"]
        ],
        deliveryLocation=where if divisions else None,
        **posts,
    )


def _classified(code: PolicyCode) -> Json:
    clause = code.clause
    scheme = f"{clause.source} {clause.number}"
    return {"scheme": scheme, "id": code.value, "description": code.name_zh}


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


# --- the opening and the review 开标、资格审查 -------------------------------------------------------


def tender_opened(process: Process, publisher: Publisher) -> Json:
    bids = process.rows("opened_bid")
    opened = moment(process.newest.time)
    tenderers = [_who(bid) for bid in bids]
    lodged = len(bids) + process.newest.data.get("shut", 0)
    where = f"openings/{process.newest.subject_id}"
    minutes = _document(publisher, "x_openingMinutes", "开标记录", where, "minutes")
    return {
        "tag": ["tenderUpdate"],
        "tender": _tender_now(process, "active")
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
        "tender": _tender_now(process, "active"),
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
        tenderers=[_who(bid)],
        value=amount(bid["price"]),
    )


def _statistic(measure: str, value: int, told: str) -> Json:
    return {"id": measure, "measure": measure, "value": value, "date": told}


# --- the award 中标、成交结果 -----------------------------------------------------------------------


def award_announced(process: Process, publisher: Publisher) -> Json:
    award = _award(process)
    tender = _tender(process)
    bid = next(
        (b for b in process.rows("opened_bid") if b["credit_code"] == award["credit_code"]), None
    )
    return {
        "tag": ["award"],
        "tender": _tender_now(process, "complete"),
        "awards": [
            _award_now(process, "active")
            | present(
                title=tender["title"],
                description=_ranked(process, award),
                date=day_begun(award["decided_on"]),
                value=amount(award["price"]),
                suppliers=[_supplier(process, award["credit_code"])],
                items=[_item(process)],
                contractPeriod=period(tender["starts_on"], tender["ends_on"]),
                relatedBid=bid["id"] if bid else None,
                documents=[_document(publisher, "awardNotice", "结果公告", "awards", award["id"])],
            )
        ],
    }


def award_refused(process: Process, publisher: Publisher) -> Json:
    refusal = _award(process)["refusals"][-1]
    why = f"中标人未签订合同：{refusal['reason']}"
    return {
        "tag": ["awardCancellation"],
        "tender": _tender_now(process, "active"),
        "awards": [_award_now(process, "cancelled") | {"description": why}],
    }


def _award_now(process: Process, status: str) -> Json:
    """Each decision is an award of its own: after a refusal the next candidate gets a new one."""
    award = _award(process)
    return {"id": award_id(award), "status": status}


def award_id(award: State) -> str:
    return f"{award['id']}-{award['credit_code']}"


def _ranked(process: Process, award: State) -> str:
    places = (
        f"{place['place']}. {_name(process, place['credit_code'])}，报价 {place['price']} 元，"
        f"总分 {place['total']}"
        for place in award["ranking"]
    )
    return "评审排序：" + "；".join(places)


# --- the contract 合同 ------------------------------------------------------------------------------


def contract_signed(process: Process, publisher: Publisher) -> Json:
    contract = _contract(process)
    notice = _document(publisher, "contractNotice", "合同公告", "contracts", contract["id"])
    return {
        "tag": ["contract"],
        "contracts": [
            _contract_now(contract, "active")
            | present(
                title=contract["title"],
                dateSigned=day_begun(contract["signed_on"]),
                period=period(contract["starts_on"], contract["ends_on"]),
                value=amount(contract["amount"]),
                items=[_item(process)],
                milestones=[_instalment(milestone) for milestone in contract["milestones"]],
                documents=[notice],
            )
        ],
    }


def contract_terminated(process: Process, publisher: Publisher) -> Json:
    contract = _contract(process)
    ended = {
        "id": f"ended-{process.newest.id}",
        "date": moment(process.newest.time),
        "rationale": contract["ended_because"],
    }
    return {
        "tag": ["contractTermination"],
        "contracts": [_contract_now(contract, "terminated") | {"amendments": [ended]}],
    }


def contract_completed(process: Process, publisher: Publisher) -> Json:
    contract = _contract(process)
    ended = {
        "endDate": moment(process.newest.time),
        "endDateDetails": "服务验收完毕，款项付清",
        "finalValue": amount(contract["amount"]),
    }
    return {
        "tag": ["contractTermination"],
        "contracts": [_contract_now(contract, "terminated") | {"implementation": ended}],
    }


def consequence_imposed(process: Process, publisher: Publisher) -> Json | None:
    """The result of an evaluation; told once, with the first consequence that it has."""
    consequence = process.newest.after
    cause = consequence["cause_event"]
    if any(told.after.get("cause_event") == cause for told in process.told[:-1]):
        return None
    assessed = {
        "id": f"evaluation-{consequence['stage']}",
        "title": STAGES[consequence["stage"]],
        "type": "assessment",
        "description": f"评价结果：{RESULTS[consequence['result']]}",
        "dateMet": day_begun(consequence["concluded_on"]),
        "status": "notMet" if consequence["result"] == Result.FAILED else "met",
    }
    return _implementing(process, {"milestones": [assessed]})


def payment_released(process: Process, publisher: Publisher) -> Json:
    payment = process.newest.after
    contract = _contract(process)
    order = payment["references"][-1]
    transaction = {
        "id": f"{payment['id']}-{len(payment['references'])}",
        "date": day_begun(order["on"]),
        "value": amount(order["amount"]),
        "payer": reference(_buyer(process, publisher)),
        "payee": _supplier(process, contract["credit_code"]),
    }
    sections = _implementing(process, {"transactions": [transaction]})
    if payment["paid"] == payment["amount"]:
        milestone = next(m for m in contract["milestones"] if m["number"] == payment["milestone"])
        met = _instalment(milestone) | {"status": "met", "dateMet": day_begun(order["on"])}
        sections["contracts"][0]["milestones"] = [met]
    return sections


def _implementing(process: Process, implementation: Json) -> Json:
    first = not any(told.kind in IMPLEMENTING for told in process.told[:-1])
    now = _contract_now(_contract(process), "active")
    return {
        "tag": ["implementation" if first else "implementationUpdate"],
        "contracts": [now | {"implementation": implementation}],
    }


def _instalment(milestone: State) -> Json:
    waits = f"，待{STAGES[milestone['stage']]}" if milestone["stage"] else ""
    return {
        "id": str(milestone["number"]),
        "title": milestone["title"],
        "type": "payment",
        "description": f"{milestone['amount']} 元{waits}",
        "dueDate": day_begun(milestone["due_on"]),
        "status": "scheduled",
    }


def _contract_now(contract: State, status: str) -> Json:
    awarded = f"{contract['award_id']}-{contract['credit_code']}"
    return {"id": contract["id"], "awardID": awarded, "status": status}


# --- the shapes they share -------------------------------------------------------------------------


def _project(process: Process) -> State:
    return _there(process, "project")


def _tender(process: Process) -> State:
    return _there(process, "tender")


def _award(process: Process) -> State:
    return _there(process, "award")


def _contract(process: Process) -> State:
    """The contract that the newest event is about."""
    newest = process.newest
    if newest.subject == "contract":
        return newest.after
    contract = process.thing("contract", newest.after["contract_id"])
    if contract is None:
        raise LookupError(f"{newest.kind} of {process.ocid} was told before its contract")
    return contract


def _there(process: Process, subject: str) -> State:
    state = process.state_of(subject)
    if state is None:
        raise LookupError(f"{process.newest.kind} of {process.ocid} was told before its {subject}")
    return state


def _tender_now(process: Process, status: str) -> Json:
    return {"id": _tender(process)["id"], "status": status}


def _document(publisher: Publisher, kind: str, title: str, where: str, thing: str) -> Json:
    return {
        "id": f"{kind}-{thing}",
        "documentType": kind,
        "title": title,
        "url": f"{publisher.base}/procurement/v1/{where}/{thing}",
        "format": "application/json",
        "language": "zh",
    }


def _day(instant: str) -> date:
    return day_of(datetime.fromisoformat(instant))


def _supplier(process: Process, credit_code: str) -> Json:
    return {"id": party_id(credit_code), "name": _name(process, credit_code)}


def _who(bid: State) -> Json:
    return {"id": party_id(bid["credit_code"]), "name": bid["name"]}


def _name(process: Process, credit_code: str) -> str:
    named = (b["name"] for b in process.rows("opened_bid") if b["credit_code"] == credit_code)
    return next(named, credit_code)


def _buyer(process: Process, publisher: Publisher) -> Json:
    """The purchasing office: the bureau itself unless another organisation planned the project."""
    code = _project(process)["owner_org"]
    if code is None or code == publisher.credit_code:
        code = publisher.credit_code
        name = publisher.name
    else:
        name = code
    roles = ["buyer", "procuringEntity", "payer"]
    if code is None:
        return {"id": "buyer", "name": name, "roles": roles}
    return organisation(code, name, roles)


def _parties(process: Process, publisher: Publisher, sections: Json) -> Sequence[Json]:
    """The buyer and every organisation the release names, each with all its roles so far."""
    buyer = _buyer(process, publisher)
    named = {each["id"]: each for each in _references(sections) if each["id"] != buyer["id"]}
    return [
        buyer,
        *(
            organisation(
                code := named_id.partition("-USCC-")[2], each["name"], _roles(process, code)
            )
            for named_id, each in named.items()
        ),
    ]


def _roles(process: Process, credit_code: str) -> list[str]:
    roles = []
    if any(bid["credit_code"] == credit_code for bid in process.rows("opened_bid")):
        roles.append("tenderer")
    if any(
        told.after.get("credit_code") == credit_code
        for told in process.told
        if told.kind == "award.announced"
    ):
        roles.append("supplier")
    contract = process.state_of("contract")
    if contract is not None and contract["credit_code"] == credit_code:
        roles.append("payee")
    return roles


def _references(value: Any) -> Sequence[Json]:
    """Every organisation that is referred to anywhere in the sections."""
    if isinstance(value, dict):
        found = [] if not _is_reference(value) else [value]
        return found + [each for item in value.values() for each in _references(item)]
    if isinstance(value, list):
        return [each for item in value for each in _references(item)]
    return []


def _is_reference(value: Json) -> bool:
    return set(value) == {"id", "name"} and str(value["id"]).startswith(party_id(""))


RELEASES: Final[Mapping[str, Telling]] = {
    "project.planned": project_planned,
    "project.budgeted": project_budgeted,
    "project.withdrawn": project_withdrawn,
    "tender.published": tender_published,
    "tender.closed": tender_closed,
    "tender.opened": tender_opened,
    "review.concluded": review_concluded,
    "tender.failed": tender_failed,
    "tender.cancelled": tender_cancelled,
    "award.announced": award_announced,
    "award.refused": award_refused,
    "contract.signed": contract_signed,
    "consequence.imposed": consequence_imposed,
    "payment.released": payment_released,
    "contract.completed": contract_completed,
    "contract.terminated": contract_terminated,
}
