"""Who takes part in a process: the buyer, and every organisation that a release names."""

from collections.abc import Sequence
from typing import Any

from services.procurement.disclosure.process import Process, State
from services.procurement.disclosure.stages.building_blocks import the_project
from services.procurement.disclosure.values import Json, Publisher, organisation, party_id


def parties(process: Process, publisher: Publisher, sections: Json) -> Sequence[Json]:
    """The buyer and every organisation the release names, each with all its roles so far."""
    buyer = the_buyer(process, publisher)
    named = {each["id"]: each for each in _references(sections) if each["id"] != buyer["id"]}
    return [
        buyer,
        *(
            organisation(
                code := named_id.partition("-USCC-")[2], each["name"], _roles(process, code)
            )
            for named_id, each in named.items()
        ),
    ]


def the_buyer(process: Process, publisher: Publisher) -> Json:
    """The purchasing office: the bureau itself unless another organisation planned the project."""
    code = the_project(process)["owner_org"]
    if code is None or code == publisher.credit_code:
        code = publisher.credit_code
        name = publisher.name
    else:
        name = code
    roles = ["buyer", "procuringEntity", "payer"]
    if code is None:
        return {"id": "buyer", "name": name, "roles": roles}
    return organisation(code, name, roles)


def supplier(process: Process, credit_code: str) -> Json:
    return {"id": party_id(credit_code), "name": name_of(process, credit_code)}


def who(bid: State) -> Json:
    return {"id": party_id(bid["credit_code"]), "name": bid["name"]}


def name_of(process: Process, credit_code: str) -> str:
    named = (b["name"] for b in process.rows("opened_bid") if b["credit_code"] == credit_code)
    return next(named, credit_code)


def _roles(process: Process, credit_code: str) -> list[str]:
    roles = []
    if any(bid["credit_code"] == credit_code for bid in process.rows("opened_bid")):
        roles.append("tenderer")
    if any(
        told.after.get("credit_code") == credit_code
        for told in process.told
        if told.kind == "award.announced"
    ):
        roles.append("supplier")
    contract = process.state_of("contract")
    if contract is not None and contract["credit_code"] == credit_code:
        roles.append("payee")
    return roles


def _references(value: Any) -> Sequence[Json]:
    """Every organisation that is referred to anywhere in the sections."""
    if isinstance(value, dict):
        found = [] if not _is_reference(value) else [value]
        return found + [each for item in value.values() for each in _references(item)]
    if isinstance(value, list):
        return [each for item in value for each in _references(item)]
    return []


def _is_reference(value: Json) -> bool:
    return set(value) == {"id", "name"} and str(value["id"]).startswith(party_id(""))
