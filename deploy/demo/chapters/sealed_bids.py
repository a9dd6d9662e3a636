"""Steps 5 and 6: bids sealed by their bidders, closed under one root, opened by two of three."""

import asyncio
import json
import shutil
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
CLOCK = "/procurement/v1/clock"
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
    paths = stage.until("procurement tells what can be read", lambda: readable(stage))
    before = look_everywhere(stage, paths)
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
    nothing_shows(stage, paths, before)


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


def nothing_shows(stage: Stage, paths: list[str], before: dict[tuple[str, str], str]) -> None:
    """Before the opening: no role at any endpoint, and nobody with a dump of the database.

    Four commits later every answer is, to the byte, what it was before the first: so no number
    shows either.
    """
    secrets = traces(stage)
    now = look_everywhere(stage, paths)
    for (client, path), text in now.items():
        found = [trace for trace in secrets if trace in text]
        stage.must(not found, f"{path} shows {client} nothing of the bids, it shows {found}")
        stage.must(text == before[client, path], f"{path} tells {client} that somebody bid")
    rows = 0
    for table, row in asyncio.run(dump(stage)):
        rows += 1
        hidden = prices() if table in NAMES_NO_BID else secrets
        found = [trace for trace in hidden if trace in row]
        stage.must(not found, f"the dump shows nothing of the bids, {table} shows {found}")
    roles = len({client for client, _ in now})
    stage.tell.answered(
        f"开标前 before the opening: {len(now)} answers to {roles} roles show no price and no name, "
        "and are what they were before the first bid: no number"
    )
    stage.tell.answered(
        f"数据库转储 a dump of the database ({rows} rows): no price in any table, and no name "
        "beside a bid; agencies stand in it for their keys only"
    )


def look_everywhere(stage: Stage, paths: list[str]) -> dict[tuple[str, str], str]:
    """What one caller of each role is answered at everything of procurement that can be read."""
    return {
        (client, path): answer_without_its_number(stage, client, path)
        for client in one_of_each_role(stage)
        for path in paths
    }


def answer_without_its_number(stage: Stage, client: str, path: str) -> str:
    """Status, version and body; only the number that every refusal has is left out."""
    token = stage.caller(client).token()
    response = stage.http.get(path, headers={"authorization": f"Bearer {token}"})
    body = response.text.replace(response.headers["x-request-id"], "")
    return f"{response.status_code} {response.headers.get('etag', '')} {body}"


def one_of_each_role(stage: Stage) -> list[str]:
    """A client of each role; of the agencies one that does not bid."""
    found = {
        role: client
        for client, roles in stage.roles.items()
        for role in roles
        if client not in PRICES
    }
    return sorted(set(found.values()))


def traces(stage: Stage) -> list[str]:
    """What would betray a bid in procurement: its bidder and its price."""
    return [*stage.story["codes"].values(), *prices()]


def prices() -> list[str]:
    """Every price that was bid, in yuan and in fen."""
    bid = [FIRST_PRICE, *PRICES.values()]
    return [*bid, *(price.replace(".", "") for price in bid)]


def readable(stage: Stage) -> list[str]:
    """Every GET of procurement that needs no id, and those of this tender."""
    contract = stage.http.get("/openapi.json").json()
    paths = [
        path.replace("{tender_id}", stage.story["tender"])
        for path, operations in contract["paths"].items()
        if path.startswith("/procurement/") and path != CLOCK and "get" in operations
    ]
    return [path for path in paths if "{" not in path]


async def dump(stage: Stage) -> list[tuple[str, str]]:
    """Every row of procurement's database, as a superuser sees it."""
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
            for row in await connection.fetch(f'SELECT t::text FROM "{table}" t')
        ]
    finally:
        await connection.close()


NAMES_NO_BID = ("signing_key", "journal", "receipt")
"""Where agencies stand for having registered a key, which every agency may and no bid follows from."""


def open_bids(stage: Stage) -> None:
    """The root is published; two of three custodians release; everything can be checked offline."""
    sealed = stage.story["bidders"]["hefeng"]
    seal(stage, sealed, "late", "88000.00")
    stage.move_to(DEADLINE)
    too_late(stage)
    path = f"/procurement/v1/tenders/{stage.story['tender']}"
    closed = stage.caller("purchaser").look(OPENING.format(stage.story["tender"]))
    closing = closed["closing"]
    stage.tell.answered(
        f"截止 closed {closing['closed_at']}，公布根 the root is published: {closing['root']}"
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
    """Sealed in time and committed as the clock passes the deadline: refused with its reading."""
    desk: Desk = stage.story["bidders"]["hefeng"]
    told = desk.run("submit", "late", "--trust", "receipt-key.json", refused=True)
    stage.tell.asked(stage.labels["hefeng"], "截止后递交 lodges too late", "bidkit submit")
    stage.must("28" in told, "招标投标法 28 is why it is refused")
    stage.tell.answered(told.splitlines()[-1].strip(), good=False)


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
    show_minutes(bundle, stage)
    trusted = bidding.read_trusted(stage.story["trust"])
    files = [path for path in sorted(bundle.rglob("*")) if path.is_file()]
    for path in files:
        stage.must(
            refuses_a_changed_byte(bundle, path, trusted), f"a byte of {path.name} is missed"
        )
    stage.tell.answered(
        f"{len(files)} 个文件各改一个字节，均被发现 a byte changed in each is found"
    )


def show_minutes(bundle: Path, stage: Stage) -> None:
    """开标记录: who opened what, when, under which root; signed, as everybody may read it."""
    minutes = json.loads((bundle / "minutes.json").read_text())
    stage.tell.fact(
        f"开标记录 minutes: {minutes['opened_at']}，{len(minutes['custodians'])} 个保管机构 custodians，"
        f"{len(minutes['bids'])} 份投标 bids，根 root {minutes['root'][:16]}…，"
        f"签名 signed {minutes['signature'][:16]}…"
    )
    for bid in minutes["bids"]:
        received = bid["receipt"]["received_at"]
        stage.tell.fact(
            f"{bid['name']}：{bid['outcome']}，{bid['price']} 元，收到 received {received}"
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
