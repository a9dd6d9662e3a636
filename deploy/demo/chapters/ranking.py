"""Step 7: who qualifies, what the panel gives, and a tie that the printed priority resolves."""

from typing import Any

from deploy.demo.stage import Answer, Stage

EXPERTS = [f"panellist-{n}" for n in range(1, 5)]
REPRESENTATIVE = "panellist-5"
SCORED = "2026-03-31T09:00:00+08:00"

# 晨光 and 同行 are equal in points and price; 和风 is cheaper and weaker.
POINTS = {
    "chenguang": ("50.00", "25.00"),
    "tongxing": ("50.00", "25.00"),
    "hefeng": ("42.00", "21.00"),
}


def award(stage: Stage) -> None:
    """Qualification, scores, the ranking with every place explained, confirmation and notice."""
    path = f"/procurement/v1/tenders/{stage.story['tender']}"
    qualify(stage, path)
    stage.move_to(SCORED)
    panel = seat_panel(stage)
    score(stage, panel)
    purchaser = stage.caller("purchaser")
    recommended = purchaser.ask(
        "推荐排名（向登记、评估两处查询事实）recommends", f"{path}/award", on=purchaser.look(path)
    )
    explain(stage, recommended)
    winner = stage.story["codes"]["chenguang"]
    stage.must(recommended["credit_code"] == winner, "晨光 comes first by the priority of 6.1(7)")
    confirm(stage, recommended)


def qualify(stage: Stage, path: str) -> None:
    """资格审查 after the opening, by the purchaser; each bidder's standing and grade are asked."""
    purchaser = stage.caller("purchaser")
    checks = {
        "bidders": [
            {
                "credit_code": code,
                "credit_query": {
                    "reference": "信用查询单2026-17",
                    "queried_on": "2026-03-30",
                    "clean": True,
                },
                "taxes_and_insurance": "完税与社保缴纳证明",
                "conditions": [
                    {"code": "certified-lead", "fulfilled": True, "evidence": "证书复印件"}
                ],
            }
            for code in stage.story["codes"].values()
        ]
    }
    reviewed = purchaser.ask(
        "资格审查（向登记、评估两处查询事实）reviews qualification",
        f"{path}/review",
        checks,
        on=purchaser.look(path),
    )
    names = {code: client for client, code in stage.story["codes"].items()}
    for bidder in reviewed["qualifications"]:
        who = names[bidder["credit_code"]]
        stage.must(bidder["qualified"], f"{who} is qualified")
        stage.tell.fact(f"{who} 合格 is qualified")
        stage.tell.findings(bidder["verdict"]["findings"])


def seat_panel(stage: Stage) -> str:
    """Four experts drawn from the provincial pool and one representative; nobody has an interest."""
    purchaser = stage.caller("purchaser")
    body = {
        "tender_id": stage.story["tender"],
        "draw": {
            "reference": "抽取〔2026〕17号",
            "pool": "河南省政府采购评审专家库",
            "drawn_on": "2026-03-27",
            "document_sha256": "ab" * 32,
            "signed_by": "专家库管理单位",
        },
        "members": [
            *[member(name, expert=True) for name in EXPERTS],
            member(REPRESENTATIVE, expert=False),
        ],
    }
    formed = purchaser.ask("组成评审委员会 forms the panel", "/procurement/v1/panels", body)
    path = f"/procurement/v1/panels/{formed['id']}"
    for name in (*EXPERTS, REPRESENTATIVE):
        declare(stage, name, path)
    purchaser.do(f"{path}/seating", on=purchaser.look(path))
    return path


def member(client_id: str, *, expert: bool) -> dict[str, Any]:
    return {
        "client_id": client_id,
        "name": f"评委{client_id[-1]}" if expert else "采购人代表",
        "organisation": "某高校社会工作系" if expert else "采购单位",
        "expert": expert,
    }


def declare(stage: Stage, name: str, panel: str) -> None:
    """回避: each declares whether it has an interest in a bidder."""
    own = stage.caller(name)
    seat = f"/procurement/v1/seats/{own.look(f'{panel}/seats')['items'][0]['id']}"
    own.do(f"{seat}/declaration", {"interests": []}, on=own.look(seat))


def score(stage: Stage, panel: str) -> None:
    body = {
        "scores": [
            {"credit_code": stage.story["codes"][client], "factor": factor, "points": given}
            for client, both in POINTS.items()
            for factor, given in zip(("plan", "results"), both, strict=True)
        ]
    }
    for name in (*EXPERTS, REPRESENTATIVE):
        stage.caller(name).do(f"{panel}/scoresheets", body)
    stage.tell.fact("五名评委各自评分，互不可见 five scoresheets, blind to each other")


def explain(stage: Stage, recommended: Answer) -> None:
    """Every place in the ranking, with its figures and reasons."""
    names = {code: client for client, code in stage.story["codes"].items()}
    rows = [
        (
            p["place"],
            names[p["credit_code"]],
            p["price"],
            p["price_score"],
            p["technical"],
            p["total"],
        )
        for p in recommended["ranking"]
    ]
    columns = ["", "投标人 bidder", "报价 price", "价格分", "评委均分", "总分 total"]
    stage.tell.table("排名 ranking", columns, rows)
    for place in recommended["ranking"]:
        stage.tell.fact(
            f"第 {place['place']} 名 place {place['place']}: {names[place['credit_code']]}"
        )
        stage.tell.findings(place["verdict"]["findings"])


def confirm(stage: Stage, recommended: Answer) -> None:
    """Confirmed by another person than the one who recommended; announced with the experts' names."""
    path = f"/procurement/v1/awards/{recommended['id']}"
    confirmed = stage.caller("purchaser-review").ask(
        "确定中标人 confirms", f"{path}/confirmation", {}, on=recommended
    )
    announced = stage.caller("purchaser").ask("中标公告 announces", f"{path}/notice", on=confirmed)
    stage.story["award"] = announced.body
    stage.story["summary"]["award 中标"] = f"{announced['credit_code']}，{announced['price']} 元"
