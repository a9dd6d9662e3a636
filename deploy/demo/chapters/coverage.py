"""Step 2, and the years between: sites, coverage on two dates, and two annual inspections."""

from typing import Any

from deploy.demo.chapters.registration import agency
from deploy.demo.stage import Answer, Stage

SITES = {
    "chenguang": ("410108001", "410108003", "410108100"),
    "tongxing": ("410108002", "410108004"),
    "hefeng": ("410108005", "410108006"),
}
LAST = "410108101"
CONCLUSIONS = {"pass": "合格 pass", "basic": "基本合格 basic"}
FIRST_DAY, SECOND_DAY = "2023-06-01", "2024-05-06"


def count(stage: Stage) -> None:
    """Seven of eight towns served in 2023, eight of eight from the day the last site opens."""
    stage.move_to(f"{FIRST_DAY}T09:00:00+08:00")
    names = names_of_towns(stage)
    for client, towns in SITES.items():
        for town in towns:
            open_site(stage, client, town, names[town], FIRST_DAY)
    no_branch(stage)
    inspect(stage, 2023, f"{SECOND_DAY}T09:00:00+08:00")
    open_site(stage, "chenguang", LAST, names[LAST], SECOND_DAY)
    before = coverage(stage, "2023-12-31")
    after = coverage(stage, SECOND_DAY)
    stage.must(before["by_site"]["covered"] == 7, "7 of 8 are covered by site in 2023")
    stage.must(after["by_site"]["covered"] == 8, "8 of 8 are covered by site in 2024")
    stage.must(after["by_seat"]["covered"] == 3, "3 of 8 are covered by seat")
    inspect(stage, 2024, "2025-04-15T09:00:00+08:00")
    stage.story["summary"]["coverage 覆盖"] = (
        f"by site {before['by_site']['covered']}/8 → {after['by_site']['covered']}/8, "
        f"by seat {after['by_seat']['covered']}/8"
    )


def names_of_towns(stage: Stage) -> dict[str, str]:
    """What the eight towns and streets are called, by their codes."""
    found = stage.caller("street-officer").look("/registry/v1/coverage", on=FIRST_DAY)
    return {division["code"]: division["name"] for division in found["by_site"]["divisions"]}


def open_site(stage: Stage, client: str, town: str, name: str, day: str) -> Answer:
    own, code = agency(stage, client)
    site = {
        "name": f"{name}社会工作服务站",
        "division": town,
        "address": f"{name}便民服务中心",
        "areas": ["care_of_older_people"],
        "opened_on": day,
    }
    what = f"在{name}开设服务站点 opens a service site"
    return own.ask(what, f"/registry/v1/agencies/{code}/sites", site)


def no_branch(stage: Stage) -> None:
    """A station is not a branch: with a seal of its own it is refused."""
    own, code = agency(stage, "hefeng")
    site = {
        "name": "和风分中心",
        "division": LAST,
        "address": "古荥镇某路2号",
        "areas": ["community_service"],
        "opened_on": FIRST_DAY,
        "own_seal": True,
    }
    what = "要开有公章的“站点” asks for a site with a seal"
    own.refused(what, f"/registry/v1/agencies/{code}/sites", site, clause="13")


def coverage(stage: Stage, day: str) -> Any:
    found = stage.caller("street-officer").read(
        f"{day} 全覆盖 coverage", "/registry/v1/coverage", on=day
    )
    for way, label in (("by_site", "按站点 by site"), ("by_seat", "按住所 by seat")):
        part = found[way]
        missing = "、".join(d["name"] for d in part["divisions"] if not d["covered"])
        told = f"，缺 missing: {missing}" if missing else ""
        stage.tell.answered(f"{label}: {part['covered']}/{part['total']} = {part['rate']}{told}")
    return found


def inspect(stage: Stage, year: int, moment: str) -> None:
    """年度检查: each agency files its report, the supervisor concludes; 和风 only 基本合格 in 2024."""
    stage.move_to(moment)
    for client in SITES:
        own, code = agency(stage, client)
        [called] = own.look("/registry/v1/inspections", credit_code=code, year=year)["items"]
        path = f"/registry/v1/inspections/{called['id']}"
        filed = own.do(f"{path}/report", report(), on=own.look(path))
        conclusion = "basic" if (client, year) == ("hefeng", 2024) else "pass"
        reasons = "财务公开不及时，已责令改正。" if conclusion == "basic" else ""
        body = {"conclusion": conclusion, "reasons": reasons}
        office = stage.caller("supervisor")
        office.ask(
            f"{year} 年度检查：{CONCLUSIONS[conclusion]} concludes the annual inspection of {code}",
            f"{path}/conclusion",
            body,
            on=filed,
        )
        if reasons:
            stage.tell.fact(reasons)


def report() -> dict[str, Any]:
    return {
        "income": "620000.00",
        "income_from_purchase": "480000.00",
        "expenditure": "590000.00",
        "activities": 86,
        "clients_served": 2300,
        "summary": "按章程开展社会工作服务，财务状况良好。",
    }
