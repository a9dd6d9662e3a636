"""Which roles there are, and which of them one client may not hold together."""

import re
from collections.abc import Iterable
from enum import StrEnum

from shared.errors import FieldError, InvalidInput
from shared.identifiers import CreditCode, NotWellFormed


class Role(StrEnum):
    REGISTRAR = "registrar"
    SUPERVISOR = "supervisor"
    PURCHASER = "purchaser"
    PROCUREMENT_AGENT = "procurement_agent"
    PANELLIST = "panellist"
    CUSTODIAN = "custodian"
    FINANCE = "finance"
    EVALUATOR = "evaluator"
    INCUBATOR_MANAGER = "incubator_manager"
    INDUSTRY_BODY = "industry_body"
    STREET_OFFICER = "street_officer"
    AUDITOR = "auditor"
    AGENCY = "agency"
    PLATFORM = "platform"
    ADMINISTRATOR = "administrator"
    SERVICE = "service"


R = Role

ALONE = {
    R.ADMINISTRATOR: "an administrator looks after clients and keys and has no business data",
    R.AUDITOR: "an auditor reads all and changes nothing",
    R.SERVICE: "a service acts as itself",
    R.AGENCY: "an agency acts for itself and decides about nobody",
}
APART = {
    frozenset({R.CUSTODIAN, R.PANELLIST}): "who keeps the keys does not score the bids",
    frozenset({R.REGISTRAR, R.PURCHASER}): "who registers an agency does not award to it",
    frozenset({R.SUPERVISOR, R.PURCHASER}): "who inspects an agency does not award to it",
    frozenset({R.REGISTRAR, R.PANELLIST}): "who registers an agency does not score its bid",
    frozenset({R.SUPERVISOR, R.PANELLIST}): "who inspects an agency does not score its bid",
}
"""Held by one client, each pair would let one hand do what takes two."""

CLIENT_ID = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")


def checked_client(
    client_id: str, roles: Iterable[str], org: str | None
) -> tuple[list[str], str | None]:
    """The roles in order and the credit code in its stored form, or everything that is wrong."""
    held = sorted(set(roles))
    faults = [
        FieldError("/roles", fault, "give the role to another client") for fault in clashes(held)
    ]
    faults += [
        FieldError("/roles", "a role of the list", "see `python -m gateway clients roles`")
        for role in held
        if role not in set(Role)
    ]
    if not held:
        faults.append(FieldError("/roles", "at least one role", "name one"))
    if not CLIENT_ID.fullmatch(client_id):
        faults.append(
            FieldError(
                "/client_id", "2 to 64 of a-z, 0-9, dot, dash, underscore", "choose another name"
            )
        )
    try:
        code = None if org is None else str(CreditCode.parse(org))
    except NotWellFormed as fault:
        code = None
        faults.append(FieldError("/org", fault.rule, "give the unified social credit code"))
    if faults:
        raise InvalidInput(faults)
    return held, code


def clashes(roles: Iterable[str]) -> list[str]:
    """Why these roles may not be one client's; nothing when they may."""
    held = set(roles)
    found = [why for role, why in ALONE.items() if role in held and len(held) > 1]
    return found + [why for pair, why in APART.items() if pair <= held]
