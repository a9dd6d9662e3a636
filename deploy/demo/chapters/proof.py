"""Step 11: every journal against what its witness kept, evidence to take away, and detail erased."""

import subprocess
import sys
from pathlib import Path

from deploy.demo.stage import Stage
from deploy.local.settings import SERVICES

ORDER = {"ground": "retention-over", "decision": "惠民删字〔2026〕1号"}


def prove(stage: Stage) -> None:
    """Whoever kept one checkpoint can check all that came before it, without trusting us."""
    folder = stage.folder / "proof"
    folder.mkdir()
    erase_a_detail(stage)
    kept = [keep_checkpoint(stage, service, folder) for service in SERVICES]
    for service, checkpoint in zip(SERVICES, kept, strict=True):
        verify_feed(stage, service, checkpoint)
    take_evidence(stage, folder)
    stage.story["summary"]["proof 自证"] = f"{len(kept)} journals agree with their witness"


def erase_a_detail(stage: Stage) -> None:
    """Personal detail whose time is over goes, with its reason in the journal; the proof stays."""
    administrator = stage.caller("administrator")
    feed = stage.caller("auditor").look("/registry/v1/events", limit=1000)["items"]
    subjects = [entry["event"]["subject"] for entry in feed]
    worker = next(subject for subject in subjects if subject.startswith("worker/"))
    asked = {"subject": "worker", "subject_id": worker.partition("/")[2], **ORDER}
    path = "/registry/v1/journal/erasures"
    administrator.try_out("删除保存期满的个人信息 erases", path, asked)
    erased = administrator.ask("删除保存期满的个人信息 erases", path, asked)
    stage.tell.fact(
        f"{len(erased['entries'])} entries of {worker} keep their place and their proof"
    )


def keep_checkpoint(stage: Stage, service: str, folder: Path) -> Path:
    """What the gateway saw as a witness, once it has seen all there is."""
    auditor = stage.caller("auditor")
    newest = auditor.look(f"/{service}/v1/journal/checkpoint").body
    size = int(newest.split(b"\n")[1])
    witnessed = stage.until(
        f"the witness has seen {size} entries of the {service}",
        lambda: seen(stage, service, size),
    )
    kept, keys = folder / f"{service}.checkpoint", folder / f"{service}.keys"
    kept.write_bytes(witnessed)
    told = auditor.look(f"/{service}/v1/journal/keys")["keys"]
    keys.write_text("".join(f"{key['key']}\n" for key in told))
    auditor.look(f"/{service}/v1/journal/inclusion", position=1, size=size)
    auditor.look(f"/{service}/v1/journal/consistency", old=1, size=size)
    return kept


def seen(stage: Stage, service: str, size: int) -> bytes | None:
    answer = stage.http.get(f"/witness/{service}/checkpoint")
    found = answer.status_code == 200 and int(answer.content.split(b"\n")[1]) >= size
    standing = stage.http.get("/witness/").json()["journals"][service]["standing"]
    return answer.content if found and standing == "extended" else None


def verify_feed(stage: Stage, service: str, kept: Path) -> None:
    """Everything that anybody can read of a journal, against the checkpoint that was kept."""
    command = ["verify", "--feed", f"{stage.gateway}/{service}"]
    command += ["--trust", str(kept.with_suffix(".keys")), "--checkpoint", str(kept)]
    stage.tell.asked(
        "任何人 anybody", f"核验 {service} 日志 verifies the journal", "shared.journal verify"
    )
    told = run(stage, *command)
    stage.tell.answered(told.splitlines()[-1])


def take_evidence(stage: Stage, folder: Path) -> None:
    """The tender's evidence bundle as an auditor takes it away, checked without the suite."""
    subject = f"tender/{stage.story['tender']}"
    size = (folder / "procurement.checkpoint").read_text().split("\n")[1]
    bundle = folder / "evidence-tender.zip"
    auditor = stage.caller("auditor")
    found = auditor.read("证据包 evidence", f"/procurement/v1/evidence/{subject}", size=size)
    bundle.write_bytes(found.body)
    command = ["check", str(bundle), "--trust", str(folder / "procurement.keys")]
    told = run(stage, *command, "--checkpoint", str(folder / "procurement.checkpoint"))
    stage.tell.answered(told.splitlines()[0])


def run(stage: Stage, *arguments: str) -> str:
    """`python -m shared.journal …`, as somebody else would run it."""
    done = subprocess.run(
        [sys.executable, "-m", "shared.journal", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    stage.must(done.returncode == 0, f"{arguments[0]} agrees: {done.stdout}{done.stderr}")
    return done.stdout
