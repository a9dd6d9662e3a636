"""Planning 计划: what is to be bought, for whose needs, and with what budget."""

from collections.abc import Mapping
from typing import Final

from services.procurement.disclosure.process import Process
from services.procurement.disclosure.stages.building_blocks import the_project
from services.procurement.disclosure.values import Json, Publisher, amount
from services.procurement.policy.codelists import BudgetKind

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


def project_planned(process: Process, publisher: Publisher) -> Json:
    return {"tag": ["planning"], "planning": planning(process)}


def project_budgeted(process: Process, publisher: Publisher) -> Json:
    first = process.told[0] is process.newest
    return {"tag": ["planning" if first else "planningUpdate"], "planning": planning(process)}


def project_withdrawn(process: Process, publisher: Publisher) -> Json:
    planning = {"rationale": f"采购项目已撤回。{_answered_needs(process)}"}
    return {"tag": ["planningUpdate"], "planning": planning}


def planning(process: Process) -> Json:
    project = the_project(process)
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
