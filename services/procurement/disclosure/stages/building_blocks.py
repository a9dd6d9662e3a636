"""The building blocks that releases of several stages share, and the things they are about."""

from services.procurement.disclosure.process import Process, State
from services.procurement.disclosure.values import Json, Publisher, present
from shared.codelists import PolicyCode, PurchasableMatter, ServiceMethod


def the_project(process: Process) -> State:
    return _there(process, "project")


def the_tender(process: Process) -> State:
    return _there(process, "tender")


def the_award(process: Process) -> State:
    return _there(process, "award")


def the_contract(process: Process) -> State:
    """The contract that the newest event is about."""
    newest = process.newest
    if newest.subject == "contract":
        return newest.after
    contract = process.thing("contract", newest.after["contract_id"])
    if contract is None:
        raise LookupError(f"{newest.kind} of {process.ocid} was told before its contract")
    return contract


def _there(process: Process, subject: str) -> State:
    state = process.state_of(subject)
    if state is None:
        raise LookupError(f"{process.newest.kind} of {process.ocid} was told before its {subject}")
    return state


def tender_now(process: Process, status: str) -> Json:
    return {"id": the_tender(process)["id"], "status": status}


def award_id(award: str, credit_code: str) -> str:
    """Each decision is an award of its own: after a refusal the next candidate gets a new one."""
    return f"{award}-{credit_code}"


def the_item(process: Process) -> Json:
    project = the_project(process)
    posts = {"quantity": project["posts"], "unit": {"name": "岗位"}} if project["posts"] else {}
    divisions = sorted({need["division"] for need in process.needs})
    where = {
        "description": "、".join(divisions),
        "gazetteer": {"scheme": "CN-GBT-10114", "identifiers": divisions},
    }
    return present(
        id="1",
        description=project["title"],
        classification=_classified(PurchasableMatter(project["matter"])),
        additionalClassifications=[
            _classified(ServiceMethod(method)) for method in project["service_methods"]
        ],
        deliveryLocation=where if divisions else None,
        **posts,
    )


def _classified(code: PolicyCode) -> Json:
    clause = code.clause
    scheme = f"{clause.source} {clause.number}"
    return {"scheme": scheme, "id": code.value, "description": code.name_zh}


def document(publisher: Publisher, kind: str, title: str, where: str, thing: str) -> Json:
    return {
        "id": f"{kind}-{thing}",
        "documentType": kind,
        "title": title,
        "url": f"{publisher.base}/procurement/v1/{where}/{thing}",
        "format": "application/json",
        "language": "zh",
    }
