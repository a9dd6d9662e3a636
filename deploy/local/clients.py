"""Who may call a new suite: the services as themselves, and in a sandbox one caller for each role."""

import asyncio
import json
import urllib.parse
import urllib.request
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from gateway.database import one_transaction
from gateway.tokens.actions import ensure_clients
from gateway.tokens.schemas import NewClient

ALWAYS = [
    NewClient("administrator", "系统管理员 administrator", ("administrator",)),
    NewClient("auditor", "审计员 auditor", ("auditor",)),
]

# Decisions of weight pass 经办 → 审核 → 审批 by different people, so some roles have three.
SANDBOX = [
    NewClient("registrar", "登记经办人 registrar", ("registrar",)),
    NewClient("registrar-review", "登记审核人 registrar who reviews", ("registrar",)),
    NewClient("registrar-approval", "登记审批人 registrar who approves", ("registrar",)),
    NewClient("supervisor", "监督管理员 supervisor", ("supervisor",)),
    NewClient("purchaser", "购买经办人 purchaser", ("purchaser",)),
    NewClient("purchaser-review", "购买审核人 purchaser who reviews", ("purchaser",)),
    NewClient("purchaser-approval", "购买审批人 purchaser who approves", ("purchaser",)),
    NewClient("procurement-agent", "采购代理机构 procurement agent", ("procurement_agent",)),
    *[NewClient(f"panellist-{n}", f"评审专家{n} panellist", ("panellist",)) for n in range(1, 8)],
    *[NewClient(f"custodian-{n}", f"密钥保管人{n} custodian", ("custodian",)) for n in range(1, 4)],
    NewClient("finance", "财政部门 finance", ("finance",)),
    *[NewClient(f"evaluator-{n}", f"评估专家{n} evaluator", ("evaluator",)) for n in range(1, 8)],
    NewClient("incubator-manager", "孵化基地管理员 incubator manager", ("incubator_manager",)),
    NewClient(
        "incubator-manager-review", "孵化基地复核人 incubator manager", ("incubator_manager",)
    ),
    NewClient("industry-body", "行业协会 industry body", ("industry_body",)),
    NewClient("street-officer", "街道社工专干 street officer", ("street_officer",)),
    NewClient("platform", "政务平台 municipal platform", ("platform",)),
    NewClient("chenguang", "晨光社会工作服务中心 agency A", ("agency",)),
    NewClient("tongxing", "同行社会工作服务中心 agency B", ("agency",)),
    NewClient("hefeng", "和风社会工作服务中心 agency C", ("agency",)),
    NewClient("yuanfan", "远帆社会工作服务中心 agency D", ("agency",)),
    NewClient("startup", "新苗（筹）start-up agency", ("agency",)),
    NewClient("startup-2", "长者陪伴（筹）another start-up", ("agency",)),
]


def service_client(service: str, secret: str) -> NewClient:
    return NewClient(service, f"{service} itself", ("service",), secret=secret)


def callers(*, sandbox: bool) -> list[NewClient]:
    """The people and systems that the suite begins with; their secrets are still to be drawn."""
    return ALWAYS + SANDBOX if sandbox else ALWAYS


def with_secret(client: NewClient, secret: str) -> NewClient:
    return replace(client, secret=secret)


def bring_in(database_url: str, wanted: list[NewClient], mark: Path | None) -> None:
    """Let them in. Hashing secrets is slow on purpose, so the same list is not worked off twice."""
    digest = sha256(repr(wanted).encode()).hexdigest()
    if mark is not None and mark.exists() and mark.read_text() == digest:
        return
    asyncio.run(_ensure(database_url, wanted))
    if mark is not None:
        mark.write_text(digest)


async def _ensure(database_url: str, wanted: list[NewClient]) -> None:
    async with one_transaction(database_url) as session:
        await ensure_clients(session, wanted, datetime.now(UTC))


def as_credentials(gateway: str, clients: list[NewClient]) -> dict[str, object]:
    """What a person finds in credentials.json."""
    return {
        "token_url": f"{gateway}/oauth/token",
        "clients": {
            one.client_id: {"secret": one.secret, "roles": list(one.roles), "name": one.name}
            for one in clients
        },
    }


def token_for(client_id: str, credentials: Path) -> str:
    """Ask the gateway for a token, as a caller would."""
    known = json.loads(credentials.read_text())
    if client_id not in known["clients"]:
        raise SystemExit(f"no client {client_id}; there are: {', '.join(known['clients'])}")
    pair = f"{client_id}:{known['clients'][client_id]['secret']}"
    request = urllib.request.Request(
        known["token_url"],
        data=urllib.parse.urlencode({"grant_type": "client_credentials"}).encode(),
        headers={"Authorization": f"Basic {b64encode(pair.encode()).decode()}"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(json.load(answer)["access_token"])
