"""Step 9: the district's one base; a start-up for children left behind grows up in it."""

from typing import Any

from deploy.demo.chapters.registration import MATERIALS, certify, person, show_conditions
from deploy.demo.identities import credit_code
from deploy.demo.stage import Answer, Caller, Stage

OPENED = "2026-05-06"
RANKED = "2026-05-18"
GRADUATED = "2026-08-14"
SYSTEMS = {
    "admission": "准入制度",
    "working_mechanism": "工作机制",
    "staffing": "人员配置",
    "use_of_funds": "资金使用",
}


def grow(stage: Stage) -> None:
    """Ranked by the lists of 3.1, taken in, given a room and a subsidy, graduated, registered."""
    stage.move_to(f"{OPENED}T09:00:00+08:00")
    base = open_base(stage)
    candidate = admit(stage, base)
    residency = take_in(stage, base, candidate)
    support(stage, base, residency)
    stage.move_to(f"{GRADUATED}T09:00:00+08:00")
    graduate(stage, residency)
    be_born(stage, residency)


def step(stage: Stage, who: str, path: str, body: Any = None, *, method: str = "POST") -> Answer:
    """Change what stands at `path`'s first part, in its newest version."""
    service, kind, aggregate = path.strip("/").split("/")[0], *path.strip("/").split("/")[2:4]
    read = stage.caller("auditor").look(f"/{service}/v1/{kind}/{aggregate}")
    return stage.caller(who).do(path, body, on=read, method=method)


def open_base(stage: Stage) -> str:
    """The base admits nobody before its rules of admission and of funds are in force (3.1(6))."""
    manager = stage.caller("incubator-manager")
    body = {
        "name": "惠济区社会工作服务机构孵化基地",
        "division": "410108005",
        "address": "迎宾路1号",
    }
    base = manager.ask("设立孵化基地 sets up the base", "/incubator/v1/bases", body)
    path = f"/incubator/v1/bases/{base['id']}"
    step(stage, "incubator-manager", f"{path}/opening")
    early = manager.try_out(
        "制度未定先招募 opens a round too early", "/incubator/v1/rounds", round_of(base["id"])
    )
    stage.must(early["outcome"] == "refused", "no round before the rules are in force")
    for number, (system, title) in enumerate(SYSTEMS.items(), start=1):
        document = {
            "system": system,
            "title": f"孵化基地{title}",
            "number": f"惠孵〔2026〕{number}号",
            "body": "第一条 为规范孵化基地管理，制定本制度。",
            "in_force_from": OPENED,
        }
        step(stage, "incubator-manager", f"{path}/rule-documents", document)
    stage.tell.fact("四项制度 four rule documents: " + "、".join(SYSTEMS.values()))
    return str(base["id"])


def round_of(base: str) -> dict[str, Any]:
    return {"base_id": base, "title": "2026年第一批", "places": 1, "closes_on": "2026-05-15"}


def admit(stage: Stage, base: str) -> str:
    """Two apply for one place; the lists rank before the panel's score."""
    manager = stage.caller("incubator-manager")
    opened = manager.ask("开放招募 opens a round", "/incubator/v1/rounds", round_of(base))
    path = f"/incubator/v1/rounds/{opened['id']}"
    ours = enter(stage, "startup", path, seedling(), 80)
    enter(stage, "startup-2", path, companion(), 92)
    stage.move_to(f"{RANKED}T09:00:00+08:00")
    step(stage, "incubator-manager", f"{path}/ranking")
    step(stage, "incubator-manager", f"{path}/decision")
    found = manager.read("排名 ranking", f"{path}/ranking")
    for place in found["ranking"]:
        explanation = place["explanation"]
        stage.tell.answered(f"{place['place']}. {place['name']}：{explanation['reason']['zh']}")
        stage.tell.findings(explanation["findings"])
    stage.must(found["ranking"][0]["state"] == "chosen", "the first is chosen")
    stage.must("新苗" in found["ranking"][0]["name"], "新苗 is first by the lists of 3.1")
    return ours


def enter(stage: Stage, who: str, path: str, body: dict[str, Any], score: int) -> str:
    applied = stage.caller(who).ask("申请入驻 applies", f"{path}/candidates", body)
    candidate = f"/incubator/v1/candidates/{applied['id']}"
    check = {"fit": True, "note": "材料齐全"}
    step(stage, "incubator-manager", f"{candidate}/check", check)
    given = {"score": score, "opinion": "方案可行"}
    step(stage, "incubator-manager", f"{candidate}/score", given, method="PUT")
    return str(applied["id"])


def seedling() -> dict[str, Any]:
    return {
        "name": "惠济区新苗社会工作服务中心（筹）",
        "client_groups": ["rural_left_behind", "young_people"],
        "rural_focus_groups": ["left_behind_children"],
        "service_fields": ["educational_guidance"],
        "plan": "在古荥镇为农村留守儿童开展课后辅导和心理疏导。",
    }


def companion() -> dict[str, Any]:
    return {
        "name": "惠济区长者陪伴社会工作服务中心（筹）",
        "client_groups": ["older_people"],
        "service_fields": [],
        "plan": "为独居老人提供陪伴服务。",
    }


def take_in(stage: Stage, base: str, candidate: str) -> str:
    manager = stage.caller("incubator-manager")
    body = {
        "candidate_id": candidate,
        "tenancy": "physical",
        "starts_on": RANKED,
        "ends_on": "2027-05-17",
    }
    begun = manager.ask("入驻 takes it in", "/incubator/v1/residencies", body)
    room = {
        "base_id": base,
        "name": "203室",
        "kind": "office",
        "capacity": 6,
        "monthly_value": "1500.00",
    }
    venue = manager.do("/incubator/v1/venues", room)
    allocation = {"residency_id": begun["id"], "starts_on": RANKED, "ends_on": "2026-11-17"}
    path = f"/incubator/v1/venues/{venue['id']}/allocations"
    manager.ask("分配 203 室 gives it room 203", path, allocation)
    return str(begun["id"])


def support(stage: Stage, base: str, residency: str) -> None:
    """A subsidy: proposed, reviewed and approved by three; its line stands in the ledger."""
    finance = stage.caller("finance")
    fund = finance.do(
        "/incubator/v1/funds",
        {
            "name": "社会工作服务机构扶持专项资金",
            "year": 2026,
            "source": "区级财政",
            "basis": "惠财预〔2026〕12号",
        },
    )
    path = f"/incubator/v1/funds/{fund['id']}"
    appropriation = {"amount": "50000.00", "basis": "惠财预〔2026〕12号"}
    step(stage, "finance", f"{path}/appropriations", appropriation)
    grant = stage.caller("incubator-manager").ask(
        "提出启动补贴 proposes a subsidy", "/incubator/v1/grants", subsidy(fund["id"], residency)
    )
    granted = f"/incubator/v1/grants/{grant['id']}"
    step(stage, "incubator-manager-review", f"{granted}/review")
    read = finance.look(granted)
    finance.ask("审批拨付 approves", f"{granted}/approval", on=read)
    given = finance.read("扶持台账 the ledger", f"/incubator/v1/residencies/{residency}/support")
    for line in given["lines"]:
        stage.tell.answered(f"{line['instrument']} {line['value']} 元：{line['basis']}")
    balance = finance.look(path)["balance"]
    stage.tell.fact(f"专项资金余额 balance of the fund: {balance} 元")


def subsidy(fund: str, residency: str) -> dict[str, Any]:
    return {
        "fund_id": fund,
        "residency_id": residency,
        "instrument": "subsidy_or_reward",
        "value": "20000.00",
        "basis": "孵化基地资金使用制度第三条",
        "purpose": "启动补贴",
        "period_from": RANKED,
        "period_until": "2026-11-17",
    }


def graduate(stage: Stage, residency: str) -> None:
    """萌芽 → 初创 → 成长 → 出壳: each stage ends when its milestones are reached."""
    path = f"/incubator/v1/residencies/{residency}"
    manager = stage.caller("incubator-manager")
    early = manager.look(path)
    manager.refused(
        "未达目标先晋级 advances too early", f"{path}/advancement", clause="3.1(2)", on=early
    )
    for milestone_stage in ("sprouting", "starting", "growing"):
        reach(stage, path, milestone_stage, manager)
        if milestone_stage != "growing":
            step(stage, "incubator-manager", f"{path}/advancement")
    step(stage, "startup", f"{path}/file", founding_file(), method="PUT")
    hatched = manager.ask("出壳 graduates", f"{path}/graduation", on=manager.look(path))
    provisional = "（暂定 provisional）" if hatched["hand_over_provisional"] else ""
    stage.tell.fact(f"15 个工作日内移交 hand-over by {hatched['hand_over_by']}{provisional}")


def reach(stage: Stage, path: str, part: str, manager: Caller) -> None:
    target = {"stage": part, "title": "完成阶段目标", "due_on": GRADUATED}
    step(stage, "incubator-manager", f"{path}/milestones", target)
    items = manager.look(f"{path}/milestones")["items"]
    found = next(m["id"] for m in items if m["stage"] == part and not m["reached_on"])
    proof = {"proof": "评审记录"}
    step(stage, "incubator-manager", f"{path}/milestones/{found}/attainment", proof)


def founding_file() -> dict[str, Any]:
    holder = {"level": "social_worker", "number": "SW2024000901", "obtained_on": "2024-11-20"}
    staff = {"employment": "full_time", "body": "council"}
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
        "assets": [{"source": "发起人捐资", "founder_kind": "donor_person", "amount": "50000.00"}],
        "people": [
            {**person(901), **staff, "head": True, "certificate": holder},
            {**person(902), **staff},
            {**person(903), **staff},
            {**person(904), "body": "supervisors"},
        ],
        "materials": [
            {"kind": kind, "title": title, "sha256": f"{900 + n:064x}"}
            for n, (kind, title) in enumerate(MATERIALS.items())
        ],
    }


def be_born(stage: Stage, residency: str) -> None:
    """The registry heard of it: the founders find an application, made from their file."""
    founder = stage.caller("startup")
    path = "/registry/v1/applications"
    found = stage.until(
        "an application is born from the file",
        lambda: founder.look(path, residency_id=residency)["items"],
    )
    born = f"{path}/{found[0]['id']}"
    stage.tell.fact(
        f"登记申请由孵化档案生成 an application is born from the file: {found[0]['name']}"
    )
    answer = founder.ask("核对后提交 submits it", f"{born}/submission", on=founder.look(born))
    show_conditions(stage, born)
    code = certify(stage, born, credit_code(4), answer)
    stage.bind_organisations({"startup": code})
    stage.story["codes"]["startup"] = code
    stage.story["summary"]["incubated 孵化出壳"] = f"新苗 {code}"
