"""Bodies of requests to the incubator, whole and valid; a test changes what it is about."""

from typing import Any

from tests.support.builders.registry import resident_id

SYSTEMS = ("admission", "working_mechanism", "staffing", "use_of_funds")


def base(**changed: Any) -> dict[str, Any]:
    return {
        "name": "惠济区社会工作服务机构孵化基地",
        "division": "410108005",
        "address": "迎宾路1号",
        **changed,
    }


def rule_document(system: str, in_force_from: str = "2026-03-02") -> dict[str, Any]:
    return {
        "system": system,
        "title": f"孵化基地管理制度（{system}）",
        "number": f"惠孵〔2026〕{SYSTEMS.index(system) + 1}号",
        "body": "第一条 为规范孵化基地管理，制定本制度。",
        "in_force_from": in_force_from,
    }


def budget(operation: str = "100000.00", activities: str = "60000.00") -> dict[str, Any]:
    return {
        "lines": [
            {"line": "daily_operation", "appropriation": operation},
            {"line": "administration", "appropriation": "40000.00"},
            {"line": "service_activities", "appropriation": activities},
        ]
    }


def venue(base_id: str, **changed: Any) -> dict[str, Any]:
    return {
        "base_id": base_id,
        "name": "203室",
        "kind": "office",
        "capacity": 6,
        "monthly_value": "1500.00",
        **changed,
    }


def admission_round(base_id: str, **changed: Any) -> dict[str, Any]:
    return {
        "base_id": base_id,
        "title": "2026年第一批",
        "places": 1,
        "closes_on": "2026-03-12",
        **changed,
    }


def seedling(**changed: Any) -> dict[str, Any]:
    """萌芽: a start-up for children left behind in villages."""
    return {
        "name": "惠济区新苗社会工作服务中心（筹）",
        "client_groups": ["rural_left_behind", "young_people"],
        "rural_focus_groups": ["left_behind_children"],
        "service_fields": ["educational_guidance"],
        "plan": "在古荥镇为农村留守儿童开展课后辅导和心理疏导。",
        **changed,
    }


def stay(candidate_id: str, **changed: Any) -> dict[str, Any]:
    return {
        "candidate_id": candidate_id,
        "tenancy": "physical",
        "starts_on": "2026-03-16",
        "ends_on": "2027-03-15",
        **changed,
    }


def founding_file(**changed: Any) -> dict[str, Any]:
    return {
        "name": {
            "division": "惠济区",
            "trade_name": "新苗",
            "field": "社会工作服务",
            "form": "中心",
        },
        "purpose": "以社会工作方法帮助农村留守儿童，助人自助。",
        "scope": "农村留守儿童课后辅导、心理疏导、家庭关系调适。",
        "methods": ["counselling", "relationship_adjustment", "resource_linkage"],
        "client_groups": ["rural_left_behind", "young_people"],
        "seat": {
            "division": "410108101",
            "address": "古荥镇文化路8号",
            "tenure": "leased",
            "lease_until": "2029-12-31",
        },
        "assets": [{"source": "李某捐资", "founder_kind": "donor_person", "amount": "50000.00"}],
        "people": [
            {
                "name": "李某",
                "resident_id": resident_id(901),
                "employment": "full_time",
                "body": "council",
                "head": True,
                "certificate": {
                    "level": "social_worker",
                    "number": "SW2024000901",
                    "obtained_on": "2024-11-20",
                },
            },
            {
                "name": "王某",
                "resident_id": resident_id(902),
                "employment": "full_time",
                "body": "council",
            },
            {
                "name": "赵某",
                "resident_id": resident_id(903),
                "employment": "full_time",
                "body": "council",
            },
            {"name": "孙某", "resident_id": resident_id(904), "body": "supervisors"},
        ],
        "materials": [
            {"kind": kind, "title": kind, "sha256": f"{number:064x}"}
            for number, kind in enumerate(
                [
                    "application_letter",
                    "seat_proof",
                    "capital_verification",
                    "head_identity",
                    "charter_draft",
                ],
                start=1,
            )
        ],
        **changed,
    }


def fund(**changed: Any) -> dict[str, Any]:
    return {
        "name": "社会工作服务机构扶持专项资金",
        "year": 2026,
        "source": "区级财政",
        "basis": "惠财预〔2026〕12号",
        **changed,
    }


def grant(fund_id: str, residency_id: str, **changed: Any) -> dict[str, Any]:
    return {
        "fund_id": fund_id,
        "residency_id": residency_id,
        "instrument": "subsidy_or_reward",
        "value": "20000.00",
        "basis": "孵化基地资金使用制度第三条",
        "purpose": "启动补贴",
        "period_from": "2026-03-16",
        "period_until": "2026-09-15",
        **changed,
    }
