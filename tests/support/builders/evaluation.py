"""Bodies of requests to the evaluation service, whole and valid; a test changes what it is about."""

import json
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import services.evaluation.reference
from tests.support.credit_codes import make_credit_code

MORNING_LIGHT = make_credit_code("52410108", 1)
"""惠济区晨光社会工作服务中心."""
FELLOWS = make_credit_code("52410108", 2)
"""惠济区同行社会工作服务中心."""
ASSESSORS = make_credit_code("52410100", 7)
"""中衡社会组织评估中心, the third-party body."""

_EXAMPLE = Path(services.evaluation.reference.__file__).with_name("example-scheme.json")


def scheme(**changed: Any) -> dict[str, Any]:
    return {**json.loads(_EXAMPLE.read_text()), **changed}


def leaves(of: dict[str, Any] | None = None) -> Iterator[tuple[str, Decimal]]:
    """Each leaf's code and full marks."""
    waiting = deepcopy((of or scheme())["tree"])
    while waiting:
        node = waiting.pop(0)
        if node.get("children"):
            waiting = node["children"] + waiting
        else:
            yield node["code"], Decimal(node["marks"])


def scores(total: Decimal | int) -> list[dict[str, str]]:
    """Marks for every leaf that come to `total`: full ones until it is used up."""
    left, found = Decimal(total), []
    for code, full in leaves():
        given = min(left, full)
        left -= given
        found.append({"leaf": code, "marks": str(given), "evidence": "档案第一卷"})
    return found


def self_sheet(total: Decimal | int = 780) -> dict[str, Any]:
    return {"scores": scores(total)}


def expert_sheet(total: Decimal | int, visited_on: str, *, gate: bool = True) -> dict[str, Any]:
    return {
        "visited_on": visited_on,
        "scores": scores(total),
        "gates": [{"gate": "party_organisation", "met": gate, "evidence": "批复文件"}],
        "opinion": "现场查看与材料一致。",
    }


def evaluator(**changed: Any) -> dict[str, Any]:
    return {
        "credit_code": ASSESSORS,
        "name": "中衡社会组织评估中心",
        "kind": "evaluation",
        "accredited_until": "2030-12-31",
        "basis": "第三方评估服务合同〔2025〕3号",
        "experts": [{"client_id": "expert-1", "name": "程专家"}],
        **changed,
    }


def committee(members: int = 7, **changed: Any) -> dict[str, Any]:
    return {
        "name": "惠济区社会组织评估委员会",
        "starts_on": "2025-01-01",
        "ends_on": "2029-12-31",
        "members": [
            {"client_id": f"member-{n}", "name": f"委员{n}"} for n in range(1, members + 1)
        ],
        **changed,
    }


def clean_record(**changed: Any) -> dict[str, Any]:
    return {
        "checked_on": "2025-10-10",
        "source": "信用中国查询记录",
        "penalty": "none",
        "penalty_unfinished": False,
        "under_investigation": False,
        **changed,
    }


def standing(credit_code: str = MORNING_LIGHT, **changed: Any) -> dict[str, Any]:
    """What the registry answers about an agency founded in 2023 and inspected twice."""
    return {
        "credit_code": credit_code,
        "name": "惠济区晨光社会工作服务中心",
        "on": "2025-10-09",
        "registered": True,
        "suspended": False,
        "category": "community_service",
        "registered_on": "2023-04-20",
        "two_consecutive_passes": True,
        "inspections": [
            {"year": 2023, "conclusion": "pass"},
            {"year": 2024, "conclusion": "pass"},
        ],
        "full_time_staff": 6,
        "qualified_staff": 2,
        **changed,
    }


def contract_signed(contract_id: str, **changed: Any) -> dict[str, Any]:
    """What procurement tells when a contract is signed."""
    return {
        "contract_id": contract_id,
        "tender_id": "0197f000-0000-7000-8000-00000000000a",
        "credit_code": MORNING_LIGHT,
        "amount": "480000.00",
        "starts_on": "2026-05-01",
        "ends_on": "2026-12-31",
        "title": "农村留守老人社会工作服务",
        "stages": ["mid", "final"],
        **changed,
    }


def project_items() -> list[dict[str, str]]:
    return [
        {"code": "delivery", "title": "服务完成", "marks": "50", "measure": "judged"},
        {"code": "quality", "title": "专业质量", "marks": "30", "measure": "judged"},
        {
            "code": "satisfaction",
            "title": "服务对象满意度",
            "marks": "20",
            "measure": "satisfaction",
        },
    ]


def scoring(delivery: str = "45", quality: str = "26.5", **survey: Any) -> dict[str, Any]:
    return {
        "scores": [
            {"item": "delivery", "marks": delivery, "evidence": "服务台账"},
            {"item": "quality", "marks": quality, "evidence": "个案记录抽查"},
        ],
        "survey": {
            "held_from": "2026-08-20",
            "held_until": "2026-08-25",
            "asked": 60,
            "very_satisfied": 20,
            "satisfied": 20,
            "neutral": 5,
            "dissatisfied": 5,
            **survey,
        },
        "opinion": "服务按计划进行。",
    }
