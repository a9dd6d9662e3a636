"""Steps 5 and 6: bids sealed by their bidders, closed under one root, opened by two of three."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg

from deploy.demo.chapters.registration import agency
from deploy.demo.desks import Desk, side_by_side
from deploy.demo.stage import Stage
from shared.bidkit import bidding, checking
from shared.sealing.errors import SealingError

CUSTODIANS = {"custodian-1": "purchaser", "custodian-2": "finance", "custodian-3": "notary"}
PRICES = {"chenguang": "95000.00", "tongxing": "95000.00", "hefeng": "90000.00"}
FIRST_PRICE = "97000.00"
"""What 晨光 bids first, and replaces before the deadline."""
PERSONNEL = "60000.00"
LODGED_ON = "2026-03-24T09:00:00+08:00"
OPENING = "/procurement/v1/openings/{}"
DEADLINE = "2026-03-30T09:30:00+08:00"


def appoint_custodians(stage: Stage) -> None:
    """Three organs with opposed interests make their keys, each on its own machine."""
    desks = {who: Desk(stage, who) for who in CUSTODIANS}
    side_by_side(list(desks.values()), ("custodian", "init", "keys", "--name", "保管人 {who}"))
    for who, organ in CUSTODIANS.items():
        desks[who].run("custodian", "register", "keys", "--organ", organ)
    stage.tell.fact(
        "三个保管机构在各自机器上生成密钥 custodians: " + "、".join(CUSTODIANS.values())
    )
    stage.story["custodians"] = desks
    trust = stage.folder / "trust" / "receipt-key.json"
    trust.parent.mkdir()
    # Handed out by the bureau itself, not taken from the answers that it will check.
    trust.write_bytes((stage.suite_folder / "receipt-key.json.pub").read_bytes())
    stage.story["trust"] = trust


def lodge(stage: Stage) -> None:
    """Sealed by `bidkit seal`, lodged, receipts checked offline; one replaced; nothing shows."""
    stage.move_to(LODGED_ON)
    desks = {client: Desk(stage, client) for client in PRICES}
    stage.story["bidders"] = desks
    register_bidders(stage, desks)
    prices = {**PRICES, "chenguang": FIRST_PRICE}
    with ThreadPoolExecutor(len(desks)) as bidders:
        sealing = [
            bidders.submit(seal, stage, desks[client], "bid", price)
            for client, price in prices.items()
        ]
        for sealed in sealing:
            sealed.result()
    submit(stage, desks, "bid")
    seal(stage, desks["chenguang"], "replacement", PRICES["chenguang"])
    submit(stage, {"chenguang": desks["chenguang"]}, "replacement")
    stage.tell.answered("晨光 replaces its bid: the last one counts 以最后一次为准")
    nothing_shows(stage)


def register_bidders(stage: Stage, desks: dict[str, Desk]) -> None:
    tender = stage.story["tender"]
    side_by_side(
        list(desks.values()),
        ("bidder", "init", "keys", "--name", "{who}"),
        ("bidder", "register", "keys"),
        ("policy", "policy.json", "--tender", tender),
    )
    for desk in desks.values():
        shutil.copy(stage.story["trust"], desk.folder / "receipt-key.json")


def seal(stage: Stage, desk: Desk, out: str, price: str) -> None:
    """Offline: the price form, the technical part and the identity letter, encrypted by the bidder."""
    _, code = agency(stage, desk.who)
    (desk.folder / "technical.txt").write_text(f"{desk.who}：服务方案与人员安排。\n" * 200)
    desk.run(
        *("seal", "keys", out, "--policy", "policy.json", "--credit-code", code),
        *("--name", name_of(stage, desk.who), "--price", price, "--personnel", PERSONNEL),
        *("--technical", "technical.txt", "--signatory", "法定代表人", "--contact", "办公室"),
    )


def name_of(stage: Stage, client: str) -> str:
    reader, code = agency(stage, client)
    return str(reader.look(f"/registry/v1/agencies/{code}")["name"])


def submit(stage: Stage, desks: dict[str, Desk], folder: str) -> None:
    """Parts go up, the commit is one call; the receipt is checked offline with one public key."""
    for client, desk in desks.items():
        stage.tell.asked(stage.labels[client], "递交密封投标 lodges a sealed bid", "bidkit submit")
        told = desk.run("submit", folder, "--trust", "receipt-key.json")
        stage.tell.answered(told.splitlines()[-2].strip())
    [receipt] = (next(iter(desks.values())).folder / folder).glob("receipt*.json")
    told = next(iter(desks.values())).run(
        "receipt", "verify", str(receipt), "--trust", "receipt-key.json"
    )
    stage.tell.fact(f"离线核验回执 receipt checked offline: {told.splitlines()[-1].strip()}")


def nothing_shows(stage: Stage) -> None:
    """Before the opening: no role at any endpoint, and nobody with a dump of the database."""
    secrets = traces(stage)
    seen = 0
    for client in ("auditor", "administrator", "purchaser", "supervisor", "custodian-1"):
        for path in readable(stage):
            response = stage.http.get(
                path, headers={"authorization": f"Bearer {stage.caller(client).token()}"}
            )
            seen += 1
            found = [trace for trace in secrets if trace in response.text]
            stage.must(not found, f"{path} shows {client} nothing of the bids, it shows {found}")
    rows = 0
    for table, row in asyncio.run(dump(stage)):
        rows += 1
        found = [trace for trace in secrets if trace in row]
        stage.must(not found, f"the dump shows nothing of the bids, {table} shows {found}")
    stage.tell.answered(
        f"开标前 before the opening: {seen} answers to five roles and a dump of {rows} rows "
        "show no price, no name, no number of bids"
    )


def traces(stage: Stage) -> list[str]:
    """What would betray a bid in procurement: its bidder and its price."""
    fen = [price.replace(".", "") for price in (FIRST_PRICE, *PRICES.values())]
    return [*stage.story["codes"].values(), FIRST_PRICE, *PRICES.values(), *fen]


def readable(stage: Stage) -> Iterator[str]:
    """Every GET of procurement that needs no id, and those of this tender."""
    contract = stage.http.get("/openapi.json").json()
    for path, operations in contract["paths"].items():
        if path.startswith("/procurement/") and "get" in operations:
            filled = path.replace("{tender_id}", stage.story["tender"])
            if "{" not in filled:
                yield filled


async def dump(stage: Stage) -> list[tuple[str, str]]:
    """Every row of procurement's database, as a superuser sees it; keys of agencies aside."""
    environment = (stage.suite_folder / "environment" / "procurement.env").read_text()
    password = (stage.suite_folder / "postgres" / "superuser.password").read_text()
    address = next(
        line.partition("@")[2].strip("'")
        for line in environment.splitlines()
        if "DATABASE_URL" in line
    )
    connection = await asyncpg.connect(f"postgresql://postgres:{password}@{address}")
    try:
        tables = await connection.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        )
        return [
            (table, row[0])
            for (table,) in tables
            if table not in NAMES_NO_BID
            for row in await connection.fetch(f'SELECT t::text FROM "{table}" t')
        ]
    finally:
        await connection.close()


NAMES_NO_BID = ("signing_key", "journal", "receipt")
"""Where agencies stand for having registered a key, which every agency may and no bid follows from."""


def open_bids(stage: Stage) -> None:
    """The root is published; two of three custodians release; everything can be checked offline."""
    stage.move_to(DEADLINE)
    too_late(stage)
    path = f"/procurement/v1/tenders/{stage.story['tender']}"
    closed = stage.caller("purchaser").look(OPENING.format(stage.story["tender"]))
    stage.tell.answered(
        f"截止，公布根 the root is published: {json.dumps(closed['closing'])[:160]}…"
    )
    release(stage)
    opened = stage.until(
        "two of three custodians open the bids",
        lambda: stage.caller("purchaser").look(path)["state"] == "opened",
    )
    stage.must(opened, "the bids are open")
    read_out(stage, path)
    check_bundle(stage)


def too_late(stage: Stage) -> None:
    """A tick after the deadline: refused with the clock's reading."""
    desk: Desk = stage.story["bidders"]["hefeng"]
    seal(stage, desk, "late", "88000.00")
    told = desk.run("submit", "late", "--trust", "receipt-key.json", refused=True)
    stage.tell.asked(stage.labels["hefeng"], "截止后递交 lodges too late", "bidkit submit")
    stage.tell.answered(told.splitlines()[-1], good=False)


def release(stage: Stage) -> None:
    for who in list(CUSTODIANS)[:2]:
        desk: Desk = stage.story["custodians"][who]
        shutil.copy(stage.story["trust"], desk.folder / "receipt-key.json")
        stage.tell.asked(stage.labels[who], "核对后释放分片 releases", "bidkit custodian release")
        told = desk.run(
            *("custodian", "release", "keys", "--tender", stage.story["tender"]),
            *("--trust", "receipt-key.json", "--sandbox-clock"),
        )
        stage.tell.answered(told.splitlines()[0])


def read_out(stage: Stage, path: str) -> None:
    """唱标: the bidders and their prices, from the record of the opening."""
    bids = stage.caller("auditor").look(OPENING.format(stage.story["tender"]) + "/bids").body
    names = {code: client for client, code in stage.story["codes"].items()}
    rows = [(names[b["credit_code"]], b["name"], b["price"], b["personnel"]) for b in bids]
    stage.tell.table("唱标 read out", ["", "投标人", "报价", "其中人员"], rows)
    found = {names[b["credit_code"]]: b["price"] for b in bids}
    stage.must(found == PRICES, "the last bid of each counts, and the late one does not")


def check_bundle(stage: Stage) -> None:
    """`bidkit verify` passes on the bundle, and fails with a byte of any file changed."""
    anybody = Desk(stage, "anybody")
    bundle = stage.folder / "bundle"
    anybody.run("bundle", "fetch", str(bundle), "--tender", stage.story["tender"])
    told = anybody.run("verify", str(bundle), "--trust", str(stage.story["trust"]))
    stage.tell.asked("任何人 anybody", "离线核验 verifies offline", "bidkit verify bundle")
    stage.tell.answered(told.splitlines()[-1])
    trusted = bidding.read_trusted(stage.story["trust"])
    files = [path for path in sorted(bundle.rglob("*")) if path.is_file()]
    for path in files:
        stage.must(
            refuses_a_changed_byte(bundle, path, trusted), f"a byte of {path.name} is missed"
        )
    stage.tell.answered(
        f"{len(files)} 个文件各改一个字节，均被发现 a byte changed in each is found"
    )


def refuses_a_changed_byte(bundle: Path, path: Path, trusted: object) -> bool:
    whole = path.read_bytes()
    middle = len(whole) // 2
    path.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    try:
        checking.check_bundle(bundle, trusted)  # type: ignore[arg-type]
    except SealingError:
        return True
    finally:
        path.write_bytes(whole)
    return False
