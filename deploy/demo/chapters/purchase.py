"""Step 4: from the need to a published tender, past every refusal on the way."""

from typing import Any

from deploy.demo.chapters import sealed_bids
from deploy.demo.stage import Answer, Stage

PUBLISHED = "2026-03-02"
NINETEEN_DAYS = "2026-03-21T01:30:00Z"
TWENTY_DAYS = "2026-03-22T01:30:00Z"
DEADLINE = "2026-03-30T01:30:00Z"


def publish_tender(stage: Stage) -> None:
    """59.99 % is refused and 60 % passes; 19 days are refused and 20 pass; so is a closed method."""
    stage.move_to(f"{PUBLISHED}T09:00:00+08:00")
    sealed_bids.appoint_custodians(stage)
    planned = plan(stage)
    path, drafted = draft(stage, planned["id"])
    purchaser = stage.caller("purchaser")

    what = "人员经费 59.99 %：公告 publishes with 59.99 % for staff"
    dry = purchaser.try_out(what, f"{path}/publication", on=drafted)
    stage.must(dry["outcome"] == "refused", "59.99 % would be refused")
    purchaser.refused(what, f"{path}/publication", clause="3.2(9)", on=drafted)
    correct_budget(stage, planned)

    drafted = change(stage, path, planned["id"], closes_at=NINETEEN_DAYS)
    what = "距截止 19 天：公告 publishes 19 days before the deadline"
    purchaser.refused(what, f"{path}/publication", clause="35", on=drafted)

    drafted = change(stage, path, planned["id"], closes_at=TWENTY_DAYS)
    what = "人员经费 60 %、距截止 20 天：公告 publishes with 60 %, 20 days before the deadline"
    dry = purchaser.try_out(what, f"{path}/publication", on=drafted)
    stage.must(dry["outcome"] == "accepted", "60 % and twenty days pass")
    show_met(stage, dry, "3.2(9)", "35")

    drafted = change(stage, path, planned["id"], method="invited_tender")
    what = "邀请招标而无理由：公告 publishes a closed method without a ground"
    purchaser.refused(what, f"{path}/publication", clause="6.1(6)", on=drafted)

    drafted = change(stage, path, planned["id"])
    what = "60 %、28 天、公开招标：公告 publishes"
    published = purchaser.ask(what, f"{path}/publication", on=drafted)
    show_notice(stage, published)
    stage.story["tender"] = published["id"]


def show_met(stage: Stage, dry: Answer, *clauses: str) -> None:
    """The findings of these clauses, each of them met."""
    found = [f for f in dry["findings"] if f["clause"]["number"] in clauses]
    stage.must({f["outcome"] for f in found} == {"met"}, f"{clauses} are met")
    stage.tell.findings(found)


def plan(stage: Stage) -> Answer:
    """A street's need becomes a project with a budget, one fen short of 60 % per hundred yuan."""
    need = {
        "division": "410108101",
        "title": "留守儿童课后陪伴",
        "description": "四个村的留守儿童放学后无人照看",
        "client_group": "rural_left_behind",
        "rural_focus_group": "left_behind_children",
        "people": 126,
        "found_on": "2026-01-15",
    }
    street = stage.caller("street-officer")
    recorded = street.ask("记录需求 records a need", "/procurement/v1/needs", need)
    project = {
        "title": "古荥镇留守儿童关爱服务",
        "description": "在四个村开展课后陪伴与家庭辅导",
        "purchase_kind": "project",
        "matter": "social_welfare",
        "service_methods": ["humane_care", "counselling"],
        "need_ids": [recorded["id"]],
        "budget_lines": budget("59990.00", "40010.00"),
    }
    purchaser = stage.caller("purchaser")
    return purchaser.ask("据此立项 plans a project", "/procurement/v1/projects", project)


def budget(personnel: str, other: str) -> list[dict[str, Any]]:
    return [
        {"kind": "pay", "purpose": "社工薪酬", "amount": personnel},
        {"kind": "activity", "purpose": "小组与社区活动", "amount": other},
    ]


def correct_budget(stage: Stage, planned: Answer) -> None:
    path = f"/procurement/v1/projects/{planned['id']}"
    purchaser = stage.caller("purchaser")
    body = {"budget_lines": budget("60000.00", "40000.00")}
    what = "把人员经费改为 60 % raises it to 60 %"
    purchaser.ask(what, f"{path}/budget", body, on=purchaser.look(path), method="PUT")


def tender_document(project_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "project_id": project_id,
        "title": "古荥镇留守儿童关爱服务采购",
        "description": "采购一年期专业社会工作服务",
        "closes_at": DEADLINE,
        "starts_on": "2026-05-01",
        "ends_on": "2026-12-31",
        "conditions": [
            {
                "code": "certified-lead",
                "title": "项目负责人持有社会工作师证书",
                "measure": "staffing",
            }
        ],
        "factors": [
            {"code": "price", "title": "报价", "measure": "price", "points": 10},
            {"code": "plan", "title": "服务方案", "measure": "service_plan", "points": 60},
            {
                "code": "results",
                "title": "以往成效",
                "measure": "capacity_and_results",
                "points": 30,
            },
        ],
        "profile": "2-of-3",
        **changes,
    }


def draft(stage: Stage, project_id: str) -> tuple[str, Answer]:
    document = tender_document(project_id)
    purchaser = stage.caller("purchaser")
    drafted = purchaser.ask("编制招标文件 drafts the tender", "/procurement/v1/tenders", document)
    return f"/procurement/v1/tenders/{drafted['id']}", drafted


def change(stage: Stage, path: str, project_id: str, **changes: Any) -> Answer:
    purchaser = stage.caller("purchaser")
    document = tender_document(project_id, **changes)
    return purchaser.do(path, document, on=purchaser.look(path), method="PUT")


def show_notice(stage: Stage, published: Answer) -> None:
    stage.tell.answered(
        f"截止 closes {published['closes_at']}，预算 budget {published['budget']} 元"
    )
    stage.tell.fact(
        f"密封策略 seal policy {published['seal_policy_hash']} ({published['profile']})"
    )
    rule = published["priority_rule"]
    stage.tell.fact(f"同分时 in a tie: {rule['text']['zh']}（{rule['clause']}）")
