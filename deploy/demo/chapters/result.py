"""Step 8: the contract, its evaluations, and what follows from them: the loop of 6.1(9)."""

from typing import Any

from deploy.demo.chapters.registration import agency
from deploy.demo.stage import Answer, Stage

SIGNED = "2026-04-20T09:00:00+08:00"
BOTH = {"mid", "final"}
ITEMS = [
    {"code": "delivery", "title": "服务完成", "marks": "50", "measure": "judged"},
    {"code": "quality", "title": "专业质量", "marks": "30", "measure": "judged"},
    {
        "code": "satisfaction",
        "title": "服务对象满意度",
        "marks": "20",
        "measure": "satisfaction",
    },
]


def sign_contract(stage: Stage) -> None:
    """Drawn up by the purchaser, signed by the winner within thirty days (政府采购法 46)."""
    stage.move_to(SIGNED)
    contract = sign(stage)
    stage.story["contract"] = contract["id"]
    stage.tell.answered(f"合同金额 {contract['amount']} 元，其中人员 {contract['personnel']} 元")
    for part in contract["milestones"]:
        stage.tell.fact(
            f"第 {part['number']} 期 instalment {part['number']}：{part['title']}，"
            f"{part['due_on']}，{part['amount']} 元，待 {part['stage']} 评价结果放行"
        )


def perform(stage: Stage) -> None:
    """Evaluated mid-term and finally; each result releases its instalment; a service dies between."""
    contract = stage.story["contract"]
    mid = stage.until("evaluation hears of the contract", lambda: opened(stage, "mid"))
    evaluate(stage, mid, "2026-09-01", "45", "26.5")
    pay(stage, contract, 1)
    stage.kill("evaluation")
    final = stage.until("evaluation is back", lambda: opened(stage, "final"))
    evaluate(stage, final, "2026-12-31", "49", "29")
    pay(stage, contract, 2)
    show_record(stage)


def sign(stage: Stage) -> Answer:
    award = stage.story["award"]
    purchaser = stage.caller("purchaser")
    body = {
        "award_id": award["id"],
        "personnel": "60000.00",
        "starts_on": "2026-05-01",
        "ends_on": "2026-12-31",
        "milestones": [
            {"title": "中期", "due_on": "2026-08-31", "amount": "45000.00", "stage": "mid"},
            {"title": "末期", "due_on": "2026-12-31", "amount": "50000.00", "stage": "final"},
        ],
    }
    drawn_up = purchaser.ask("拟定合同 draws up the contract", "/procurement/v1/contracts", body)
    winner, _ = agency(stage, "chenguang")
    path = f"/procurement/v1/contracts/{drawn_up['id']}/signature"
    return winner.ask("签订合同 signs", path, on=drawn_up)


def opened(stage: Stage, part: str) -> Any:
    """The evaluation of one stage of the contract, opened by what procurement told."""
    listed = stage.caller("supervisor").look(
        "/evaluation/v1/performances", contract_id=stage.story["contract"]
    )
    return next((one for one in listed["items"] if one["stage"] == part), None)


def evaluate(stage: Stage, performance: Any, day: str, delivery: str, quality: str) -> None:
    """By the third party: judged items, and satisfaction from counts without names."""
    stage.move_to(f"{day}T09:00:00+08:00")
    office = stage.caller("supervisor")
    path = f"/evaluation/v1/performances/{performance['id']}"
    body = {"evaluator_id": stage.story["evaluator"], "items": ITEMS}
    assigned = office.do(f"{path}/assignment", body, on=office.look(path))
    scored = stage.caller("evaluator-1").ask(
        f"{performance['stage']} 评价打分 scores",
        f"{path}/score",
        scoring(day, delivery, quality),
        on=assigned,
    )
    stage.tell.answered(f"{scored['score']} 分 → {scored['result']}")
    office.ask("公布评价结果 announces the result", f"{path}/conclusion", on=scored)


def scoring(day: str, delivery: str, quality: str) -> dict[str, Any]:
    return {
        "scores": [
            {"item": "delivery", "marks": delivery, "evidence": "服务台账"},
            {"item": "quality", "marks": quality, "evidence": "个案记录抽查"},
        ],
        "survey": {
            "held_from": day,
            "held_until": day,
            "asked": 60,
            "very_satisfied": 30,
            "satisfied": 20,
            "neutral": 4,
            "dissatisfied": 1,
        },
        "opinion": "服务按计划进行。",
    }


def pay(stage: Stage, contract: str, number: int) -> None:
    """The agency applies; the evaluation's result clears it; finance records the treasury's number."""
    winner, _ = agency(stage, "chenguang")
    path = f"/procurement/v1/contracts/{contract}"
    applied = winner.ask(
        f"申请第 {number} 期付款 applies for instalment {number}",
        f"{path}/payments",
        {"milestone": number},
        on=winner.look(path),
    )
    payment = f"/procurement/v1/payments/{applied['id']}"
    finance = stage.caller("finance")
    due = stage.until("the result clears it", lambda: in_state(stage, payment, "due"))
    stage.tell.fact(
        f"评价结果放行 {due['cleared']} / {due['amount']} 元 cleared by event {due['cause_event']}"
    )
    order = {"external_reference": f"国库支付〔2026〕{number:04d}号"}
    paid = finance.ask("拨付 pays", f"{payment}/release", order, on=finance.look(payment))
    stage.must(paid["paid"] == paid["amount"], "the instalment is paid in full")
    stage.tell.answered(f"已付 paid {paid['paid']} 元（{order['external_reference']}）")


def in_state(stage: Stage, path: str, state: str) -> Answer | None:
    found = stage.caller("finance").look(path)
    return found if found["state"] == state else None


def show_record(stage: Stage) -> None:
    """What the next tender will see of the agency, each entry naming its cause."""
    code = stage.story["codes"]["chenguang"]
    path = f"/procurement/v1/suppliers/{code}/track-record"
    record = stage.until(
        "both results stand in the record",
        lambda: both(stage.caller("purchaser").look(path)),
    )
    stage.tell.asked(
        stage.labels["purchaser"], "查看履约记录 reads the track record", f"GET {path}"
    )
    for entry in record["consequences"]:
        told = f"{entry['kind']}（{entry['stage']} {entry['result']}）"
        cause = entry["cause"]
        stage.tell.answered(f"{told} ← {cause['source']} #{cause['position']} {cause['event']}")
    stage.tell.findings(record["verdict"]["findings"])
    show_standing(stage, code)
    results = {entry["stage"]: entry["result"] for entry in record["consequences"]}
    stage.story["summary"]["results 履约评价"] = "、".join(map(" ".join, results.items()))


def show_standing(stage: Stage, code: str) -> None:
    """The registry heard the same results: what the next tender will ask about the agency."""
    purchaser = stage.caller("purchaser")
    path = f"/registry/v1/agencies/{code}/standing"
    standing = stage.until(
        "both results stand in the agency's standing",
        lambda: known(purchaser.look(path)),
    )
    stage.tell.asked(purchaser.label, "下次采购将查询的机构状况 reads its standing", f"GET {path}")
    for one in standing["performance"]:
        stage.tell.answered(
            f"{one['stage']} {one['grade']}，{one['score']} 分，{one['concluded_on']} "
            f"← evaluation #{one['cause_position']} {one['cause_event']}"
        )


def known(standing: Answer) -> Answer | None:
    return standing if {one["stage"] for one in standing["performance"]} == BOTH else None


def both(record: Answer) -> Answer | None:
    return record if {c["stage"] for c in record["consequences"]} == BOTH else None
