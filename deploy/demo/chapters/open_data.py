"""Step 10: the purchase as open data, and a second reader who knows only the feeds."""

import json
from typing import Any

from deploy.demo import second_reader
from deploy.demo.stage import Stage

PUBLISHED = "2026-12-31T18:00:00+08:00"


def publish(stage: Stage) -> None:
    """One ocid, an immutable release per event; every feed read to its end by somebody else."""
    stage.move_to(PUBLISHED)  # whatever was told by now is published when the clock has settled
    record = keep_record(stage)
    [process] = record["records"]
    tags = [tag for release in process["releases"] for tag in release["tag"]]
    stage.tell.answered(f"{process['ocid']}：{len(process['releases'])} releases {tags}")
    ids = [release["id"] for release in process["releases"]]
    stage.must(len(set(ids)) == len(ids), "every release has an id of its own")
    stage.must({"planning", "tender", "award", "contract"} <= set(tags), "each stage is released")
    keep_contract(stage)
    stage.story["summary"]["open data 开放数据"] = f"{process['ocid']}, {len(ids)} releases"
    read_again(stage)


def keep_record(stage: Stage) -> Any:
    """The OCDS 1.1 record package, as anybody may fetch it; kept for others to check."""
    listed = stage.http.get("/procurement/v1/ocds/releases").json()["items"]
    ocid = listed[0]["ocid"]
    path = f"/procurement/v1/ocds/records/{ocid}"
    stage.tell.asked("任何人 anybody", "OCDS 记录包 record package", f"GET {path}")
    response = stage.http.get(path)
    stage.must(response.status_code == 200, f"the record can be fetched, not {response.text[:300]}")
    (stage.folder / "ocds-record.json").write_bytes(response.content)
    return response.json()


def keep_contract(stage: Stage) -> None:
    """The one merged contract of the whole suite."""
    contract = stage.until("every part tells its contract", lambda: complete_contract(stage))
    text = json.dumps(contract, ensure_ascii=False, indent=1) + "\n"
    (stage.folder / "openapi.json").write_text(text)
    stage.tell.fact(f"openapi.json: {len(contract['paths'])} paths")


def complete_contract(stage: Stage) -> Any:
    """The merged contract, once no part of it is missing: it says so itself."""
    contract = stage.http.get("/openapi.json").json()
    parts = contract["info"]["x-parts"].values()
    return contract if all(part["contract"] != "missing" for part in parts) else None


def read_again(stage: Stage) -> None:
    """A second reader reads all four feeds from the beginning and arrives at the same state."""
    auditor = stage.caller("auditor")
    with stage.client() as client:
        client.headers["authorization"] = f"Bearer {auditor.token()}"
        report = second_reader.read_everything(client)
    stage.tell.asked(auditor.label, "第二读者重放全部事件 reads all feeds again", "GET …/events")
    for service, position in report.positions.items():
        stage.tell.fact(f"{service}: {position} events, gapless, every leaf recomputed")
    stage.must(report.agrees, f"the second reader agrees: {[str(d) for d in report.differences]}")
    stage.tell.answered(
        f"{report.compared} 个对象的版本与状态一致 subjects agree in version and state"
    )
    stage.story["summary"]["second reader 第二读者"] = (
        f"{sum(report.positions.values())} events, {report.compared} subjects agree"
    )
