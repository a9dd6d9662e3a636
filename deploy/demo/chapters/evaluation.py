"""Step 3: a scheme of 1000 points, and two agencies graded 3A and 2A by the law of 2025."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from deploy.demo.chapters.registration import agency
from deploy.demo.identities import CITY, credit_code
from deploy.demo.stage import Answer, Stage

EXAMPLE_SCHEME = Path("services/evaluation/reference/example-scheme.json")
ASSESSORS = credit_code(7, CITY)
MEMBERS = range(1, 8)
RATED = {"chenguang": (735, "3A"), "tongxing": (650, "2A")}
APPLIED, ANNOUNCED = "2025-10-09", "2025-10-17"


def grade_agencies(stage: Stage) -> None:
    """Applied for, visited, voted on, put on notice and announced, under 民政部令第39号."""
    stage.move_to(f"{APPLIED}T09:00:00+08:00")
    office = stage.caller("supervisor")
    scheme = publish_scheme(stage)
    evaluator = accredit(stage)
    committee = office.do("/evaluation/v1/committees", committee_draft())
    stage.tell.fact("评估委员会 the committee has seven members; quorum is two thirds of them")
    rating = {
        client: rate(stage, client, marks, scheme, evaluator, committee["id"])
        for client, (marks, _) in RATED.items()
    }
    stage.move_to(f"{ANNOUNCED}T09:00:00+08:00")
    for client, path in rating.items():
        announced = office.ask("公布等级 announces", f"{path}/announcement", on=office.look(path))
        stage.tell.answered(
            f"{announced['agency_name']}：{announced['marks']} 分，{announced['grade']}"
        )
        stage.must(announced["grade"] == RATED[client][1], f"{client} is {RATED[client][1]}")
    stage.story["evaluator"] = evaluator
    show_validity(stage)
    stage.story["summary"]["grades 等级"] = "晨光 3A、同行 2A"


def publish_scheme(stage: Stage) -> Any:
    office = stage.caller("supervisor")
    body = json.loads(EXAMPLE_SCHEME.read_text())
    drafted = office.do("/evaluation/v1/schemes", body)
    path = f"/evaluation/v1/schemes/{drafted['id']}"
    office.ask("公布评估指标（1000分）publishes the scheme", f"{path}/publication", on=drafted)
    return body | {"id": drafted["id"]}


def accredit(stage: Stage) -> str:
    """A third-party body with its own client."""
    stage.bind_organisations({"evaluator-1": ASSESSORS})
    body = {
        "credit_code": ASSESSORS,
        "name": "中衡社会组织评估中心",
        "kind": "evaluation",
        "accredited_until": "2030-12-31",
        "basis": "第三方评估服务合同〔2025〕3号",
        "experts": [{"client_id": "evaluator-1", "name": "程专家"}],
    }
    return str(stage.caller("supervisor").do("/evaluation/v1/evaluators", body)["id"])


def committee_draft() -> dict[str, Any]:
    return {
        "name": "惠济区社会组织评估委员会",
        "starts_on": "2025-01-01",
        "ends_on": "2029-12-31",
        "members": [{"client_id": f"panellist-{n}", "name": f"委员{n}"} for n in MEMBERS],
    }


def rate(stage: Stage, client: str, marks: int, scheme: Any, evaluator: str, committee: str) -> str:
    """From the application to public notice; the path of the assessment."""
    own, code = agency(stage, client)
    office, experts = stage.caller("supervisor"), stage.caller("evaluator-1")
    applied = own.ask(
        "申请评估 applies to be rated", "/evaluation/v1/assessments", {"scheme_id": scheme["id"]}
    )
    path = f"/evaluation/v1/assessments/{applied['id']}"
    sheet = {"scores": scores(scheme, marks)}
    read = own.do(f"{path}/sheets/self", sheet, on=applied, method="PUT")
    read = office.do(f"{path}/acceptance", clean_record(), on=read)
    read = office.do(f"{path}/assignment", {"evaluator_id": evaluator}, on=read)
    read = experts.do(f"{path}/sheets/expert", visit(scheme, marks), on=read, method="PUT")
    read = office.do(f"{path}/ballot", {"committee_id": committee}, on=read)
    for member in MEMBERS[:-1]:
        stage.caller(f"panellist-{member}").do(f"{path}/votes", {"choice": "for"})
    decided = decide(stage, path, code)
    stage.tell.answered(f"{decided['marks']} / 1000 分，拟评 proposed: {decided['proposed_grade']}")
    noticed = office.ask("公示 puts the result on public notice", f"{path}/notice", on=decided)
    stage.tell.answered(f"公示期至 on notice until {noticed['notice_ends_on']}")
    return path


def decide(stage: Stage, path: str, code: str) -> Answer:
    """The ballot of six of seven, with what the vote had to reach."""
    office = stage.caller("supervisor")
    decided = office.ask(f"{code} 计票 closes the ballot", f"{path}/decision", on=office.look(path))
    subject = path.rsplit("/", 1)[1]
    history = stage.caller("auditor").look(f"/evaluation/v1/history/assessment/{subject}")
    verdict = history["items"][-1]["detail"]["verdict"]
    stage.tell.findings(verdict["findings"])
    return decided


def leaves(scheme: Any) -> Iterator[tuple[str, Decimal]]:
    """Each leaf's code and full marks."""
    waiting = list(scheme["tree"])
    while waiting:
        node = waiting.pop(0)
        if node.get("children"):
            waiting = node["children"] + waiting
        else:
            yield node["code"], Decimal(node["marks"])


def scores(scheme: Any, total: int) -> list[dict[str, str]]:
    """Marks for every leaf that come to `total`."""
    left, found = Decimal(total), []
    for code, full in leaves(scheme):
        given = min(left, full)
        left -= given
        found.append({"leaf": code, "marks": str(given), "evidence": "档案第一卷"})
    return found


def clean_record() -> dict[str, Any]:
    return {
        "checked_on": APPLIED,
        "source": "信用中国查询记录",
        "penalty": "none",
        "penalty_unfinished": False,
        "under_investigation": False,
    }


def visit(scheme: Any, marks: int) -> dict[str, Any]:
    return {
        "visited_on": APPLIED,
        "scores": scores(scheme, marks),
        "gates": [{"gate": "party_organisation", "met": True, "evidence": "批复文件"}],
        "opinion": "现场查看与材料一致。",
    }


def show_validity(stage: Stage) -> None:
    """A grade of 2025 keeps the old law's end, also when it is asked for under the new law."""
    for client, (_, grade) in RATED.items():
        own, code = agency(stage, client)
        found = own.read(
            "2026-03-10 的等级 its grade then",
            f"/evaluation/v1/agencies/{code}/grade",
            on="2026-03-10",
        )
        stage.tell.answered(
            f"{found['grade']}，{found['valid_from']} – {found['valid_until']}（{found['law']}）"
        )
        stage.must(found["grade"] == grade, f"{code} holds {grade}")
        stage.must(found["valid_until"].startswith("2030-10-"), "five years from the decision")
