"""The contract 合同 and its implementation: signed, evaluated, paid, over."""

from collections.abc import Mapping
from typing import Final

from services.procurement.disclosure.parties import supplier, the_buyer
from services.procurement.disclosure.process import Process, State
from services.procurement.disclosure.stages.building_blocks import (
    award_id,
    document,
    the_contract,
    the_item,
)
from services.procurement.disclosure.values import (
    Json,
    Publisher,
    amount,
    day_begun,
    moment,
    period,
    present,
    reference,
)
from services.procurement.policy.codelists import Result, Stage

STAGES: Final[Mapping[str, str]] = {Stage.MID: "中期评价", Stage.FINAL: "末期评价"}
RESULTS: Final[Mapping[str, str]] = {
    Result.EXCELLENT: "优秀",
    Result.GOOD: "良好",
    Result.BASIC: "基本合格",
    Result.FAILED: "不合格",
}
IMPLEMENTING: Final = frozenset({"consequence.imposed", "payment.released"})


def contract_signed(process: Process, publisher: Publisher) -> Json:
    contract = the_contract(process)
    notice = document(publisher, "contractNotice", "合同公告", "contracts", contract["id"])
    return {
        "tag": ["contract"],
        "contracts": [
            _contract_now(contract, "active")
            | present(
                title=contract["title"],
                dateSigned=day_begun(contract["signed_on"]),
                period=period(contract["starts_on"], contract["ends_on"]),
                value=amount(contract["amount"]),
                items=[the_item(process)],
                milestones=[_instalment(milestone) for milestone in contract["milestones"]],
                documents=[notice],
            )
        ],
    }


def contract_terminated(process: Process, publisher: Publisher) -> Json:
    contract = the_contract(process)
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
    contract = the_contract(process)
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
    contract = the_contract(process)
    order = payment["references"][-1]
    transaction = {
        "id": f"{payment['id']}-{len(payment['references'])}",
        "date": day_begun(order["on"]),
        "value": amount(order["amount"]),
        "payer": reference(the_buyer(process, publisher)),
        "payee": supplier(process, contract["credit_code"]),
    }
    sections = _implementing(process, {"transactions": [transaction]})
    if payment["paid"] == payment["amount"]:
        milestone = next(m for m in contract["milestones"] if m["number"] == payment["milestone"])
        met = _instalment(milestone) | {"status": "met", "dateMet": day_begun(order["on"])}
        sections["contracts"][0]["milestones"] = [met]
    return sections


def _implementing(process: Process, implementation: Json) -> Json:
    first = not any(told.kind in IMPLEMENTING for told in process.told[:-1])
    now = _contract_now(the_contract(process), "active")
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
    awarded = award_id(contract["award_id"], contract["credit_code"])
    return {"id": contract["id"], "awardID": awarded, "status": status}
