"""Step 10: the purchase as open data, and every feed read to its end by a second reader."""

import json
from typing import Any

import httpx

from deploy.demo.second_reader import Report, read_everything
from deploy.demo.stage import Stage

RECORD = "ocds-record.json"


def publish(stage: Stage) -> None:
    """Anybody may fetch the record; the second reader checks everything that was told."""
    release_by_release(stage, fetch_record(stage))
    read_all_feeds(stage)


def fetch_record(stage: Stage) -> dict[str, Any]:
    """The record of the purchase, fetched without a token and kept for others to check."""
    tender = stage.caller("auditor").look(f"/procurement/v1/tenders/{stage.story['tender']}")
    with httpx.Client(base_url=stage.gateway, timeout=30) as anybody:
        path, query = "/procurement/v1/ocds/releases", {"project_id": tender["project_id"]}
        stage.tell.asked("任何人 anybody", "有哪些公开发布 what was published", f"GET {path}")
        ocid = stage.until(
            "the last payment is published",
            lambda: _complete(anybody.get(path, params=query | {"limit": "200"}).json()["items"]),
        )
        path = f"/procurement/v1/ocds/records/{ocid}"
        stage.tell.asked("任何人 anybody", "取公开记录 fetches the record", f"GET {path}")
        answer = anybody.get(path)
    stage.must(answer.status_code == 200, "the record is public")
    (stage.folder / RECORD).write_bytes(answer.content)
    record: dict[str, Any] = answer.json()["records"][0]
    return record


def release_by_release(stage: Stage, record: dict[str, Any]) -> None:
    """What each release told, and that they add up to what is so."""
    releases, now = record["releases"], record["compiledRelease"]
    stage.tell.table(
        f"OCDS {record['ocid']}",
        ["日期 date", "标签 tag", "release"],
        [[release["date"], ", ".join(release["tag"]), release["id"]] for release in releases],
    )
    winner = stage.story["award"]["credit_code"]
    signed = [award for award in now["awards"] if award["status"] == "active"]
    stage.must({release["ocid"] for release in releases} == {record["ocid"]}, "it is one process")
    stage.must(
        [s["id"] for award in signed for s in award["suppliers"]] == [f"CN-USCC-{winner}"],
        "the record names the winner",
    )
    stage.must(
        now["contracts"][0]["id"] == stage.story["contract"], "the record holds the contract"
    )
    stage.tell.fact(f"{len(releases)} releases, one ocid; kept as {RECORD}")
    stage.story["summary"]["open data 开放数据"] = f"{record['ocid']}，{len(releases)} releases"


def read_all_feeds(stage: Stage) -> None:
    """A reader that knows only the feeds arrives at the state the services answer with."""
    auditor = stage.caller("auditor")
    path = "GET /{service}/v1/events?after=…"
    stage.tell.asked(auditor.label, "第二读者通读各服务事件流 reads every feed to its end", path)
    headers = {"authorization": f"Bearer {auditor.token()}"}
    with httpx.Client(base_url=stage.gateway, timeout=30, headers=headers) as client:
        report = read_everything(client)
    _tell(stage, report)
    (stage.folder / "second-reader.json").write_text(
        json.dumps(report.as_dict(), ensure_ascii=False, indent=2) + "\n"
    )
    stage.must(report.agrees, f"the feeds tell what is so: {report.as_dict()['differences']}")


def _tell(stage: Stage, report: Report) -> None:
    stage.tell.table(
        "事件流 feeds",
        ["服务 service", "读到位置 read to position"],
        [[service, str(position)] for service, position in report.positions.items()],
    )
    stage.tell.answered(
        f"{report.compared} 个对象的版本与状态一致 subjects agree in version and state; "
        "positions without a gap, every leaf the hash of its event",
        good=report.agrees,
    )
    stage.story["summary"]["second reader 第二读者"] = f"{report.compared} 个对象一致"


def _complete(listed: list[dict[str, Any]]) -> str | None:
    """The ocid, once the end of the contract has been published."""
    ended = [entry["ocid"] for entry in listed if "contractTermination" in entry["tags"]]
    return str(ended[-1]) if ended else None
