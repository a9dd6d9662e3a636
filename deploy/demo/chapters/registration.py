"""Step 1: four apply for direct registration, three are registered, one is a person short."""

from typing import Any

from deploy.demo.identities import credit_code, resident_id
from deploy.demo.stage import Answer, Caller, Stage

OFFICE = (
    ("registrar", "受理（经办）accept", "acceptance", None),
    (
        "registrar-review",
        "审核 review",
        "review",
        {"recommends": True, "opinion": "五项条件均符合。"},
    ),
    ("registrar-approval", "审批 approve", "approval", {"opinion": "同意成立登记。"}),
)
AGENCIES = {
    # client: trade name, seat, full-time staff, qualified, serial of its code
    "chenguang": ("晨光", "410108001", 6, 2, 1),
    "tongxing": ("同行", "410108002", 5, 3, 2),
    "hefeng": ("和风", "410108005", 4, 3, 3),
}
CONDITIONS = {f"5.1({number})" for number in range(1, 6)}
MATERIALS = {
    "application_letter": "成立登记申请书",
    "seat_proof": "住所使用权证明",
    "capital_verification": "验资报告",
    "head_identity": "拟任负责人身份证明",
    "charter_draft": "章程草案",
}


def found_agencies(stage: Stage) -> None:
    """Direct registration under 5.1, judged on evidence; refusals are learnt from a dry run first."""
    a_person_short(stage)
    codes = {client: register(stage, client, *facts) for client, facts in AGENCIES.items()}
    stage.story["codes"] = codes
    stage.bind_organisations(codes)
    for client, code in codes.items():
        on_the_register(stage, client, code)
    count_a_term(stage)
    stage.story["summary"] = {"registered 已登记": "、".join(codes.values())}


def count_a_term(stage: Stage) -> None:
    """Thirty working days into a year whose days off are not published: it ends, and says so."""
    term = stage.caller("registrar").read(
        "自 2026-11-22 起 30 个工作日 counts thirty working days from 2026-11-22",
        "/registry/v1/calendar/terms",
        **{"from": "2026-11-22", "working_days": 30},
    )
    stage.must(term["provisional"], "a term that ends in 2027 is provisional")
    waiting = "、".join(term["provisional_days"])
    stage.tell.answered(
        f"届满 ends on {term['ends_on']}，暂定 provisional：{waiting} 待节假日通知 not yet published"
    )


def a_person_short(stage: Stage) -> None:
    """远帆 has one qualified person of four full-time staff; a third of four is two people."""
    founder = stage.caller("yuanfan")
    filed = filing("远帆", "410108004", full_time=4, qualified=1, first=400)
    drafted = founder.ask(
        "起草成立登记申请 drafts an application", "/registry/v1/applications", filed
    )
    path = f"/registry/v1/applications/{drafted['id']}"
    dry = founder.try_out("先试一试 tries first", f"{path}/submission", on=drafted)
    [short] = [f for f in dry["findings"] if f["outcome"] == "breached"]
    stage.must(short["clause"]["number"] == "5.1(3)", "the dry run names 5.1(3)")
    stage.must(short["figures"]["short"] == 1, "it is one person short")
    founder.refused("提交 submits all the same", f"{path}/submission", clause="5.1(3)", on=drafted)


def on_the_register(stage: Stage, client: str, code: str) -> None:
    """What became of the filing: the agency, and the staff it was registered with."""
    own = stage.caller(client)
    found = own.look(f"/registry/v1/agencies/{code}")
    stage.must(found["state"] == "registered", f"{code} is on the register")
    staff = own.read("查看在册人员 reads its staff", f"/registry/v1/agencies/{code}/workers").body
    full_time = [worker for worker in staff if worker["employment"] == "full_time"]
    qualified = sum(worker["qualified"] for worker in full_time)
    filed = AGENCIES[client][2:4]
    stage.must((len(full_time), qualified) == filed, f"the staff of {code} is what was filed")
    stage.tell.answered(
        f"{found['name']}：专职 {len(full_time)} 人，其中取得资格 {qualified} 人 "
        f"{len(full_time)} full-time staff, {qualified} of them qualified"
    )


def register(
    stage: Stage, client: str, trade: str, seat: str, full_time: int, qualified: int, serial: int
) -> str:
    """From draft to certificate, by three different people; the credit code is recorded."""
    founder = stage.caller(client)
    filed = filing(trade, seat, full_time=full_time, qualified=qualified, first=serial * 20)
    drafted = founder.do("/registry/v1/applications", filed)
    path = f"/registry/v1/applications/{drafted['id']}"
    answer = founder.ask(
        f"提交{trade}的申请 submits its application", f"{path}/submission", on=drafted
    )
    show_conditions(stage, path)
    return certify(stage, path, credit_code(serial), answer)


def certify(stage: Stage, path: str, code: str, submitted: Answer) -> str:
    """Accepted, reviewed and approved by three people, then certified."""
    read = submitted
    for clerk, what, command, body in OFFICE:
        read = stage.caller(clerk).ask(what, f"{path}/{command}", body, on=read)
    details = {"credit_code": code, "certificate_number": f"豫惠民证字第{code[-5:]}号"}
    stage.caller("registrar").ask(
        f"发证 certificate {code}", f"{path}/certificate", details, on=read
    )
    return code


def show_conditions(stage: Stage, path: str) -> None:
    """The five conditions of 5.1 and what shows each, as an auditor reads them in the history."""
    history = stage.caller("auditor").look(
        f"/registry/v1/history/application/{path.rsplit('/', 1)[1]}"
    )
    verdicts = [
        e["detail"]["verdict"] for e in history["items"] if "verdict" in (e["detail"] or {})
    ]
    conditions = [f for f in verdicts[0]["findings"] if f["clause"]["number"].startswith("5.1(")]
    told = {finding["clause"]["number"] for finding in conditions}
    stage.must(told >= CONDITIONS, f"each condition of 5.1 is judged, {sorted(told)} are")
    stage.tell.findings(conditions)


def filing(trade: str, seat: str, *, full_time: int, qualified: int, first: int) -> dict[str, Any]:
    """A complete filing; the council of three and one supervisor are other people than the staff."""
    return {
        "route": "direct",
        "category": "community_service",
        "legal_form": "legal_person",
        "name": {
            "division": "惠济区",
            "trade_name": trade,
            "field": "社会工作服务",
            "form": "中心",
        },
        "purpose": "坚持助人自助，为城乡社区居民提供专业社会工作服务。",
        "scope": "在惠济区开展养老助老、社区服务和教育辅导等社会工作服务。",
        "methods": ["hardship_relief", "counselling", "resource_linkage"],
        "client_groups": ["older_people"],
        "seat": {
            "division": seat,
            "address": f"惠济区{trade}路1号",
            "tenure": "leased",
            "lease_until": "2028-12-31",
        },
        "assets": [
            {
                "source": "发起人捐资",
                "founder_kind": "donor_person",
                "amount": "100000.00",
                "of_the_state": False,
            }
        ],
        "people": people(full_time, qualified, first),
        "materials": [
            {"kind": kind, "title": title, "sha256": f"{first + n:064x}"}
            for n, (kind, title) in enumerate(MATERIALS.items())
        ],
    }


def people(full_time: int, qualified: int, first: int) -> list[dict[str, Any]]:
    staff = [
        {
            **person(first + n),
            "employment": "full_time",
            "certificate": certificate(first + n) if n < qualified else None,
        }
        for n in range(full_time)
    ]
    council = [{**person(first + 10 + n), "body": "council", "head": n == 0} for n in range(3)]
    return [*staff, *council, {**person(first + 15), "body": "supervisors"}]


def person(serial: int) -> dict[str, Any]:
    return {"name": f"某{serial}", "resident_id": resident_id(serial)}


def certificate(serial: int) -> dict[str, Any]:
    return {"level": "social_worker", "number": f"SW-{serial:06d}", "obtained_on": "2019-11-20"}


def agency(stage: Stage, client: str) -> tuple[Caller, str]:
    """An agency's own client, and its credit code."""
    return stage.caller(client), stage.story["codes"][client]
