"""Valid filings of invented founders; a test states only what matters to it."""

from typing import Any

from shared.identifiers import resident_check
from tests.support.credit_codes import make_credit_code
from tests.support.service import Caller, ServiceUnderTest

MATERIALS = (
    "application_letter",
    "seat_proof",
    "capital_verification",
    "head_identity",
    "charter_draft",
)


def code(serial: int = 1) -> str:
    """A well-formed credit code of this district."""
    return str(make_credit_code("52410108", serial))


def resident_id(serial: int) -> str:
    """A well-formed number of a person who does not exist (a division that was never given out)."""
    body = (
        f"410199{1970 + serial // 300}{1 + serial % 12:02d}{1 + serial % 28:02d}{serial % 1000:03d}"
    )
    return body + resident_check(body)


def certificate(number: str = "SW-2019-0001", **changed: Any) -> dict[str, Any]:
    return {
        "level": "social_worker",
        "number": number,
        "obtained_on": "2019-11-20",
        "registered_until": None,
        **changed,
    }


def degree(**changed: Any) -> dict[str, Any]:
    return {
        "level": "bachelor",
        "social_work": True,
        "number": "BSW-2012-0001",
        "school": "某大学",
        "obtained_on": "2012-06-30",
        **changed,
    }


def person(serial: int, **changed: Any) -> dict[str, Any]:
    return {"name": f"张某{serial}", "resident_id": resident_id(serial), **changed}


def people(*, full_time: int = 6, qualified: int = 2, first: int = 1) -> list[dict[str, Any]]:
    """Full-time staff of whom so many hold the certificate, a council of three and a supervisor."""
    staff = [
        person(
            first + n,
            employment="full_time",
            certificate=certificate(f"SW-{first + n:06d}") if n < qualified else None,
        )
        for n in range(full_time)
    ]
    bodies = [
        person(first + 100, body="council", head=True),
        person(first + 101, body="council"),
        person(first + 102, body="council"),
        person(first + 103, body="supervisors"),
    ]
    return [*staff, *bodies]


def filing(**changed: Any) -> dict[str, Any]:
    """A complete filing for direct registration."""
    return {
        "route": "direct",
        "category": "community_service",
        "legal_form": "legal_person",
        "name": {
            "division": "惠济区",
            "trade_name": "晨光",
            "field": "社会工作服务",
            "form": "中心",
        },
        "purpose": "助人自助，服务社区居民。",
        "scope": "面向惠济区城乡社区开展社会工作服务。",
        "methods": ["hardship_relief", "counselling", "resource_linkage"],
        "client_groups": ["older_people"],
        "seat": {
            "division": "410108001",
            "address": "惠济区新城街道某路1号",
            "tenure": "leased",
            "lease_until": "2030-12-31",
        },
        "assets": [
            {
                "source": "某捐赠人",
                "founder_kind": "donor_person",
                "amount": "100000.00",
                "of_the_state": False,
            }
        ],
        "people": people(),
        "materials": [
            {"kind": kind, "title": kind, "sha256": f"{n:064x}"} for n, kind in enumerate(MATERIALS)
        ],
        **changed,
    }


def named(trade_name: str) -> dict[str, str]:
    return {"division": "惠济区", "trade_name": trade_name, "field": "社会工作服务", "form": "中心"}


async def step(caller: Caller, path: str, json: Any = None, *, on: str) -> Any:
    """POST `path` with the version that the aggregate at `on` has now."""
    read = await caller.get(on)
    return await caller.change(path, read, **({} if json is None else {"json": json}))


async def submitted(registry: ServiceUnderTest, client_id: str = "founder", **changed: Any) -> str:
    """The path of an application that was submitted."""
    founder = registry.as_(["agency"], client_id=client_id)
    drafted = await founder.post("/applications", json=filing(**changed))
    assert drafted.status_code == 201, drafted.text
    path = f"/applications/{drafted.json()['id']}"
    answer = await founder.change(f"{path}/submission", drafted)
    assert answer.status_code == 200, answer.text
    return path


async def approved(registry: ServiceUnderTest, **changed: Any) -> str:
    """The path of an application that three people handled and approved."""
    path = await submitted(registry, **changed)
    await handled(registry, path)
    return path


async def handled(registry: ServiceUnderTest, path: str) -> None:
    """受理、审核、审批 of a submitted application, by three people."""
    for clerk, command, json in (
        ("clerk-1", "acceptance", None),
        ("clerk-2", "review", {"recommends": True, "opinion": "符合条件"}),
        ("clerk-3", "approval", {}),
    ):
        office = registry.as_(["registrar"], client_id=clerk)
        answer = await step(office, f"{path}/{command}", json, on=path)
        assert answer.status_code == 200, answer.text


async def registered(registry: ServiceUnderTest, serial: int = 1, **changed: Any) -> str:
    """The credit code of an agency that went the whole way onto the register."""
    path = await approved(registry, **changed)
    office = registry.as_(["registrar"], client_id="clerk-1")
    details = {"credit_code": code(serial), "certificate_number": f"证字第{serial:06d}号"}
    answer = await step(office, f"{path}/certificate", details, on=path)
    assert answer.status_code == 200, answer.text
    return code(serial)


def agency(registry: ServiceUnderTest, credit_code: str) -> Caller:
    """The agency's own client."""
    return registry.as_(["agency"], org=credit_code)
